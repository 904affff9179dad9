"""Verdicts worked out by hand: from intervals, never across a break, both readings of the ten percent."""

import datetime as dt

import msgspec
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from geo.conclusions import goals
from geo.figures.indicators import shares
from geo.model.catalogue import ListEdition, Member
from geo.model.goals import Baseline, Target
from geo.model.vocabulary import Reason, Verdict
from tests.records.policy import CITE, WORDS, catalogue, goal, judged, share
from tests.records.single import indicator, row, source


@pytest.mark.parametrize(
    ("k", "period", "verdict", "reason"),
    [
        (90, "2014", Verdict.REACHED, None),  # 70 -> 90 of 100 by the deadline
        (90, "2013", Verdict.ON_TRACK, None),
        (72, "2014", Verdict.UNDECIDED, Reason.COVERS_NO_CHANGE),
        (40, "2014", Verdict.NOT_REACHED, None),
        (40, "2012", Verdict.OFF_TRACK, None),
    ],
)
def test_must_rise_is_judged_on_the_interval_of_the_change(k: int, period: str, verdict: Verdict, reason: Reason | None) -> None:
    (found,) = judged(goal(), share("2010", 70, 100), share(period, k, 100))
    assert (found.verdict, found.reason) == (verdict, reason)
    assert found.change == pytest.approx(k - 70)


def test_the_interval_of_a_change_is_newcombes() -> None:
    (found,) = judged(goal(), share("2010", 70, 100), share("2014", 85, 110))
    low, high = confint_proportions_2indep(85, 110, 70, 100, compare="diff", method="newcomb")
    assert (found.change_low, found.change_high) == pytest.approx((100 * low, 100 * high), abs=1e-9)


def test_both_readings_of_ten_percent_are_judged() -> None:
    readings = (
        Target(id="pct", name=WORDS, unit="percent", value=-10),
        Target(id="pp", name=WORDS, unit="percentage_points", value=-10),
    )
    asked = goal(direction="down", targets=readings, baseline=Baseline(value=49.5), deadline=dt.date(2010, 12, 31))
    percent, points = judged(asked, row(period="2008-06", value=42.1))
    # 42.1 in June 2008 is below 44.55 and above 39.5, but the deadline is the end of 2010 and the baseline has no date.
    assert (percent.verdict, percent.reason, percent.target_value) == (Verdict.UNDECIDED, Reason.MET_SO_FAR, pytest.approx(44.55))
    assert (points.verdict, points.reason, points.target_value) == (Verdict.UNDECIDED, Reason.NOT_MET_SO_FAR, pytest.approx(39.5))
    assert (percent.required, points.required) == (None, None)
    assert (percent.gap, points.gap) == (pytest.approx(-2.45), pytest.approx(2.6))
    percent, points = judged(asked, row(period="2010", value=42.1))
    assert (percent.verdict, points.verdict) == (Verdict.REACHED, Verdict.NOT_REACHED)


def test_a_dated_baseline_gives_a_path_to_be_on() -> None:
    level = goal(targets=(Target(id="t", name=WORDS, unit="level", value=90.0),), baseline=Baseline(period="2010"))
    (ahead,) = judged(level, row(period="2010", value=50.0), row(period="2012", value=80.0))
    (behind,) = judged(level, row(period="2010", value=50.0), row(period="2012", value=55.0))
    assert (ahead.verdict, behind.verdict) == (Verdict.ON_TRACK, Verdict.OFF_TRACK)


def test_a_start_that_the_papers_set_the_target_by_is_exact_as_what_is_asked() -> None:
    """From 54.4 in spring 2007 to 64 at the end of 2010 (kk-002, l. 15): 59.88 by the middle of 2009."""
    aim, paper = (Target(id="t", name=WORDS, unit="level", value=64.0),), indicator(basis="unstated")
    rows = (row(period="2007H1", value=54.4), row(period="2009H1", value=61.3, low=60.5, high=62.1))
    stated = goal(targets=aim, deadline=dt.date(2010, 12, 31), baseline=Baseline(value=54.4, period="2007H1"))
    (on_track,) = judged(stated, *rows, of=paper)
    assert (on_track.verdict, on_track.required) == (Verdict.ON_TRACK, pytest.approx(54.4 + 9.6 * 731 / 1280))
    (unknown,) = judged(msgspec.structs.replace(stated, baseline=Baseline(period="2007H1")), *rows, of=paper)
    assert (unknown.verdict, unknown.reason) == (Verdict.UNDECIDED, Reason.NO_INTERVAL)


def test_an_interval_on_both_sides_of_the_target_decides_nothing() -> None:
    level = goal(targets=(Target(id="t", name=WORDS, unit="level", value=75.0),))
    (found,) = judged(level, share("2010", 60, 100), share("2014", 76, 100))
    assert (found.verdict, found.reason) == (Verdict.UNDECIDED, Reason.COVERS_TARGET)


def test_no_verdict_reaches_across_a_change_of_definition() -> None:
    (found,) = judged(goal(), share("2010", 10, 100, definition="1"), share("2014", 90, 100, definition="2"))
    assert (found.verdict, found.reason) == (Verdict.BREAK, Reason.DEFINITION_BREAK)


def test_values_after_the_deadline_are_not_what_the_goal_was_about() -> None:
    (found,) = judged(goal(), share("2010", 70, 100), share("2014", 70, 100), share("2026", 99, 100))
    assert found.latest_period == "2014"


def test_no_baseline_is_said_and_not_guessed() -> None:
    (found,) = judged(goal(baseline=Baseline()), share("2014", 70, 100))
    assert (found.verdict, found.reason, found.baseline) == (Verdict.UNDECIDED, Reason.NO_BASELINE, None)


def test_a_survey_without_a_known_sample_decides_nothing() -> None:
    (found,) = judged(goal(), row(period="2010", value=10.0), row(period="2014", value=90.0), of=indicator(basis="survey"))
    assert (found.verdict, found.reason) == (Verdict.UNDECIDED, Reason.NO_INTERVAL)


def test_a_goal_that_nobody_measures_has_no_verdict() -> None:
    (found,) = goals.judge(row(), catalogue=catalogue(goal(indicator=None)), whole=row())
    assert (found.verdict, found.reason) == (None, Reason.NO_INDICATOR)


def test_a_frozen_list_names_the_areas_and_the_whole_is_their_sum() -> None:
    frozen = ListEdition(
        id="l", family="f", name=WORDS, published="2010", definition=WORDS, cite=CITE,
        members=(Member(name="A", area_set="s", area_id="a"), Member(name="B", area_set="s", area_id="b", extent="part")),
    )  # fmt: skip
    rows = [
        share(p, k, 100, area_id=a)
        for p, k, a in [("2010", 50, "a"), ("2014", 60, "a"), ("2010", 50, "b"), ("2014", 60, "b"), ("2014", 1, "c")]
    ]
    found = {j.area_id: j for j in judged(goal(frozen_list="l"), *rows, lists=(frozen,))}
    assert set(found) == {"", "a", "b"}
    assert found["a"].verdict == Verdict.UNDECIDED
    assert found[""].latest == pytest.approx(60.0)
    assert found[""].verdict == Verdict.REACHED  # twice the people, the same change: the doubt is smaller


def test_a_hidden_part_makes_the_whole_unknown() -> None:
    rows = [share(p, 60, 100, area_id=a) for p in ("2010", "2014") for a in ("a", "b")]
    rows[3] = rows[3].assign(value=float("nan"), numerator=float("nan"), denominator=float("nan"), status="suppressed", reason="few")
    found = {j.area_id: j for j in judged(goal(), *rows)}
    assert found[""].verdict == Verdict.UNDECIDED
    assert found["b"].reason == Reason.HIDDEN


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [share("2010", 70, 100, area_id=a) for a in "ab"] + [share("2014", 80, 100, area_id=a) for a in "ab"]
    assert msgspec.json.encode(judged(goal(), *rows)) == msgspec.json.encode(judged(goal(), *reversed(rows)))


def test_the_whole_of_a_rate_is_its_events_over_its_people_per_its_own_number() -> None:
    # 20 of 4,000 and 10 of 2,000 are 30 of 6,000: 5 per 1,000
    rate = indicator(kind="rate", per=1000, basis="register")
    parts = [
        row(area_id=area, value=5.0, numerator=events, denominator=people) for area, events, people in (("a", 20.0, 4e3), ("b", 10.0, 2e3))
    ]
    summed = goals.pooled(pd.concat(parts, ignore_index=True), catalogue=catalogue(goal(), of=rate))
    whole = shares(summed.assign(area_set="", area_id=""), indicators=[rate], source="")
    assert (whole["numerator"][0], whole["denominator"][0], whole["value"][0]) == (30.0, 6000.0, 5.0)


def test_the_whole_of_two_surveys_is_no_surer_than_the_less_sure_of_them() -> None:
    survey = indicator(basis="survey")
    known = msgspec.structs.replace(catalogue(goal(), of=survey), sources=(source(1.5, "wide"), source(None, "plain")))
    parts = [share("2014", 50, 100, area_id=area, source=told) for area, told in (("a", "wide"), ("b", "plain"))]
    summed = goals.pooled(pd.concat(parts, ignore_index=True), catalogue=known)
    assert summed["source"].tolist() == ["wide"]


def test_numbers_that_are_no_share_and_no_rate_make_no_whole() -> None:
    parts = [row(area_id=area, value=5.0, numerator=5.0, denominator=9.0) for area in ("a", "b")]
    assert goals.pooled(pd.concat(parts, ignore_index=True), catalogue=catalogue(goal(), of=indicator(kind="index"))).empty
