"""The steps of a build: what is being done and how far it is, and of each step what was kept, why, and what it cost."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

Progress = Callable[[str, int, int], None]
"""Called as (what, done, total): so much of something is done. A step of a build is named alone and counted among the steps; a part of
a step is named `step: part`, and its numbers are whatever it counts. Nobody says how long it will take: that follows from the pace."""

Done = Literal["anew", "kept", "partly kept"]
_BYTES: Final = 1 if sys.platform == "darwin" else 1024
"""What the system counts the peak of memory in."""


def silent(_what: str, _done: int, _total: int) -> None:
    """The progress of a build that nobody watches."""


@dataclass(frozen=True)
class FinishedStep:
    """A step that is over. why: what was kept or done anew, in words. seconds: wall clock. peak: bytes of memory, the most so far."""

    name: str
    done: Done
    why: str
    seconds: float
    peak: int


class StepTimer:
    """Takes the time of steps, one after the other, and tells of them as they begin and end."""

    def __init__(
        self, names: tuple[str, ...], progress: Progress = silent, ended: Callable[[FinishedStep], None] = lambda _step: None
    ) -> None:
        self._names, self._progress, self._ended = names, progress, ended
        self._name, self._start = "", 0.0
        self._notes: list[tuple[bool, str]] = []

    def begin(self, name: str) -> None:
        """Begin a step; the one before is over."""
        self.end()
        self._name, self._start, self._notes = name, time.monotonic(), []
        self._progress(name, self._names.index(name), len(self._names))

    def note(self, why: str, *, kept: bool = False) -> None:
        """Something in the present step was kept, or done anew, and why."""
        self._notes.append((kept, why))

    def part(self, what: str, done: int, total: int) -> None:
        """So much of a part of the present step is done: a Progress for whoever does it."""
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
