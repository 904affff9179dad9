"""What has changed between two editions of a town, every line worked out by hand; and what is hidden now is not told again."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from geo.editions import changes, edition
from geo.editions.edition import Edition
from geo.model.vocabulary import Audience
from tests.readers.parsed import links, parse, words
from tests.readers.signed import sign_in, staff
from tests.towns import newstown
from webmap.app import create_app
from webmap.changes import entries, repeated
from webmap.edition.reader import Reader
from webmap.settings import Settings

Three = tuple[Edition, Edition, Edition]
HIDDEN = re.compile(r"(?<![\d.,])(?:48|55)(?:,0)?\s?%")
"""What the first two editions tell of 0102 in 2011, as a page would write it."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("news") / "var"


@pytest.fixture(scope="module")
def three(folder: Path) -> Three:
    return newstown.publish_all(folder / "editions")


@pytest.fixture
def client(folder: Path, three: Three) -> FlaskClient:
    edition.point(folder / "editions", three[2].id)
    return create_app(Settings(workspace=folder)).test_client()


def main_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return words(parse(answer.text).find(".//main"))


def table(client: FlaskClient, path: str, number: int) -> list[list[str]]:
    tables = parse(client.get(path).text).findall(".//main//table")
    return [[words(cell) for cell in row] for row in tables[number].findall(".//tbody/tr")]


# --- what the page tells ----------------------------------------------------------------------------------------------


def test_without_a_choice_the_edition_before_is_compared_with_the_one_that_is_shown(client: FlaskClient) -> None:
    said = main_of(client, "/aendret")
    assert "Fra udgaven med tal hentet senest 1. juli 2020 til den, der er hentet senest 1. januar 2021." in said
    assert "1 tal er rettet, 1 er væk, 1 er skjult nu. 1 svar er ændret." in said
    assert "Kommet til, ændret eller taget ud: 1 liste, 1 helhedsplan, 1 hotspot, 1 mål." in said
    assert said == main_of(client, f"/aendret?udgave={newest(client)}")  # the newest pinned is no other question


def newest(client: FlaskClient) -> str:
    return str(client.get("/api/v1/").get_json()["edition"])


def test_it_says_the_same_in_english(client: FlaskClient) -> None:
    said = main_of(client, "/en/aendret")
    assert "1 figure is revised, 1 is gone, 1 is hidden now. 1 answer has changed." in said
    assert "Hidden to protect people: too few answers" in said


def test_a_figure_is_told_from_what_to_what_and_by_how_much(client: FlaskClient) -> None:
    assert table(client, "/aendret", 2) == [["Sydvest", "2010", "10 %", "12 %", "+2,0 procentpoint"]]
    assert "Demodata" in main_of(client, "/aendret")


def test_figures_that_are_gone_say_why(client: FlaskClient) -> None:
    assert table(client, "/aendret", 1) == [
        ["Sydøst", "2011", "Skjult for at beskytte enkeltpersoner: for få svar"],
        [newstown.webtown.HOSTILE, "2011", "Mangler: kilden har intet tal for området"],
    ]


def test_new_figures_are_counted_by_period(client: FlaskClient, three: Three) -> None:
    assert "Nye tal efter periode: 1. halvår 2012: 2." in main_of(client, f"/aendret?fra={three[0].id}&til={three[2].id}")


def test_answers_are_told_from_what_to_what(client: FlaskClient, three: Three) -> None:
    first, second = table(client, f"/aendret?fra={three[0].id}&til={three[1].id}", 0)
    assert first == ["Er M5 nået?", "Kan ikke afgøres endnuDer er ingen måling fra begyndelsen at sammenligne med", "Ja · Nået"]
    assert second[0] == "Er M5 nået?Sydøst"


def test_entries_of_the_catalogue_are_named_with_what_differs(client: FlaskClient) -> None:
    said = main_of(client, "/aendret")
    for line in (
        f"Helhedsplanen {newstown.PLAN} er kommet til (Sydøst)",
        "Hotspottet Sydøst er ændret: slutter: ikke angivet → 1. januar 2012",
        "Listen Trygge er taget ud (Sydøst)",
        "Målet Mål M5 er ændret: frist: 31. december 2014 → 31. december 2016",
    ):
        assert line in said


def test_redrawn_areas_other_classes_and_sources_are_told(three: Three) -> None:
    """Two editions that differ in these alone."""
    old = three[2]
    square = old.layers["square"]
    areas = tuple(msgspec.structs.replace(area, name="Ny") if area.area_id == "0101" else area for area in square.areas[:-1])
    source = msgspec.structs.replace(old.catalogue.sources[0], producer="En anden")
    new = dataclasses.replace(
        old,
        id="f" * 16,
        layers=old.layers | {"square": msgspec.structs.replace(square, areas=areas)},
        breaks={"tryg": msgspec.structs.replace(old.breaks["tryg"], edges=(55.0,))},
        catalogue=msgspec.structs.replace(old.catalogue, sources=(source,)),
    )
    made, reader = changes.compare(old, new), Reader(new, "da")
    (line,) = entries.layers(made, old, reader)
    assert line.text == "square er ændret"
    assert line.details == (f"ikke mere med: {newstown.webtown.HOSTILE}", "nyt navn: Ny")
    assert entries.reclassed(made, old, reader) == ("Tryg",)
    ((part, entry),) = entries.lines(made, old, reader)
    assert (part, entry.details) == ("source", ("udgiver",))


def test_one_area_or_indicator_alone_can_be_asked_about(client: FlaskClient) -> None:
    said = main_of(client, "/aendret?inddeling=square&omraade=0102")
    assert "1 tal er skjult nu. 1 svar er ændret." in said
    assert "Uden" not in said
    assert PLAN_LINE in said
    of_indicator = main_of(client, "/aendret?indikator=uden")
    assert "1 tal er rettet." in of_indicator
    assert "skjult nu" not in of_indicator
    assert PLAN_LINE not in of_indicator
    assert "Her er intet ændret." in main_of(client, "/aendret?inddeling=kommune&omraade=0101")


PLAN_LINE = f"Helhedsplanen {newstown.PLAN} er kommet til"


def test_links_lead_to_the_edition_that_is_told_of(client: FlaskClient, three: Three) -> None:
    path = f"/aendret?fra={three[0].id}&til={three[1].id}"
    found = links(parse(client.get(path).text))
    assert f"/omraade/square/0102?udgave={three[1].id}" in found
    assert f"/kort/tryg?udgave={three[1].id}" in found
    assert f"/maal/5?udgave={three[1].id}" in found
    for link in found:
        if link.startswith(("/omraade", "/kort", "/maal", "/kilde")):
            assert client.get(link).status_code == 200, link
    now = links(parse(client.get("/aendret").text))
    assert "/omraade/square/0102" in now


def test_long_lists_are_cut_and_the_rest_counted(tmp_path: Path) -> None:
    """Fifteen years of one area revised: ten are shown, five are in the table."""
    rows = [newstown.observation(area_id="0101", period=str(year)) for year in range(2000, 2015)]
    more = [row | {"value": 81.0} for row in rows]
    newstown.publish(tmp_path / "editions", 0, rows=rows)
    newstown.publish(tmp_path / "editions", 1, rows=more)
    client = create_app(Settings(workspace=tmp_path)).test_client()
    assert len(table(client, "/aendret?indikator=tryg", 1)) == 10
    page = main_of(client, "/aendret?indikator=tryg")
    assert "15 tal er rettet" in page
    assert "5 til står i tabellen (CSV)." in page


def test_what_else_differs_is_said_where_the_value_is_the_same(tmp_path: Path) -> None:
    rows = [newstown.observation(area_id="0101"), newstown.observation(area_id="0102", value=80.0), newstown.observation(area_id="0103")]
    more = [
        newstown.observation(area_id="0101", n=90.0, low=70.0),
        newstown.observation(area_id="0102", value=80.04),
        newstown.observation(area_id="0103", value=60.0, definition="new"),
    ]
    newstown.publish(tmp_path / "editions", 0, rows=rows)
    newstown.publish(tmp_path / "editions", 0, rows=more, as_of=newstown.DAYS[1])
    client = create_app(Settings(workspace=tmp_path)).test_client()
    assert [row[4] for row in table(client, "/aendret", 0)] == [
        "usikkerheden, antallene bag", "mindre end afrundingen", "efter en ny definition",
    ]  # fmt: skip


# --- hidden now, not repeated -----------------------------------------------------------------------------------------


def test_what_is_hidden_now_is_told_of_no_pair_of_editions(client: FlaskClient, three: Three) -> None:
    for old in three:
        for new in three:
            for path in (f"/aendret?fra={old.id}&til={new.id}", f"/en/aendret?fra={old.id}&til={new.id}&inddeling=square&omraade=0102"):
                assert not HIDDEN.search(main_of(client, path)), path


def test_while_it_is_shown_it_is_told(client: FlaskClient, folder: Path, three: Three) -> None:
    edition.point(folder / "editions", three[1].id)
    assert table(client, "/aendret", 1) == [["Sydøst", "2011", "48 %", "55 %", "+7,0 procentpoint"]]


def test_each_audience_is_told_what_it_is_shown(folder: Path, three: Three) -> None:
    app, path = create_app(Settings(workspace=folder)), f"/aendret?fra={three[0].id}&til={three[1].id}"
    edition.point(folder / "editions", three[2].id)
    assert HIDDEN.search(staff(app).get(path).text)
    assert not HIDDEN.search(sign_in(app).get(path).text)


def test_a_verdict_is_not_repeated_where_a_figure_it_rests_on_is_hidden_now(client: FlaskClient, three: Three) -> None:
    _, of_area = table(client, f"/aendret?fra={three[0].id}&til={three[1].id}", 0)
    assert of_area[1:] == ["Gentages ikke, for et tal, det bygger på, vises ikke nu"] * 2
    assert table(client, "/aendret", 0) == [
        [
            "Er M5 nået?Sydøst",
            "Gentages ikke, for et tal, det bygger på, vises ikke nu",
            "Kan ikke afgøres endnuEt nødvendigt tal er skjult",
        ]
    ]


def test_a_verdict_on_all_areas_rests_on_each_of_them(three: Three) -> None:
    whole = [msgspec.structs.replace(each, latest_period="2011") for each in three[0].judgements]
    old = dataclasses.replace(three[0], judgements=tuple(whole))
    told = repeated.without_hidden(changes.compare(old, three[1]), old, three[1], three[2])
    first = next(verdict for verdict in told.verdicts if not verdict.area_id)
    assert first.before == repeated.UNREPEATED
    assert first.now is not None
    assert (first.now.verdict, first.now.latest) == ("reached", None)


def test_of_what_is_not_repeated_nothing_is_left_but_why(three: Three) -> None:
    told = repeated.without_hidden(changes.compare(three[0], three[1]), three[0], three[1], three[2])
    (revised,) = (figure for figure in told.figures if figure.kind == "revised")
    for side in (revised.before, revised.now):
        assert (side.value, side.low, side.high, side.n, side.note, side.locator, side.source) == (None, None, None, None, "", "", "")
    assert revised.by is None
    assert all(each.before is None and each.now is None for each in told.breaks)
    assert (told.inputs, told.leftovers) == ((), ())


def test_editions_of_two_audiences_are_not_compared(folder: Path, three: Three) -> None:
    inside = edition.read(folder / "editions", three[0].id, Audience.STAFF)
    with pytest.raises(ValueError, match="audiences"):
        repeated.without_hidden(changes.compare(three[0], three[1]), inside, three[1], three[2])


# --- nothing to tell, and what cannot be ------------------------------------------------------------------------------


def test_a_single_edition_has_nothing_to_compare_with(tmp_path: Path) -> None:
    newstown.publish(tmp_path / "editions", 0)
    client = create_app(Settings(workspace=tmp_path)).test_client()
    assert "Der er ingen ældre udgave at sammenligne med." in main_of(client, "/aendret")
    assert not parse(client.get("/aendret").text).findall(".//main//form")
    assert "There is no older edition to compare with." in main_of(client, "/en/aendret")


def test_the_first_edition_can_be_the_one_that_is_shown(client: FlaskClient, folder: Path, three: Three) -> None:
    edition.point(folder / "editions", three[0].id)
    assert "Der er ingen ældre udgave at sammenligne med." in main_of(client, "/aendret")
    assert three[2].id in client.get("/aendret").text  # it can be chosen


def test_editions_that_differ_in_nothing_say_so(tmp_path: Path) -> None:
    newstown.publish(tmp_path / "editions", 0)
    newstown.publish(tmp_path / "editions", 0, as_of=newstown.DAYS[1])
    client = create_app(Settings(workspace=tmp_path)).test_client()
    assert "Tal, svar, planer, lister, hotspots og grænser er de samme." in main_of(client, "/aendret")


def test_an_edition_beside_itself_asks_for_another(client: FlaskClient, three: Three) -> None:
    assert "den samme udgave to gange" in main_of(client, f"/aendret?fra={three[1].id}&til={three[1].id}")


@pytest.mark.parametrize("asked", ["fra=0123456789abcdef", "til=0123456789abcdef", "fra=../..", "udgave=ffff", f"fra={'a' * 300}"])
def test_an_edition_that_is_not_here_is_gone(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/aendret?{asked}").status_code == 410


@pytest.mark.parametrize("asked", ["indikator=nix", "inddeling=square", "omraade=0102", "inddeling=square&omraade=9", "omraade=<b>"])
def test_an_area_or_indicator_that_neither_edition_has_is_not_found(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/aendret?{asked}").status_code == 404


def test_a_damaged_older_edition_is_told_in_words_and_left_out(tmp_path: Path) -> None:
    three = newstown.publish_all(tmp_path / "editions")
    path = tmp_path / "editions" / three[1].id / "public" / "observations.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    answer = client.get(f"/aendret?fra={three[1].id}")
    assert answer.status_code == 503
    assert "Tallene er blevet ændret og vises ikke" in answer.text
    said = main_of(client, "/aendret")  # the newest whole one before it is compared
    assert "hentet senest 1. januar 2020 til den, der er hentet senest 1. januar 2021" in said
    assert three[1].id not in client.get("/aendret").text


def test_editions_of_one_day_are_told_apart_and_stand_in_the_order_they_were_written(tmp_path: Path) -> None:
    day = newstown.DAYS[0]
    made = [newstown.publish(tmp_path / "editions", number, as_of=day) for number in (1, 0, 2)]
    for seconds, each in enumerate(made):
        path = tmp_path / "editions" / each.id / "manifest.json"
        newstown.os.utime(path, (1_600_000_000 + seconds, 1_600_000_000 + seconds))
    page = parse(create_app(Settings(workspace=tmp_path)).test_client().get("/aendret").text)
    chosen = [option.attrib["value"] for option in page.iter("option") if "selected" in option.attrib]
    assert chosen == [made[1].id, made[2].id]
    assert f"1. januar 2020 ({made[1].id})" in words(page.find(".//main"))


def test_an_edition_that_is_taken_away_is_no_longer_offered(tmp_path: Path) -> None:
    three = newstown.publish_all(tmp_path / "editions")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    assert three[0].id in client.get("/aendret").text
    shutil.rmtree(tmp_path / "editions" / three[0].id)
    assert three[0].id not in client.get("/aendret").text
