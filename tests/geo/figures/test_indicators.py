"""Intervals against published worked examples, and the law that no denominator means no value."""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.figures.indicators import intervals, poisson, shares, wilson
from geo.model.indicators import AssumedSample, DesignEffect, Indicator, RegisterMeasure
from geo.model.results import INTERVALS
from geo.model.sources import Cite
from tests.records.single import WORDS, indicator, row, source
from webmap.language.terms import INTERVAL


def test_wilson_agrees_with_the_worked_example_of_newcombe_1998() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 857-872, table I: 81/263 has Wilson limits 0.2553 and 0.3662; 15/148: 0.0624, 0.1605.
    low, high = wilson(pd.Series([100 * 81 / 263, 100 * 15 / 148]), pd.Series([263.0, 148.0]))
    assert [round(v / 100, 4) for v in low] == [0.2553, 0.0624]
    assert [round(v / 100, 4) for v in high] == [0.3662, 0.1605]


def test_wilson_of_thirteen_in_103_is_the_interval_the_design_states() -> None:
    low, high = wilson(pd.Series([100 * 13 / 103]), pd.Series([103.0]))
    assert (round(low[0], 1), round(high[0], 1)) == (7.5, 20.4)


@given(k=st.integers(0, 500), more=st.integers(0, 500))
def test_an_interval_holds_its_value_and_stays_in_range(k: int, more: int) -> None:
    n = k + more
    if n == 0:
        return
    low, high = wilson(pd.Series([100 * k / n]), pd.Series([float(n)]))
    assert -1e-9 <= low[0] <= 100 * k / n + 1e-9
    assert 100 * k / n - 1e-9 <= high[0] <= 100 + 1e-9


def test_counts_become_a_share_and_no_denominator_becomes_no_value() -> None:
    counts = pd.DataFrame(
        {"indicator": ["i", "i"], "area_set": "s", "area_id": ["a", "b"], "period": "2010H1", "numerator": [3, 0], "denominator": [12, 0]}
    )
    table = shares(counts, indicators=[indicator()], source="src")
    assert table["value"].tolist()[0] == 25.0
    assert math.isnan(table["value"][1])
    assert table["status"].tolist() == ["final", "missing"]
    assert math.isnan(table["numerator"][1])


def counted(numerator: int, denominator: int, *, id: str = "i") -> pd.DataFrame:
    one = {"indicator": id, "area_set": "s", "area_id": "a", "period": "2010H1", "numerator": numerator, "denominator": denominator}
    return pd.DataFrame([one])


def test_a_rate_of_a_register_is_per_its_own_number_and_lies_in_its_interval() -> None:
    # 30 of 6,000 is 5 per 1,000; Garwood's limits of 30 events are 20.24 and 42.83, so 3.37 and 7.14 per 1,000. Per 100 it would be 0.5.
    rate = indicator(kind="rate", per=1000, basis="register")
    table = intervals(shares(counted(30, 6000), indicators=[rate], source="src"), indicators=[rate])
    assert table["value"][0] == 5.0
    assert (round(table["low"][0], 2), round(table["high"][0], 2)) == (3.37, 7.14)


def test_each_indicator_has_its_own_scale_and_a_count_is_its_number() -> None:
    measured = [indicator(id="share"), indicator(id="rate", kind="rate", per=10_000), indicator(id="count", kind="count")]
    counts = pd.concat([counted(3, 12, id=one.id) for one in measured], ignore_index=True)
    assert shares(counts, indicators=measured, source="src")["value"].tolist() == [25.0, 2500.0, 3.0]


def test_a_rate_may_count_more_events_than_persons_and_a_share_may_not() -> None:
    rate = indicator(kind="rate", per=1000)
    assert shares(counted(13, 10), indicators=[rate], source="src")["value"].tolist() == [1300.0]
    with pytest.raises(InputError, match="larger than its denominator"):
        shares(counted(13, 10), indicators=[indicator()], source="src")


def test_a_printed_rate_that_is_rounded_lies_in_its_interval() -> None:
    # 54,000 of 10,000,000 is 5.4 per 1,000, surely 5.35 to 5.45; printed as 5 it must not stand beside an interval without 5
    table = intervals(row(value=5.0, numerator=54_000.0, denominator=1e7), indicators=[indicator(kind="rate", per=1000)])
    assert table["low"][0] == 5.0
    assert round(table["high"][0], 2) == 5.45


def test_what_is_counted_for_a_demo_indicator_is_demo() -> None:
    counts = pd.DataFrame({"indicator": ["i"], "area_set": "s", "area_id": "a", "period": "2010H1", "numerator": [3], "denominator": [12]})
    assert shares(counts, indicators=[indicator(demo=True)], source="src")["status"].tolist() == ["demo"]


@pytest.mark.parametrize(
    ("changes", "of", "kind"),
    [
        ({"numerator": 50.0, "denominator": 100.0}, {}, "chance"),
        ({"numerator": 50.0, "denominator": 100.0}, {"basis": "survey"}, "wilson"),
        ({"n": 100.0}, {"basis": "survey"}, "wilson"),
        ({"n": 100.0}, {"basis": "survey", "design_effect": DesignEffect(value=1.5, cite=Cite(source="s"))}, "wilson_design"),
        ({"numerator": 12.0}, {"kind": "rate", "per": 1000}, "poisson"),
        ({"numerator": 0.0, "value": 0.0}, {"kind": "rate", "per": 1000}, "count"),
        ({}, {"kind": "rate", "per": 1000}, "count"),
        ({}, {"kind": "count"}, "count"),
        ({}, {"kind": "index", "basis": "survey"}, "none"),
        ({}, {"basis": "survey", "assumed_sample": AssumedSample(n={"s": 100}, note=WORDS)}, "assumed"),
        ({}, {"basis": "survey"}, "none"),
        ({}, {"basis": "register"}, "count"),
        # where the source does not say that everybody was counted, nothing is claimed of it
        ({}, {"basis": "unstated"}, "none"),
        ({"numerator": 50.0, "denominator": 100.0}, {"basis": "unstated"}, "none"),
        ({}, {"kind": "count", "basis": "unstated"}, "none"),
        ({}, {"kind": "rate", "per": 1000, "basis": "unstated"}, "none"),
        ({"numerator": 12.0}, {"kind": "rate", "per": 1000, "basis": "unstated"}, "poisson"),
        ({"numerator": 50.0, "denominator": 100.0}, {"basis": "unstated", "register": RegisterMeasure(register="r")}, "chance"),
        ({"low": 45.0, "high": 55.0}, {}, "published"),
    ],
)
def test_each_value_says_where_its_interval_comes_from(changes: dict[str, float], of: dict[str, object], kind: str) -> None:
    table = intervals(row(**changes), indicators=[indicator(**of)])
    assert table["interval"][0] == kind
    assert kind in INTERVALS
    assert math.isnan(table["low"][0]) == (kind == "none")


def test_an_indicator_says_nothing_of_its_basis_unless_it_is_written() -> None:
    plain = {name: getattr(indicator(), name) for name in Indicator.__struct_fields__ if name != "basis"}
    assert Indicator(**plain).basis == "unstated"
    assert not Indicator(**plain).counts_everybody


def test_every_kind_of_doubt_has_words_on_the_pages_in_the_api_and_in_the_method() -> None:
    assert set(INTERVAL) == set(INTERVALS)
    for document in ("api.md", "method.md"):
        text = (Path(__file__).parent.parent.parent.parent / "docs" / document).read_text(encoding="utf-8")
        assert [word for word in INTERVALS if f"| `{word}` |" not in text] == []


def test_a_missing_value_gets_no_interval() -> None:
    table = intervals(row(value=float("nan"), status="missing"), indicators=[indicator()])
    assert math.isnan(table["low"][0])
    assert table["interval"][0] == "none"


def test_half_as_many_effective_answers_give_the_interval_of_half_as_many_answers() -> None:
    # 13 of 103 with a design effect of 2 is as sure as 6.5 of 51.5
    designed = indicator(basis="survey", design_effect=DesignEffect(value=2.0, cite=Cite(source="s")))
    table = intervals(row(value=100 * 13 / 103, n=103.0), indicators=[designed])
    low, high = wilson(pd.Series([100 * 13 / 103]), pd.Series([51.5]))
    assert (table["low"][0], table["high"][0]) == (pytest.approx(low[0]), pytest.approx(high[0]))
    assert table["n"][0] == 103.0  # the answers stay the answers


def test_a_survey_whose_source_tells_no_design_gets_the_cautious_one_of_its_source() -> None:
    # 80 % of 3,000 answers with a design effect of 1.5 is as sure as of 2,000. Wilson by hand, z = 1.96, z2 = 3.8415:
    # middle (0.8 + 3.8415/4000) / (1 + 3.8415/2000) = 0.79943; distance 1.96 sqrt(0.16/2000 + 3.8415/16e6) / 1.00192 = 0.01752
    table = intervals(row(value=80.0, n=3000.0, source="src"), indicators=[indicator(basis="survey")], sources=[source(1.5)])
    assert (round(table["low"][0], 2), round(table["high"][0], 2), table["interval"][0]) == (78.19, 81.69, "wilson_cautious")
    assert table["n"][0] == 3000.0


def test_what_the_source_tells_goes_before_what_we_chose_and_registers_are_not_touched() -> None:
    told = indicator(basis="survey", design_effect=DesignEffect(value=2.0, cite=Cite(source="s")))
    given = row(value=50.0, n=100.0, source="src")
    table = intervals(given, indicators=[told], sources=[source(1.5)])
    assert table["interval"][0] == "wilson_design"
    assert table["low"][0] == pytest.approx(wilson(pd.Series([50.0]), pd.Series([50.0]))[0][0])
    counts = row(value=50.0, numerator=50.0, denominator=100.0, source="src")
    table = intervals(counts, indicators=[indicator(basis="register")], sources=[source(1.5)])
    assert table["interval"][0] == "chance"
    assert table["low"][0] == pytest.approx(wilson(pd.Series([50.0]), pd.Series([100.0]))[0][0])


def test_an_assumed_number_of_answers_is_divided_too_and_another_source_is_not() -> None:
    assumed = indicator(basis="survey", assumed_sample=AssumedSample(n={"s": 300}, note=WORDS))
    rows = pd.concat([row(source="src"), row(source="other"), row(source="other", n=300.0)], ignore_index=True)
    table = intervals(rows, indicators=[assumed], sources=[source(1.5), source(None, "other")])
    assert table["interval"].tolist() == ["assumed", "assumed", "wilson"]
    low, _ = wilson(pd.Series([50.0] * 3), pd.Series([200.0, 300.0, 300.0]))
    assert table["low"].tolist() == pytest.approx(low.tolist())


def test_the_exact_interval_of_a_count_is_garwoods() -> None:
    # Garwood (1936), also the table of exact Poisson limits in Fleiss, Levin and Paik: 0 -> 3.689; 1 -> 0.025, 5.572; 10 -> 4.795, 18.390.
    events = pd.Series([0.0, 1.0, 10.0])
    low, high = poisson(events, events, pd.Series([1.0, 1.0, 1.0]))
    assert [round(v, 3) for v in low] == [0.0, 0.025, 4.795]
    assert [round(v, 3) for v in high] == [3.689, 5.572, 18.390]


def test_the_exact_interval_agrees_with_byars_method_that_fingertips_prints() -> None:
    # Public Health England (2018), Technical guide: confidence intervals, 3.1: O (1 - 1/9O -+ z / 3 sqrt(O))^3, the upper end from O + 1.
    events, people, z = 65.0, 12_500.0, 1.959964
    byar_low = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
    byar_high = (events + 1) * (1 - 1 / (9 * (events + 1)) + z / (3 * math.sqrt(events + 1))) ** 3
    low, high = poisson(pd.Series([1000 * events / people]), pd.Series([events]), pd.Series([people / 1000]))
    assert low[0] == pytest.approx(1000 * byar_low / people, rel=2e-4)
    assert high[0] == pytest.approx(1000 * byar_high / people, rel=2e-4)


def test_a_rate_without_its_persons_has_the_interval_of_its_events() -> None:
    # 48 per 1,000 from 3,070 reports: the ends are 48 x 2962.3 / 3070 and 48 x 3180.5 / 3070 (chi-squared quantiles, by hand)
    low, high = poisson(pd.Series([48.0]), pd.Series([3070.0]), pd.Series([float("nan")]))
    assert (round(low[0], 1), round(high[0], 1)) == (46.3, 49.7)


@given(events=st.integers(0, 5000), people=st.integers(1, 100_000))
def test_a_rates_interval_holds_it_and_is_never_below_zero(events: int, people: int) -> None:
    rate = 1000 * events / people
    low, high = poisson(pd.Series([rate]), pd.Series([float(events)]), pd.Series([people / 1000]))
    assert 0 <= low[0] <= rate + 1e-9
    assert high[0] > rate


@given(k=st.integers(0, 200), more=st.integers(1, 200), effect=st.floats(1.01, 5))
def test_a_design_never_makes_an_interval_narrower(k: int, more: int, effect: float) -> None:
    n = float(k + more)
    low, high = wilson(pd.Series([100 * k / n] * 2), pd.Series([n, n / effect]))
    assert high[1] - low[1] > high[0] - low[0]


@pytest.mark.parametrize(("numerator", "denominator", "said"), [(13, 12, "larger than its denominator"), (-1, 12, "negative")])
def test_counts_that_cannot_be_are_refused(numerator: int, denominator: int, said: str) -> None:
    counts = pd.DataFrame(
        {"indicator": ["i"], "area_set": "s", "area_id": "a", "period": "2010H1", "numerator": [numerator], "denominator": [denominator]}
    )
    with pytest.raises(InputError, match=said):
        shares(counts, indicators=[indicator()], source="src")
