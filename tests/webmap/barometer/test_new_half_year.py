"""A new half-year of the barometer, in a real browser: dropped in the workroom, seen in the rehearsal, published, read by the public."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from geo import pipeline
from geo.files import workspace
from tests.readers.browser import NARROW, serving, visit
from tests.readers.draftforms import begun, settled
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns.drafttown import HEADER, app_of, data_person

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
NEW = f"{HEADER}\nbeskaeftigede_indvandrere,kommune,0101,2009H1,61.3,60.5,62.1,,,,final,kk-002,opdigtet til prøven,\n"
"""An invented half-year. The straight line from 54.4 in spring 2007 to 64 or 64.4 at the end of 2010 asks for 59.9 or 60.1 by then."""


def employment(page: Page, address: str) -> str:
    """What the barometer says of the main goal of employment."""
    page.goto(f"{address}/barometer")
    return page.locator("table.barometer tr", has=page.locator('a[href$="/maal/2006-H"]')).inner_text().replace("\u00a0", " ")


def test_a_half_year_that_is_dropped_stands_in_the_rehearsal_and_then_in_the_barometer(browser: Browser, tmp_path: Path) -> None:
    place = workspace.create(tmp_path / "var", default=ROOT)
    pipeline.build(place)
    app, file = app_of(place), tmp_path / "halvaar.csv"
    file.write_text(NEW, encoding="utf-8")
    with worker(place), serving(app) as address, visit(browser, f"{address}/barometer") as seen:
        page = seen.page
        page.set_default_timeout(90_000)
        before = employment(page, address)
        assert "59,9 %" in before  # the paper's latest, August 2008 (kk-002, l. 15)
        assert "61,3 %" not in before

        carry(page.context, address, data_person(app))
        begun(page, address, "Barometeret, 1. halvår 2009")
        page.locator("#fil").set_input_files([str(file)])
        page.get_by_role("button", name="Hent ind").click()
        page.get_by_text("halvaar.csv").first.wait_for(timeout=90_000)
        settled(page)
        page.get_by_role("button", name="Prøv", exact=True).click()
        page.get_by_role("link", name="Se, hvad der sker").wait_for(timeout=90_000)
        settled(page)
        page.get_by_role("link", name="Se, hvad der sker").click()
        rehearsal = page.locator("main").inner_text().replace("\u00a0", " ")
        assert "61,3" in rehearsal
        assert "1. halvår 2009" in rehearsal
        assert "61,3 %" not in employment(page, address)  # nobody else sees it yet
        page.go_back()
        page.get_by_label("Hvorfor udgives det?").fill("Halvårets barometer")
        page.get_by_role("button", name="Skriv under og udgiv").click()
        page.get_by_text("Udgivet som nr. 1.").first.wait_for(timeout=90_000)
        settled(page)
        assert seen.problems == []
    with serving(app) as address, visit(browser, f"{address}/barometer") as public:
        after = employment(public.page, address)
        assert "54,4 %" in after
        assert "61,3 %" in after
        assert "1. halvår 2009" in after
        assert "På vej" in after  # the deadline is the end of 2010: reached is no word for it yet
        assert "Nået" not in after
        assert public.problems == []


@pytest.mark.parametrize("width", [320, NARROW])
def test_it_folds_on_a_phone_and_reads_without_script(browser: Browser, tmp_path: Path, width: int) -> None:
    place = workspace.create(tmp_path / "var", default=ROOT)
    pipeline.build(place)
    with serving(app_of(place)) as address, visit(browser, f"{address}/barometer", width=width, script=False) as seen:
        assert seen.overflow() == []
        assert seen.lost() == []
        assert seen.small() == []
        assert seen.page.locator("table.barometer tbody tr:not(.theme)").count() == 21
    with serving(app_of(place)) as address, visit(browser, f"{address}/barometer", width=width) as seen:
        assert seen.violations() == []
        assert seen.problems == []
