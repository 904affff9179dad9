"""A real server and Debian's chromium for the tests that need a browser. What a page did wrong is collected, not printed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE, NARROW = 1440, 390
DRAWN = "() => !document.getElementById('map_kort') || document.getElementById('map_kort').dataset.tegnet"
_LISTEN = "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of one module, which are skipped where there is none; `tests/conftest.py` hands it to all."""
    executable = chromium()
    if executable is None:
        pytest.skip("no chromium on this machine: install Debian's package `chromium` to run the browser tests")
    with running(executable) as found:
        yield found


def chromium() -> str | None:
    """Path of the chromium on this machine, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application on a free port; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def running(executable: str) -> Iterator[Browser]:
    """Run a headless browser that asks nobody for anything."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """One page in one window, and all that went wrong in it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def shapes(self) -> int:
        """How many areas are drawn with a colour or a pattern."""
        script = "() => [...document.querySelectorAll('#map_kort path.omraade')].filter(p => getComputedStyle(p).fill !== 'none').length"
        return int(self.page.evaluate(script))

    def overflow(self) -> list[str]:
        """What sticks out of the window to the right; empty when the page does not scroll sideways."""
        script = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
          .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + '.' + e.className)"""
        found: list[str] = self.page.evaluate(script)
        return found

    def violations(self) -> list[str]:
        """What axe-core finds: rule, and the first place it is broken."""
        answer: dict[str, Any] = Axe().run(self.page).response
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]} ({len(one['nodes'])})" for one in answer["violations"]]


@contextmanager
def visit(browser: Browser, address: str, *, width: int = WIDE, script: bool = True) -> Iterator[Visit]:
    """Open a page and wait until its map, if it has one, is drawn."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
    page = context.new_page()
    seen = Visit(page)
    origin = "/".join(address.split("/")[:3])
    page.on("console", lambda message: seen.problems.append(f"console: {message.text}") if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.problems.append(f"script: {error}"))
    page.on(
        "request", lambda request: None if request.url.startswith((origin, "data:")) else seen.problems.append(f"foreign: {request.url}")
    )
    page.on("response", lambda response: seen.problems.append(f"{response.status}: {response.url}") if response.status >= 400 else None)
    if script:
        page.add_init_script(_LISTEN)
    try:
        page.goto(address)
        if script:
            page.wait_for_function(DRAWN)
        yield seen
    finally:
        context.close()
