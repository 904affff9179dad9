"""The border cells of geo.spatial.cells, compiled: the few edges that pass a cell decide, and shapely only where rounding could matter.

Every border cell keeps the edges that touch it, each of them once. An edge has, as bits, the areas that it bounds. The cell also has
the state of those areas (inside or outside) at a point of reference straight below its left side. The path from a point to there runs
left to that side and then down; each edge that it crosses changes the state of the areas that the edge bounds. All comparisons but
one are between coordinates as they are. The one that is calculated is on which side of an edge the point lies; its result is used
only when its rounding error cannot change it.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from geo.spatial.grid import Edges, Floats, Grid, Integers, Numbers, distinct, edges, intersects, passes

if TYPE_CHECKING:
    from geo.spatial.grid import Layer

LEFT: Final = 0
RIGHT: Final = 1
ON: Final = 2
UNSURE: Final = 3
UNKNOWN: Final = -1
MOST_EDGES: Final = 64
MOST_AREAS: Final = 30
"""A cell with more edges or areas is left to shapely, whose areas are indexed."""

PLACES: Final = ((0.5, 0.5), (0.31, 0.77), (0.83, 0.29), (0.13, 0.41), (0.69, 0.57))
"""Points of a cell, in parts of its size, at which shapely may be asked for the areas. The first of them that lies on no edge is used."""

PART: Final = 1 << 17
TILE: Final = 1 << 10

EDGE: Final = np.dtype([("ax", "f8"), ("ay", "f8"), ("bx", "f8"), ("by", "f8"), ("bounds", "i4"), ("touches", "i4")])
"""a is the lower end. Bit i stands for the i-th area of the cell's list: those it bounds an odd number of times, those that have it."""

HEAD: Final = np.dtype([("wall", "f8"), ("first", "i4"), ("end", "i4"), ("state", "i4"), ("start", "i4")])
"""x of the cell's left side; its edges; its areas at the place of reference, as bits, or UNKNOWN; the start of its list."""


def _can_be_kept() -> bool:
    """Whether numba finds a place that may be written to for what it compiles: beside this module, or in the user's cache."""
    try:
        njit(cache=True)(_can_be_kept)
    except RuntimeError:
        return False
    return True


_compiled = njit(cache=_can_be_kept(), nogil=True)


def edges_of(grid: Grid, layer: Layer) -> Edges:
    """Collect the edges of a layer's border cells, and the state of the areas at each cell's point of reference."""
    start, other, owner = edges(layer.shapes)
    cell, edge = passes(grid, start, other)
    cell, edge = np.divmod(distinct(cell * len(start) + edge), max(len(start), 1))
    swap = ((start[:, 1] > other[:, 1]) | ((start[:, 1] == other[:, 1]) & (start[:, 0] > other[:, 0])))[:, None]
    ends = np.hstack([np.where(swap, other, start), np.where(swap, start, other)])
    cells = np.flatnonzero(layer.code >= len(layer.shapes))
    heads, kept = np.zeros(len(cells), HEAD), np.zeros(len(edge), EDGE)
    heads["wall"] = grid.left + (cells % grid.columns) * grid.size
    heads["start"] = layer.start[:-1]
    begin = np.searchsorted(cell, [*cells, len(layer.code)])
    count = _merge(begin, edge, (ends, owner), (layer.start, layer.area), (heads, kept))
    made = Edges(heads, kept[:count].copy())
    _find_states(grid, layer, made, cells)
    return made


def _find_states(grid: Grid, layer: Layer, made: Edges, cells: Integers) -> None:
    """Ask shapely about one place in each cell that is on no edge, and walk from there to the place of reference."""
    left = np.flatnonzero(made.heads["state"] != UNKNOWN)
    for right, up in PLACES:
        x = grid.left + (cells[left] % grid.columns + right) * grid.size
        y = grid.bottom + (cells[left] // grid.columns + up) * grid.size
        walked = _walks(made.heads[left], x, y, made.edges)
        good = walked >= 0
        made.heads["state"][left[good]] = walked[good] ^ _bits(layer, left[good], x[good], y[good])
        left = left[~good]
    made.heads["state"][left] = UNKNOWN


def _bits(layer: Layer, number: Integers, x: Floats, y: Floats) -> Integers:
    """The areas of each list that have the place, as bits."""
    count = layer.start[number + 1] - layer.start[number]
    of = np.repeat(np.arange(len(number)), count)
    bit = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    area, hit = layer.area[layer.start[number][of] + bit], layer.sure[layer.start[number][of] + bit]
    hit[~hit] = intersects(layer.shapes, area[~hit], x[of[~hit]], y[of[~hit]])
    return np.bincount(of, weights=hit * 2.0**bit, minlength=len(number)).astype(np.int64)


def fill(out: Numbers, grid: Grid, layer: Layer, x: Floats, y: Floats) -> None:
    """Write the code of each point into `out`, as geo.spatial.cells does, but already decided wherever the edges of its cell can decide it.

    out: shape (points,), written to. x, y: coordinates in the layer's CRS, shape (points,). A decided code is an area's number or
    NOBODY. The code of a list stays where the point lies too near to an edge to be sure, and where several overlapping areas contain
    it.
    """
    assert layer.edges is not None  # noqa: S101  for the type checker: geo.spatial.cells calls this for layers that have them
    x, y = np.ascontiguousarray(x), np.ascontiguousarray(y)
    place = (grid.left, grid.bottom, 1 / grid.size, grid.columns, grid.rows)
    lists = (len(layer.shapes), layer.partition, layer.area, layer.edges.heads, layer.edges.edges)

    def answer(first: int) -> None:
        part = slice(first, first + PART)
        _answer(x[part], y[part], out[part], (*place, layer.code), lists)

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(answer, range(0, len(x), PART)))


# --- compiled ---------------------------------------------------------------------------------------------------------


@_compiled
def _answer(x, y, out, place, lists):
    """Fill `out`, a tile of points after the other: cells, then codes, then those points that have a list."""
    left, bottom, scale, columns, rows, code = place
    areas, _, _, heads, edges = lists
    fetched = 0.0
    cell, waiting = np.empty(TILE, np.int32), np.empty(TILE, np.int32)
    for tile in range(0, len(x), TILE):
        size = min(TILE, len(x) - tile)
        for i in range(size):
            column, row = (x[tile + i] - left) * scale, (y[tile + i] - bottom) * scale
            within = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)  # never for NaN
            cell[i] = np.int32(row) * np.int32(columns) + np.int32(column) if within else np.int32(0)
        count = 0
        for i in range(size):
            answer = code[np.uint32(cell[i])]
            out[tile + i] = answer
            waiting[count] = i
            count += answer >= areas
        for w in range(count):  # fetch what the next loop needs: here the processor waits for many of them at once
            head = heads[out[tile + waiting[w]] - areas]
            for e in range(head.first, head.end):
                fetched += edges[e].by
        for w in range(count):
            i = tile + waiting[w]
            out[i] = _decide(x[i], y[i], out[i], lists)
    return fetched  # or the compiler would leave the fetching out


@_compiled
def _decide(x, y, code, lists):
    """What becomes of a list's code: an area, NOBODY, or the code as it is."""
    areas, partition, area, heads, edges = lists
    head = heads[code - areas]
    if head.state == UNKNOWN:
        return code
    turned, on, sure = _walk(head, x, y, edges)
    has = (head.state ^ turned) | on
    if not sure or (not partition and has & (has - 1) != 0):
        return code
    if has == 0:
        return np.int32(-1)
    bit = 0
    while not has >> bit & 1:
        bit += 1
    return area[head.start + bit]


@_compiled
def _walk(head, x, y, edges):
    """Walk left to the wall, then down: the areas whose state changed, those whose border the point is on, whether all is sure.

    An edge from a (lower) to b is crossed on the way left when it is at the height of y (the lower end counts as being there, the
    upper one not), right of the wall and left of the point; on the way down when its ends lie on different sides of the wall and
    it is lower. For an edge at the height of y both ways together come to: a is left of the wall, or the point is right of the
    edge, but not both.
    """
    turned, on = np.int32(0), np.int32(0)
    for e in range(head.first, head.end):
        edge = edges[e]
        ux, uy, vx, vy = edge.ax - x, edge.ay - y, edge.bx - x, edge.by - y
        level, lower = (uy <= 0) & (vy > 0), vy <= 0
        left, other = ux * vy, uy * vx  # the edge passes right of the point when left > other: (a - p) x (b - p) > 0
        side = np.int32(left < other)
        error = 1e-15 * (abs(left) + abs(other))
        if level and not (abs(left - other) > error > 1e-280):
            side = _side(edge, x, y)
            if side == UNSURE:
                return turned, on, False
            if side == ON:
                on |= edge.touches
        elif vy == 0 and (vx == 0 or (uy == 0 and ux <= 0 and vx >= 0)):
            on |= edge.touches
        a_left, b_left = edge.ax <= head.wall, edge.bx <= head.wall
        if (level & ((side == RIGHT) != a_left)) | (lower & (a_left != b_left)):
            turned ^= edge.bounds
    return turned, on, True


@_compiled
def _side(edge, x, y):
    """LEFT, RIGHT or ON: where the point is, seen from the edge's lower end, when plain arithmetic cannot tell; or UNSURE.

    The two products are compared exactly, each with its rounding error (Dekker), provided that the four differences are exact, as
    those of near coordinates are.
    """
    ux, uy, vx, vy = edge.ax - x, edge.ay - y, edge.bx - x, edge.by - y
    left, other = ux * vy, uy * vx
    if _lost(edge.ax, x, ux) or _lost(edge.ay, y, uy) or _lost(edge.bx, x, vx) or _lost(edge.by, y, vy):
        return UNSURE
    if _risky(ux, vy, left) or _risky(uy, vx, other):
        return UNSURE
    if left == other:
        left, other = _rest(ux, vy, left), _rest(uy, vx, other)
    return RIGHT if left < other else ON if left == other else LEFT


@_compiled
def _lost(a, b, difference):
    """Whether a - b was rounded (Knuth's two-sum)."""
    back = a - difference
    return (a - (difference + back)) + (back - b) != 0


@_compiled
def _risky(a, b, product):
    """Whether a * b is too large or too small for `_rest`."""
    return a != 0 and b != 0 and not (1e-140 < abs(a) < 1e140 and 1e-140 < abs(b) < 1e140 and abs(product) > 1e-250)


@_compiled
def _rest(a, b, product):
    """What rounding took from a * b (Dekker's two-product): each factor in two halves whose products are exact."""
    split = 134217729.0 * a
    a_high = split - (split - a)
    split = 134217729.0 * b
    b_high = split - (split - b)
    a_low, b_low = a - a_high, b - b_high
    return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


@_compiled
def _walks(heads, x, y, edges):
    """The changes on the way from one place in each cell; -1 for a place on an edge or too near to it."""
    walked = np.empty(len(heads), np.int64)
    for i in range(len(heads)):
        turned, on, sure = _walk(heads[i], x[i], y[i], edges)
        walked[i] = turned if sure and on == 0 else -1
    return walked


@_compiled
def _merge(begin, edge, known, lists, made):
    """Fill the heads' edges, one that several areas of a cell share only once; returns how many were kept."""
    ends, owner = known
    start, area = lists
    heads, kept = made
    end = 0
    for k in range(len(heads)):
        head = heads[k]
        head.first = end
        few = begin[k + 1] - begin[k] <= MOST_EDGES and start[k + 1] - start[k] <= MOST_AREAS
        head.state = 0 if few else UNKNOWN
        for i in range(begin[k], begin[k + 1] if few else begin[k]):
            ax, ay, bx, by = ends[edge[i]]
            bit, same = 0, head.first
            while area[start[k] + bit] != owner[edge[i]]:
                bit += 1
            while same < end and not (kept[same].ax == ax and kept[same].ay == ay and kept[same].bx == bx and kept[same].by == by):
                same += 1
            latest = kept[same]
            latest.ax, latest.ay, latest.bx, latest.by = ax, ay, bx, by
            latest.bounds ^= 1 << bit
            latest.touches |= 1 << bit
            end = max(end, same + 1)
        head.end = end
    return end
