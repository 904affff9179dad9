"""Demo data behind one switch: off unless the address or the setting says otherwise, kept by every link, and nothing of them left."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from dataclasses import fields, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from flask.testing import FlaskClient

from geo.editions.edition import Edition
from geo.model.areas import Frozen
from geo.model.results import InputFile, Leftover, Overlap
from geo.model.vocabulary import Audience, Reason, Status, Verdict
from tests.readers import signed
from tests.readers.parsed import parse
from tests.towns import webtown
from webmap.app import create_app
from webmap.edition.demo import invented
from webmap.reviews.store import database
from webmap.settings import Settings
from webmap.settings.options import OPTIONS

PAGES = ("/", "/maal/4", "/maal/5", "/kort/", "/kort/tryg", "/omraader", "/omraade/square/0102", "/barometer", "/data", "/aendret", "/om")
OFFER, BAR, TAG = "Vis demodata", "Skjul demodata", '<span class="tag demo-mark">'


@pytest.fixture
def town(tmp_path: Path) -> Edition:
    return webtown.publish(tmp_path / "editions")


@pytest.fixture
def client(town: Edition) -> FlaskClient:
    """A stranger before a server that was told nothing of demo data."""
    return create_app(Settings(workspace=town.folder.parents[1], demo_shown=False)).test_client()


def own_links(page: str) -> list[str]:
    """Addresses of our own pages that a page leads to by links and by forms, without what says nothing of the figures."""
    places = [each.get("href") or each.get("action") or "" for each in parse(page).iter() if each.tag in {"a", "form"}]
    return [place for place in places if place.startswith("/") and "/static/" not in place]


# --- the default ------------------------------------------------------------------------------------------------------


def test_demo_data_are_off_unless_the_setting_says_otherwise() -> None:
    assert next(each.default for each in fields(Settings) if each.name == "demo_shown") is False
    assert next(each for each in OPTIONS if each.name == "demo_shown").read("no") is False
    assert next(each.default for each in OPTIONS if each.name == "demo_shown") == "no"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_nothing_of_them_is_shown_and_the_switch_is_offered(client: FlaskClient, page: str, language: str) -> None:
    text = client.get(f"{language}{page}").get_data(as_text=True)
    assert TAG not in text
    assert "/kort/uden" not in text.replace("/en/", "/")
    assert ("Show demo data" if language else OFFER) in text
    assert BAR not in text
    assert 'name="robots"' not in text


def test_a_page_that_is_about_them_says_so_and_offers_the_switch(client: FlaskClient) -> None:
    for page in ("/kort/uden", "/kort/uden?periode=2010", "/maal/4/uden"):
        answer = client.get(page)
        assert answer.status_code == 404
        assert "Siden handler om demodata" in answer.text
        assert client.get(next(each for each in own_links(answer.text) if "demo=1" in each)).status_code == 200
    assert "Siden handler om demodata" not in client.get("/kort/findes-ikke").text


def test_files_and_the_api_hold_no_row_of_them(client: FlaskClient, town: Edition) -> None:
    assert client.get(f"/udgave/{town.id}/hent/uden/square.csv").status_code == 404
    assert client.get(f"/udgave/{town.id}/tal/uden/square.json").status_code == 404
    assert client.get(f"/kilde/{town.id}/uden/square/0101/2010").status_code == 404
    assert client.get("/api/v1/observations?indicator=uden").status_code == 400
    for resource in ("observations.csv", "indicators.csv", "goals.json", "observations.geojson"):
        assert "uden" not in client.get(f"/api/v1/{resource}").get_data(as_text=True), resource
    assert "uden" in client.get("/api/v1/observations.csv?demo=1").get_data(as_text=True)
    assert client.get(f"/udgave/{town.id}/hent/uden/square.csv?demo=1").status_code == 200


def test_the_api_refuses_another_word(client: FlaskClient) -> None:
    answer = client.get("/api/v1/observations?demo=ja")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["expected"] == ["0", "1"]
    assert "demo" in client.get("/api/v1/").get_json()["resources"][0]["parameters"]


def test_another_word_on_a_page_is_as_none(client: FlaskClient) -> None:
    for word in ("ja", "", "2", "1&demo=0"):
        assert (BAR in client.get(f"/?demo={word}").text) is (word == "1&demo=0")


# --- switched on ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, "/kort/uden", "/maal/4/uden", "/find?q=Nord", "/kort/sammenlign", "/hotspots"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_link_and_form_keeps_the_switch(client: FlaskClient, page: str, language: str) -> None:
    address = f"{language}{page}"
    answer = client.get(f"{address}{'&' if '?' in address else '?'}demo=1", follow_redirects=True)
    assert answer.status_code == 200
    kept = [each for each in own_links(answer.text) if parse_qs(urlsplit(each).query).get("demo") != ["1"]]
    forms = [each.get("action", "") for each in parse(answer.text).iter("form") if each.find(".//input[@name='demo']") is not None]
    turned_off = {each.get("href") for each in parse(answer.text).iter("a") if each.text in {BAR, "Hide demo data"}}
    assert [each for each in kept if each not in turned_off and each not in forms] == []


def test_the_page_is_loud_and_kept_from_search_engines(client: FlaskClient) -> None:
    text = client.get("/kort/uden?demo=1").text
    assert "Demodata er slået til." in text
    assert 'name="robots" content="noindex"' in text
    off = next(each.get("href", "") for each in parse(text).iter("a") if each.text == BAR)
    assert client.get(off).status_code == 200, "it leads from a page that is about them to one that is not"
    assert parse_qs(urlsplit(off).query) == {}
    assert next(each.get("href") for each in parse(client.get("/maal/5?demo=1").text).iter("a") if each.text == BAR) == "/maal/5"


def test_the_two_states_are_two_answers_for_every_cache(client: FlaskClient, town: Edition) -> None:
    for page in ("/", "/maal/4", "/api/v1/observations.csv", f"/udgave/{town.id}/hent/tryg/square.csv"):
        off, on = client.get(page), client.get(f"{page}?demo=1")
        assert off.headers["ETag"] != on.headers["ETag"], page
        assert client.get(page, headers={"If-None-Match": on.headers["ETag"]}).status_code == 200
        assert client.get(page, headers={"If-None-Match": off.headers["ETag"]}).status_code == 304
        assert client.get(page).data == off.data, "the answer with demo data is not kept for the one without"


def test_what_changed_is_told_apart(client: FlaskClient, town: Edition) -> None:
    old = webtown.publish(town.folder.parent, as_of=dt.date(2021, 1, 1))
    page = f"/aendret?fra={town.id}&til={old.id}"
    on, off = client.get(f"{page}&demo=1"), client.get(page)
    assert (on.status_code, off.status_code) == (200, 200)
    assert "demo=1" in on.text
    assert [each for each in own_links(off.text) if "demo=1" in each] == [
        each.get("href") for each in parse(off.text).iter("a") if each.text == OFFER
    ]


# --- where the setting shows them -------------------------------------------------------------------------------------


def test_a_server_that_shows_them_is_switched_off_in_the_address(town: Edition) -> None:
    client = create_app(Settings(workspace=town.folder.parents[1], demo_shown=True)).test_client()
    assert BAR in client.get("/").text
    text = client.get("/?demo=0").text
    assert OFFER in text
    assert TAG not in text
    kept = [each for each in own_links(text) if parse_qs(urlsplit(each).query).get("demo") != ["0"]]
    turned_on = [each.get("href") for each in parse(text).iter("a") if each.text == OFFER]
    forms = [each.get("action", "") for each in parse(text).iter("form") if each.find(".//input[@name='demo']") is not None]
    assert {*kept} <= {*turned_on, *forms}


def test_an_edition_without_them_has_no_switch(tmp_path: Path) -> None:
    plain = webtown.catalogue()
    real = tuple(each for each in plain.indicators if not each.demo)
    goals = tuple(msgspec.structs.replace(goal, demo_indicators=()) for goal in plain.goals)
    rows = [row for row in webtown.ROWS if row["indicator"] != "uden"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(webtown, "ROWS", rows)
        patched.setattr(webtown, "JUDGEMENTS", tuple(each for each in webtown.JUDGEMENTS if not each.demo))
        patched.setattr(webtown, "REDRAWS", webtown.REDRAWS[:1])
        read = webtown.publish(tmp_path / "editions", known=msgspec.structs.replace(plain, indicators=real, goals=goals))
    assert invented.without(read, invented.inside(read)) is read
    client = create_app(Settings(workspace=tmp_path, demo_shown=False)).test_client()
    for page in ("/", "/kort/", "/maal/4", "/omraade/square/0102"):
        text = client.get(f"{page}?demo=1").text
        assert OFFER not in text
        assert BAR not in text
        said = [each for each in own_links(text) if "demo=" in each]
        assert all("udgave=" in each or each.startswith("/en/") for each in said), "but in the address that the reader has chosen"


# --- rooms of those who work with an edition --------------------------------------------------------------------------


def test_a_room_that_signs_reads_the_whole_edition_whatever_the_switch_says(town: Edition) -> None:
    given = Settings(workspace=town.folder.parents[1], demo_shown=False)
    (given.workspace / "reviews").mkdir()
    database.upgrade(given.reviews_address)
    client = signed.sign_in(create_app(given), signed.Role.STAFF, audience=Audience.STAFF)
    answers = [client.get(f"/gennemgang{query}") for query in ("", "?demo=0", "?demo=1")]
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert all(OFFER not in each.text and BAR not in each.text for each in answers)


def test_who_has_signed_in_follows_the_same_switch(town: Edition) -> None:
    app = create_app(Settings(workspace=town.folder.parents[1], demo_shown=False))
    client = signed.sign_in(app, signed.Role.STAFF, audience=Audience.STAFF)
    for _ in range(2):  # the second answer is remembered
        assert client.get("/kort/uden").status_code == 404
        assert client.get("/kort/uden?demo=1").status_code == 200
        assert TAG not in client.get("/maal/4").text


# --- what is taken out ------------------------------------------------------------------------------------------------


def without(edition: Edition) -> Edition:
    return invented.without(edition, invented.inside(edition))


def test_real_rows_and_answers_stand_as_they_stood(town: Edition) -> None:
    real = without(town)
    kept = town.observations[town.observations["indicator"] == "tryg"].reset_index(drop=True)
    assert real.observations.equals(kept)
    assert real.judgements == tuple(each for each in town.judgements if not each.demo)
    assert real.breaks == town.breaks
    assert real.layers == town.layers
    assert real.id == town.id
    assert {each.id for each in town.catalogue.indicators} - {each.id for each in real.catalogue.indicators} == {"uden"}
    assert not any(goal.demo_indicators for goal in real.catalogue.goals)
    assert [each.indicator for each in real.redraws] == ["tryg"]


def test_a_verdict_and_classes_that_rest_on_invented_rows_among_real_ones_do_not_stand(town: Edition) -> None:
    table = town.observations.copy()
    table.loc[(table["indicator"] == "tryg") & (table["area_id"] == "0101") & (table["period"] == "2011"), "quality"] = "demo"
    real = without(replace(town, observations=table))
    assert len(real.observations) == int((table["indicator"] == "tryg").sum()) - int(
        ((table["indicator"] == "tryg") & (table["quality"] == "demo")).sum()
    )
    assert real.breaks == {}
    about_tryg = [each for each in real.judgements if each.indicator == "tryg"]
    assert {(each.verdict, each.reason, each.latest) for each in about_tryg} == {(Verdict.UNDECIDED, Reason.HIDDEN, None)}


def test_invented_outlines_residents_and_files_go_and_the_newest_day_is_that_of_the_others(town: Edition) -> None:
    kinds = tuple(
        msgspec.structs.replace(kind, frozen=Frozen(area_set="kommune", until=dt.date(2011, 1, 1), demo=True))
        if kind.id == "square"
        else kind
        for kind in town.catalogue.area_sets
    )
    table = town.observations.assign(file=town.observations["indicator"].map({"uden": "data/x/made.csv", "tryg": "data/y/real.csv"}))
    files = (
        InputFile(path="data/x/made.csv", kind="observations", sha256="0", rows=1, retrieved=dt.date(2022, 1, 1)),
        InputFile(path="data/y/real.csv", kind="observations", sha256="0", rows=1, retrieved=dt.date(2020, 1, 1)),
        InputFile(path="boundaries/square/2010-01-01.geojson", kind="boundaries", sha256="0", rows=1, retrieved=dt.date(2022, 1, 1)),
    )
    left = (Leftover(join="by code", area_set="square", side="row", count=1), Leftover(join="code", area_set="", side="area", count=1))
    pair = Overlap(
        area_set="kommune", area_id="0101", other_set="nabo", other_id="1", percent_of_area=1.0, percent_of_other=2.0,
        percent_of_residents=5, percent_of_other_residents=6, residents_status=Status.DEMO.value,
    )  # fmt: skip
    given = replace(
        town,
        catalogue=msgspec.structs.replace(town.catalogue, area_sets=kinds),
        observations=table,
        overlaps=(*town.overlaps, pair),
        manifest=msgspec.structs.replace(town.manifest, inputs=files, leftovers=left),
    )
    real = without(given)
    assert "square" not in real.layers
    assert "square" not in {kind.id for kind in real.catalogue.area_sets}
    assert {*real.observations["area_set"]} == {"kommune"}
    assert [(each.other_set, each.percent_of_other, each.percent_of_residents, each.residents_status) for each in real.overlaps] == [
        ("nabo", 2.0, None, "")
    ]
    assert [each.path for each in real.manifest.inputs] == ["data/y/real.csv"]
    assert real.manifest.as_of == dt.date(2020, 1, 1)
    assert len(real.manifest.leftovers) == 1


def test_every_part_of_an_edition_is_thought_of() -> None:
    """A new field of an edition is looked at, or is one of those that hold nothing that can be invented."""
    said = inspect.getsource(invented.without)
    same = {"id", "audience", "folder"}
    assert [each.name for each in fields(Edition) if each.name not in same and not re.search(rf"\b{each.name}=", said)] == []
