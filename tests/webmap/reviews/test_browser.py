"""The review room in a real browser: one user's whole story, two on one page, and that nothing typed ever runs."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from geo.files.workspace import Workspace
from tests.readers.browser import WIDE, Visit, serving
from tests.readers.reviewwindow import saved, watch, window
from tests.readers.signed import PASSWORD, access_of, carry, enrol, staff
from tests.towns.reviewtown import DEPARTMENTS, PAGE, PLAN, room
from webmap.access.store import accounts
from webmap.app import create_app
from webmap.reviews.store import database
from webmap.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return room(tmp_path)


# --- the story ----------------------------------------------------------------------------------------------------------


def test_from_signing_in_to_a_signed_round_with_its_paper(browser: Browser, built: Workspace, tmp_path: Path) -> None:
    place = tmp_path / "var"
    place.mkdir()
    (place / "editions").symlink_to(built.editions)
    settings = Settings(workspace=place, reviews_departments=DEPARTMENTS)
    database.upgrade(settings.reviews_address)
    app = create_app(settings)
    for name, department in zip(("anna", "bo", "carl"), DEPARTMENTS, strict=True):
        enrol(app, name)
        accounts.change_department(access_of(app).store, name, department)
    with serving(app) as address:
        seen, page = entered(browser, address, "anna")
        open_the_round(page)
        write_a_page(page)
        assert seen.problems == []
        for who, department in zip(("anna", "bo", "carl"), DEPARTMENTS, strict=True):
            if who != "anna":
                seen, page = entered(browser, address, who)
            sign(page, address, department)
            assert seen.problems == []
        expect(page.get_by_text("Underskrevet af alle forvaltninger")).to_be_visible()
        add_to_it(page)
        take_the_paper(page)
        read_the_frozen_page(page)
        assert seen.problems == []


def open_the_round(page: Page) -> None:
    page.get_by_role("link", name="Gennemgang").click()
    expect(page.get_by_text("Der er ingen runde endnu.")).to_be_visible()
    page.get_by_label("Halvår, for eksempel 2026H2").fill("2026H2")
    page.get_by_role("button", name="Åbn runden").click()
    expect(page.locator("h1")).to_have_text("2. halvår 2026")


def write_a_page(page: Page) -> None:
    """Every kind of field of one area's page; what was written is there when the page is loaded again."""
    page.get_by_role("link", name="Mjølnerparken", exact=True).click()
    page.get_by_label("Vurdering").fill("Beboerhuset åbner i november.")
    saved(page)
    page.get_by_label("Beslutning", exact=True).fill("Fortsæt, ny status om et halvt år")
    page.get_by_label("Ansvarlig").fill("Socialforvaltningen")
    page.get_by_label("Frist").fill("2027-06-30")
    page.get_by_role("button", name="Tilføj en handling").click()
    row = page.get_by_role("group", name="Handling")
    row.get_by_label("Hvad skal der gøres?").fill("Hold møde med beboerne")
    row.get_by_label("Status").select_option("planned")
    page.get_by_label("Siden er klar til underskrift").check()
    saved(page)
    page.reload()
    expect(page.get_by_label("Hvad skal der gøres?")).to_have_value("Hold møde med beboerne")


def sign(page: Page, address: str, department: str) -> None:
    page.goto(f"{address}/gennemgang/2026H2")
    expect(page.get_by_text(f"Du skriver under for {department}.")).to_be_visible()
    page.get_by_label("Ja, jeg skriver under, selv om").check()
    page.get_by_role("button", name="Skriv under").click()
    expect(page.locator(".signatures")).to_contain_text("Holm")


def add_to_it(page: Page) -> None:
    page.get_by_label("Hvad den handler om").select_option(label="Mjølnerparken")
    page.get_by_label("Rettelse eller tilføjelse").fill("Mødet blev den 3. december.")
    page.get_by_role("button", name="Gem tilføjelsen").click()
    expect(page.locator(".addendum")).to_contain_text("Carl Holm")


def take_the_paper(page: Page) -> None:
    paper = download(page, "Hent som PDF")
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert len(pdf.pages) > 5
    book = openpyxl.load_workbook(io.BytesIO(download(page, "Hent som regneark")))
    assert ["Mjølnerparken", "Hold møde med beboerne"] in [[cell.value for cell in line[:2]] for line in book["Handlinger"].iter_rows()]


def read_the_frozen_page(page: Page) -> None:
    page.get_by_role("link", name="Mjølnerparken", exact=True).first.click()
    expect(page.locator("form[data-gem]")).to_have_count(0)
    expect(page.locator("#skema")).to_contain_text("Beboerhuset åbner i november.")
    expect(page.locator("#skema")).to_contain_text("Mødet blev den 3. december.")


def entered(browser: Browser, address: str, name: str) -> tuple[Visit, Page]:
    """Sign in with a password and say what for."""
    page = browser.new_context(viewport={"width": WIDE, "height": 900}, accept_downloads=True).new_page()
    seen = Visit(page)
    watch(page, seen)
    page.goto(f"{address}/log-ind?next=/gennemgang")
    page.locator("input[name=navn]").fill(name)
    page.locator("input[name=adgangskode]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.locator("main input[type=radio]").first.check()
    page.locator("main form").first.get_by_role("button").click()
    page.wait_for_url(f"{address}/gennemgang")
    return seen, page


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes()


# --- drafts -------------------------------------------------------------------------------------------------------------


def test_two_on_one_page_meet_in_the_merge_view_and_nothing_is_lost(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna, window(browser, app, address, "bo") as bo:
        for one in (anna, bo):
            one.page.goto(address + PAGE)
        anna.page.get_by_label("Vurdering").fill("Annas ord")
        saved(anna.page)
        bo.page.get_by_label("Beslutning", exact=True).fill("Bos beslutning")
        saved(bo.page)
        expect(bo.page.get_by_label("Vurdering")).to_have_value("Annas ord")  # what others wrote meanwhile comes in
        bo.page.get_by_label("Vurdering").fill("Bos vurdering")
        saved(bo.page)
        anna.page.get_by_label("Vurdering").fill("Annas bedre ord")
        expect(anna.page.locator("#gemt")).to_contain_text("en anden har rettet det samme felt")
        anna.problems.clear()  # the browser says 409 on its console
        anna.page.get_by_role("link", name="Flet de to udgaver").click()
        assert anna.violations() == []
        for words in ("Annas ord", "Bos vurdering", "Annas bedre ord"):
            expect(anna.page.locator(".three").get_by_text(words, exact=True)).to_be_visible()
        anna.page.get_by_label("Brug denne tekst").check()
        anna.page.get_by_role("textbox", name="Vurdering").fill("Begges ord")
        anna.page.get_by_role("button", name="Flet og gem").click()
        expect(anna.page.get_by_label("Vurdering")).to_have_value("Begges ord")
        expect(anna.page.get_by_label("Beslutning", exact=True)).to_have_value("Bos beslutning")
        anna.page.get_by_role("link", name="Sidens historik").click()
        for words in ("Annas ord", "Bos vurdering", "Annas bedre ord", "Begges ord"):
            expect(anna.page.locator(".history").get_by_text(words, exact=True).first).to_be_visible()
        assert anna.violations() == []
        assert anna.problems == bo.problems == []


def until_kept(page: Page, address: str, *, rows: int) -> None:
    """Wait until the server keeps so many actions of the page."""
    for _ in range(100):
        kept = set(re.findall(r'data-raekke="(actions/[0-9a-f]+)"', page.context.request.get(address + PAGE).text()))
        if len(kept) == rows:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{len(kept)} actions are kept")


def test_rows_that_others_add_and_remove_come_and_go(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna, window(browser, app, address, "bo") as bo:
        for rows, one in enumerate((anna, bo), 1):
            one.page.goto(address + PAGE)
            one.page.get_by_role("button", name="Tilføj en handling").click()
            one.page.get_by_label("Hvad skal der gøres?").last.fill("Række")
            until_kept(one.page, address, rows=rows)  # the page may still say what was saved before
        expect(bo.page.get_by_role("group", name="Handling")).to_have_count(2)
        anna.page.get_by_role("button", name=re.compile("^Fjern")).click()
        until_kept(anna.page, address, rows=1)
        expect(anna.page.get_by_role("group", name="Handling")).to_have_count(1)  # Bo's, which came in with the answer
        bo.page.get_by_label("Vurdering").fill("x")
        saved(bo.page)
        expect(bo.page.get_by_role("group", name="Handling")).to_have_count(1)
        assert anna.problems == bo.problems == []


def test_without_a_connection_the_page_says_so_keeps_the_words_and_saves_later(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna:
        page = anna.page
        page.goto(address + PAGE)
        page.context.set_offline(True)
        page.get_by_label("Vurdering").fill("Skrevet i toget")
        expect(page.locator("#gemt")).to_contain_text("Ikke gemt: ingen forbindelse", timeout=15000)
        assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
        page.context.set_offline(False)
        saved_later = re.compile(r"^Gemt kl\.")
        expect(page.locator("#gemt")).to_have_text(saved_later, timeout=15000)
        page.reload()
        expect(page.get_by_label("Vurdering")).to_have_value("Skrevet i toget")


def test_what_is_typed_before_the_script_has_come_is_saved_all_the_same(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna:
        page, held = anna.page, list[Route]()
        page.route("**/review.js*", lambda route: held.append(route))  # noqa: PLW0108  playwright leaves a mark on the function
        page.goto(address + PAGE, wait_until="commit")
        page.get_by_label("Vurdering").fill("Skrevet med det samme")
        expect(page.locator("#gemt")).to_have_text("")
        held[0].continue_()
        expect(page.locator("#gemt")).to_have_text(re.compile(r"^Gemt kl\."), timeout=15000)
        page.unroute("**/review.js*")
        page.reload()
        expect(page.get_by_label("Vurdering")).to_have_value("Skrevet med det samme")
        assert anna.problems == []


def test_who_was_signed_out_signs_in_elsewhere_and_nothing_is_lost(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna:
        page = anna.page
        page.goto(address + PAGE)
        page.context.clear_cookies()
        page.get_by_label("Vurdering").fill("Skrevet efter frokost")
        expect(page.locator("#gemt")).to_contain_text("du er logget ud")
        carry(page.context, address, staff(app, "anna"))
        expect(page.locator("#gemt")).to_have_text(re.compile(r"^Gemt kl\."), timeout=20000)


def test_a_page_with_something_unsaved_asks_before_it_is_left(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna:
        page = anna.page
        page.goto(address + PAGE)
        page.route("**/gem", lambda route: route.abort())
        page.get_by_label("Vurdering").press_sequentially("x")
        page.get_by_role("link", name="Tilgængelighed").click()
        page.wait_for_url("**/tilgaengelighed")
        assert [problem for problem in anna.problems if problem.startswith("dialog")]


def test_mistakes_are_named_at_their_field_and_in_a_list_that_leads_there(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna:
        page = anna.page
        page.goto(address + PLAN)
        page.get_by_role("button", name="Tilføj et beløb").click()
        page.get_by_label("Lovet").fill("mange penge")
        page.get_by_label("Siden er klar til underskrift").check()
        listed = page.locator("#fejlliste")
        expect(listed).to_be_visible()
        expect(listed.get_by_role("link")).to_have_count(4)
        listed.get_by_role("link", name="Beløbet kan ikke læses").click()
        expect(page.get_by_label("Lovet")).to_be_focused()
        expect(page.get_by_label("Lovet")).to_have_attribute("aria-invalid", "true")
        assert anna.violations() == []
        page.get_by_role("button", name="Gem", exact=True).click()
        expect(page.locator("#fejlliste")).to_be_focused()
        assert anna.violations() == []
        assert anna.problems == []
