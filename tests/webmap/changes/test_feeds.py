"""The feeds of the city, an indicator and an area, read by a reader of feeds; and what pages say of the newest change."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask.testing import FlaskClient

from geo.editions import edition
from geo.editions.edition import Edition
from tests.readers.parsed import links, parse, words
from tests.readers.signed import staff
from tests.towns import newstown
from webmap.app import create_app
from webmap.changes import comparing
from webmap.settings import Settings

Three = tuple[Edition, Edition, Edition]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feeds") / "var"


@pytest.fixture(scope="module")
def three(folder: Path) -> Three:
    return newstown.publish_all(folder / "editions")


@pytest.fixture
def client(folder: Path, three: Three) -> FlaskClient:
    edition.point(folder / "editions", three[2].id)
    return create_app(Settings(workspace=folder)).test_client()


def read(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    made = feedparser.parse(answer.data, sanitize_html=False)
    assert (made.bozo, made.version) == (False, "atom10")
    return made


# --- the feed ---------------------------------------------------------------------------------------------------------


def test_every_edition_in_which_something_changed_is_an_entry_the_newest_first(client: FlaskClient) -> None:
    made = read(client, "/aendret.atom")
    assert [each.title for each in made.entries] == [
        "Tal hentet senest 1. januar 2021: 1 tal er rettet, 1 er væk, 1 er skjult nu.",
        "Tal hentet senest 1. juli 2020: 2 tal er nye, 1 er rettet.",
    ]
    assert [each.updated for each in made.entries] == ["2021-01-01T12:00:00+00:00", "2020-07-01T12:00:00+00:00"]
    assert (made.feed.title, made.feed.updated) == ("Områdekort: hvad er ændret", "2021-01-01T12:00:00+00:00")


def test_it_is_in_the_language_of_its_address(client: FlaskClient) -> None:
    made = read(client, "/en/aendret.atom")
    assert made.feed.language == "en"
    assert made.entries[1].title == "Figures last retrieved on 1 July 2020: 2 figures are new, 1 is revised."
    assert "new figures for first half of 2012" in made.entries[1].summary


def test_an_entry_says_what_changed_in_plain_words(client: FlaskClient) -> None:
    newest = read(client, "/aendret.atom").entries[0].summary
    for line in (
        "<li>Tryg: 1 tal er væk, 1 er skjult nu</li>",
        "<li>Svaret er blevet et andet: Er M5 nået? (1 område)</li>",
        "<li>Helhedsplanen Ny &amp; &lt;b&gt;god&lt;/b&gt; er kommet til (Sydøst)</li>",
        "<li>Hotspottet Sydøst er ændret: slutter: ikke angivet → 1. januar 2012</li>",
    ):
        assert line in newest


@pytest.mark.parametrize("path", ["/aendret.atom", "/kort/tryg.atom", "/omraade/square/0104.atom", "/en/omraade/square/0102.atom"])
def test_it_has_all_that_atom_asks_for(client: FlaskClient, path: str) -> None:
    """RFC 4287: id, title, updated and author of the feed, a link to itself; id, title, updated and a link of each entry; ids differ."""
    top = ET.fromstring(client.get(path).data)  # noqa: S314 - our own
    assert top.tag == f"{ATOM}feed"
    entries = top.findall(f"{ATOM}entry")
    for part in (top, *entries):
        for name in ("id", "title", "updated"):
            assert part.findtext(f"{ATOM}{name}"), name
        assert part.find(f"{ATOM}link[@rel='alternate']") is not None
    assert top.findtext(f"{ATOM}author/{ATOM}name") == "Områdekort"
    own = top.find(f"{ATOM}link[@rel='self']")
    assert own is not None
    assert own.attrib["href"] == f"http://localhost{path}"
    assert len({part.findtext(f"{ATOM}id") for part in (top, *entries)}) == len(entries) + 1


def test_links_lead_to_what_changed_for_the_subject(client: FlaskClient, three: Three) -> None:
    for path, asked in (
        ("/aendret.atom", ""),
        ("/kort/tryg.atom", "&indikator=tryg"),
        ("/omraade/square/0104.atom", "&inddeling=square&omraade=0104"),
    ):
        link = read(client, path).entries[-1].link
        assert link == f"http://localhost/aendret?fra={three[0].id}&til={three[1].id}{asked}"
        assert client.get(link.removeprefix("http://localhost")).status_code == 200


def test_a_subject_has_the_entries_that_are_about_it(client: FlaskClient) -> None:
    assert [each.updated[:10] for each in read(client, "/kort/uden.atom").entries] == ["2021-01-01"]
    assert [each.updated[:10] for each in read(client, "/omraade/square/0101.atom").entries] == ["2021-01-01", "2020-07-01"]
    of_area = read(client, "/omraade/square/0102.atom").entries[0]
    assert of_area.title.endswith("1 tal er skjult nu.")
    assert "Helhedsplanen" in of_area.summary
    assert "Uden" not in of_area.summary


def test_ids_stay_when_another_edition_comes(tmp_path: Path) -> None:
    newstown.publish(tmp_path / "editions", 0)
    newstown.publish(tmp_path / "editions", 1)
    client = create_app(Settings(workspace=tmp_path)).test_client()
    before = read(client, "/aendret.atom")
    newstown.publish(tmp_path / "editions", 2)
    after = read(client, "/aendret.atom")
    assert before.feed.id == after.feed.id
    assert [each.id for each in after.entries][1:] == [each.id for each in before.entries]
    assert before.entries[0].id.startswith("urn:uuid:")


def test_it_ends_with_the_edition_that_is_shown(client: FlaskClient, folder: Path, three: Three) -> None:
    edition.point(folder / "editions", three[1].id)
    assert [each.updated[:10] for each in read(client, "/aendret.atom").entries] == ["2020-07-01"]


def test_without_a_change_it_is_empty_and_still_a_feed(tmp_path: Path) -> None:
    newstown.publish(tmp_path / "editions", 0)
    client = create_app(Settings(workspace=tmp_path)).test_client()
    made = read(client, "/aendret.atom")
    assert (made.entries, made.feed.updated) == ([], "2020-01-01T12:00:00+00:00")
    assert client.get("/aendret.atom").data == client.get("/aendret.atom").data


@pytest.mark.parametrize("path", ["/kort/nix.atom", "/omraade/square/9.atom", "/omraade/nix/0102.atom"])
def test_a_feed_of_nothing_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_damaged_older_edition_is_stepped_over(tmp_path: Path) -> None:
    three = newstown.publish_all(tmp_path / "editions")
    (tmp_path / "editions" / three[1].id / "layers.json").unlink()
    (entry,) = read(create_app(Settings(workspace=tmp_path)).test_client(), "/aendret.atom").entries
    assert f"fra={three[0].id}&til={three[2].id}" in entry.link


def test_only_the_newest_editions_are_looked_through(tmp_path: Path) -> None:
    """Twenty-three editions, each with one figure more revised: twenty changes are told, in less than a second once they are known."""
    day = newstown.DAYS[0]
    for number in range(23):
        rows = [newstown.observation(area_id="0101", value=50.0 + number)]
        newstown.publish(tmp_path / "editions", 0, rows=rows, as_of=day.replace(day=number + 1))
    client = create_app(Settings(workspace=tmp_path)).test_client()
    assert len(read(client, "/aendret.atom").entries) == 20
    began = time.perf_counter()
    client.get("/aendret.atom")
    assert time.perf_counter() - began < 1.0


def test_a_feed_tells_no_value_and_is_the_same_for_everybody(folder: Path, three: Three) -> None:
    edition.point(folder / "editions", three[2].id)
    app = create_app(Settings(workspace=folder))
    public, inside = app.test_client().get("/aendret.atom"), staff(app).get(f"/aendret.atom?udgave={three[0].id}")
    assert public.data == inside.data
    assert not [number for number in ("48", "55", "81", "62") if f" {number}" in public.text or f">{number}" in public.text]
    assert public.headers["Cache-Control"] == "public, max-age=300"
    again = app.test_client().get("/aendret.atom", headers={"If-None-Match": public.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_while_others_are_compared_it_is_said_when_to_ask_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newstown.publish_all(tmp_path / "editions")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    monkeypatch.setattr(comparing, "PATIENCE", 0.01)
    with comparing.ComparisonMemory._making:
        for path in ("/aendret.atom", "/aendret"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert "Vi har for travlt lige nu" in answer.text
        assert client.get("/omraade/square/0102").status_code == 200  # a page that only has it beside
    assert client.get("/aendret").status_code == 200


def test_what_is_remembered_stays_within_its_bound(three: Three) -> None:
    made = comparing._compare(three[0], three[2])
    memory = comparing.ComparisonMemory(2 * (len(made.changes.figures) + comparing._EACH))
    calls: list[str] = []

    def compare(name: str) -> comparing.Comparison:
        return memory.of((name,), lambda: calls.append(name) or made)

    for name in ("a", "b", "a", "c", "a", "b"):
        assert compare(name) is made
    assert calls == ["a", "b", "c", "b"]  # a was asked for after b, so b went


# --- what pages say ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "feed", "said"),
    [
        ("/", "/aendret.atom", "1 tal er rettet, 1 er væk, 1 er skjult nu."),
        ("/omraade/square/0101", "/omraade/square/0101.atom", "1 tal er rettet."),
        ("/kort/tryg", "/kort/tryg.atom", "1 tal er væk, 1 er skjult nu."),
        ("/en/omraade/square/0104", "/en/omraade/square/0104.atom", "1 figure is gone."),
    ],
)
def test_a_page_says_when_it_changed_last_and_offers_its_feed(client: FlaskClient, path: str, feed: str, said: str) -> None:
    page = parse(client.get(path).text)
    (head,) = [link for link in page.iter("link") if link.get("type") == "application/atom+xml"]
    assert (head.get("rel"), head.get("href")) == ("alternate", feed)
    assert client.get(feed).status_code == 200
    (foot,) = [part for part in page.iter("div") if part.get("class") == "keep news"]
    assert "1. januar 2021" in words(foot) or "1 January 2021" in words(foot)
    assert said in words(foot)
    assert {link.partition("?")[0].rpartition("/")[2] for link in links(foot)} == {"aendret", feed.rpartition("/")[2]}


def test_a_page_that_did_not_change_lately_says_nothing_of_it(client: FlaskClient) -> None:
    text = client.get("/omraade/kommune/0101").text
    assert "Senest ændret" not in text
    assert "Følg med (Atom)" in text


def test_an_older_edition_says_what_had_changed_then(client: FlaskClient, three: Three) -> None:
    page = client.get(f"/omraade/square/0102?udgave={three[1].id}").text
    assert "i udgaven med tal hentet senest 1. juli 2020. 1 tal er rettet." in words(parse(page))


def test_every_page_leads_to_what_has_changed(client: FlaskClient) -> None:
    for path in ("/om", "/data", "/nowhere"):
        assert "/aendret" in links(parse(client.get(path).text))


def test_a_remembered_page_does_not_tell_of_an_edition_that_was_taken_away(tmp_path: Path) -> None:
    three = newstown.publish_all(tmp_path / "editions")
    app = create_app(Settings(workspace=tmp_path))
    client = staff(app)
    assert three[1].id in client.get("/omraade/square/0104").text
    shutil.rmtree(tmp_path / "editions" / three[1].id)
    page = client.get("/omraade/square/0104").text
    assert three[1].id not in page
    assert f"fra={three[0].id}" in page
