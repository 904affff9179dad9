"""A change split in two: so much of it is the residents', so much the line's. By hand, by law, and never from a hidden cell."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.conclusions import redraws
from geo.conclusions.redraws import Corners, split
from geo.model.areas import AreaSetKind, Frozen
from geo.model.vocabulary import Reason
from tests.records.policy import WORDS
from tests.records.single import indicator, row

FIGURE = st.floats(-1e6, 1e6)
CORNERS = st.builds(Corners, FIGURE, FIGURE, FIGURE, FIGURE)
KINDS = (
    AreaSetKind(id="s", name=WORDS, singular=WORDS),
    AreaSetKind(id="s-2007", name=WORDS, singular=WORDS, frozen=Frozen(area_set="s", until=dt.date(2011, 1, 1))),
)


def table(**values: float) -> pd.DataFrame:
    """Four figures, named like old_2010; the order of rows is not theirs."""
    rows = [row(area_set="s-2007" if name[:3] == "old" else "s", period=name[4:], value=value) for name, value in values.items()]
    return pd.concat(rows[::-1], ignore_index=True)


def test_by_hand() -> None:
    """100 of 400 outside work, then 90; a wing of 100 people with 10 (later 10) outside is added: from 25 to 20 percent."""
    found = split(Corners(old_before=25.0, old_after=22.5, new_before=22.0, new_after=20.0))
    assert (found.change, found.residents, found.line) == (-5.0, -2.25, -2.75)


@given(CORNERS)
def test_the_parts_sum_to_the_change(corners: Corners) -> None:
    found = split(corners)
    scale = max(abs(corners.old_before), abs(corners.old_after), abs(corners.new_before), abs(corners.new_after), 1.0)
    assert found.residents + found.line == pytest.approx(found.change, abs=1e-9 * scale)


@given(CORNERS)
def test_time_and_line_are_treated_alike(corners: Corners) -> None:
    turned = split(Corners(corners.old_before, corners.new_before, corners.old_after, corners.new_after))
    found = split(corners)
    assert (turned.residents, turned.line) == (found.line, found.residents)


@given(CORNERS)
def test_backwards_it_is_the_same_with_another_sign(corners: Corners) -> None:
    back = split(Corners(corners.new_after, corners.new_before, corners.old_after, corners.old_before))
    found = split(corners)
    assert (back.change, back.residents, back.line) == (-found.change, pytest.approx(-found.residents), pytest.approx(-found.line))


@given(before=FIGURE, after=FIGURE)
def test_a_line_that_did_not_move_has_no_part(before: float, after: float) -> None:
    assert split(Corners(before, after, before, after)).line == 0


@given(old=FIGURE, new=FIGURE)
def test_residents_that_did_not_change_have_no_part(old: float, new: float) -> None:
    assert split(Corners(old, old, new, new)).residents == 0


def test_every_figure_on_both_outlines_is_split() -> None:
    figures = table(old_2009=30.0, old_2010=25.0, old_2014=22.5, new_2009=28.0, new_2010=22.0, new_2014=20.0)
    (found,) = redraws.of(figures, kinds=KINDS, indicators=[indicator()])
    assert (found.before, found.after, found.area_set, found.frozen_set, found.area_id) == ("2010", "2014", "s", "s-2007", "a")
    assert (found.old_before, found.new_after) == (25.0, 20.0)
    assert (found.change, found.residents, found.line, found.reason) == (-5.0, -2.25, -2.75, None)


@pytest.mark.parametrize("cell", range(4))
@pytest.mark.parametrize(("status", "reason"), [("suppressed", Reason.HIDDEN), ("missing", Reason.MISSING_PART)])
def test_one_hidden_cell_of_the_four_hides_the_parts(cell: int, status: str, reason: Reason) -> None:
    figures = table(old_2010=25.0, old_2014=22.5, new_2010=22.0, new_2014=20.0)
    figures.loc[cell, ["value", "numerator", "denominator", "low", "high"]] = np.nan
    figures.loc[cell, "status"] = status
    (found,) = redraws.of(figures, kinds=KINDS, indicators=[indicator()])
    assert found.reason == reason
    assert (found.change, found.residents, found.line, found.old_before, found.new_after) == (None, None, None, None, None)


def test_no_split_reaches_across_a_definition() -> None:
    figures = table(old_2010=25.0, old_2014=22.5, new_2010=22.0, new_2014=20.0)
    figures.loc[figures["period"] == "2014", "definition"] = "2"
    (found,) = redraws.of(figures, kinds=KINDS, indicators=[indicator()])
    assert (found.reason, found.change) == (Reason.DEFINITION_BREAK, None)


def test_one_period_on_both_outlines_is_no_change() -> None:
    assert redraws.of(table(old_2010=25.0, new_2010=22.0, new_2014=20.0), kinds=KINDS, indicators=[indicator()]) == ()
