"""The door in a real browser: the cookie is taken on plain loopback, everything goes by keyboard, and axe has nothing to say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.readers.browser import NARROW, WIDE, Visit, serving, visit
from tests.readers.signed import PASSWORD, access_of
from tests.towns import webtown
from webmap.access import Role
from webmap.access.store import accounts, sessions
from webmap.access.store.accounts import Account
from webmap.app import create_app
from webmap.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("door")
    webtown.publish(folder / "editions")
    app = create_app(Settings(workspace=folder))
    both = Account("anna", "Anna Holm", frozenset({Role.STAFF, Role.SSP, Role.ADMIN}), 0.0)
    accounts.add(access_of(app).store, both, PASSWORD)
    accounts.add(access_of(app).store, Account("bo", "Bo", frozenset({Role.STAFF}), 0.0), PASSWORD)
    with serving(app) as address:
        yield address


def fill(page: Page, name: str, password: str) -> None:
    """Sign in by keyboard alone, from the top of the page."""
    page.get_by_label(re.compile("^(Navn|Name)$")).focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def clean(seen: Visit) -> None:
    assert seen.overflow() == []
    assert seen.violations() == []


@pytest.mark.parametrize("width", [WIDE, NARROW, 320])
def test_the_way_in_and_out_is_clean_at_every_step(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + "/log-ind?next=/ssp", width=width) as seen:
        page = seen.page
        clean(seen)
        fill(page, "anna", "forkert adgangskode")
        expect(page.get_by_role("alert")).to_contain_text("Navn eller adgangskode passer ikke.")
        clean(seen)
        seen.problems.clear()  # the browser reports the 401, as it should
        fill(page, "", PASSWORD)
        page.wait_for_url("**/formaal?next=/ssp")
        (kept,) = page.context.cookies()
        assert (kept["name"], kept["secure"], kept["httpOnly"], kept["sameSite"]) == (sessions.COOKIE, True, True, "Lax")
        clean(seen)
        page.get_by_label("Følge op på en indsats").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ssp")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("ikke efterforskning"))
        expect(page.get_by_role("region", name="Logget ind")).to_contain_text("Anna Holm")
        clean(seen)
        page.goto(site + "/udgivelse")
        clean(seen)
        page.get_by_role("button", name="Log ud").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/log-ud")
        expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ud")
        assert page.context.cookies() == []
        clean(seen)
        assert seen.problems == []


@pytest.mark.parametrize("width", [WIDE, 320])
def test_what_goes_wrong_is_said_on_a_clean_page_in_english_too(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + "/en/log-ind?next=/en/data", width=width) as seen:
        page = seen.page
        fill(page, "anna", PASSWORD)
        page.wait_for_url("**/en/formaal**")
        staff = page.locator("form", has=page.get_by_role("heading", name="The housing-plan team"))
        staff.get_by_label("Other", exact=True).check()
        staff.get_by_label("What else?").fill("no")
        staff.get_by_role("button").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose a purpose.")
        expect(staff.get_by_label("What else?")).to_have_value("no")
        clean(seen)
        staff.get_by_label("What else?").fill("a meeting of the local council")
        staff.get_by_role("button").click()
        page.wait_for_url("**/en/data")
        expect(page.get_by_role("region", name="Signed in")).to_contain_text("The housing-plan team")
        clean(seen)
        page.goto(site + "/log-ind/udbyder")  # nothing there without a provider
        clean(seen)
        page.evaluate("fetch('/log-ud', { method: 'POST' }).then(answer => { document.title = answer.status })")
        page.wait_for_function("document.title === '400'")
        expect(page.get_by_role("region", name="Logget ind")).to_be_visible()


def test_a_page_for_another_role_says_so_and_leads_back(browser: Browser, site: str) -> None:
    with visit(browser, site + "/log-ind?next=/ssp") as seen:
        page = seen.page
        fill(page, "bo", PASSWORD)
        page.get_by_label("Statusrapport").check()
        page.get_by_role("button", name="Fortsæt som Helhedsplanteamet").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Du har ikke adgang")
        clean(seen)
        page.get_by_role("link", name="Til forsiden").click()
        page.wait_for_url(site + "/")


def test_the_back_button_after_signing_out_shows_nothing(browser: Browser, site: str) -> None:
    with visit(browser, site + "/log-ind?next=/ssp") as seen:
        page = seen.page
        fill(page, "anna", PASSWORD)
        page.get_by_label("Følge op på en indsats").check()
        page.get_by_role("button", name="Fortsæt som SSP").click()
        page.wait_for_url("**/ssp")
        page.get_by_role("button", name="Log ud").click()
        page.wait_for_url("**/log-ud")
        page.go_back()
        page.wait_for_url("**/log-ind**")
        expect(page.get_by_text(re.compile("ikke efterforskning"))).to_have_count(0)
