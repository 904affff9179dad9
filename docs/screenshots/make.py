"""`make screenshots`: the states most worth seeing, wide and narrow, from the embedded data and the demo, into this folder.

Nothing here is a test; the windows, the browser and the server are the tests' own.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from geo import demo, pipeline  # noqa: E402 - the repository is found first
from geo.files import workspace  # noqa: E402 - the repository is found first
from tests.readers.browser import DRAWN, NARROW, WIDE, chromium, running, serving  # noqa: E402
from tests.readers.signed import PASSWORD, door  # noqa: E402
from webmap.access import Role  # noqa: E402
from webmap.access.store import accounts  # noqa: E402
from webmap.access.store.accounts import Account  # noqa: E402
from webmap.app import create_app  # noqa: E402
from webmap.reviews.store import database  # noqa: E402
from webmap.settings import Settings  # noqa: E402

HEIGHT = {WIDE: 1000, NARROW: 844}
LARGEST = 300_000
"""Bytes that a picture may have; one that is larger gets fewer colours."""


def nothing(_page: Page) -> None:
    """The page as it opens."""


def suggest(page: Page) -> None:
    """A search that is being written."""
    page.locator("#sted").press_sequentially("norreb")
    page.wait_for_selector(".suggestions:not([hidden]) li")


def to_table(page: Page) -> None:
    """The table below the map."""
    page.locator("#tabel").scroll_into_view_if_needed()
    page.evaluate("() => document.getElementById('tabel').scrollIntoView()")


def to_room(page: Page) -> None:
    """The first round of the review room, opened if there is none."""
    opening = page.get_by_role("button", name="Åbn runden")
    if opening.count():
        opening.click()
    else:
        page.locator("#runder ~ table tbody a").first.click()
    page.wait_for_url("**/gennemgang/*")


@dataclass(frozen=True)
class State:
    """One picture: its name, where it is, what is done there first, and the role of who looks ("" for anyone)."""

    name: str
    path: str
    act: Callable[[Page], None] = nothing
    role: str = ""


STATES = (
    State("forside", "/"),
    State("maal", "/maal/5"),
    State("to-laesninger", "/arbejdsmarked"),
    State("kort", "/kort/tryg_nabolag?omraade=valby"),
    State("tabel", "/kort/tryg_nabolag?sorter=-vaerdi", to_table),
    State("perioder", "/kort/demo_uden_arbejdsmarked/perioder"),
    State("omraade", "/omraade/tryghedsdistrikt/valby"),
    State("find", "/find?q=Blågårds Plads"),
    State("forslag", "/find", suggest),
    State("udskrift", "/maal/5/udskrift"),
    State("sammenlign", "/kort/sammenlign"),
    State("sikkerhed", "/ssp/tryghed", role="ssp"),
    State("gennemgang", "/gennemgang", to_room, role="staff"),
    State("kilde", "/data"),
)


def main() -> None:
    """Build a workspace of its own, serve it and take every picture."""
    executable = chromium()
    if executable is None:
        raise SystemExit("no chromium on this machine: install Debian's package chromium-headless-shell or chromium")
    with tempfile.TemporaryDirectory() as folder:
        made = workspace.create(Path(folder) / "var", default=HERE.parent.parent)
        demo.make(made)
        pipeline.build(made)
        settings = Settings(workspace=made.folder)
        database.upgrade(settings.reviews_address)
        app = create_app(settings)
        for role in (Role.STAFF, Role.SSP):
            accounts.add(door(app).store, Account(role.value, "Anna Holm", frozenset({role}), 0.0), PASSWORD)
        with serving(app) as site, running(executable) as browser:
            for state in STATES:
                for width in (WIDE, NARROW):
                    _take(browser, site, state, width)


def _take(browser: Browser, site: str, state: State, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": HEIGHT[width]}, locale="da-DK", reduced_motion="reduce")
    page = context.new_page()
    if state.role:
        _sign_in(page, site, state)
    page.goto(site + state.path)
    page.wait_for_function(DRAWN)
    state.act(page)
    page.wait_for_load_state("networkidle")
    target = HERE / f"{state.name}{'' if width == WIDE else '-smal'}.png"
    target.write_bytes(_small(page.screenshot()))
    sys.stdout.write(f"{target.name}  {target.stat().st_size:,} bytes\n")
    context.close()


def _sign_in(page: Page, site: str, state: State) -> None:
    page.goto(f"{site}/log-ind?next={state.path}")
    page.get_by_label(re.compile("^(Navn|Name)$")).fill(state.role)
    page.locator("#adgangskode").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/log-ind" not in address)
    if "/formaal" in page.url:
        page.locator("input[name=formaal]").first.check()
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(f"**{state.path}*")


def _small(picture: bytes) -> bytes:
    """The picture with as many colours as a page of ours needs, so that the repository stays small."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    for colours in (256, 128, 64, 32):
        if out.tell() <= LARGEST:
            break
        out = io.BytesIO()
        whole.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
