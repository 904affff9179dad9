"""A profile for a table that nobody knows yet, proposed from what stands in it; what cannot be seen is left open for a person to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

from geo.errors import InputError
from geo.files.schema import HEADER, NUMBERS
from geo.files.tables import numbers, reading
from geo.files.tables.grid import SourceTable, shown
from geo.files.tables.jsonstat import WORDS
from geo.files.tables.layout import folded
from geo.files.tables.numbers import TypedNumber
from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.areagroups import slug
from geo.inputs.tables import areanames, marking
from geo.inputs.tables.areanames import AreaNames
from geo.inputs.tables.tableprofiles import OPEN, TableProfile
from geo.model import periods
from geo.model.areas import name_key
from geo.model.indicators import Indicator

_MOST: Final = 0.5
"""What part of a column's texts must be areas, or numbers, for it to be taken for such a column."""
_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "indicator": ("indikator",),
    "area_set": ("områdetype",),
    "area_id": ("områdekode", "kode", "area code"),
    "period": ("tid", "periode", "år", "halvår", "kvartal", "time", "year"),
    "value": ("værdi", "tal", "indhold", "procent", "pct", "pct.", "andel", "share", "obs_value"),
    "numerator": ("tæller", "count"),
    "denominator": ("nævner", "grundlag", "i alt"),
    "n": ("antal svar", "svar", "respondenter", "answers", "sample"),
    "low": ("nedre", "lower", "nedre grænse"),
    "high": ("øvre", "upper", "øvre grænse"),
    "note": ("bemærkning", "noter"),
    "locator": ("side", "page"),
}
"""Names under which fields are found in other people's tables."""
_SAYS_NOTHING: Final = frozenset({"antal", *_NAMED["value"], "value", "number"})
"""Names of columns of values that do not say what is measured."""
_TOTALS: Final = frozenset({"i alt", "total", "hele landet", "hele byen", "alle", "sum", "all", "uoplyst", "uden for inddeling"})


class _Area(NamedTuple):
    """A column that names areas: where it stands, of which set, and whether by code or by name."""

    place: int
    area_set: str
    by: Literal["code", "name"]


@dataclass(frozen=True)
class Proposal:
    """A proposed profile of a table, and why each part of it is as it is."""

    table: SourceTable
    profile: TableProfile
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """What a person has said already: ids of the catalogue, "" for what is left open."""

    indicator: str = ""
    source: str = ""
    area_set: str = ""


def look(workspace: Workspace, path: Path, given: Given, *, sheet: str = "") -> Proposal:
    """Read a table and propose a profile for it. Nothing is written. Raises InputError when it cannot be read."""
    known = catalogue.read(workspace.data, workspace.boundaries)
    areas = areanames.read(workspace.boundaries, known.area_sets)
    return proposed(reading.read(path, file=path.name, sheet=sheet), path.stem, given, areas, known.indicators)


def proposed(table: SourceTable, name: str, given: Given, areas: AreaNames, indicators: Sequence[Indicator]) -> Proposal:
    """Propose how a table is read.

    name: from which the profile's id is made. given: what is known of it. areas: codes and names of the workspace. indicators: those of
    the catalogue. What cannot be seen in the table is OPEN in the profile.
    """
    across = [place for place, own in enumerate(table.columns) if periods.read(own)]
    area = _area(table, areas, given.area_set, across)
    columns = _columns(table, area, across)
    asked = {"indicator": given.indicator, "source": given.source, "area_set": area.area_set if area else given.area_set, "status": "final"}
    fixed = {part: text or OPEN for part, text in asked.items() if part not in columns}
    places = across or [table.columns.index(own) for part, own in columns.items() if part in NUMBERS and own in table.columns]
    skip, renamed = _unmatched(table, columns.get("area_id", ""), fixed.get("area_set", ""), areas)
    profile = TableProfile(
        id=slug(name),
        header=tuple(own for place, own in enumerate(table.columns) if place not in across),
        columns=columns,
        fixed=fixed,
        across=bool(across),
        areas=area.by if area else "either",
        only=_only(table, columns, across),
        skip=skip,
        renamed=renamed,
        marks=_marks(table, places),
        times=_times(table, places, given.indicator, indicators),
        chosen_only=bool(across) or folded(columns["value"]) in _SAYS_NOTHING,
    )
    return Proposal(table, profile, tuple(_reasons(table, profile, area, places)))


def _columns(table: SourceTable, area: _Area | None, across: Sequence[int]) -> dict[str, str]:
    """Which field each column fills: by its name, or by what stands in it."""
    columns = {part: own for part, own in _by_name(table) if part != "area_id"}
    if area is not None:
        columns = {part: own for part, own in columns.items() if own != table.columns[area.place]}
        columns["area_id"] = table.columns[area.place]
    elif said := _texts_column(table, columns.values(), across):
        columns["area_id"] = said
    if across:
        return {part: own for part, own in columns.items() if part not in ("period", "value")}
    if "period" not in columns and (of_periods := _period_columns(table, columns.values())):
        columns["period"] = table.columns[of_periods[0]]
    if "value" not in columns:
        figures = _number_columns(table, columns.values())
        columns["value"] = table.columns[figures[0]] if len(figures) == 1 else OPEN
    return columns


def _texts_column(table: SourceTable, used: Iterable[str], across: Sequence[int]) -> str:
    """The first column that holds neither numbers nor periods: that of the areas, when no area set is known by its texts."""
    taken = {*used, *(table.columns[place] for place in (*across, *_number_columns(table, used), *_period_columns(table, used)))}
    return next((own for place, own in enumerate(table.columns) if own not in taken and _texts(table, place)), "")


def _only(table: SourceTable, columns: Mapping[str, str], across: Sequence[int]) -> dict[str, tuple[str, ...]]:
    """For columns that divide the figures further, such as sex or age: the rows of all together, where there are such."""
    only = {}
    for place, own in enumerate(table.columns):
        if own in columns.values() or place in across or own.removesuffix(WORDS) in columns.values():
            continue
        texts = dict.fromkeys(_texts(table, place))
        totals = tuple(text for text in texts if name_key(text) in _TOTALS)
        if len(texts) > 1 and totals:
            only[own] = totals
    return only


def _by_name(table: SourceTable) -> Iterator[tuple[str, str]]:
    """Fields that a column is named after, in our words or in others'."""
    for field_name in HEADER:
        wanted = {field_name, *_NAMED.get(field_name, ())}
        own = [name for name in table.columns if folded(name) in wanted]
        if len(own) == 1:
            yield field_name, own[0]


def _texts(table: SourceTable, place: int) -> list[str]:
    return [shown(row.cells[place]) for row in table.rows if row.cells[place] is not None]


def _area(table: SourceTable, areas: AreaNames, said: str, across: Sequence[int]) -> _Area | None:
    """The column of which most texts are areas of one set; codes before names, the set that was said before others."""
    best: tuple[float, int, _Area] | None = None
    for place in (number for number in range(len(table.columns)) if number not in across):
        texts = _texts(table, place)
        for area_set, codes in sorted(areas.codes.items()):
            if said and area_set != said:
                continue
            names = areas.names.get(area_set, {})
            by_code = _Area(place, area_set, "code"), sum(text in codes for text in texts)
            by_name = _Area(place, area_set, "name"), sum(len(names.get(name_key(text), ())) == 1 for text in texts)
            for column, matched in (by_code, by_name):
                part = matched / max(len(texts), 1)
                if part > _MOST and (best is None or (part, len(set(texts))) > best[:2]):
                    best = (part, len(set(texts)), column)
    return best[2] if best else None


def _period_columns(table: SourceTable, used: Iterable[str]) -> list[int]:
    taken = set(used)
    return [
        place
        for place, own in enumerate(table.columns)
        if own not in taken and (texts := _texts(table, place)) and all(periods.read(text) for text in texts)
    ]


def _number_columns(table: SourceTable, used: Iterable[str]) -> list[int]:
    taken = set(used)
    places = []
    for place, own in enumerate(table.columns):
        texts = _texts(table, place)
        figures = sum(numbers.plain(text, ",") is not None or numbers.plain(text, ".") is not None for text in texts)
        if own not in taken and texts and figures / len(texts) > _MOST:
            places.append(place)
    return places


def _marks(table: SourceTable, places: Sequence[int]) -> dict[str, str]:
    cells = Counter(shown(row.cells[place]) for row in table.rows for place in places)
    return {mark: marking.meant(mark) for mark in sorted(cells) if not mark or marking.is_mark(mark)}


def _times(table: SourceTable, places: Sequence[int], indicator: str, indicators: Sequence[Indicator]) -> float:
    share = not table.percents and any(each.id == indicator and each.kind == "share" for each in indicators)
    figures = [text for place in places for text in _texts(table, place) if not marking.is_mark(text)]
    plain = [numbers.plain(text, "," if "," in text else ".") for text in figures]
    return 100.0 if share and plain and all(text is not None and 0 <= float(text) <= 1 for text in plain) else 1.0


def _unmatched(table: SourceTable, column: str, area_set: str, areas: AreaNames) -> tuple[tuple[str, ...], dict[str, str]]:
    """Texts in the column of areas that are none: totals to skip, and others whose code a person must say."""
    if not column or area_set not in areas.codes:
        return (), {}
    texts = dict.fromkeys(_texts(table, table.columns.index(column)))
    strange = [text for text in texts if not areanames.find(text, area_set, areas, by="either").code]
    totals = tuple(text for text in strange if name_key(text) in _TOTALS)
    return totals, {text: OPEN for text in strange if text not in totals}


def _reasons(table: SourceTable, profile: TableProfile, area: _Area | None, places: Sequence[int]) -> Iterator[str]:
    """Why the profile is as it is, a line each."""
    if area is not None:
        yield f"column {table.columns[area.place]!r}: areas of {area.area_set} by {area.by}"
    yield from (f"column {own!r}: {part}" for part, own in profile.columns.items() if part != "area_id")
    if profile.across:
        yield f"columns named by a period: {', '.join(table.columns[place] for place in places)}"
    used = {*profile.columns.values(), *profile.only}
    unused = [own for place, own in enumerate(table.columns) if own not in used and not (profile.across and place in places)]
    if unused:
        yield f"columns that are not used: {', '.join(unused)}"
    typed = [
        TypedNumber(row.number, table.columns[place], text)
        for row in table.rows
        for place in places
        if isinstance(text := row.cells[place], str) and not marking.is_mark(text)
    ]
    try:
        sign = numbers.decided(typed, file=table.file)
        yield f"decimal {'comma' if sign == ',' else 'point'}" if sign else "no number with decimals"
    except InputError as error:
        yield from (f"decimals: {problem.what}; {problem.found}; {problem.expected}" for problem in error.problems)
