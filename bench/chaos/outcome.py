"""What came of an attack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SHOWN: Final = 5
"""Failures of one attack that are printed; the others are counted."""


@dataclass(frozen=True)
class Outcome:
    """An attack: its name, how often it was tried, and one line for each trial that went wrong."""

    attack: str
    trials: int
    failures: tuple[str, ...] = ()


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as a Markdown table, and below it the first failures of each attack in words."""
    lines = ["| attack | trials | failures |", "|---|---:|---:|"]
    lines += [f"| {outcome.attack} | {outcome.trials:,} | {len(outcome.failures):,} |" for outcome in outcomes]
    for outcome in outcomes:
        lines += [f"- {outcome.attack}: {line}" for line in outcome.failures[:SHOWN]]
        if len(outcome.failures) > SHOWN:
            lines.append(f"- {outcome.attack}: and {len(outcome.failures) - SHOWN:,} more")
    return "\n".join(lines)
