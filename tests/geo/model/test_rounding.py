"""Halves go away from zero, in one place, whatever shows the figure; and no other place rounds what is shown."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.conclusions import classify
from geo.model.goals import Goal
from geo.model.rounding import half_up
from tests.records.policy import goal
from tests.records.single import indicator, row
from webmap.charts import trend
from webmap.language import wording
from webmap.language.quantities import Measure

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (88.5, 0, "89"), (87.5, 0, "88"), (86.5, 0, "87"), (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (2.4999, 0, "2"),
        (0.145, 2, "0,15"), (1.005, 2, "1,01"), (2.675, 2, "2,68"), (0.25, 1, "0,3"), (0.35, 1, "0,4"), (44.55, 1, "44,6"),
        (-0.5, 0, "-1"), (-88.5, 0, "-89"), (-2.5, 0, "-3"), (-0.4, 0, "0"), (-0.0, 0, "0"), (1234567.5, 0, "1.234.568"),
        (99.95, 1, "100,0"), (1e22, 0, "10.000.000.000.000.000.000.000"), (1e-7, 2, "0,00"), (float("nan"), 1, "–"),
    ],
)  # fmt: skip
def test_a_figure_is_shown_with_halves_away_from_zero(value: float, decimals: int, written: str) -> None:
    assert wording.number(value, decimals=decimals, language="da") == written


@given(value=st.floats(allow_nan=False, allow_infinity=False), decimals=st.integers(0, 6))
def test_rounding_is_to_the_nearest_number_as_it_is_written(value: float, decimals: int) -> None:
    unit = Fraction(1, 10**decimals)
    rounded, written = Fraction(half_up(value, decimals)), Fraction(repr(value))
    assert abs(rounded - written) <= unit / 2
    if abs(rounded - written) == unit / 2:
        assert abs(rounded) > abs(written)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_rounded(value: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        half_up(value, 0)


def test_a_value_an_interval_a_chart_and_a_target_round_alike() -> None:
    percent = indicator()
    assert wording.value(88.5, percent, "en") == "89%"
    assert wording.span(86.5, 88.5, percent, "en") == "87–89%"
    assert trend.point(row(value=88.5).iloc[0].to_dict(), percent, "en").text == "89%"
    asked: Goal = goal()
    measure = Measure.of(asked, percent, "en")
    assert measure.value(88.5) == "89%"
    assert measure.apart((0.25, -0.25, 0.35)).replace("\u00a0", " ") == "+0.3 percentage points (−0.3 to +0.4)"
    assert measure.exact(44.55) == "44.55%"


def test_a_class_ends_at_a_half_rounded_away_from_zero() -> None:
    # the median of 2 and 3 is 2.5: shown without decimals a class begins at 3
    table = pd.concat([row(area_id=str(number), value=float(number)) for number in (2, 3)], ignore_index=True)
    found = classify.breaks(table, [indicator()])["i"]
    assert found.edges == (3.0,)


FORMATS = re.compile(r":,?\.\d+[fe]|(?<![\w.])round\(|np\.round|\.round\(|%\.\d+f|format_decimal|format_percent|\|\s*round")
ALLOWED = {
    # file: what it rounds that is no figure
    "webmap/language/wording.py": "the one place, format_decimal",
    "webmap/charts/svg.py": "points of a drawing",
    "webmap/charts/strip.py": "points of a drawing",
    "webmap/charts/ground/minimap.py": "points of a drawing",
    "webmap/charts/ground/projection.py": "points of a drawing",
    "webmap/charts/ground/surroundings.py": "points of a drawing",
    "webmap/charts/bars.py": "points of a drawing",
    "webmap/reviews/paper/document.py": "points of a drawing",
    "webmap/edition/classes.py": "a number of a class",
    "webmap/maps/scripts.py": "degrees",
    "webmap/maps/view.py": "degrees",
    "omraadekort/exposure/stranger.py": "what the audit reads of a page",
    "omraadekort/exposure/choices.py": "a share of addresses",
    "omraadekort/exposure/reading/payloads.py": "what the audit reads of a file",
    "webmap/language/printed.py": "as many decimals as the source prints",
}


def test_no_other_module_of_the_web_rounds_what_is_shown() -> None:
    sources = [*(ROOT / "webmap").rglob("*.py"), *(ROOT / "webmap").rglob("*.html"), *(ROOT / "omraadekort" / "exposure").rglob("*.py")]
    assert {path.relative_to(ROOT).as_posix() for path in sources if FORMATS.search(path.read_text(encoding="utf-8"))} - set(
        ALLOWED
    ) == set()


def test_no_script_writes_a_figure() -> None:
    """Scripts show the words that the server wrote; they write numbers of degrees alone, which are no figures."""
    for path in (ROOT / "webmap" / "static").glob("*.js"):
        script = re.sub(r"(lat|lng)\.toFixed\(5\)", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"toFixed|toPrecision|toLocaleString|NumberFormat", script), path.name
