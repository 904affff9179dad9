"""Primary suppression by hand and by law: nothing under a threshold is left in what an audience reads."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.disclosure import protect
from geo.errors import CatalogueError
from geo.model import Rule, Threshold
from geo.words import Audience, Text
from tests.test_indicators import indicator, row

RULE = Rule(
    id="r",
    name=Text(da="r", en="r"),
    thresholds={
        Audience.PUBLIC: Threshold(min_count=5, min_denominator=20, min_answers=50),
        Audience.STAFF: Threshold(min_count=3, min_denominator=10),
    },
)


def public(**changes: object) -> pd.Series:
    return protect(row(**changes), indicators=[indicator()], rules=[RULE], audience=Audience.PUBLIC).table.iloc[0]


@pytest.mark.parametrize(
    ("numerator", "denominator", "reason"),
    [
        (4, 100, "few"),
        (5, 100, ""),
        (0, 100, ""),
        (96, 100, "few"),  # the four others are as few as four
        (95, 100, ""),
        (100, 100, ""),
        (10, 19, "small_group"),
        (10, 20, ""),
    ],
)
def test_counts_under_the_threshold_are_hidden_from_both_sides(numerator: float, denominator: float, reason: str) -> None:
    seen = public(numerator=numerator, denominator=denominator, value=100 * numerator / denominator)
    assert seen["reason"] == reason
    assert (seen["status"] == "suppressed") == bool(reason)


def test_a_hidden_cell_keeps_no_number_at_all() -> None:
    seen = public(numerator=2.0, denominator=90.0, n=90.0, low=1.0, high=5.0)
    assert all(math.isnan(seen[name]) for name in ("value", "numerator", "denominator", "n", "low", "high"))


def test_a_survey_with_too_few_answers_is_hidden() -> None:
    assert public(n=49.0)["reason"] == "few_answers"
    assert public(n=50.0)["reason"] == ""


def test_audiences_have_thresholds_of_their_own() -> None:
    table = row(numerator=4.0, denominator=100.0)
    staff = protect(table, indicators=[indicator()], rules=[RULE], audience=Audience.STAFF)
    assert staff.table["status"].tolist() == ["final"]
    assert staff.hidden == ()


def test_silence_of_a_rule_is_not_permission() -> None:
    with pytest.raises(CatalogueError, match="no threshold for the audience ssp"):
        protect(row(), indicators=[indicator()], rules=[RULE], audience=Audience.SSP)


def test_hidden_cells_are_counted_by_reason() -> None:
    table = pd.concat(
        [
            row(numerator=1.0, denominator=99.0),
            row(area_id="b", numerator=1.0, denominator=9.0),
            row(area_id="c", numerator=2.0, denominator=99.0),
        ]
    )
    hidden = protect(table.reset_index(drop=True), indicators=[indicator()], rules=[RULE], audience=Audience.PUBLIC).hidden
    assert [(h.reason.value, h.cells) for h in hidden] == [("few", 2), ("small_group", 1)]


@given(cells=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=20))
def test_no_count_under_the_threshold_is_ever_shown(cells: list[tuple[int, int]]) -> None:
    rows = [row(area_id=str(i), numerator=float(k), denominator=float(k + rest)) for i, (k, rest) in enumerate(cells)]
    shown = protect(pd.concat(rows, ignore_index=True), indicators=[indicator()], rules=[RULE], audience=Audience.PUBLIC).table.dropna(
        subset="value"
    )
    for k, n in zip(shown["numerator"], shown["denominator"], strict=True):
        assert n >= 20
        assert k == 0 or k >= 5
        assert n - k == 0 or n - k >= 5
