"""From signing in to what the public sees: a project with a grant is written in the workroom's form, rehearsed, published, and found."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.readers.browser import NARROW, serving, visit
from tests.readers.draftforms import begun, fill, publish, settled
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns.drafttown import app_of, data_person, write

pytestmark = pytest.mark.browser
TYPED = {
    "kind": "project", "committee": "BUU", "areas[1].area_set": "square", "id": "lektiehjaelp", "name.da": "Lektiehjælp",
    "name.en": "Homework help", "owner": "Socialforvaltningen", "applicant": "Foreningen", "valid_from": "2009", "valid_to": "2010",
    "title": "Lektiehjælp i gården", "aim": "Flere læser bedre.", "financed[1].key": "2009", "financed[1].value": "0,4",
    "areas[1].area_id": "0102",
}  # fmt: skip


def test_a_project_is_written_published_and_found(browser: Browser, tmp_path: Path) -> None:
    place = write(tmp_path / "town")
    app = app_of(place)
    with worker(place), serving(app) as address, visit(browser, f"{address}/om") as seen:
        page = seen.page
        page.set_default_timeout(90_000)
        carry(page.context, address, data_person(app))
        home = begun(page, address, "Et projekt")
        page.goto(f"{home}/katalog/effort/_ny")
        fill(page, {name: TYPED[name] for name in ("kind", "id", "name.da", "name.en")})
        page.get_by_role("button", name="Gem forslaget").click()
        page.wait_for_url("**forslag=*")
        settled(page)
        page.get_by_text("projektet ligger ingen steder").first.wait_for()  # an area is missing: said where it is written
        fill(page, TYPED)
        page.get_by_role("button", name="Gem forslaget").click()
        page.wait_for_url("**forslag=*")
        publish(page, home, "Et nyt projekt", rehearsed="Lektiehjælp")
        with visit(browser, f"{address}/projektbank", width=NARROW) as public:
            public.page.get_by_role("link", name="Lektiehjælp").click()
            public.page.get_by_role("heading", name="Lektiehjælp", level=1).wait_for()
            said = public.page.locator("main").inner_text()
            assert all(words in said for words in ("Lektiehjælp i gården", "Flere læser bedre.", "Foreningen", "0,4"))
            assert public.page.evaluate("document.documentElement.scrollWidth") <= NARROW
            assert public.problems == []
