"""Lists of places and addresses below `data/steder/`: one CSV form for what is written by hand and for what is imported."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from geo.errors import GeoError, InputError, Problem
from geo.files import limits, provenance, schema
from geo.files.workspace import PLACES
from geo.model.results import InputFile
from geo.spatial import crs
from geo.spatial.gazetteer import KINDS, NamedPoint

HEADER: Final = ("kind", "name", "number", "postcode", "x", "y", "crs", "within")
"""x is easting or longitude, y northing or latitude. within: by how many metres the point may be wrong, "" where the source vouches."""

DENMARK: Final = (430_000.0, 6_040_000.0, 900_000.0, 6_410_000.0)
"""Where a point may lie: left, bottom, right, top in metres (EPSG:25832)."""

_CODE: Final = re.compile(r"[0-9]{4}|")
_HOUSE: Final = re.compile(r"[0-9]{1,3}[A-ZÆØÅ]?|")
_MOST: Final = 20
"""How many problems of one file are listed one by one."""


@dataclass(frozen=True)
class PlaceLists:
    """All named points of a workspace, and the files they come from."""

    points: tuple[NamedPoint, ...]
    inputs: tuple[InputFile, ...]


def read(data: Path) -> PlaceLists:
    """Read every list below `data/steder/`; where two name the same house or place, that of the file retrieved later is used.

    data: the folder `data` of a workspace. Raises InputError with the problems of all files at once.
    """
    problems: list[Problem] = []
    lists: list[tuple[str, str, list[NamedPoint]]] = []
    inputs: list[InputFile] = []
    for path in sorted((data / PLACES).rglob("*.csv")):
        file = path.relative_to(data.parent).as_posix()
        try:
            sidecar = provenance.check(path, file=file)
            points = read_text(limits.content(path, file=file, setting="table_mb"), file=file)
        except GeoError as error:
            problems += error.problems
            continue
        lists.append((sidecar.retrieved.isoformat(), file, points))
        inputs.append(provenance.input_file(path, sidecar, root=data.parent, kind="places", rows=len(points)))
    if problems:
        raise InputError(problems)
    kept = {(point.name, point.postcode, point.number, point.kind): point for _, _, points in sorted(lists) for point in points}
    return PlaceLists(tuple(sorted(kept.values())), tuple(inputs))


def read_text(content: bytes, *, file: str) -> list[NamedPoint]:
    """Return the points of one list. Raises InputError with what is wrong, row by row, the header being row 1."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(Problem(file, "not CSV in UTF-8", found=str(error))) from None
    if not rows or tuple(rows[0]) != HEADER:
        raise InputError(Problem(file, "another header", row=1, found=",".join(rows[0]) if rows else "", expected=",".join(HEADER)))
    body = [(number, row) for number, row in enumerate(rows[1:], 2) if any(row)]
    problems = [problem for number, row in body for problem in _problems(row, number, file)]
    if problems:
        raise InputError(problems[:_MOST])
    return placed([dict(zip(HEADER, row, strict=True)) for _, row in body], [number for number, _ in body], file=file)


def write_text(points: Sequence[NamedPoint]) -> bytes:
    """Return a list as CSV, sorted; the points are in metres (EPSG:25832) with one decimal."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for point in sorted(set(points)):
        within = f"{point.within:g}" if point.within else ""
        writer.writerow([point.kind, point.name, point.number, point.postcode, f"{point.x:.1f}", f"{point.y:.1f}", crs.MEASURE, within])
    return out.getvalue().encode()


def _problems(row: Sequence[str], number: int, file: str) -> Iterator[Problem]:
    if len(row) != len(HEADER):
        yield Problem(file, "a wrong number of fields", row=number, found=str(len(row)), expected=str(len(HEADER)))
        return
    field = dict(zip(HEADER, row, strict=True))
    checks = (
        ("kind", field["kind"] in KINDS, ", ".join(KINDS)),
        ("name", bool(field["name"].strip()), "a name"),
        ("number", bool(_HOUSE.fullmatch(field["number"])), "a house number such as 45 or 45B"),
        ("postcode", bool(_CODE.fullmatch(field["postcode"])), "four digits"),
        ("x", math.isfinite(_number(field["x"])), "a number"),
        ("y", math.isfinite(_number(field["y"])), "a number"),
        ("crs", _is_crs(field["crs"]), f"for example {crs.MEASURE}"),
        ("within", not field["within"] or _number(field["within"]) > 0, "metres, or nothing"),
    )
    for column, good, expected in checks:
        if not good:
            yield Problem(file, "a value that cannot be taken", row=number, column=column, found=repr(field[column]), expected=expected)


@lru_cache
def _is_crs(name: str) -> bool:
    try:
        crs.check_name(name, file="")
    except InputError:
        return False
    return True


def _number(text: str) -> float:
    return float(text) if schema.is_number(text) else math.nan


def placed(fields: Sequence[Mapping[str, str]], numbers: Sequence[int], *, file: str) -> list[NamedPoint]:
    """Return points in metres (EPSG:25832) from checked rows of HEADER; numbers: the row of each in its file.

    Raises InputError for points outside Denmark: they are in another CRS, or their axes are swapped.
    """
    x, y = (np.array([float(field[axis]) for field in fields]) for axis in ("x", "y"))
    for name in sorted({field["crs"] for field in fields}):
        rows = np.array([field["crs"] == name for field in fields])
        x[rows], y[rows] = crs.points_to_measure(x[rows], y[rows], declared=name)
    left, bottom, right, top = DENMARK
    outside = np.flatnonzero(~((x > left) & (x < right) & (y > bottom) & (y < top)))
    if len(outside):
        first = fields[outside[0]]
        described = f"x {first['x']}, y {first['y']} in {first['crs']}"
        expected = "x easting or longitude, y northing or latitude"
        row = numbers[int(outside[0])]
        raise InputError(Problem(file, "a point outside Denmark", row, "x", described, expected, more=len(outside) - 1))
    return [
        NamedPoint(
            field["name"].strip(), field["postcode"], field["number"], field["kind"], float(east), float(north), _metres(field["within"])
        )
        for field, east, north in zip(fields, x, y, strict=True)
    ]


def _metres(text: str) -> float:
    return float(text) if text else 0.0
