"""Areas counted in a category: by hand, and the laws of sure and possible."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo.conclusions.categories import count
from geo.model.goals import Category
from geo.model.vocabulary import Text
from tests.records.single import row

BELOW = Category(name=Text(da="x", en="x"), below=75.0)


def areas(*values: tuple[float, float, float], period: str = "2010", **changes: object) -> pd.DataFrame:
    rows = [row(area_id=f"{n}", value=v, low=low, high=high, period=period, **changes) for n, (low, v, high) in enumerate(values)]
    return pd.concat(rows, ignore_index=True)


def test_by_hand() -> None:
    # surely below: the first; by its value: the second too; possibly: the third too; never: the fourth
    (found,) = count(areas((60, 65, 70), (70, 74, 78), (72, 76, 80), (80, 85, 90)), BELOW).to_dict("records")
    assert (found["low"], found["value"], found["high"], found["denominator"]) == (1.0, 2.0, 3.0, 4.0)
    assert (found["interval"], found["area_id"], found["status"]) == ("areas", "", "final")


def test_above_is_the_other_side() -> None:
    above = Category(name=BELOW.name, above=75.0)
    (found,) = count(areas((60, 65, 70), (70, 74, 78), (72, 76, 80), (80, 85, 90)), above).to_dict("records")
    assert (found["low"], found["value"], found["high"]) == (1.0, 2.0, 3.0)


def test_a_hidden_area_makes_the_number_unknown_and_hidden() -> None:
    table = areas((60, 65, 70), (70, 74, 78))
    table.loc[1, ["value", "low", "high"]] = np.nan
    table.loc[1, "status"] = "suppressed"
    (found,) = count(table, BELOW).to_dict("records")
    assert math.isnan(found["value"])
    assert (found["status"], found["reason"]) == ("suppressed", "hidden")


def test_a_missing_area_makes_the_number_missing() -> None:
    table = areas((60, 65, 70), (70, 74, 78))
    table.loc[1, ["value", "low", "high"]] = np.nan
    table.loc[1, "status"] = "missing"
    (found,) = count(table, BELOW).to_dict("records")
    assert (found["status"], found["reason"]) == ("missing", "missing_part")
    assert math.isnan(found["value"])


def test_an_unknown_interval_leaves_the_number_without_one() -> None:
    (found,) = count(areas((np.nan, 65, np.nan), (70, 74, 78)), BELOW).to_dict("records")
    assert found["value"] == 2.0
    assert math.isnan(found["low"])


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 20), st.floats(0, 20)), min_size=1, max_size=12))
def test_the_sure_are_never_more_and_the_possible_never_fewer(drawn: list[tuple[float, float, float]]) -> None:
    (found,) = count(areas(*((v - a, v, v + b) for v, a, b in drawn)), BELOW).to_dict("records")
    assert 0 <= found["low"] <= found["value"] <= found["high"] <= found["denominator"] == len(drawn)


def test_each_period_has_its_own_number() -> None:
    table = pd.concat([areas((60, 65, 70), period="2010"), areas((80, 85, 90), period="2011")])
    assert count(table, BELOW).set_index("period")["value"].to_dict() == {"2010": 1.0, "2011": 0.0}
