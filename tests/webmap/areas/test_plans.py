"""The page of one helhedsplan: what is known with its delay, what nobody says, and the way there from the list and from the area."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from geo.files.workspace import Workspace
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from tests.towns import webtown
from webmap.app import create_app
from webmap.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("plans") / "var"
    webtown.publish(folder / "editions")
    return create_app(Settings(workspace=folder)).test_client()


def test_what_is_known_of_a_plan_stands_on_its_page(client: FlaskClient) -> None:
    said = text_of(parse(client.get("/helhedsplaner/p").get_data(as_text=True)))
    assert "5.000.000 kr." in said
    assert "60 dage fra godkendelse til begyndelse" in said  # 1 January to 2 March 2010
    assert "1.000.000 kr. · 900 timer" in said
    assert "250.000 kr." in said
    assert "Står ikke i kilderne" not in said


def test_what_nobody_says_is_named_and_is_not_zero(built: Workspace) -> None:
    bare = create_app(Settings(workspace=built.folder)).test_client()
    said = text_of(parse(bare.get("/helhedsplaner/forandring-bispeparken").get_data(as_text=True)))
    assert "Står ikke i kilderne: Boligorganisation, Bevilling" in said
    assert "0 kr." not in said


def test_the_list_and_the_area_lead_to_it(client: FlaskClient) -> None:
    assert 'href="/helhedsplaner/p"' in client.get("/helhedsplaner").get_data(as_text=True)
    assert 'href="/helhedsplaner/p"' in client.get("/omraade/square/0102").get_data(as_text=True)
    assert client.get("/helhedsplaner/nix").status_code == 404
