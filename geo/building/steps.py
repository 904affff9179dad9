"""The steps of a build: what is being done and how far it is; afterwards what was used again, why, and what it cost."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

Progress = Callable[[str, int, int], None]
"""A function that is called as (what, done, total).

A step of a build is named alone and counted among the steps. A part of a step is named `step: part`, and its numbers are those of
whatever it counts. The time left is not given; it follows from the pace.
"""

Done = Literal["anew", "kept", "partly kept"]
_BYTES: Final = 1 if sys.platform == "darwin" else 1024
"""The unit in which the system counts the peak of memory, in bytes."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Report nothing: the progress of a build that nobody watches."""


@dataclass(frozen=True)
class FinishedStep:
    """A step that is over. why: what was used again or done anew, in words. seconds: wall clock. peak: the most memory so far, in bytes."""

    name: str
    done: Done
    why: str
    seconds: float
    peak: int


class StepTimer:
    """Measures the time of steps, one after the other, and reports when they begin and end."""

    def __init__(
        self, names: tuple[str, ...], progress: Progress = silent, ended: Callable[[FinishedStep], None] = lambda _step: None
    ) -> None:
        self._names, self._progress, self._ended = names, progress, ended
        self._name, self._start = "", 0.0
        self._notes: list[tuple[bool, str]] = []

    def begin(self, name: str) -> None:
        """Begin a step; the step before is over."""
        self.end()
        self._name, self._start, self._notes = name, time.monotonic(), []
        self._progress(name, self._names.index(name), len(self._names))

    def note(self, why: str, *, kept: bool = False) -> None:
        """Record that something in the present step was used again (`kept`) or done anew, and why."""
        self._notes.append((kept, why))

    def part(self, what: str, done: int, total: int) -> None:
        """Report how much of a part of the present step is done; it is a Progress for whoever does the part."""
        self._progress(f"{self._name}: {what}", done, total)

    def end(self) -> None:
        """End the present step, if there is one."""
        if not self._name:
            return
        kept = {was_kept for was_kept, _ in self._notes}
        done: Done = "anew" if True not in kept else "partly kept" if False in kept else "kept"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES
        why = "; ".join(why for _, why in self._notes) or "done in every build"
        step = FinishedStep(self._name, done, why, time.monotonic() - self._start, peak)
        self._name = ""
        self._ended(step)
