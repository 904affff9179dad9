"""Counts between sets that do not nest: on paper, by law, beside tobler, and with bad input."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, NotFoundError
from geo.spatial.interpolation import apportion, bounds, miss, shares
from geo.spatial.weights import Weights, by_area, by_mask, by_points, first_of
from tests.records.squares import EAST, NORTH, PEOPLE, SOURCES, TARGETS, Found, counts, layer

# --- on paper ---------------------------------------------------------------------------------------------------------


def test_by_area_on_paper() -> None:
    weights = by_area(SOURCES, TARGETS)
    assert np.allclose(weights.matrix.toarray(), [[0.25, 0.75, 0], [0, 0.5, 0.5]], atol=1e-12)
    estimate = apportion(PEOPLE, weights)
    assert estimate.counts["residents"].round(9).to_dict() == {"left": 100, "middle": 600, "right": 300}
    assert estimate.coverage.round(9).to_dict() == {"left": 1, "middle": 1, "right": 0.5}
    assert set(estimate.method) == {"area"}


def test_a_target_that_is_half_covered_has_no_value_and_says_why() -> None:
    estimate = apportion(PEOPLE, by_area(SOURCES, TARGETS))
    assert estimate.status["residents"].to_dict() == {"left": "estimated", "middle": "estimated", "right": "missing"}
    assert estimate.reason["residents"].to_dict() == {"left": "", "middle": "", "right": "missing_part"}
    assert np.isnan(estimate.values().at["right", "residents"])
    assert estimate.counts.at["right", "residents"] == pytest.approx(300)
    shown = apportion(PEOPLE, by_area(SOURCES, TARGETS), least_coverage=0.5)
    assert shown.values().at["right", "residents"] == pytest.approx(300)


def test_a_target_beyond_all_sources_is_not_zero() -> None:
    estimate = apportion(PEOPLE, by_area(SOURCES, layer(far=(9000, 0, 9500, 500), all=(0, 0, 2000, 1000))))
    assert np.isnan(estimate.counts.at["far", "residents"])
    assert (estimate.status.at["far", "residents"], estimate.reason.at["far", "residents"]) == ("missing", "not_asked")
    assert (estimate.method["far"], estimate.counts.at["all", "residents"]) == ("", 1000)


def test_an_unknown_source_makes_unknown_what_it_reaches_and_nothing_else() -> None:
    table = counts(residents={"west": np.nan, "east": 600.0})
    estimate = apportion(table, by_area(SOURCES, TARGETS))
    assert estimate.counts["residents"].isna().to_dict() == {"left": True, "middle": True, "right": False}
    assert estimate.reason.at["left", "residents"] == "missing_part"
    assert estimate.outside["residents"] == pytest.approx(0)


def test_shares_are_recomputed_and_not_averaged() -> None:
    estimate = apportion(PEOPLE, by_area(SOURCES, TARGETS)).counts
    share = shares(estimate[["outside_work"]], estimate[["residents"]].set_axis(["outside_work"], axis=1))
    assert share.at["middle", "outside_work"] == pytest.approx(100 * (75 + 30) / (300 + 300))
    assert np.isnan(shares(pd.DataFrame({"a": [0.0]}), pd.DataFrame({"a": [0.0]}))["a"][0])


def test_bounds_hold_whatever_the_split() -> None:
    low, high = bounds(PEOPLE, by_area(SOURCES, TARGETS))
    assert low["residents"].to_dict() == {"left": 0, "middle": 0, "right": 0}
    assert high["residents"].to_dict() == {"left": 400, "middle": 1000, "right": 600}
    low, high = bounds(PEOPLE, by_area(SOURCES, layer(all=(0, 0, 2000, 1000))))
    assert (low.at["all", "residents"], high.at["all", "residents"]) == (1000, 1000)


def test_what_an_estimate_misses_on_paper() -> None:
    truth = pd.DataFrame({"residents": {"left": 125.0, "middle": 600.0, "right": 275.0}})
    row = miss(truth, apportion(PEOPLE[["residents"]], by_area(SOURCES, TARGETS))).loc["residents"]
    # right is half covered and has no value: compared are left (100 for 125) and middle (600 for 600)
    assert (row["missed"], row["median"], row["worst"], row["worst_area"]) == (pytest.approx(100 * 25 / 725), 10, 20, "left")
    assert (row["areas"], row["unknown"]) == (2, 1)


# --- by law -----------------------------------------------------------------------------------------------------------

cuts = st.lists(st.integers(1, 99), min_size=0, max_size=6, unique=True).map(sorted)


def strips(at: list[int], *, across: bool, prefix: str, end: float = 100) -> gpd.GeoSeries:
    """A partition of the square of one kilometre, cut at these tens of metres."""
    edges = [0, *(one for one in at if one < end), end]
    spans = [(10 * a, 10 * b) for a, b in pairwise(edges)]
    boxes = [(0, a, 1000, b) if across else (a, 0, b, 1000) for a, b in spans]
    return layer(**{f"{prefix}{number:02d}": box for number, box in enumerate(boxes)})


def some_counts(ids: pd.Index, seed: int, columns: int = 3) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(seed).integers(0, 10_000, (len(ids), columns)).astype(float), index=ids)


def weights_of(method: str, sources: gpd.GeoSeries, targets: gpd.GeoSeries) -> Weights:
    if method == "area":
        return by_area(sources, targets)
    if method == "mask":
        blocks = layer(**{f"b{k}": (k * 97, k * 89, k * 97 + 60, k * 89 + 70) for k in range(10)})
        return first_of(by_mask(sources, targets, blocks), by_area(sources, targets))
    x, y = np.random.default_rng(5).uniform(0, 1000, (2, 300))
    points = shapely.points(EAST + x, NORTH + y)
    place = [Found(*shapely.STRtree(areas.to_numpy()).query(points, predicate="intersects")) for areas in (sources, targets)]
    found_points = by_points(place[0], place[1], source_ids=list(sources.index), target_ids=list(targets.index), people=np.arange(300) % 7)
    return first_of(found_points, by_area(sources, targets))


@pytest.mark.parametrize("method", ["area", "mask", "points"])
@given(one=cuts, other=cuts, end=st.sampled_from([40, 100]), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_totals_are_kept(method: str, one: list[int], other: list[int], end: int, seed: int) -> None:
    sources, targets = strips(one, across=False, prefix="s"), strips(other, across=seed % 2 == 0, prefix="t", end=end)
    weights, table = weights_of(method, sources, targets), some_counts(sources.index, seed)
    estimate = apportion(table, weights)
    assert np.allclose(estimate.counts.sum() + estimate.outside, table.sum(), rtol=1e-9, atol=1e-9)
    assert (weights.matrix.toarray() >= 0).all()
    assert np.allclose(weights.matrix.sum(axis=1) + weights.outside, 1, rtol=0, atol=1e-12)
    low, high = bounds(table, weights)
    assert ((low - 1e-6 <= estimate.counts.fillna(low)) & (estimate.counts.fillna(high) <= high + 1e-6)).all(axis=None)


@given(one=cuts, other=cuts, seed=st.integers(0, 99), factor=st.floats(0, 1000))
@settings(max_examples=40, deadline=None)
def test_it_is_linear(one: list[int], other: list[int], seed: int, factor: float) -> None:
    sources, targets = strips(one, across=False, prefix="s"), strips(other, across=True, prefix="t")
    weights, a, b = by_area(sources, targets), some_counts(sources.index, seed), some_counts(sources.index, seed + 1)
    left = apportion(a + factor * b, weights).counts
    pd.testing.assert_frame_equal(left, apportion(a, weights).counts + factor * apportion(b, weights).counts, rtol=1e-9, atol=1e-6)


@given(at=cuts, seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_same_set_gives_the_same_counts(at: list[int], seed: int) -> None:
    sources = strips(at, across=False, prefix="s")
    weights = by_area(sources, sources)
    assert (weights.matrix.toarray() == np.eye(len(sources))).all()
    table = some_counts(sources.index, seed)
    pd.testing.assert_frame_equal(apportion(table, weights).counts, table)


@given(at=cuts, wider=cuts, seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_nested_sets_are_exact(at: list[int], wider: list[int], seed: int) -> None:
    fine, coarse = strips(sorted({*at, *wider}), across=False, prefix="s"), strips(wider, across=False, prefix="t")
    table = some_counts(fine.index, seed)
    middle = fine.representative_point().to_numpy()
    home = [int(np.flatnonzero(shapely.intersects(coarse.to_numpy(), point))[0]) for point in middle]
    expected = table.groupby(coarse.index[home].to_numpy()).sum()
    estimate = apportion(table, by_area(fine, coarse))
    assert (estimate.counts.to_numpy() == expected.reindex(estimate.counts.index).to_numpy()).all()
    low, high = bounds(table, by_area(fine, coarse))
    pd.testing.assert_frame_equal(low, high)


@given(one=cuts, other=cuts, seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_order_of_areas_and_rows_does_not_matter(one: list[int], other: list[int], seed: int) -> None:
    sources, targets = strips(one, across=False, prefix="s"), strips(other, across=True, prefix="t")
    table, rng = some_counts(sources.index, seed), np.random.default_rng(seed)
    shuffled = by_area(sources.iloc[rng.permutation(len(sources))], targets.iloc[rng.permutation(len(targets))])
    estimate = apportion(table.iloc[rng.permutation(len(table))], shuffled).counts
    pd.testing.assert_frame_equal(estimate.sort_index(), apportion(table, by_area(sources, targets)).counts, rtol=1e-12)


@given(one=cuts, other=cuts, seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_unknown_never_becomes_a_number(one: list[int], other: list[int], seed: int) -> None:
    sources, targets = strips(one, across=False, prefix="s"), strips(other, across=False, prefix="t")
    table = some_counts(sources.index, seed)
    unknown = np.random.default_rng(seed).random(table.shape) < 0.3
    weights = by_area(sources, targets)
    estimate = apportion(table.mask(unknown), weights).counts.to_numpy()
    reached = (weights.matrix.toarray() > 0).T.astype(int) @ unknown.astype(int) > 0
    assert (np.isnan(estimate) == reached).all()
    assert np.allclose(estimate[~reached], apportion(table, weights).counts.to_numpy()[~reached], rtol=1e-12)


# --- beside tobler ----------------------------------------------------------------------------------------------------


def tobler_counts(sources: gpd.GeoSeries, targets: gpd.GeoSeries, table: pd.DataFrame, *, allocate_total: bool) -> pd.DataFrame:
    tobler = pytest.importorskip("tobler.area_weighted", reason="tobler is in the extra `bench`")
    frame = gpd.GeoDataFrame(table.rename(columns=str).reset_index(drop=True), geometry=sources.to_numpy(), crs=sources.crs)
    into = gpd.GeoDataFrame(geometry=targets.to_numpy(), crs=targets.crs)
    names = [str(name) for name in table.columns]
    answer = tobler.area_interpolate(frame, into, extensive_variables=names, allocate_total=allocate_total)
    return pd.DataFrame(answer[names].to_numpy(), targets.index, table.columns)


@pytest.mark.parametrize("seed", range(5))
def test_tobler_agrees_to_its_float32(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = (sorted(rng.choice(np.arange(1, 100), 12, replace=False).tolist()) for _ in range(2))
    sources, targets = strips(one, across=False, prefix="s"), strips(other, across=True, prefix="t", end=60)
    table = some_counts(sources.index, seed)
    theirs = tobler_counts(sources, targets, table, allocate_total=False)
    pd.testing.assert_frame_equal(apportion(table, by_area(sources, targets)).counts, theirs, rtol=3e-7)


def test_a_partial_target_is_not_inflated_as_by_the_default_of_tobler() -> None:
    corner = layer(estate=(0, 0, 300, 300))
    table = counts(residents={"west": 1000.0, "east": 500.0})
    assert apportion(table, by_area(SOURCES, corner)).counts.at["estate", "residents"] == pytest.approx(90)
    assert apportion(table, by_area(SOURCES, corner)).outside["residents"] == pytest.approx(1410)
    inflated = tobler_counts(SOURCES, corner, table, allocate_total=True)
    assert inflated.at["estate", "residents"] == pytest.approx(1000)


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-5.0, np.inf])
def test_counts_that_cannot_be_are_refused(value: float) -> None:
    with pytest.raises(InputError, match=r"counts, column residents: a count that cannot be; found (-5|inf) in 'east'; expected 0 or more"):
        apportion(counts(residents={"west": 1.0, "east": value}), by_area(SOURCES, TARGETS))


def test_counts_of_another_vintage_are_refused() -> None:
    weights = by_area(SOURCES, TARGETS)
    with pytest.raises(NotFoundError, match="different areas; found 'north'"):
        apportion(counts(residents={"west": 1.0, "east": 2.0, "north": 3.0}), weights)
    with pytest.raises(NotFoundError, match="different areas; found 'east'"):
        apportion(counts(residents={"west": 1.0}), weights)


def test_counts_in_words_or_twice_are_refused() -> None:
    weights = by_area(SOURCES, TARGETS)
    with pytest.raises(InputError, match="a count that is no number"):
        apportion(pd.DataFrame({"residents": {"west": "few", "east": "many"}}), weights)
    with pytest.raises(InputError, match="an area that stands twice; found 'west'"):
        apportion(pd.concat([PEOPLE, PEOPLE.iloc[:1]]), weights)
