"""Figures that their source hides: they look hidden, and it is said who hides them."""

from __future__ import annotations

from pathlib import Path

from geo import pipeline
from tests.towns import toytown
from webmap.app import create_app
from webmap.edition import classes as area_classes
from webmap.edition.compared import differences
from webmap.language import wording
from webmap.settings import Settings


def test_a_figure_that_its_source_hides_looks_hidden_and_says_by_whom() -> None:
    row = {"status": "hidden_by_source", "reason": "hidden_at_source", "value": float("nan")}
    assert area_classes.look(None, row) == area_classes.HIDDEN
    assert wording.status(row, "da") == "skjult i kilden: kilden viser ikke tallet"
    assert wording.status(row, "en") == "hidden by the source: the source does not show the figure"


def test_what_is_hidden_on_one_side_is_not_held_against_the_other() -> None:
    shown = {"status": "final", "value": 5.0}
    assert differences._lacking(shown, {"status": "hidden_by_source"}) == area_classes.HIDDEN


def test_pages_say_school_years_and_who_hides(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    rows = [f"tryg,square,010{area},2013/14,{60 + area},,,100,,,final,survey,," for area in (1, 2, 3, 4)]
    path = town.data / "skole" / "2021-01-01" / "skole.csv"
    path.parent.mkdir(parents=True)
    path.write_text(toytown.csv([*rows, "tryg,square,0101,2016,,,,,,,hidden_by_source,survey,,"]), "utf-8")
    toytown.write_sidecar(path)
    pipeline.build(town)
    client = create_app(Settings(workspace=town.folder)).test_client()
    page = client.get("/kort/tryg?periode=2013-08--2014-07").text
    assert "skoleåret 2013/14" in page
    assert "skjult i kilden: kilden viser ikke tallet" in client.get("/kort/tryg?periode=2016").text
    assert "school year 2013/14" in client.get("/en/kort/tryg?periode=2013-08--2014-07").text
