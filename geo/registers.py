"""Registers: files of one row a person, address or incident. They are streamed, counted by area, and leave `geo` as counts only.

`open` reads in the sidecar how a register is written, checks its files, and makes the job that counts any shard of it; `count` adds
the cubes of all shards: on this machine here, on many in geo.cluster. The memory that takes depends on the addresses, the areas and
the periods, not on the rows.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo import crs, provenance, registerfile, registerperiods
from geo.crs import Box
from geo.cube import Cube, Question, coding
from geo.errors import InputError, Problem
from geo.model import Register, Sidecar
from geo.places import ByAddress, Find, Places
from geo.registerfile import Shard
from geo.tally import Job, count_shards

Floats = NDArray[np.float64]

Tell = Callable[[int, int, float], None]
"""Called as (rows counted, rows in all, seconds left), every second and at the end."""

MOST_WORKERS: Final = 8
_GLANCE: Final = 0.05
_PAUSE: Final = 1.0


@dataclass(frozen=True)
class Opened:
    """A register that can be counted: `count(opened.job, opened.shards)`."""

    sidecar: Sidecar
    job: Job
    shards: tuple[Shard, ...]


@dataclass(frozen=True)
class Homes:
    """Where the people of a register are in one period: distinct points in metres (EPSG:25832), and how many are at each.

    It stays in `geo`, as rows do: only percents of whole areas are made of it.
    """

    x: Floats
    y: Floats
    people: Floats


Count = Callable[[Job, Sequence[Shard], Tell], Cube]
"""How the shards of a register are counted and added up: `count`, or the same on other machines."""


def open(path: Path, question: Question, find: Find, *, extent: Box | None = None) -> Opened:  # noqa: A001  as `open` of a file
    """Open a register to answer a question about it: see that its sidecar describes it, and check all its files.

    find: finds the areas of points in metres (EPSG:25832) in each set of `question.areas`, in that order. extent: where coordinates
    may be expected. Raises InputError or CrsError with all that is wrong with the files.
    """
    said = _sidecar(path)
    register = said.register or Register(crs="")
    job = Job(register, question, coding(question, register.codes, file=path.name), find)
    shards = registerfile.shards(path, register, columns=question.columns, extent=extent)
    return Opened(said, resolved(job, path, extent) if register.addresses else job, shards)


def homes(opened: Opened, period: str) -> Homes | None:
    """Gather where the rows of one period are; rows without a coordinate are nowhere.

    None when the rows have no coordinates of their own, or their periods are gathered from days: then nothing is said of homes.
    """
    register = opened.job.register
    if register.addresses or register.every:
        return None
    parts = [part for shard in opened.shards for part in _points_of(shard, register, period)]
    points, first = np.unique(np.concatenate([np.empty((0, 2)), *(points for points, _ in parts)]), axis=0, return_inverse=True)
    people = np.bincount(first, weights=np.concatenate([np.empty(0), *(people for _, people in parts)]), minlength=len(points))
    x, y = crs.points_to_measure(points[:, 0], points[:, 1], declared=register.crs)
    return Homes(x, y, np.asarray(people, dtype=np.float64))


def _points_of(shard: Shard, register: Register, period: str) -> list[tuple[Floats, Floats]]:
    with registerfile.in_words(shard.file):
        return list(_points(shard, register, period))


def _points(shard: Shard, register: Register, period: str) -> Iterator[tuple[Floats, Floats]]:
    """The distinct points of each batch and the rows at each, so that what is kept grows with addresses and not with rows."""
    for batch in registerfile.batches(shard, (register.period, register.x, register.y)):
        told = registerperiods.encoded(batch[register.period])
        codes = [*(registerperiods.code(word, register.every) for word in told.dictionary.to_pylist()), ""]
        here = np.take(np.array([code == period for code in codes]), registerfile.indices(told))
        points = np.column_stack([registerfile.floats(batch[name])[here] for name in (register.x, register.y)])
        distinct, rows = np.unique(points[np.isfinite(points).all(axis=1)], axis=0, return_counts=True)
        yield distinct, rows.astype(float)


def _sidecar(path: Path) -> Sidecar:
    said = provenance.read(path, file=path.name)
    if said.register is None:
        file = provenance.beside(path).name
        problem = Problem(file, "the sidecar does not say how the register is written", None, "register", "", "a table [register]")
        raise InputError(problem)
    found = checksum(path, said.register)
    if found != said.sha256:
        raise InputError(Problem(path.name, "the register is not the one its sidecar describes", None, "sha256", found, said.sha256))
    return said


def resolved(job: Job, path: Path, extent: Box | None) -> Job:
    """The job with the places of the register's list of addresses."""
    listed = registerfile.read_addresses(path, job.register, extent=extent)
    places = Places(job.find, job.question.areas)
    return replace(job, listed=ByAddress(places, listed.keys, listed.x, listed.y, declared=job.register.crs))


def checksum(path: Path, register: Register) -> str:
    """The SHA-256 of a register: of its file; or, when it has several, of what `sha256sum` writes of them, sorted by name."""
    found = registerfile.files(path, register)
    listed = registerfile.addresses_path(path, register)
    if listed is None and found == (path,):
        return provenance.sha256(path)
    every = sorted({*found, *([listed] if listed and listed.is_file() else [])})
    start = path if path.is_dir() else path.parent
    lines = [f"{provenance.sha256(one)}  {one.relative_to(start).as_posix()}\n" for one in every]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def count(job: Job, shards: Sequence[Shard], tell: Tell = lambda _done, _all, _left: None, *, workers: int = 0) -> Cube:
    """Count the shards of a register side by side on this machine, and add up. The order and number of the shards change nothing.

    workers: threads (default: one a processor, at most MOST_WORKERS). Ctrl-C stops them after the batch they are in. Raises
    InputError when a shard cannot be read to its end.
    """
    workers = min(workers or min(os.cpu_count() or 1, MOST_WORKERS), max(len(shards), 1))
    waiting: SimpleQueue[Shard] = SimpleQueue()
    for shard in shards:
        waiting.put(shard)
    stop, clock = threading.Event(), Clock(sum(shard.rows for shard in shards), tell)
    done = [0] * workers

    def work(number: int) -> Cube:
        def tick(rows: int) -> bool:
            done[number] += rows
            return not stop.is_set()

        return count_shards(job, _taken(waiting), tick)

    with ThreadPoolExecutor(workers) as pool:
        try:
            tasks = [pool.submit(work, number) for number in range(workers)]
            while any(not task.done() for task in tasks):
                finished, _ = wait(tasks, timeout=_GLANCE, return_when=FIRST_EXCEPTION)
                for task in finished:
                    task.result()
                clock(sum(done))
        finally:
            stop.set()
    clock.end(sum(done))
    return sum((task.result() for task in tasks), start=job.nothing)


class Clock:
    """Tells of rows now and then, and of the time left at the pace so far."""

    def __init__(self, rows: int, tell: Tell) -> None:
        self._rows, self._tell = rows, tell
        self._start = self._last = time.monotonic()

    def __call__(self, done: int) -> None:
        """So many rows are counted."""
        now = time.monotonic()
        if now - self._last < _PAUSE or not done:
            return
        self._last, rows = now, max(self._rows, done)  # the rows of a CSV are an estimate
        self._tell(done, rows, (rows - done) * (now - self._start) / done)

    def end(self, done: int) -> None:
        """All rows are counted."""
        self._tell(done, done, 0.0)


def _taken(waiting: SimpleQueue[Shard]) -> Iterator[Shard]:
    """The shards that no other worker has taken."""
    while True:
        try:
            yield waiting.get_nowait()
        except Empty:
            return
