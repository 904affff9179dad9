"""What a page says, read as a person reads it: a number belongs to the area, the indicator and the period that stand nearest to it.

Nearest is what a link beside it leads to, then its own cell, its column, its row, the caption, the headings, and the address. Nothing
here knows a page: a table that somebody adds is read like the others, and a column that is not to be read is named in `_UNREAD`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Final

from geo.seen import NUMBERS, Cell, Seen
from webmap.exposure import charts
from webmap.exposure.names import Names, linked
from webmap.exposure.numbers import fitting, written
from webmap.exposure.orders import FEWEST, told_by_order
from webmap.exposure.payloads import counts, decoded, in_json, look, sentence
from webmap.exposure.tree import Element, parse
from webmap.mapstate import CITY_ID, CITY_KEY, CITY_SET

_UNREAD: Final = frozenset(
    {"periode", "period", "område", "area", "kilde", "source", "definition, når den skifter", "definition, when it changes"}
)
"""Headings whose digits are those of a date, of a code, or of a place in a source."""
_REMARKS: Final = frozenset({"lille", "laan", "go", "over", "hent", "sporlinks", "tagline", "hop", "vh", "tag"})
"""Classes of remarks beside a figure, whose digits are those of a date, a source, or another area."""
_CITY_WORDS: Final = ("byen som helhed", "the city as a whole")
_SECTIONS: Final = ("section", "li", "article", "aside", "figure", "main")
_APART: Final = ("h1", "h2", "h3", "svg", "table", "section", "dl", "form", "div", "ul", "details")
"""What is read by itself, or leads to other figures."""
_HEADINGS: Final = ("h1", "h2", "h3", "caption", "figcaption")
_DATA: Final = re.compile(
    r"data-(?!key|name|navn|look|point|box|omraade|label|vis|period|set|cell|swap|text|address|layer|values|hele|raekke)"
)


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
        keys = ((one, *area, code) for one, area, code in product(indicators, areas, periods))
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
        return [one.get("data-set") for one in maps[:1]], [one.get("data-period") for one in maps[:1] if one.get("data-period")]

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


def read(text: str, context: Context) -> Iterator[Seen]:
    """Every figure that a page tells, with what each place leaves it open to be."""
    page = ReadPage(parse(text), context)
    for table in page.top.named("table"):
        yield from _table(page, table)
    yield from _cards(page)
    yield from _drawings(page)
    yield from _spoken(page)
    for script in page.top.named("script"):
        if "json" in script.get("type"):
            yield from in_json(context.where, decoded(script.text(()).encode()), page.names.city)


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(page: ReadPage, table: Element) -> Iterator[Seen]:
    rows = list(table.named("tr"))
    heads = [_cells_of(row) for row in rows if not any(cell.name == "td" for cell in _cells_of(row))]
    columns = [head.text() for head in heads[0]] if heads else []
    over = list(page.heading(table))
    caption = next((one.text() for one in table.named("caption")), "")
    above = [page.scope(caption), *over, page.own]
    ordered: list[Cell] = []
    for row in rows:
        cells = _cells_of(row)
        if any(cell.name == "td" for cell in cells):
            beside = _beside(page, row, cells)
            ordered += _row_keys(page, row, [beside, *above])[:1]
            yield from _row(page, row, cells, columns, [beside, *above])
    sorter = page.context.sorter.removeprefix("-")
    if sorter not in ("navn", "status"):
        yield from told_by_order(page.context.where, ordered, page.names.city, fewest=2 if sorter else FEWEST)


def _cells_of(row: Element) -> list[Element]:
    return [part for part in row.parts if isinstance(part, Element) and part.name in ("th", "td")]


def _links(element: Element) -> tuple[list[Cell], list[tuple[str, str]]]:
    """Figures and areas that the links in an element lead to, each once."""
    both = [linked(link.get("href")) for link in element.named("a")]
    return list(dict.fromkeys(cell for cell, _ in both if cell)), list(dict.fromkeys(area for _, area in both if area))


def _beside(page: ReadPage, row: Element, cells: Sequence[Element]) -> Scope:
    """What a row is about: by its heading, by where that leads, by the code that it carries."""
    head = next((cell for cell in cells if cell.name == "th"), None)
    areas: list[tuple[str, str]] = []
    code = row.get("data-omraade") or (row.get("data-key") if row.get("data-key") != CITY_KEY else "")
    for area_set in page.area_sets if code else ():
        areas.append((area_set, page.names.city.by_key.get((area_set, code), code)))
    if row.get("data-key") == CITY_KEY:
        areas = [(CITY_SET, CITY_ID)]
    if head is None:
        return Scope(areas=areas)
    text = head.text()
    own = page.scope(text)
    leads = [*_links(head)[1], *((page.area_sets[0], _last(a.get("href"))) for a in head.named("a") if "/distrikt/" in a.get("href"))][:1]
    parts = [part if isinstance(part, str) else part.text() for part in head.parts]
    called = page.in_sets([area for part in parts for area in page.names.areas_called(part)])
    return Scope(own.indicators, areas or leads or called or own.areas, own.periods)


def _last(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


def _row_keys(page: ReadPage, row: Element, scopes: Sequence[Scope]) -> list[Cell]:
    keys, _ = _links(row)
    return keys or page.resolve(scopes)


def _row(page: ReadPage, row: Element, cells: Sequence[Element], columns: Sequence[str], scopes: Sequence[Scope]) -> Iterator[Seen]:
    where = page.context.where
    keys, _ = _links(row)
    colour = row.get("data-look")
    for number, cell in enumerate(cells):
        if cell.name != "td":
            continue
        heading = cell.get("data-label") or (columns[number] if number < len(columns) else "")
        if heading.casefold() in _UNREAD:
            continue
        whole_city = heading.casefold() in _CITY_WORDS
        small = page.scope(" ".join(one.text() for one in cell.named("small")))
        column = Scope(page.scope(heading).indicators, (), page.names.periods_in(heading))
        own = Scope(areas=[(CITY_SET, CITY_ID)]) if whole_city else Scope(periods=small.periods)
        about = keys if keys and not whole_city else page.resolve([own, column, *_with_period(page, cells, columns), *scopes])
        yield from _numbers(page, about, cell.text(), exact=cell.get("data-cell") in ("value", "interval", "n"))
        yield from _attributes(page, about, cell)
    row_keys = keys or page.resolve(scopes)
    if len(row_keys) == 1:
        yield from look(where, row_keys[0], colour, page.names.city)
        yield from _attributes(page, row_keys, row)


def _with_period(page: ReadPage, cells: Sequence[Element], columns: Sequence[str]) -> Iterator[Scope]:
    """The period that stands in a column of its own."""
    for cell, heading in zip(cells, columns, strict=False):
        if heading.casefold() in ("periode", "period"):
            yield Scope(periods=page.names.periods_in(cell.text()))


def _attributes(page: ReadPage, about: Sequence[Cell], element: Element) -> Iterator[Seen]:
    """Numbers in an element's data that are not known to be something else."""
    for name, text in element.attributes.items():
        if _DATA.match(name) or name in ("title", "value", "aria-valuenow"):
            yield from _numbers(page, about, text, exact=False)


def _numbers(page: ReadPage, about: Sequence[Cell], text: str, *, exact: bool) -> Iterator[Seen]:
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


# --- cards ------------------------------------------------------------------------------------------------------------


def _cards(page: ReadPage) -> Iterator[Seen]:
    """Figures that stand large by themselves, or in words why they do not, each with what is beside it."""
    met: set[int] = set()
    for element in page.top.elements():
        if not {"big", "uden"} & {*element.classes} or any(around.name in ("table", "form") for around in element.around()):
            continue
        card = next((around for around in element.around() if around.name in _SECTIONS), element)
        if id(card) in met:
            continue
        met.add(id(card))
        about = _card_keys(page, card, element)
        for part in card.parts:
            if isinstance(part, Element) and not _REMARKS & {*part.classes} and part.name not in _APART:
                yield from _numbers(page, about, part.text(), exact="big" in part.classes)
                yield from _attributes(page, about, part)
        for part in card.named("p"):
            if "lille" in part.classes and part.text().casefold().startswith(_CITY_WORDS):
                yield from _numbers(page, _whole(page, about), part.text(), exact=False)
        yield from _pairs_of_words(page, card, about)


def _whole(page: ReadPage, about: Sequence[Cell]) -> list[Cell]:
    """The whole city's figures that stand beside these."""
    return page.context.cells([cell[0] for cell in about], [(CITY_SET, CITY_ID)], [cell[3] for cell in about])


def _pairs_of_words(page: ReadPage, card: Element, about: Sequence[Cell]) -> Iterator[Seen]:
    """What a card says in a list of names and words: of its figure, or of the whole city; parts that tell of sources are left out."""
    for listed in card.named("dl"):
        parts = [part for part in listed.parts if isinstance(part, Element)]
        section = next((around for around in listed.around() if around.name == "section"), None)
        if section is not None and section is not card and section.get("aria-labelledby") != "spor-tal":
            continue
        heading = ""
        for part in parts:
            heading = part.text() if part.name == "dt" else heading
            if part.name == "dd" and heading.casefold() not in _UNREAD:
                city = heading.casefold() in _CITY_WORDS
                yield from _numbers(page, _whole(page, about) if city else about, part.text(), exact=False)


def _card_keys(page: ReadPage, card: Element, element: Element) -> list[Cell]:
    keys, _ = _links(card)
    if len(keys) == 1:
        return [cell for cell in keys if cell in page.names.city.rows]
    small = page.scope(" ".join(one.text() for one in card.named("small", "p") if one.name == "small" or "lille" in one.classes))
    return page.resolve([Scope(periods=small.periods[:1]), *page.heading(element), page.own])


# --- drawings ---------------------------------------------------------------------------------------------------------


def _drawings(page: ReadPage) -> Iterator[Seen]:
    where, city = page.context.where, page.names.city
    for drawing in page.top.named("svg"):
        kinds = {*drawing.classes}
        if "mini" in kinds:
            yield from _small_map(page, drawing)
        if "spark" not in kinds or kinds & {"vej", "soejler"}:
            continue
        scopes = [page.scope(next((one.text(()) for one in drawing.named("title")), "")), *_of_card(page, drawing), *page.heading(drawing)]
        keys = page.resolve([*scopes, page.own, Scope(periods=list(page.names.city_periods))])
        if "fordeling" in kinds:
            for of_map in dict.fromkeys((cell[0], cell[1], cell[3]) for cell in _on_maps(page, [*scopes, page.own])):
                yield from charts.spread(where, drawing, of_map, city)
        else:
            for series in dict.fromkeys(cell[:3] for cell in keys):
                yield from charts.trend(where, drawing, series, city)


def _of_card(page: ReadPage, drawing: Element) -> Iterator[Scope]:
    """What the links of the card that a drawing is in lead to, and what its headings call an area by."""
    card = next((around for around in drawing.around() if around.name in _SECTIONS), None)
    if card is None:
        return
    keys, _ = _links(card)
    if len(keys) == 1:
        yield Scope([keys[0][0]], [keys[0][1:3]], ())
    for head in card.named("h2", "h3"):
        words = head.text()
        yield Scope(page.names.indicators_in(words), page.in_sets(page.names.areas_called(words.partition(":")[0])), ())


def _on_maps(page: ReadPage, scopes: Sequence[Scope]) -> list[Cell]:
    """The figures of the maps that a drawing of all areas can be of."""
    areas = [area for area in page.names.city.area_names if area[0] in page.area_sets]
    return page.resolve([Scope(one.indicators, (), one.periods) for one in scopes] + [Scope(areas=areas)])


def _small_map(page: ReadPage, drawing: Element) -> Iterator[Seen]:
    """Colours of a small map that has a legend, and what it says of itself: one without words shows where, not how much."""
    where, label = page.context.where, drawing.get("aria-label")
    still = any("kort-stille" in around.classes for around in drawing.around())
    if not (label or still):
        return
    scopes = [page.own] if still else [page.scope(label), *page.heading(drawing), page.own]
    maps = list(dict.fromkeys((cell[0], cell[1], cell[3]) for cell in _on_maps(page, scopes)))
    if len(maps) == 1:
        yield from charts.colours(where, drawing, maps[0], page.names.city)
        yield from sentence(where, label, maps[0], page.names)
    for area in drawing.named("g"):
        code = area.get("data-omraade")
        places = [(area_set, code) for area_set in page.area_sets]
        about = page.context.cells(page.own.indicators, places, page.own.periods) if code else []
        yield from _numbers(page, about, area.get("aria-label"), exact=False)


# --- what is said of a whole map --------------------------------------------------------------------------------------


def _spoken(page: ReadPage) -> Iterator[Seen]:
    maps = list(dict.fromkeys((cell[0], cell[1], cell[3]) for cell in _on_maps(page, [page.own])))
    if len(maps) != 1:
        return
    for element in page.top.elements():
        if element.get("data-text") == "sentence":
            yield from sentence(page.context.where, element.text(), maps[0], page.names)
    yield from counts(page.context.where, {"counts": _legend(page)}, maps[0], page.names.city)


def _legend(page: ReadPage) -> dict[str, str]:
    """The counts of a map's legend, by look."""
    lines = [line for ramp in page.top.named("ul") if "ramp" in ramp.classes for line in ramp.named("li")]
    legend: dict[str, str] = {}
    for line in lines:
        looks = [word for swatch in line.named("rect") for word in swatch.classes if word != "omraade"]
        said = [small.text() for small in line.named("small")]
        if looks and said:
            legend[looks[0]] = said[-1]
    return legend


def words(text: str) -> str:
    """All words of a page."""
    return parse(text).text(("script", "style"))
