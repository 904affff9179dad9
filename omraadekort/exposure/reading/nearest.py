"""Which figure a number on a page belongs to: that of the area, the indicator and the period that stand nearest to it.

Nearest is what a link beside it leads to, then its own cell, its column, its row, the caption, the headings, and the address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Final

from geo.editions.seen import NUMBERS, Cell, Seen
from omraadekort.exposure.reading.names import Names, linked
from omraadekort.exposure.reading.numbers import fitting, written
from omraadekort.exposure.reading.tree import Element
from webmap.edition.rows import CITY_ID, CITY_SET

SECTIONS: Final = ("section", "li", "article", "aside", "figure", "main")
"""Elements that hold a figure with what is said of it."""
_HEADINGS: Final = ("h1", "h2", "h3", "caption", "figcaption")


@dataclass(frozen=True)
class Context:
    """What an address and its page are about: for each part of a key what it can be, and the order that a table was asked for in."""

    where: str
    names: Names
    indicators: Sequence[str] = ()
    area_sets: Sequence[str] = ()
    areas: Sequence[tuple[str, str]] = ()
    periods: Sequence[str] = ()
    sorter: str = ""

    def cells(self, indicators: Sequence[str], areas: Sequence[tuple[str, str]], periods: Sequence[str]) -> list[Cell]:
        """The figures that the parts can name together, those of the edition alone."""
        keys = ((each, *area, code) for each, area, code in product(indicators, areas, periods))
        return [cell for cell in dict.fromkeys(keys) if cell in self.names.city.rows]


@dataclass(frozen=True)
class Scope:
    """The parts of a key that stand in one place of a page, each with what it can be; nothing where it does not say."""

    indicators: Sequence[str] = ()
    areas: Sequence[tuple[str, str]] = ()
    periods: Sequence[str] = ()


@dataclass(frozen=True)
class ReadPage:
    """One page being read."""

    top: Element
    context: Context
    kept: dict[int, Scope] = field(default_factory=dict)

    @property
    def names(self) -> Names:
        """What things are called in its language."""
        return self.context.names

    @cached_property
    def chosen(self) -> Mapping[str, str]:
        """What its lists of choices stand at, by their names."""
        chosen: dict[str, str] = {}
        for control in self.top.named("select"):
            options = [option for option in control.named("option") if "selected" in option.attributes]
            if options and control.get("name"):
                chosen[control.get("name")] = options[0].get("value")
        return chosen

    @cached_property
    def own(self) -> Scope:
        """What the whole page is about: by its address, and where that leaves it open by its lists of choices."""
        asked, chosen = self.context, self.chosen
        indicators = asked.indicators or [chosen[name] for name in ("indikator", "a", "b", "oplevet") if name in chosen]
        periods = self.drawn[1] or asked.periods or [chosen[name] for name in ("periode", "pa", "pb") if name in chosen]
        return Scope(list(indicators), list(asked.areas), list(periods))

    @cached_property
    def area_sets(self) -> Sequence[str]:
        """The area sets that its areas can be of; none where it does not say."""
        return self.drawn[0] or list(self.context.area_sets) or [self.chosen[name] for name in ("inddeling",) if name in self.chosen]

    @cached_property
    def drawn(self) -> tuple[list[str], list[str]]:
        """Area set and period of its large map, as its script is told them; nothing where it has none."""
        maps = [element for element in self.top.elements() if element.get("data-set") and "data-period" in element.attributes]
        return [each.get("data-set") for each in maps[:1]], [each.get("data-period") for each in maps[:1] if each.get("data-period")]

    def scope(self, text: str) -> Scope:
        """What a text names."""
        return Scope(self.names.indicators_in(text), self.in_sets(self.names.areas_called(text)), self.names.periods_in(text))

    def in_sets(self, areas: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Areas of the sets that the page is about, and the city; all of them where it does not say."""
        fitting_areas = [area for area in areas if area[0] in self.area_sets or area == (CITY_SET, CITY_ID)]
        return fitting_areas if self.area_sets and fitting_areas else list(areas)

    def heading(self, element: Element) -> Iterator[Scope]:
        """What stands over an element: the captions and headings of what it is in, the nearest first."""
        for around in element.around():
            if id(around) not in self.kept:
                heads = [part for part in around.parts if isinstance(part, Element) and part.name in _HEADINGS]
                spoken = " ".join(head.text(("svg",)) for head in heads)
                self.kept[id(around)] = self.scope(spoken) if spoken else Scope()
            yield self.kept[id(around)]

    def resolve(self, scopes: Sequence[Scope]) -> list[Cell]:
        """The figures that the nearest mention of each part names."""
        nearest = [next((part for scope in scopes if (part := getattr(scope, name))), ()) for name in ("indicators", "areas", "periods")]
        return self.context.cells(*nearest)


def links_in(element: Element) -> tuple[list[Cell], list[tuple[str, str]]]:
    """Figures and areas that the links in an element lead to, each once."""
    both = [linked(link.get("href")) for link in element.named("a")]
    return list(dict.fromkeys(cell for cell, _ in both if cell)), list(dict.fromkeys(area for _, area in both if area))


def numbers_in(page: ReadPage, about: Sequence[Cell], text: str, *, exact: bool) -> Iterator[Seen]:
    """Numbers in a text about these figures. exact: whether each must be one of a figure's own, as in a column of values.

    A number that none of the shown figures has is a hidden one's where one of them is hidden.
    """
    if not about:
        return
    city, where = page.names.city, page.context.where
    closed = [cell for cell in about if cell in city.closed]
    for ends in written(page.names.without_names(text), page.names.language):
        owner = next(((cell, name) for cell in about if (name := fitting(ends, city.rows[cell], NUMBERS))), None)
        if owner is not None:
            yield Seen(where, owner[0], bounds={owner[1]: ends})
        elif closed or (exact and len(about) == 1):
            yield Seen(where, (closed or list(about))[0], bounds={"value": ends})
