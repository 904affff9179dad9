"""From a new list edition in the workroom to what the public reads, with a real browser: housing areas, and the safety index."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.readers.browser import serving, visit
from tests.readers.draftforms import begun, fill, publish, settled
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns import listtown
from tests.towns.drafttown import app_of, data_person
from tests.towns.listtown import LATER

pytestmark = pytest.mark.browser

NEW = ("Nordgården", "Sydgården", "Nygården", "Skovgården", "Åengen")
"""As many as before, three of them new."""
LIST = {
    "id": "gaarde-2014", "family": "gaarde", "published": "2014", "criteria": "gamle", "cite.source": "survey",
    **{f"{name}.{language}": f"Gårde 2014 {language}" for name in ("name", "definition") for language in ("da", "en")},
}  # fmt: skip


def read_by_everybody(browser: Browser, address: str, path: str) -> None:
    """The page fits a narrow window, has nothing that hinders, and says the same without script and on paper."""
    with visit(browser, address + path, width=320) as narrow:
        assert narrow.overflow() == []
        assert narrow.lost() == []
        assert narrow.small() == []
        assert narrow.violations() == []
        assert narrow.problems == []
        words = narrow.page.locator("main").inner_text()
        narrow.page.set_viewport_size({"width": 700, "height": 1000})  # a sheet of paper is wider than a phone
        narrow.page.emulate_media(media="print")
        expect(narrow.page.locator("main h1")).to_be_visible()
        assert narrow.overflow() == []
    with visit(browser, address + path, width=320, script=False) as plain:
        expect(plain.page.locator("main table, main ul").first).to_be_visible()
        assert plain.page.locator("main h1").inner_text() in words


def test_a_new_list_is_proposed_published_and_answers_the_goal_by_names(browser: Browser, tmp_path: Path) -> None:
    town = listtown.write(tmp_path / "town")
    app = app_of(town)
    with worker(town), serving(app) as address:
        with visit(browser, f"{address}/maal/GAARDE") as before:
            assert "Kan ikke afgøres endnu" in before.page.locator("div.answer").inner_text()
        with visit(browser, f"{address}/om") as seen:
            page = seen.page
            page.set_default_timeout(90_000)
            carry(page.context, address, data_person(app))
            home = begun(page, address, "Listen fra 2014")
            page.goto(f"{home}/katalog/list/_ny")
            for number, name in enumerate(NEW, 1):
                if not page.locator(f'[name="felt:members[{number}].name"]').count():
                    page.get_by_role("button", name="Gem forslaget").click()
                    page.wait_for_url("**forslag=*")
                    settled(page)
                if number == 1:
                    fill(page, LIST)
                fill(page, {f"members[{number}].name": name, f"members[{number}].area_set": "square"})
                code = dict(listtown.FIVE).get(name)
                if code:
                    fill(page, {f"members[{number}].area_id": code})
            page.get_by_role("button", name="Gem forslaget").click()
            page.wait_for_url("**forslag=*")
            publish(page, home, "Listen er kommet")
            assert seen.problems == []
        with visit(browser, f"{address}/maal/GAARDE") as after:
            answer = after.page.locator("div.answer").inner_text().replace("\n", "")
            assert "Nej · Ikke nået: nye på listen: Nygården, Skovgården og Åengen." in answer
        with visit(browser, f"{address}/boligomraader") as public:
            public.page.get_by_role("link", name="Gårde 2014 da").click()
            came = public.page.locator("#mod-listen").inner_text()
            assert [name for name in NEW[2:] if name in came] == list(NEW[2:])
            assert "3 navne er ikke tegnet" in public.page.locator("main").inner_text()
        for path in ("/boligomraader", "/boligomraader/gaarde-2014", "/en/boligomraader/gaarde-2014"):
            read_by_everybody(browser, address, path)


def test_an_edition_of_the_index_comes_as_a_table_and_the_goal_is_judged(browser: Browser, tmp_path: Path) -> None:
    town = listtown.write(tmp_path / "town")
    app, own = app_of(town), tmp_path / "indeks_2014.csv"
    own.write_text(listtown.table("2014", LATER), encoding="utf-8")
    with worker(town), serving(app) as address:
        with visit(browser, f"{address}/om") as seen:
            page = seen.page
            page.set_default_timeout(90_000)
            carry(page.context, address, data_person(app))
            home = begun(page, address, "Indekset fra 2014")
            page.locator("#fil").set_input_files([str(own)])
            page.get_by_role("button", name="Hent ind").click()
            page.get_by_text("indeks_2014.csv").first.wait_for()
            settled(page)
            publish(page, home, "Indekset er kommet")
            assert seen.problems == []
        with visit(browser, f"{address}/tryghedsindeks") as public:
            assert "Ja · Nået : 12 områder → 6 områder" in " ".join(public.page.locator("main").inner_text().split())
            public.page.get_by_role("link", name="2014", exact=True).click()
            moved = public.page.locator("#flyttet")
            assert "10 distrikter flyttede" in moved.inner_text()
            assert moved.get_by_role("rowheader", name="Distrikt").count() == 10
        for path in ("/tryghedsindeks", "/tryghedsindeks/2014", "/en/tryghedsindeks/2014"):
            read_by_everybody(browser, address, path)
