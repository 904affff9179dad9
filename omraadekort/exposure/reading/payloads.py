"""What files for programs say, record by record: JSON however deep, and every format of `FORMATS`; and the values that a map takes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from geo.editions.seen import KEY, NUMBERS, Cell, Finding, Seen
from geo.model.results import OBSERVATION_COLUMNS
from omraadekort.exposure.reading.names import City, Names
from omraadekort.exposure.reading.numbers import fitting, written
from omraadekort.exposure.reading.orders import told_by_order
from webmap.changes.api.records import BEFORE
from webmap.edition.rows import CITY_ID, CITY_SET
from webmap.figures import modelled, records
from webmap.figures.formats.table import Format
from webmap.maps.against import TOLD
from webmap.maps.state import CITY_KEY

_CLASSES: Final[Mapping[str, str]] = {"class": "value", "class_low": "low", "class_high": "high"}
"""Numbers of classes, and what each is the class of."""
_COMPARED: Final = frozenset({"part", "change", "goal", "target", "id", "fields", "came", "went"})
"""Words of a comparison of two editions."""
_WORDS: Final = (
    frozenset({*records.COLUMNS, *modelled.COLUMNS, *OBSERVATION_COLUMNS, *_COMPARED, "page", "edition"}) - {*NUMBERS, *_CLASSES}
) - {"modelled"}
"""Fields that are no numbers of a figure, whatever digits are in them."""
_ROWS: Final = "modelled"
_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "value": ("value",),
    "interval": ("low", "high"),
    "n": ("n", "denominator"),
    "doubt": ("value",),
    "status": ("value",),
}
"""Words of a map's row, and which numbers may stand in them."""


def in_json(where: str, content: Any, city: City) -> Iterator[Seen]:
    """Every record that names a figure, however deep, with its numbers and classes; and what the order of records tells."""
    listed: list[Cell] = []
    for record in _records(content):
        seen = _record(where, record, city)
        listed.append(seen.cell)
        yield seen
    yield from told_by_order(where, listed, city)


def in_format(where: str, body: bytes, kind: Format, city: City) -> Iterator[Seen]:
    """The same of a file in a format, as the format itself reads it back."""
    return in_json(where, read_back(body, kind), city)


def read_back(body: bytes, kind: Format) -> list[dict[str, Any]]:
    """The records of a file; none when it cannot be read."""
    try:
        return [{**record} for record in kind.read(body)]
    except Exception:  # whatever stops a format's reader: the file cannot be read back, which `missing` tells
        return []


def missing(where: str, body: bytes, kind: Format, of_map: tuple[str, str, str], city: City) -> Iterator[Finding]:
    """A file that does not give back every figure of its map: what the audit cannot read, it cannot vouch for.

    of_map: indicator, area set, and the period of a format that holds one; without that the period that the file itself says.
    """
    indicator, area_set, period = of_map
    held = {tuple(str(record.get(name, "")) for name in KEY) for record in read_back(body, kind)}
    periods = {period or cell[3] for cell in held} if kind.one_map else {cell[3] for cell in city.rows}
    wanted = {cell for cell in city.rows if cell[:2] == (indicator, area_set) and cell[3] in periods}
    if not held or wanted - held:
        yield Finding(where, "a file whose figures cannot be read back", indicator, period, area_set)


def judgements(content: Any) -> Iterator[dict[str, Any]]:
    """Every record that is an answer to a goal, however deep."""
    return _records(content, ("goal", "target", "verdict", "area_id"))


def _records(part: Any, key: Sequence[str] = KEY) -> Iterator[dict[str, Any]]:
    waiting = [part]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            if all(name in here for name in key):
                yield here
            waiting += reversed(here.values())
        elif isinstance(here, list):
            waiting += reversed(here)


def _record(where: str, record: Mapping[str, Any], city: City) -> Seen:
    """Every number of a record but those of fields that are known to be words; of a comparison, both sides of it."""
    record = _both_sides(record)
    cell: Cell = (str(record["indicator"]), str(record["area_set"]), str(record["area_id"]), str(record["period"]))
    numbers = {
        name: number
        for name, content in record.items()
        if name.removeprefix(BEFORE) not in _WORDS and (number := _number(content)) is not None
    }
    bounds: dict[str, tuple[float, float]] = {}
    for name, of in _CLASSES.items():
        if name in numbers:
            bounds[of] = _class_ends(city, cell[0], int(numbers.pop(name)))
    if _ROWS in numbers and "n" in numbers:  # there n is what the share rests on, answers or people
        own = city.rows.get(cell, {})
        size = numbers.pop("n")
        numbers["n" if not math.isnan(own.get("n", math.nan)) else "denominator"] = size
    return Seen(where, cell, numbers, bounds)


def _both_sides(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record of a comparison as if it were flat: what is told now by its names, what was told before by names that say so."""
    now, before = (side if isinstance(side := record.get(name), dict) else {} for name in ("now", "before"))
    return {**record, **now, **{f"{BEFORE}{name}": content for name, content in before.items()}}


def _number(content: Any) -> float | None:
    if isinstance(content, bool) or content in (None, ""):
        return None
    try:
        number = float(content)
    except (TypeError, ValueError):
        return None
    return None if math.isnan(number) else number


def _class_ends(city: City, indicator: str, number: int) -> tuple[float, float]:
    """The least and the most of a class by its number, from 1; everything where the edition has no breaks of it."""
    breaks = city.edition.breaks.get(indicator)
    edges = (-math.inf, *(breaks.edges if breaks else ()), math.inf)
    return (edges[number - 1], edges[number]) if 1 <= number < len(edges) else (math.nan, math.nan)


# --- the values of a map ----------------------------------------------------------------------------------------------


def in_values(where: str, content: Any, names: Names, indicator: str, area_set: str) -> Iterator[Seen]:
    """What the file of a map's values says in words, period by period: numbers, looks, the sentence, and the counts of the legend."""
    city = names.city
    for period, state in content.get("periods", {}).items() if isinstance(content, dict) else ():
        for key, row in state.get("rows", {}).items():
            city_row = key == CITY_KEY
            place = (CITY_SET, CITY_ID) if city_row else (area_set, city.by_key.get((area_set, key), key))
            yield from row_of_words(where, (indicator, *place, period), row, names)
            yield from look(where, (indicator, *place, period), "" if city_row else row.get("look", ""), city)
        yield from sentence(where, state.get("texts", {}).get("sentence", ""), (indicator, area_set, period), names)
        for look_of, label in state.get("words", {}).items():
            if look_of in TOLD:  # what the areas are held against; classes have the ends of classes
                yield from sentence(where, label, (indicator, area_set, period), names)
        yield from counts(where, state, (indicator, area_set, period), city)


def row_of_words(where: str, cell: Cell, row: Mapping[str, str], names: Names) -> Iterator[Seen]:
    """What a row of a map says, by the names of its words."""
    for word, text in row.items():
        if word in ("look", "key", "area_id", "name"):
            continue
        yield from words(where, cell, text, names, _SAID.get(word, ("value",)))


def words(where: str, cell: Cell, text: str, names: Names, of: Sequence[str]) -> Iterator[Seen]:
    """Numbers in a text about one figure. of: which of the figure's numbers may stand there, the one that is meant first."""
    own = names.city.rows.get(cell, {})
    for ends in written(names.without_names(text), names.language):
        name = fitting(ends, own, of) or of[0]
        yield Seen(where, cell, bounds={name: ends})


def look(where: str, cell: Cell, said: str, city: City) -> Iterator[Seen]:
    """What the colour of an area tells of its value."""
    for each in said.split():
        ends = city.class_ends(cell[0], cell[1], each) or city.side_ends(cell, each)
        if ends is not None:
            yield Seen(where, cell, bounds={"value": ends})


def sentence(where: str, text: str, of_map: tuple[str, str, str], names: Names) -> Iterator[Seen]:
    """A sentence over a whole map: its numbers are counts of areas or numbers of figures that are shown; any other is of a hidden one.

    of_map: indicator, area set, period.
    """
    city, cells = names.city, names.city.on_map.get(of_map, ())
    whole = city.rows.get((of_map[0], CITY_SET, CITY_ID, of_map[2]), {})
    closed = next((cell for cell in cells if cell in city.closed), None)
    if closed is None:
        return
    areas = len(city.edition.layers[of_map[1]].areas) if of_map[1] in city.edition.layers else 0
    shown = [whole, *(city.rows[cell] for cell in cells)]
    for ends in written(names.without_names(text), names.language):
        count = round((ends[0] + ends[1]) / 2)
        if any(fitting(ends, row, NUMBERS) for row in shown) or (0 <= count <= areas and ends[0] <= count <= ends[1]):
            continue
        yield Seen(where, closed, bounds={"value": ends})


def counts(where: str, state: Mapping[str, Any], of_map: tuple[str, str, str], city: City) -> Iterator[Seen]:
    """The legend's counts: each class has as many areas as are shown with it, or it counts a hidden one too.

    Of what can be told all classes together have as many areas as are shown.
    """
    cells = city.on_map.get(of_map, ())
    closed = next((cell for cell in cells if cell in city.closed), None)
    sides = [int(number[0]) for name, said in state.get("counts", {}).items() if name in TOLD and (number := re.match(r"\d+", str(said)))]
    if closed and sides and sum(sides) != sum(not math.isnan(city.rows[cell]["value"]) for cell in cells):
        yield Seen(where, closed, bounds={"value": (-math.inf, math.inf)})
    for name, said in state.get("counts", {}).items() if closed else ():
        ends = city.class_ends(of_map[0], of_map[1], name)
        number = re.match(r"\d+", str(said))
        inside = [cell for cell in cells if ends and ends[0] <= city.rows[cell]["value"] < ends[1]]
        if ends and number and closed and int(number[0]) != len(inside):
            yield Seen(where, closed, bounds={"value": ends})


def decoded(body: bytes) -> Any:
    """JSON as Python's own values; None for what is no JSON."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        try:
            return json.loads(body)
        except ValueError:
            return None
