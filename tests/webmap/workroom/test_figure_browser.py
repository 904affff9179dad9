"""A single figure, in a real browser: typed with the keyboard, seen in the rehearsal and in the barometer that it would make."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from geo import pipeline
from geo.files import workspace
from geo.files.workspace import Workspace
from tests.readers.browser import NARROW, serving, visit
from tests.readers.draftforms import begun, settled
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns.drafttown import app_of, data_person

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
INDICATOR = "beskaeftigede_indvandrere"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = workspace.create(tmp_path_factory.mktemp("typed") / "var", default=ROOT)
    pipeline.build(made)
    return made


def typed(page: Page, period: str, value: str) -> None:
    """Choose the indicator and type a figure of the city, going from field to field."""
    page.get_by_role("link", name="Skriv et tal").click()
    page.get_by_label("Hvilken indikator?").select_option(INDICATOR)
    page.get_by_role("button", name="Videre").click()
    page.get_by_label("Periode").fill(period)
    page.keyboard.press("Tab")  # the value is the next field
    page.keyboard.type(value)
    page.get_by_label("Kilde", exact=True).select_option("kk-002")
    page.get_by_label("Sted i kilden").fill("opdigtet til prøven")
    page.keyboard.press("Enter")


def test_a_typed_figure_stands_in_the_rehearsal_and_goes_when_it_is_taken_out(browser: Browser, place: Workspace) -> None:
    app = app_of(place)
    with worker(place), serving(app) as address, visit(browser, f"{address}/barometer") as seen:
        page = seen.page
        page.set_default_timeout(60_000)
        carry(page.context, address, data_person(app))
        home = begun(page, address, "Ét tal")
        typed(page, "2009H1", "61.3xx")
        page.get_by_text("Det er ikke et tal").first.wait_for()
        assert page.get_by_label("Værdi").get_attribute("aria-invalid") == "true"
        assert page.get_by_label("Periode").input_value() == "2009H1"
        assert seen.violations() == []
        page.get_by_label("Værdi").fill("61,3")
        page.get_by_text("Usikkerhed, når kilden giver den").click()
        page.get_by_label("Nedre grænse").fill("60,5")
        page.get_by_label("Øvre grænse").fill("62,1")
        page.get_by_role("button", name="Læg i kladden").click()
        page.get_by_text(f"tal-{INDICATOR.replace('_', '-')}-kommune-0101-2009h1.csv").first.wait_for()
        settled(page)
        page.get_by_role("button", name="Prøv", exact=True).click()
        page.get_by_role("link", name="Se, hvad der sker").wait_for()
        settled(page)
        page.get_by_role("link", name="Se, hvad der sker").click()
        rehearsal = page.locator("main").inner_text().replace("\u00a0", " ")
        assert "61,3" in rehearsal
        assert "1. halvår 2009" in rehearsal
        assert "2 svar er ændret" in rehearsal  # both readings of the barometer's goal of employment, which say På vej
        assert "kommet i arbejde, som målet var? : På vej" in rehearsal
        page.goto(home)
        page.locator("details.item summary").first.click()
        page.get_by_role("button", name="Tag ud af kladden").first.click()
        page.get_by_text("Ingen filer endnu.").wait_for()
        settled(page)
        assert [problem for problem in seen.problems if "422" not in problem] == []  # the refusal above was one


def test_a_figure_that_is_shown_is_said_to_be_replaced_and_the_form_fits_a_phone(browser: Browser, place: Workspace) -> None:
    app = app_of(place)
    with worker(place), serving(app) as address, visit(browser, f"{address}/barometer", width=NARROW) as seen:
        page = seen.page
        page.set_default_timeout(60_000)
        carry(page.context, address, data_person(app))
        home = begun(page, address, "En rettelse")
        page.goto(f"{home}/tal?indikator={INDICATOR}")
        assert seen.overflow() == []
        assert seen.small() == []
        assert seen.violations() == []
        page.goto(home)
        typed(page, "2008-08", "60,1")
        page.get_by_text("Erstatter 1 tal, der vises i dag:").wait_for(state="attached")
        settled(page)
        said = page.locator("details.item").first.text_content() or ""
        assert "59,9 → 60,1" in said
        assert seen.problems == []
