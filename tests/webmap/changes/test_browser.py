"""What has changed, in a browser: readable, reachable by keys and on a telephone; two editions are chosen without script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.readers.browser import WIDE, serving, visit
from tests.towns import newstown
from webmap.app import create_app
from webmap.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("newssite")
    newstown.publish_all(folder / "editions")
    with serving(create_app(Settings(workspace=folder))) as address:
        yield address


@pytest.mark.parametrize("width", [WIDE, 390, 320])
@pytest.mark.parametrize("path", ["/aendret", "/en/aendret?inddeling=square&omraade=0102", "/omraade/square/0101"])
def test_nothing_is_cut_off_or_too_small_to_press(browser: Browser, site: str, path: str, width: int) -> None:
    with visit(browser, site + path, width=width) as seen:
        assert (seen.overflow(), seen.lost(), seen.small()) == ([], [], [])
        assert not [stop["what"] for stop in seen.stops() if stop["style"] == "none" or not stop["seen"]]
        assert seen.problems == []


@pytest.mark.parametrize("path", ["/aendret", "/en/aendret", "/omraade/square/0101", "/kort/tryg"])
def test_axe_finds_nothing(browser: Browser, site: str, path: str) -> None:
    with visit(browser, site + path) as seen:
        assert seen.violations() == []


def test_two_editions_are_chosen_by_keys_and_without_script(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/aendret", script=False) as seen:
        page = seen.page
        page.get_by_label("Fra udgaven").select_option(label="1. januar 2020")
        page.get_by_label("til udgaven").select_option(label="1. juli 2020")
        page.get_by_role("button", name="Sammenlign").press("Enter")
        expect(page.locator(".answer")).to_contain_text("2 tal er nye, 1 er rettet.")
        page.get_by_role("link", name="Sydøst").first.click()
        expect(page.locator("h1")).to_have_text("Sydøst")
        expect(page.locator(".old")).to_contain_text("ældre udgave")
        page.get_by_role("link", name=re.compile("Hvad er ændret siden")).click()
        expect(page.locator(".answer")).to_contain_text("Fra udgaven med tal hentet senest 1. juli 2020")
