"""What came of an attack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SHOWN: Final = 5
"""Failures of each attack that the table tells in words."""


@dataclass(frozen=True)
class Outcome:
    """An attack: its name, how often it was tried, one line for each trial that went wrong, and the seconds that it took."""

    attack: str
    trials: int
    failures: tuple[str, ...] = ()
    seconds: float = 0.0


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as a Markdown table, and below it the first failures of each attack in words."""
    lines = ["| attack | trials | failures | seconds |", "|---|---:|---:|---:|"]
    lines += [f"| {outcome.attack} | {outcome.trials:,} | {len(outcome.failures):,} | {outcome.seconds:,.0f} |" for outcome in outcomes]
    for outcome in outcomes:
        lines += [f"- {outcome.attack}: {line}" for line in outcome.failures[:SHOWN]]
        if len(outcome.failures) > SHOWN:
            lines.append(f"- {outcome.attack}: and {len(outcome.failures) - SHOWN:,} more")
    return "\n".join(lines)
