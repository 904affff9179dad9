"""Intervals against published worked examples, and the law that no denominator means no value."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.indicators import intervals, shares, wilson
from geo.model import AssumedSample, Definition, Indicator
from geo.results import OBSERVATION_COLUMNS
from geo.words import Text

WORDS = Text(da="x", en="x")


def indicator(**changes: object) -> Indicator:
    plain = {
        "id": "i", "name": WORDS, "kind": "share", "unit": WORDS, "population": WORDS, "direction": "up", "theme": "t",
        "area_sets": ("s",), "definitions": (Definition(version="1", text=WORDS),), "rule": "r",
    }  # fmt: skip
    return Indicator(**(plain | changes))  # type: ignore[arg-type]


def row(**changes: object) -> pd.DataFrame:
    nan = float("nan")
    plain = dict.fromkeys(OBSERVATION_COLUMNS, "") | dict.fromkeys(("numerator", "denominator", "n", "low", "high"), nan)
    plain |= {"indicator": "i", "area_set": "s", "area_id": "a", "period": "2010", "value": 50.0, "status": "final", "interval": "none"}
    return pd.DataFrame([plain | changes])


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


def test_what_is_counted_for_a_demo_indicator_is_demo() -> None:
    counts = pd.DataFrame({"indicator": ["i"], "area_set": "s", "area_id": "a", "period": "2010H1", "numerator": [3], "denominator": [12]})
    assert shares(counts, indicators=[indicator(demo=True)], source="src")["status"].tolist() == ["demo"]


@pytest.mark.parametrize(
    ("changes", "of", "kind"),
    [
        ({"numerator": 50.0, "denominator": 100.0}, {}, "wilson"),
        ({"n": 100.0}, {"basis": "survey"}, "wilson"),
        ({}, {"basis": "survey", "assumed_sample": AssumedSample(n={"s": 100}, note=WORDS)}, "assumed"),
        ({}, {"basis": "survey"}, "none"),
        ({}, {"basis": "register"}, "count"),
        ({"low": 45.0, "high": 55.0}, {}, "published"),
    ],
)
def test_each_value_says_where_its_interval_comes_from(changes: dict[str, float], of: dict[str, object], kind: str) -> None:
    table = intervals(row(**changes), indicators=[indicator(**of)])
    assert table["interval"][0] == kind
    assert math.isnan(table["low"][0]) == (kind == "none")


def test_a_missing_value_gets_no_interval() -> None:
    table = intervals(row(value=float("nan"), status="missing"), indicators=[indicator()])
    assert math.isnan(table["low"][0])
    assert table["interval"][0] == "none"
