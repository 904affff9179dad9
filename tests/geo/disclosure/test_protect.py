"""Primary suppression by hand and by law: nothing under a threshold is left in what an audience reads."""

import math

import msgspec
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.disclosure.protect import Protected, Withheld, primary, protect
from geo.errors import CatalogueError
from geo.model.rules import Rule, Threshold
from geo.model.vocabulary import Audience, Text
from tests.records.editions import RULE
from tests.records.single import indicator, row


def protected(**changes: object) -> Protected:
    return protect(row(**changes), indicators=[indicator()], rules=[RULE], audience=Audience.PUBLIC)


def public(**changes: object) -> pd.Series:
    return protected(**changes).table.iloc[0]


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
    # One word for all that protects people: readers cannot tell which cells a rule hides and which go with them.
    assert seen["reason"] == ("protected" if reason else "")
    assert (seen["status"] == "suppressed") == bool(reason)
    assert {why for (_, _, why) in protected(numerator=numerator, denominator=denominator).why} == ({reason} if reason else set())


def test_a_hidden_cell_keeps_no_number_at_all() -> None:
    seen = public(numerator=2.0, denominator=90.0, n=90.0, low=1.0, high=5.0)
    assert all(math.isnan(seen[name]) for name in ("value", "numerator", "denominator", "n", "low", "high"))


def test_a_survey_with_too_few_answers_is_hidden() -> None:
    for answers, reason in ((49.0, "few_answers"), (50.0, "")):
        found = protect(row(n=answers), indicators=[indicator()], rules=[SURVEY], audience=Audience.PUBLIC)
        assert found.table["reason"].tolist() == [reason]
    assert public(n=49.0)["reason"] == "protected"  # where the rule protects people too, one word stands for all its reasons


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
    found = protect(table.reset_index(drop=True), indicators=[indicator()], rules=[RULE], audience=Audience.PUBLIC)
    assert [(h.reason.value, h.cells) for h in found.hidden] == [("protected", 3)]
    assert found.why == {("i", "s", "few"): 2, ("i", "s", "small_group"): 1}


def test_zero_is_hidden_where_the_indicator_says_so() -> None:
    table = row(numerator=0.0, denominator=100.0, value=0.0)
    for hide, status in ((False, "final"), (True, "suppressed")):
        found = protect(table, indicators=[indicator(hide_zero=hide)], rules=[RULE], audience=Audience.PUBLIC)
        assert found.table["status"].tolist() == [status]


def test_nothing_is_told_of_an_area_with_few_residents() -> None:
    rule = msgspec.structs.replace(RULE, thresholds={Audience.PUBLIC: Threshold(min_count=2, min_denominator=4, min_residents=40)})
    table = pd.concat([row(area_id=name, numerator=10.0, denominator=20.0) for name in "abc"], ignore_index=True)
    residents = pd.Series([39, 40, float("nan")])
    why = primary(table, indicators=[indicator()], rules=[rule], audience=Audience.PUBLIC, residents=residents)
    assert why.tolist() == ["small_group", "", ""]


# --- figures of which only a table tells ------------------------------------------------------------------------------


def city(*counts: tuple[float, float], total: bool = True) -> pd.DataFrame:
    """Districts with these counts and, in a set of its own, the city that they sum to."""
    rows = [row(area_id=str(number), numerator=k, denominator=n, value=100 * k / n) for number, (k, n) in enumerate(counts)]
    k, n = (sum(each) for each in zip(*counts, strict=True))
    whole = [row(area_set="city", area_id="0", numerator=k, denominator=n, value=100 * k / n)] if total else []
    return pd.concat([*rows, *whole], ignore_index=True)


def test_of_a_table_alone_only_the_total_stays_when_a_count_is_hidden() -> None:
    # Nobody here knows how the areas of one set sum to those of another: 3 = total - 40 - 50 would be one way to tell.
    found = protect(city((3, 100), (40, 100), (50, 100)), indicators=[indicator()], rules=[RULE], audience=Audience.PUBLIC)
    assert found.table["status"].tolist() == ["suppressed"] * 3 + ["final"]
    assert found.why == {("i", "s", "few"): 1, ("i", "s", "complementary"): 2}


def test_figures_that_a_model_covers_are_left_to_it() -> None:
    table = city((3, 100), (40, 100), (50, 100))
    withheld = Withheld(frozenset({("i", "s", "2", "2010")}), frozenset({("i", "2010")}))
    found = protect(table, indicators=[indicator()], rules=[RULE], audience=Audience.PUBLIC, withheld=withheld)
    assert found.table["status"].tolist() == ["suppressed", "final", "suppressed", "final"]


def asked(*answers: float) -> pd.DataFrame:
    """A survey of districts and the city."""
    sample = [row(area_id=str(number), value=50.0, n=float(n)) for number, n in enumerate(answers)]
    return pd.concat([*sample, row(area_set="city", area_id="0", value=50.0, n=float(sum(answers)))], ignore_index=True)


SURVEY = Rule(id="r", name=Text(da="r", en="r"), thresholds={Audience.PUBLIC: Threshold(min_answers=50)})


def test_what_the_total_tells_of_hidden_answers_rests_on_enough_of_them() -> None:
    found = protect(asked(30, 90, 60, 100), indicators=[indicator()], rules=[SURVEY], audience=Audience.PUBLIC)
    # The total less the shown areas is a share of 30 + 60 answers: enough for a share.
    assert found.table["status"].tolist() == ["suppressed", "final", "suppressed", "final", "final"]
    assert set(found.table["reason"]) == {"", "few_answers"}


@given(answers=st.lists(st.integers(1, 120), min_size=2, max_size=8))
def test_the_rest_of_a_survey_is_nothing_or_enough(answers: list[int]) -> None:
    found = protect(asked(*answers), indicators=[indicator()], rules=[SURVEY], audience=Audience.PUBLIC).table
    parts = found[found["area_set"] == "s"]
    rest = sum(answers) - parts["n"].sum()
    if found["n"].iloc[-1] > 0:
        assert rest == 0 or rest >= 50


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
