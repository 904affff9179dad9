"""Whether a person stands twice in a period of a register: each would be counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.model.areas import Register
from geo.registers import columns, files, periods
from geo.registers.files import Shard

MOST_ROWS: Final = 100_000_000
"""Rows up to which it is looked for: eight bytes of memory a row, and a sort."""
_ODD: Final = np.uint64(0x9E37_79B9_7F4A_7C15)
"""Spreads the numbers of periods over 64 bits (Knuth's multiplicative hashing), so that a person of two periods has two keys."""


def check(name: str, shards: Sequence[Shard], register: Register) -> None:
    """Raise InputError when a person stands twice in a period. Nothing is looked for where the register has no column of persons.

    name: the register's name in messages. Registers whose periods are gathered from days hold events, of which a person may have
    several. Persons are compared by 64-bit hashes, so one in about a hundred thousand registers of ten million rows is refused wrongly.
    """
    if not register.person or register.every or not shards or sum(shard.rows for shard in shards) > MOST_ROWS:
        return
    numbers: dict[str, int] = {}
    keys = [_keys(shard, register, numbers) for shard in shards if register.person in files.names(shard)]
    if not keys:
        return
    every = np.concatenate(keys)
    times = len(every) - len(np.unique(every))
    if times:
        expected = 'one row a person and period; where a row is an event and a person may have several, person = "" in [register]'
        part = f"{times:,} of {len(every):,} rows ({100 * times / len(every):.1f} %)"
        raise InputError(Problem(name, "a person stands twice in a period", None, register.person, part, expected))


def _keys(shard: Shard, register: Register, numbers: dict[str, int]) -> NDArray[np.uint64]:
    """A number for each row that names a person: the same for the same person in the same period, and hardly ever for others."""
    parts: list[NDArray[np.uint64]] = [np.zeros(0, dtype=np.uint64)]
    for batch in files.batches(shard, (register.period, register.person)):
        with columns.in_words(shard.file):
            code = _periods(batch[register.period], register, numbers)
            person = batch[register.person]
            there = np.asarray(person.is_valid())
            number = hashed(person)
            parts.append((number ^ (code.astype(np.uint64) * _ODD))[there])
    return np.concatenate(parts)


def _periods(column: pa.Array, register: Register, numbers: dict[str, int]) -> NDArray[np.int64]:
    encoded = periods.encoded(column)
    words = [periods.code(word, register.every) for word in encoded.dictionary.to_pylist()] + [""]
    of_word = np.array([numbers.setdefault(word, len(numbers) + 1) for word in words], dtype=np.int64)
    codes: NDArray[np.int64] = of_word[columns.indices(encoded)]
    return codes


def hashed(column: pa.Array) -> NDArray[np.uint64]:
    """Return a hash of each row's person, shape (rows,); text and the same number as text are two persons, and 0 stands for none."""
    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    values = pd.util.hash_array(np.asarray(encoded.dictionary.to_pandas()), categorize=False)
    hashes: NDArray[np.uint64] = np.append(values, np.uint64(0))[columns.indices(encoded)]
    return hashes
