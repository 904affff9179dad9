"""A status form in a real browser: a department signs in, writes and sends; the secretariat approves; the public reads the next edition."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from geo import pipeline
from geo.files.workspace import Workspace
from tests.readers.browser import NARROW, WIDE, Visit, serving
from tests.readers.reviewwindow import saved, watch
from tests.readers.signed import PASSWORD, access_of, enrol
from webmap.access import Role
from webmap.access.store import accounts
from webmap.app import create_app
from webmap.reviews.store import database
from webmap.settings import Settings

pytestmark = pytest.mark.browser
FORM = "/statusskema/2026H1/jobpatruljer"
WORDS = "14 jobpatruljer; 212 unge fik fritidsjob. <b>Ikke fed</b>"


@pytest.fixture
def town(built: Workspace, tmp_path: Path) -> Workspace:
    return Workspace(Path(shutil.copytree(built.folder, tmp_path / "var")))


def test_from_signing_in_to_what_the_public_reads(browser: Browser, town: Workspace) -> None:
    settings = Settings(workspace=town.folder)
    database.upgrade(settings.reviews_address)
    app = create_app(settings)
    enrol(app, "sofie", Role.DEPARTMENT)
    accounts.change_department(access_of(app).store, "sofie", "Beskæftigelses- og Integrationsforvaltningen")
    enrol(app, "karen", Role.SECRETARIAT)
    with serving(app) as address:
        sofie, page = entered(browser, address, "sofie", NARROW)
        write_and_send(page)
        karen, other = entered(browser, address, "karen", WIDE)
        send_it_back(other, address)
        mend_and_send(page, address)
        approve(other, address)
        expect(page.goto(f"{address}{FORM}") and page.locator("form[data-gem]")).to_have_count(0)
        assert sofie.problems == karen.problems == []
        the_public_reads(browser, address, town)


def write_and_send(page: Page) -> None:
    page.get_by_role("link", name="Skemaer").click()
    page.get_by_label("Halvår, for eksempel 2026H2").fill("2026H1")
    page.get_by_role("button", name="Vis", exact=True).click()
    page.get_by_role("link", name="Jobpatruljer").click()
    page.get_by_role("button", name="Begynd skemaet").click()
    page.get_by_label("Status i forhold til målet").press_sequentially("Det går.")
    saved(page)
    page.reload()
    expect(page.get_by_label("Status i forhold til målet")).to_have_value("Det går.")
    page.get_by_role("button", name="Gem og send til sekretariatet").click()
    expect(page.locator("#staar")).to_contain_text("sendt, venter på godkendelse")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def send_it_back(page: Page, address: str) -> None:
    page.goto(f"{address}/statusskemaer?halvaar=2026H1")
    expect(page.get_by_text("1 skema er sendt og venter på jer.")).to_be_visible()
    page.get_by_role("link", name="Jobpatruljer").click()
    page.get_by_label("Hvorfor sendes det tilbage?").fill("Hvor mange?")
    page.get_by_role("button", name="Send tilbage").click()
    expect(page.locator("#staar")).to_contain_text("sendt tilbage")


def mend_and_send(page: Page, address: str) -> None:
    """What is typed and not saved yet goes with the sending."""
    page.goto(f"{address}{FORM}")
    expect(page.locator("#staar")).to_contain_text("Hvor mange?")
    page.get_by_label("Status i forhold til målet").fill(WORDS)
    page.get_by_role("button", name="Gem og send til sekretariatet").click()
    expect(page.locator("#staar")).to_contain_text("sendt, venter på godkendelse")


def approve(page: Page, address: str) -> None:
    page.goto(f"{address}{FORM}")
    expect(page.locator("#skema")).to_contain_text(WORDS)
    page.get_by_role("button", name="Godkend", exact=True).click()
    expect(page.locator("#staar")).to_contain_text("Skemaet er frosset")


def the_public_reads(browser: Browser, address: str, town: Workspace) -> None:
    """Nothing before the next edition, then the words on the effort's page and in the report of the year, and no person's name."""
    page = browser.new_page()
    page.goto(f"{address}/indsatser/jobpatruljer")
    assert WORDS not in page.content()
    pipeline.build(town)
    for path in ("/indsatser/jobpatruljer", "/statusrapport/2026"):
        page.goto(f"{address}{path}")
        expect(page.locator("main")).to_contain_text(WORDS)
        expect(page.locator("main")).to_contain_text("Godkendt af sekretariatet")
        assert "Sofie" not in page.content()
    page.close()


def entered(browser: Browser, address: str, name: str, width: int) -> tuple[Visit, Page]:
    """Sign in with a password."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    seen = Visit(page)
    watch(page, seen)
    page.goto(f"{address}/log-ind?next=/statusskemaer")
    page.locator("input[name=navn]").fill(name)
    page.locator("input[name=adgangskode]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    expect(page.locator("h1")).to_have_text("Hvordan går det med indsatserne?")
    return seen, page
