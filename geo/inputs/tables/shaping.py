"""A table under its owner's names made into rows of figures in our own form, by a profile: text still, with the way back to each cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import pandas as pd

from geo.errors import InputError, Problem
from geo.files import schema
from geo.files.schema import HEADER, NUMBERS
from geo.files.tables import numbers
from geo.files.tables.grid import Cell, GridRow, SourceTable, shown
from geo.files.tables.layout import folded
from geo.files.tables.numbers import TypedNumber
from geo.inputs.tables import areanames, marking
from geo.inputs.tables.areanames import AreaNames
from geo.inputs.tables.marking import Typed
from geo.inputs.tables.tableprofiles import OPEN, TableProfile
from geo.model import periods
from geo.model.areas import name_key

_SCALED: Final = ("value", "low", "high")
_OTHER_WORDS: Final = {"suppressed": "hidden_by_source"}
"""What people write for a status that has another name here."""
_MOST: Final = 10


class _Cell(NamedTuple):
    """A cell, and the name of the column that it stands in."""

    value: Cell
    column: str


@dataclass(frozen=True)
class FigureRows:
    """Rows of figures in our own form, as text. Each number of the index stands for one row; `rows` has its row in the file.

    text: the columns of HEADER. columns: for each row the names of the columns that its fields stand in. notes: what was taken for what.
    problems: what is wrong with rows that are not in `text`.
    """

    text: pd.DataFrame
    rows: Sequence[int]
    columns: Sequence[Mapping[str, str]]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]

    def in_own_words(self, problem: Problem) -> Problem:
        """Return a problem of a row of `text` with the row and the column of the user's own file."""
        if problem.row is None:
            return problem
        own = self.columns[problem.row].get(problem.column, problem.column)
        return replace(problem, row=self.rows[problem.row], column=own)


_Record = Mapping[str, _Cell]


@dataclass
class _Shaping:
    """What is needed and gathered while the rows of one table are read. sign: what stands before decimals."""

    file: str
    profile: TableProfile
    areas: AreaNames
    shares: Collection[str]
    renamed: Mapping[str, str]
    sign: str = ""
    problems: list[Problem] = field(default_factory=list)
    left_out: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, what: str, row: int, cell: _Cell, expected: str) -> None:
        """Note that a cell cannot be taken."""
        self.problems.append(Problem(self.file, what, row, cell.column, repr(shown(cell.value)), expected))


class NumberSigns(NamedTuple):
    """What stands before decimals: what a person says, "" to find out; and what it is where all numbers can be read in two ways."""

    said: str = ""
    open_as: str = ""


def shaped(table: SourceTable, profile: TableProfile, areas: AreaNames, signs: NumberSigns, *, shares: Collection[str] = ()) -> FigureRows:
    """Make rows of figures from a table.

    areas: codes and names. shares: ids of the indicators that are shares; their values may have a percent sign. Raises InputError when a
    column of the profile is not there or stands twice, and as `numbers.decided` does.
    """
    if table.percents and profile.times != 1:
        what = f"cells that are shown as percent, in a table whose values the profile {profile.id} multiplies"
        raise InputError(Problem(table.file, what, found=f"times = {profile.times:g}", expected="cells in one format, or times = 1"))
    renamed = {name_key(own): code for own, code in profile.renamed.items()}
    shaping = _Shaping(table.file, profile, areas, shares, renamed)
    places = _places(table, profile)
    records = [(row.number, record) for row in _taken(table, shaping) for record in _records(row, places, profile)]
    said = signs.said or profile.decimal
    shaping.sign = numbers.decided(_typed(records, profile), file=table.file, said=said, open_as=signs.open_as)
    rows = [_row(number, record, shaping) for number, record in records]
    good = [place for place, row in enumerate(rows) if row is not None]
    text = pd.DataFrame([rows[place] for place in good], columns=list(HEADER), dtype=str).reset_index(drop=True)
    columns = [{name: cell.column for name, cell in records[place][1].items() if cell.column} for place in good]
    problems = marking.gathered(shaping.problems)
    return FigureRows(text, [records[place][0] for place in good], columns, tuple(_notes(table, shaping)), problems)


# --- which rows and columns are meant -------------------------------------------------------------------------------------


def _taken(table: SourceTable, shaping: _Shaping) -> Iterator[GridRow]:
    """The rows that the profile does not leave out."""
    profile = shaping.profile
    skipped = {name_key(text) for text in profile.skip}
    area = _place(table, profile.columns["area_id"]) if "area_id" in profile.columns else None
    only = {name: (_place(table, name), {name_key(text) for text in texts}) for name, texts in profile.only.items()}
    for row in table.rows:
        if area is not None and name_key(shown(row.cells[area])) in skipped:
            shaping.left_out.setdefault("their area is one to skip", []).append(row.number)
        elif other := next((name for name, (at, texts) in only.items() if name_key(shown(row.cells[at])) not in texts), ""):
            shaping.left_out.setdefault(f"another text in {other}", []).append(row.number)
        else:
            yield row


class _Places(NamedTuple):
    """Where the fields of a profile stand: field, place and name of each column; and place and name of each column of a period."""

    fields: tuple[tuple[str, int, str], ...]
    across: tuple[tuple[int, str], ...]


def _places(table: SourceTable, profile: TableProfile) -> _Places:
    fields = tuple((name, _place(table, own), own) for name, own in profile.columns.items())
    return _Places(fields, tuple((place, table.columns[place]) for place in _across(table, profile)) if profile.across else ())


def _records(row: GridRow, places: _Places, profile: TableProfile) -> Iterator[dict[str, _Cell]]:
    """The figures of one row: one, or one for each column whose name is a period."""
    fields = {name: _Cell(text, "") for name, text in profile.fixed.items()}
    fields |= {name: _Cell(row.cells[place], own) for name, place, own in places.fields}
    if not profile.across:
        yield fields
    for place, name in places.across:
        yield fields | {"period": _Cell(name, name), "value": _Cell(row.cells[place], name)}


def _across(table: SourceTable, profile: TableProfile) -> list[int]:
    """The columns whose names are periods. Raises InputError for other columns beside them that nobody has spoken of."""
    named = {folded(name) for name in (*profile.columns.values(), *profile.only, *profile.header)}
    places = [place for place, name in enumerate(table.columns) if periods.read(name) and folded(name) not in named]
    if not places:
        expected = f"columns named by a period: {periods.EXPECTED}"
        raise InputError(
            Problem(table.file, "no column of a period", table.header, table.columns[0], ", ".join(table.columns)[:200], expected)
        )
    rest = [name for place, name in enumerate(table.columns) if place not in places and folded(name) not in named]
    if rest:
        expected = f"a period ({periods.EXPECTED}), or the name in the profile's header"
        raise InputError(Problem(table.file, "a column that is no period", table.header, rest[0], repr(rest[0]), expected, len(rest) - 1))
    twice = [table.columns[place] for place in places if table.columns.count(table.columns[place]) > 1]
    if twice:
        raise InputError(Problem(table.file, "a column that stands twice", table.header, twice[0], expected="each period once"))
    return places


def _place(table: SourceTable, name: str) -> int:
    """Where a column stands. Raises InputError when there is none of that name, or more than one."""
    places = [place for place, own in enumerate(table.columns) if folded(own) == folded(name)]
    if len(places) == 1:
        return places[0]
    what = "a column that stands twice" if places else "a missing column"
    raise InputError(
        Problem(table.file, what, table.header or None, name, ", ".join(table.columns)[:200], "the columns of the profile, each once")
    )


# --- one row --------------------------------------------------------------------------------------------------------------


def _typed(records: Iterable[tuple[int, _Record]], profile: TableProfile) -> Iterator[TypedNumber]:
    """The texts in columns of numbers, without marks and footnotes."""
    for row, record in records:
        for name in NUMBERS:
            cell = record.get(name)
            if cell is not None and isinstance(cell.value, str) and cell.column:
                typed = marking.read(cell.value, profile)
                if typed.text:
                    yield TypedNumber(row, cell.column, typed.text.removesuffix("%").rstrip())


def _row(number: int, record: _Record, shaping: _Shaping) -> dict[str, str] | None:
    """One row in our own form; None when something in it cannot be taken, which is then among the problems."""
    before = len(shaping.problems)
    row = dict.fromkeys(HEADER, "") | {name: shown(cell.value) for name, cell in record.items()}
    row["status"] = shaping.profile.statuses.get(row["status"], _OTHER_WORDS.get(row["status"], row["status"]))
    for name in NUMBERS:
        if name in record:
            typed = _number(name, number, record[name], shaping, percent=row["indicator"] in shaping.shares)
            row[name] = typed.text
            row["note"] = "; ".join(part for part in (row["note"], typed.note) if part)
            if name == "value" and typed.status:
                row["status"] = typed.status
    row["area_id"] = _area(number, record, row, shaping)
    row["period"] = _period(number, record, row["period"], shaping)
    return None if len(shaping.problems) > before else row


def _number(name: str, row: int, cell: _Cell, shaping: _Shaping, *, percent: bool) -> Typed:
    """A number as programs write it, with what the table's marks say of it. What is neither a number nor a mark stays as it was typed.

    percent: the row is one of a share, so a value or the end of an interval may have a percent sign.
    """
    typed = marking.read(shown(cell.value), shaping.profile)
    if typed.problem:
        shaping.refuse(typed.problem, row, cell, marking.EXPECTED)
        return Typed("")
    if not typed.text:
        return typed
    text = typed.text
    if isinstance(cell.value, str):
        may = percent and name in _SCALED and shaping.profile.times == 1
        written = numbers.plain(text.removesuffix("%").rstrip() if may else text, shaping.sign)
        if written is None and schema.is_figure(text):
            shaping.refuse("a number with another decimal sign than the file", row, cell, f"decimals after {shaping.sign!r}")
        text = text if written is None else written
    if name in _SCALED and shaping.profile.times != 1:
        text = marking.multiplied(text, shaping.profile.times)
    return typed._replace(text=text)


def _area(number: int, record: _Record, row: Mapping[str, str], shaping: _Shaping) -> str:
    """The code of the row's area. What is unknown in our own form is left to the checks of figures, which suggest a code."""
    profile, text = shaping.profile, row["area_id"]
    renamed = shaping.renamed.get(name_key(text), OPEN) if shaping.renamed else OPEN
    if renamed != OPEN:
        return renamed
    area = areanames.find(text, row["area_set"], shaping.areas, by=profile.areas)
    if area.code or not text or not profile.id:
        return area.code or text
    meant = f"; did you mean {area.meant}?" if area.meant else ""
    by = "code or name" if profile.areas == "either" else profile.areas
    expected = f"an area of {row['area_set']} by {by}{meant}; or renamed or skip in the profile {profile.id}"
    shaping.refuse("an unknown area", number, record["area_id"], expected)
    return text


def _period(number: int, record: _Record, text: str, shaping: _Shaping) -> str:
    """The code of the row's period. What cannot be read is left to the checks of figures, but a number that may be a day is told here."""
    span = periods.read(text)
    if span is not None or "period" not in record:
        return span.code if span else text
    if not isinstance(record["period"].value, str) and (day := periods.of_serial(text)):
        expected = f"a day, a year or a half-year; as a day, {text} would be {day}: format the column as dates"
        shaping.refuse("a number in place of a period", number, record["period"], expected)
    return text


def _notes(table: SourceTable, shaping: _Shaping) -> Iterator[str]:
    """What was taken for what, for the person who gave the file."""
    profile = shaping.profile
    yield table.form
    if shaping.sign:
        yield f"decimal {'comma' if shaping.sign == ',' else 'point'}"
    if profile.id:
        yield f"read by the profile {profile.id}"
    yield from table.notes
    for why, rows in shaping.left_out.items():
        listed = ", ".join(map(str, rows[:_MOST])) + (f" and {len(rows) - _MOST} more" if len(rows) > _MOST else "")
        yield f"rows left out because {why}: {listed}"
    used = {folded(name) for name in (*profile.columns.values(), *profile.only)}
    unused = [name for name in table.columns if folded(name) not in used and not (profile.across and periods.read(name))]
    if unused:
        yield f"columns that are not used: {', '.join(unused)}"
