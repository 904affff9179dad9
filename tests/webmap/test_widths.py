"""No page scrolls sideways, also between a phone and a desk: every page with a table, at widths where it has just no room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from geo.files.workspace import Workspace
from tests.readers.browser import serving, visit
from webmap.app import create_app
from webmap.settings import Settings

pytestmark = pytest.mark.browser
WIDTHS = (320, 390, 641, 700, 800, 900, 1024, 1040, 1440)
PAGES = (
    "/", "/maal/1", "/maal/4", "/maal/5", "/maal/7", "/arbejdsmarked",
    "/barometer", "/byindeks", "/diskrimination", "/boligomraader", "/tryghedsindeks", "/indsatser",
    "/indsatser/jobpatruljer", "/projektbank", "/oekonomi", "/handleplaner", "/aarshjul", "/statusrapport/2009",
    "/helhedsplaner", "/hotspots", "/find?q=Vesterbrogade", "/data", "/aendret", "/om",
    "/omraade/udsat_boligomraade/tingbjerg", "/en/maal/4",
)  # fmt: skip


@pytest.fixture(scope="module")
def app(built: Workspace) -> Flask:
    return create_app(Settings(workspace=built.folder))


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_at_any_width(browser: Browser, site: str, path: str) -> None:
    with visit(browser, site + path) as seen:
        wide = {}
        for width in WIDTHS:
            seen.page.set_viewport_size({"width": width, "height": 900})
            wide |= {width: out} if (out := seen.overflow()) else {}
        assert not wide


def test_a_table_of_many_columns_is_a_list_where_it_has_no_room_and_a_table_on_paper(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/indsatser") as seen:
        table = "() => getComputedStyle(document.querySelector('table.fold')).display"
        seen.page.set_viewport_size({"width": 700, "height": 900})
        assert seen.page.evaluate(table) == "block"
        seen.page.emulate_media(media="print")
        assert seen.page.evaluate(table) == "table"
        seen.page.emulate_media(media="screen")
        seen.page.set_viewport_size({"width": 1440, "height": 900})
        assert seen.page.evaluate(table) == "table"
