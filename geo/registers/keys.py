"""Record keys: a secret number for every home, the same in every table, period and edition, from which noise is drawn.

A register has no numbers of persons, so all who live at one coordinate or address share a key. It depends on the seed and on where
the home is, and on nothing in the catalogue: a new area set, indicator or code word gives the same people no other key.
geo.figures.cellkey makes the noise.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RANGE: Final = 1 << 32
"""Keys are whole numbers from 0 up to this, exclusive; sums of them are taken modulo it."""

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


def of_points(seed: str, x: NDArray[np.float64], y: NDArray[np.float64]) -> Ints:
    """Return the key of each home from its coordinate as it is written. x, y: in the register's CRS, shape (rows,), like the keys."""
    first, second = _secrets(seed)
    east, north = (np.ascontiguousarray(part, dtype=np.float64).view(np.uint64) for part in (x, y))
    return _key(_mixed(_mixed(east ^ first) + north + second))


def of_addresses(seed: str, addresses: NDArray[Any]) -> Ints:
    """Return the key of each home from its address. addresses: whole numbers or text, shape (rows,), like the keys."""
    first, second = _secrets(seed)
    if addresses.dtype.kind in "iu":
        words = addresses.astype(np.int64).view(np.uint64)
    else:
        words = pd.util.hash_array(addresses.astype(object), hash_key=seed[:16], categorize=False)
    return _key(_mixed(_mixed(words ^ first) + second))


def _secrets(seed: str) -> tuple[np.uint64, np.uint64]:
    made = blake2b(b"record keys", key=bytes.fromhex(seed), digest_size=16).digest()
    return np.uint64(int.from_bytes(made[:8], "big")), np.uint64(int.from_bytes(made[8:], "big"))


def _mixed(words: Words) -> Words:
    """Each word with its bits spread over all of it (the finisher of splitmix64; Steele, G. L. et al. (2014), OOPSLA)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _key(words: Words) -> Ints:
    return (words >> np.uint64(32)).astype(np.int64)
