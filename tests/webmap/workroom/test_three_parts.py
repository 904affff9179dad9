"""A goal of three parts, in a real browser: its figures are dropped in the workroom and published, and the public reads one answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.readers.browser import NARROW, serving, visit
from tests.readers.draftforms import begun, publish, settled
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns import offertown
from tests.towns.drafttown import HEADER, app_of, data_person
from tests.towns.offertown import FELL, ROSE, SAME

pytestmark = pytest.mark.browser


def bring_and_publish(page: Page, address: str, file: Path) -> None:
    """Begin a draft, bring one file into it, try it and publish it."""
    home = begun(page, address, "Brug af tilbud")
    page.locator("#fil").set_input_files([str(file)])
    page.get_by_role("button", name="Hent ind").click()
    page.get_by_text(file.name).first.wait_for(timeout=90_000)
    settled(page)
    publish(page, home, "Tal for de tre slags tilbud")


def test_figures_of_three_parts_are_dropped_and_the_public_reads_one_answer(browser: Browser, tmp_path: Path) -> None:
    place = offertown.write(tmp_path / "town")
    app, file = app_of(place), tmp_path / "brug.csv"
    header = tuple(HEADER.split(","))
    file.write_text(offertown.table(offertown.rows({"dag": ROSE, "social": FELL, "fritid": SAME}), header), encoding="utf-8")
    with worker(place), serving(app) as address, visit(browser, f"{address}/maal/4") as seen:
        page = seen.page
        page.set_default_timeout(90_000)
        expect(page.locator(".answer")).to_contain_text("Ikke målt")
        assert page.locator("section:has(#delene) tbody tr").count() == 3

        carry(page.context, address, data_person(app))
        bring_and_publish(page, address, file)

    with serving(app) as address, visit(browser, f"{address}/maal/4", width=NARROW) as public:
        page = public.page
        said = "brug af dagtilbud steg, brug af sociale tilbud faldt, og brug af fritidstilbud er ikke sikkert ændret"
        expect(page.locator(".answer")).to_contain_text("Ikke nået")
        expect(page.locator(".answer")).to_contain_text(said)
        parts = [" ".join(text.replace("\u00a0", " ").split()) for text in page.locator("section:has(#delene) tbody tr").all_inner_texts()]
        assert len(parts) == 3
        shown = (("dagtilbud", "60 % → 90 %", "Ja"), ("sociale tilbud", "60 % → 30 %", "Nej"), ("fritidstilbud", "60 % → 62 %", "Kan ikke"))
        for part, words in zip(parts, shown, strict=True):
            assert all(word in part.replace("\u202f", " ") for word in words), part
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.goto(f"{address}/en/maal/4")
        expect(page.locator(".answer")).to_contain_text(
            "use of day care rose, use of social offers fell, and use of leisure cannot be told"
        )
        assert public.problems == []
