"""How a register is written, proposed from its columns: person, period, place, and the columns with few words. `?` is for a person to say.

No value of a row leaves this module: names of columns, types, counts, and words that many people share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec
import numpy as np
import pyarrow as pa

from geo.incoming import words
from geo.incoming.registerfiles import RegisterPart
from geo.incoming.words import MANY
from geo.model.areas import Register
from geo.registers import columns as arrays
from geo.registers import periods
from geo.spatial import crs

OPEN: Final = "?"
"""What stands where a person has still to say what is meant."""
_PERSONS: Final = frozenset({
    "person", "personid", "person_id", "personnr", "personnummer", "pnr", "cpr", "cprnr", "cpr_nr", "cprnummer", "borger", "borgerid",
    "borger_id", "id_person",
})  # fmt: skip
_PERIODS: Final = frozenset({
    "period", "periode", "halvår", "halvaar", "kvartal", "år", "aar", "year", "tid", "time", "dato", "date", "måned", "maaned", "month",
    "statusdato",
})  # fmt: skip
_ADDRESSES: Final = frozenset({
    "address", "adresse", "adresseid", "adresse_id", "adgangsadresse", "adgangsadresseid", "adgangsadresse_id", "husnummerid",
    "husnummer_id", "address_id",
})  # fmt: skip
_POINTS: Final = (
    ("x", "y", ""), ("etrs89koordinat_øst", "etrs89koordinat_nord", crs.MEASURE),
    ("wgs84koordinat_længde", "wgs84koordinat_bredde", crs.SHOW), ("easting", "northing", ""), ("øst", "nord", ""),
    ("longitude", "latitude", ""), ("lon", "lat", ""), ("lng", "lat", ""), ("længde", "bredde", ""), ("utm_x", "utm_y", ""),
)  # fmt: skip
"""Pairs of names of columns, easting or longitude first, and the CRS that they say."""
_RARE: Final = (
    f"{{words}} words that fewer than {MANY} have, on {{rows:,}} rows, are not printed: --rare-words declare, or --rare-words leave, "
    "which counts their rows as unknown"
)
_WORDS: Final = ("text", "a whole number", "true or false")
_SAMPLE: Final = 5_000
_DAY: Final = len("2014-01-01")


@dataclass(frozen=True)
class RegisterAnswers:
    """What a person says of a register; None where it is left to be seen.

    person: "" for rows that are events. every: what days are gathered to, "" for nothing. codes: the columns to declare. rare: what is
    done with words that fewer than MANY people have: declared, or left to be counted as unknown.
    """

    person: str | None = None
    period: str | None = None
    x: str | None = None
    y: str | None = None
    crs: str | None = None
    address: str | None = None
    every: str | None = None
    codes: tuple[str, ...] | None = None
    rare: Literal["", "declare", "leave"] = ""


@dataclass(frozen=True)
class Described:
    """How a register is written, as far as it is known. fields: of Register; OPEN where a person must say. reasons: a line each."""

    fields: Mapping[str, Any]
    reasons: tuple[str, ...]
    open: Mapping[str, str]

    @property
    def register(self) -> Register:
        """The description, when nothing is open."""
        return msgspec.convert(self.fields, Register)


def describe(
    parts: Sequence[RegisterPart], answers: RegisterAnswers, *, addresses: str = "", asked: Mapping[str, Sequence[str]] | None = None
) -> Described:
    """Propose how a register is written.

    addresses: the name of its list of addresses, "" for none. asked: words that the catalogue asks for, by column; they are declared
    also where few people have them. Raises InputError as reading does.
    """
    kinds = parts[0].kinds
    person = answers.person if answers.person is not None else _named(kinds, _PERSONS)
    period = answers.period if answers.period is not None else _named(kinds, _PERIODS)
    fields: dict[str, Any] = {"person": person, "period": period} | _where(parts[0], answers, addresses)
    reasons = [f"column {name!r}: {kind}" for name, kind in kinds.items()]
    days = period in kinds and _are_days(parts[0], period)
    fields["every"] = answers.every if answers.every is not None else OPEN if days else ""
    used = {str(text) for text in fields.values()}
    wanted = [name for name, kind in kinds.items() if name not in used and kind in _WORDS and answers.codes is None]
    wanted = [name for name in answers.codes or wanted if name in kinds]
    fields["codes"] = {}
    looked_for = ("person", "period", "address") if addresses else ("person", "period", "x", "y")
    missing = {part: f"no column is called {fields[part]!r}" for part in looked_for if fields[part] and fields[part] not in (*kinds, OPEN)}
    open_parts = _open(fields, parts) | missing
    if not open_parts.keys().isdisjoint(looked_for):
        return Described(fields, tuple(reasons), open_parts)  # whose words they are is not known yet
    counts = words.count(parts, wanted, _who(fields), fields)
    rare = {}
    for name, of_column in counts.items():
        needed = (asked or {}).get(name, ())
        if answers.codes is None and not needed and not of_column.are_shared:
            reasons.append(f"column {name!r} is not declared: {of_column.described}")
            continue
        left = {word: rows for word, rows in of_column.rare.items() if word not in needed}
        declared = of_column.every if answers.rare == "declare" else of_column.shared
        is_open = bool(left) and not answers.rare
        fields["codes"][name] = [*sorted({*declared, *needed, *([""] if of_column.empty else [])}), *([OPEN] if is_open else [])]
        reasons.append(f"column {name!r} is declared with its words: {of_column.described}")
        if is_open:
            rare[f"codes.{name}"] = _RARE.format(words=len(left), rows=sum(left.values()))
    return Described(fields, tuple(reasons), open_parts | rare)


def is_of_people(names: Iterable[str]) -> bool:
    """Return whether one of the names of a file's columns is that of a column which names persons."""
    return any(name.strip().casefold() in _PERSONS for name in names)


def _named(kinds: Mapping[str, str], names: frozenset[str]) -> str:
    own = [name for name in kinds if name.strip().casefold() in names]
    return own[0] if len(own) == 1 else OPEN


def _where(part: RegisterPart, answers: RegisterAnswers, addresses: str) -> dict[str, str]:
    """The fields that say where a row is, and in which CRS: that which the file or the names of its columns say."""
    own = {name.strip().casefold(): name for name in part.kinds}
    x, y, said = next(
        ((own[first], own[second], says) for first, second, says in _POINTS if first in own and second in own), (OPEN, OPEN, "")
    )
    name = answers.crs or (crs.title(part.crs) if part.crs else said) or OPEN
    if addresses:
        address = answers.address or _named(part.kinds, _ADDRESSES)
        return {"crs": name, "x": answers.x or "x", "y": answers.y or "y", "address": address, "addresses": addresses}
    return {"crs": name, "x": answers.x or x, "y": answers.y or y, "address": "", "addresses": ""}


def _who(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that tell people apart: that of persons, else where they live, so that fifty rows of one home are not fifty people."""
    if fields["person"] not in ("", OPEN):
        return (str(fields["person"]),)
    places = (fields["address"],) if fields["address"] else (fields["x"], fields["y"])
    return tuple(str(name) for name in places) if OPEN not in places else ()


def _are_days(part: RegisterPart, period: str) -> bool:
    """Whether the periods of the first rows are single days."""
    batch = next(part.batches((period,), Register(crs=crs.MEASURE)), None)
    if batch is None or not batch.num_rows:
        return False
    texts = periods.encoded(batch[period].slice(0, _SAMPLE)).dictionary.to_pylist()
    codes = [code for text in texts if (code := periods.code(text, ""))]
    return bool(codes) and all(len(code) == _DAY for code in codes)


def _open(fields: Mapping[str, Any], parts: Sequence[RegisterPart]) -> dict[str, str]:
    """What a person must say, and how."""
    says = {
        "person": "the column that names the person of a row: --person COLUMN; or --events where a row is an event",
        "period": f"the column of periods: --period COLUMN; {', '.join(parts[0].kinds)}",
        "x": "the column of easting or longitude: --x COLUMN, or --addresses with a list of addresses",
        "y": "the column of northing or latitude: --y COLUMN",
        "address": "the column with the key of the list of addresses: --address COLUMN",
        "every": "its periods are days: --every month, quarter, half or year gathers them; --every none keeps them",
        "crs": f"the coordinate reference system is never guessed: --crs{_probably(fields, parts[0])}",
    }
    return {part: says[part] for part in says if fields.get(part) == OPEN}


def _probably(fields: Mapping[str, Any], part: RegisterPart) -> str:
    """In which CRS the first coordinates lie by their size, as words of a message only."""
    if OPEN in (fields["x"], fields["y"]) or fields["addresses"]:
        return f", for example {crs.MEASURE}"
    read = Register(crs=crs.MEASURE, x=fields["x"], y=fields["y"])
    batch: pa.RecordBatch | None = next(part.batches((read.x, read.y), read), None)
    if batch is None:
        return f", for example {crs.MEASURE}"
    with arrays.in_words(part.path.name):
        x, y = (arrays.floats(batch[name].slice(0, _SAMPLE)) for name in (read.x, read.y))
    return crs.by_size(np.asarray(x), np.asarray(y))
