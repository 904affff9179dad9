"""A gazetteer: names of places and addresses with their coordinates, packed into the edition and searched in the words that people use.

A search ignores case, accepts Danish letters that are written out or left out (ø, oe, o), names that are not finished, and typing
errors.
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
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.errors import InputError, Problem

KINDS: Final = ("square", "station", "street", "park", "place", "address")
"""What a name can be the name of."""


@dataclass(frozen=True, order=True)
class NamedPoint:
    """One name with a point (metres, EPSG:25832).

    number: the house number, "" for a place. kind: a word of KINDS. within: by how many metres the point may be wrong; 0 where the
    source of the list vouches for it.
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
        """The name as it is written in an answer. A search for these words finds this point first."""
        return " ".join(part for part in (self.name, self.number) if part) + (f", {self.postcode}" if self.postcode else "")


LONGEST: Final = 100
"""Letters of a question that are read; no place has a longer name."""

_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
_WRITTEN: Final = (("oe+", "o"), ("aa+", "a"))
_SHORT: Final = {"gl": "gammel", "ndr": "nordre", "sdr": "sondre", "skt": "sankt", "sct": "sankt", "kgs": "kongens", "st": "sankt"}
_NUMBER: Final = re.compile(r"\d{1,3}[a-z]?")
_POSTCODE: Final = re.compile(r"\d{4}")
_LONG: Final = 8
"""The number of letters from which two typing errors are allowed for; one in shorter words."""
_FUZZY_FROM: Final = 4
"""The number of letters from which typing errors are considered; shorter words resemble too many others."""


@dataclass(frozen=True)
class NameMatch:
    """One answer to a search: the points of one name. A street has several of them when no house number was asked for.

    exact: whether the name was written as it is, apart from case and Danish letters. missing: a house number that was asked for and
    is not known.
    """

    points: tuple[NamedPoint, ...]
    exact: bool
    missing: str = ""

    @property
    def words(self) -> str:
        """The answer as it is written: the name of its only point, or that of the street."""
        first = self.points[0]
        return first.words if len(self.points) == 1 else first.name + (f", {first.postcode}" if first.postcode else "")


@dataclass(frozen=True)
class Gazetteer:
    """All names with the points of each, sorted by name. `plain` holds the names without case and Danish letters, as `plain` makes them."""

    plain: tuple[str, ...]
    points: tuple[tuple[NamedPoint, ...], ...]

    @cached_property
    def ends(self) -> tuple[tuple[str, int], ...]:
        """The ends of all names from their second word on, for a search in the middle of a name; sorted."""
        return tuple(sorted((name[at.end() :], place) for place, name in enumerate(self.plain) for at in re.finditer(" ", name)))


def build(points: Collection[NamedPoint]) -> bytes:
    """Pack points into the bytes that `read` takes. The order of the points does not change the bytes."""
    listed = {plain(point.name) for point in points if point.number}  # where the houses of a street are known, its own point is left out
    kept = {point for point in points if point.number or point.kind != "street" or plain(point.name) not in listed}
    ordered = sorted(kept, key=lambda point: (plain(point.name), point.postcode, _by_number(point.number), point))
    about = [[list(key), [point.number for point in same]] for key, same in _grouped(ordered)]
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
        points=np.round([(point.x, point.y) for point in ordered] or np.empty((0, 2)), 1),
        within=np.array([point.within for point in ordered], np.float32),
    )
    return packed.getvalue()


def read(content: bytes) -> Gazetteer:
    """Return the gazetteer that `build` packed. Raises InputError when the bytes are not one."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            about, points, within = (arrays[name] for name in ("about", "points", "within"))
    except (BadZipFile, KeyError, ValueError, EOFError, OSError, zlib.error) as error:
        what = Problem("gazetteer", "not a list of places", found=str(error), expected="what geo.spatial.gazetteer.build packed")
        raise InputError(what) from error
    at = iter(zip(points.tolist(), within.tolist(), strict=True))
    by_name = []
    for (name, postcode, kind), numbers in json.loads(about.tobytes()):
        here = zip(numbers, at, strict=False)  # the points of all names follow each other
        by_name.append(tuple(NamedPoint(name, postcode, number, kind, x, y, metres) for number, ((x, y), metres) in here))
    return Gazetteer(tuple(plain(same[0].name) for same in by_name), tuple(by_name))


def find(gazetteer: Gazetteer, text: str, *, limit: int = 8) -> tuple[NameMatch, ...]:
    """Look up a name or an address as people write it: `Nørrebrogade 45, 2. tv, 2200 København N`, `norreb`, `Sankt Hans Torf`.

    Names that are written exactly so come first, then names that begin so, then names in which a later word begins so, then similar
    names. Returns at most `limit` matches; none for a text without letters.
    """
    whole = plain(text[:LONGEST])
    at = bisect_left(gazetteer.plain, whole)
    is_name = at < len(gazetteer.plain) and gazetteer.plain[at] == whole
    name, number, postcode = (whole, "", "") if is_name else _asked(whole)
    if not name:
        return ()
    matches: list[NameMatch] = []
    for place in dict.fromkeys(_places(gazetteer, name, limit)):
        points = gazetteer.points[place]
        if postcode and points[0].postcode and points[0].postcode != postcode:
            continue
        matches.append(_answer(points, number, exact=gazetteer.plain[place] == name))
    if any(match.exact for match in matches):  # who wrote Vesterbrogade does not mean Østerbrogade
        matches = [match for match in matches if match.exact or _begins(plain(match.points[0].name), name)]
    housed = {plain(match.points[0].name) for match in matches if number and not match.missing}
    return tuple(match for match in matches if not match.missing or plain(match.points[0].name) not in housed)[:limit]


def _begins(candidate: str, name: str) -> bool:
    """Whether a name, or a later word of it, begins as it was written."""
    return f" {candidate}".find(f" {name}") >= 0


def plain(text: str) -> str:
    """Return a name without case, Danish letters, accents, punctuation and the usual abbreviations; searches compare names in this form.

    >>> plain("Skt. Hans Torv")
    'sankt hans torv'
    """
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    letters = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    for written, letter in _WRITTEN:
        letters = re.sub(written, letter, letters)
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    return " ".join([_SHORT.get(word, word) for word in words[:-1]] + words[-1:])  # the last word may be another's beginning: st(røget)


def _asked(text: str) -> tuple[str, str, str]:
    """The name, the house number and the postcode in a search text, each "" if it is absent; floor, flat and town are left out."""
    words = text.split()
    postcode = next((place for place, word in enumerate(words) if place and _POSTCODE.fullmatch(word)), len(words))
    number = next((place for place, word in enumerate(words[:postcode]) if place and _NUMBER.fullmatch(word)), postcode)
    house = words[number] if number < postcode else ""
    if house.isdigit() and number + 1 < postcode and re.fullmatch("[a-z]", words[number + 1]):
        house += words[number + 1]  # `45 B` is 45B
    return " ".join(words[:number]), house, words[postcode] if postcode < len(words) else ""


def _places(gazetteer: Gazetteer, name: str, limit: int) -> Iterator[int]:
    """Positions in the list of names, best match first; a position may come more than once."""
    names, ends = gazetteer.plain, gazetteer.ends
    first = bisect_left(names, name)
    begun = [place for place in range(first, min(first + 4 * limit, len(names))) if names[place].startswith(name)]
    yield from begun
    if len(name) > 1:
        inner = bisect_left(ends, (name, -1))
        yield from (place for end, place in ends[inner : inner + 4 * limit] if end.startswith(name))
    if len(begun) < limit:
        yield from alike(names, name, limit=limit)


def alike(names: Sequence[str], name: str, *, limit: int = 8) -> list[int]:
    """Return where names stand that have a typing error or two, whole or as far as it was written, best first; `plain` made all of them.

    Who mistypes seldom mistypes the first letter. None for a name of fewer than four letters, which resembles too many.
    """
    if len(name) < _FUZZY_FROM:
        return []
    most = 1 if len(name) < _LONG else 2
    best: dict[int, float] = {}
    for length, unfinished in ((None, 0.0), (len(name), 0.5), (len(name) + 1, 0.5)):
        choices = [candidate[:length] for candidate in names]
        for choice, errors, place in process.extract(name, choices, scorer=OSA.distance, score_cutoff=most, limit=4 * limit):
            if errors < 2 or choice[:1] == name[:1]:
                best[place] = min(best.get(place, most + 1.0), errors + unfinished)
    return sorted(best, key=lambda place: (best[place], names[place]))[:limit]


def _answer(points: tuple[NamedPoint, ...], number: str, *, exact: bool) -> NameMatch:
    chosen = tuple(point for point in points if number and point.number.casefold() == number)
    return NameMatch(chosen, exact) if chosen else NameMatch(points, exact, missing=number)


def _grouped(ordered: Iterable[NamedPoint]) -> Iterator[tuple[tuple[str, str, str], list[NamedPoint]]]:
    for key, same in groupby(ordered, key=lambda point: (point.name, point.postcode, point.kind)):
        yield key, list(same)


def _by_number(number: str) -> tuple[int, str]:
    digits = re.match(r"\d*", number)
    return (int(digits[0]) if digits and digits[0] else 0, number)
