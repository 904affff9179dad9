"""Axes: two or three round values, values at points, what was decided in between, one scale for what stands side by side."""

from __future__ import annotations

import datetime as dt
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.towns import toytown
from webmap.charts import trend
from webmap.charts.axis import Event, ValueAxis, ticks
from webmap.charts.trend import Series, TrendPoint

NAN = float("nan")
PLAIN = ValueAxis("{:g}".format, "{:g}".format, 1.0)


@pytest.mark.parametrize(
    ("low", "high", "finest", "values"),
    [
        (67.0, 94.0, 1.0, [70.0, 80.0, 90.0]),
        (7.9, 10.2, 1.0, [8.0, 9.0, 10.0]),
        (0.0, 1.0, 0.1, [0.0, 0.5, 1.0]),
        (84.6, 87.3, 1.0, [85.0, 86.0, 87.0]),
        (85.2, 85.8, 1.0, []),
        (88.9, 89.4, 1.0, [89.0]),
    ],
)
def test_ticks_by_hand(low: float, high: float, finest: float, values: list[float]) -> None:
    assert ticks(low, high, finest) == pytest.approx(values)


@given(st.floats(-1e6, 1e6), st.floats(0.5, 1e6), st.sampled_from([1.0, 0.1, 0.01]))
def test_ticks_are_few_round_and_inside(low: float, width: float, finest: float) -> None:
    values = ticks(low, low + width, finest)
    assert len(values) <= 3
    assert len(values) >= 2 or width < 3 * finest
    slack = 1e-7 * max(abs(low), width, finest)  # what the division by a step leaves
    assert all(low - slack <= value <= low + width + slack for value in values)
    assert all(abs(value / finest - round(value / finest)) < 1e-3 for value in values)


def series(*values: float, first: int = 2010) -> Series:
    return Series([TrendPoint(dt.date(first + n, 1, 1), v, v - 2, v + 2, "1", str(first + n), f"{v:g}") for n, v in enumerate(values)])


def drawn(points: Series, axis: ValueAxis = PLAIN) -> str:
    return str(trend.spark(points, title="x", axis=axis))


def test_every_value_of_a_short_series_stands_at_its_point() -> None:
    assert re.findall(r'class="figure"[^>]*>([^<]+)<', drawn(series(10, 14, 12))) == ["10", "14", "12"]


def test_of_a_long_series_the_ends_the_highest_and_the_lowest_stand_there() -> None:
    values = re.findall(r'class="figure"[^>]*>([^<]+)<', drawn(series(10, 12, 19, 15, 12, 11, 3, 8, 9, 10)))
    assert values == ["10", "19", "3", "10"]


def test_words_of_the_axis_and_values_do_not_lie_on_each_other() -> None:
    text = drawn(series(10, 14))
    axis_end = min(float(x) for x in re.findall(r'class="quiet" x="([\d.]+)"[^>]*text-anchor="end"', text))
    first = float(re.findall(r'class="figure" x="([\d.]+)"', text)[0])
    assert first - 2 * 7.4 / 2 >= axis_end


def test_a_round_value_has_no_empty_decimals() -> None:
    measured = msgspec.structs.replace(toytown.indicators()[0], decimals=2, kind="share")
    axis = ValueAxis.of(measured, "da")
    assert [axis.words(value).replace("\xa0", " ") for value in (50.0, 2.5, 2.25)] == ["50 %", "2,5 %", "2,25 %"]


EVENTS = (
    Event(dt.date(2011, 3, 1), "L", "på en liste", "2011"),
    Event(dt.date(2011, 6, 1), "P", "helhedsplan begynder", "2011"),
    Event(dt.date(2012, 1, 1), "L", "på en liste", "2012"),
    Event(dt.date(1999, 1, 1), "H", "hotspot begynder", "1999"),
)


def test_what_was_decided_stands_on_the_axis_and_is_explained_under_it() -> None:
    text = drawn(series(10, 14, 12), ValueAxis("{:g}".format, "{:g}".format, 1.0, events=EVENTS))
    assert text.count('class="begivenhed"') == 3  # not what was before the first figure
    assert ">L: på en liste (2011, 2012)<" in text
    assert ">P: helhedsplan begynder (2011)<" in text
    assert "hotspot" not in text
    assert "L: på en liste (2011, 2012)" in re.findall(r"<desc>([^<]*)", text)[0]


def test_charts_beside_each_other_have_one_scale() -> None:
    """30 to 90 in one, 50 to 52 in the other: the same value lies at the same height in both."""
    wide, narrow = series(30, 50, 90), series(50, 52)
    within = trend.ends([wide, narrow])
    assert within == (28, 92)
    both = [drawn(each, ValueAxis("{:g}".format, "{:g}".format, 1.0, within=within)) for each in (wide, narrow)]
    heights = [re.findall(r'<line class="gitter"[^>]*y1="([\d.]+)"', text) for text in both]
    assert heights[0] == heights[1]
    assert drawn(narrow) != both[1]


def test_unknown_values_make_no_scale() -> None:
    assert trend.ends([Series([TrendPoint(dt.date(2010, 1, 1), NAN, NAN, NAN, "1", "2010", "–")])]) == ()
