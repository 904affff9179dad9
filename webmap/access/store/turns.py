"""Turns at comparing a password, which takes memory and a processor: few at a time in one process, and few who wait for theirs.

Who has signed in from their address before has a lane of their own: strangers never take the last turn, nor a place among those who
wait in that lane. So a flood of strangers, from however many addresses, makes them wait for one comparison at most.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

AT_ONCE, OF_STRANGERS = 2, 1
"""Passwords that one process compares at a time (64 MiB each), and how many of them may be strangers'."""
MAY_WAIT, MAY_WAIT_ELSEWHERE = 16, 2
"""Who may wait in each lane where sign-ins have threads of their own, and where they share those of all other pages."""
THREADS: Final = AT_ONCE + 2 * MAY_WAIT
"""Threads in which all who are compared and all who wait find room."""
PATIENCE: Final = 6.0
"""Seconds that somebody waits for a turn."""
OWN_THREADS: Final = "omraadekort.sign_in_threads"
"""Set in the environment of a request by a server that gives sign-ins threads of their own."""


class PasswordTurns:
    """The turns of one process, in each lane in the order in which people came."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._changed = threading.Condition()
        self._taken = {True: 0, False: 0}
        self._waiting: dict[bool, deque[object]] = {True: deque(), False: deque()}
        self._patience = patience

    @contextmanager
    def comparing(self, *, known: bool, may_wait: int = MAY_WAIT) -> Iterator[bool]:
        """Whether a password may be compared in this block: False when the lane is full, or no turn came in time."""
        taken = self._take(known, may_wait)
        try:
            yield taken
        finally:
            if taken:
                self._give_back(known)

    def _take(self, known: bool, may_wait: int) -> bool:
        lane, mine = self._waiting[known], object()
        with self._changed:
            if len(lane) >= may_wait:
                return False
            lane.append(mine)
            taken = False
            try:
                taken = self._changed.wait_for(lambda: lane[0] is mine and self._is_free(known), self._patience)
                self._taken[known] += taken
            finally:
                lane.remove(mine)
                self._changed.notify_all()
            return taken

    def _give_back(self, known: bool) -> None:
        with self._changed:
            self._taken[known] -= 1
            self._changed.notify_all()

    def _is_free(self, known: bool) -> bool:
        return sum(self._taken.values()) < AT_ONCE and (known or self._taken[False] < OF_STRANGERS)
