"""A single figure that is typed becomes a row of the draft as any other; what is wrong is said, and nothing typed is lost."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.drafts import kept
from geo.files.schema import HEADER
from geo.files.workspace import Workspace
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.readers.signed import token
from tests.towns.drafttown import app_of, begin, data_person, draft_of, work, write
from webmap.workroom.figure import typed

TYPED = {
    "indikator": "tryg", "area": "square/0104", "period": "2013", "value": "90,5", "n": "100", "source": "survey", "locator": "s. 4",
    "status": "final",
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write(tmp_path_factory.mktemp("figure"))


@pytest.fixture(scope="module")
def app(place: Workspace) -> Flask:
    return app_of(place)


@pytest.fixture
def dana(app: Flask) -> FlaskClient:
    return data_person(app)


@pytest.fixture
def own(dana: FlaskClient, place: Workspace) -> str:
    """A draft into which the catalogue has been read."""
    return begin(dana, place)


def send(dana: FlaskClient, own: str, **more: str) -> tuple[int, str]:
    address = f"/arbejdsrum/{own}/tal"
    answer = dana.post(address, data={"csrf": token(dana.get(address)), **TYPED, **more})
    return answer.status_code, answer.get_data(as_text=True)


def rows(place: Workspace, own: str) -> list[dict[str, str]]:
    folder = kept.folder_of(place.folder / kept.FOLDER, own)
    files = [(kept.files_of(folder) / file.id).read_text("utf-8") for file in draft_of(place, own).files]
    return [row for text in files for row in csv.DictReader(io.StringIO(text))]


def test_the_columns_are_those_of_every_table_of_figures() -> None:
    assert typed.COLUMNS == HEADER


def test_a_figure_becomes_a_row_that_is_read_and_can_be_taken_out(dana: FlaskClient, place: Workspace, own: str) -> None:
    assert send(dana, own)[0] == 303
    [row] = rows(place, own)
    assert {name: text for name, text in row.items() if text} == {
        "indicator": "tryg", "area_set": "square", "area_id": "0104", "period": "2013", "value": "90.5", "n": "100", "status": "final",
        "source": "survey", "locator": "s. 4",
    }  # fmt: skip
    [file] = work(place, own).files
    assert (file.name, file.kind, file.taken) == ("tal-tryg-square-0104-2013.csv", "figures", True)
    status, page = send(dana, own, value="91")
    assert (status, "allerede skrevet i kladden" in page) == (422, True)
    home = f"/arbejdsrum/{own}"
    dana.post(f"{home}/ud", data={"csrf": token(dana.get(home)), "hvad": file.id})
    assert work(place, own).files == ()


def test_a_figure_that_is_shown_today_is_said_to_be_replaced(dana: FlaskClient, place: Workspace, own: str) -> None:
    page = text_of(parse(dana.get(f"/arbejdsrum/{own}").get_data(as_text=True)))
    assert "Erstatter" not in page
    assert send(dana, own, area="square/0101", period="2010", value="60", n="")[0] == 303
    [file] = work(place, own).files
    assert file.preview is not None
    assert file.preview.faults == ()
    [line] = file.preview.replaced
    assert line.startswith("tryg, square 0101, 2010: ")
    said = text_of(parse(dana.get(f"/arbejdsrum/{own}").get_data(as_text=True)))
    assert "Erstatter 1 tal, der vises i dag:" in said
    assert "→ 60." in said


def test_a_share_is_made_of_its_two_counts(dana: FlaskClient, place: Workspace, own: str) -> None:
    assert send(dana, own, value="", n="", numerator="87", denominator="96")[0] == 303
    [row] = rows(place, own)
    assert (row["value"], row["numerator"], row["denominator"]) == ("90.625", "87", "96")


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"value": ""}, ("value", "Der mangler et tal")),
        ({"value": "", "numerator": "3"}, ("denominator", "Skriv både tæller og nævner")),
        ({"value": "", "numerator": "3", "denominator": "0"}, ("denominator", "Nævneren skal være over nul")),
        ({"value": "1.234"}, ("value", "Tallet kan læses på to måder")),
        ({"value": "mange"}, ("value", "Det er ikke et tal")),
        ({"value": "=1+1"}, ("value", "Det er ikke et tal")),
        ({"period": "i går"}, ("period", "Perioden kan ikke læses")),
        ({"area": "square/9999"}, ("area", "Vælg en fra listen")),
        ({"area": "<script>"}, ("area", "Vælg en fra listen")),
        ({"source": "nix"}, ("source", "Vælg en fra listen")),
        ({"status": "demo"}, ("status", "Vælg en fra listen")),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    dana: FlaskClient, place: Workspace, own: str, more: dict[str, str], wrong: tuple[str, str]
) -> None:
    field, words = wrong
    status, text = send(dana, own, note="Min egen <b>note</b>", **more)
    assert status == 422
    page = parse(text)
    assert words in text_of(page)
    asked = page.find(f".//*[@id='{field}']")
    assert asked is not None
    assert asked.get("aria-invalid") == "true"
    note = page.find(".//input[@id='note']")
    assert note is not None
    assert note.get("value") == "Min egen <b>note</b>"
    assert draft_of(place, own).files == ()


def test_an_indicator_that_is_not_there_shows_the_choice_again(dana: FlaskClient, own: str) -> None:
    status, text = send(dana, own, indikator="nix")
    assert status == 422
    assert parse(text).find(".//select[@id='area']") is None
    english = dana.get(f"/en/arbejdsrum/{own}/tal?indikator=tryg").get_data(as_text=True)
    assert "Type a figure" in english
    assert parse(english).find(".//select[@id='area']/optgroup") is not None
