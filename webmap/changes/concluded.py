"""Answers to goals that are others than before: from what to what, and why."""

from __future__ import annotations

from dataclasses import dataclass

from geo.editions.comparison import Changes, Conclusion, VerdictChange
from geo.model.goals import Goal
from geo.model.vocabulary import Text
from webmap.changes.comparing import EditionPair
from webmap.changes.repeated import UNREPEATED
from webmap.edition.compared import together
from webmap.edition.reader import Reader
from webmap.goals.pages import goal_url
from webmap.language.terms import said, why

_UNREPEATED = Text(da="gentages ikke, for et tal, det bygger på, vises ikke nu", en="not repeated: a figure it rests on is not shown now")
_UNJUDGED = Text(da="ikke bedømt", en="not judged")


@dataclass(frozen=True)
class VerdictWords:
    """A verdict in words. shape: that of `terms.Said`, "" where there is none, and `why` says so."""

    shape: str
    verdict: str
    why: str


@dataclass(frozen=True)
class AnswerChange:
    """An answer that is another one. page: of its goal, "" when the newer edition has none.

    reading: which part of the goal and which reading of the target, "" where there is one of each.
    area: which one was judged, "" for all of the goal together.
    """

    question: str
    page: str
    reading: str
    area: str
    before: VerdictWords
    now: VerdictWords
    demo: bool


def answer_changes(changes: Changes, compared: EditionPair, reader: Reader) -> tuple[AnswerChange, ...]:
    """Answers that differ, goals in their order, all areas together before each of them. reader: of the newer edition."""
    goals = {goal.id: goal for edition in (compared.old, compared.new) for goal in edition.catalogue.goals}
    known = [change for change in changes.verdicts if change.goal in goals]
    ordered = sorted(known, key=lambda change: (goals[change.goal].order, change.goal, change.demo, change.area_id != "", change.area_id))
    return tuple(_line(change, goals[change.goal], compared, reader) for change in ordered)


def _line(change: VerdictChange, goal: Goal, compared: EditionPair, reader: Reader) -> AnswerChange:
    language = reader.language
    target = next((target for target in goal.targets if target.id == change.target), None)
    area = compared.new.area(change.area_set, change.area_id) or compared.old.area(change.area_set, change.area_id)
    page = goal_url(goal, change.indicator if change.indicator in goal.demo_indicators else "", udgave=compared.pin(compared.new))
    of_part = together.name_of(reader, change.indicator) if change.indicator in goal.together else ""
    return AnswerChange(
        question=goal.question.in_(language),
        page=page if compared.new.catalogue.goal(goal.id) else "",
        reading=", ".join(part for part in (of_part, target.name.in_(language) if target and len(goal.targets) > 1 else "") if part),
        area=area.name if area else change.area_id,
        before=_words(change.before, language),
        now=_words(change.now, language),
        demo=change.demo,
    )


def _words(side: Conclusion | None, language: str) -> VerdictWords:
    if side is None:
        return VerdictWords("", "", _UNJUDGED.in_(language))
    if side == UNREPEATED:
        return VerdictWords("", "", _UNREPEATED.in_(language))
    verdict = said(side.verdict)
    return VerdictWords(verdict.shape, verdict.words.in_(language), why(side.reason, language))
