"""Who publishes the pages, where questions go, and the accessibility statement: by the settings, else that this is a demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo.errors import GeoError
from tests.towns import webtown
from tests.towns.maptown import HOSTILE
from webmap.app import create_app
from webmap.settings import PREFIX, Settings, read

STATEMENT = "https://www.was.digst.dk/omraadekort"


def client(folder: Path, **chosen: Any) -> FlaskClient:
    webtown.publish(folder / "editions")
    return create_app(Settings(workspace=folder, **chosen)).test_client()


@pytest.mark.parametrize("path", ["/", "/maal/5", "/maal/5/udskrift", "/omraade/square/0102/udskrift", "/om", "/nix"])
def test_without_settings_every_page_says_that_it_is_a_demonstration(tmp_path: Path, path: str) -> None:
    reader = client(tmp_path)
    assert "Områdekort er en demonstration og ikke Københavns Kommunes egen side." in reader.get(path).text
    assert "not a site of the City of Copenhagen" in reader.get(f"/en{path}").text


def test_the_front_page_says_what_it_is_for_before_its_questions(tmp_path: Path) -> None:
    page = client(tmp_path).get("/").text
    assert page.index("Her kan alle følge") < page.index('class="cards"')


def test_a_sender_and_a_contact_are_text(tmp_path: Path) -> None:
    reader = client(tmp_path, sender_name="Københavns Kommune", contact=HOSTILE)
    page = reader.get("/").text
    assert "Områdekort udgives af Københavns Kommune." in page
    assert "Kontakt: &lt;img" in page
    assert HOSTILE not in page
    assert "demonstration" not in page
    assert "Der er ikke oplyst en kontakt." in client(tmp_path / "b", sender_name="X").get("/").text


def test_the_statement_is_found_at_its_own_address_and_in_the_footer(tmp_path: Path) -> None:
    reader = client(tmp_path, accessibility_url=STATEMENT)
    assert reader.get("/was").location == STATEMENT
    assert f'<a href="{STATEMENT}">Tilgængelighedserklæring</a>' in reader.get("/om").text
    ours = client(tmp_path / "b")
    assert (ours.get("/was").location, ours.get("/en/was").location) == ("/tilgaengelighed", "/en/tilgaengelighed")
    assert "Tilgængelighedserklæring" not in ours.get("/om").text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("accessibility_url", "javascript:alert(1)"),
        ("accessibility_url", "http://was.dk"),
        ("accessibility_url", "https://"),
        ("accessibility_url", 'https://was.dk/"x'),
        ("sender_name", "a\nb"),
        ("contact", "x" * 201),
    ],
)
def test_what_is_no_address_and_no_line_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(GeoError, match="cannot be read"):
        read({f"{PREFIX}WORKSPACE": str(tmp_path), PREFIX + name.upper(): text})


def test_a_line_and_an_address_are_read(tmp_path: Path) -> None:
    given = {"SENDER_NAME": " Københavns  Kommune ", "CONTACT": "33 66 33 66", "ACCESSIBILITY_URL": STATEMENT}
    chosen = read({f"{PREFIX}WORKSPACE": str(tmp_path), **{PREFIX + name: text for name, text in given.items()}})
    assert (chosen.sender_name, chosen.contact, chosen.accessibility_url) == ("Københavns Kommune", "33 66 33 66", STATEMENT)
