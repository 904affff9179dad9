"""Record keys: a secret number for every home, the same in every table, period and edition. Noise follows from them (geo.figures.cellkey).

A register knows no persons, so all who live at one coordinate or address share a key. It depends on the seed and on where the home is
and on nothing that the catalogue says: a new area set, indicator or code word gives the same people no other key.
"""

from __future__ import annotations

import os
import secrets
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import Problem, WorkspaceError

NAME: Final = "noise-seed"
"""In `internal/`: the seed, for its owner alone."""

RANGE: Final = 1 << 32
"""Keys are whole numbers from 0 up to this; sums of them are taken modulo it."""

_SIZE: Final = 32

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


def seed(internal: Path, *, published: bool = False) -> str:
    """The seed of a workspace, in hexadecimal; made the first time, in a file of mode 0600.

    told: whether earlier editions hold figures with noise. Raises WorkspaceError when they do and their seed is gone: another one
    would draw their noise a second time, and two draws together tell more than one.
    """
    path = internal / NAME
    if not path.is_file():
        if published:
            what = "the seed of the noise in earlier editions is gone"
            raise WorkspaceError(
                Problem(str(path), what, expected="the file from a backup; or those editions removed, if nobody read them")
            )
        internal.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_SIZE))
    written = path.read_text(encoding="ascii", errors="replace").strip()
    if len(written) != 2 * _SIZE or not set(written) <= set("0123456789abcdef"):
        raise WorkspaceError(Problem(str(path), "the seed of the noise is damaged", expected="the file from a backup"))
    return written


def of_points(seed: str, x: NDArray[np.float64], y: NDArray[np.float64]) -> Ints:
    """The key of each home, from its coordinate as it is written."""
    first, second = _secrets(seed)
    east, north = (np.ascontiguousarray(part, dtype=np.float64).view(np.uint64) for part in (x, y))
    return _key(_mixed(_mixed(east ^ first) + north + second))


def of_addresses(seed: str, addresses: NDArray[Any]) -> Ints:
    """The key of each home, from its address: whole numbers or text."""
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
