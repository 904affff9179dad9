"""`/find`: an address, a place or a point to the areas it lies in, now and before; suggestions; text that stays text."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from geo.files.workspace import Workspace
from geo.spatial import lookup
from tests.readers.parsed import all_of, parse
from tests.readers.parsed import words as text_of
from tests.towns import placetown, webtown
from tests.towns.maptown import HOSTILE
from webmap.app import create_app
from webmap.areas import find
from webmap.settings import Settings

X, Y = placetown.X, placetown.Y


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("places")
    placetown.publish(folder / "editions")
    return create_app(Settings(workspace=folder)).test_client()


def asked(client: FlaskClient, text: str, prefix: str = "") -> str:
    answer = client.get(f"{prefix}/find", query_string={"q": text})
    assert answer.status_code == 200
    return text_of(parse(answer.get_data(as_text=True)).find(".//main"))


def rows(client: FlaskClient, text: str) -> list[list[str]]:
    page = parse(client.get("/find", query_string={"q": text}).get_data(as_text=True))
    return [[text_of(cell) for cell in row] for row in page.findall(".//table//tbody/tr")]


def test_an_address_lies_in_an_area_now_and_in_another_before(client: FlaskClient) -> None:
    ((_, now, before),) = rows(client, "Østre Skrænt 45, 2200")
    assert now == "Sydvest (grænse fra 1. januar 2020)"
    assert before == "Gammel Vest (grænse fra 1. januar 2010 til 31. december 2019)"


def test_only_the_boundary_that_is_drawn_has_a_page(client: FlaskClient) -> None:
    page = parse(client.get("/find", query_string={"q": "Østre Skrænt 45, 2200"}).get_data(as_text=True))
    assert [link.get("href") for link in page.findall(".//table//a")] == ["/omraade/square/0101"]


def test_a_rough_point_says_so_and_names_the_neighbour(client: FlaskClient) -> None:
    ((_, now, _),) = rows(client, "Sankt Hans Torv")
    assert now.startswith("Sydvest")
    assert "Kan også ligge i" in now
    assert "Sydøst" in now
    assert "inden for 60 meter" in asked(client, "Sankt Hans Torv")
    assert "within 60 metres" in asked(client, "Sankt Hans Torv", "/en")


def test_a_number_on_a_place_is_answered_for_the_place_and_says_so(client: FlaskClient) -> None:
    assert "svaret gælder stedet som helhed" in asked(client, "Sankt Hans Torv 3")


def test_a_street_asks_for_the_number(client: FlaskClient) -> None:
    said = asked(client, "Østre Skrænt, 2200")
    assert "Vælg et husnummer" in said
    page = parse(client.get("/find", query_string={"q": "Østre Skrænt 99, 2200"}).get_data(as_text=True))
    assert "Nummer 99 står ikke i listen" in text_of(page)
    houses = [link.attrib["href"] for link in page.findall(".//ul[@class='skip-link houses']//a")]
    assert len(houses) == 6
    for address in houses:
        assert "Sydvest" in text_of(parse(client.get(address).get_data(as_text=True)))


@pytest.mark.parametrize("text", ["720500, 6170500", "6170500 720500", "720500.0;6170500.0", "720500,0 6170500,0"])
def test_a_point_in_metres(client: FlaskClient, text: str) -> None:
    ((_, now, _),) = rows(client, text)
    assert now.startswith("Sydvest")


def test_a_point_in_degrees_either_way_round(client: FlaskClient) -> None:
    east, north = lookup.degrees(X + 500.0, Y + 500.0)
    for text in (
        f"{north:.6f}, {east:.6f}",
        f"{east:.6f} {north:.6f}",
        f"{north:.6f}° N, {east:.6f}° Ø",
        f"{north:.6f}".replace(".", ",") + f" {east:.6f}",
    ):
        ((_, now, _),) = rows(client, text)
        assert now.startswith("Sydvest"), text


def test_metres_and_degrees_are_each_others_inverse() -> None:
    assert lookup.metres(*lookup.degrees(X + 0.0, Y + 0.0)) == pytest.approx((X, Y), abs=1e-6)


@pytest.mark.parametrize("text", ["48.85, 2.35", "1 2", "999999999 1", "0,0"])
def test_two_numbers_elsewhere_are_told_apart(client: FlaskClient, text: str) -> None:
    assert "ikke et punkt i Danmark" in asked(client, text)


def test_a_point_outside_all_areas(client: FlaskClient) -> None:
    assert "ikke i noget af de områder" in asked(client, "600000, 6170000")


@pytest.mark.parametrize("text", ["zzzzzzz", "<b>zz</b>", "' OR 1=1 --", "%00", "../../etc/passwd"])
def test_nothing_found_is_said(client: FlaskClient, text: str) -> None:
    assert "Vi fandt intet, der passer til" in asked(client, text)


def test_a_name_of_one_area_alone_goes_there_and_a_slip_is_offered(client: FlaskClient) -> None:
    assert client.get("/find?q=sydoest").headers["Location"] == "/omraade/square/0102"
    assert "Mente du" in asked(client, "Østre Skrent")


@pytest.mark.parametrize("text", ["Sydvset", "Sydvets", "sydvesst"])
def test_an_area_whose_name_is_mistyped_is_offered_and_never_for_a_place_that_is_written_right(client: FlaskClient, text: str) -> None:
    assert "Sydvest" in asked(client, text)
    offered = client.get("/find/forslag", query_string={"q": text}).get_json()
    assert [offer["ord"] for offer in offered if offer["url"].startswith("/omraade/")] == ["Sydvest"]
    for right in ("Sankt Hans Torv", "Østre Skrænt"):
        assert not [offer for offer in client.get("/find/forslag", query_string={"q": right}).get_json() if "/omraade/" in offer["url"]]


def test_hostile_names_are_text_in_the_page_and_in_the_suggestions(client: FlaskClient) -> None:
    page = parse(client.get("/find", query_string={"q": HOSTILE}).get_data(as_text=True))
    assert HOSTILE in "".join(page.find(".//h1").itertext())
    assert not [*page.iter("img")]
    offers = client.get("/find/forslag", query_string={"q": "img src"})
    assert offers.mimetype == "application/json"
    assert HOSTILE in {one["ord"] for one in offers.get_json()}


def test_an_area_is_found_with_its_danish_letters_written_out_or_left_out(client: FlaskClient) -> None:
    for text in ("sydøst", "sydoest", "SYDOST"):
        assert client.get("/find", query_string={"q": text}).headers["Location"] == "/omraade/square/0102", text
    assert "Vi fandt intet" in asked(client, "?!")


def test_suggestions_lead_where_they_say(client: FlaskClient) -> None:
    offers = client.get("/find/forslag", query_string={"q": "s"}).get_json()
    assert offers == []
    offers = client.get("/find/forslag", query_string={"q": "sy"}).get_json()
    assert [one["url"] for one in offers if one["ord"] == "Sydøst"] == ["/omraade/square/0102"]
    offers = client.get("/en/find/forslag", query_string={"q": "sankt"}).get_json()
    assert offers == [{"ord": "Sankt Hans Torv", "slags": "square", "url": "/en/find?q=Sankt+Hans+Torv"}]
    assert client.get(offers[0]["url"]).status_code == 200


def test_an_old_edition_without_lists_still_finds_areas(tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions")
    old = create_app(Settings(workspace=tmp_path)).test_client()
    assert old.get("/find?q=sydoest").headers["Location"] == "/omraade/square/0102"
    assert "Vi fandt intet" in asked(old, "Sankt Hans Torv")
    assert "ikke i noget af de områder" in asked(old, "720500, 6170500")


def test_a_pinned_edition_is_kept_on_the_way(client: FlaskClient) -> None:
    edition = client.get("/healthz").get_json()["edition"]
    page = parse(client.get("/find", query_string={"q": "Sankt Hans Torv", "udgave": edition}).get_data(as_text=True))
    assert all(f"udgave={edition}" in link.get("href", "") for link in page.findall(".//table//a"))
    assert edition in all_of(page, "value")


def test_a_real_edition_answers_in_well_under_five_milliseconds(built: Workspace) -> None:
    known = lookup.read((built.editions / (built.editions / "current").read_text().strip() / "lookup.npz").read_bytes())
    took = []
    for step in range(60):
        start = time.perf_counter()
        found = lookup.areas_at(known, 720_000.0 + 100 * step, 6_177_000.0)
        took.append(time.perf_counter() - start)
        assert len({(place.area_set, place.valid_from) for place in found if place.area_set == "bydel"}) <= 1
    assert np.median(took) < 0.005


def test_a_square_that_everybody_knows(built: Workspace) -> None:
    client = create_app(Settings(workspace=built.folder)).test_client()
    said = asked(client, "Blågårds Plads")
    assert "Indre Nørrebro" in said
    assert "Ligger ikke i" in said
    assert find.coordinates("55.6867, 12.5572") is not None
