"""The council member's way: a straight answer, a link that stays true, what has changed since, and one sheet of paper."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from geo.editions import edition as store
from geo.editions.edition import Edition
from geo.files.workspace import Workspace
from tests.readers.browser import WIDE, serving, visit
from tests.readers.parsed import links, parse
from tests.readers.parsed import words as text_of
from tests.towns import webtown
from webmap.app import create_app
from webmap.settings import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("council") / "var"


@pytest.fixture(scope="module")
def editions(folder: Path) -> tuple[Edition, Edition]:
    """Two editions of the town: the older one, and a newer one that is current, with other figures and another answer."""
    old = webtown.publish(folder / "editions")
    with pytest.MonkeyPatch.context() as patch:
        rows = [row | {"value": 55.0} if (row["area_id"], row["period"]) == ("0102", "2011") else row for row in webtown.ROWS]
        rows.append(webtown.maptown.observation(area_id="0101", period="2012"))
        patch.setattr(webtown, "ROWS", rows)
        answers = [
            msgspec.structs.replace(one, verdict=webtown.Verdict.REACHED, reason=None) if one.goal == "M5" and not one.area_id else one
            for one in webtown.JUDGEMENTS
        ]
        patch.setattr(webtown, "JUDGEMENTS", tuple(answers))
        new = webtown.publish(folder / "editions", as_of=dt.date(2021, 1, 1))
    return old, new


@pytest.fixture
def client(folder: Path, editions: tuple[Edition, Edition]) -> FlaskClient:
    store.point(folder / "editions", editions[1].id)
    return create_app(Settings(workspace=folder)).test_client()


def main_words(client: FlaskClient, path: str) -> str:
    return text_of(parse(client.get(path).text).find(".//main"))


# --- the answer -----------------------------------------------------------------------------------------------------------


def test_every_goal_begins_with_yes_no_or_cannot_be_decided(client: FlaskClient, editions: tuple[Edition, Edition]) -> None:
    for path in ("/maal/4", "/maal/5", "/maal/1", "/maal/7", "/arbejdsmarked"):
        answer = text_of(parse(client.get(f"{path}?udgave={editions[0].id}").text).find(".//div[@class='answer']"))
        assert re.match(r"(Ja|Nej|Kan ikke afgøres endnu)\b", answer), (path, answer)
    two = text_of(parse(client.get("/arbejdsmarked").text).find(".//div[@class='answer']"))
    assert "Ja · Nået, læst som 10 procent" in two
    assert "Nej · Ikke nået, læst som 10 procentpoint" in two
    english = text_of(parse(client.get("/en/arbejdsmarked").text).find(".//div[@class='answer']"))
    assert english.startswith("Yes · Reached")


def test_what_is_not_measured_is_never_a_yes_or_a_no(client: FlaskClient) -> None:
    answer = text_of(parse(client.get("/maal/4").text).find(".//div[@class='answer']"))
    assert answer.startswith("Kan ikke afgøres endnu · Ikke målt")
    assert not re.search(r"\b(Ja|Nej)\b", answer)


def test_an_area_says_the_answers_of_the_goals_that_are_about_it(client: FlaskClient) -> None:
    page = parse(client.get("/omraade/square/0102").text)
    (section,) = [one for one in page.iter("section") if one.get("aria-labelledby") == "svar"]
    rows = [[text_of(cell) for cell in row] for row in section.findall(".//tbody/tr")]
    assert [(row[0], row[1][:22]) for row in rows] == [("Er M5 nået?", "Kan ikke afgøres endnu")]
    assert "Er M5 nået?" in main_words(client, "/omraade/square/0102/udskrift")
    assert "Er M5 nået?" not in main_words(client, "/omraade/square/0101")  # nothing was judged there


# --- the link that stays true -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/maal/5", "/omraade/square/0102", "/kort/tryg?periode=2010&omraade=0102", "/helhedsplaner", "/hotspots"]
)
def test_a_page_with_figures_offers_a_link_with_its_edition(client: FlaskClient, editions: tuple[Edition, Edition], path: str) -> None:
    page = parse(client.get(path).text)
    (place,) = [part for part in page.iter("div") if part.get("class") == "keep"]
    assert place.get("data-varigt") == editions[1].id
    lasting = place.find(".//a").attrib["href"]
    assert f"udgave={editions[1].id}" in lasting
    assert all(part in lasting for part in path.replace("?", "&").split("&")[1:])
    assert client.get(lasting).status_code == 200


def test_an_older_link_shows_its_own_figures_and_the_way_to_the_newest(client: FlaskClient, editions: tuple[Edition, Edition]) -> None:
    old, _ = editions
    page = parse(client.get(f"/maal/5?udgave={old.id}").text)
    said = text_of(page.find(".//main"))
    assert "Du ser en ældre udgave" in said
    assert "I den nyeste udgave er svaret et andet: Ja · Nået" in said
    newest = next(link.attrib["href"] for link in page.iter("a") if text_of(link) == "Se de nyeste tal")
    assert newest == "/maal/5"
    assert f"/aendret?udgave={old.id}" in links(page)
    assert "ældre udgave" not in main_words(client, newest)


def test_a_goal_whose_answer_did_not_change_says_nothing_of_it(client: FlaskClient, editions: tuple[Edition, Edition]) -> None:
    assert "er svaret et andet" not in main_words(client, f"/maal/4?udgave={editions[0].id}")


def test_what_changed_is_told_by_hand(client: FlaskClient, editions: tuple[Edition, Edition]) -> None:
    page = parse(client.get(f"/aendret?udgave={editions[0].id}").text)
    tables = [[[text_of(cell) for cell in row] for row in table.findall(".//tbody/tr")] for table in page.findall(".//table")]
    answers, figures = tables
    assert [(row[0], row[1][:22], row[2]) for row in answers] == [("Er M5 nået?", "Kan ikke afgøres endnu", "Ja · Nået")]
    assert figures == [["Sydøst", "2011", "48 %", "55 %", "+7,0 procentpoint"]]
    said = text_of(page.find(".//main"))
    assert "1 tal er nyt, 1 er rettet. 1 svar er ændret." in said
    assert "2012: 1" in said
    assert "grænser" not in said
    back = parse(client.get(f"/en/aendret?udgave={editions[0].id}").text)
    assert "What has changed?" in text_of(back.find(".//h1"))


def test_an_edition_that_is_not_here_is_not_compared(client: FlaskClient) -> None:
    assert client.get("/aendret?udgave=0123456789abcdef").status_code == 410


# --- one sheet --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/maal/5/udskrift", "/maal/4/udskrift", "/maal/4/uden/udskrift", "/maal/7/udskrift", "/maal/2006-B2/udskrift",
        "/omraade/square/0102/udskrift", "/omraade/square/0104/udskrift",
    ],
)  # fmt: skip
def test_a_sheet_says_its_source_its_edition_and_its_address(client: FlaskClient, editions: tuple[Edition, Edition], path: str) -> None:
    page = parse(client.get(path).text)
    foot = text_of(page.find(".//footer"))
    assert f"Udgave {editions[1].id}" in foot
    assert f"{path.removesuffix('/udskrift')}?udgave={editions[1].id}" in foot
    assert not [*page.iter("img")]
    demo = "uden" in path or "omraade" in path or path == "/maal/4/udskrift"
    assert ("Demodata" in text_of(page.find(".//main"))) == demo


@pytest.mark.parametrize("path", ["/maal/9/udskrift", "/maal/5/uden/udskrift", "/omraade/square/nix/udskrift", "/omraade/nix/1/udskrift"])
def test_a_sheet_of_nothing_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.fixture(scope="module")
def site(built: Workspace) -> Iterator[str]:
    with serving(create_app(Settings(workspace=built.folder))) as address:
        yield address


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


class TestOnPaper:
    pytestmark = pytest.mark.browser

    def test_every_goal_and_every_kind_of_area_is_one_sheet(self, browser: Browser, site: str, built: Workspace) -> None:
        made = store.read(built.editions, store.current(built.editions), store.Audience.PUBLIC)
        goals = [goal.id[1:] if re.fullmatch(r"M\d+", goal.id) else goal.id for goal in made.catalogue.goals]
        drawn = [layer for layer in made.layers.values() if layer.role == "areas"]
        areas = [f"/omraade/{layer.id}/{max(layer.areas, key=lambda one: len(one.name)).area_id}" for layer in drawn]
        with visit(browser, f"{site}/maal/5/udskrift") as seen:
            for path in [*(f"/maal/{number}" for number in goals), *areas, "/en/maal/4", "/omraade/tryghedsdistrikt/valby"]:
                seen.page.goto(f"{site}{path}/udskrift")
                assert pages_of(seen.page.pdf(format="A4", prefer_css_page_size=True)) == 1, path
            assert seen.problems == []

    def test_a_page_of_the_site_prints_without_its_furniture(self, browser: Browser, site: str) -> None:
        with visit(browser, f"{site}/maal/5") as seen:
            seen.page.emulate_media(media="print")
            for gone in (".top nav", ".find", ".long", ".keep", "form.bar", ".leaflet-control-zoom", ".download"):
                assert seen.page.locator(gone).first.is_hidden(), gone
            assert seen.page.locator("h1").is_visible()
            assert seen.page.locator("footer.base p").is_visible()

    def test_the_sheet_prints_by_its_button(self, browser: Browser, site: str) -> None:
        with visit(browser, f"{site}/maal/5/udskrift") as seen:
            foot = seen.page.locator("[data-adresse]").text_content() or ""
            assert foot.startswith(f"{site}/maal/5?udgave=")
            seen.page.evaluate("() => { window.print = () => { window.printed = true } }")
            seen.page.get_by_role("button", name="Udskriv").click()
            assert seen.page.evaluate("() => window.printed")
            seen.page.get_by_role("link", name="Tilbage til siden").click()
            expect(seen.page.locator("h1")).to_contain_text("Er trygheden steget")


class TestTheStory:
    pytestmark = pytest.mark.browser

    def test_from_the_question_to_paper_and_back_years_later(
        self, browser: Browser, folder: Path, editions: tuple[Edition, Edition]
    ) -> None:
        old, new = editions
        store.point(folder / "editions", old.id)
        with serving(create_app(Settings(workspace=folder))) as site, visit(browser, site + "/", width=WIDE) as seen:
            page = seen.page
            page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
            page.get_by_role("link", name=re.compile("Se kort og tal ?: Er M5 nået")).click()
            expect(page.locator(".answer")).to_contain_text("Kan ikke afgøres endnu")
            page.wait_for_function("() => document.getElementById('map_kort').dataset.tegnet")
            expect(page.locator("table.tal tbody tr").first).to_be_visible()
            expect(page.locator("#kilderne")).to_be_visible()
            page.get_by_role("button", name="Kopiér linket").click()
            expect(page.locator(".keep [role=status]")).to_have_text("Linket er kopieret.")
            kept = page.evaluate("() => navigator.clipboard.readText()")
            assert f"udgave={old.id}" in kept
            page.get_by_role("link", name="Udskriv på én side").click()
            expect(page.locator(".paper-foot")).to_contain_text(old.id)
            assert pages_of(page.pdf(format="A4", prefer_css_page_size=True)) == 1
            store.point(folder / "editions", new.id)  # years later
            page.goto(kept)
            expect(page.locator(".answer")).to_contain_text("Kan ikke afgøres endnu")
            expect(page.locator(".old")).to_contain_text("ældre udgave")
            page.get_by_role("link", name="Hvad er ændret siden?").click()
            expect(page.locator("main")).to_contain_text("Er M5 nået?")
            page.go_back()
            page.get_by_role("link", name="Se de nyeste tal").click()
            expect(page.locator(".answer")).to_contain_text("Ja · Nået")
            expect(page.locator(".old")).to_have_count(0)
            assert seen.problems == []

    def test_from_an_address_to_its_areas_by_keyboard_alone(self, browser: Browser, site: str) -> None:
        with visit(browser, site + "/") as seen:
            page = seen.page
            box = page.get_by_role("combobox", name="Find område eller adresse")
            box.focus()
            page.keyboard.type("blagards")
            expect(page.get_by_role("option").first).to_be_visible()
            assert seen.violations() == []
            page.keyboard.press("ArrowDown")
            chosen = page.get_by_role("option", selected=True)
            expect(chosen).to_have_count(1)
            assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
            page.keyboard.press("Escape")
            expect(page.get_by_role("option")).to_have_count(0)
            box.fill("")
            page.keyboard.type("Blågårds Pl")
            expect(page.get_by_role("option", name="Blågårds Plads")).to_be_visible()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            expect(page.locator("h1")).to_have_text("Hvor ligger Blågårds Plads?")
            page.get_by_role("link", name="Indre Nørrebro").click()
            expect(page.locator("h1")).to_have_text("Indre Nørrebro")
            assert seen.problems == []
