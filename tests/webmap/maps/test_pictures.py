"""Pictures to take away: they stand alone, say all that a page says, hide what it hides, and are the same as PNG."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from geo.files.workspace import Workspace
from tests.towns import maptown
from tests.towns.maptown import HOSTILE
from webmap.app import create_app
from webmap.charts import looks
from webmap.edition import classes
from webmap.maps import against
from webmap.settings import Settings

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    maptown.publish(folder / "editions", rows=maptown.COMPARED_ROWS)
    return folder


@pytest.fixture(scope="module")
def client(workspace: Path) -> FlaskClient:
    return create_app(Settings(workspace=workspace)).test_client()


@pytest.fixture(scope="module")
def edition(client: FlaskClient) -> str:
    return re.findall(r"/udgave/([0-9a-f]{16})/", client.get("/kort/tryg").get_data(as_text=True))[0]


def pictured(client: FlaskClient, address: str) -> tuple[str, str]:
    """A picture, and all its words. Fails where it is no XML."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.mimetype == "image/svg+xml"
    text = answer.get_data(as_text=True)
    top = ElementTree.fromstring(text)  # noqa: S314 - our own answer
    return text, " ".join("".join(part.itertext()) for part in top.iter(f"{SVG}text")).replace("\xa0", " ")


ADDRESSES = (
    "billede/tryg/square.svg?periode=2010",
    "billede/tryg/square.svg?periode=2010&farver=klasser",
    "billede/tryg/kommune.svg",
    "billede/uden/square.svg",
    "kurve/tryg/square/0101.svg",
    "fordeling/tryg/square.svg?periode=2010&omraade=0101",
)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_picture_stands_alone(client: FlaskClient, edition: str, address: str, language: str) -> None:
    text, words = pictured(client, f"{language}/udgave/{edition}/{address}")
    assert edition in words
    assert ("Source: " if language else "Kilde: ") in words
    assert "var(" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    drawn = {name for names in re.findall(r'class="([^"]*)"', text) for name in names.split()}
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)[0]
    known = drawn & {*classes.LOOKS, *against.LOOKS} - {classes.UNKNOWN, classes.UNCERTAIN}
    assert all(re.search(rf"\.{name}\b[^{{]*\{{[^}}]*fill:", style) for name in known)
    used = set(re.findall(r"url\(#([\w-]+)\)", style))
    assert used <= set(re.findall(r'<pattern id="([\w-]+)"', text))


def test_a_map_says_what_the_page_says(client: FlaskClient, edition: str) -> None:
    _, words = pictured(client, f"/udgave/{edition}/billede/tryg/square.svg?periode=2010")
    assert "I 2010 ligger 1 af 2 områder sikkert under byens 65 %, og 1 sikkert over." in words
    assert "sikkert under byens 65 % · 1 område" in words
    assert "skjult for at beskytte enkeltpersoner · 1" in words
    _, valued = pictured(client, f"/udgave/{edition}/billede/tryg/square.svg?periode=2010&farver=klasser")
    assert "50 – under 70 · 1 område" in valued


def test_made_up_figures_say_so_in_the_picture_and_its_name(client: FlaskClient, edition: str) -> None:
    answer = client.get(f"/udgave/{edition}/billede/uden/square.svg")
    assert "Demodata" in answer.get_data(as_text=True)
    assert "demodata_" in answer.headers["Content-Disposition"]
    assert "Demodata" not in client.get(f"/udgave/{edition}/billede/tryg/square.svg").get_data(as_text=True)


def test_what_people_typed_is_text(client: FlaskClient, edition: str) -> None:
    text, words = pictured(client, f"/udgave/{edition}/billede/tryg/square.svg")
    assert HOSTILE in words or HOSTILE[:20] in words
    assert "<img" not in text
    assert "<script" not in text


@pytest.mark.parametrize(
    "address", ["billede/tryg/square.png?periode=2010", "kurve/tryg/square/0101.png", "fordeling/tryg/square.png?periode=2010"]
)
def test_the_same_picture_as_png(client: FlaskClient, edition: str, address: str) -> None:
    answer = client.get(f"/udgave/{edition}/{address}")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "address",
    [
        "billede/tryg/square.gif", "billede/nothing/square.svg", "billede/tryg/nowhere.svg", "kurve/tryg/square/9999.svg",
        "kurve/uden/square/0101.svg", "fordeling/tryg/kommune.svg",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_found(client: FlaskClient, edition: str, address: str) -> None:
    assert client.get(f"/udgave/{edition}/{address}").status_code == 404


def test_pages_offer_their_pictures(client: FlaskClient) -> None:
    text = client.get("/kort/tryg?periode=2010&farver=klasser&omraade=0101").get_data(as_text=True).replace("&amp;", "&")
    assert re.search(r"/billede/tryg/square\.svg\?(?=[^\"]*periode=2010)(?=[^\"]*farver=klasser)", text)
    assert "/kurve/tryg/square/0101.png" in text
    assert "/kurve/tryg/square/0101.svg" in client.get("/omraade/square/0101").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/kort/tryg_aften?omraade=valby", "/omraade/tryghedsdistrikt/valby", "/kort/tryg_nabolag?omraade=valby"])
def test_every_picture_that_is_offered_is_there(built: Workspace, path: str) -> None:
    """Also where an area has figures of one period, and the city of several: that makes no curve."""
    client = create_app(Settings(workspace=built.folder)).test_client()
    offered = re.findall(r'"([^"]+\.(?:svg|png)[^"]*)" download', client.get(path).text.replace("&amp;", "&"))
    assert offered
    assert [link for link in offered if client.get(link).status_code != 200] == []


def test_every_colour_of_a_picture_is_the_style_sheets() -> None:
    style = looks.style_of('<svg class="mini"><path class="omraade moerk"/><path class="omraade skjult"/></svg>')
    assert ".moerk { fill: #0c5561 }" in style
    assert ".mini .omraade.skjult { fill: url(#mini-prikker) }" in style
    assert "@media" not in style
    assert ".board" not in style
