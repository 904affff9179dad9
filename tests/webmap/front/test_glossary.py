"""The glossary: every word once, in order, in short sentences, and reached from every page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.readers.parsed import parse, words
from tests.towns import webtown
from webmap.app import create_app
from webmap.front import glossary
from webmap.settings import Settings

TEMPLATES = Path(glossary.__file__).parents[1] / "templates"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    made = tmp_path_factory.mktemp("words") / "var"
    webtown.publish(made / "editions")
    return create_app(Settings(workspace=made)).test_client()


@pytest.mark.parametrize(("language", "first", "last"), [("da", "Aflæst på øjemål", "Usikkert"), ("en", "Area plan", "Uncertain")])
def test_words_stand_in_the_order_of_the_alphabet_and_once(language: str, first: str, last: str) -> None:
    every = glossary.terms(language)
    names = [term.name.in_(language) for term in every]
    assert (names[0], names[-1]) == (first, last)
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert [name for name, times in Counter(term.id for term in every).items() if times > 1] == []


def test_sentences_are_short() -> None:
    sentences = [part for term in glossary.terms("da") for part in re.split(r"(?<=[.:?]) ", term.meaning.da)]
    assert [said for said in sentences if len(said.split()) > 25] == []


@pytest.mark.parametrize("path", ["/", "/om", "/omraader", "/barometer", "/maal/5", "/en/", "/en/maal/5"])
def test_every_page_leads_to_it_and_says_what_an_interval_means(client: FlaskClient, path: str) -> None:
    page = parse(client.get(path).get_data(as_text=True))
    prefix = "/en" if path.startswith("/en") else ""
    assert f"{prefix}/ordliste" in {link.get("href", "").partition("?")[0] for link in page.findall(".//footer//a")}
    (meaning,) = (div for div in page.iter("div") if div.get("id") == "interval-betyder")
    assert glossary.INTERVAL.in_("en" if prefix else "da") in words(meaning)


def test_every_place_in_it_that_a_template_names_is_there(client: FlaskClient) -> None:
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"glossary_page'\) \}\}#([\w-]+)", path.read_text(encoding="utf-8"))
    }
    ids = {div.get("id") for div in parse(client.get("/ordliste").get_data(as_text=True)).findall(".//dl/div")}
    assert named
    assert named <= ids


@pytest.mark.parametrize("path", ["/maal/5", "/kort/tryg?inddeling=square&periode=2010&omraade=0103", "/omraade/square/0103"])
def test_beside_an_interval_stands_a_mark_that_says_what_it_means(client: FlaskClient, path: str) -> None:
    page = parse(client.get(path).get_data(as_text=True))
    ids = {element.get("id") for element in page.iter()}
    marks = [button.get("popovertarget") for button in page.iter("button") if button.get("class") == "what"]
    assert marks
    assert {*marks} <= ids
