"""What is said of a goal's areas where the goal cannot be answered: which two periods, of which areas what, and that it is no answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from geo.editions.edition import Edition
from geo.model.goals import Baseline
from geo.model.results import Judgement
from geo.model.vocabulary import Verdict
from tests.towns import webtown
from tests.towns.maptown import ROWS, absent, observation
from webmap.app import create_app
from webmap.edition.reader import Reader
from webmap.goals import movement
from webmap.settings import Settings


def town(folder: Path, monkeypatch: pytest.MonkeyPatch, more: list[dict[str, object]]) -> Edition:
    monkeypatch.setattr(webtown, "ROWS", [*ROWS, *more])
    changed = {"frozen_list": None, "baseline": Baseline(period="2010")}  # the goal is about all four squares
    monkeypatch.setattr(
        webtown, "GOALS", tuple(msgspec.structs.replace(goal, **changed) if goal.id == "M5" else goal for goal in webtown.GOALS)
    )
    return webtown.publish(folder / "editions")


def pair(area_id: str, then: dict[str, Any], now: dict[str, Any]) -> list[dict[str, object]]:
    return [observation(area_id=area_id, period="2012", **then), observation(area_id=area_id, period="2013", **now)]


def wide(value: float, reach: float, **more: Any) -> dict[str, Any]:
    return {"value": value, "low": value - reach, "high": value + reach, **more}


FELL = pair("0101", wide(80.0, 3), wide(60.0, 3))
ALONE = pair("0102", wide(70.0, 5), wide(62.8, 5))  # 7.2 less, give or take 7.07: by itself, and not as the second of four
FLAT = pair("0104", wide(70.0, 5), wide(71.0, 5))
SMALL = pair("0103", wide(50.0, 5), wide(52.0, 5))


def said(read: Edition, language: str = "da") -> movement.Movement:
    made = movement.movement(Reader(read, language), next(goal for goal in read.catalogue.goals if goal.id == "M5"))
    assert made is not None
    return made


def test_each_area_is_named_with_its_change_and_whether_it_can_be_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = said(town(tmp_path, monkeypatch, [*FELL, *ALONE, *FLAT, *SMALL]))
    assert {area: each.look for area, each in made.by_area.items()} == {
        "0101": "mindre", "0102": movement.ALONE, "0103": "ens", "0104": "ens",
    }  # fmt: skip
    assert made.by_area["0101"].change.replace("\u00a0", " ") == "−20,0 procentpoint (−24,2 til −15,8)"
    assert [len(line.areas) for line in made.lines] == [1, 1, 2]
    assert made.lines[0].words == "I 1 af de 4 områder er tallet faldet mere, end tilfældigheder kan forklare"
    assert "fra 2012 til 2013" in made.sentence
    assert "kun set for sig selv" in made.sentence
    assert made.sentence.endswith("i resten kan intet siges for sikkert")
    assert made.tested.startswith("4 områder er prøvet på én gang, og 1 skiller sig ud")


def test_nothing_moved_is_said_too_and_in_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = said(town(tmp_path, monkeypatch, [*FLAT, *SMALL]), "en")
    assert made.sentence.endswith("from 2012 to 2013: no change is sure in any of the 4 areas")
    assert {each.look for each in made.by_area.values()} == {"ens", "umaalt"}


def test_a_hidden_figure_is_not_said_by_how_it_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = absent(area_id="0103", period="2012", status="suppressed", reason="few_answers")
    made = said(town(tmp_path, monkeypatch, [*FELL, hidden, observation(area_id="0103", period="2013", **wide(52.0, 5))]))
    assert (made.by_area["0103"].change, made.by_area["0103"].said) == ("", "nej: et tal er skjult")


@pytest.mark.parametrize(
    ("then", "before"),
    [
        (wide(80.0, 3, definition="new"), "2011"),  # another definition: the newest of the same one is held up instead
        (wide(80.0, 3), "2012"),
    ],
)
def test_only_what_can_be_compared_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: dict[str, Any], before: str) -> None:
    made = said(town(tmp_path, monkeypatch, pair("0101", then, wide(60.0, 3))))
    assert made.before == before


def test_a_period_of_another_length_is_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    half = [observation(area_id="0101", period="2013H1", **wide(60.0, 3))]
    read = town(tmp_path, monkeypatch, half)
    assert movement.movement(Reader(read, "da"), next(goal for goal in read.catalogue.goals if goal.id == "M5")) is None


def test_a_table_from_before_the_outlines_held_is_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The town's outlines hold from 2020: a printed figure of 2012 is of areas that were drawn otherwise, a count of a register is not."""
    printed = pair("0101", wide(80.0, 3, row="2"), wide(60.0, 3, row="3"))
    assert said(town(tmp_path, monkeypatch, printed)).before == "2011"


def test_everybody_counted_is_not_told_of_chance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = {"interval": "count"}
    made = said(town(tmp_path, monkeypatch, pair("0101", wide(80.0, 0, **exact), wide(60.0, 0, **exact))))
    assert made.lines[0].words == "I 1 af de 4 områder er tallet faldet"


def test_an_answered_goal_has_an_answer_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Judgement(goal="M5", target="up", indicator="tryg", area_set="square", verdict=Verdict.REACHED, latest=90.0)
    monkeypatch.setattr(webtown, "JUDGEMENTS", (answered,))
    read = town(tmp_path, monkeypatch, FELL)
    assert movement.movement(Reader(read, "da"), next(goal for goal in read.catalogue.goals if goal.id == "M5")) is None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/maal/5", "Men det kan vi sige."),
        ("/en/maal/5", "But this can be said."),
        ("/maal/5/udskrift", "Men det kan vi sige."),
        ("/", "Men det kan vi sige."),
        ("/omraade/square/0102", "Ændringen er −7,2"),
        ("/omraade/square/0102/udskrift", "Ændringen er −7,2"),
        ("/en/omraade/square/0102", "The change is −7.2"),
    ],
)
def test_every_page_of_the_goal_says_it_and_that_it_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, words: str
) -> None:
    assert town(tmp_path, monkeypatch, [*FELL, *ALONE, *FLAT, *SMALL])
    page = create_app(Settings(workspace=tmp_path)).test_client().get(path).get_data(as_text=True).replace("\u00a0", " ")
    assert words in page
    if path != "/":
        assert "som handler om tiden fra 2010 til 31. december 2014" in page or "about the time from 2010 to 31 December 2014" in page
