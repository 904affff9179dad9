"""What is said of the doubt on the pages of the embedded data: whose design effect it is, and that an unstated doubt is not known."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from geo.files.workspace import Workspace
from tests.readers import parsed
from webmap.app import create_app
from webmap.settings import Settings

CHOSEN = {"": "Vores valg, 1,5: kilden oplyser ikke, hvordan svarene er vejet.", "/en": "Our choice, 1.5: the source does not say how"}


@pytest.fixture(scope="module")
def client(built: Workspace) -> FlaskClient:
    return create_app(Settings(workspace=built.folder)).test_client()


def words(client: FlaskClient, address: str) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return parsed.words(parsed.parse(answer.text))


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    "address",
    ["/kort/tryg_nabolag", "/kort/utryg_aften", "/data", "/kort/sammenlign?inddeling=tryghedsdistrikt&a=tryg_nabolag&b=tryg_aften"],
)
def test_the_design_effect_is_said_to_be_our_choice(client: FlaskClient, language: str, address: str) -> None:
    assert CHOSEN[language] in words(client, language + address)


def test_a_map_of_a_register_says_nothing_of_a_design(client: FlaskClient) -> None:
    assert CHOSEN[""] not in words(client, "/kort/demo_uden_arbejdsmarked")


def test_the_labour_goal_is_undecided_by_both_readings_and_the_page_says_why(client: FlaskClient) -> None:
    said = words(client, "/arbejdsmarked")
    assert "kilden siger ikke, hvor sikkert tallet er" in said
    assert "Kan ikke afgøres" in said
    for value in ("42,1", "44,55", "39,5"):
        assert value in said


def test_the_sources_of_the_api_say_the_chosen_effect(client: FlaskClient) -> None:
    table = list(csv.DictReader(io.StringIO(client.get("/api/v1/sources.csv").text)))
    effects = {row["id"]: row["design_effect"] for row in table}
    assert (effects["kk-tryghed-2022"], effects["kk-002"], effects["demo-register"]) == ("1.5", "", "")
    listed = client.get("/api/v1/sources").get_json()["sources"]
    assert next(one for one in listed if one["id"] == "kk-tryghed-2022")["design_effect"]["value"] == 1.5
