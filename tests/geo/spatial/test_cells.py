"""The cover gives what shapely's `intersects` gives for every point: by hand on four squares, by law on the worst shapes we know."""

from __future__ import annotations

import pickle
from importlib.util import find_spec
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.spatial import cells, grid
from geo.spatial.cells import Cover, Kernel
from geo.spatial.points import MANY, points_in_areas

KERNELS = [
    "numpy",
    pytest.param("numba", marks=pytest.mark.skipif(find_spec("numba") is None, reason="the extra `fast` is not installed")),
]
SQUARES = np.array([shapely.box(x, y, x + 1000, y + 1000) for y in (0, 1000) for x in (0, 1000)])
LAWS = settings(
    max_examples=60, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)


def truth(shapes: np.ndarray, x: np.ndarray, y: np.ndarray, *, partition: bool) -> list[tuple[int, int]]:
    """The pairs by shapely alone, every point against every area, none of them prepared."""
    hits = np.array([shapely.intersects(shapely.from_wkb(shapely.to_wkb(shape)), shapely.points(x, y)) for shape in shapes]).T
    point, area = np.nonzero(hits.reshape(len(x), len(shapes)))
    if partition:
        point, first = np.unique(point, return_index=True)
        area = area[first]
    return list(zip(point.tolist(), area.tolist(), strict=True))


def pairs(cover: Cover, x: np.ndarray, y: np.ndarray, *, of: int = 0) -> list[tuple[int, int]]:
    found = cells.find(cover, x, y)[of]
    return list(zip(found.point.tolist(), found.area.tolist(), strict=True))


# --- shapes -----------------------------------------------------------------------------------------------------------


def star(rng: np.random.Generator, corners: int, centre: tuple[float, float], size: float) -> shapely.Polygon:
    """A jagged polygon: corners at random distances around a centre."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    reach = size * rng.uniform(0.2, 1, corners)
    return shapely.make_valid(shapely.Polygon(np.column_stack([centre[0] + reach * np.cos(angle), centre[1] + reach * np.sin(angle)])))


def wild(rng: np.random.Generator) -> np.ndarray:
    """Overlapping areas of every kind we know to be hard, some with corners on a coarse raster so that much coincides."""
    near = rng.uniform(-3, 3, (12, 2))
    spike = shapely.Polygon([(0, 0), (3, 0), (3, 1), (1.5, 1), (1.5 + 1e-12, 4), (1.5 - 1e-12, 1), (0, 1)])
    sliver = shapely.Polygon([(-3, -3), (3, 3), (3, 3 + 4e-16 * rng.integers(1, 5)), (0, 1e-9)])
    return areas_of(
        [
            star(rng, 40, tuple(near[0]), 2.5),
            star(rng, 5, tuple(near[1]), 3),
            star(rng, 60, tuple(near[2]), 2).difference(star(rng, 9, tuple(near[2]), 1)),  # a hole
            shapely.union_all([star(rng, 7, tuple(one), 0.6) for one in near[3:8]]),  # several parts
            shapely.Point(near[8]).buffer(1.1, quad_segs=30),
            shapely.set_precision(star(rng, 30, tuple(near[9]), 3), 0.25),  # horizontal and vertical runs, shared corners
            shapely.set_precision(star(rng, 30, tuple(near[10]), 3), 0.5),
            shapely.box(-1, -1, 1, 2).difference(shapely.box(-0.5, -1, 0.5, 1.5)),
            shapely.Polygon(
                [(-3, 2), (-1, 2), (0, 2), (1, 2), (1, 2.5), (0, 2.5), (-3, 2.5)], holes=[[(-1, 2.2), (0, 2.2), (0, 2.3), (-1, 2.3)]]
            ),
            spike,
            sliver,
        ]
    )


def town(rng: np.random.Generator) -> np.ndarray:
    """A partition: a raster of squares and half squares, its corners shaken, so that neighbours share their edges to the last bit."""
    count = int(rng.integers(2, 6))
    corner = np.stack(np.meshgrid(np.arange(count + 1.0), np.arange(count + 1.0), indexing="ij"), axis=-1)
    corner += rng.choice([0.0, 0.2]) * rng.uniform(-1, 1, corner.shape)
    halves = []
    for i, j in product(range(count), repeat=2):
        a, b, c, d = corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]
        halves += [shapely.Polygon([a, b, c]), shapely.Polygon([a, c, d])] if rng.random() < 0.5 else [shapely.Polygon([a, b, c, d])]
    return areas_of(halves)[rng.permutation(len(halves))]


def areas_of(shapes: list[shapely.Geometry]) -> np.ndarray:
    """Only what is an area: cutting and snapping can leave a line beside it."""
    keep = []
    for shape in shapes:
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
        if parts:
            keep.append(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
    return np.array(keep, dtype=object)


def hard_points(rng: np.random.Generator, shapes: np.ndarray, one: grid.Grid, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Corners, places on edges, on the level of corners, on lines and corners of the grid; and each of them one float away."""
    start, end, _ = grid.edges(shapes)
    some = rng.integers(0, len(start), count)
    along = rng.choice([0, 0.5, 0.25, *rng.uniform(0, 1, 3)], count)[:, None]
    corners, on_edges = start[some], start[some] + along * (end[some] - start[some])
    level = np.column_stack([rng.permutation(corners[:, 0]), corners[:, 1]])
    lines = np.column_stack(
        [one.left + one.size * rng.integers(0, one.columns + 1, count), one.bottom + one.size * rng.integers(0, one.rows + 1, count)]
    )
    across = np.column_stack([lines[:, 0], on_edges[:, 1]]), np.column_stack([on_edges[:, 0], lines[:, 1]])
    low, high = shapes_box(shapes)
    free = rng.uniform(low - 0.1 * (high - low), high + 0.1 * (high - low), (count, 2))
    place = np.concatenate([corners, on_edges, level, lines, *across, free])
    away = rng.choice([-np.inf, np.inf, 0], (2, *place.shape))
    for step in away:
        place = np.where(rng.random(place.shape) < 0.3, np.where(step == 0, place, np.nextafter(place, step)), place)
    return place[:, 0].copy(), place[:, 1].copy()


def shapes_box(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    bounds = shapely.total_bounds(shapes)
    return bounds[:2], bounds[2:]


# --- laws -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", KERNELS)
@given(seed=st.integers(0, 2**32 - 1), size=st.sampled_from([1, 50, 3000, 40_000]), shift=st.sampled_from([0.0, 0.1, 720_000.0, -6.2e6]))
@LAWS
def test_overlapping_areas_of_every_kind(kernel: Kernel, seed: int, size: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    shapes = shapely.transform(wild(rng), lambda xy: xy * (1 if abs(shift) < 1 else 1000) + shift)
    cover = cells.cover([shapes], partition=[False], cells=size, kernel=kernel)
    x, y = hard_points(rng, shapes, cover.grid, 250)
    assert pairs(cover, x, y) == truth(shapes, x, y, partition=False)


@pytest.mark.parametrize("kernel", KERNELS)
@given(seed=st.integers(0, 2**32 - 1), size=st.sampled_from([1, 50, 3000, 40_000]), shift=st.sampled_from([0.0, 0.1, 720_000.0]))
@LAWS
def test_a_partition_gives_the_first_area(kernel: Kernel, seed: int, size: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    shapes = shapely.transform(town(rng), lambda xy: xy * 100 + shift)
    cover = cells.cover([shapes], partition=[True], cells=size, kernel=kernel)
    x, y = hard_points(rng, shapes, cover.grid, 250)
    owner = cells.locate(cover, x, y)
    expected = truth(shapes, x, y, partition=True)
    assert pairs(cover, x, y) == expected
    assert [(point, area) for point, area in enumerate(owner.tolist()) if area >= 0] == expected


@given(seed=st.integers(0, 2**32 - 1))
@LAWS
def test_the_order_of_areas_and_of_points_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = wild(rng)
    cover = cells.cover([shapes], partition=[False], cells=500)
    x, y = hard_points(rng, shapes, cover.grid, 50)
    of_areas, of_points = rng.permutation(len(shapes)), rng.permutation(len(x))
    turned = pairs(cells.cover([shapes[of_areas]], partition=[False], cells=500), x[of_points], y[of_points])
    assert sorted((int(of_points[point]), int(of_areas[area])) for point, area in turned) == pairs(cover, x, y)


@given(seed=st.integers(0, 2**32 - 1))
@LAWS
def test_several_sets_in_one_grid_answer_as_each_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sets = [town(rng), wild(rng), np.array([], dtype=object), shapely.transform(SQUARES, lambda xy: xy / 500)]
    kinds = [True, False, False, True]
    together = cells.cover(sets, partition=kinds, cells=2000)
    x, y = hard_points(rng, np.concatenate(sets), together.grid, 50)
    for number, (shapes, partition) in enumerate(zip(sets, kinds, strict=True)):
        assert pairs(together, x, y, of=number) == truth(shapes, x, y, partition=partition)


# --- by hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("size", [1, 4, 7, 100, 100_000])
def test_four_squares_on_paper(kernel: Kernel, size: int) -> None:
    cover = cells.cover([SQUARES], partition=[True], cells=size, kernel=kernel)
    #              inside 0 | inside 1 | border 0,1 | corner of all | outer corner | outer edge | just out            | out
    x = np.array([500.0, 1500.0, 1000.0, 1000.0, 2000.0, 0.0, np.nextafter(0, -1), -5000.0])
    y = np.array([500.0, 500.0, 500.0, 1000.0, 2000.0, 1500.0, 1500.0, 500.0])
    assert cells.locate(cover, x, y).tolist() == [0, 1, 0, 0, 3, 2, -1, -1]
    overlapping = cells.cover([SQUARES], partition=[False], cells=size, kernel=kernel)
    assert pairs(overlapping, x[2:4], y[2:4]) == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (1, 3)]


@pytest.mark.parametrize("kernel", KERNELS)
def test_nowhere_and_infinity_are_in_no_area(kernel: Kernel) -> None:
    values = [np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 500.0]
    x, y = np.array(list(product(values, values))).T
    for partition in (True, False):
        cover = cells.cover([SQUARES], partition=[partition], kernel=kernel)
        assert pairs(cover, x, y) == truth(
            SQUARES, np.where(np.isfinite(x), x, 1e9), np.where(np.isfinite(y), y, 1e9), partition=cover.layers[0].partition
        )


@pytest.mark.parametrize("kernel", KERNELS)
def test_nothing_in_gives_nothing_out(kernel: Kernel) -> None:
    none, no_areas = np.array([]), np.array([], dtype=object)
    assert cells.locate(cells.cover([SQUARES], partition=[True], kernel=kernel), none, none).tolist() == []
    assert pairs(cells.cover([SQUARES], partition=[False], kernel=kernel), none, none) == []
    for shapes in (no_areas, np.array([None, shapely.Polygon()], dtype=object)):
        assert cells.locate(
            cells.cover([shapes], partition=[True], kernel=kernel), np.array([0.0, 1.0]), np.array([0.0, 1.0])
        ).tolist() == [-1, -1]
    assert cells.find(cells.cover([], partition=[], kernel=kernel), np.array([0.0]), np.array([0.0])) == ()
    found = cells.find(cells.cover([no_areas, SQUARES], partition=[False, True], kernel=kernel), np.array([1.0]), np.array([1.0]))
    assert [one.area.tolist() for one in found] == [[], [0]]
    assert [(one.point.dtype, one.area.dtype) for one in found] == [(np.int64, np.int32)] * 2


def test_missing_areas_keep_their_number() -> None:
    shapes = np.array([None, SQUARES[0], shapely.Polygon(), SQUARES[1]], dtype=object)
    assert cells.locate(cells.cover([shapes], partition=[True]), np.array([10.0, 1010.0]), np.array([10.0, 10.0])).tolist() == [1, 3]


@pytest.mark.parametrize("kernel", KERNELS)
def test_an_area_of_no_size_and_a_very_long_one(kernel: Kernel) -> None:
    shapes = np.array([shapely.box(0, 0, 1e6, 1e-7), shapely.Polygon([(5, 5)] * 4), shapely.box(7, 7, 7, 9)], dtype=object)
    x, y = np.array([5.0, 7.0, 7.0, 3.0, 3.0, 1e6]), np.array([5.0, 8.0, 9.5, 1e-7, 2e-7, 0.0])
    assert pairs(cells.cover([shapes], partition=[False], kernel=kernel), x, y) == truth(shapes, x, y, partition=False)
    long = cells.cover([shapes[:1]], partition=[True], cells=10_000, kernel=kernel)
    assert long.grid.columns * long.grid.rows < 30_000
    assert cells.locate(long, x, y).tolist() == [-1, -1, -1, 0, -1, 0]


@pytest.mark.parametrize("kernel", KERNELS)
def test_tiny_areas_far_out(kernel: Kernel) -> None:
    shapes = np.array([shapely.box(6e6 + i * 2e-9, 7e5, 6e6 + (i + 1) * 2e-9, 7e5 + 1e-9) for i in range(5)], dtype=object)
    x = np.nextafter(6e6, 7e6) + np.arange(-3, 20) * (np.nextafter(6e6, 7e6) - 6e6)
    y = np.full(len(x), 7e5)
    assert pairs(cells.cover([shapes], partition=[False], kernel=kernel), x, y) == truth(shapes, x, y, partition=False)


def test_what_is_asked_wrongly_is_refused() -> None:
    with pytest.raises(ValueError, match="polygons"):
        cells.cover([np.array([shapely.Point(0, 0)])], partition=[True])
    with pytest.raises(ValueError, match="one partition"):
        cells.locate(cells.cover([SQUARES], partition=[False]), np.array([0.0]), np.array([0.0]))
    with pytest.raises(ValueError, match="equal length"):
        cells.find(cells.cover([SQUARES], partition=[False]), np.array([0.0]), np.array([0.0, 1.0]))
    with pytest.raises(ValueError, match="shorter"):
        cells.cover([SQUARES], partition=[])


def test_many_points_in_several_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = np.random.default_rng(1).uniform(-100, 2100, (2, 5000))
    for partition in (True, False):
        cover = cells.cover([SQUARES, SQUARES[::-1].copy()], partition=[partition, partition])
        whole = cells.find(cover, x, y)
        with monkeypatch.context() as patch:
            patch.setattr(cells, "BLOCK", 777)
            patch.setattr(cells, "CHUNK", 100)
            parts = cells.find(cover, x, y)
        for one, other in zip(whole, parts, strict=True):
            assert (one.point.tolist(), one.area.tolist()) == (other.point.tolist(), other.area.tolist())


def test_points_through_joins_are_the_same_one_by_one_and_by_cover() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.integers(-1, 22, (2, MANY)) * 100.0
    x[:2], y[1:3] = np.nan, np.inf
    for partition in (True, False):
        many = points_in_areas(x, y, SQUARES, partition=partition)
        few = points_in_areas(x[:500], y[:500], SQUARES, partition=partition)
        head = many[0] < 500
        assert (many[0][head].tolist(), many[1][head].tolist()) == (few[0].tolist(), few[1].tolist())


# --- kept -------------------------------------------------------------------------------------------------------------


def test_a_saved_cover_answers_the_same_and_is_the_same_bytes(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    sets = [wild(rng), np.array([None, *SQUARES], dtype=object)]
    cover = cells.cover(sets, partition=[False, True], cells=3000)
    x, y = hard_points(rng, sets[0], cover.grid, 200)
    cells.save(cover, tmp_path / "one")
    cells.save(cells.cover(sets, partition=[False, True], cells=3000), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    loaded = cells.load(tmp_path / "one")
    cells.save(loaded, tmp_path / "three")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "three").read_bytes()
    for other in (loaded, pickle.loads(pickle.dumps(cover))):  # noqa: S301  our own bytes
        assert [pairs(other, x, y, of=number) for number in (0, 1)] == [pairs(cover, x, y, of=number) for number in (0, 1)]


@pytest.mark.parametrize("cut", [0, 10, 0.5, 0.9])
def test_a_broken_file_is_told_apart(tmp_path: Path, cut: float) -> None:
    cells.save(cells.cover([SQUARES], partition=[True], cells=100), tmp_path / "cover")
    whole = (tmp_path / "cover").read_bytes()
    (tmp_path / "cover").write_bytes(whole[: int(cut if cut >= 1 or cut == 0 else cut * len(whole))])
    with pytest.raises(InputError, match="not a cover"):
        cells.load(tmp_path / "cover")
