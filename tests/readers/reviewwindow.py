"""A window of a browser in which a member of the housing-plan team is signed in; what goes wrong in it is collected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.readers.browser import WIDE, Visit
from tests.readers.signed import carry, staff


@contextmanager
def window(browser: Browser, app: Flask, address: str, name: str = "anna", *, width: int = WIDE, script: bool = True) -> Iterator[Visit]:
    """A window in which a member of the team is signed in."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script, accept_downloads=True)
    carry(context, address, staff(app, name))
    page = context.new_page()
    seen = Visit(page)
    watch(page, seen)
    try:
        yield seen
    finally:
        context.close()


def watch(page: Page, seen: Visit) -> None:
    page.on("console", lambda message: seen.problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.problems.append(f"script: {error}"))
    page.on("dialog", lambda dialog: (seen.problems.append(f"dialog: {dialog.message}"), dialog.accept()))


def saved(page: Page) -> None:
    expect(page.locator("#gemt")).to_have_text(re.compile(r"^Gemt kl\. \d\d\.\d\d$"))
