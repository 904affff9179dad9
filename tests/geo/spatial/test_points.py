"""Which kernel finds the areas of points, and that it changes nothing but the time."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import shapely

from geo.spatial import cells, points

pytestmark = pytest.mark.skipif(not cells.INSTALLED, reason="needs the extra `fast`")
SQUARES = np.array([shapely.box(x, y, x + 1000, y + 1000) for y in (0, 1000) for x in (0, 1000)])
RNG = np.random.default_rng(5)
X, Y = RNG.uniform(-100, 2100, (2, 3000))


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> points.AreaFinder:
    monkeypatch.setattr(points, "COMPILED_FROM", 2000)
    monkeypatch.setattr(points, "POINTS_A_CORNER", 0)
    return points.AreaFinder([cells.cover([SQUARES, SQUARES], partition=[True, False])])


def pairs(found: tuple[cells.PointPairs, ...]) -> list[list[list[int]]]:
    return [[of_set.point.tolist(), of_set.area.tolist()] for of_set in found]


def test_few_points_are_answered_by_numpy_and_many_by_the_compiled_kernel_alike(finder: points.AreaFinder) -> None:
    plain = cells.cover([SQUARES, SQUARES], partition=[True, False])
    assert (pairs(finder(X[:1999], Y[:1999])), finder.kernel) == (pairs(cells.find(plain, X[:1999], Y[:1999])), "numpy")
    assert (pairs(finder(X, Y)), finder.kernel) == (pairs(cells.find(plain, X, Y)), "numba")


def test_each_corner_of_an_outline_asks_for_more_points(monkeypatch: pytest.MonkeyPatch) -> None:
    least = points.COMPILED_FROM + 1000 * points.POINTS_A_CORNER
    assert [points.kernel_for(count, 1000) for count in (0, least - 1, least)] == ["numpy", "numpy", "numba"]
    monkeypatch.setattr(cells, "INSTALLED", False)
    assert points.kernel_for(least, 1000) == "numpy"


def test_a_finder_may_travel_to_a_machine_without_numba(finder: points.AreaFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = pairs(finder(X, Y))
    travelled = pickle.loads(pickle.dumps(finder))  # noqa: S301  our own
    monkeypatch.setattr(cells, "INSTALLED", False)
    assert pairs(travelled(X, Y)) == answer


def test_a_numba_that_cannot_be_loaded_is_done_without(finder: points.AreaFinder, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_cover: cells.Cover, _kernel: str) -> cells.Cover:
        raise ImportError

    answer = pairs(cells.find(cells.cover([SQUARES, SQUARES], partition=[True, False]), X, Y))
    monkeypatch.setattr(cells, "prepared", broken)
    assert (pairs(finder(X, Y)), finder.kernel) == (answer, "numpy")
