"""Every figure of a page, a download and the API leads to where it came from; what is there is text, and nothing of a hidden figure."""

from __future__ import annotations

import csv
import io
import re

import msgspec
import pytest
from flask.testing import FlaskClient

from geo.editions import edition
from geo.editions.edition import Edition
from geo.editions.trace import trace
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from tests.towns import maptown
from webmap.app import create_app
from webmap.edition import classes
from webmap.edition.reader import Reader
from webmap.edition.rows import Question
from webmap.figures import records
from webmap.maps.state import state
from webmap.settings import Settings


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The map town, which has a figure in every state."""
    return maptown.publish(tmp_path_factory.mktemp("maps") / "editions")


@pytest.fixture(scope="module")
def client(drawn: Edition) -> FlaskClient:
    return create_app(Settings(workspace=drawn.folder.parent.parent)).test_client()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_figure_of_a_map_leads_to_a_page(client: FlaskClient, drawn: Edition, prefix: str) -> None:
    for path in ("/kort/tryg?periode=2010", "/kort/tryg?periode=2011&omraade=0102", "/kort/uden", "/omraade/square/0102"):
        page = client.get(prefix + path).text
        links = re.findall(r'href="([^"]*/kilde/[^"]*)"', page)
        assert len(links) >= page.count('<tr role="row" data-key') > 0 or "/omraade/" in path
        assert links
        for link in set(links):
            assert link.startswith(f"{prefix}/kilde/{drawn.id}/")
            assert client.get(link).status_code == 200, link


def test_every_figure_that_a_verdict_rests_on_leads_to_a_page(built: Workspace) -> None:
    client = create_app(Settings(workspace=built.folder)).test_client()
    for path in ("/arbejdsmarked", "/maal/5", "/en/maal/4"):
        links = set(re.findall(r'href="([^"]*/kilde/[^"]*)"', client.get(path).text))
        assert links, path
        assert {client.get(link).status_code for link in links} == {200}, path


def test_a_figure_of_areas_taken_together_leads_to_the_figure_of_each(built: Workspace) -> None:
    client = create_app(Settings(workspace=built.folder)).test_client()
    page = client.get("/arbejdsmarked/demo_uden_arbejdsmarked").text
    readings = page[page.index("Målets to læsninger") : page.index("De samme tal")]
    found = set(re.findall(r'href="[^"]*/kilde/[^/]+/demo_uden_arbejdsmarked/udsat_boligomraade/([^/]+)/([^/"]+)"', readings))

    assert {period for _, period in found} == {"2007H1", "2010H2"}
    assert len({area for area, _ in found}) == 5  # those on the list before March 2008


def test_the_fingerprint_of_a_register_is_on_no_page(built: Workspace) -> None:
    manifest = edition.manifest(built.editions / edition.current(built.editions))
    registers = [file for file in manifest.inputs if file.kind == "register"]
    assert registers
    client = create_app(Settings(workspace=built.folder)).test_client()
    pages = client.get("/data").text
    assert registers[0].path in pages
    assert registers[0].sha256 not in pages
    assert next(file.sha256 for file in manifest.inputs if file.kind == "observations") in pages


def test_every_row_of_a_download_leads_to_a_page(client: FlaskClient, drawn: Edition) -> None:
    for address in (f"/udgave/{drawn.id}/hent/tryg/square.csv", "/api/v1/observations.csv"):
        rows = list(csv.DictReader(io.StringIO(client.get(address).text)))
        assert len(rows) >= 8
        assert {client.get(row["trace"]).status_code for row in rows} == {200}
    shapes = client.get(f"/udgave/{drawn.id}/hent/tryg/square.geojson?periode=2010").get_json()["features"]
    assert all(f"/kilde/{drawn.id}/" in shape["properties"]["trace"] for shape in shapes)


def test_the_address_of_a_download_is_that_of_the_page(client: FlaskClient, drawn: Edition) -> None:
    row = {"indicator": "tryg", "area_set": "square", "area_id": "0101", "period": "2010"}
    assert records.trace_path(drawn.id, row, "en") in client.get("/en/kort/tryg?periode=2010").text


def test_the_page_of_a_hidden_figure_gives_the_rule_and_no_number_of_it(client: FlaskClient, drawn: Edition) -> None:
    page = client.get(f"/kilde/{drawn.id}/tryg/square/0103/2010").text
    assert "skjult for at beskytte enkeltpersoner" in page
    assert "om selve tallet siges der intet" in page
    assert 'class="big"' not in page


def test_names_and_places_from_outside_are_text_on_the_page(client: FlaskClient, drawn: Edition) -> None:
    page = client.get(f"/kilde/{drawn.id}/tryg/square/0104/2011").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "javascript:" not in page


@pytest.mark.parametrize("path", ["tryg/square/9999/2010", "tryg/vand/so/2010", "nope/square/0101/2010", "tryg/square/0101/2099"])
def test_what_has_no_figure_has_no_page(client: FlaskClient, drawn: Edition, path: str) -> None:
    assert client.get(f"/kilde/{drawn.id}/{path}").status_code == 404


def test_an_edition_that_is_not_here_is_gone(client: FlaskClient) -> None:
    assert client.get("/kilde/0000/tryg/square/0101/2010").status_code == 410


def test_the_api_says_the_same_as_the_model(client: FlaskClient, drawn: Edition) -> None:
    answer = client.get("/api/v1/trace?indicator=tryg&area_set=square&area_id=0102&period=2010").get_json()
    assert answer["trace"] == msgspec.json.decode(msgspec.json.encode(trace(drawn, "tryg", "square", "0102", "2010")))
    assert client.get(answer["page"]).status_code == 200


def test_map_table_legend_and_api_tell_of_the_same_classes_and_the_same_doubt(built: Workspace) -> None:
    read = edition.read(built.editions, edition.current(built.editions), Audience.PUBLIC)
    indicators = {one.id: one for one in read.catalogue.indicators}
    tried = 0
    for (name, area_set, period), rows in read.observations.groupby(["indicator", "area_set", "period"]):
        if not name.startswith(("tryg", "demo_tryg", "demo_tilbud_dag", "anmeldelser")):
            continue
        now = state(Question(Reader(read, "da"), indicators[name], area_set), period)
        found = {one["area_id"]: one for one in records.records(Reader(read, "da"), rows)}
        assert now.tally.uncertain == sum(one["class_low"] != one["class_high"] for one in found.values())
        edges = read.breaks[name].edges if classes.breaks_of(read, name, area_set) else ()
        for row in now.rows:
            number = found[row.area_id]["class"]
            wanted = classes.class_look(number - 1, len(edges) + 1) if number else row.look.split()[0]
            assert row.look.split()[0] == wanted
            assert bool(row.doubt) == (len(row.look.split()) > 1)
            tried += 1
        assert [int(key.count.split()[0]) for key in now.classes] == [
            sum(row.look.split()[0] == key.look for row in now.rows) for key in now.classes
        ]
    assert tried > 100


def test_class_and_its_doubt_are_those_of_the_map(client: FlaskClient, drawn: Edition) -> None:
    breaks = client.get("/api/v1/breaks?indicator=tryg").get_json()["breaks"][0]
    assert breaks["edges"] == list(drawn.breaks["tryg"].edges)
    found = client.get("/api/v1/observations?indicator=tryg&area_set=square&period=2010").get_json()["observations"]
    classes = {one["area_id"]: (one["class"], one["class_low"], one["class_high"]) for one in found}
    assert classes == {"0101": (3, 3, 3), "0102": (2, 1, 2), "0103": (None, None, None), "0104": (None, None, None)}
