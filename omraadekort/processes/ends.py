"""How often each worker has ended before it answered: how long its next start waits for that, and when there is no use in another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

TRIES: Final = 6
"""Processes of each worker that may end in a row before they answer; when every worker has used them up, the program cannot run here."""
LONGEST: Final = 30.0
"""Seconds that a start waits at most, for as long as other workers answer."""


@dataclass
class WorkerEnds:
    """The ends of the workers of a server, each named by its index. workers: how many there are. Times are seconds of one clock."""

    workers: int
    in_a_row: dict[int, int] = field(default_factory=dict)
    due: dict[int, float] = field(default_factory=dict)

    def ended(self, worker: int, now: float) -> None:
        """Note that its process ended, and when another is to start: the first at once, then after 1, 2, 4 seconds and so on."""
        times = self.in_a_row.get(worker, 0) + 1
        self.in_a_row[worker] = times
        self.due[worker] = now + waited(times)

    def answered(self, worker: int) -> None:
        """Forget its ends: it runs. Called in the thread that asks."""
        self.in_a_row.pop(worker, None)

    def take_due(self, now: float) -> list[int]:
        """The workers to start now; they are no longer due."""
        ready = [worker for worker, when in self.due.items() if when <= now]
        for worker in ready:
            del self.due[worker]
        return ready

    def until_due(self, now: float) -> float | None:
        """Seconds until the next start, None when there is none to wait for."""
        return max(0.0, min(self.due.values()) - now) if self.due else None

    def hopeless(self) -> bool:
        """Whether every worker has ended so often, and none answered in between."""
        return all(self.in_a_row.get(worker, 0) >= TRIES for worker in range(self.workers))


def waited(times: int) -> float:
    """Seconds before the next start of a worker that ended so many times in a row before it answered, 1 for the first."""
    return 0.0 if times < 2 else min(LONGEST, 2.0 ** min(times - 2, 10))
