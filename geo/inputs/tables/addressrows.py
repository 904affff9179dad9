"""The rows of a list of addresses: which column is what, house numbers in one form, and points with the CRS that their columns mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from geo.errors import InputError, Problem
from geo.files import schema, signs
from geo.files.tables import numbers
from geo.files.tables.grid import GridRow, SourceTable, shown
from geo.files.tables.layout import folded
from geo.files.tables.numbers import TypedNumber
from geo.inputs import places
from geo.inputs.tables import marking
from geo.spatial import crs

STREET: Final = ("vejnavn", "adresseringsvejnavn")
NUMBER: Final = ("husnr", "husnummer", "husnummertekst")
POSTCODE: Final = ("postnr", "postnummer")
WHOLE: Final = "adgangsadressebetegnelse"
"""The column of today's national register (DAR) with street, number and postcode in one text: `Prøvevej 1, 2200 København N`."""
POSITION: Final = "position"
"""The column of today's national register with the point as WKT, in EPSG:25832."""
POINTS: Final = (
    ("etrs89koordinat_øst", "etrs89koordinat_nord", crs.MEASURE),
    ("wgs84koordinat_længde", "wgs84koordinat_bredde", crs.SHOW),
    ("længde", "bredde", crs.SHOW),
    ("x", "y", crs.SHOW),
)
"""Pairs of columns that hold a point, easting or longitude first, and the CRS of each; the first pair that a file has is read."""

HEADERS: Final = (frozenset({STREET[0], NUMBER[0]}), frozenset({STREET[0], NUMBER[1]}), frozenset({WHOLE, NUMBER[2]}))
"""Names by which the header of a list is known."""

_HOUSE: Final = re.compile(r"0*(?P<number>[1-9][0-9]{0,2}) ?(?P<letter>[A-ZÆØÅ]?)", re.IGNORECASE)
_WKT: Final = re.compile(r"(?:SRID=25832;)?POINT ?Z? ?\( ?(?P<x>[0-9.]+) (?P<y>[0-9.]+)(?: [-0-9.]+)? ?\)", re.IGNORECASE)
_TEXT: Final = re.compile(r"(?P<street>.+?) (?P<number>[0-9]+[A-Za-zÆØÅæøå]?), (?:.+, )?(?P<postcode>[0-9]{4}) .+")


class AddressRow(NamedTuple):
    """One row with a point: its number in the file, and the fields of `places.HEADER`."""

    number: int
    field: dict[str, str]

    @property
    def key(self) -> tuple[str, str, str]:
        """Street, postcode and house number."""
        return self.field["name"], self.field["postcode"], self.field["number"]


@dataclass(frozen=True)
class AddressRows:
    """The rows of a list that have a point, how many have none, and what was taken for what."""

    rows: tuple[AddressRow, ...]
    without: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Columns:
    """The names of the columns, "" for one that the list does not have, and the CRS of the point."""

    street: str
    number: str
    postcode: str
    x: str
    y: str
    crs: str


def read(table: SourceTable, *, decimal: str = "") -> AddressRows:
    """Read the rows of a list of addresses. decimal: what a person says stands before decimals, "" to find out.

    Raises InputError for columns that are missing or stand twice, and with everything that is wrong with the rows.
    """
    columns = _columns(table)
    cells = [_cells(row, table, columns) for row in table.rows]
    there = [(row.number, fields) for row, fields in zip(table.rows, cells, strict=True) if fields["x"] and fields["y"]]
    if not there:
        raise InputError(Problem(table.file, "a list without an address that has a point", expected="at least one row"))
    sign = _sign(there, table, columns, decimal)
    problems: list[Problem] = []
    rows = [AddressRow(number, _row(number, fields, columns, sign, (table.file, problems))) for number, fields in there]
    if problems:
        raise InputError(marking.gathered(problems))
    system, note = _system(rows, columns)
    rows = [AddressRow(row.number, row.field | {"crs": system}) for row in rows]
    return AddressRows(tuple(rows), len(table.rows) - len(rows), (note,) if note else ())


def _columns(table: SourceTable) -> _Columns:
    names = [folded(name) for name in table.columns]
    whole = WHOLE if WHOLE in names else ""
    street, number, postcode = (next((name for name in among if name in names), whole) for among in (STREET, NUMBER, POSTCODE))
    point = next((pair for pair in POINTS if pair[0] in names and pair[1] in names), None)
    if point is None and POSITION in names:
        point = (POSITION, POSITION, crs.MEASURE)
    missing = [among[0] for name, among in ((street, STREET), (number, NUMBER), (postcode, POSTCODE)) if not name]
    missing += [] if point else [POINTS[0][0]]
    row = table.header or None
    if missing or point is None:
        pairs = " or ".join((*(f"{x}, {y}" for x, y, _ in POINTS), POSITION))
        expected = f"{STREET[0]}, {NUMBER[0]}, {POSTCODE[0]} (or {WHOLE}), and a point: {pairs}"
        raise InputError(
            Problem(table.file, "a missing column", row, missing[0], ", ".join(table.columns), expected, more=len(missing) - 1)
        )
    twice = [name for name in dict.fromkeys((street, number, postcode, *point[:2])) if names.count(name) > 1]
    if twice:
        raise InputError(Problem(table.file, "a column that stands twice", row, twice[0], expected="each column once", more=len(twice) - 1))
    return _Columns(street, number, postcode, *point)


def _cells(row: GridRow, table: SourceTable, columns: _Columns) -> dict[str, str]:
    """The texts of a row: street, number, postcode, x and y."""
    names = [folded(name) for name in table.columns]
    text = {name: shown(row.cells[names.index(name)]) for name in {columns.street, columns.number, columns.postcode, columns.x, columns.y}}
    whole = _TEXT.fullmatch(text.get(WHOLE, ""))
    parts = whole.groupdict() if whole else dict.fromkeys(("street", "number", "postcode"), "")
    fields = {
        "name": parts["street"] if columns.street == WHOLE else text[columns.street],
        "number": parts["number"] if columns.number == WHOLE else text[columns.number],
        "postcode": parts["postcode"] if columns.postcode == WHOLE else text[columns.postcode],
        "x": text[columns.x],
        "y": text[columns.y],
    }
    if columns.x == POSITION and (point := _WKT.fullmatch(text[POSITION])):
        fields |= {"x": point["x"], "y": point["y"]}
    return fields


def _sign(there: Sequence[tuple[int, dict[str, str]]], table: SourceTable, columns: _Columns, decimal: str) -> str:
    """What stands before decimals in the points. Degrees have no thousands, and neither has WKT a decimal comma."""
    if columns.x == POSITION:
        return "."
    typed = [TypedNumber(number, name, fields[axis]) for number, fields in there for axis, name in (("x", columns.x), ("y", columns.y))]
    text = typed[0].text
    as_typed = "," if "," in text else "."
    return numbers.decided(typed, file=table.file, said=decimal, open_as=as_typed if columns.crs == crs.SHOW else "")


def _row(number: int, fields: dict[str, str], columns: _Columns, sign: str, into: tuple[str, list[Problem]]) -> dict[str, str]:
    """One row in the form of `places`, without its CRS. into: the file, and the list that its problems are added to."""
    house = _HOUSE.fullmatch(fields["number"])
    x, y = (numbers.plain(fields[axis], sign) for axis in ("x", "y"))
    right = {
        "name": bool(fields["name"]) and len(fields["name"]) <= schema.LONGEST and signs.is_plain(fields["name"]),
        "number": house is not None,
        "postcode": bool(re.fullmatch(r"[0-9]{4}", fields["postcode"])),
        "x": x is not None and schema.is_number(x),
        "y": y is not None and schema.is_number(y),
    }
    own = {"name": columns.street, "number": columns.number, "postcode": columns.postcode, "x": columns.x, "y": columns.y}
    file, problems = into
    for name, good in right.items():
        if not good:
            problems.append(Problem(file, "a value that cannot be taken", number, own[name], repr(fields[name][:80]), _EXPECTED[name]))
    written = f"{house['number']}{house['letter'].upper()}" if house else ""
    return {
        "kind": "address", "name": fields["name"], "number": written, "postcode": fields["postcode"], "x": x or "", "y": y or "",
        "crs": "", "within": "",
    }  # fmt: skip


_EXPECTED: Final = {
    "name": f"a street of at most {schema.LONGEST} letters",
    "number": "a house number such as 45 or 45B; one a row, not 45-47",
    "postcode": "four digits",
    "x": "a number",
    "y": "a number",
}


def _system(rows: Sequence[AddressRow], columns: _Columns) -> tuple[str, str]:
    """The CRS of the points, and what is said of it: x and y hold degrees, or metres where all of them lie in Denmark as metres."""
    if columns.x != "x" or not rows:
        return columns.crs, ""
    left, bottom, right, top = places.DENMARK
    metres = all(left < float(row.field["x"]) < right and bottom < float(row.field["y"]) < top for row in rows)
    return (crs.MEASURE, f"x and y are metres ({crs.MEASURE})") if metres else (columns.crs, f"x and y are degrees ({columns.crs})")
