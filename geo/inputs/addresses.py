"""Taking a list of addresses into the workspace: as the national address register hands it out, now and before, and lists like it."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.errors import InputError, Problem
from geo.files import provenance, transaction
from geo.files.tables import reading
from geo.files.workspace import PLACES, Workspace
from geo.inputs import places
from geo.inputs.areagroups import slug
from geo.inputs.tables import addressrows, doubts
from geo.inputs.tables.addressrows import AddressRow
from geo.inputs.tables.taking import THERE, TableChoices, is_there
from geo.model.areas import Sidecar
from geo.spatial.gazetteer import NamedPoint

_APART = 50.0
"""Metres that two points of one address may lie apart: the doors of a house do."""
_MOVED = 1.0
"""Metres from which an address is said to have moved."""
_MOST = 10


@dataclass(frozen=True)
class ImportedAddresses:
    """What an import wrote, and how many rows it left out because the list itself has no point for them.

    new, moved: addresses that the workspace did not have, and those whose point is another than before. notes: what was taken for what.
    """

    source: str
    path: str
    rows: int
    without: int
    new: int
    moved: int
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        left = f"; {self.without} rows without a point left out" if self.without else ""
        kept = "kept: street, house number, postcode and point, nothing else"
        first = f"{self.source} -> {self.path} ({self.rows} addresses{left}); {kept}"
        return "\n".join((first, *(f"  {note}" for note in self.notes), f"  addresses: {self.new} new, {self.moved} moved"))


def take(workspace: Workspace, path: Path, *, retrieved: dt.date | None = None, choices: TableChoices | None = None) -> ImportedAddresses:
    """Take one list of addresses into `data/steder/<retrieved>/<name>.csv`, with a sidecar.

    Only street, number, postcode and point are kept. The list is a table of any format that `tables.reading` reads, with the columns of
    `addressrows`. Several flats of one house become one address. The provenance is taken from the sidecar beside the file when there is
    one. retrieved: the day the list was fetched, by default the day the file was last written. choices: decimal, sheet, and whether
    what is asked about is right. Raises InputError with everything that is wrong; the workspace is then as it was.
    """
    chosen = choices or TableChoices()
    table = reading.read(path, file=path.name, sheet=chosen.sheet, known=addressrows.HEADERS)
    listed = addressrows.read(table, decimal=chosen.decimal)
    points = places.placed([row.field for row in listed.rows], [row.number for row in listed.rows], file=path.name)
    if not chosen.confirm:
        _check_one_point(listed.rows, points, path.name)
    first = {key: point for row, point in reversed(list(zip(listed.rows, points, strict=True))) for key in [row.key]}
    said = provenance.check(path, file=path.name) if provenance.beside(path).is_file() else None
    day = retrieved or (said.retrieved if said else dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date())
    provenance.check_day(day, file=path.name)
    text = places.write_text(list(first.values()))
    place = _place(path, day)
    written = {place: text, place.removesuffix("csv") + "toml": provenance.encode(_sidecar(path, said, day, text))}
    before = {(point.name, point.postcode, point.number): point for point in places.read(workspace.data).points if point.kind == "address"}
    there = is_there(workspace.folder / place, text)
    if not there:
        transaction.place(workspace.folder, written, check=lambda staged: _check(workspace, Workspace(staged), place, text))
    new, moved = _changes(first, before)
    notes = (table.form, *table.notes, *listed.notes, *([THERE] if there else []))
    return ImportedAddresses(path.name, place, len(first), listed.without, new, moved, notes)


def _check_one_point(rows: Sequence[AddressRow], points: Sequence[NamedPoint], file: str) -> None:
    """Refuse addresses that have two points far from each other: nobody knows which one is right."""
    first: dict[tuple[str, str, str], tuple[int, NamedPoint]] = {}
    apart = []
    for row, point in zip(rows, points, strict=True):
        number, before = first.setdefault(row.key, (row.number, point))
        metres = math.dist((point.x, point.y), (before.x, before.y))
        if metres > _APART:
            apart.append((row.number, f"{point.name} {point.number}: {metres:,.0f} m from row {number}"))
    if apart:
        described = "; ".join(words for _, words in apart[:_MOST])
        expected = f"one point an address; {doubts.CONFIRM} takes the first"
        raise InputError(
            Problem(file, "an address with two points that lie apart", apart[0][0], "", described, expected, more=len(apart) - 1)
        )


def _place(path: Path, day: dt.date) -> str:
    name = slug(path.stem)
    if not name:
        raise InputError(Problem(path.name, "a name without letters a to z or digits", found=repr(path.stem), expected="another name"))
    return f"data/{PLACES}/{day}/{name}.csv"


def _check(workspace: Workspace, staged: Workspace, place: str, text: bytes) -> None:
    there = workspace.folder / place
    if there.is_file() and there.read_bytes() != text:
        what = "another list of that name and day is there, with other bytes, and nothing is written over it"
        expected = "the option --retrieved with the day this file was fetched, or the file under another name"
        raise InputError(Problem(Path(place).name, what, found=place, expected=expected))
    places.read(staged.data)


def _changes(taken: Mapping[tuple[str, str, str], NamedPoint], before: Mapping[tuple[str, str, str], NamedPoint]) -> tuple[int, int]:
    """How many addresses the workspace did not have, and how many have another point than before."""
    moved = [key for key, point in taken.items() if key in before and _metres(point, before[key]) > _MOVED]
    return sum(key not in before for key in taken), len(moved)


def _metres(point: NamedPoint, other: NamedPoint) -> float:
    return math.dist((point.x, point.y), (other.x, other.y))


def _sidecar(path: Path, said: Sidecar | None, day: dt.date, text: bytes) -> Sidecar:
    return Sidecar(
        title=said.title if said else "Adresser",
        producer=said.producer if said else "Ikke oplyst",
        licence=said.licence if said else "Ikke oplyst",
        url=said.url if said else "",
        retrieved=day,
        sha256=hashlib.sha256(text).hexdigest(),
        changed=f"Importeret fra {path.name} (sha256 {provenance.sha256(path)}): kun vejnavn, husnummer, postnummer og punkt",
    )
