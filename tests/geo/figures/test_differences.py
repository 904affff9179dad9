"""How far apart two figures are: against published worked examples, and by law."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from geo.figures.differences import SAME, Point, TargetLine, apart, ratio
from tests.records.shares import NAN, SHARES, share


def rate(events: float, exposure: float) -> Point:
    return Point(events / exposure, NAN, NAN, NAN, "poisson", "1", None, events, exposure)


def test_the_interval_of_newcombes_example() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 873-890, table II, example (a), 56/70 and 48/80, method 10: 0.0524 to 0.3339.
    change = apart(share(56, 70), share(48, 80))
    assert (change.value, change.low, change.high) == (pytest.approx(20.0), pytest.approx(5.24, abs=0.005), pytest.approx(33.39, abs=0.005))


@given(after=SHARES, before=SHARES)
def test_it_is_statsmodels_newcombe_for_every_pair(after: Point, before: Point) -> None:
    k1, k0 = after.value * after.n / 100, before.value * before.n / 100
    low, high = confint_proportions_2indep(k1, after.n, k0, before.n, compare="diff", method="newcomb")
    change = apart(after, before)
    assert (change.low, change.high) == (pytest.approx(100 * low, abs=1e-6), pytest.approx(100 * high, abs=1e-6))


@given(after=SHARES, before=SHARES)
def test_a_change_holds_its_value_and_turns_with_time(after: Point, before: Point) -> None:
    there, back = apart(after, before), apart(before, after)
    assert there.low <= there.value <= there.high
    assert (there.low, there.high) == (pytest.approx(-back.high, abs=1e-8), pytest.approx(-back.low, abs=1e-8))


@given(after=SHARES, before=SHARES, factor=st.floats(0.1, 2), offset=st.floats(-50, 50))
def test_more_doubt_in_the_baseline_is_never_less_doubt_in_what_it_asks(after: Point, before: Point, factor: float, offset: float) -> None:
    line = TargetLine(factor, offset)
    exact = Point(before.value, before.value, before.value, before.n, "count", "1", None)
    sure, unsure = apart(after, exact, line), apart(after, before, line)
    assert unsure.low <= sure.low + 1e-9
    assert sure.high <= unsure.high + 1e-9


def test_a_level_asks_nothing_of_the_baseline() -> None:
    after = share(80, 100)
    gap = apart(after, None, TargetLine(0.0, 75.0))
    assert (gap.low, gap.high) == (pytest.approx(after.low - 75), pytest.approx(after.high - 75))
    assert math.isnan(apart(after, None, SAME).low)


def test_ten_percent_less_than_49_5_is_exactly_44_55() -> None:
    assert TargetLine(0.9, 0.0).of(share(99, 200)) == 44.55


def test_numbers_of_areas_join_their_hard_ends() -> None:
    # between 1 and 4 now, between 2 and 6 then: half as many would be 1 to 3, and so 2 fewer to 3 more than asked
    now, then = (Point(v, low, high, NAN, "areas", "1", None) for v, low, high in ((2.0, 1.0, 4.0), (4.0, 2.0, 6.0)))
    gap = apart(now, then, TargetLine(0.5, 0.0))
    assert (gap.value, gap.low, gap.high) == (0.0, -2.0, 3.0)


def test_an_unknown_end_makes_an_unknown_end() -> None:
    blank = Point(50.0, NAN, NAN, NAN, "none", "1", None)
    assert math.isnan(apart(share(1, 2), blank).low)
    assert math.isnan(apart(blank, share(1, 2)).high)


def test_the_exact_ratio_is_that_of_the_example_of_rs_poisson_test() -> None:
    # R, ?poisson.test: poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)) prints the ratio 1.971488 and 0.8584264 to 4.2772659.
    found = ratio(rate(11, 800), rate(21, 3011))
    assert found is not None
    assert (found.value, found.low, found.high) == (
        pytest.approx(1.971488, abs=1e-6),
        pytest.approx(0.8584264, abs=1e-6),
        pytest.approx(4.2772659, abs=1e-6),
    )


@given(k1=st.integers(0, 300), k0=st.integers(0, 300), t1=st.floats(1, 1000), t0=st.floats(1, 1000))
def test_a_ratio_turns_with_time(k1: int, k0: int, t1: float, t0: float) -> None:
    there, back = ratio(rate(k1, t1), rate(k0, t0)), ratio(rate(k0, t0), rate(k1, t1))
    if k1 + k0 == 0:
        assert there is None
        return
    assert there is not None
    assert back is not None
    assert there.low <= there.value <= there.high
    assert there.low == pytest.approx(1 / back.high, rel=1e-9) if back.high < math.inf else there.low == 0


def test_a_rate_without_its_events_has_no_exact_ratio() -> None:
    assert ratio(rate(NAN, 10), rate(3, 10)) is None
    assert ratio(rate(3, 10), None) is None
