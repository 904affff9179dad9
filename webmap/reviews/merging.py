"""Two people on one page: what each changed since the version they began with, put together field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webmap.reviews import writing
from webmap.reviews.writing import Writing


@dataclass(frozen=True)
class Conflict:
    """A field that both changed, each to something else. `base` is what both began with."""

    path: str
    base: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Merged:
    """Both changes in one. Where there is a conflict `result` holds theirs, until somebody chooses."""

    result: Writing
    conflicts: tuple[Conflict, ...]


def merge(base: Writing, theirs: Writing, mine: Writing, *, chosen: Mapping[str, str] | None = None) -> Merged:
    """Merge what two people made of the same version, field by field.

    A field that one of them changed takes the change; a field that both changed to the same takes that; else it is a conflict, unless
    `chosen` says what it shall be. A row that one removed and the other wrote in stays: nothing that was written is lost.
    """
    settled = chosen or {}
    before, left, right = (writing.flat(version) for version in (base, theirs, mine))
    gone = _removed(before, left, right)
    result: dict[str, str] = {}
    conflicts = []
    for path in {**left, **right}:  # rows in the order of theirs, then mine that are new
        if path.rsplit("/", 1)[0] in gone and "/" in path:
            continue
        a, b, c = before.get(path), left.get(path), right.get(path)
        if path in settled:
            result[path] = settled[path]
        elif _is_clash(a, b, c):
            conflicts.append(Conflict(path, a or "", b or "", c or ""))
            result[path] = b or ""
        else:
            result[path] = _changed(a, b, c)
    return Merged(writing.restore(result), tuple(conflicts))


def _is_clash(base: str | None, theirs: str | None, mine: str | None) -> bool:
    return theirs is not None and mine is not None and base not in (theirs, mine) and theirs != mine


def _changed(base: str | None, theirs: str | None, mine: str | None) -> str:
    """The side that changed; a side without the field has removed its row, and the other side's words stay."""
    if theirs is None or mine is None:
        return theirs or mine or ""
    return mine if theirs == base else theirs


def _removed(before: Mapping[str, str], left: Mapping[str, str], right: Mapping[str, str]) -> set[str]:
    """Rows that one side removed and the other left as they were."""
    rows = writing.rows_of(before)
    return {row for row in rows if _left_alone(row, before, left, right) or _left_alone(row, before, right, left)}


def _left_alone(row: str, before: Mapping[str, str], side: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether `side` removed the row and `other` has it unchanged, or removed it too."""
    paths = [path for path in before if path.startswith(f"{row}/")]
    return not any(path in side for path in paths) and all(other.get(path, before[path]) == before[path] for path in paths)
