"""The order of a round: first what changed since the last signed one, and why, in words. An agenda, not a ranking of places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from geo.editions.edition import Edition
from geo.figures import multiple
from geo.figures.multiple import Control
from geo.model.vocabulary import Text
from webmap.reviews import since as since_last
from webmap.reviews import subjects
from webmap.reviews.checks import is_overdue
from webmap.reviews.facts import Change, Facts, Last, NewestFigure

ORDER: Final[Mapping[str, Text]] = {
    "new": Text(da="nye på dagsordenen", en="new on the agenda"),
    "list": Text(da="ændret plads på en liste", en="a changed place on a list"),
    "overdue": Text(da="handlinger over fristen", en="actions past their due date"),
    "figure": Text(da="tal, der er ændret mere end usikkerheden", en="figures that changed by more than their uncertainty"),
    "hidden": Text(da="tal, der nu er skjult", en="figures that are now hidden"),
    "redraw": Text(da="ændret afgrænsning", en="a changed boundary"),
    "break": Text(da="en ændret definition", en="a changed definition"),
}
"""Kinds of change in the order of the agenda; within a kind, and where nothing changed, subjects stand by name."""

Place = tuple[str, str]
"""Set and id of a subject."""

_Key = tuple[tuple[str, str, str], bool]
"""Indicator, area set and area of a figure, and whether it is made up."""


def agenda(edition: Edition, *, before: Mapping[Place, Facts], last: Mapping[Place, Last], today: dt.date) -> tuple[Facts, ...]:
    """Make the pages of a round in their order. before and last: facts and words of the last signed round, empty at the first one.

    A figure that changed is a reason to look only when its change stands out of those of all figures of the round (geo.figures.multiple).
    """
    there = subjects.subjects(edition)
    made = _among([subjects.facts(edition, subject, before=before.get((subject.set, subject.id))) for subject in there])
    pairs = [(facts, (subject.set, subject.id)) for subject, facts in zip(there, made, strict=True)]
    return tuple(sorted((_with_changes(facts, before, place, last.get(place), today) for facts, place in pairs), key=_place))


def control(pages: Iterable[Facts]) -> Control:
    """How many changes of figures a round tests, and how many of them stand out. Made-up ones are counted apart, and not here."""
    return multiple.control([chance for (_, demo), chance in _chances(pages).items() if not demo])


def _among(pages: Sequence[Facts]) -> list[Facts]:
    """The pages with only those changes told from noise that stand out of all of them; real and made-up ones apart."""
    chances = _chances(pages)
    outstanding = set[_Key]()
    for made_up in (False, True):
        keys = [key for key in chances if key[1] is made_up]
        outstanding |= {key for key, stands in zip(keys, multiple.stand_out([chances[key] for key in keys]), strict=True) if stands}
    return [msgspec.structs.replace(page, figures=tuple(_faded(figure, outstanding) for figure in page.figures)) for page in pages]


def _faded(figure: NewestFigure, outstanding: Collection[_Key]) -> NewestFigure:
    since = figure.since
    if since is None or since.outcome != "told" or since.chance is None or _key(figure) in outstanding:
        return figure
    return msgspec.structs.replace(figure, since=since_last.fade(since))


def _chances(pages: Iterable[Facts]) -> dict[_Key, float]:
    """How easily chance gives each change of a figure, once for each figure though several pages show it."""
    compared = ((_key(figure), figure.since) for page in pages for figure in page.figures)
    return {key: since.chance for key, since in compared if since is not None and since.chance is not None}


def _key(figure: NewestFigure) -> _Key:
    return (figure.indicator, figure.area_set, figure.area_id), figure.demo


def _place(facts: Facts) -> tuple[int, str]:
    kinds = list(ORDER)
    # What made-up figures do never puts an area before another.
    ranks = [kinds.index(change.kind) for change in facts.changes if not change.demo]
    return min(ranks, default=len(kinds)), facts.name.da.casefold()


def _with_changes(now: Facts, before: Mapping[Place, Facts], place: Place, last: Last | None, today: dt.date) -> Facts:
    remarks = [*_compared(now, before.get(place), first=not before), *_overdue(last, today), *_figures(now.figures)]
    kinds = list(ORDER)
    ordered = tuple(sorted(remarks, key=lambda change: (change.demo, kinds.index(change.kind))))
    return msgspec.structs.replace(now, changes=ordered, last=last)


def _compared(now: Facts, earlier: Facts | None, *, first: bool) -> Iterator[Change]:
    """What only two rounds can tell: a new subject, a list, a redraw."""
    if earlier is None:
        if not first:
            yield Change(kind="new", text=Text(da="Ny på dagsordenen", en="New on the agenda"))
        return
    yield from _lists(now, earlier)
    redrawn = [name for set_id, name in _names(now).items() if earlier.outlines.get(set_id, "") not in {"", now.outlines.get(set_id)}]
    yield from (
        Change(kind="redraw", text=Text(da=f"Afgrænsningen af {name} er ændret", en=f"The boundary of {name} has changed"))
        for name in redrawn
    )


def _lists(now: Facts, earlier: Facts) -> Iterator[Change]:
    known = {listed.id: listed.member for listed in earlier.lists}
    families = {listed.family: listed.member for listed in earlier.lists}  # the newest of each family stands last
    for listed in now.lists:
        was = known.get(listed.id, families.get(listed.family, False))
        if listed.member != was and known.get(listed.id) is not listed.member:
            da, en = ("Er kommet på", "Is now on") if listed.member else ("Står ikke længere på", "Is no longer on")
            yield Change(kind="list", text=Text(da=f"{da}: {listed.name.da}", en=f"{en}: {listed.name.en}"))


def _overdue(last: Last | None, today: dt.date) -> Iterator[Change]:
    late = sum(is_overdue(action, today) for action in last.writing.actions) if last else 0
    if late:
        da = "1 handling er over fristen" if late == 1 else f"{late} handlinger er over fristen"
        yield Change(kind="overdue", text=Text(da=da, en=f"{late} action{'s' * (late > 1)} past the due date"))


def _figures(figures: Sequence[NewestFigure]) -> Iterator[Change]:
    for figure in figures:
        if figure.since is None or figure.since.outcome not in {"told", "hidden", "break"}:
            continue
        kind = "figure" if figure.since.outcome == "told" else figure.since.outcome
        text = Text(da=f"{figure.name.da}: {figure.since.text.da}", en=f"{figure.name.en}: {figure.since.text.en}")
        yield Change(kind=kind, text=text, demo=figure.demo)


def _names(now: Facts) -> dict[str, str]:
    return {f"{area_set}/{area_id}": name for area_set, area_id, name in now.areas}
