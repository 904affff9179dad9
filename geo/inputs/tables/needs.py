"""A table of the safety index, a row a district, as lists: one for each effort. And what cannot be true of the lists of one edition.

Without the number of districts that the index has, a table may hold some of them only: then no list says that it is complete, and an
effort that no row names has no list. With it, and as many rows, the table is the whole edition: every effort has a complete list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from geo.errors import Problem
from geo.model.areas import name_key
from geo.model.catalogue import ListEdition, Member, Need
from geo.model.vocabulary import Period

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "markant": ("behov for markant indsats", "need of a marked effort"),
    "intensiveret": ("behov for intensiveret indsats", "need of an intensified effort"),
    "almindelig": ("behov for almindelig indsats", "need of an ordinary effort"),
    "ingen": ("intet behov for indsats", "no need of an effort"),
}
"""How the name of a list ends, in Danish and English."""
_SAID: Final[Mapping[str, str]] = {
    "marked": "markant",
    "intensified": "intensiveret",
    "ordinary": "almindelig",
    "none": "ingen",
    "no": "ingen",
    "intet": "ingen",
}

Row = tuple[int, dict[str, str]]
"""The number of a row, and its fields."""


def split(rows: Iterable[Row], refuse: Callable[[str, int, str, str, str], None]) -> Iterator[Row]:
    """Give rows with an effort a list of their own; others are left as they are. refuse: takes what is wrong with a cell."""
    for number, texts in rows:
        written = texts.get("need", "")
        need = _need(written)
        if written and not need:
            refuse("an unknown effort", number, "need", written, ", ".join(_WORDS))
        if not need:
            yield number, texts
            continue
        named = {f"list_name_{language}": words for language, words in zip(("da", "en"), _WORDS[need], strict=True)}
        longer = {part: f"{texts[part]}: {words}" for part, words in named.items() if part in texts}
        of_list = {"list_id": f"{texts['list_id']}-{need}"} if "list_id" in texts else {}
        yield number, texts | longer | of_list | {"need": need}


def _need(written: str) -> str:
    """The effort that a cell says: `markant`, `Markant indsats`, `Behov for markant indsats`."""
    words = (_SAID.get(word, word) for word in written.casefold().split())
    return next((word for word in words if word in _WORDS), "")


def complete(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of lists with an effort whether they are complete, in place; returns the lists of efforts that no row of a whole table names.

    entries: lists as TOML would hold them; `districts`, which is taken out, is how many the index has.
    """
    editions: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in entries:
        if "need" in entry:
            editions.setdefault((entry["family"], entry["published"]), []).append(entry)
    return [made for lists in editions.values() for made in _completed(lists)]


def _completed(lists: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    said = [entry.pop("districts", "") for entry in lists]
    rows = sum(len(entry["members"]) for entry in lists)
    whole = said[0].isdigit() and int(said[0]) == rows
    for entry in lists:
        entry["complete"] = whole
    first = lists[0]
    for need in _WORDS if whole else ():
        if need not in {entry["need"] for entry in lists}:
            yield _renamed(first, need) | {"need": need, "members": []}


def _renamed(entry: Mapping[str, Any], need: str) -> dict[str, Any]:
    """A list under the id and the name of another effort."""
    own = zip(("da", "en"), _WORDS[entry["need"]], _WORDS[need], strict=True)
    names = {language: entry["name"][language].removesuffix(old) + new for language, old, new in own}
    return {**entry, "id": entry["id"].removesuffix(entry["need"]) + need, "name": names}


def in_list(listed: ListEdition, *, row: int, file: str) -> Iterator[Problem]:
    """Return problems of a list: an area that stands twice, by name or code, and another number of names than the source says."""
    for name, times in Counter(name_key(member.name) for member in listed.members).items():
        if times > 1:
            yield Problem(file, "a name that stands twice on a list", row, "members", f"{listed.id!r}: {name}", "each name once")
    whole = Counter((member.area_set, member.area_id) for member in listed.members if member.area_id and member.extent == "whole")
    for (area_set, code), times in whole.items():
        if times > 1:
            described = f"{listed.id!r}: {area_set} {code}"
            yield Problem(file, "an area that stands twice on a list", row, "members", described, "each area once, or as parts of it")
    if listed.count is not None and (listed.count < len(listed.members) or (listed.complete and listed.count > len(listed.members))):
        described = f"{listed.id!r}: {listed.count} by the source, {len(listed.members)} names"
        yield Problem(file, "a list of other names than it is said to have", row, "count", described, "as many, or complete = false")


def in_editions(lists: Sequence[ListEdition], *, file: str) -> Iterator[Problem]:
    """Return problems of lists of one publication: two of one effort or of the same criteria, and districts with two efforts."""
    known: dict[tuple[str, str, str], str] = {}
    districts: dict[tuple[str, str], list[tuple[Member, Need]]] = {}
    for number, listed in enumerate(lists, 1):
        edition = (listed.family, Period.parse(listed.published).code)
        if known.setdefault((*edition, listed.need or f"={listed.criteria}"), listed.id) != listed.id:
            what = "two lists of one effort" if listed.need else "two lists of one publication"
            expected = "one list an effort" if listed.need else "one list, or other criteria"
            place = "need" if listed.need else "published"
            yield Problem(file, what, number, place, f"{listed.id!r}: {listed.need or listed.published}", expected)
        if listed.need is None:
            continue
        others = districts.setdefault(edition, [])
        for member in listed.members:
            if any(need != listed.need and member.is_same(other) for other, need in others):
                yield Problem(file, "a district with two efforts", number, "members", f"{listed.id!r}: {member.name}", "one of the lists")
        others += [(member, listed.need) for member in listed.members]
