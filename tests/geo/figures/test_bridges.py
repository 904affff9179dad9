"""A figure crosses a break on a bridge, one way, with the doubt of both; without a bridge it stays."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.figures.bridges import carry
from geo.figures.differences import Point
from geo.model.indicators import Bridge
from geo.model.sources import Cite

CITE = Cite(source="s")


def bridge(before: str, after: str, **changes: float) -> Bridge:
    return Bridge(before=before, after=after, cite=CITE, **changes)


def point(value: float = 24.0, low: float = 21.0, high: float = 28.0) -> Point:
    return Point(value, low, high, 1000.0, "wilson", "a", None, 240.0, 10.0)


def test_by_hand() -> None:
    # 24 (21-28) by 0.5 x + 3 with a doubt of 2: 15; down 1.5 and 2 make 2.5, up 2 and 2 make 2.828
    carried = carry(point(), "b", [bridge("a", "b", factor=0.5, offset=3.0, doubt=2.0)])
    assert carried is not None
    found, walked = carried
    assert (found.value, found.low, found.high) == (15.0, 12.5, pytest.approx(17.828, abs=0.001))
    assert (found.definition, len(walked)) == ("b", 1)
    assert math.isnan(found.events)


def test_two_bridges_are_walked_in_order_whatever_order_they_are_written_in() -> None:
    bridges = [bridge("b", "c", offset=1.0, doubt=0.0), bridge("a", "b", factor=2.0, doubt=0.0)]
    carried = carry(point(), "c", bridges)
    assert carried is not None
    assert carried[0].value == 49.0
    assert [one.before for one in carried[1]] == ["a", "b"]


@pytest.mark.parametrize(
    "bridges",
    [[], [bridge("b", "a")], [bridge("a", "c")], [bridge("a", "c"), bridge("c", "a")]],
    ids=["none", "backwards", "elsewhere", "in a ring"],
)
def test_where_no_bridge_leads_nothing_is_carried(bridges: list[Bridge]) -> None:
    assert carry(point(), "b", bridges) is None


def test_a_bridge_of_unknown_doubt_leaves_no_interval() -> None:
    carried = carry(point(), "b", [bridge("a", "b", offset=1.0)])
    assert carried is not None
    assert carried[0].value == 25.0
    assert math.isnan(carried[0].low)


@given(factor=st.floats(0.1, 3), offset=st.floats(-20, 20), doubt=st.floats(0, 10))
def test_crossing_never_makes_a_figure_surer(factor: float, offset: float, doubt: float) -> None:
    carried = carry(point(), "b", [bridge("a", "b", factor=factor, offset=offset, doubt=doubt)])
    assert carried is not None
    found = carried[0]
    assert found.high - found.low >= factor * 7.0 - 1e-9
    assert found.low <= found.value <= found.high
