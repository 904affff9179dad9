"""Taking a list of addresses into the workspace: the CSV that the national address register hands out, and lists like it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import InputError, Problem
from geo.files import limits, provenance, schema, signs, transaction
from geo.files.workspace import PLACES, Workspace
from geo.inputs import places
from geo.model.areas import Sidecar
from geo.spatial import crs
from geo.spatial.gazetteer import NamedPoint

STREET: Final = ("vejnavn",)
NUMBER: Final = ("husnr", "husnummer")
POSTCODE: Final = ("postnr", "postnummer")
POINTS: Final = (
    ("etrs89koordinat_øst", "etrs89koordinat_nord", crs.MEASURE),
    ("wgs84koordinat_længde", "wgs84koordinat_bredde", crs.SHOW),
    ("længde", "bredde", crs.SHOW),
    ("x", "y", crs.SHOW),
)
"""Pairs of columns that hold a point, easting or longitude first, and the CRS of each; the first pair that a file has is read."""


@dataclass(frozen=True)
class ImportedAddresses:
    """What an import wrote, and how many rows it left out because the list itself has no point for them."""

    source: str
    path: str
    rows: int
    without: int

    def __str__(self) -> str:
        left = f"; {self.without} rows without a point left out" if self.without else ""
        return f"{self.source} -> {self.path} ({self.rows} addresses{left}); kept: street, house number, postcode and point, nothing else"


def take(workspace: Workspace, path: Path, *, retrieved: dt.date | None = None) -> ImportedAddresses:
    """Take one list of addresses into `data/steder/<retrieved>/`, with a sidecar; only street, number, postcode and point are kept.

    The columns are those of the national address register's CSV (vejnavn, husnr, postnr, etrs89koordinat_øst/nord in EPSG:25832, or
    wgs84koordinat_længde/bredde in EPSG:4326), separated by comma or semicolon. Several flats of one house become one address. The
    provenance is taken from the sidecar beside the file when there is one. retrieved: the day the list was fetched, by default the
    day the file was last written. Raises InputError with everything that is wrong; the workspace is then as it was.
    """
    content = limits.content(path, file=path.name, setting="table_mb")
    points, without = _points(content, file=path.name)
    said = provenance.check(path, file=path.name) if provenance.beside(path).is_file() else None
    day = retrieved or (said.retrieved if said else dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date())
    text = places.write_text(points)
    sidecar = Sidecar(
        title=said.title if said else "Adresser",
        producer=said.producer if said else "Ikke oplyst",
        licence=said.licence if said else "Ikke oplyst",
        url=said.url if said else "",
        retrieved=day,
        sha256=hashlib.sha256(text).hexdigest(),
        changed=f"Importeret fra {path.name} (sha256 {hashlib.sha256(content).hexdigest()}): kun vejnavn, husnummer, postnummer og punkt",
    )
    place = f"data/{PLACES}/{day}/adresser.csv"
    written = {place: text, place.removesuffix("csv") + "toml": provenance.encode(sidecar)}
    transaction.place(workspace.folder, written, check=lambda staged: places.read(Workspace(staged).data))
    return ImportedAddresses(path.name, place, len(set(points)), without)


def _points(content: bytes, *, file: str) -> tuple[list[NamedPoint], int]:
    rows = _rows(content, file=file)
    columns = _columns(rows[0] if rows else [], file=file)
    fields: dict[tuple[str, str, str], dict[str, str]] = {}
    problems: list[Problem] = []
    without = 0
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(rows[0]):
            problems.append(Problem(file, "a wrong number of fields", row=number, found=str(len(row)), expected=str(len(rows[0]))))
            continue
        field = {name: row[place].strip() for name, place in columns.places.items()}
        if not field["x"] or not field["y"]:
            without += 1
            continue
        problems += _faults(field, columns.names, number, file)
        fields.setdefault((field["name"], field["postcode"], field["number"]), field)
    if problems:
        raise InputError([*problems[:20]])
    if not fields:
        raise InputError(Problem(file, "a list without an address that has a point", expected="at least one row"))
    points = [field | {"kind": "address", "crs": columns.crs, "within": ""} for field in fields.values()]
    return places.placed(points, list(range(2, len(points) + 2)), file=file), without


@dataclass(frozen=True)
class _Columns:
    """Where the fields stand in a row, what their columns are called, and the CRS of the point."""

    places: Mapping[str, int]
    names: Mapping[str, str]
    crs: str


def _columns(header: Sequence[str], *, file: str) -> _Columns:
    lower = [name.strip().casefold() for name in header]
    wanted = {"name": STREET, "number": NUMBER, "postcode": POSTCODE}
    names = {field: next((name for name in among if name in lower), "") for field, among in wanted.items()}
    point = next(((x, y, declared) for x, y, declared in POINTS if x in lower and y in lower), None)
    missing = [among[0] for field, among in wanted.items() if not names[field]] + ([] if point else ["etrs89koordinat_øst"])
    twice = [name for name in dict.fromkeys((*names.values(), *(point or ())[:2])) if name and lower.count(name) > 1]
    if twice:
        raise InputError(Problem(file, "a column that stands twice", 1, twice[0], expected="each column once", more=len(twice) - 1))
    if missing or point is None:
        expected = ", ".join((*STREET, NUMBER[0], POSTCODE[0], "and a point: " + " or ".join(f"{x}, {y}" for x, y, _ in POINTS)))
        problem = Problem(file, "a missing column", 1, missing[0], ",".join(header), expected, more=len(missing) - 1)
        raise InputError(problem)
    names |= {"x": point[0], "y": point[1]}
    return _Columns({field: lower.index(name) for field, name in names.items()}, names, point[2])


def _faults(field: Mapping[str, str], names: Mapping[str, str], row: int, file: str) -> list[Problem]:
    good = {
        "name": bool(field["name"]) and len(field["name"]) <= schema.LONGEST and signs.is_plain(field["name"]),
        "number": bool(re.fullmatch(r"0*[1-9][0-9]{0,2}[A-ZÆØÅ]?", field["number"])),
        "postcode": bool(re.fullmatch(r"[0-9]{4}", field["postcode"])),
        "x": schema.is_number(field["x"]),
        "y": schema.is_number(field["y"]),
    }
    what = "a value that cannot be taken"
    return [Problem(file, what, row=row, column=names[name], found=repr(field[name])) for name, right in good.items() if not right]


def _rows(content: bytes, *, file: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        return [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",") if row
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(Problem(file, "not CSV in UTF-8", found=str(error), expected="UTF-8 with commas or semicolons")) from None
