"""How fast a server answers (wrk) and how fast a page is there for a reader (chromium)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page

from tests.readers.browser import DRAWN, chromium, running

CONNECTIONS: Final = 32
_UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Rate:
    """Answers a second; milliseconds that half and 99 of 100 answers took at most; answers that were errors, or did not come."""

    per_second: float
    half: float
    p99: float
    errors: int


@dataclass(frozen=True)
class View:
    """One map in a browser: kilobytes over the wire and milliseconds until it can be used; then milliseconds for each switch."""

    kilobytes: float
    ready: float
    period: float
    indicator: float


def rate(address: str, *, seconds: float, headers: Mapping[str, str]) -> Rate:
    """Ask for one address over and over from 32 connections. Raises RuntimeError when wrk cannot."""
    named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--timeout", "10s", "--latency", *named, address]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - wrk with our own addresses
    found = re.search(r"Requests/sec:\s+([\d.]+)", said.stdout)
    if found is None:
        raise RuntimeError(said.stderr or said.stdout)
    broken = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", said.stdout)))
    refused = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", said.stdout)))
    return Rate(float(found[1]), _milliseconds(said.stdout, "50%"), _milliseconds(said.stdout, "99%"), broken + refused)


def _milliseconds(said: str, share: str) -> float:
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)\b", said).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[unit]


def view(address: str, *, other: str) -> View:
    """Open a map with nothing in the cache, then switch period and indicator. other: id of another indicator."""
    executable = chromium()
    if executable is None:
        raise RuntimeError("no chromium on this machine")
    with running(executable) as browser:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        sizes = _listen(page)
        page.goto(address)
        page.wait_for_function(DRAWN)
        ready = float(page.evaluate("() => performance.now()"))
        page.wait_for_load_state("networkidle")
        wire = sum(sizes) / 1000
        period = _switch(page, "select[name=periode], input[name=periode]", "")
        period = min(period, _switch(page, "select[name=periode], input[name=periode]", ""))
        return View(wire, ready, period, min(_switch(page, "select[name=indikator]", other) for other in (other, other)))


def _listen(page: Page) -> list[float]:
    sizes: list[float] = []
    session: Any = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes


_CHANGE: Final = """([control, value]) => new Promise((done) => {
  const canvas = document.getElementById('map_kort'), all = [...document.querySelectorAll(control)];
  const start = performance.now();
  const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - start), 0));
  const seen = new MutationObserver((_, watch) => { watch.disconnect(); painted(); });
  seen.observe(canvas, { attributes: true, attributeFilter: ['data-tegnet'] });
  const list = all[0];
  if (list.tagName === 'SELECT') {
    list.value = value || [...list.options].find((one) => !one.selected).value;
    list.dispatchEvent(new Event('change', { bubbles: true }));
  } else {
    all.find((one) => !one.checked).click();
  }
})"""


def _switch(page: Page, control: str, value: str) -> float:
    """Milliseconds from the reader's change to the next picture."""
    page.wait_for_timeout(300)
    return float(page.evaluate(_CHANGE, [control, value]))
