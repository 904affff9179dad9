"""One person, one draft, no shell: an Excel file, a correction, a zipped shapefile, a drawn hotspot, a new indicator and a new plan."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
import shapely
from playwright.sync_api import Browser, Page

from geo.drafts import kept
from geo.editions import edition
from geo.files.workspace import INPUTS
from geo.model.vocabulary import Audience
from tests.readers.browser import serving, visit
from tests.readers.draftforms import begun, fill, settled
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns import toytown
from tests.towns.drafttown import HEADER, app_of, data_person, write

pytestmark = pytest.mark.browser
CORNERS = "12.560 55.640\n12.563 55.640\n12.563 55.642\n12.560 55.642\n"


def files(folder: Path) -> dict[str, Path]:
    """What somebody has on their own machine."""
    book = openpyxl.Workbook()
    for row in (["Tryghed i felterne"], [], ["Felt", "2014"], ["Sydvest", 81], ["Sydoest", 44], ["Nordvest", 62], ["Nordøst", 93]):
        book.active.append(row)
    book.save(folder / "tryghed.xlsx")
    (folder / "rettelse.csv").write_text(f"{HEADER}\ntryg,square,0101,2011,84,,,100,,,final,survey,,\n", encoding="utf-8")
    layer = toytown.squares().rename(columns={"area_id": "kode", "name": "navn"})
    layer.loc[0, "geometry"] = shapely.segmentize(layer.geometry[0], 400)
    (folder / "shape").mkdir()
    layer.to_file(folder / "shape" / "felter.shp", encoding="utf-8")
    with zipfile.ZipFile(folder / "felter.zip", "w") as packed:
        for path in sorted((folder / "shape").iterdir()):
            packed.write(path, path.name)
    return {name: folder / name for name in ("tryghed.xlsx", "rettelse.csv", "felter.zip")}


def bring(page: Page, own: Mapping[str, Path]) -> None:
    """Bring three files and answer what is asked about the Excel file."""
    page.locator("#fil").set_input_files([str(path) for path in own.values()])
    page.get_by_role("button", name="Hent ind").click()
    page.locator('[name="svar.fixed.indicator"]').wait_for(timeout=90_000)
    settled(page)
    for name, text in {"fixed.indicator": "tryg", "fixed.source": "survey", "fixed.area_set": "square"}.items():
        page.locator(f'[name="svar.{name}"]').select_option(text)
    page.locator('form:has([name="svar.fixed.indicator"]) button').click()
    page.locator('[name="svar.area.Sydoest"]').wait_for(timeout=90_000)
    settled(page)
    page.locator('[name="svar.area.Sydoest"]').select_option("0102")
    page.locator('form:has([name="svar.area.Sydoest"]) button').click()
    settled(page)


def draw(page: Page, home: str) -> None:
    """Write the corners of a new area."""
    page.goto(f"{home}/tegn")
    page.locator("#slags").select_option("square")
    for field, text in {"kode": "proeve", "navn": "Prøvegården", "dag": "2021-01-01", "hvem": "Dana", "omrids": CORNERS}.items():
        page.locator(f"#{field}").fill(text)
    page.get_by_role("button", name="Læg i kladden").click()
    settled(page)


def propose(page: Page, home: str) -> None:
    """Write a new indicator and a new plan."""
    page.goto(f"{home}/katalog/indicator/_ny")
    texts = {f"{name}.{language}": f"{name} {language}" for name in ("name", "unit", "population") for language in ("da", "en")}
    more = {"id": "nyt_tal", "kind": "count", "direction": "up", "theme": "tryghed", "area_sets": "square", "rule": "open"}
    first = {"version": "1", "text.da": "Hvad det er", "text.en": "What it is"}
    fill(page, texts | more | {f"definitions[1].{name}": text for name, text in first.items()})
    page.get_by_role("button", name="Gem forslaget").click()
    page.wait_for_url("**forslag=*")
    page.goto(f"{home}/katalog/plan/_ny")
    fill(page, {"id": "ny-plan", "name": "Ny plan"})
    page.get_by_role("button", name="Gem forslaget").click()
    page.wait_for_url("**forslag=*")


def test_all_of_it_is_published_and_rolled_back(browser: Browser, tmp_path: Path) -> None:
    place = write(tmp_path / "town")
    app, own = app_of(place), files(tmp_path)
    before = {path: path.read_bytes() for name in INPUTS for path in (place.folder / name).rglob("*") if path.is_file()}
    with worker(place), serving(app) as address, visit(browser, f"{address}/om") as seen:
        page = seen.page
        page.set_default_timeout(90_000)
        carry(page.context, address, data_person(app))
        home = begun(page, address, "1. halvår")

        bring(page, own)
        draw(page, home)
        propose(page, home)
        page.goto(home)
        settled(page)
        draft = kept.listing(place.folder / kept.FOLDER)[0]
        assert draft.faulty == (), [(file.name, file.preview) for file in draft.files if not file.taken] + [
            entry.outcome for entry in draft.entries if entry.outcome and entry.outcome.state != "written"
        ]

        page.get_by_role("button", name="Prøv", exact=True).click()
        page.get_by_role("link", name="Se, hvad der sker").wait_for(timeout=60_000)
        settled(page)
        page.get_by_role("link", name="Se, hvad der sker").click()
        page.get_by_label("Hvorfor udgives det?").fill("Halvårets tal")
        page.get_by_role("button", name="Skriv under og udgiv").click()
        page.get_by_text("Udgivet som nr. 1.").first.wait_for(timeout=60_000)
        shown = edition.read(place.editions, edition.current(place.editions), Audience.PUBLIC)
        rows = shown.observations.set_index(["indicator", "area_id", "period"])["value"]
        assert (rows["tryg", "0102", "2014"], rows["tryg", "0101", "2011"]) == (44, 84)
        assert shown.catalogue.indicator("nyt_tal")
        assert [plan.name for plan in shown.catalogue.plans.plans if plan.id == "ny-plan"] == ["Ny plan"]
        assert "proeve" in {area.area_id for area in shown.layers["square"].areas}

        settled(page)
        page.get_by_label("Hvorfor skal det rulles tilbage?").fill("En prøve")
        page.get_by_role("button", name="Rul tilbage").click()
        page.get_by_text("rullet tilbage", exact=False).first.wait_for(timeout=90_000)
        settled(page)
        assert {path: path.read_bytes() for name in INPUTS for path in (place.folder / name).rglob("*") if path.is_file()} == before
        assert seen.problems == []
