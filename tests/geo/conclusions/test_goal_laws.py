"""What no goal's verdict may do, whatever the figures: laws, and the paths, bridges and counted areas worked out by hand."""

from __future__ import annotations

import datetime as dt

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model.goals import Baseline, Category, Target
from geo.model.indicators import Bridge, Definition, Indicator
from geo.model.results import Judgement
from geo.model.sources import Cite
from geo.model.vocabulary import Reason, Verdict
from tests.records.policy import WORDS, goal, judged, share
from tests.records.single import indicator, row

pytestmark = pytest.mark.slow  # laws, tried on many figures

DECIDED = {Verdict.ON_TRACK, Verdict.OFF_TRACK, Verdict.REACHED, Verdict.NOT_REACHED}
GOOD = {Verdict.ON_TRACK, Verdict.REACHED}
BROKEN = (
    Definition(version="1", text=WORDS, valid_to=dt.date(2011, 12, 31)),
    Definition(version="2", text=WORDS, valid_from=dt.date(2012, 1, 1)),
)
SURVEYED = st.tuples(st.integers(0, 200), st.integers(0, 200)).filter(lambda pair: sum(pair) > 0)
UNITS = st.sampled_from(
    [
        Target(id="t", name=WORDS, unit="direction"),
        Target(id="t", name=WORDS, unit="level", value=60.0),
        Target(id="t", name=WORDS, unit="percent", value=10.0),
        Target(id="t", name=WORDS, unit="percentage_points", value=10.0),
    ]
)


def two(before: tuple[int, int], after: tuple[int, int], *, last: str = "2014", **changes: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    (k0, m0), (k1, m1) = before, after
    return share("2010", k0, k0 + m0), share(last, k1, k1 + m1, **changes)


def broken(*bridges: Bridge) -> Indicator:
    return indicator(basis="survey", definitions=BROKEN, bridges=bridges)


@pytest.mark.slow
@settings(max_examples=40)
@given(before=SURVEYED, after=SURVEYED, target=UNITS, last=st.sampled_from(["2012", "2014"]), direction=st.sampled_from(["up", "down"]))
def test_a_verdict_is_what_its_interval_says(
    before: tuple[int, int], after: tuple[int, int], target: Target, last: str, direction: str
) -> None:
    """A decided verdict has its whole interval on one side, and the good words are on the good side."""
    if direction == "down" and target.unit != "direction":
        target = msgspec.structs.replace(target, value=-target.value if target.unit != "level" and target.value else 40.0)
    (found,) = judged(goal(direction=direction, targets=(target,)), *two(before, after, last=last), of=indicator(basis="survey"))
    low, high = (found.change_low, found.change_high) if target.unit == "direction" else (found.gap_low, found.gap_high)
    assert low is not None
    assert high is not None
    assert not (found.verdict in {Verdict.REACHED, Verdict.NOT_REACHED} and last == "2012")
    assert not (found.verdict in {Verdict.ON_TRACK, Verdict.OFF_TRACK} and last == "2014")
    if found.verdict in DECIDED:
        assert low >= 0 or high <= 0
        better = low >= 0 if direction == "up" else high <= 0
        assert better == (found.verdict in GOOD)
    if found.verdict == Verdict.UNDECIDED:
        assert found.reason in {Reason.COVERS_NO_CHANGE, Reason.COVERS_TARGET if last == "2014" else Reason.COVERS_PATH}


@pytest.mark.slow
@settings(max_examples=40)
@given(before=SURVEYED, after=SURVEYED, target=UNITS)
def test_no_verdict_reaches_across_a_break(before: tuple[int, int], after: tuple[int, int], target: Target) -> None:
    (found,) = judged(goal(targets=(target,)), *two(before, after, definition="2"), of=broken())
    assert (found.verdict, found.reason) == (Verdict.BREAK, Reason.DEFINITION_BREAK)
    assert (found.change, found.change_low, found.gap, found.ratio) == (None, None, None, None)


@pytest.mark.slow
@settings(max_examples=40)
@given(before=SURVEYED, after=SURVEYED, target=UNITS)
def test_a_bridge_that_changes_nothing_changes_nothing(before: tuple[int, int], after: tuple[int, int], target: Target) -> None:
    asked = goal(targets=(target,))
    level = Bridge(before="1", after="2", cite=Cite(source="s"), doubt=0.0)
    (crossed,) = judged(asked, *two(before, after, definition="2"), of=broken(level))
    (plain,) = judged(asked, *two(before, after), of=indicator(basis="survey"))
    assert (crossed.verdict, crossed.reason) == (plain.verdict, plain.reason)
    assert crossed.change_low == pytest.approx(plain.change_low)
    assert crossed.bridges == ("1 → 2",)


@pytest.mark.slow
@settings(max_examples=40)
@given(before=SURVEYED, after=SURVEYED, target=UNITS, without=st.sampled_from([0, 1]), status=st.sampled_from(["missing", "suppressed"]))
def test_an_unknown_figure_is_never_taken_for_one(
    before: tuple[int, int], after: tuple[int, int], target: Target, without: int, status: str
) -> None:
    rows = list(two(before, after))
    unknown = dict.fromkeys(("value", "numerator", "denominator"), np.nan)
    rows[without] = rows[without].assign(status=status, **unknown)
    (found,) = judged(goal(targets=(target,)), *rows, of=indicator(basis="survey"))
    assert (found.baseline, found.latest)[without] is None
    if without == 1 or target.unit != "level":
        assert found.verdict == Verdict.UNDECIDED
        assert found.reason == (Reason.HIDDEN if status == "suppressed" else (Reason.NO_BASELINE, Reason.NO_LATEST)[without])


@pytest.mark.slow
@given(st.permutations(["2010", "2011", "2012", "2013"]))
def test_the_order_of_periods_in_the_table_does_not_matter(order: list[str]) -> None:
    k = {"2010": 50, "2011": 55, "2012": 61, "2013": 70}
    asked = goal(targets=(Target(id="t", name=WORDS, unit="level", value=80.0),))
    assert judged(asked, *(share(p, k[p], 100) for p in order)) == judged(asked, *(share(p, k[p], 100) for p in sorted(order)))


def path_of(found: Judgement) -> dict[str, float | None]:
    return {step.period: step.required for step in found.course}


def test_the_required_path_by_hand() -> None:
    """From 50 at the end of 2010 to 90 at the end of 2014, 1461 days: 10 points a year but for the leap day of 2012."""
    level = goal(targets=(Target(id="t", name=WORDS, unit="level", value=90.0),))
    (found,) = judged(level, *(row(period=p, value=v) for p, v in [("2009", 40.0), ("2010", 50.0), ("2011", 58.0), ("2012", 80.0)]))
    assert path_of(found) == {
        "2010": 50.0,
        "2011": pytest.approx(50 + 40 * 365 / 1461),
        "2012": pytest.approx(50 + 40 * 731 / 1461),
    }
    assert found.required == pytest.approx(70.0, abs=0.02)
    assert (found.gap, found.gap_low) == (pytest.approx(10.0, abs=0.02), pytest.approx(10.0, abs=0.02))


def test_the_path_ends_at_a_break_and_goes_on_over_a_bridge() -> None:
    level = goal(targets=(Target(id="t", name=WORDS, unit="level", value=90.0),))
    rows = [
        row(period="2010", value=50.0, n=1000.0),
        row(period="2011", value=55.0, n=1000.0),
        row(period="2012", value=70.0, n=1000.0, definition="2"),
    ]
    (stopped,) = judged(level, *rows, of=broken())
    assert path_of(stopped)["2011"] is not None
    assert path_of(stopped)["2012"] is None
    (goes_on,) = judged(level, *rows, of=broken(Bridge(before="1", after="2", cite=Cite(source="s"), offset=8.0, doubt=1.0)))
    assert goes_on.baseline == 58.0
    assert path_of(goes_on)["2012"] == pytest.approx(58 + 32 * 731 / 1461)


def test_a_bridge_of_unknown_doubt_decides_nothing_of_a_change() -> None:
    (found,) = judged(goal(), *two((10, 90), (90, 10), definition="2"), of=broken(Bridge(before="1", after="2", cite=Cite(source="s"))))
    assert (found.verdict, found.reason) == (Verdict.UNDECIDED, Reason.NO_INTERVAL)


def test_the_doubt_of_a_measured_baseline_is_in_what_it_asks_for() -> None:
    """70 of 100, ten points more asked: 90 of 100 (83-94) lies above 80, but the baseline might have been 78."""
    points = goal(targets=(Target(id="t", name=WORDS, unit="percentage_points", value=10.0),))
    (found,) = judged(points, share("2010", 70, 100), share("2014", 90, 100), of=indicator(basis="survey"))
    assert found.low is not None
    assert found.low > 80
    assert (found.verdict, found.reason) == (Verdict.UNDECIDED, Reason.COVERS_TARGET)


def test_a_stated_baseline_of_a_survey_cannot_tell_a_change_but_can_be_asked_more_of() -> None:
    start = Baseline(value=50.0, period="2010")
    readings = (Target(id="up", name=WORDS, unit="direction"), Target(id="pp", name=WORDS, unit="percentage_points", value=10.0))
    up, points = judged(goal(targets=readings, baseline=start), share("2014", 90, 100), of=indicator(basis="survey"))
    assert (up.verdict, up.reason) == (Verdict.UNDECIDED, Reason.NO_INTERVAL)
    assert points.verdict == Verdict.REACHED


def test_rates_are_judged_by_the_exact_ratio() -> None:
    """11 events in 800 against 21 in 3,011: twice as many, and yet the exact ratio covers one (R, ?poisson.test)."""
    of = indicator(kind="rate", per=1, direction="down")
    rows = [row(period=p, value=k / t, numerator=float(k), denominator=float(t)) for p, k, t in (("2010", 21, 3011), ("2014", 11, 800))]
    (found,) = judged(goal(direction="down"), *rows, of=of)
    assert (found.verdict, found.reason) == (Verdict.UNDECIDED, Reason.COVERS_NO_CHANGE)
    assert (found.ratio, found.ratio_low) == (pytest.approx(1.971488, abs=1e-6), pytest.approx(0.8584264, abs=1e-6))


def in_areas(period: str, *values: float, n: float = 10_000.0) -> list[pd.DataFrame]:
    return [row(period=period, area_id=f"{number}", value=value, n=n) for number, value in enumerate(values)]


def test_areas_that_must_be_half_as_many_are_counted() -> None:
    halved = goal(
        direction="down",
        category=Category(name=WORDS, below=75.0),
        targets=(Target(id="half", name=WORDS, unit="percent", value=-50.0),),
    )
    rows = [*in_areas("2010", 60, 60, 70, 70, 90), *in_areas("2014", 60, 80, 80, 80, 90)]
    (found,) = judged(halved, *rows, of=indicator(basis="survey"))
    assert (found.baseline, found.latest, found.target_value, found.interval) == (4.0, 1.0, 2.0, "areas")
    assert (found.verdict, found.area_id) == (Verdict.REACHED, "")


def test_areas_across_the_limit_leave_the_count_undecided() -> None:
    halved = goal(
        direction="down",
        category=Category(name=WORDS, below=75.0),
        targets=(Target(id="half", name=WORDS, unit="percent", value=-50.0),),
    )
    rows = [*in_areas("2010", 60, 60, 60, 60, n=100.0), *in_areas("2014", 60, 76, 76, 76, n=100.0)]
    (found,) = judged(halved, *rows, of=indicator(basis="survey"))
    assert (found.latest, found.low, found.high) == (1.0, 1.0, 4.0)
    assert (found.verdict, found.reason) == (Verdict.UNDECIDED, Reason.COVERS_TARGET)


def test_an_interval_that_ends_on_the_target_is_on_the_good_side() -> None:
    """Fewer outside work by ten percent of 49.5: exactly 44.55 is reached, 44.56 is not."""
    asked = goal(
        direction="down", targets=(Target(id="t", name=WORDS, unit="percent", value=-10.0),), baseline=Baseline(value=49.5, period="2010")
    )
    (there,), (not_there,) = (judged(asked, row(period="2014", value=value)) for value in (44.55, 44.56))
    assert (there.verdict, not_there.verdict) == (Verdict.REACHED, Verdict.NOT_REACHED)


# --- reached and not reached are words of the deadline -------------------------------------------------------------------


PERIODS = st.sampled_from(
    ["2011", "2012H2", "2013-07", "2014H1", "2014Q3", "2014-12-30", "2014-12-31", "2014-12", "2014Q4", "2014H2", "2014"]
)
"""Periods that begin by the deadline of 31 December 2014; the last five end on it."""
BASELINES = st.sampled_from([Baseline(period="2010"), Baseline(value=50.0), Baseline(value=50.0, period="2010"), None])


@pytest.mark.slow
@settings(max_examples=150)
@given(after=SURVEYED, target=UNITS, period=PERIODS, baseline=BASELINES, direction=st.sampled_from(["up", "down"]))
def test_the_words_of_the_deadline_are_said_of_figures_that_reach_it_alone(
    after: tuple[int, int], target: Target, period: str, baseline: Baseline | None, direction: str
) -> None:
    """Whatever the goal asks for, whatever is known of where it starts."""
    asked = goal(direction=direction, targets=(target,), baseline=baseline)
    for found in judged(asked, *two((50, 50), after, last=period), of=indicator(basis="survey")):
        reaches = period in {"2014-12-31", "2014-12", "2014Q4", "2014H2", "2014"}
        assert found.verdict not in ({Verdict.ON_TRACK, Verdict.OFF_TRACK} if reaches else {Verdict.REACHED, Verdict.NOT_REACHED})
        if found.reason in {Reason.MET_SO_FAR, Reason.NOT_MET_SO_FAR}:
            assert not reaches
            assert found.verdict == Verdict.UNDECIDED
            assert found.required is None
            assert found.baseline_period is None


@pytest.mark.parametrize(
    ("value", "verdict", "reason"),
    [
        (95.0, Verdict.ON_TRACK, None),
        (72.0, Verdict.ON_TRACK, None),
        (70.0, Verdict.UNDECIDED, Reason.COVERS_PATH),
        (60.0, Verdict.OFF_TRACK, None),
    ],
)
def test_before_the_deadline_the_straight_path_is_the_measure(value: float, verdict: Verdict, reason: Reason | None) -> None:
    """Half way from 50 to 90 the path asks for 70, whatever side of 90 the figure is on."""
    level = goal(targets=(Target(id="t", name=WORDS, unit="level", value=90.0),), baseline=Baseline(value=50.0, period="2010"))
    (found,) = judged(level, row(period="2012", value=value, n=10_000.0), of=indicator(basis="survey"))
    assert (found.verdict, found.reason) == (verdict, reason)


def test_a_baseline_that_is_better_than_the_target_is_asked_for_no_more_than_the_target() -> None:
    """At most 5.8 percent, from 4.0: 5.0 is no step back from a line that climbs to 5.8."""
    most = goal(
        direction="down", targets=(Target(id="t", name=WORDS, unit="level", value=5.8),), baseline=Baseline(value=4.0, period="2010")
    )
    inside, outside = (judged(most, row(period="2012", value=value))[0] for value in (5.0, 6.0))
    assert (inside.verdict, inside.required) == (Verdict.ON_TRACK, 5.8)
    assert (outside.verdict, outside.required) == (Verdict.OFF_TRACK, 5.8)


def test_a_level_without_any_baseline_says_whether_it_is_met_so_far() -> None:
    level = goal(targets=(Target(id="t", name=WORDS, unit="level", value=60.0),), baseline=None)
    met, unmet, unclear = (
        judged(level, row(period="2012", value=value, n=400.0), of=indicator(basis="survey"))[0] for value in (80.0, 40.0, 61.0)
    )
    assert {one.verdict for one in (met, unmet, unclear)} == {Verdict.UNDECIDED}
    assert (met.reason, unmet.reason, unclear.reason) == (Reason.MET_SO_FAR, Reason.NOT_MET_SO_FAR, Reason.COVERS_TARGET)
