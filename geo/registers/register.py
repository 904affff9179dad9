"""Registers: files with one row for each person, address or incident. They are read in parts, counted by area, and leave as counts.

`check` reads in the sidecar how a register is written and checks its files; the job that follows counts any shard of it; `count` adds
up the cubes of all shards, on this machine here, on several in geo.building.distributed. The memory that takes depends on the number
of addresses, areas and periods, not on the rows.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.files import provenance
from geo.model.areas import Register, Sidecar
from geo.registers import columns, files, periods
from geo.registers.coding import coding
from geo.registers.counting import Job, count_shards
from geo.registers.cube import Atoms, Coding, Cube, CubeQuestion
from geo.registers.files import Shard
from geo.registers.locations import ByAddress, ByCoordinate, Find, Places
from geo.spatial.crs import Box

Floats = NDArray[np.float64]

Tell = Callable[[int, int, float], None]
"""Called as (rows counted, rows in all, seconds left), every second and at the end."""

MOST_WORKERS: Final = 8
_GLANCE: Final = 0.05
_PAUSE: Final = 1.0


@dataclass(frozen=True)
class Checked:
    """A register whose files can be counted to answer a question, as far as can be seen before the first row is read."""

    path: Path
    sidecar: Sidecar
    question: CubeQuestion
    coding: Coding
    shards: tuple[Shard, ...]
    extent: Box | None

    @property
    def register(self) -> Register:
        """How the register is written."""
        return self.sidecar.register or Register(crs="")

    def job(self, find: Find) -> Job:
        """Return the job that counts any shard, for `count(checked.job(find), checked.shards)`. A list of addresses is resolved here.

        find: finds the areas of points in metres (EPSG:25832) in each set of `question.areas`, in that order. Raises InputError when
        the list of addresses cannot be read, CrsError when its coordinates cannot be right.
        """
        job = Job(self.register, self.question, self.coding, find)
        return resolved(job, self.path, self.extent) if self.register.addresses else job


@dataclass(frozen=True)
class Opened:
    """A register that can be counted: `count(opened.job, opened.shards)`."""

    sidecar: Sidecar
    job: Job
    shards: tuple[Shard, ...]


Count = Callable[[Job, Sequence[Shard], Tell], Cube]
"""How the shards of a register are counted and added up: `count`, or the same on other machines."""


def open(path: Path, question: CubeQuestion, find: Find, *, extent: Box | None = None) -> Opened:  # noqa: A001  as `open` of a file
    """Check a register and make the job that counts it. Raises InputError or CrsError as `check` does."""
    checked = check(path, question, extent=extent)
    return Opened(checked.sidecar, checked.job(find), checked.shards)


def check(path: Path, question: CubeQuestion, *, extent: Box | None = None) -> Checked:
    """Check that the sidecar of a register describes it, and that all its files can be counted for a question.

    extent: where coordinates may be expected (metres, EPSG:25832). Raises InputError or CrsError with all that is wrong with the
    files.
    """
    said = _sidecar(path)
    register = said.register or Register(crs="")
    coded = coding(question, register.codes, file=path.name)
    shards = files.shards(path, register, columns=question.columns, extent=extent)
    return Checked(path, said, question, coded, shards, extent)


def codes(path: Path) -> Mapping[str, Sequence[str]]:
    """Return the coded columns of a register and their words, as its sidecar declares them. Raises InputError when it declares none."""
    return (provenance.read(path, file=path.name).register or Register(crs="")).codes


def knows_homes(register: Register) -> bool:
    """Return whether the rows of a register have coordinates of their own, and periods that are not gathered from days."""
    return not (register.addresses or register.every)


def neighbours(checked: Checked, period: str, find: Find, areas: Mapping[str, int]) -> Atoms:
    """Count the rows of one period by the combinations of areas they share, over all sets at once. Rows in no area are left out.

    find: finds the areas of points in metres (EPSG:25832) in each set of `areas`, in that order. The result has a single line, the
    number of rows; only percents of whole areas are made of it.
    """
    register, places = checked.register, Places(find, areas)
    near, people = ByCoordinate(places, declared=checked.register.crs), np.zeros(0, np.int64)
    for shard in checked.shards:
        for x, y in _points_of(shard, register, period):
            here = np.bincount(near.of(x, y), minlength=len(places))
            here[: len(people)] += people
            people = here
    return Atoms.of(places.inside, people[:, None])


def _points_of(shard: Shard, register: Register, period: str) -> list[tuple[Floats, Floats]]:
    with columns.in_words(shard.file):
        return list(_points(shard, register, period))


def _points(shard: Shard, register: Register, period: str) -> Iterator[tuple[Floats, Floats]]:
    """The coordinates of the rows of one period, batch by batch. A shard that has no such row is not read further than its periods."""
    if not any(_of_period(batch, register, period).any() for batch in files.batches(shard, (register.period,))):
        return
    for batch in files.batches(shard, (register.period, register.x, register.y)):
        here = _of_period(batch, register, period)
        yield columns.floats(batch[register.x])[here], columns.floats(batch[register.y])[here]


def _of_period(batch: pa.RecordBatch, register: Register, period: str) -> NDArray[np.bool_]:
    """Which rows are of a period."""
    encoded = periods.encoded(batch[register.period])
    codes = [*(periods.code(word, register.every) for word in encoded.dictionary.to_pylist()), ""]
    return np.asarray(np.take(np.array([code == period for code in codes]), columns.indices(encoded)))


def _sidecar(path: Path) -> Sidecar:
    said = provenance.read(path, file=path.name)
    if said.register is None:
        file = provenance.beside(path).name
        problem = Problem(file, "the sidecar does not say how the register is written", None, "register", "", "a table [register]")
        raise InputError(problem)
    actual = checksum(path, said.register)
    if actual != said.sha256:
        raise InputError(Problem(path.name, "the register is not the one its sidecar describes", None, "sha256", actual, said.sha256))
    return said


def resolved(job: Job, path: Path, extent: Box | None) -> Job:
    """Return the job with the places of the register's list of addresses. Raises InputError or CrsError as `files.read_addresses` does."""
    listed = files.read_addresses(path, job.register, extent=extent)
    places = Places(job.find, job.question.areas)
    return replace(job, listed=ByAddress(places, listed.keys, listed.x, listed.y, declared=job.register.crs))


def checksum(path: Path, register: Register) -> str:
    """Return the SHA-256 of a register: of its file; or, when it has several, of what `sha256sum` writes of them, sorted by name."""
    paths = files.files(path, register)
    listed = files.addresses_path(path, register)
    if listed is None and paths == (path,):
        return provenance.sha256(path)
    every = sorted({*paths, *([listed] if listed and listed.is_file() else [])})
    start = path if path.is_dir() else path.parent
    lines = [f"{provenance.sha256(file)}  {file.relative_to(start).as_posix()}\n" for file in every]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def count(job: Job, shards: Sequence[Shard], tell: Tell = lambda _done, _all, _left: None, *, workers: int = 0) -> Cube:
    """Count the shards of a register in parallel on this machine, and add up. Their order and number do not change the result.

    workers: threads (default: one for each processor, at most MOST_WORKERS). Ctrl-C stops them after the batch they are in. Raises
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
    """Reports the rows counted so far now and then, and the time left at the pace so far."""

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
