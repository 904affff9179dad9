"""Which areas a point lies in, exactly: a grid whose cells answer for all their points, and an exact test where a border passes.

docs/cells.md explains it with a picture. A cell that no border touches lies wholly inside an area or wholly outside it, so one
look-up answers for its points. A cell that a border touches has a list of the areas that may contain its points; only there does
shapely's `intersects` decide.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal
from zipfile import BadZipFile

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.spatial.grid import Floats, Grid, Integers, Layer, Numbers, Shapes, distinct, edges, grid_over, intersects, passes

CELLS: Final = 1 << 20
"""The approximate number of cells of a grid. More cells leave fewer points to the exact test; each takes 4 bytes for each area set."""

Kernel = Literal["numpy", "numba"]

INSTALLED: Final = find_spec("numba") is not None
"""Whether the extra `fast` is there. A cover that another machine prepared for it is answered by numpy where it is not."""

NOBODY: Final = -1
PARTS: Final = ("partition", "code", "start", "area", "sure", "wkb", "bytes")
CHUNK: Final = 1 << 16
BLOCK: Final = 1 << 24


@dataclass(frozen=True)
class Cover:
    """Several area sets in one grid. It is never changed once it is made, and it can be pickled for other processes."""

    grid: Grid
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class PointPairs:
    """Pairs of a point and an area of one set, by their numbers from 0, sorted by point, then by area. Both have shape (pairs,)."""

    point: Integers
    area: Numbers


def cover(sets: Sequence[Shapes], *, partition: Sequence[bool], cells: int = CELLS, kernel: Kernel = "numpy") -> Cover:
    """Make the cover of area sets.

    sets: for each set, its polygons and multipolygons in the order of its area ids, shape (areas,), all in one plane CRS. partition:
    for each set, whether a point on a shared border belongs to the first area alone (otherwise to every area that touches it). The
    answers depend neither on `cells` nor on `kernel`, only the speed does; "numba" needs the extra `fast`. Raises ValueError for
    shapes that are not areas.
    """
    everything = np.array([shape for shapes in sets for shape in shapes], dtype=object)
    if not np.isin(shapely.get_type_id(everything), (-1, 3, 6)).all():
        raise ValueError("a cover is made of polygons and multipolygons")
    grid = grid_over(everything, cells)
    return prepared(Cover(grid, tuple(_layer(grid, shapes, disjoint) for shapes, disjoint in zip(sets, partition, strict=True))), kernel)


def prepared(cover: Cover, kernel: Kernel) -> Cover:
    """Return the same cover with what a kernel needs. Raises ImportError for "numba" when numba cannot be loaded.

    geo.spatial.points decides which kernel is faster.
    """
    if kernel == "numpy":
        return cover
    from geo.spatial.cells_compiled import edges_of  # noqa: PLC0415  an extra: loaded only when it is asked for

    return replace(cover, layers=tuple(replace(layer, edges=edges_of(cover.grid, layer)) for layer in cover.layers))


def find(cover: Cover, x: Floats, y: Floats) -> tuple[PointPairs, ...]:
    """Find the areas of each set that a point lies in or on the border of: all for which shapely's `intersects` is true.

    x, y: coordinates in the areas' CRS, shape (points,). Returns the pairs of each set, in the order of the sets. A NaN or infinite
    coordinate is in no area. In a partition a point has at most one area: the first that it touches.
    """
    founds: list[list[PointPairs]] = [[] for _ in cover.layers]
    for block, block_x, block_y in _blocks(x, y):
        codes = [np.empty(len(block_x), np.int32) for _ in cover.layers]
        _fill(codes, cover, block_x, block_y)
        for layer, code, pairs in zip(cover.layers, codes, founds, strict=True):
            point, area = _pairs(layer, code, block_x, block_y)
            pairs.append(PointPairs(block.start + point, area))
    return tuple(
        PointPairs(np.concatenate([pairs.point for pairs in pairs_of_set]), np.concatenate([pairs.area for pairs in pairs_of_set]))
        for pairs_of_set in founds
    )


def locate(cover: Cover, x: Floats, y: Floats) -> Numbers:
    """Find the area of each point in a cover of a single partition.

    x, y: coordinates in the areas' CRS, shape (points,). Returns the number of each point's area, shape (points,); NOBODY (-1) where
    it is in none. Raises ValueError when the cover is not of exactly one partition.
    """
    if [layer.partition for layer in cover.layers] != [True]:
        raise ValueError("locate answers for one partition; find answers for several sets, and for areas that overlap")
    owner = np.empty(len(x), np.int32)
    for block, block_x, block_y in _blocks(x, y):
        _fill([owner[block]], cover, block_x, block_y)
        _settle(owner[block], cover.layers[0], block_x, block_y)
    return owner


def save(cover: Cover, path: Path) -> None:
    """Write a cover to one file; the same cover gives the same bytes."""
    path.write_bytes(pack(cover))


def pack(cover: Cover) -> bytes:
    """Return a cover as the bytes of the file that `load` reads."""
    arrays: dict[str, Any] = {"grid": np.array(astuple(cover.grid))}
    for number, layer in enumerate(cover.layers):
        wkb = [b"" if shape is None else shapely.to_wkb(shape) for shape in layer.shapes]
        arrays |= {f"{number}.{name}": getattr(layer, name) for name in PARTS[:5]}
        arrays |= {
            f"{number}.wkb": np.frombuffer(b"".join(wkb), np.uint8),
            f"{number}.bytes": np.array([len(shape) for shape in wkb], np.int64),
        }
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    return packed.getvalue()


def load(path: Path, *, kernel: Kernel = "numpy") -> Cover:
    """Read what `save` wrote. Raises InputError when the file is not a whole cover."""
    return unpack(path.read_bytes(), file=path.name, kernel=kernel)


def unpack(packed: bytes, *, file: str = "cover", kernel: Kernel = "numpy") -> Cover:
    """Return the cover that `pack` made bytes of; `file` is its name in messages. Raises InputError when it is not a whole cover."""
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            left, bottom, size, columns, rows = arrays["grid"].tolist()
            numbers = range(sum(name.endswith(".code") for name in arrays.files))
            layers = tuple(_loaded({name: arrays[f"{number}.{name}"] for name in PARTS}) for number in numbers)
    except (BadZipFile, KeyError, ValueError, EOFError, zlib.error) as error:
        raise InputError(
            Problem(file, "not a cover that can be read", found=str(error), expected="what geo.spatial.cells.save wrote")
        ) from error
    return prepared(Cover(Grid(left, bottom, size, int(columns), int(rows)), layers), kernel)


def outline(shapes: Shapes, *, partition: bool) -> str:
    """Return the SHA-256 of the outlines of an area set, which a cover and everything counted with it depend on.

    shapes: the areas in the order of their ids, shape (areas,). partition: see `cover`.
    """
    whole = hashlib.sha256(b"partition" if partition else b"areas")
    for wkb in shapely.to_wkb(shapes):
        whole.update(len(wkb).to_bytes(8, "big") + wkb if wkb else b"none")
    return whole.hexdigest()


def _loaded(arrays: dict[str, NDArray[Any]]) -> Layer:
    ends = np.cumsum(arrays["bytes"])
    wkb = arrays["wkb"].tobytes()
    shapes = shapely.from_wkb(
        np.array([wkb[end - size : end] or None for size, end in zip(arrays["bytes"], ends, strict=True)], dtype=object)
    )
    return Layer(shapes, bool(arrays["partition"]), arrays["code"], arrays["start"], arrays["area"], arrays["sure"])


# --- points -----------------------------------------------------------------------------------------------------------


def _blocks(x: Floats, y: Floats) -> Iterator[tuple[slice, Floats, Floats]]:
    """Parts of the points that keep the memory small; one empty part when there is no point."""
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"x and y are two columns of equal length, not {x.shape} and {y.shape}")
    for first in range(0, max(len(x), 1), BLOCK):
        block = slice(first, first + BLOCK)
        yield block, x[block], y[block]


def _fill(codes: Sequence[Numbers], cover: Cover, x: Floats, y: Floats) -> None:
    """Write the code of each point into the array of each layer; the compiled kernel leaves few lists in them."""
    if not (INSTALLED and any(layer.edges for layer in cover.layers)):
        return _fill_from_cells(codes, cover, x, y)
    from geo.spatial.cells_compiled import fill  # noqa: PLC0415  an extra: loaded only when it is asked for

    for code, layer in zip(codes, cover.layers, strict=True):
        fill(code, cover.grid, layer, x, y)
    return None


def _fill_from_cells(codes: Sequence[Numbers], cover: Cover, x: Floats, y: Floats) -> None:
    """The codes of the points' cells. What lies outside the grid, or nowhere (NaN), gets one of the empty cells at its rim."""
    grid = cover.grid
    for first in range(0, len(x), CHUNK):
        part = slice(first, first + CHUNK)
        with np.errstate(over="ignore", invalid="ignore"):
            column, row = grid.columns_of(x[part]), grid.rows_of(y[part])
        for steps, count in ((column, grid.columns), (row, grid.rows)):
            np.fmin(np.fmax(steps, 0, out=steps), count - 1, out=steps)  # fmin and fmax take the number where one side is NaN
        cell = row.astype(np.int32) * grid.columns + column.astype(np.int32)
        for layer, code in zip(cover.layers, codes, strict=True):
            np.take(layer.code, cell, out=code[part], mode="clip")


def _settle(code: Numbers, layer: Layer, x: Floats, y: Floats) -> None:
    """Put the first area of the list, or NOBODY, in the place of each list."""
    listed = np.flatnonzero(code >= len(layer.shapes))
    point, area = _listed(layer, code[listed] - len(layer.shapes), x[listed], y[listed])
    code[listed] = NOBODY
    code[listed[point]] = area


def _pairs(layer: Layer, code: Numbers, x: Floats, y: Floats) -> tuple[Integers, Numbers]:
    """All areas of each point, sorted by point, then area."""
    if layer.partition:
        _settle(code, layer, x, y)
        point = np.flatnonzero(code != NOBODY)
        return point, code[point]
    listed = np.flatnonzero(code >= len(layer.shapes))
    single = np.flatnonzero((code != NOBODY) & (code < len(layer.shapes)))
    point, area = _listed(layer, code[listed] - len(layer.shapes), x[listed], y[listed])
    point, area = np.concatenate([single, listed[point]]), np.concatenate([code[single], area])
    order = np.argsort(point, kind="stable")
    return point[order], area[order]


def _listed(layer: Layer, number: Numbers, x: Floats, y: Floats) -> tuple[Integers, Numbers]:
    """Test the points that lists apply to, one position of the lists at a time. Returns pairs in the order of the positions."""
    place, end, left = layer.start[number], layer.start[number + 1], np.arange(len(number))
    points, areas = [left[:0]], [layer.area[:0]]
    while len(left):
        area, hit = layer.area[place[left]], layer.sure[place[left]]
        doubt = left[~hit]
        hit[~hit] = intersects(layer.shapes, area[~hit], x[doubt], y[doubt])
        points.append(left[hit])
        areas.append(area[hit])
        place[left] += 1
        left = left[(place[left] < end[left]) & ~(hit & layer.partition)]
    return np.concatenate(points), np.concatenate(areas)


# --- the cover --------------------------------------------------------------------------------------------------------


def _layer(grid: Grid, shapes: Shapes, partition: bool) -> Layer:
    shapes = np.array(shapes, dtype=object)
    touched, border = _touched(grid, shapes)
    covered, owner = _covered(grid, shapes, touched, border)
    code = np.full(grid.columns * grid.rows, NOBODY, np.int32)
    code[covered] = owner
    listed = np.bincount(covered, minlength=len(code)) > 1
    listed[touched] = True
    numbers = np.flatnonzero(listed)
    code[numbers] = len(shapes) + np.arange(len(numbers), dtype=np.int32)
    keep = listed[covered]
    cell, area = np.concatenate([touched, covered[keep]]), np.concatenate([border, owner[keep]])
    order = np.lexsort((area, cell))
    start = np.searchsorted(cell[order], [*numbers, len(code)])
    return Layer(shapes, partition, code, start, area[order].astype(np.int32), order >= len(touched))


def _touched(grid: Grid, shapes: Shapes) -> tuple[Integers, Integers]:
    """The cells that each area's border touches: pairs of cell and area, sorted by area, then cell."""
    start, other, area = edges(shapes)
    cell, edge = passes(grid, start, other)
    area, cell = np.divmod(distinct(area[edge] * (grid.columns * grid.rows) + cell), grid.columns * grid.rows)
    return cell, area


def _covered(grid: Grid, shapes: Shapes, touched: Integers, border: Integers) -> tuple[Integers, Integers]:
    """The cells that each area covers: pairs of cell and area.

    In a row, the cells between two that an area's border touches are all in it or all out of it: the middle of one decides.
    """
    run = (np.diff(border) == 0) & (np.diff(touched // grid.columns) == 0) & (np.diff(touched) > 1)
    first, end, area = touched[:-1][run] + 1, touched[1:][run], border[:-1][run]
    x = grid.left + (first % grid.columns + 0.5) * grid.size
    y = grid.bottom + (first // grid.columns + 0.5) * grid.size
    inside = intersects(shapes, area, x, y)
    first, length, area = first[inside], (end - first)[inside], area[inside]
    cell = np.repeat(first - np.cumsum(length) + length, length) + np.arange(length.sum())
    return cell, np.repeat(area, length)
