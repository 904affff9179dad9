"""A table of the safety index, a row a district, as lists: one for each effort. And what cannot be true of the lists of one edition.

Without the number of districts that the index has, a table may hold some of them only: then no list says that it is complete, and an
effort that no row names has no list. With it, and as many rows, the table is the whole edition: every effort has a complete list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from geo.errors import Problem
from geo.model.catalogue import ListEdition
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


def in_editions(lists: Sequence[ListEdition], *, file: str) -> Iterator[Problem]:
    """Return problems of the editions of an index: two lists of one effort, and districts with two efforts."""
    known: dict[tuple[str, str, str], str] = {}
    districts: dict[tuple[str, str, str], str] = {}
    for number, listed in enumerate(lists, 1):
        if listed.need is None:
            continue
        edition = (listed.family, Period.parse(listed.published).code)
        if known.setdefault((*edition, listed.need), listed.id) != listed.id:
            yield Problem(file, "two lists of one effort", number, "need", f"{listed.id!r}: {listed.need}", "one list an effort")
        for member in listed.members:
            name = f"{member.area_set} {member.area_id}" if member.area_id else member.name.casefold()
            if districts.setdefault((*edition, name), listed.need) != listed.need:
                yield Problem(file, "a district with two efforts", number, "members", f"{listed.id!r}: {member.name}", "one of the lists")
