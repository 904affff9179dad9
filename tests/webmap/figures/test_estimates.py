"""An apportioned figure says so wherever it stands: on the map, the area's page and the trace, with its ends and its parts in words."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from geo import pipeline
from tests.towns import apportionedtown
from webmap.app import create_app
from webmap.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    made = apportionedtown.town(tmp_path_factory.mktemp("toy") / "var")
    pipeline.build(made)
    return create_app(Settings(workspace=made.folder)).test_client()


def words(client: FlaskClient, path: str) -> str:
    """A page as one line of text."""
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


def test_the_map_and_its_table_say_that_a_figure_is_estimated(client: FlaskClient) -> None:
    page = words(client, "/kort/beboere?inddeling=patch&periode=2010")
    assert re.search(r"Midt 250 0–1\.000 .*skønnet", page)
    assert "skønnet ud fra tal for andre områder; mindst og højst, hvordan folk end bor i dem" in page
    assert "estimated" in words(client, "/en/kort/beboere?inddeling=patch&periode=2010")


def test_the_area_page_says_between_what_it_lies(client: FlaskClient) -> None:
    page = words(client, "/omraade/patch/midt")
    assert "Tallet er skønnet ud fra tal for andre områder. Det er mindst 0 pct. og højst 1.000 pct., hvordan folk end bor i dem." in page
    assert "20 % (0–100 %)" in page.replace("\u00a0", " ")
    assert "skønnet · Kilde" in page
    assert "The figure is estimated from figures for other areas." in words(client, "/en/omraade/patch/midt")
    assert "skønnet" not in words(client, "/omraade/square/0101")


def test_the_trace_names_weight_figure_and_row_of_every_part(client: FlaskClient) -> None:
    link = re.search(r'href="(/kilde/[^"]*/fattig/patch/[^"]*)"', client.get("/omraade/patch/midt").text)
    assert link
    page = words(client, link[1]).replace("\u00a0", " ")
    assert "Tallet er skønnet ud fra tal for andre områder. Det er mindst 0 % og højst 100 %, hvordan folk end bor i dem." in page
    assert "Fordelt efter areal, som om folk bor jævnt fordelt" in page
    assert "Nordøst 25,00 % af 30 %, Survey, data/survey/2020-01-01/survey.csv, række 16" in page
    assert "Status skønnet" in page
    assert "ingen fil har en række" not in page
