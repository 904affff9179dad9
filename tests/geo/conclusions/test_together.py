"""One verdict of three, by hand: all yes is yes, one sure no is no, a break is a break, and a part that is missing leaves it open."""

from __future__ import annotations

import datetime as dt
import itertools

import msgspec
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.conclusions import conclude, goals
from geo.disclosure.protect import Protected
from geo.figures.indicators import intervals
from geo.model.goals import Goal, Target
from geo.model.results import Judgement
from geo.model.vocabulary import Audience, Reason, Verdict
from tests.records.policy import WORDS, catalogue, goal, share
from tests.records.single import indicator

PARTS = ("dag", "social", "fritid")
THREE = tuple(indicator(id=name) for name in PARTS)
ROSE, FELL, SAME = (70, 90), (70, 40), (70, 72)
"""Of 100 before and after."""
BIT = (70, 56)
"""A fall whose own interval leaves out zero: p = 0.04, which is not below 0.05 / 3."""


def asked(**changes: object) -> Goal:
    return goal(**({"indicator": None, "together": PARTS} | changes))


def judged(*rows: pd.DataFrame, of: Goal | None = None, kind: str = "share") -> tuple[Judgement, ...]:
    three = tuple(msgspec.structs.replace(each, kind=kind) for each in THREE)
    known = msgspec.structs.replace(catalogue(of or asked()), indicators=three)
    table = intervals(pd.concat(rows, ignore_index=True), indicators=three)
    return conclude.conclude(Protected(Audience.PUBLIC, table, ()), known).judgements


def part(name: str, span: tuple[float, float], *, last: str = "2014", **changes: object) -> list[pd.DataFrame]:
    before, after = span
    return [share("2010", before, 100, indicator=name), share(last, after, 100, indicator=name, **changes)]


def whole(judgements: tuple[Judgement, ...]) -> Judgement:
    (joined,) = [each for each in judgements if not each.indicator and not each.area_id]
    return joined


def joined(*spans: tuple[float, float] | None, last: str = "2014") -> Judgement:
    rows = [row for name, span in zip(PARTS, spans, strict=True) if span for row in part(name, span, last=last)]
    return whole(judged(share("2014", 1, 2, indicator="other"), *rows))


@pytest.mark.parametrize(
    ("spans", "verdict", "reason"),
    [
        ((ROSE, ROSE, ROSE), Verdict.REACHED, None),
        ((ROSE, FELL, ROSE), Verdict.NOT_REACHED, None),
        ((FELL, FELL, FELL), Verdict.NOT_REACHED, None),
        ((ROSE, SAME, ROSE), Verdict.UNDECIDED, Reason.PART_OPEN),
        ((ROSE, None, ROSE), Verdict.UNDECIDED, Reason.PART_OPEN),  # a missing part is never left out
        ((FELL, None, None), Verdict.NOT_REACHED, None),  # whatever the others would have been
        ((FELL, SAME, None), Verdict.NOT_REACHED, None),
        ((SAME, None, None), Verdict.UNDECIDED, Reason.PART_OPEN),
    ],
)
def test_three_become_one(spans: tuple[tuple[float, float] | None, ...], verdict: Verdict, reason: Reason | None) -> None:
    for order in set(itertools.permutations(spans)):
        answer = joined(*order)
        assert (answer.verdict, answer.reason) == (verdict, reason)
        assert [each.indicator for each in answer.parts] == list(PARTS)
        assert [each.verdict is None for each in answer.parts] == [span is None for span in order]


def test_before_the_deadline_the_words_are_on_track_and_not_on_track() -> None:
    assert joined(ROSE, ROSE, ROSE, last="2013").verdict == Verdict.ON_TRACK
    assert joined(ROSE, FELL, ROSE, last="2013").verdict == Verdict.OFF_TRACK


def test_reached_needs_all_parts_by_the_deadline() -> None:
    rows = [*part("dag", ROSE), *part("social", ROSE), *part("fritid", ROSE, last="2013")]
    assert whole(judged(*rows)).verdict == Verdict.ON_TRACK
    late = [*part("dag", FELL), *part("social", FELL, last="2013"), *part("fritid", ROSE, last="2013")]
    assert whole(judged(*late)).verdict == Verdict.NOT_REACHED


def test_a_break_in_one_is_a_break_unless_another_says_no() -> None:
    broken = part("social", ROSE, definition="2")
    open_too = whole(judged(*part("dag", ROSE), *broken, *part("fritid", SAME)))
    assert (open_too.verdict, open_too.reason) == (Verdict.BREAK, Reason.DEFINITION_BREAK)
    assert whole(judged(*part("dag", FELL), *broken, *part("fritid", ROSE))).verdict == Verdict.NOT_REACHED
    assert whole(judged(*broken)).verdict == Verdict.BREAK


def test_nothing_measured_at_all_is_not_measured_and_no_zero() -> None:
    nobody = share("2014", 0, 100, indicator="other")
    answer = whole(judged(nobody))
    assert (answer.verdict, answer.reason) == (None, Reason.NO_INDICATOR)
    assert [(each.indicator, each.verdict, each.reason) for each in answer.parts] == [(n, None, Reason.NO_INDICATOR) for n in PARTS]


def test_a_row_that_says_there_is_no_value_is_not_measured() -> None:
    empty = part("dag", (float("nan"), float("nan")), status="missing")[1]
    before = empty.assign(period="2010")
    answer = whole(judged(before, empty, *part("social", ROSE), *part("fritid", ROSE)))
    assert (answer.verdict, answer.parts[0].verdict) == (Verdict.UNDECIDED, None)


def test_a_hidden_part_is_hidden_and_not_left_out() -> None:
    blank = {"value": float("nan"), "numerator": float("nan"), "denominator": float("nan"), "status": "suppressed", "reason": "few"}
    hidden = [row.assign(**blank) for row in part("dag", ROSE)]
    answer = whole(judged(*hidden, *part("social", ROSE), *part("fritid", ROSE)))
    assert (answer.verdict, answer.reason) == (Verdict.UNDECIDED, Reason.HIDDEN)
    assert (answer.parts[0].verdict, answer.parts[0].reason) == (Verdict.UNDECIDED, Reason.HIDDEN)


def test_a_fall_that_one_of_three_may_have_by_chance_decides_nothing() -> None:
    answers = judged(*part("dag", BIT), *part("social", ROSE), *part("fritid", ROSE))
    alone = next(each for each in answers if each.indicator == "dag")
    assert alone.verdict == Verdict.NOT_REACHED  # by its own interval
    answer = whole(answers)
    assert (answer.verdict, answer.reason) == (Verdict.UNDECIDED, Reason.PART_OPEN)
    assert [each.decides for each in answer.parts] == [False, True, True]
    # alone among the parts that have figures, it is the one test there is
    assert joined(BIT, None, None).verdict == Verdict.NOT_REACHED


def test_full_counts_have_no_chance_and_decide_by_themselves() -> None:
    level = Target(id="t", name=WORDS, unit="level", value=80.0)
    counted = {"low": 60.0, "high": 60.0, "interval": "published"}
    rows = [share("2014", 60, 100, indicator="dag", **counted), *part("social", ROSE), *part("fritid", ROSE)]
    answer = whole(judged(*rows, of=asked(targets=(level,))))
    assert (answer.verdict, answer.parts[0].decides) == (Verdict.NOT_REACHED, True)


def test_each_reading_and_each_area_is_joined_by_itself() -> None:
    readings = (Target(id="up", name=WORDS, unit="direction"), Target(id="half", name=WORDS, unit="level", value=95.0))
    rows = [row.assign(area_id=area) for name in PARTS for area in "ab" for row in part(name, ROSE if area == "a" else FELL)]
    rows += [row.assign(area_id="c") for row in part("dag", ROSE)]
    answers = {(j.target, j.area_id): j for j in judged(*rows, of=asked(targets=readings)) if not j.indicator}
    assert {area for _, area in answers} == {"", "a", "b", "c"}
    assert [answers["up", area].verdict for area in "abc"] == [Verdict.REACHED, Verdict.NOT_REACHED, Verdict.UNDECIDED]
    assert [each.verdict for each in answers["up", "c"].parts] == [Verdict.REACHED, None, None]
    assert answers["half", "b"].verdict == Verdict.NOT_REACHED


def test_a_part_is_judged_as_a_goal_with_one_measure_is() -> None:
    rows = [*part("dag", ROSE), *part("social", SAME), *part("fritid", FELL)]
    together = {each.indicator: each for each in judged(*rows) if each.indicator}
    for name in PARTS:
        (alone,) = judged(*rows, of=goal(indicator=name))
        assert together[name] == alone


def test_rates_are_weighed_by_their_ratio() -> None:
    """25 and 5 users where 20 were expected: the exact interval of 0.2 is below one."""
    rows = []
    for name, after in zip(PARTS, (60, 5, 60), strict=True):
        rows += [share("2010", 25, 20, indicator=name), share("2014", after, 20, indicator=name)]
    answer = whole(judged(*rows, kind="rate"))
    assert [each.verdict for each in answer.parts] == [Verdict.REACHED, Verdict.NOT_REACHED, Verdict.REACHED]
    assert answer.verdict == Verdict.NOT_REACHED


ENDS = st.integers(20, 95)


@given(st.lists(st.none() | st.tuples(ENDS, ENDS), min_size=3, max_size=3), st.randoms())
def test_yes_is_never_said_with_a_part_that_is_not_yes_and_order_does_not_matter(spans, random) -> None:
    answer = joined(*spans)
    verdicts = {each.verdict for each in answer.parts}
    if answer.verdict in {Verdict.REACHED, Verdict.ON_TRACK}:
        assert verdicts <= {Verdict.REACHED, Verdict.ON_TRACK}
        assert None not in spans
    if answer.verdict == Verdict.NOT_REACHED:
        assert Verdict.NOT_REACHED in verdicts
    mixed = list(spans)
    random.shuffle(mixed)
    shuffled = joined(*mixed)
    assert (shuffled.verdict, shuffled.reason) == (answer.verdict, answer.reason)


def test_an_older_edition_without_parts_is_read() -> None:
    written = b'[{"goal":"g","target":"up","reason":"no_indicator"}]'
    (read,) = msgspec.json.decode(written, type=tuple[Judgement, ...])
    assert read.parts == ()


def test_one_measure_and_none_are_judged_as_before() -> None:
    (alone,) = judged(*part("dag", ROSE), of=goal(indicator="dag"))
    assert (alone.indicator, alone.parts) == ("dag", ())
    (nobody,) = goals.judge(share("2014", 1, 2), catalogue=catalogue(goal(indicator=None)), whole=share("2014", 1, 2))
    assert (nobody.verdict, nobody.parts) == (None, ())


def test_a_goal_without_a_deadline_is_never_reached() -> None:
    rows = [row for name in PARTS for row in part(name, ROSE)]
    assert whole(judged(*rows, of=asked(deadline=None))).verdict == Verdict.ON_TRACK
    assert whole(judged(*rows, of=asked(deadline=dt.date(2014, 12, 31)))).verdict == Verdict.REACHED
