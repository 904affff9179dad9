"""Many areas asked at once: the published example, what agrees with an interval, and how often chance alone is taken for something."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from geo.figures import multiple
from geo.figures.differences import IntervalEstimate, Point, apart
from tests.records.shares import SHARES

NAN = float("nan")
THROMBOLYSIS = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000,
)  # fmt: skip
"""The fifteen p-values of Benjamini and Hochberg (1995), section 4.1."""


def test_the_example_of_benjamini_and_hochberg() -> None:
    """Nine of fifteen are below 0.05; the procedure at 5 percent keeps the four smallest."""
    assert multiple.stand_out(THROMBOLYSIS) == [True] * 4 + [False] * 11
    found = multiple.control(THROMBOLYSIS)
    assert (found.tested, found.alone, found.told) == (15, 9, 4)
    assert (found.by_chance, found.false) == (pytest.approx(0.75), pytest.approx(0.2))


def test_what_is_not_tested_is_neither_counted_nor_told() -> None:
    chances = [NAN, 0.001, NAN, 0.9]
    assert multiple.stand_out(chances) == [False, True, False, False]
    assert multiple.control(chances).tested == 2
    assert multiple.stand_out([]) == []
    assert multiple.stand_out([NAN]) == [False]


@given(after=SHARES, before=SHARES)
def test_a_p_value_agrees_with_the_interval(after: Point, before: Point) -> None:
    span = apart(after, before)
    leaves_out_zero = span.low > 0 or span.high < 0
    if min(abs(span.low), abs(span.high)) > 1e-6:  # on the edge itself the last digit decides
        assert (multiple.chance(span) < 0.05) == leaves_out_zero
    assert 0 <= multiple.chance(span) <= 1


@given(after=SHARES, before=SHARES)
def test_a_p_value_is_the_same_both_ways(after: Point, before: Point) -> None:
    assert multiple.chance(apart(after, before)) == pytest.approx(multiple.chance(apart(before, after)), abs=1e-9)


def test_by_hand() -> None:
    """An end 1.96 standard errors from the value: 3 standard errors are p = 0.0027."""
    assert multiple.chance(IntervalEstimate(3.0, 3.0 - 1.959964, 3.0 + 5)) == pytest.approx(0.0027, abs=1e-5)
    assert multiple.chance(IntervalEstimate(-3.0, -8.0, -3.0 + 1.959964)) == pytest.approx(0.0027, abs=1e-5)
    assert multiple.chance(IntervalEstimate(0.0, -1.0, 1.0)) == 1.0


def test_full_counts_and_unknown_doubt_are_no_test() -> None:
    assert math.isnan(multiple.chance(IntervalEstimate(5.0, 5.0, 5.0)))
    assert math.isnan(multiple.chance(IntervalEstimate(5.0, NAN, NAN)))


@given(st.lists(st.floats(0, 1), max_size=30))
def test_the_control_never_adds_and_keeps_the_smallest(chances: list[float]) -> None:
    told = multiple.stand_out(chances)
    assert all(one < 0.05 for one, stands in zip(chances, told, strict=True) if stands)
    kept = [one for one, stands in zip(chances, told, strict=True) if stands]
    left = [one for one, stands in zip(chances, told, strict=True) if not stands]
    assert not kept or not left or max(kept) <= min(left)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=20).flatmap(lambda found: st.tuples(st.just(found), st.permutations(range(len(found)))))
)
def test_the_order_of_areas_does_not_matter(both: tuple[list[float], list[int]]) -> None:
    chances, order = both
    told = multiple.stand_out(chances)
    assert [told[number] for number in order] == multiple.stand_out([chances[number] for number in order])


def test_a_map_of_thirteen_areas_in_which_nothing_happened_is_seldom_coloured() -> None:
    """300 answers in each of 13 areas, twice, from the same share: one by one almost half of the maps have a coloured area."""
    random, any_alone, any_told = np.random.default_rng(20260101), 0, 0
    maps, answers = 1000, 300
    for counts in random.binomial(answers, 0.8, size=(maps, 13, 2)):
        found = multiple.control([multiple.chance(apart(_share(now, answers), _share(then, answers))) for now, then in counts.tolist()])
        any_alone, any_told = any_alone + (found.alone > 0), any_told + (found.told > 0)
    assert any_alone / maps > 0.35
    assert any_told / maps < 0.07


def _share(k: int, n: int) -> Point:
    low, high = proportion_confint(k, n, method="wilson")
    return Point(100 * k / n, 100 * low, 100 * high, n, "wilson", "1", None)
