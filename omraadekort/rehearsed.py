"""What a rehearsal says at a terminal: how much of everything changes, then one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geo.editions.comparison import Changes, Conclusion, EntryChange, FigureChange, Told, VerdictChange

_SHOWN: Final = 20
"""Lines of one kind that are listed; the rest are counted."""
_LONGEST: Final = 80
"""Letters of a value that a line shows; --json has it whole."""
_KINDS: Final = {
    "new": "new",
    "revised": "revised",
    "lost": "lost",
    "hidden": "hidden from now on",
    "shown": "shown from now on",
    "other_reason": "missing for another reason",
    "other_origin": "from elsewhere, or with another note",
}


def lines(changes: Changes) -> Iterator[str]:
    """What changes, a line each: first how much of everything, then one by one."""
    if changes.nothing:
        yield "A reader would see no difference."
        return
    counts = [f"{number:,} {_KINDS[kind]}" for kind, number in changes.counts.items() if number]
    yield f"Figures: {', '.join(counts) or 'none'}."
    yield from _listed((_figure(figure) for figure in changes.figures if figure.kind != "new"), "figures")
    yield from _listed(_new(changes), "new figures of an indicator")
    yield from _listed((_verdict(verdict) for verdict in changes.verdicts), "verdicts")
    gained = [f"  {area.area_set}/{area.area_id}: gets {_names(area.gained)}; loses {_names(area.lost)}" for area in changes.areas]
    yield from _listed(gained, "areas")
    yield from _listed((_entry(entry) for entry in changes.entries), "entries of the catalogue")
    yield from _listed((f"  {layer.area_set}: {layer.kind}, areas new, gone or redrawn" for layer in changes.layers), "area sets")
    yield from _listed((f"  {made.indicator}: class breaks {made.before} -> {made.now}" for made in changes.breaks), "class breaks")


def _listed(listed: Iterable[str], what: str) -> Iterator[str]:
    every = list(listed)
    yield from every[:_SHOWN]
    if len(every) > _SHOWN:
        yield f"  and {len(every) - _SHOWN:,} more {what}; --json has all"


def _figure(figure: FigureChange) -> str:
    """A figure with what a reader reads of it before and afterwards, and all else that differs."""
    by = "" if not figure.by else f" ({figure.by:+g})"
    place = f"{figure.indicator} {figure.area_set}/{figure.area_id} {figure.period}"
    more = [
        f"{name} {getattr(figure.before, name) or 'nothing'} -> {getattr(figure.now, name) or 'nothing'}"
        for name in figure.now.__struct_fields__
        if name not in ("value", "reason") and figure.before.status and getattr(figure.before, name) != getattr(figure.now, name)
    ]
    said = f"{_as_read(figure.before)} -> {_as_read(figure.now)}{by}, {_KINDS[figure.kind]}"
    return f"  {place}: {'; '.join([said, *more])}"


def _as_read(side: Told) -> str:
    """What a reader reads: the value, else why there is none."""
    return f"{side.value:g}" if side.value is not None else side.reason or side.status or "nothing"


def _new(changes: Changes) -> Iterator[str]:
    """New figures, gathered: a half-year of an indicator is one line."""
    counts: dict[tuple[str, str, str], int] = {}
    for figure in changes.figures:
        if figure.kind == "new":
            key = (figure.indicator, figure.area_set, figure.period)
            counts[key] = counts.get(key, 0) + 1
    yield from (f"  {indicator} {area_set} {period}: {number:,} new" for (indicator, area_set, period), number in counts.items())


def _verdict(change: VerdictChange) -> str:
    place = f"{change.area_set}/{change.area_id}" if change.area_id else change.area_set
    demo = " (demo)" if change.demo else ""
    return f"  verdict, goal {change.goal} {change.target} in {place}: {_concluded(change.before)} -> {_concluded(change.now)}{demo}"


def _concluded(conclusion: Conclusion | None) -> str:
    if conclusion is None:
        return "none"
    said = [str(part) for part in (conclusion.verdict, conclusion.reason) if part]
    return ", ".join(said) or "none"


def _entry(entry: EntryChange) -> str:
    """An entry of the catalogue with what differs in it."""
    more = [f"{field.name} {_short(field.before)} -> {_short(field.now)}" for field in entry.fields]
    more += [f"came: {_names(entry.came)}"] * bool(entry.came) + [f"went: {_names(entry.went)}"] * bool(entry.went)
    return f"  {entry.part} {entry.id}: {'; '.join([entry.kind, *more])}"


def _short(value: object) -> str:
    words = "nothing" if value is None else str(value)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]} …"


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
