"""Answers that are others now than in an older edition."""

from __future__ import annotations

from dataclasses import dataclass

from geo.editions.edition import Edition
from webmap.edition.reader import Reader
from webmap.goals import verdicts


@dataclass(frozen=True)
class AnswerLine:
    """An answer that is another one now, in words. reading: which reading of the target, "" when there is one only."""

    question: str
    reading: str
    before: verdicts.VerdictLine
    now: verdicts.VerdictLine


def answers(old: Edition, reader: Reader, *, goal: str = "") -> tuple[AnswerLine, ...]:
    """Answers from real figures that differ: of one goal, or of all that both editions have."""
    changed = []
    for now in reader.edition.catalogue.goals:
        before = old.catalogue.goal(now.id)
        if before is None or (goal and now.id != goal):
            continue
        lines = zip(verdicts.measured(Reader(old, reader.language), before), verdicts.measured(reader, now), strict=False)
        changed += [
            AnswerLine(now.question.in_(reader.language), then.reading, then, today)
            for then, today in lines
            if (then.verdict, then.why) != (today.verdict, today.why)
        ]
    return tuple(changed)
