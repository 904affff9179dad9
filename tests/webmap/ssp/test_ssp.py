"""The SSP pages: who is let in, what stands apart from the city by hand, one district, and the log of each look; no incident anywhere."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from werkzeug.test import TestResponse

from geo.editions import edition
from geo.editions.edition import Edition
from geo.model.vocabulary import Audience
from tests.readers.browser import NARROW, WIDE, Visit, serving
from tests.readers.signed import Clock, access_of, carry, ssp, staff
from tests.towns import maptown
from tests.towns.safetown import FELT_LATER, ROWS, WORSE_IN_BOTH, publish
from webmap.access import log
from webmap.app import create_app
from webmap.edition import classes
from webmap.edition.compared import differences
from webmap.edition.reader import Reader
from webmap.settings import Settings
from webmap.ssp import safety


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("ssp")
    publish(made / "editions", ROWS)
    return made


@pytest.fixture(scope="module")
def app(folder: Path) -> Flask:
    return create_app(Settings(workspace=folder), clock=Clock())


@pytest.fixture(scope="module")
def read(folder: Path) -> Edition:
    return edition.read(folder / "editions", edition.current(folder / "editions"), Audience.SSP)


# --- by hand ------------------------------------------------------------------------------------------------------------


def test_where_feeling_and_reports_point_different_ways(read: Edition) -> None:
    found = differences.gaps(read, ("tryg", "anmeldt"), "square", ("2011", "2011"))
    assert {area: one.look for area, one in found.items()} == {
        "0101": differences.FELT, "0102": differences.REPORTED, "0103": classes.HIDDEN, "0104": differences.NEITHER,
    }  # fmt: skip
    assert all(one.span is None for one in found.values())  # a gap has no size


def test_worse_in_both_is_said_to_be_both(tmp_path: Path) -> None:
    made = edition.read(tmp_path, publish(tmp_path, WORSE_IN_BOTH), Audience.SSP)
    assert differences.gaps(made, ("tryg", "anmeldt"), "square", ("2011", "2011"))["0104"].look == differences.BOTH


def test_without_the_citys_figure_nothing_stands_apart_from_it(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row["area_set"] != "kommune"]
    made = edition.read(tmp_path, publish(tmp_path, rows), Audience.SSP)
    found = differences.gaps(made, ("tryg", "anmeldt"), "square", ("2011", "2011"))
    assert {one.look for one in found.values()} == {classes.HIDDEN, classes.NOT_MEASURED}


def test_the_two_figures_are_those_of_the_theme_with_a_period_in_common(read: Edition) -> None:
    (two,) = safety.twosomes(read)
    assert (two.felt.id, two.reported.id, two.area_set, two.periods) == ("tryg", "anmeldt", "square", ("2011",))


def nearly() -> list[dict[str, object]]:
    """0101 feels less safe than the city by 5.5 points, and sqrt(5^2 + 2^2) is 5.4: by itself, and not among seven comparisons."""
    near = {"value": 60.5, "low": 55.5, "high": 65.5}
    key = ("tryg", "square", "0101", "2011")
    return [row | (near if (row["indicator"], row["area_set"], row["area_id"], row["period"]) == key else {}) for row in ROWS]


def test_the_gap_is_controlled_over_both_figures_and_a_district_by_itself_is_not(tmp_path: Path) -> None:
    publish(tmp_path / "editions", nearly())
    made = edition.read(tmp_path / "editions", edition.current(tmp_path / "editions"), Audience.SSP)
    pair, periods = ("tryg", "anmeldt"), ("2011", "2011")
    tests = differences.gap_tests(made, pair, "square", periods)
    assert differences.control(tests.values()).tested == 7  # four and three: the reports of 0103 are hidden
    one = differences.gaps(made, pair, "square", periods)["0101"]
    assert (one.look, one.alone) == (differences.NEITHER, True)
    assert differences.gap(made, pair, ("square", "0101"), periods).look == differences.FELT
    client = ssp(create_app(Settings(workspace=tmp_path), clock=Clock()))
    page = client.get("/ssp/tryghed").text
    assert "7 sammenligninger med byen er prøvet på én gang" in page
    assert "set for sig selv skiller området sig mere ud" in page
    assert "7 comparisons with the city were tested at once" in client.get("/en/ssp/tryghed").text
    assert "mindre trygt end byen" in client.get("/ssp/distrikt/0101").text


def test_each_figure_answers_for_its_newest_period_and_the_two_are_said_to_differ(tmp_path: Path) -> None:
    made = edition.read(tmp_path, publish(tmp_path, FELT_LATER), Audience.SSP)
    (two,) = safety.twosomes(made)
    assert (two.periods, two.newest) == (("2011",), ("2012", "2011"))
    first = safety.district(Reader(made, "da"), two, "0101")
    assert first.said == "hverken tryghed eller anmeldelser er sikkert dårligere end i byen"  # by 2011 it was felt to be worse
    assert [card.period for card in first.cards] == ["2012", "2011"]
    assert (first.period, "hver sin periode, 2012 og 2011" in first.note) == ("Tryg, 2012; Anmeldt, 2011", True)
    second = safety.district(Reader(made, "da"), two, "0102")
    assert second.said == "både mindre trygt og flere anmeldelser end byen"
    hidden = safety.district(Reader(made, "da"), two, "0103")
    assert (hidden.said, hidden.cards[0].period) == ("skjult for at beskytte enkeltpersoner", "2012")


def test_a_district_that_was_not_asked_again_answers_for_when_it_was(tmp_path: Path) -> None:
    made = edition.read(tmp_path, publish(tmp_path, FELT_LATER), Audience.SSP)
    (two,) = safety.twosomes(made)
    last = safety.district(Reader(made, "da"), two, "0104")
    assert ([card.period for card in last.cards], last.period, last.note) == (["2011", "2011"], "2011", "")
    assert last.cards[0].own.value == "60\xa0%"


def test_a_period_in_which_the_city_has_no_figure_cannot_answer(tmp_path: Path) -> None:
    rows = [row for row in FELT_LATER if not (row["area_set"] == "kommune" and row["period"] == "2012")]
    made = edition.read(tmp_path, publish(tmp_path, rows), Audience.SSP)
    (two,) = safety.twosomes(made)
    assert two.newest == ("2011", "2011")
    assert {card.period for card in safety.district(Reader(made, "da"), two, "0101").cards} == {"2011"}


def test_no_page_answers_for_an_older_period_than_the_figures_below_it(tmp_path: Path) -> None:
    publish(tmp_path / "editions", FELT_LATER)
    client = ssp(create_app(Settings(workspace=tmp_path), clock=Clock()))
    for language, words in (
        ("", "De to tal er fra hver sin periode, 2012 og 2011"),
        ("/en", "The two figures are of two periods, 2012 and 2011"),
    ):
        for path in ("/ssp/tryghed", "/ssp/distrikt/0101"):
            assert words in client.get(language + path).text
    page = client.get("/ssp/tryghed").text
    assert "Tryg, 2012; Anmeldt, 2011: af 4 områder opleves 0 mindre trygge end byen" in page
    assert '<option value="" selected>De nyeste: 2012 og 2011</option>' in page
    shared = client.get("/ssp/tryghed?periode=2011").text
    assert "hver sin periode" not in shared
    assert "2011: af 4 områder opleves 1 mindre trygge end byen" in shared
    assert '<option value="2011" selected>' in shared


def test_an_edition_without_them_has_no_pair(tmp_path: Path) -> None:
    assert safety.twosomes(maptown.publish(tmp_path)) == ()


def test_neighbours_touch_and_go_both_ways(read: Edition) -> None:
    near = safety.neighbours(read, "square")
    assert near["0101"] == {"0102", "0103", "0104"}  # corners touch too
    assert all(one in near[other] for one in near for other in near[one])
    assert safety.neighbours(read, "kommune") == {"0101": frozenset()}


# --- over HTTP ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/ssp/tryghed", "/ssp/distrikt/0101", "/en/ssp/tryghed", "/en/ssp/distrikt/0101"])
def test_only_who_looks_as_ssp_is_let_in(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 302
    assert staff(app).get(path).status_code == 403
    answer = ssp(app).get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_page_answers_in_words_and_dates_the_hotspot(app: Flask) -> None:
    page = ssp(app).get("/ssp/tryghed").text
    assert "af 4 områder opleves 1 mindre trygge end byen, uden at der anmeldes mere" in page
    assert "1 har flere anmeldelser uden at opleves mindre trygge; 0 har begge dele" in page
    assert page.count('class="ring foer"') == 3  # 2011, and it began in 2012
    assert "ikke til efterforskning" in page
    assert " style=" not in page


def test_before_and_after_stand_on_the_map_and_on_the_districts_page(app: Flask) -> None:
    for path in ("/ssp/tryghed", "/ssp/distrikt/0101"):
        page = ssp(app).get(path).text
        assert "Før og efter, at hotspottet begyndte" in page
        assert "Plet, fra 1. januar 2012" in page
        assert "ikke et tal på begge sider af 1. januar 2012" in page
    assert "Før og efter, at hotspottet" not in ssp(app).get("/ssp/distrikt/0104").text


def test_a_district_stands_beside_its_neighbours_and_the_city(app: Flask) -> None:
    page = ssp(app).get("/ssp/distrikt/0101").text
    assert "mindre trygt end byen, og anmeldelserne skiller sig ikke ud" in page
    assert page.count("Byen som helhed") == 2
    assert "<title>Tryg</title>" in page  # the trend
    assert "udviklingen kan ikke tegnes" in page  # the rate has one period
    assert ssp(app).get("/ssp/distrikt/9999").status_code == 404


def test_the_log_says_which_figures_and_how_many_but_none_of_them(app: Flask) -> None:
    ssp(app, "tove").get("/ssp/tryghed?omraade=0101")
    last = list(log.lines(access_of(app).folder))[-1].entry
    assert (last.user, last.area, last.indicator, last.figures) == ("test:tove", "square", "tryg anmeldt", 5 + 3)


@pytest.mark.parametrize(
    "query", ["?oplevet=nix", "?periode=1066", "?omraade=9999", "?oplevet=tryg&periode=2011&omraade=0101&omraade=0101"]
)
def test_what_an_address_gets_wrong_is_settled(app: Flask, query: str) -> None:
    assert ssp(app).get(f"/ssp/tryghed{query}").status_code == 200


def test_an_edition_with_neither_says_so(tmp_path: Path) -> None:
    publish(tmp_path / "editions", [row for row in ROWS if row["indicator"] == "tryg"])
    bare = create_app(Settings(workspace=tmp_path), clock=Clock())
    assert "ikke tal for oplevet tryghed og anmeldelser" in ssp(bare).get("/ssp/tryghed").text
    assert ssp(bare).get("/ssp/distrikt/0101").status_code == 404


def test_comparing_shows_each_reader_their_own_part(app: Flask) -> None:
    address = "/kort/sammenlign?a=tryg&b=anmeldt&pa=2011&pb=2011&inddeling=square"
    assert "<span data-tal>80\xa0%</span>" in ssp(app).get(address).text
    assert "<span data-tal>80" not in app.test_client().get(address).text


def test_the_files_hold_each_readers_own_part_and_every_look_is_logged(app: Flask) -> None:
    page = ssp(app, "tove").get("/ssp/tryghed?omraade=0102").text
    address = html.unescape(re.findall(r'href="([^"]+\.xlsx[^"]*)" download', page)[0])
    own, anyone = (client.get(address) for client in (ssp(app, "tove"), app.test_client()))
    assert own.headers["Cache-Control"] == "private, no-store"
    assert {80.0, 60.0} <= set(values(own))
    assert set(values(anyone)) == {None}
    last = list(log.lines(access_of(app).folder))[-1].entry
    assert (last.user, last.indicator, last.figures) == ("test:tove", "tryg anmeldt", 5 + 3)


def values(answer: TestResponse) -> list[object]:
    """The values on the first sheet of a workbook."""
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == "Værdi")
    return [line[column - 1] for line in sheet.iter_rows(min_row=2, values_only=True)]


# --- in a browser -------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(browser: Browser, app: Flask) -> Iterator[tuple[BrowserContext, str]]:
    with serving(app) as address:
        context = browser.new_context()
        carry(context, address, ssp(app))
        yield context, address
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/ssp", "/ssp/tryghed?omraade=0101", "/ssp/distrikt/0101", "/en/ssp/tryghed"])
def test_the_pages_are_clean_at_every_width(signed_in: tuple[BrowserContext, str], path: str) -> None:
    context, address = signed_in
    page = context.new_page()
    seen = Visit(page)
    page.on("console", lambda message: seen.problems.append(message.text) if message.type == "error" else None)
    for width in (WIDE, NARROW, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address + path)
        assert seen.problems == []
        assert seen.overflow() == []
        assert seen.violations() == []


@pytest.mark.browser
def test_one_pointer_and_one_choice_for_all_three_maps(signed_in: tuple[BrowserContext, str]) -> None:
    context, address = signed_in
    page = context.new_page()
    page.goto(f"{address}/ssp/tryghed")
    shape = page.locator("svg.large").nth(1).locator("g[data-omraade='0102']")
    shape.hover()
    expect(page.locator("g.peget[data-omraade='0102']")).to_have_count(3)
    expect(page.locator("[data-laest]")).to_contain_text("flere anmeldelser end byen")
    shape.click()
    page.wait_for_url("**omraade=0102**")
    expect(page.locator("#udvalg-titel")).to_have_text("Valgte områder (1)")
