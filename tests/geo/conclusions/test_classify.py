"""Class breaks: policy first, at most five classes, no class for a hidden value, the same for all periods."""

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.conclusions.classify import CLASSES, FEWEST, breaks, class_of, spans
from geo.model.indicators import PolicyBreak
from geo.model.results import Breaks
from geo.model.vocabulary import Text
from tests.records.single import indicator, row

pytestmark = pytest.mark.slow  # laws, tried on many figures

LIMIT = PolicyBreak(value=40.0, label=Text(da="kriteriet", en="the criterion"))


def table(values: list[float]) -> pd.DataFrame:
    return pd.concat([row(area_id=str(i), value=value) for i, value in enumerate(values)], ignore_index=True)


def test_the_limit_that_policy_sets_is_an_edge() -> None:
    found = breaks(table([10, 20, 30, 38, 45, 50]), [indicator(policy_breaks=(LIMIT,))])["i"]
    assert 40.0 in found.edges
    assert [b.value for b in found.policy] == [40.0]


def test_a_limit_outside_the_values_is_not_an_edge() -> None:
    assert breaks(table([1, 2, 3]), [indicator(policy_breaks=(LIMIT,))])["i"].policy == ()


def test_one_value_makes_no_classes() -> None:
    assert breaks(table([7, 7, 7]), [indicator()]) == {}


def test_missing_values_take_no_part() -> None:
    with_gap = breaks(table([1.0, 2.0, float("nan"), 3.0, 4.0]), [indicator(decimals=1)])
    assert with_gap == breaks(table([1.0, 2.0, 3.0, 4.0]), [indicator(decimals=1)])


@given(st.lists(st.floats(0, 100), min_size=2, max_size=60))
def test_every_class_is_there_for_a_reason(values: list[float]) -> None:
    found = breaks(table(values), [indicator()])
    for made in found.values():
        assert len(made.edges) < CLASSES
        assert list(made.edges) == sorted(set(made.edges))
        assert min(values) < made.edges[0]
        assert made.edges[-1] <= max(values)


@pytest.mark.slow
@given(st.lists(st.integers(0, 100), min_size=12, max_size=60, unique=True), st.integers(0, 100))
def test_values_that_are_spread_make_four_or_five_classes(values: list[int], limit: int) -> None:
    measured = indicator(policy_breaks=(PolicyBreak(value=float(limit), label=LIMIT.label),))
    found = breaks(table([float(value) for value in values]), [measured])["i"]
    assert FEWEST - 1 <= len(found.edges) <= CLASSES - 1
    assert all(b - a >= 2 for a, b in itertools.pairwise(found.edges))


def test_the_same_classes_whatever_the_order_of_rows() -> None:
    values = [74.0, 76, 79, 80, 84, 84, 85, 88, 89, 89, 90, 90, 92]
    assert breaks(table(values), [indicator()]) == breaks(table(values[::-1]), [indicator()])


def test_a_value_on_an_edge_belongs_to_the_class_above() -> None:
    made = Breaks(indicator="i", edges=(10.0, 20.0))
    assert [class_of(made, value) for value in (9.9, 10.0, 19.9, 20.0)] == [0, 1, 1, 2]


def test_an_interval_across_an_edge_says_that_the_colour_could_be_another() -> None:
    made = Breaks(indicator="i", edges=(10.0, 20.0))
    assert spans(made, 9.0, 11.0)
    assert not spans(made, 11.0, 19.0)
    assert not spans(made, float("nan"), 19.0)


def test_no_class_is_a_single_number() -> None:
    found = breaks(table([74, 76, 79, 80, 84, 84, 85, 88, 89, 89, 90, 90, 92]), [indicator()])["i"]
    assert all(b - a >= 2 for a, b in zip(found.edges, found.edges[1:], strict=False))
