"""Closing blocks one after another, or many at a time on all processors. Blocks are independent, so other machines can help too."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import current_process, get_context, parent_process
from typing import Final

import numpy as np

from geo.disclosure.solver import choose, offers, parts
from geo.disclosure.solver import tables as matrices
from geo.disclosure.solver.offers import Offers
from geo.disclosure.solver.tables import Bools, Worlds

MANY: Final = 4000
"""The number of targets from which starting other processes is worthwhile."""

Task = tuple[matrices.SuppressionProblem, Bools, tuple[Worlds, ...], Offers | None]
Work = Callable[[Task], choose.Suppression]
Each = Callable[[Work, Sequence[Task]], Iterator[choose.Suppression]]
"""A function that closes several blocks, here or on other machines, and returns the results in their order."""

Tell = Callable[[str, int, int], None]
"""A function that is called as (what is being done, blocks done, blocks in all)."""


def few(tasks: Sequence[Task]) -> bool:
    """Return whether blocks are so few and small that one process closes them before others have started."""
    return len(tasks) < 2 or sum(len(problem.targets) for problem, *_ in tasks) < MANY


@contextmanager
def pool() -> Iterator[Each]:
    """Yield a function that closes blocks on all processors of this machine; few blocks are closed in this process.

    Other processes are started once, when they are needed. When one of them is lost, the rest is closed in this process. The same
    happens in a program that calls this while it is imported, without `if __name__ == "__main__"`: the started process imports the
    program again, and SystemExit, raised there, ends it.
    """
    if getattr(current_process(), "_inheriting", False):  # the mark that multiprocessing itself uses
        raise SystemExit('A program that builds as it is imported has one core: put the call under `if __name__ == "__main__":`')
    with ExitStack() as opened:
        executor: ProcessPoolExecutor | None = None
        lost = False

        def each(work: Work, tasks: Sequence[Task]) -> Iterator[choose.Suppression]:
            nonlocal executor, lost
            done = 0
            if not (lost or few(tasks)):
                executor = executor or opened.enter_context(_executor())
                try:
                    for answer in executor.map(work, tasks):
                        yield answer
                        done += 1
                except BrokenProcessPool:
                    lost = True
            yield from map(work, tasks[done:])

        try:
            yield each
        except BaseException:
            if executor is not None:
                executor.shutdown(wait=False, cancel_futures=True)
            raise


def _executor() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """End this process when the one that started it is killed: it would wait for its next block for ever."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def here(work: Work, tasks: Sequence[Task]) -> Iterator[choose.Suppression]:
    """Close several blocks on all processors of this machine, with processes started for these alone."""
    with pool() as each:
        yield from each(work, tasks)


def solve(task: Task) -> choose.Suppression:
    """Close one block. It is a function of its own so that another process can call it."""
    problem, also, hints, offered = task
    return choose.close(problem, also=also, hints=hints) if offered is None else offers.close(problem, also, hints, offered)


def closed(tasks: Sequence[Task], each: Each, tell: Callable[[int, int], None]) -> Iterator[choose.Suppression]:
    """Close blocks with `each`, very large ones in parts. tell: called as (blocks and parts done, blocks and parts in all)."""
    if not any(parts.large(task[0]) for task in tasks):
        for number, answer in enumerate(each(solve, tasks), 1):
            tell(number, len(tasks))
            yield answer
        return
    for problem, also, hints, offered in tasks:
        if offered is None:
            yield choose.close(problem, also=also, hints=hints, apart=lambda problems: _apart(problems, each, tell))
        else:
            yield solve((problem, also, hints, offered))


def _apart(problems: Sequence[matrices.SuppressionProblem], each: Each, tell: Callable[[int, int], None]) -> Iterator[choose.Suppression]:
    order = sorted(range(len(problems)), key=lambda number: (-len(problems[number].targets), number))  # the longest first
    tasks: list[Task] = [(problems[number], np.zeros(len(problems[number].figures.region), dtype=bool), (), None) for number in order]
    answers: dict[int, choose.Suppression] = {}
    for number, answer in zip(order, each(solve, tasks), strict=True):
        answers[number] = answer
        tell(len(answers), len(tasks) + 1)
    return (answers[number] for number in range(len(problems)))
