"""Two people in one form: what only one of them changed is taken over, what both changed is shown to the second, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from geo.inputs.entries.typed import REMOVED
from geo.model.forms.described import Typed
from geo.model.forms.proposed import FieldConflict

_IN_LIST: Final = re.compile(r"(?P<list>[^\[]+)\[(?P<number>[0-9]+)\]\.(?P<rest>.+)")


@dataclass(frozen=True)
class MergedForm:
    """A form in which the changes of two people stand; of a conflict it has yours. taken: fields of the other that were taken over."""

    values: Typed
    conflicts: tuple[FieldConflict, ...]
    taken: tuple[str, ...]


def merged(base: Typed, theirs: Typed, yours: Typed) -> MergedForm:
    """Merge two changes of one form. base: as it was when the form was opened; theirs: as it stands now; yours: as it comes now."""
    values: Typed = {}
    conflicts: list[FieldConflict] = []
    taken: list[str] = []
    parts = (_flat(base), _flat(theirs), _flat(yours))
    for name in dict.fromkeys(name for part in parts for name in part):
        was, other, own = (part.get(name, ()) for part in parts)
        values[name] = other if own == was else own
        if own == was != other:
            taken.append(name)
        elif other not in (was, own):
            conflicts.append(FieldConflict(field=name, before=was, theirs=other, yours=own))
    lists = [_lists(form) for form in (base, theirs, yours)]
    for name in dict.fromkeys(name for part in lists for name in part):
        of_list = _list(name, *(part.get(name, []) for part in lists))
        values |= of_list.values
        conflicts += of_list.conflicts
        taken += of_list.taken
    return MergedForm({name: texts for name, texts in values.items() if texts}, tuple(conflicts), tuple(taken))


def _flat(form: Typed) -> Typed:
    return {name: texts for name, texts in form.items() if not _IN_LIST.fullmatch(name)}


def _lists(form: Typed) -> dict[str, list[Typed]]:
    """The lists of a form, each entry with the fields inside it; the gaps of numbers that are not there are empty entries."""
    lists: dict[str, dict[int, Typed]] = {}
    for name, texts in form.items():
        if match := _IN_LIST.fullmatch(name):
            lists.setdefault(match["list"], {}).setdefault(int(match["number"]), {})[match["rest"]] = texts
    return {name: [items.get(number, {}) for number in range(1, max(items) + 1)] for name, items in lists.items() if max(items) < _MOST}


_MOST: Final = 10_000


def _list(name: str, base: list[Typed], theirs: list[Typed], yours: list[Typed]) -> MergedForm:
    """Merge a list: entry by entry where both kept those that were there, as a whole where one of them left it alone."""
    kept = [item for item in yours if item and REMOVED not in item]
    if kept == base:
        return MergedForm(_named(name, theirs), (), (name,) if theirs != base else ())
    if theirs in (base, kept):
        return MergedForm(_named(name, yours), (), ())
    if not _same_entries(base, theirs):
        return MergedForm(
            _named(name, yours), (FieldConflict(field=name, before=_lines(base), theirs=_lines(theirs), yours=_lines(kept)),), ()
        )
    number, items, conflicts, taken = len(base), list[Typed](), list[FieldConflict](), list[str]()
    for place, (was, other) in enumerate(zip(base, theirs, strict=False)):
        own = yours[place] if place < len(yours) else {}
        if REMOVED in own or not own:
            if other != was:
                conflicts.append(FieldConflict(field=f"{name}[{place + 1}]", before=_lines([was]), theirs=_lines([other]), yours=()))
            items.append({**other, REMOVED: ("yes",)})
            continue
        inner = merged(was, other, own)
        items.append(inner.values)
        conflicts += [
            FieldConflict(field=f"{name}[{place + 1}].{clash.field}", before=clash.before, theirs=clash.theirs, yours=clash.yours)
            for clash in inner.conflicts
        ]
        taken += [f"{name}[{place + 1}].{field}" for field in inner.taken]
    added = theirs[number:]
    taken += [f"{name}[{number + place}]" for place, _ in enumerate(added, 1)]
    return MergedForm(
        _named(name, [*items, *added, *(item for item in yours[number:] if item not in added)]), tuple(conflicts), tuple(taken)
    )


def _same_entries(base: list[Typed], theirs: list[Typed]) -> bool:
    """Whether the entries that were there stand where they stood: each as it was, or changed in less than half of its fields."""
    if len(theirs) < len(base):
        return False
    return all(was == other or (other not in base and _alike(was, other)) for was, other in zip(base, theirs, strict=False))


def _alike(was: Typed, other: Typed) -> bool:
    same = sum(other.get(name) == texts for name, texts in was.items())
    return 2 * same >= max(len(was), len(other))


def _named(name: str, items: list[Typed]) -> Typed:
    return {f"{name}[{number}].{rest}": texts for number, item in enumerate(items, 1) for rest, texts in item.items()}


def _lines(items: list[Typed]) -> tuple[str, ...]:
    return tuple("; ".join(_words(item)) for item in items)


def _words(item: Typed) -> Iterator[str]:
    yield from (f"{name}: {', '.join(texts)}" for name, texts in item.items())
