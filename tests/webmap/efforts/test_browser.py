"""From signing in to what the public sees: a project with a grant is written in the workroom's form, rehearsed, published, and found."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.readers.browser import NARROW, serving, visit
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns.drafttown import app_of, data_person, write

pytestmark = pytest.mark.browser
TYPED = {
    "id": "lektiehjaelp", "name.da": "Lektiehjælp", "name.en": "Homework help", "owner": "Socialforvaltningen", "applicant": "Foreningen",
    "valid_from": "2009", "valid_to": "2010", "title": "Lektiehjælp i gården", "aim": "Flere læser bedre.",
    "financed[1].key": "2009", "financed[1].value": "0,4", "areas[1].area_id": "0102",
}  # fmt: skip
CHOSEN = {"kind": "project", "committee": "BUU", "areas[1].area_set": "square"}


def fill(page: Page) -> None:
    """Fill the form of an effort."""
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    for path, value in CHOSEN.items():
        page.locator(f'[name="felt:{path}"]').select_option(value)
    for path, text in TYPED.items():
        field = page.locator(f'[name="felt:{path}"]')
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def settled(page: Page) -> None:
    """Wait until no work on the draft is shown."""
    page.locator("[data-arbejde]").wait_for(state="detached", timeout=90_000)


def test_a_project_is_written_published_and_found(browser: Browser, tmp_path: Path) -> None:
    place = write(tmp_path / "town")
    app = app_of(place)
    with worker(place), serving(app) as address, visit(browser, f"{address}/om") as seen:
        page = seen.page
        page.set_default_timeout(90_000)
        carry(page.context, address, data_person(app))
        page.goto(f"{address}/arbejdsrum")
        page.get_by_label("Hvad handler den nye kladde om?").fill("Et projekt")
        page.get_by_role("button", name="Begynd en kladde").click()
        page.wait_for_url("**/arbejdsrum/*")
        home = page.url.partition("#")[0]
        settled(page)
        page.goto(f"{home}/katalog/effort/_ny")
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        page.locator('[name="felt:kind"]').select_option("project")
        for path in ("id", "name.da", "name.en"):
            page.locator(f'[name="felt:{path}"]').fill(TYPED[path])
        page.get_by_role("button", name="Gem forslaget").click()
        page.wait_for_url("**forslag=*")
        settled(page)
        page.get_by_text("projektet ligger ingen steder").first.wait_for()  # an area is missing: said where it is written
        fill(page)
        page.get_by_role("button", name="Gem forslaget").click()
        page.wait_for_url("**forslag=*")
        page.goto(home)
        settled(page)
        page.get_by_role("button", name="Prøv", exact=True).click()
        page.get_by_role("link", name="Se, hvad der sker").wait_for()
        settled(page)
        page.get_by_role("link", name="Se, hvad der sker").click()
        page.get_by_text("Lektiehjælp").first.wait_for()
        page.get_by_label("Hvorfor udgives det?").fill("Et nyt projekt")
        page.get_by_role("button", name="Skriv under og udgiv").click()
        page.get_by_text("Udgivet som nr. 1.").first.wait_for()
        with visit(browser, f"{address}/projektbank", width=NARROW) as public:
            public.page.get_by_role("link", name="Lektiehjælp").click()
            public.page.get_by_role("heading", name="Lektiehjælp", level=1).wait_for()
            said = public.page.locator("main").inner_text()
            assert all(words in said for words in ("Lektiehjælp i gården", "Flere læser bedre.", "Foreningen", "0,4"))
            assert public.page.evaluate("document.documentElement.scrollWidth") <= NARROW
            assert public.problems == []
