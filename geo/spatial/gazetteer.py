"""Names of places and addresses to coordinates: a list of our own in the edition, asked in words as people write them.

A search forgives case, Danish letters written out or left out (ø, oe, o), a name that is not finished and a slip of the pen.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zlib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final
from zipfile import BadZipFile

import numpy as np
from rapidfuzz import fuzz, process

from geo.errors import InputError, Problem

KINDS: Final = ("square", "station", "street", "park", "place", "address")
"""What a name can be the name of."""


@dataclass(frozen=True, order=True)
class NamedPoint:
    """One name with a point (metres, EPSG:25832).

    number: of a house, "" for a place. kind: a word of KINDS. within: how many metres the point may be wrong by, 0 where the list's
    own source vouches for it.
    """

    name: str
    postcode: str
    number: str
    kind: str
    x: float
    y: float
    within: float = 0.0

    @property
    def words(self) -> str:
        """How the spot is written; a search for these words finds it first."""
        return " ".join(part for part in (self.name, self.number) if part) + (f", {self.postcode}" if self.postcode else "")


LONGEST: Final = 100
"""Letters of a question that are read; no place has a longer name."""

_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
_WRITTEN: Final = (("oe+", "o"), ("aa+", "a"))
_SHORT: Final = {"gl": "gammel", "ndr": "nordre", "sdr": "sondre", "skt": "sankt", "sct": "sankt", "kgs": "kongens", "st": "sankt"}
_NUMBER: Final = re.compile(r"\d{1,3}[a-z]?")
_POSTCODE: Final = re.compile(r"\d{4}")
_NEAR: Final = 72.0
"""Least likeness (0-100) of a name that is offered though it was not written so."""
_FUZZY_FROM: Final = 4
"""Letters from which a slip of the pen is looked for; shorter words are like too many others."""


@dataclass(frozen=True)
class NameMatch:
    """One answer: the spots of one name, of which there are several when a street has house numbers and none was asked for.

    exact: whether the name was written as it is, but for case and letters; missing: the house number asked for that is not known.
    """

    spots: tuple[NamedPoint, ...]
    exact: bool
    missing: str = ""

    @property
    def words(self) -> str:
        """How the answer is written: the spot's words, or the street's."""
        first = self.spots[0]
        return first.words if len(self.spots) == 1 else first.name + (f", {first.postcode}" if first.postcode else "")


@dataclass(frozen=True)
class Gazetteer:
    """All names with the spots of each, sorted by name; `plain` are the names without case and Danish letters."""

    plain: tuple[str, ...]
    spots: tuple[tuple[NamedPoint, ...], ...]

    @cached_property
    def ends(self) -> tuple[tuple[str, int], ...]:
        """The ends of all names from their second word on, for a search in the middle of a name; sorted."""
        return tuple(sorted((name[at.end() :], place) for place, name in enumerate(self.plain) for at in re.finditer(" ", name)))


def build(spots: Collection[NamedPoint]) -> bytes:
    """Pack spots into what `read` takes; the order of the rows does not matter to the bytes."""
    listed = {plain(spot.name) for spot in spots if spot.number}  # a street whose houses are known needs no point in its middle
    kept = {spot for spot in spots if spot.number or spot.kind != "street" or plain(spot.name) not in listed}
    ordered = sorted(kept, key=lambda spot: (plain(spot.name), spot.postcode, _by_number(spot.number), spot))
    about = [[list(key), [spot.number for spot in same]] for key, same in _grouped(ordered)]
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
        points=np.round([(spot.x, spot.y) for spot in ordered] or np.empty((0, 2)), 1),
        within=np.array([spot.within for spot in ordered], np.float32),
    )
    return packed.getvalue()


def read(content: bytes) -> Gazetteer:
    """Unpack what `build` packed. Raises InputError when it is not that."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            about, points, within = (arrays[name] for name in ("about", "points", "within"))
    except (BadZipFile, KeyError, ValueError, EOFError, OSError, zlib.error) as error:
        what = Problem("gazetteer", "not a list of places", found=str(error), expected="what geo.spatial.gazetteer.build packed")
        raise InputError(what) from error
    at = iter(zip(points.tolist(), within.tolist(), strict=True))
    spots = []
    for (name, postcode, kind), numbers in json.loads(about.tobytes()):
        here = zip(numbers, at, strict=False)  # the points go on where the name before stopped
        spots.append(tuple(NamedPoint(name, postcode, number, kind, x, y, metres) for number, ((x, y), metres) in here))
    return Gazetteer(tuple(plain(same[0].name) for same in spots), tuple(spots))


def find(gazetteer: Gazetteer, text: str, *, limit: int = 8) -> tuple[NameMatch, ...]:
    """Look up a name or an address as people write it: `Nørrebrogade 45, 2. tv, 2200 København N`, `norreb`, `Sankt Hans Torf`.

    Names as they were written come first, then names that begin so, then names with a word that begins so, then names that are
    alike. At most `limit`; none for a text without letters.
    """
    whole = plain(text[:LONGEST])
    at = bisect_left(gazetteer.plain, whole)
    is_name = at < len(gazetteer.plain) and gazetteer.plain[at] == whole
    name, number, postcode = (whole, "", "") if is_name else _asked(whole)
    if not name:
        return ()
    matches: list[NameMatch] = []
    for place in dict.fromkeys(_places(gazetteer, name, limit)):
        spots = gazetteer.spots[place]
        if postcode and spots[0].postcode and spots[0].postcode != postcode:
            continue
        matches.append(_answer(spots, number, exact=gazetteer.plain[place] == name))
    housed = {plain(match.spots[0].name) for match in matches if number and not match.missing}
    return tuple(match for match in matches if not match.missing or plain(match.spots[0].name) not in housed)[:limit]


def plain(text: str) -> str:
    """A name without case, Danish letters, accents, signs and the usual abbreviations: `Skt. Hans Torv` becomes `sankt hans torv`."""
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    letters = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    for written, letter in _WRITTEN:
        letters = re.sub(written, letter, letters)
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    return " ".join([_SHORT.get(word, word) for word in words[:-1]] + words[-1:])  # the last word may be another's beginning: st(røget)


def _asked(text: str) -> tuple[str, str, str]:
    """The name, the house number and the postcode in a plain question, each "" if it is not there; floor, door and town are left out."""
    words = text.split()
    postcode = next((place for place, word in enumerate(words) if place and _POSTCODE.fullmatch(word)), len(words))
    number = next((place for place, word in enumerate(words[:postcode]) if place and _NUMBER.fullmatch(word)), postcode)
    house = words[number] if number < postcode else ""
    if house.isdigit() and number + 1 < postcode and re.fullmatch("[a-z]", words[number + 1]):
        house += words[number + 1]  # `45 B` is 45B
    return " ".join(words[:number]), house, words[postcode] if postcode < len(words) else ""


def _places(gazetteer: Gazetteer, name: str, limit: int) -> Iterator[int]:
    """Places in the list of names, best first; a place may come more than once."""
    names, ends = gazetteer.plain, gazetteer.ends
    first = bisect_left(names, name)
    begun = [place for place in range(first, min(first + 4 * limit, len(names))) if names[place].startswith(name)]
    yield from begun
    if len(name) > 1:
        inner = bisect_left(ends, (name, -1))
        yield from (place for end, place in ends[inner : inner + 4 * limit] if end.startswith(name))
    if len(name) >= _FUZZY_FROM and len(begun) < limit:
        yield from _alike(names, name, limit)


def _alike(names: Sequence[str], name: str, limit: int) -> list[int]:
    """Names like the one asked for, whole or as far as it was written."""
    begun = [candidate[: len(name) + 1] for candidate in names]
    best: dict[int, float] = {}
    for choices, weight in ((names, 1.0), (begun, 0.97)):
        for _, score, place in process.extract(name, choices, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=limit):
            best[place] = max(best.get(place, 0.0), score * weight)
    return sorted(best, key=lambda place: (-best[place], names[place]))


def _answer(spots: tuple[NamedPoint, ...], number: str, *, exact: bool) -> NameMatch:
    chosen = tuple(spot for spot in spots if number and spot.number.casefold() == number)
    return NameMatch(chosen, exact) if chosen else NameMatch(spots, exact, missing=number)


def _grouped(ordered: Iterable[NamedPoint]) -> Iterator[tuple[tuple[str, str, str], list[NamedPoint]]]:
    for key, same in groupby(ordered, key=lambda spot: (spot.name, spot.postcode, spot.kind)):
        yield key, list(same)


def _by_number(number: str) -> tuple[int, str]:
    digits = re.match(r"\d*", number)
    return (int(digits[0]) if digits and digits[0] else 0, number)
