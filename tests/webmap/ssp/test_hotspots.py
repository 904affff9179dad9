"""Before and after a hotspot began, by hand: which two periods, what can be told from noise, and what is said when one is lacking."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.editions import edition
from geo.figures.differences import IntervalEstimate
from geo.model.vocabulary import Audience
from tests.towns.maptown import absent, observation
from tests.towns.safetown import ROWS, publish
from webmap.edition.compared import differences
from webmap.edition.reader import Reader
from webmap.ssp import hotspots, safety


def comparisons(folder: Path, began: str, rows: list[dict[str, object]] | None = None) -> dict[str, hotspots.HotspotComparison]:
    """What is said of the district of the one hotspot, by indicator."""
    made = edition.read(folder, publish(folder, ROWS if rows is None else rows, began), Audience.SSP)
    (spot,) = hotspots.groups(Reader(made, "da"), "square", safety.THEME)
    assert (spot.district_id, spot.district, spot.parts) == ("0101", "Sydvest", (("Plet", "4\xa0%"),))
    return {comparison.indicator.id: comparison for comparison in spot.comparisons}


def test_a_hotspot_stands_between_the_last_period_before_it_and_the_newest_since(tmp_path: Path) -> None:
    later = [observation(area_id="0101", period="2012", value=68.0, low=63.0, high=73.0)]
    comparison = comparisons(tmp_path, "2011-01-01", [*ROWS, *later])["tryg"]
    assert comparison.before
    assert comparison.after
    assert (comparison.before.period, comparison.before.row.value) == ("2010", "70\xa0%")
    assert (comparison.after.period, comparison.after.row.value) == ("2012", "68\xa0%")  # the newest, not the first
    assert comparison.said == "ingen sikker ændring"


def test_a_difference_that_can_be_told_is_said_with_its_interval_and_the_citys(tmp_path: Path) -> None:
    comparison = comparisons(tmp_path, "2011-01-01")["tryg"]
    assert comparison.said == "tydeligt lavere"
    # 50 - 70, and by Newcombe: sqrt(5^2 + 5^2) = 7.1 on either side; the city 66 and 66: sqrt(2^2 + 2^2) = 2.8
    assert comparison.change == "−20,0\xa0procentpoint (−27,1 til −12,9)"
    assert comparison.city == "+0,0\xa0procentpoint (−2,8 til +2,8)"


@pytest.mark.parametrize(
    ("began", "first", "second"),
    [
        ("2009-02-02", None, "2011"),  # nothing was measured before
        ("2010-06-01", None, "2011"),  # 2010 was not over: it is neither before nor after
        ("2010-01-01", None, "2011"),
        ("2012-01-01", "2011", None),  # nothing has been measured since
        ("2011-12-31", "2010", None),
        ("2011", "2010", None),
    ],
)
def test_without_a_figure_on_either_side_nothing_is_said(tmp_path: Path, began: str, first: str | None, second: str | None) -> None:
    comparison = comparisons(tmp_path, began)["tryg"]
    assert (comparison.before.period if comparison.before else None, comparison.after.period if comparison.after else None) == (
        first,
        second,
    )
    assert (comparison.said, comparison.change, comparison.city) == ("", "", "")
    assert comparison.first == "2010"


def test_a_hidden_figure_on_one_side_leaves_words_and_no_number(tmp_path: Path) -> None:
    hidden = absent(area_id="0101", status="suppressed", reason="few_answers")
    rows = [
        hidden if (row["area_id"], row["period"], row["indicator"]) == ("0101", "2010", "tryg") and row["area_set"] == "square" else row
        for row in ROWS
    ]
    comparison = comparisons(tmp_path, "2011-01-01", rows)["tryg"]
    assert (comparison.said, comparison.change) == ("skjult for at beskytte enkeltpersoner", "")
    assert comparison.before
    assert comparison.before.row.value == "–"


def test_a_new_definition_between_the_two_is_said_and_nothing_reckoned(tmp_path: Path) -> None:
    rows = [row | {"definition": "new"} if row["indicator"] == "tryg" and row["period"] == "2011" else row for row in ROWS]
    comparison = comparisons(tmp_path, "2011-01-01", rows)["tryg"]
    assert (comparison.said, comparison.change, comparison.city) == ("definitionen skiftede", "", "")


def test_a_set_that_no_hotspot_lies_in_has_none(tmp_path: Path) -> None:
    read = edition.read(tmp_path, publish(tmp_path, ROWS), Audience.SSP)
    (spot,) = hotspots.groups(Reader(read, "da"), "square", safety.THEME)
    assert spot.began == "1. januar 2012"
    assert hotspots.groups(Reader(read, "da"), "kommune", safety.THEME) == ()  # the overlaps name no area of that set


def test_a_district_that_was_not_asked_again_has_its_own_newest_figure(tmp_path: Path) -> None:
    """Another district has a figure of 2012; this one's newest is of 2011, and it is named."""
    later = [observation(area_id="0102", period="2012", value=68.0, low=63.0, high=73.0)]
    comparison = comparisons(tmp_path, "2011-01-01", [*ROWS, *later])["tryg"]
    assert comparison.after
    assert (comparison.after.period, comparison.after.row.value, comparison.said) == ("2011", "50\xa0%", "tydeligt lavere")


def test_a_list_of_hotspots_is_controlled_and_one_districts_figures_are_not(tmp_path: Path) -> None:
    """A difference that leaves out zero by a little, among others that say nothing."""
    near, key = {"value": 62.5, "low": 57.5, "high": 67.5}, ("tryg", "0101", "2011")
    rows = [row | (near if (row["indicator"], row["area_id"], row["period"]) == key else {}) for row in ROWS if row["area_set"] == "square"]
    made = edition.read(tmp_path, publish(tmp_path, rows, "2011-01-01"), Audience.SSP)
    spots = hotspots.groups(Reader(made, "da"), "square", safety.THEME)
    assert hotspots.control(spots).tested == 1
    held = spots[0].comparisons[0].held
    assert held is not None
    among = differences.among(
        {"it": held, **{str(n): differences.Held(differences.SAME, IntervalEstimate(1.0, -4.0, 6.0)) for n in range(5)}}
    )
    assert (held.look, among["it"].look, among["it"].alone) == (differences.LESS, differences.SAME, True)
    (single,) = hotspots.groups_in(Reader(made, "da"), "square", safety.THEME, "0101")
    assert single.comparisons[0].said == "tydeligt lavere"
    assert hotspots.groups_in(Reader(made, "da"), "square", safety.THEME, "0104") == ()
