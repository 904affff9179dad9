"""What a page calls the things of an edition, in one language: areas, indicators, periods; and which figure a name points to."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from geo.editions.edition import Edition
from geo.editions.seen import Cell, by_cell
from geo.figures import means
from geo.model.vocabulary import Status
from webmap.edition import classes
from webmap.edition.compared import differences
from webmap.edition.rows import CITY_ID, CITY_SET
from webmap.language import wording
from webmap.maps import against
from webmap.maps.scripts import inert

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class City:
    """An edition's figures, as one audience reads them, by their keys."""

    edition: Edition

    @cached_property
    def rows(self) -> Mapping[Cell, Numbers]:
        """The numbers of every figure."""
        return by_cell(self.edition.observations)

    @cached_property
    def closed(self) -> frozenset[Cell]:
        """Keys of the figures that are there and may not be shown."""
        table = self.edition.observations
        rows = table[table["status"].isin([Status.SUPPRESSED.value, Status.UNCERTAIN.value])]
        return frozenset(zip(*(rows[name] for name in ("indicator", "area_set", "area_id", "period")), strict=True))

    @cached_property
    def on_map(self) -> Mapping[tuple[str, str, str], Sequence[Cell]]:
        """Keys of the figures of one map: indicator, area set, period."""
        maps: dict[tuple[str, str, str], list[Cell]] = {}
        for cell in self.rows:
            maps.setdefault((cell[0], cell[1], cell[3]), []).append(cell)
        return maps

    @cached_property
    def over_time(self) -> Mapping[tuple[str, str, str], Sequence[Cell]]:
        """Keys of the figures of one area that a line is drawn through, which no mean is: indicator, area set, area id."""
        series: dict[tuple[str, str, str], list[Cell]] = {}
        for cell in by_cell(means.without(self.edition.observations, self.edition.catalogue.indicators)):
            series.setdefault(cell[:3], []).append(cell)
        return series

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str], str]:
        """Area ids by area set and the key that joins a row to its shape."""
        return {(layer.id, inert(area.area_id)): area.area_id for layer in self.edition.layers.values() for area in layer.areas}

    @cached_property
    def area_names(self) -> Mapping[tuple[str, str], str]:
        """Names by area set and area id."""
        return {(layer.id, area.area_id): area.name for layer in self.edition.layers.values() for area in layer.areas}

    def class_ends(self, indicator: str, area_set: str, look: str) -> tuple[float, float] | None:
        """The least and the most that a class of the map leaves, by its look; None for a look that is no class."""
        breaks = classes.breaks_of(self.edition, indicator, area_set) if area_set in self.edition.layers else None
        ranges = {part.look: (part.low, part.high) for part in classes.ranges(breaks, {})}
        return ranges.get(look)

    def side_ends(self, cell: Cell, look: str) -> tuple[float, float] | None:
        """The least and the most that a look of what can be told leaves: a side of what the map's areas are held against."""
        if look not in against.TOLD:
            return None
        yardstick = against.standing(self.edition, cell[0], cell[1], cell[3]).yardstick if cell[1] in self.edition.layers else None
        way = against.side(differences.measured(self.edition, cell[0]), look) if yardstick else ""
        if yardstick is None or way not in (differences.LESS, differences.MORE):
            return -math.inf, math.inf
        return (-math.inf, yardstick.value) if way == differences.LESS else (yardstick.value, math.inf)


@dataclass(frozen=True)
class Names:
    """The names of a city in one language."""

    city: City
    language: str

    @cached_property
    def periods(self) -> Mapping[str, Sequence[str]]:
        """Codes by what a period is called; a code is a name of itself. A mean has its own words: its year alone is no name of it."""
        table = self.city.edition.observations
        own = {str(code) for code in means.without(table, self.city.edition.catalogue.indicators)["period"].unique()}
        named: dict[str, list[str]] = {}
        for code in sorted(map(str, table["period"].unique())):
            called = {wording.period(code, "da"), wording.period(code, "en"), code} if code in own else set()
            called |= {wording.mean(code, "da"), wording.mean(code, "en")} if means.parts_of(code) else set()
            for words in called:
                named.setdefault(words.casefold(), []).append(code)
        return named

    @cached_property
    def city_periods(self) -> Sequence[str]:
        """Codes of all periods."""
        return sorted({code for codes in self.periods.values() for code in codes})

    @cached_property
    def indicators(self) -> Mapping[str, Sequence[str]]:
        """Ids by the name of an indicator."""
        named: dict[str, list[str]] = {}
        for each in self.city.edition.catalogue.indicators:
            named.setdefault(each.name.in_(self.language).casefold(), []).append(each.id)
        return named

    @cached_property
    def areas(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Area set and area id by the name of an area."""
        named: dict[str, list[tuple[str, str]]] = {}
        for layer in self.city.edition.layers.values():
            for area in layer.areas if layer.role == "areas" else ():
                named.setdefault(" ".join(area.name.split()).casefold(), []).append((layer.id, area.area_id))
        for words in ("byen som helhed", "the city as a whole", "hele byen", "the whole city", "byen", "the city"):
            named.setdefault(words, []).append((CITY_SET, CITY_ID))
        return named

    @cached_property
    def _period_words(self) -> re.Pattern[str]:
        return _any_of(self.periods)

    @cached_property
    def _indicator_words(self) -> re.Pattern[str]:
        return _any_of(self.indicators)

    @cached_property
    def _not_numbers(self) -> re.Pattern[str]:
        """Names and units that hold digits."""
        catalogue = self.city.edition.catalogue
        units = {each.unit.in_(self.language) for each in catalogue.indicators}
        populations = {each.population.in_(self.language) for each in catalogue.indicators}
        texts = {*units, *populations, *self.areas, *self.indicators, *self.periods}
        return _any_of([text for text in texts if any(sign.isdigit() for sign in text)])

    def periods_in(self, text: str) -> list[str]:
        """Codes of the periods that a text names."""
        return _values(self._period_words, self.periods, text)

    def indicators_in(self, text: str) -> list[str]:
        """Ids of the indicators that a text names."""
        return _values(self._indicator_words, self.indicators, text)

    def areas_called(self, text: str) -> list[tuple[str, str]]:
        """Areas that have exactly this name."""
        return list(self.areas.get(" ".join(text.split()).casefold(), ()))

    def without_names(self, text: str) -> str:
        """A text without the names and units in it, so that a digit in one is not taken for a figure."""
        return self._not_numbers.sub(" ", text) if any(sign.isdigit() for sign in text) else text


def linked(address: str) -> tuple[Cell | None, tuple[str, str] | None]:
    """The figure whose origin a link leads to, and the area whose page it leads to."""
    parts = [unquote(part) for part in urlsplit(address).path.split("/") if part]
    parts = parts[1:] if parts[:1] == ["en"] else parts
    if parts[:1] == ["kilde"] and len(parts) == 6:
        return (parts[2], parts[3], parts[4], parts[5]), None
    if parts[:1] == ["omraade"] and len(parts) >= 3:
        return None, (parts[1], parts[2])
    return None, None


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest = sorted({word for word in words if word}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)", re.IGNORECASE) if longest else re.compile(r"(?!)")


def _values(pattern: re.Pattern[str], named: Mapping[str, Sequence[str]], text: str) -> list[str]:
    return list(dict.fromkeys(value for match in pattern.findall(text) for value in named[match.casefold()]))
