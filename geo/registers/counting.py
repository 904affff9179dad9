"""How the rows of a register become a cube: counted by place, period and profile first, then summed into lines, areas and atoms.

A place is a combination of areas that points share (geo.registers.locations). A row takes a few look-ups and additions, whatever the
number of area sets and indicators; the rest is done once for all rows that share a place, a period and a profile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from geo.errors import InputError, Problem
from geo.model.areas import Register
from geo.registers import columns as columns_registers
from geo.registers import files, periods
from geo.registers import keys as record_keys
from geo.registers.cube import Atoms, Coding, Cube, CubeQuestion
from geo.registers.files import Shard
from geo.registers.locations import NO_ADDRESS, ByAddress, ByCoordinate, Find, Places

FOLD: Final = 1 << 20
"""How many rows are held before they are added to the counts."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Job:
    """Everything that is needed to count any shard of a register, on this machine or another. It never changes and can be pickled."""

    register: Register
    question: CubeQuestion
    coding: Coding
    find: Find
    listed: ByAddress | None = None

    @property
    def nothing(self) -> Cube:
        """Return the cube of no rows."""
        return Cube(self.coding.kinds, {})


def count_shards(job: Job, shards: Iterable[Shard], tick: Callable[[int], bool] = lambda _rows: True) -> Cube:
    """Count some shards one after the other. `tick` is called with the rows of every batch; the count stops when it returns False.

    Raises InputError when a shard cannot be read to its end.
    """
    tally = _Tally(job)
    columns = tally.columns
    for shard in shards:
        keys = None if job.listed is None else job.listed.kind
        for batch in files.batches(shard, columns, keys=keys):
            with columns_registers.in_words(shard.file):
                tally.add(batch, file=shard.file)
            if not tick(batch.num_rows):
                return job.nothing
    return tally.cube()


class _Tally:
    """The running counts of one worker: by place, period and profile first, summed into lines now and then."""

    def __init__(self, job: Job) -> None:
        self._job, self._register, self._coding = job, job.register, job.coding
        self._places = job.listed.places if job.listed else Places(job.find, job.question.areas)
        self._near = ByCoordinate(self._places, declared=job.register.crs)
        self._periods: dict[str, int] = {}
        self._words: dict[tuple[str, object], int] = {}
        self._held: list[tuple[NDArray[np.int32], Ints, Ints]] = []
        self._counts: dict[str, Ints] = {}  # of each period: shape (places so far, kinds)
        self._keys: dict[str, Ints] = {}  # the same of record keys, where they are asked for

    @property
    def columns(self) -> tuple[str, ...]:
        register = self._register
        where = (register.address,) if register.addresses else (register.x, register.y)
        return tuple(dict.fromkeys((register.period, *where, *self._job.question.columns)))

    def add(self, batch: pa.RecordBatch, *, file: str) -> None:
        """Add the rows of one batch."""
        period = self._register.period
        code = self._numbers(periods.encoded(batch[period]), period, self._period)
        for column in self._job.question.columns:
            array = batch[column]
            code += self._numbers(array if isinstance(array, pa.DictionaryArray) else array.dictionary_encode(), column, self._part)
        place = self._place(batch, file=file)
        self._held.append((place, code, self._record_keys(batch) if self._job.question.seed else code[:0]))
        if sum(len(held) for _, held, _ in self._held) >= FOLD:
            self._fold()

    def cube(self) -> Cube:
        """What has been counted so far, with places turned into areas and atoms, so that the cubes of several workers can be added."""
        self._fold()
        by_place = {period: _grown(counts, len(self._places)) for period, counts in self._counts.items()}
        atoms = {period: Atoms.of(self._places.inside, rows) for period, rows in by_place.items()}
        keys = {period: _grown(sums, len(self._places)) for period, sums in self._keys.items()}
        by_key = {period: {name: rows % record_keys.RANGE for name, rows in sets.items()} for period, sets in self._of_areas(keys).items()}
        return Cube(self._coding.kinds, self._of_areas(by_place), atoms, by_key)

    def _of_areas(self, by_place: dict[str, Ints]) -> dict[str, dict[str, Ints]]:
        """Sums by place and kind as sums by area and line, a period and an area set each."""
        shares, worth = self._places.shares(), self._coding.kinds.worth
        return {period: {name: share @ (rows @ worth) for name, share in shares.items()} for period, rows in by_place.items()}

    def _place(self, batch: pa.RecordBatch, *, file: str) -> NDArray[np.int32]:
        register, listed = self._register, self._job.listed
        if listed is None:
            return self._near.of(columns_registers.floats(batch[register.x]), columns_registers.floats(batch[register.y]))
        column = batch[register.address]
        if not isinstance(column, pa.DictionaryArray):
            column = column.dictionary_encode() if pa.types.is_string(column.type) else column
        keys = columns_registers.plain(column.dictionary if isinstance(column, pa.DictionaryArray) else column)
        if len(keys) and keys.dtype.kind != listed.keys.dtype.kind:
            problem = Problem(file, "the address has another type than in the list of addresses", column=register.address)
            raise InputError(problem)
        place = listed.of(keys)
        return (
            np.append(place, np.int32(NO_ADDRESS))[columns_registers.indices(column)] if isinstance(column, pa.DictionaryArray) else place
        )

    def _record_keys(self, batch: pa.RecordBatch) -> Ints:
        """The record key of each row, from its coordinate or its address; 0 where it has no address."""
        register, seed = self._register, self._job.question.seed
        if self._job.listed is None:
            return record_keys.of_points(seed, columns_registers.floats(batch[register.x]), columns_registers.floats(batch[register.y]))
        column = batch[register.address]
        if not isinstance(column, pa.DictionaryArray):
            column = column.dictionary_encode()
        keys: Ints = np.append(record_keys.of_addresses(seed, columns_registers.plain(column.dictionary)), 0)[
            columns_registers.indices(column)
        ]
        return keys

    def _numbers(self, array: pa.DictionaryArray, column: str, number: Callable[[str, object], int]) -> Ints:
        """The number of each row's word, as `number` gives it out for the column and the word (None where there is none)."""
        words = [*array.dictionary.to_pylist(), None]
        for word in words:
            if (column, word) not in self._words:
                self._words[column, word] = number(column, word)
        return np.take(np.array([self._words[column, word] for word in words], dtype=np.int64), columns_registers.indices(array))

    def _part(self, column: str, word: object) -> int:
        text = str(word).lower() if isinstance(word, bool) else str(word)
        unknown = self._coding.unknown[column]
        return unknown if word is None else self._coding.parts[column].get(text, unknown)

    def _period(self, _column: str, word: object) -> int:
        code = periods.code(word, self._register.every)
        return self._periods.setdefault(code, len(self._periods)) * self._coding.profiles

    def _fold(self) -> None:
        """Add the rows held to the counts: equal rows counted together, then profiles turned into kinds."""
        if not self._held:
            return
        place, code, record = (np.concatenate(parts) for parts in zip(*self._held, strict=True))
        self._held = []
        if len(record):
            self._add_keys(place, code, record)
        seen = np.flatnonzero(np.bincount(code))  # few of all codes occur among the rows held
        rank = np.zeros(seen.max(initial=-1) + 1, dtype=np.int64)
        rank[seen] = np.arange(len(seen))
        key, rows = _counted(place * np.int64(len(seen)) + rank[code])
        place, code = key // max(len(seen), 1), seen[key % max(len(seen), 1)]
        for period, number in self._periods.items():
            now = code // self._coding.profiles == number
            if now.any():
                self._add(period, rows[now], place[now], code[now] % self._coding.profiles)

    def _add(self, period: str, rows: Ints, place: Ints, profile: Ints) -> None:
        by_place = self._by_place(rows, place, profile)
        before = self._counts.get(period)
        self._counts[period] = by_place if before is None else _grown(before, len(by_place)) + by_place

    def _add_keys(self, place: Ints, code: Ints, record: Ints) -> None:
        """Add the record keys of the rows held: at most FOLD of 32 bits, so no sum is too large."""
        number, profile = np.divmod(code, self._coding.profiles)
        for period, of_period in self._periods.items():
            now = number == of_period
            if now.any():
                sums = self._by_place(record[now], place[now], profile[now])
                before = self._keys.get(period)
                self._keys[period] = (sums if before is None else _grown(before, len(sums)) + sums) % record_keys.RANGE

    def _by_place(self, rows: Ints, place: Ints, profile: Ints) -> Ints:
        size = (len(self._places), len(self._coding.kinds.worth))
        return np.asarray(sparse.csr_array((rows, (place, self._coding.kind[profile])), shape=size).toarray(), dtype=np.int64)


def _grown(counts: Ints, places: int) -> Ints:
    """The counts with rows of zero for the places that have been met since."""
    return np.concatenate([counts, np.zeros((places - len(counts), counts.shape[1]), dtype=np.int64)])


def _counted(keys: Ints) -> tuple[Ints, Ints]:
    """The distinct keys and how often each is there; keys that lie close are counted without sorting."""
    if len(keys) and keys.max() < 2 * len(keys):
        rows = np.bincount(keys)
        touched = np.flatnonzero(rows)
        return touched, rows[touched]
    touched, rows = np.unique(keys, return_counts=True)
    return touched, rows
