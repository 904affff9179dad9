"""What somebody does with a draft in the browser: fill a form of the catalogue, wait, begin, and publish."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Page


def fill(page: Page, typed: Mapping[str, str]) -> None:
    """Fill fields of the catalogue's form by their path; lists of choices are chosen, boxes ticked."""
    for path, text in typed.items():
        field = page.locator(f'[name="felt:{path}"]')
        page.locator("details").filter(has=field).evaluate_all("parts => parts.forEach(part => { part.open = true })")
        if field.count() > 1:  # boxes
            page.locator(f'[name="felt:{path}"][value="{text}"]').check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def settled(page: Page) -> None:
    """Wait until no work on the draft is shown."""
    page.locator("[data-arbejde]").wait_for(state="detached", timeout=90_000)


def begun(page: Page, address: str, about: str) -> str:
    """Begin a draft; the address of its page."""
    page.goto(f"{address}/arbejdsrum")
    page.get_by_label("Hvad handler den nye kladde om?").fill(about)
    page.get_by_role("button", name="Begynd en kladde").click()
    page.wait_for_url("**/arbejdsrum/*")
    settled(page)
    return page.url.partition("#")[0]


def publish(page: Page, home: str, reason: str, *, rehearsed: str = "") -> None:
    """Rehearse a draft, sign it and publish it. rehearsed: words that stand in the rehearsal."""
    page.goto(home)
    settled(page)
    page.get_by_role("button", name="Prøv", exact=True).click()
    page.get_by_role("link", name="Se, hvad der sker").wait_for(timeout=60_000)
    settled(page)
    page.get_by_role("link", name="Se, hvad der sker").click()
    if rehearsed:
        page.get_by_text(rehearsed).first.wait_for()
    page.get_by_label("Hvorfor udgives det?").fill(reason)
    page.get_by_role("button", name="Skriv under og udgiv").click()
    page.get_by_text("Udgivet som nr. 1.").first.wait_for(timeout=60_000)
    settled(page)
