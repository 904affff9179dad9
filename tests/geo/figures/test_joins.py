"""A join accounts for both sides, on four squares of one kilometre worked out on paper."""

import numpy as np
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.figures.joins import by_code
from geo.model.results import OBSERVATION_COLUMNS
from geo.spatial.points import points_in_areas
from tests.records.single import indicator, row

AREAS = {"s": ["a", "b", "c"]}
SQUARES = np.array([shapely.box(x, y, x + 1000, y + 1000) for y in (0, 1000) for x in (0, 1000)])


def joined(*rows: pd.DataFrame) -> pd.DataFrame:
    return by_code(pd.concat(rows, ignore_index=True), area_ids=AREAS, indicators=[indicator()]).table


def test_an_area_without_a_row_gets_one_that_says_so() -> None:
    table = joined(row(area_id="a", value=1.0), row(area_id="b", value=2.0))
    assert table["area_id"].tolist() == ["a", "b", "c"]
    assert table["status"].tolist() == ["final", "final", "not_measured"]
    assert table["reason"].tolist()[2] == "no_row"
    assert np.isnan(table["value"][2])
    assert list(table.columns) == list(OBSERVATION_COLUMNS)


def test_both_sides_are_counted_and_named() -> None:
    observations = pd.concat([row(area_id="a"), row(area_id="zz"), row(area_id="yy")], ignore_index=True)
    found = by_code(observations, area_ids=AREAS, indicators=[indicator()])
    assert [(left.side, left.count, left.names) for left in found.leftovers] == [("area", 2, ("b", "c")), ("row", 2, ("yy", "zz"))]
    assert set(found.table["area_id"]) == {"a", "b", "c"}


def test_only_periods_that_a_set_has_get_rows() -> None:
    table = joined(row(area_id="a", period="2010"), row(area_id="a", period="2011"), row(area_id="b", period="2011"))
    assert len(table) == 6


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [row(area_id=a, period=p) for a in "abc" for p in ("2010", "2011")]
    pd.testing.assert_frame_equal(joined(*rows), joined(*reversed(rows)))


def test_points_on_paper() -> None:
    x = np.array([500.0, 1500.0, 1000.0, 1000.0, 5000.0])
    y = np.array([500.0, 500.0, 500.0, 1000.0, 5000.0])
    point, area = points_in_areas(x, y, SQUARES, partition=True)
    # inside the first; inside the second; on the border of both; on the corner of all four; outside
    assert list(zip(point.tolist(), area.tolist(), strict=True)) == [(0, 0), (1, 1), (2, 0), (3, 0)]


def test_overlapping_sets_give_every_area() -> None:
    overlapping = np.array([shapely.box(0, 0, 1000, 1000), shapely.box(500, 0, 1500, 1000)])
    point, area = points_in_areas(np.array([750.0]), np.array([10.0]), overlapping, partition=False)
    assert (point.tolist(), area.tolist()) == ([0, 0], [0, 1])


@given(st.lists(st.tuples(st.floats(-100, 2100), st.floats(-100, 2100)), min_size=1, max_size=50))
def test_a_partition_gives_each_point_one_area_and_intersects_agrees(points: list[tuple[float, float]]) -> None:
    x, y = np.array(points).T
    point, area = points_in_areas(x, y, SQUARES, partition=True)
    assert len(set(point.tolist())) == len(point)
    assert all(shapely.intersects_xy(SQUARES[a], x[p], y[p]) for p, a in zip(point, area, strict=True))
    missed = set(range(len(x))) - set(point.tolist())
    assert not any(shapely.intersects_xy(SQUARES, x[p], y[p]).any() for p in missed)
