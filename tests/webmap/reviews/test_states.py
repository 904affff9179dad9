"""Every page of the review room in a real browser: widths, keyboard, without script, on paper; and nothing that is typed runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.readers.browser import NARROW, WIDE, serving
from tests.readers.payloads import PAYLOADS
from tests.readers.reviewwindow import saved, window
from tests.towns.reviewtown import PAGE, PLAN, PROGRAMME, ROUND, room
from webmap.reviews import writing

pytestmark = pytest.mark.browser


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return room(tmp_path)


# --- every state, every width -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/gennemgang", ROUND, PAGE, PLAN, PROGRAMME, f"{PAGE}/historik", f"/en{PAGE}", f"/en{ROUND}"])
def test_every_page_is_clean_accessible_and_fits(browser: Browser, app: Flask, path: str) -> None:
    with serving(app) as address:
        for width in (WIDE, NARROW, 320):
            with window(browser, app, address, width=width) as seen:
                seen.page.goto(address + path)
                for button in seen.page.locator("button[name=add]").all():
                    button.click()
                for one in seen.page.locator("main details:not([open]) > summary").all():
                    one.click()
                assert seen.overflow() == []
                assert width == NARROW or seen.violations() == []
                assert seen.problems == []


def test_the_form_is_filled_by_keyboard_alone(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna:
        page = anna.page
        page.goto(f"{address}{PAGE}#skema")
        page.locator("#f-note").focus()
        for words in ("Note", "Beslutning", "Bo", ""):
            page.keyboard.type(words)
            page.keyboard.press("Tab")
        for _ in range(2):  # the parts of the date
            page.keyboard.press("Tab")
        while page.evaluate("() => document.activeElement.name") != "add":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.name").endswith("/text")
        page.keyboard.type("Ring")
        saved(page)
        focus = page.evaluate("() => getComputedStyle(document.activeElement).outlineWidth")
        assert focus == "3px"


def test_without_script_everything_can_be_written(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address, script=False) as anna:
        page = anna.page
        page.goto(address + PAGE)
        page.get_by_label("Vurdering").fill("\n  Uden script\n")
        page.get_by_role("button", name="Tilføj en handling").click()
        page.get_by_label("Hvad skal der gøres?").fill("Ring")
        page.get_by_role("button", name="Gem", exact=True).click()
        expect(page.get_by_label("Vurdering")).to_have_value("\n  Uden script\n")
        expect(page.get_by_label("Hvad skal der gøres?")).to_have_value("Ring")


def test_printed_a_page_has_its_words_and_no_buttons(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna:
        anna.page.goto(address + PAGE)
        anna.page.emulate_media(media="print")
        expect(anna.page.get_by_role("button", name="Gem", exact=True)).to_be_hidden()
        expect(anna.page.locator(".room-list")).to_be_hidden()
        expect(anna.page.locator("h1")).to_be_visible()


# --- nothing that is typed runs -----------------------------------------------------------------------------------------


def test_nothing_that_is_typed_runs_or_is_shown_wrong(browser: Browser, app: Flask) -> None:
    with serving(app) as address, window(browser, app, address) as anna:
        page = anna.page
        page.goto(address + PAGE)
        fields = {"note": "\n".join(PAYLOADS), "decision": "\n".join(PAYLOADS), "owner": PAYLOADS[4]}
        fields |= {f"actions/r{n}/{name}": words for n, words in enumerate(PAYLOADS) for name in ("text", "owner", "status", "due")}
        posted = """async ([fields]) => (await fetch(document.querySelector('form[data-gem]').dataset.gem, { method: 'POST', headers:
          { 'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('form[data-gem] [name=csrf]').value },
          body: JSON.stringify({ base: '1', fields }) })).status"""
        assert page.evaluate(posted, [fields]) == 200
        page.reload()
        for number, payload in enumerate(PAYLOADS):
            one_line = writing.plain(payload).replace("\n", "")
            expect(page.locator(f'[name="actions/r{number}/text"]')).to_have_value(writing.plain(payload))
            expect(page.locator(f'[name="actions/r{number}/owner"]')).to_have_value(one_line)
        page.locator("#f-note").focus()
        for path in (ROUND, f"{PAGE}/historik", f"/en{PAGE}", PLAN):
            page.goto(address + path)
        texts = page.goto(f"{address}{PAGE}/historik") and page.locator(".history td").all_text_contents()
        assert not [payload for payload in PAYLOADS if writing.plain(payload) not in texts]
        assert page.locator("main img, main iframe, main script").count() == 0
        assert anna.problems == []


# --- a round that is put right ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_came_too_late_and_a_cancelled_round_are_clean_and_keep_the_words(browser: Browser, app: Flask, prefix: str) -> None:
    with serving(app) as address:
        for width in (WIDE, NARROW):
            with window(browser, app, address, width=width, script=False) as seen:
                seen.page.goto(f"{address}{prefix}{PAGE}")
                seen.page.locator("#f-note").fill("x" * (writing.LONG + 1))
                seen.page.locator(".save button").click()
                expect(seen.page.locator("#ikke-gemt")).to_be_visible()
                expect(seen.page.locator("#f-note")).to_have_value("x" * (writing.LONG + 1))
                assert seen.overflow() == []
        with window(browser, app, address, script=False) as late, window(browser, app, address, "bo") as seen:
            late.page.goto(f"{address}{prefix}{PAGE}")
            late.page.locator("#f-note").fill("Skrevet for sent")
            seen.page.goto(f"{address}{prefix}{ROUND}#ret")
            seen.page.locator("#aflys").check()
            seen.page.locator("#ret form[action$=aflys] button").click()
            expect(seen.page.locator("#ret")).to_have_count(0)
            late.page.locator(".save button").click()
            expect(late.page.locator("#skrevet")).to_have_value(re.compile("Skrevet for sent"))
            assert late.overflow() == seen.overflow() == []
            assert seen.violations() == []
            seen.page.set_viewport_size({"width": NARROW, "height": 900})
            assert seen.overflow() == []
