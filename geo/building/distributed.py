"""More than one machine: the same build on a Dask cluster (the extra `scale`): registers are counted there, and closed by the gate.

    at = "tcp://10.0.0.5:8786"
    pipeline.build(workspace, count=partial(cluster.count, scheduler=at), each=partial(cluster.each, scheduler=at))

The workers need this program, the same versions of what it uses, and the register's files under the same path. The cubes of shards add
up, so a sum is all it takes; a block of the gate is worked on alone. What travels to the workers is the cover of the areas, once, the
names of files, and counts by atom and kind of people; what comes back is counts by area, and what to hide. No row of a person crosses
the network, but counts of one or two people do, between machines that may all read the register.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any, Final

from geo.disclosure.solver import choose, workers
from geo.errors import GeoError, Problem
from geo.registers.counting import Job, count_shards
from geo.registers.cube import Cube
from geo.registers.files import Shard
from geo.registers.register import Clock, Tell

MOST_TASKS: Final = 8
"""How many tasks a worker's thread gets, at most: a worker that dies loses one task, and all wait for the last one to finish."""

WORTH: Final = 8_000_000
"""How many rows a task should have: each task resolves the coordinates it meets anew, because no worker keeps them."""

PATIENCE: Final = 10.0
"""How many seconds the scheduler may take to answer."""


def count(
    job: Job, shards: Sequence[Shard], tell: Tell = lambda _done, _all, _left: None, *, scheduler: str, patience: float = PATIENCE
) -> Cube:
    """Count the shards of a register on the workers of a Dask scheduler, and add up: the same cube as `registers.count` makes.

    What a worker was counting when it died is counted again by another. Raises GeoError when the scheduler cannot be reached or is
    lost, or when a shard kills every worker that takes it, and InputError as `registers.count` does; nothing is kept then.
    """
    with _client(scheduler, patience, "a part of the register") as client:
        return _sum(client, job, shards, tell)


def each(work: workers.Work, tasks: Sequence[workers.Task], *, scheduler: str, patience: float = PATIENCE) -> Iterator[choose.Suppression]:
    """Close blocks on the workers of a Dask scheduler, in their order; here where they are few.

    A block whose worker dies is begun again on another. Raises GeoError as `count` does. See `geo.disclosure.solver.workers.Each`.
    """
    if workers.few(tasks):
        yield from map(work, tasks)
        return
    with _client(scheduler, patience, "a block of figures") as client:
        futures = [client.submit(work, task, pure=False) for task in tasks]
        while futures:  # the worker forgets a future when nobody here refers to it
            yield futures.pop(0).result()


@contextmanager
def _client(scheduler: str, patience: float, part: str) -> Iterator[Any]:
    """A client of a scheduler; when it ends, nothing of its work is left there. part: what a worker is given, for an error message."""
    distributed = _distributed()
    lost = (OSError, TimeoutError, asyncio.TimeoutError, CancelledError, asyncio.CancelledError, distributed.KilledWorker)
    client = None
    try:
        client = distributed.Client(scheduler, timeout=patience, set_as_default=False)
        yield client
    except lost as error:
        raise _gone(scheduler, error, part if isinstance(error, distributed.KilledWorker) else "") from None
    finally:
        if client is not None:
            client.close(timeout=1)


def _sum(client: Any, job: Job, shards: Sequence[Shard], tell: Tell) -> Cube:
    sent = client.scatter(job, broadcast=True, hash=False)
    tasks = _tasks(shards, threads=max(sum(client.nthreads().values()), 1))
    futures = [client.submit(count_shards, sent, task, pure=False) for task in tasks]
    rows = {future.key: sum(shard.rows for shard in task) for future, task in zip(futures, tasks, strict=True)}
    clock, done, total = Clock(sum(rows.values()), tell), 0, job.nothing
    with client.as_current():
        for future in _distributed().as_completed(futures):
            total += future.result()
            done += rows[future.key]
            clock(done)
    clock.end(total.rows)
    return total


def _tasks(shards: Sequence[Shard], *, threads: int) -> list[list[Shard]]:
    """Neighbouring shards together in tasks of about the same number of rows."""
    rows = sum(shard.rows for shard in shards)
    each = rows / threads / min(max(round(rows / threads / WORTH), 1), MOST_TASKS)
    tasks: list[list[Shard]] = []
    before = 0
    for shard in shards:
        if before >= each * len(tasks):
            tasks.append([])
        tasks[-1].append(shard)
        before += shard.rows
    return tasks


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415  an extra: loaded only when it is asked for
    except ImportError:
        problem = Problem(
            "", "Dask is not installed, so nothing can be counted on other machines", expected="pip install omraadekort[scale]"
        )
        raise GeoError(problem) from None
    return distributed


def _gone(scheduler: str, error: BaseException, killed_by: str) -> GeoError:
    if killed_by:
        return GeoError(Problem(scheduler, f"every worker that took {killed_by} died on it", expected="workers with more memory"))
    what = "the scheduler cannot be reached, or went away; nothing was built"
    return GeoError(Problem(scheduler, what, found=type(error).__name__, expected="a running `dask scheduler` with workers"))
