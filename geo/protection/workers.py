"""Closing blocks: one after another, or many at a time on all cores. A block is worked on alone, so it may be on another machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

from geo.protection.solver import choose, offers
from geo.protection.solver import tables as matrices
from geo.protection.solver.offers import Offers
from geo.protection.solver.tables import Bools, Worlds

MANY: Final = 4000
"""Targets from which other processes are worth their start."""

Task = tuple[matrices.Problem, Bools, tuple[Worlds, ...], Offers | None]
Each = Callable[[Callable[[Task], choose.Closed], Sequence[Task]], Iterator[choose.Closed]]
"""Closes some blocks, here or on other machines, and gives them back in their order."""

Tell = Callable[[str, int, int], None]
"""Called as (what is being done, blocks done, blocks in all)."""


def few(tasks: Sequence[Task]) -> bool:
    """Whether blocks are so few and small that one process closes them before others have begun."""
    return len(tasks) < 2 or sum(len(problem.targets) for problem, *_ in tasks) < MANY


def here(work: Callable[[Task], choose.Closed], tasks: Sequence[Task]) -> Iterator[choose.Closed]:
    """Close blocks on all cores of this machine, in this process where they are few."""
    if few(tasks):
        yield from map(work, tasks)
        return
    with ProcessPoolExecutor(min(len(tasks), os.cpu_count() or 1), get_context("spawn")) as pool:
        try:
            yield from pool.map(work, tasks)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def solve(task: Task) -> choose.Closed:
    """Close one block; a function of its own so that another process can call it."""
    problem, also, hints, offered = task
    return choose.close(problem, also=also, hints=hints) if offered is None else offers.close(problem, also, hints, offered)
