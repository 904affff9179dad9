"""Answers to goals as they are served, held against the edition's own: in files, and beside the areas of a goal's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from geo.editions.edition import Edition
from geo.editions.seen import Finding
from geo.model.goals import Goal
from geo.model.vocabulary import Verdict
from omraadekort.exposure.reading import payloads
from omraadekort.exposure.reading.names import Names
from omraadekort.exposure.reading.tree import Element, parse
from webmap.language.terms import VERDICT

_COMPARED: Final = ("latest", "low", "high", "baseline", "change", "verdict", "reason")
_TOLD: Final = tuple(name for name in _COMPARED if name != "reason")
_OPEN: Final = frozenset({Verdict.UNDECIDED, Verdict.BREAK})
_WHAT: Final = "an answer to a goal that is not the edition's"


def in_file(where: str, content: Any, read: Edition) -> Iterator[Finding]:
    """Records of answers that say something else than the edition."""
    known = {(each.goal, each.target, each.indicator or "", each.area_set, each.area_id): each for each in read.judgements}
    for record in payloads.judgements(content):
        goal, target, area_id = str(record["goal"]), str(record["target"]), str(record["area_id"])
        indicator, area_set = str(record.get("indicator") or ""), str(record.get("area_set") or "")
        own = known.get((goal, target, indicator, area_set, area_id))
        if own is None and all(record.get(name) is None for name in _TOLD):
            continue  # it says that nobody measures the goal, and nothing else
        if own is None or any(getattr(own, name) != record.get(name) for name in _COMPARED):
            yield Finding(where, _WHAT, indicator, "", f"{area_set}/{area_id}")


def on_page(where: str, text: str, goal: Goal, names: Names) -> Iterator[Finding]:
    """Rows of an area that answer yes or no, where the edition has no such answer for that area.

    An answer that is left open gives nothing away, whatever the edition says.
    """
    known = _by_area(goal, names)
    words = {said.words.in_(names.language).casefold(): verdict for verdict, said in VERDICT.items() if verdict not in _OPEN}
    for row in parse(text).named("tr"):
        areas = [area for head in row.named("th") for area in names.areas_called(head.text()) if area[0] == goal.area_set]
        given = {words[grade] for grade in _grades(row) if grade in words}
        for area_set, area_id in areas[:1]:
            if given - known.get(area_id, frozenset()):
                yield Finding(where, _WHAT, goal.indicator or "", "", f"{area_set}/{area_id}")


def _by_area(goal: Goal, names: Names) -> Mapping[str, frozenset[Verdict]]:
    known: dict[str, set[Verdict]] = {}
    for each in names.city.edition.judgements:
        if each.goal == goal.id and each.verdict is not None:
            known.setdefault(each.area_id, set()).add(each.verdict)
    return {area: frozenset(verdicts) for area, verdicts in known.items()}


def _grades(row: Element) -> Iterator[str]:
    """The words of the verdicts in a row."""
    for element in row.named("span"):
        if "grad" in element.classes:
            yield element.text().strip("· ").casefold()
