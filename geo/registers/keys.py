"""Record keys: a secret number for every home, the same in every table, period and edition, from which noise is drawn.

A register has no numbers of persons, so all who live at one coordinate or address share a key. It depends on the seed and on where
the home is, and on nothing in the catalogue: a new area set, indicator or code word gives the same people no other key.
geo.figures.cellkey makes the noise.
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
"""The file in `internal/` that holds the seed; only its owner can read it."""

RANGE: Final = 1 << 32
"""Keys are whole numbers from 0 up to this, exclusive; sums of them are taken modulo it."""

_SIZE: Final = 32

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


def seed(internal: Path, *, published: bool = False) -> str:
    """Return the seed of a workspace, in hexadecimal; it is made the first time, in a file of mode 0600.

    published: whether earlier editions hold figures with noise. Raises WorkspaceError when they do and their seed is gone: a new seed
    would draw their noise a second time, and two draws together disclose more than one.
    """
    path = internal / NAME
    if not path.is_file():
        if published:
            what = "the seed of the noise in earlier editions is gone"
            raise WorkspaceError(
                Problem(str(path), what, expected="the file from a backup; or those editions removed, if nobody read them")
            )
        internal.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep(path, secrets.token_hex(_SIZE))
    written = path.read_text(encoding="ascii", errors="replace").strip()
    if len(written) != 2 * _SIZE or not set(written) <= set("0123456789abcdef"):
        raise WorkspaceError(Problem(str(path), "the seed of the noise is damaged", expected="the file from a backup"))
    return written


def _keep(path: Path, seed: str) -> None:
    """Write the seed as a whole, on disk when this returns: half a seed, or another one after a power cut, would cost the noise."""
    scratch = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
        stream.write(seed)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


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
