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
LOST = """() => [...document.querySelectorAll('main *, header *, footer *')].filter((one) => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  if (one.closest('.vh, svg, [hidden], .leaflet-container, .skip, .scroll, table.fold thead, .suggestions') || !box.width) return false;
  const cut = style.overflow === 'hidden' && one.scrollWidth > one.clientWidth + 1 && one.textContent.trim();
  return box.right > innerWidth + 1 || box.left < -1 || cut;
}).map((one) => one.tagName + '.' + one.className)"""
"""What is outside the window or cut off. `.scroll` holds a table that is scrolled sideways by itself."""
SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, summary')].filter((one) => {
  const box = one.getBoundingClientRect(), inline = getComputedStyle(one).display === 'inline';
  if (!box.width || one.closest('.vh, .skip, [hidden]') || one.type === 'hidden' || one.matches('.seg input')) return false;
  return !inline && (box.width < 24 || box.height < 24);
}).map((one) => one.outerHTML.slice(0, 120))"""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one.closest('svg') || one), box = one.getBoundingClientRect();
  const what = one.tagName + '#' + one.id + '.' + one.className + ' ' + (one.textContent || '').trim().slice(0, 30);
  return { what, body: one === document.body, style: style.outlineStyle, width: parseFloat(style.outlineWidth), colour: style.outlineColor,
    seen: box.bottom > 0 && box.top < innerHeight && box.width > 0 };
}"""
"""What has the focus. A shape in a drawing is outlined by its drawing, beside a thicker border of its own."""
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
    """Path of the chromium on this machine, or None. The shell without windows opens a page in a third of the time."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")


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

    def lost(self) -> list[str]:
        """What stands outside the window or is cut off."""
        found: list[str] = self.page.evaluate(LOST)
        return found

    def small(self) -> list[str]:
        """What is pressed and smaller than 24 pixels, but for links in a sentence."""
        found: list[str] = self.page.evaluate(SMALL)
        return found

    def stops(self, most: int = 60) -> list[dict[str, Any]]:
        """What the Tab key stops at, one after the other: how its outline is drawn, and whether it is in the window."""
        found = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            now = self.page.evaluate(FOCUSED)
            if now["body"]:
                break
            found.append(now)
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
