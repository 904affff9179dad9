"""Maps that show what can be told: sides by hand, what falls back to classes and why, how often chance alone gives a colour."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from flask.testing import FlaskClient
from statsmodels.stats.proportion import proportion_confint

from geo.editions.edition import Edition
from geo.figures.differences import Point
from geo.model.goals import Goal, Target
from geo.model.vocabulary import Text
from tests.towns import maptown
from tests.towns.maptown import NAN, ROWS, absent, observation
from webmap.app import create_app
from webmap.edition import classes
from webmap.edition.compared import differences
from webmap.edition.reader import Reader
from webmap.edition.rows import Question
from webmap.maps import against, standingtexts
from webmap.maps.against import DARK, LIGHT, SAND, UNSURE, standing
from webmap.maps.state import CLASSES, state
from webmap.settings import Settings

CITY = observation(area_id="0101", area_set="kommune", value=65.0, low=60.0, high=70.0)


def town(folder: Path, *rows: dict[str, object]) -> Edition:
    return maptown.publish(folder / "editions", rows=rows or ROWS)


def asked(edition: Edition, period: str = "2010", *, colours: str = "", language: str = "da") -> Any:
    measured = edition.catalogue.indicator("tryg")
    assert measured is not None
    return state(Question(Reader(edition, language), measured, "square"), period, colours)


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_sides_by_hand(tmp_path: Path) -> None:
    """80 (71-87) less 65 (60-70) is 15, its lower end 15 - sqrt(9² + 5²) = 4.7; 50 (40-60) less 65 is -15, its upper end -3.8."""
    stands = standing(town(tmp_path), "tryg", "square", "2010")
    assert stands.looks == {"0101": LIGHT, "0102": DARK, "0103": classes.HIDDEN, "0104": classes.NOT_MEASURED}
    spans = {area: held.span.ends for area, held in stands.held.items() if held.span}
    assert spans["0101"] == pytest.approx((15.0, 4.704, 23.602), abs=1e-3)
    assert spans["0102"] == pytest.approx((-15.0, -26.180, -3.820), abs=1e-3)


def test_the_dark_side_is_the_one_that_asks_for_effort(tmp_path: Path) -> None:
    measured = town(tmp_path).catalogue.indicator("tryg")
    assert measured is not None
    sides = {way: against.side(msgspec.structs.replace(measured, direction=way), DARK) for way in ("up", "down", "neither")}
    assert sides == {"up": differences.LESS, "down": differences.MORE, "neither": differences.MORE}


def test_an_area_that_chance_explains_has_no_side(tmp_path: Path) -> None:
    near = observation(area_id="0104", value=68.0, low=58.0, high=77.0)
    assert standing(town(tmp_path, CITY, near), "tryg", "square", "2010").looks["0104"] == SAND


def test_one_of_many_stands_out_less_than_by_itself(tmp_path: Path) -> None:
    """p of 77 (67-85) against 65 (60-70) is 0.035: alone it leaves out zero, among four of which three are no different it does not."""
    others = [observation(area_id=f"010{n}", value=65.0, low=56.0, high=74.0) for n in (2, 3, 4)]
    among = standing(
        town(tmp_path / "a", CITY, observation(area_id="0101", value=77.0, low=67.0, high=85.0), *others), "tryg", "square", "2010"
    )
    alone = standing(town(tmp_path / "b", CITY, observation(area_id="0101", value=77.0, low=67.0, high=85.0)), "tryg", "square", "2010")
    assert (among.looks["0101"], alone.looks["0101"]) == (SAND, LIGHT)
    assert among.held["0101"].alone
    assert (among.control.alone, among.control.told) == (1, 0)


def test_a_figure_without_an_interval_has_no_side_and_says_why(tmp_path: Path) -> None:
    unknown = observation(area_id="0104", value=99.0, low=NAN, high=NAN, interval="none")
    read = town(tmp_path, *[row for row in ROWS if row["area_id"] != "0104" or row["indicator"] != "tryg"], unknown)
    shown = asked(read)
    row = next(row for row in shown.rows if row.area_id == "0104")
    assert (row.look, row.stands) == (UNSURE, "usikkerheden er ikke kendt")
    assert "For 1 er usikkerheden ikke kendt." in shown.sentence


def test_full_counts_are_real_differences_and_are_not_tested(tmp_path: Path) -> None:
    counted = [observation(area_id=f"010{n}", value=value, low=value, high=value, interval="count") for n, value in ((1, 65.1), (2, 64.0))]
    city = {**CITY, "low": 65.0, "high": 65.0, "interval": "count"}
    read = town(tmp_path, city, *counted)
    stands = standing(read, "tryg", "square", "2010")
    assert stands.counted
    assert stands.control.tested == 0
    assert {stands.looks["0101"], stands.looks["0102"]} == {LIGHT, DARK}
    shown = asked(read)
    assert "sikkert" not in shown.sentence
    assert "optalt, ikke spurgt" in shown.doubt
    assert {row.area_id: row.stands for row in shown.rows if row.stands} == {"0101": "over byen", "0102": "under byen"}


# --- where it cannot be told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("city", "why"),
    [
        ([], "byens eget tal for perioden mangler"),
        ([absent(area_id="0101", area_set="kommune", status="missing", reason="no_row")], "byens eget tal for perioden mangler"),
        ([absent(area_id="0101", area_set="kommune", status="suppressed", reason="few_answers")], "byens eget tal for perioden er skjult"),
        ([{**CITY, "definition": "new"}], "gjort op på en anden måde"),
        ([{**CITY, "low": NAN, "high": NAN, "interval": "none"}], "usikkerheden er ikke kendt"),
    ],
)
def test_without_the_citys_figure_the_map_shows_classes_and_says_why(tmp_path: Path, city: list[dict[str, object]], why: str) -> None:
    areas = [row for row in ROWS if row["area_set"] == "square"]
    read = town(tmp_path, *areas, *city)
    shown = asked(read)
    assert why in shown.lacking
    assert not shown.against
    assert [key.look for key in shown.classes] == [key.look for key in asked(read, colours=CLASSES).classes]
    assert all(not row.stands for row in shown.rows)


def test_a_number_is_not_held_against_the_number_of_the_whole_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = town(tmp_path)
    measured = read.catalogue.indicator("tryg")
    assert measured is not None
    monkeypatch.setattr(differences, "measured", lambda *_: msgspec.structs.replace(measured, kind="count"))
    lacking = standing.__wrapped__(read, "tryg", "square", "2010").lacking
    assert lacking
    assert "et antal kan ikke sammenlignes med" in lacking.da


def test_the_level_of_a_goal_comes_before_the_city(tmp_path: Path) -> None:
    read = town(tmp_path)
    goal, words = read.catalogue.goals[0], Text(da="m", en="m")

    def with_targets(*levels: float) -> None:
        targets = tuple(Target(id=f"t{level}", name=words, unit="level", value=level) for level in levels)
        known: tuple[Goal, ...] = (msgspec.structs.replace(goal, indicator="tryg", area_set="square", category=None, targets=targets),)
        object.__setattr__(read, "catalogue", msgspec.structs.replace(read.catalogue, goals=known))

    with_targets(75.0)
    stands = standing.__wrapped__(read, "tryg", "square", "2010")
    assert stands.yardstick == against.Yardstick(
        Point(75.0, 75.0, 75.0, pytest.approx(NAN, nan_ok=True), "exact", "", None, stated=True), goal.id
    )
    assert stands.looks["0101"] == SAND  # 71-87 holds 75, which has no doubt of its own
    assert stands.looks["0102"] == DARK
    assert standingtexts.heading(stands.yardstick, "da") == "Mod målet"
    with_targets(75.0, 90.0)  # two readings: nobody has decided which
    assert standing.__wrapped__(read, "tryg", "square", "2010").yardstick.goal == ""


# --- what is hidden ---------------------------------------------------------------------------------------------------


def test_the_legend_counts_what_is_shown_and_no_more(tmp_path: Path) -> None:
    shown = asked(town(tmp_path))
    assert [(key.look, key.count) for key in shown.classes] == [
        (DARK, "1 område"),
        (SAND, "0 områder"),
        (LIGHT, "1 område"),
        (UNSURE, "0 områder"),
    ]
    assert [(key.look, key.count) for key in shown.keys if not key.folded] == [(classes.HIDDEN, "1"), (classes.NOT_MEASURED, "1")]


def test_a_hidden_area_has_no_side_whatever_it_would_be(tmp_path: Path) -> None:
    """The edition does not hold the figure, and the sides of the others are those of a map without that area."""
    rows = [row for row in ROWS if row["indicator"] == "tryg"]
    without = [row for row in rows if row["area_id"] != "0103"]
    seen = [standing(town(tmp_path / name, *some), "tryg", "square", "2010") for name, some in (("a", rows), ("b", without))]
    assert seen[0].held == seen[1].held
    assert "0103" not in seen[0].held
    assert all(not row.stands for row in asked(town(tmp_path / "a", *rows)).rows if row.area_id == "0103")


# --- chance -----------------------------------------------------------------------------------------------------------

AREAS, ANSWERS = 13, 276
MAPS = 1500


def drawn(random: np.random.Generator, shares: np.ndarray) -> list[dict[int, differences.Held]]:
    """Maps of a survey: 276 answers in each of 13 areas; the city is all of them together, so that each area is a part of it."""
    measured = maptown.catalogue().indicator("tryg")
    assert measured is not None
    maps = []
    for counts in random.binomial(ANSWERS, shares, size=(MAPS, AREAS)):
        city = share(int(counts.sum()), AREAS * ANSWERS)
        held = {n: differences.difference(share(int(k), ANSWERS), city, measured) for n, k in enumerate(counts)}
        maps.append(differences.among(held))
    return maps


def share(k: int, n: int) -> Point:
    low, high = proportion_confint(k, n, method="wilson")
    return Point(100 * k / n, 100 * float(low), 100 * float(high), n, "wilson", "old", None)


def coloured(held: differences.Held) -> bool:
    return held.look in {differences.MORE, differences.LESS}


def test_where_nothing_differs_few_maps_have_a_colour() -> None:
    """At most five in a hundred; drawn 1,500 times, chance alone reaches 6.7 percent in one of a thousand runs of this test."""
    maps = drawn(np.random.default_rng(20261128), np.full(AREAS, 0.86))
    assert sum(any(coloured(held) for held in one_map.values()) for one_map in maps) / MAPS <= 0.067
    alone = sum(any(coloured(held) or held.alone for held in one_map.values()) for one_map in maps) / MAPS
    assert alone > 0.25  # what a map would do that tests each area by itself


def test_of_what_is_coloured_few_are_coloured_by_chance() -> None:
    """Three areas lie far below; the ten others are the city's mean. Of what is coloured, at most five in a hundred are of those ten."""
    below, rest = 0.70, 0.88
    mean = (3 * below + 10 * rest) / AREAS
    shares = np.array([below] * 3 + [mean] * 10)
    maps = drawn_around(np.random.default_rng(20261129), shares, mean)
    false = [sum(coloured(held[n]) for n in range(3, AREAS)) / max(sum(coloured(each) for each in held.values()), 1) for held in maps]
    assert np.mean(false) <= 0.05 + 3.1 * np.std(false) / np.sqrt(MAPS)
    assert np.mean([all(coloured(held[n]) for n in range(3)) for held in maps]) > 0.9


def drawn_around(random: np.random.Generator, shares: np.ndarray, mean: float) -> list[dict[int, differences.Held]]:
    """The same, held against a city that was asked by itself and lies where ten of the areas lie."""
    measured = maptown.catalogue().indicator("tryg")
    assert measured is not None
    maps = []
    for counts in random.binomial(ANSWERS, shares, size=(MAPS, AREAS)):
        city = share(int(random.binomial(AREAS * ANSWERS, mean)), AREAS * ANSWERS)
        maps.append(differences.among({n: differences.difference(share(int(k), ANSWERS), city, measured) for n, k in enumerate(counts)}))
    return maps


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    town(tmp_path)
    return create_app(Settings(workspace=tmp_path)).test_client()


def test_a_map_opens_as_what_can_be_told(client: FlaskClient) -> None:
    text = client.get("/kort/tryg?periode=2010").get_data(as_text=True).replace("\xa0", " ")
    assert "ligger 1 af 2 områder sikkert under byens 65 %, og 1 sikkert over" in text
    assert re.search(r'aria-current="true">Mod byen</a>', text)
    assert 'data-look="moerk"' in text
    assert 'class="omraade k' not in text


def test_the_second_view_is_kept_by_links_and_by_the_form(client: FlaskClient) -> None:
    text = client.get("/kort/tryg?periode=2010&farver=klasser").get_data(as_text=True)
    assert re.search(r'aria-current="true">Værdier i klasser</a>', text)
    assert '<input type="hidden" name="farver" value="klasser">' in text
    assert 'data-look="k' in text
    leads = re.findall(r'href="(/kort/tryg\?[^"]*omraade=[^"]*)"', text)
    assert leads
    assert all("farver=klasser" in address for address in leads)
    sent = client.get("/kort/?indikator=tryg&inddeling=square&periode=2010&farver=klasser")
    assert "farver=klasser" in sent.headers["Location"]
    assert "farver" not in client.get("/kort/?indikator=tryg&inddeling=square&farver=<b>").headers["Location"]


def test_a_word_that_is_no_view_shows_what_can_be_told(client: FlaskClient) -> None:
    assert 'data-look="moerk"' in client.get("/kort/tryg?periode=2010&farver=<script>").get_data(as_text=True)


def test_a_line_that_no_area_has_is_folded(client: FlaskClient) -> None:
    for address in ("/kort/tryg?periode=2010", "/kort/tryg?periode=2010&farver=klasser", "/en/kort/tryg?periode=2010"):
        lines = re.findall(r"<li([^>]*)>(?:(?!</li>).)*?data-count=\"[^\"]*\">(\d+)", client.get(address).get_data(as_text=True), re.DOTALL)
        assert lines
        assert all(("hidden" in attributes) == (count == "0") for attributes, count in lines)


def test_the_values_of_both_views_are_files_of_their_own(client: FlaskClient, tmp_path: Path) -> None:
    number = maptown.publish(tmp_path / "editions").id
    told, valued = (
        client.get(f"/udgave/{number}/tal/tryg/square.json{query}").json["periods"]["2010"] for query in ("", "?farver=klasser")
    )
    assert (told["rows"]["0102"]["look"], valued["rows"]["0102"]["look"].split()[0]) == (DARK, "k2")
    assert (told["against"], valued["against"]) == ("Mod byen", "")


def test_one_value_is_a_large_figure_and_no_map(tmp_path: Path) -> None:
    same = [observation(area_id=f"010{n}", value=80.0) for n in (1, 2)]
    town(tmp_path, CITY, *same)
    client = create_app(Settings(workspace=tmp_path)).test_client()
    for address, words in (
        ("/kort/tryg?inddeling=kommune", "Byen, 2010"),
        ("/kort/tryg?inddeling=square", "Det samme tal i alle 2 områder"),
    ):
        text = client.get(address).get_data(as_text=True)
        assert 'class="plain-figure"' in text
        assert words in text
        assert "map_kort" not in text
        assert "leaflet.js" not in text
        assert 'class="legend"' not in text or "ramp" not in text


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_reason_and_every_side_has_words(tmp_path: Path, language: str) -> None:
    stands = standing(town(tmp_path), "tryg", "square", "2010")
    measured = maptown.catalogue().indicator("tryg")
    assert measured is not None
    words = [label for _, label, _ in standingtexts.legend(stands, measured, language)]
    assert len(set(words)) == 4
    assert all(words)


def test_another_period_has_the_citys_figure_of_that_period_in_its_legend(client: FlaskClient, tmp_path: Path) -> None:
    number = maptown.publish(tmp_path / "editions").id
    periods = client.get(f"/udgave/{number}/tal/tryg/square.json").json["periods"]
    said = [periods[code]["words"][DARK].replace("\xa0", " ") for code in ("2010", "2011")]
    assert said == ["sikkert under byens 65 %", "sikkert under byens 66 %"]
