"""What is a target, what the rule tells, and which models are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from geo.errors import InputError
from geo.protection.jointmodel import breadth, exactly, published, targets, told
from tests.squares import CITY, HOUSING, REST, STRIP, A, B, C, D, squares

# --- on paper ---------------------------------------------------------------------------------------------------------


def test_the_strip_is_a_target_though_no_cell_is() -> None:
    aims = targets(squares())
    assert (aims.cell.tolist(), aims.variable.tolist(), aims.width.tolist()) == ([-1], [STRIP], [3])


def test_few_of_a_group_and_all_but_few_of_it_are_both_targets() -> None:
    aims = targets(squares((9, 28, 70, 12, 100)))  # two of the strip have it not; nobody of the rest of B and of D
    assert aims.variable.tolist() == [STRIP]
    with_zero = targets(squares((9, 28, 70, 12, 100), zero_hidden=True))
    assert with_zero.variable.tolist() == [STRIP, REST, 4]
    assert with_zero.width.tolist() == [4, 4, 4]  # 0 to 4


def test_a_target_cannot_be_wider_than_its_people() -> None:
    model = squares((9, 1, 11, 12, 7))
    aims = targets(replace(model, population=np.array([100, 2, 70, 100, 100])))
    assert aims.width.tolist() == [2]


@pytest.mark.parametrize(
    ("least", "zero", "width"), [(5, False, 3), (5, True, 4), (3, False, 1), (3, True, 2), (2, False, 1), (2, True, 1)]
)
def test_the_breadth_is_what_the_rule_leaves_open(least: int, zero: bool, width: int) -> None:
    assert breadth(squares(least=least, zero_hidden=zero)) == width


def test_the_rule_tells_of_primary_cells_by_the_side_that_is_small() -> None:
    rule = told(squares((9, 3, 11, 2, 97), primary=(C, D, A)))
    assert (rule.low[C], rule.high[C]) == (1, 4)
    assert (rule.low[D], rule.high[D]) == (96, 99)
    assert (rule.low[A], rule.high[A]) == (0, 100)  # hidden as a small group: the rule says nothing of the count
    assert (rule.low[CITY], rule.high[CITY]) == (0, 400)


def test_a_count_that_is_small_from_both_sides_is_told_from_both() -> None:
    model = replace(squares((9, 3, 11, 3, 7), primary=(C,)), population=np.array([100, 30, 70, 6, 100]))
    rule = told(model)
    assert (rule.low[C], rule.high[C]) == (2, 4)  # 1 to 4 of 6, and 1 to 4 of the rest


def test_with_two_as_the_smallest_count_nothing_is_told() -> None:
    assert told(squares((9, 3, 11, 1, 7), least=2, primary=(C,))).high[C] == 100


def test_a_cell_says_its_count_its_interval_or_nothing() -> None:
    out = published(squares(shown={B: (13, 15)}), np.arange(6) == HOUSING)
    assert out.low.tolist()[:3] == [42, 9, 13]
    assert out.high.tolist()[:3] == [42, 9, 15]
    assert np.isnan(out.low[HOUSING])
    assert out.shown.tolist() == [True] * 5 + [False]
    assert exactly(np.array([1.0, np.nan])).shown.tolist() == [True, False]


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"truth": np.array([9, -3, 11, 12, 7])}, "a variable's count is negative or no whole number; found number 1"),
        ({"truth": np.array([9, 2.5, 11, 12, 7])}, "a variable's count is negative or no whole number; found number 1"),
        ({"truth": np.array([9, np.nan, 11, 12, 7])}, "a variable's count is negative or no whole number"),
        ({"truth": np.array([9, 31, 11, 101, 7])}, "count is above its population; found number 1; and 1 more"),
        ({"population": np.array([100, -30, 70, 100, 100])}, "population is negative"),
        ({"truth": np.array([9, 3])}, r"truth has another shape; found \(2,\); expected \(5,\)"),
        ({"primary": np.zeros(5, dtype=bool)}, r"primary has another shape; found \(5,\); expected \(6,\)"),
        ({"cost": np.array([1, 1, 0, 1, 1, 1.0])}, "cost is not above 0; found number 2"),
        ({"cost": np.array([1, 1, np.nan, 1, 1, 1.0])}, "cost is not above 0; found number 2"),
        ({"least": 0}, "the smallest count that may be shown cannot be; found 0; expected 1 or more"),
        ({"least": 1, "zero_hidden": True}, "the thresholds contradict each other; found zero hidden, one shown"),
        ({"cells": sparse.csr_array(2 * np.eye(6, 5, dtype=np.int64))}, "a cell holds a variable more than once"),
        ({"cells": sparse.csr_array((np.ones(2), [0, 0], [0, 2, 2, 2, 2, 2, 2]), (6, 5))}, "a cell holds a variable more than once"),
        ({"shown": np.full((6, 2), 9)}, "the truth does not reproduce what is published; found number 0; and 4 more"),
    ],
)
def test_a_model_that_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(squares(), **changes)


def test_all_that_is_wrong_is_said_at_once_and_never_a_count() -> None:
    with pytest.raises(InputError) as caught:
        replace(squares(), truth=np.array([9, 333, 11, 12, -7]), least=0)
    assert len(caught.value.problems) == 3
    assert "333" not in str(caught.value)
