"""A cube as bytes and back without loss, so that what a register counted can be kept from one build to the next."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from geo.registers.cube import Atoms, Cube, CubeLine, Ints, Kinds

_KINDS = (np.uint8, np.uint16, np.uint32, np.int64)


class _About(msgspec.Struct, frozen=True):
    """What is said of a cube in words.

    kinds: how many kinds of rows. counts, keys: period, area set and rows of each array. atoms: period and rows of each.
    """

    lines: tuple[tuple[str, str, str], ...]
    kinds: int
    counts: tuple[tuple[str, str, int], ...]
    atoms: tuple[tuple[str, int], ...]
    keys: tuple[tuple[str, str, int], ...] = ()


def pack(cube: Cube) -> bytes:
    """Return a cube as the bytes that `unpack` reads."""
    counts, keys = (
        [(period, area_set, rows) for period, sets in sums.items() for area_set, rows in sets.items()] for sums in (cube.counts, cube.keys)
    )
    about = _About(
        tuple((line.what, line.name, line.group) for line in cube.lines),
        len(cube.kinds.worth),
        tuple((period, area_set, len(rows)) for period, area_set, rows in counts),
        tuple((period, len(atoms.inside)) for period, atoms in cube.atoms.items()),
        tuple((period, area_set, len(rows)) for period, area_set, rows in keys),
    )
    inside = [areas for atoms in cube.atoms.values() for areas in atoms.inside]
    packed = io.BytesIO()
    np.savez(
        packed,
        worth=_small([cube.kinds.worth.ravel()]),
        group=_small([cube.kinds.group]),
        about=np.frombuffer(msgspec.json.encode(about), np.uint8),
        counts=_small([rows.ravel() for _, _, rows in counts]),
        keys=_small([rows.ravel() for _, _, rows in keys]),
        atoms=_small([atoms.counts.ravel() for atoms in cube.atoms.values()]),
        inside=_small([np.array(areas, np.int64) for areas in inside]),
        sizes=_small([np.array([len(areas) for areas in inside], np.int64)]),
    )
    return packed.getvalue()


def unpack(packed: bytes) -> Cube:
    """Return the cube that was packed. Raises ValueError when the bytes are not those of a cube."""
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        about = msgspec.json.decode(arrays["about"].tobytes(), type=_About)
    except (OSError, EOFError, KeyError, ValueError, BadZipFile, msgspec.MsgspecError) as error:
        raise ValueError("not a cube") from error
    lines = tuple(CubeLine(*line) for line in about.lines)  # type: ignore[arg-type]  # what was written is what is read
    worth = next(_cut(arrays["worth"], [about.kinds], len(lines)))
    kinds = Kinds(lines, worth, arrays["group"].astype(np.int64))
    counts, keys = (_sums(arrays[name], listed, len(lines)) for name, listed in (("counts", about.counts), ("keys", about.keys)))
    areas, ends = arrays["inside"].tolist(), np.cumsum(arrays["sizes"].astype(np.int64)).tolist()
    inside = [tuple(areas[first:end]) for first, end in pairwise([0, *ends])]
    atoms, taken = {}, 0
    for (period, size), rows in zip(about.atoms, _cut(arrays["atoms"], [size for _, size in about.atoms], about.kinds), strict=True):
        atoms[period] = Atoms(tuple(inside[taken : taken + size]), rows)
        taken += size
    return Cube(kinds, counts, atoms, keys)


def _sums(joined: NDArray[np.integer], listed: Sequence[tuple[str, str, int]], lines: int) -> dict[str, dict[str, Ints]]:
    """Arrays by period and area set."""
    sums: dict[str, dict[str, Ints]] = {}
    of_sets = _cut(joined, [size for *_, size in listed], lines)
    for (period, area_set, _), rows in zip(listed, of_sets, strict=True):
        sums.setdefault(period, {})[area_set] = rows
    return sums


def _small(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.integer]:
    """All parts in a row, in the smallest whole numbers that hold them."""
    joined = np.concatenate(parts) if parts else np.empty(0, np.int64)
    low, high = (int(joined.min()), int(joined.max())) if len(joined) else (0, 0)
    kind = next(kind for kind in _KINDS if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return joined.astype(kind)


def _cut(joined: NDArray[np.integer], sizes: Sequence[int], lines: int) -> Iterator[Ints]:
    """Arrays of so many rows each, with a column a line."""
    taken = 0
    for size in sizes:
        yield joined[taken : taken + size * lines].astype(np.int64).reshape(size, lines)
        taken += size * lines
