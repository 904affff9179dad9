"""What axe cannot see (WCAG 2.2 AA): the map by keyboard, a focus that shows, 320 pixels, double size, targets, colours, motion, states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.files.workspace import Workspace
from tests.readers.browser import Visit, serving, visit
from webmap.app import create_app
from webmap.settings import Settings

pytestmark = pytest.mark.browser

CSS = (Path(__file__).parent.parent.parent / "webmap" / "static" / "omraadekort.css").read_text(encoding="utf-8")
COMPARED = "/kort/sammenlign?a=tryg_nabolag&b=tryg_nabolag&pa=2025&pb=2026&omraade=valby&omraade=christianshavn"
PERIODS = "/kort/tryg_nabolag/perioder"
PAGES = (
    "/", "/maal/5", "/arbejdsmarked", "/kort/", "/kort/tryg_nabolag?omraade=valby", "/omraade/tryghedsdistrikt/valby",
    "/find?q=Blågårds Plads", "/omraader", "/helhedsplaner", "/hotspots", "/data", "/om", "/tilgaengelighed", "/maal/5/udskrift",
    "/omraade/bydel/3/udskrift", "/aendret", "/find?q=1 2", "/nowhere", "/kort/sammenlign", COMPARED, PERIODS, f"/en{PERIODS}",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(built: Workspace) -> Iterator[str]:
    with serving(create_app(Settings(workspace=built.folder))) as address:
        yield address


# --- the map by keyboard ------------------------------------------------------------------------------------------------


def test_every_shape_is_reached_and_named_by_keys_alone(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/kort/tryg_nabolag") as seen:
        page, told = seen.page, seen.page.locator("#kort-her")
        page.locator("#map_kort").focus()
        names = []
        for _ in range(13):
            page.keyboard.press("PageDown")
            names.append((told.text_content() or "").split(":")[0])
            expect(page.locator("#map_kort path.peget").first).to_be_attached()
        assert names == page.eval_on_selector_all("tr[data-key]:not([data-key=by])", "rows => rows.map(one => one.dataset.name)")
        assert re.search(r"Østerbro: \d+\s%\s\(.+\), endelig", told.text_content() or "")
        assert seen.problems == []


def test_arrow_keys_go_to_the_neighbour_on_that_side_and_enter_chooses(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/kort/tryg_nabolag?omraade=valby") as seen:
        page, told = seen.page, seen.page.locator("#kort-her")
        page.locator("#map_kort").focus()
        page.keyboard.press("ArrowUp")  # the chosen one first
        expect(told).to_contain_text("Valby:")
        page.keyboard.press("ArrowUp")
        expect(told).to_contain_text("Vanløse:")  # north of Valby
        page.keyboard.press("ArrowUp")
        expect(told).to_contain_text("Brønshøj-Husum:")
        page.keyboard.press("ArrowUp")  # nothing is further north on that side
        page.keyboard.press("Enter")
        expect(page.locator("aside h2")).to_have_text(re.compile("Brønshøj-Husum|Bispebjerg|Østerbro"))
        page.locator("#map_kort").focus()
        page.keyboard.press("PageDown")
        page.keyboard.press("Escape")
        expect(told).to_have_text("")
        assert page.locator("#map_kort path.peget").count() == 0
        assert seen.problems == []


def test_shift_and_an_arrow_key_still_move_the_map(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/kort/tryg_nabolag") as seen:
        page = seen.page
        page.keyboard.press("Tab")
        page.locator("#map_kort").focus()
        page.keyboard.press("+")
        page.wait_for_timeout(400)
        before = page.evaluate("() => map_kort.getCenter().lng")
        page.keyboard.press("Shift+ArrowRight")
        page.wait_for_function("before => map_kort.getCenter().lng !== before", arg=before)


def test_a_press_on_the_map_says_what_is_there_when_asked(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/kort/tryg_nabolag") as seen:
        page = seen.page
        page.get_by_role("button", name="Hvad ligger her?").click()
        assert seen.violations() == []
        box = page.locator("#map_kort").bounding_box()
        assert box
        point = page.evaluate("() => map_kort.latLngToContainerPoint([55.6867, 12.5572])")
        page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])
        page.wait_for_url("**/find?q=*")
        expect(page.locator("main")).to_contain_text("Indre Nørrebro")
        page.go_back()
        page.get_by_role("button", name="Hvad ligger her?").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Hvad ligger her?")).to_have_attribute("aria-pressed", "false")
        assert seen.problems == []


# --- focus ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/kort/tryg_nabolag", "/find?q=Blågårds Plads", "/maal/5/udskrift", COMPARED, PERIODS])
def test_the_focus_is_always_visible(browser: Browser, site: str, path: str) -> None:
    with visit(browser, site + path) as seen:
        stops = seen.stops()
        for now in stops:
            assert now["style"] != "none", now
            assert now["width"] >= 2, now
            assert now["seen"], now
            assert contrast(rgb(now["colour"]), variable("paper")) >= 3, now
        assert len(stops) >= (2 if "udskrift" in path else 12)


def test_the_first_stop_jumps_to_the_content(browser: Browser, site: str) -> None:
    with visit(browser, site + "/maal/5") as seen:
        seen.page.keyboard.press("Tab")
        expect(seen.page.locator(":focus")).to_have_text("Spring til indhold")
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("() => document.getElementById('indhold').contains(document.activeElement)")


# --- narrow, large, calm -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_lost_at_320_pixels_and_in_double_size(browser: Browser, site: str, path: str) -> None:
    for width, scale in ((320, 1), (640, 2)):
        context = browser.new_context(viewport={"width": width, "height": 800}, device_scale_factor=scale)
        seen = Visit(context.new_page())
        seen.page.goto(site + path)
        assert seen.overflow() == [], (width, path)
        assert seen.lost() == [], (width, path)
        context.close()


@pytest.mark.parametrize(
    "path", ["/", "/kort/tryg_nabolag", "/maal/5", "/find?q=Nørrebro", "/omraade/tryghedsdistrikt/valby", COMPARED, PERIODS]
)
def test_targets_are_at_least_24_pixels_or_stand_in_a_sentence(browser: Browser, site: str, path: str) -> None:
    with visit(browser, site + path, width=390) as seen:
        assert seen.small() == []


def test_nothing_moves_for_who_asks_for_calm(browser: Browser, site: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    script = """() => [...document.querySelectorAll('body *')].filter((one) => !one.closest('.leaflet-container')).filter((one) => {
      const style = getComputedStyle(one);
      return parseFloat(style.transitionDuration) > 0.01 || parseFloat(style.animationDuration) > 0.01;
    }).map((one) => one.outerHTML.slice(0, 80))"""
    for path in ("/", "/kort/tryg_nabolag", "/find", COMPARED, PERIODS):
        page.goto(site + path)
        assert page.evaluate(script) == []
    context.close()


# --- colours -----------------------------------------------------------------------------------------------------------------


def variable(name: str) -> tuple[int, int, int]:
    found = re.search(rf"--{name}: #([0-9a-f]{{6}})", CSS)
    assert found, name
    return tuple(int(found[1][place : place + 2], 16) for place in (0, 2, 4))  # type: ignore[return-value]


def rgb(text: str) -> tuple[int, int, int]:
    red, green, blue = (int(float(part)) for part in re.findall(r"[\d.]+", text)[:3])
    return red, green, blue


def luminance(colour: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_wcag_reckons_it() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_words_and_controls_stand_out_from_their_ground() -> None:
    for ink in ("ink", "soft", "accent", "mark"):
        for ground in ("paper", "card", "quiet"):
            assert contrast(variable(ink), variable(ground)) >= 4.5, (ink, ground)
    for ground in ("paper", "card"):
        assert contrast(variable("edge"), variable(ground)) >= 3, ground  # borders of fields and buttons
    assert contrast(variable("demo-ink"), variable("demo")) >= 4.5


def test_neighbouring_classes_can_be_told_apart_and_darken_in_one_order() -> None:
    steps = [luminance(variable(f"k{number}")) for number in range(1, 6)]
    assert steps == sorted(steps, reverse=True)
    for light, dark in pairwise(range(1, 6)):
        assert contrast(variable(f"k{light}"), variable(f"k{dark}")) >= 1.25, (light, dark)


# --- states that only appear when something is done --------------------------------------------------------------------------


def open_suggestions(page: Page) -> None:
    page.locator("#find").press_sequentially("norre")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")


def turn_the_table(page: Page) -> None:
    page.locator("#sorter-antal").click()
    page.wait_for_selector("[aria-sort]")


def copy_the_link(page: Page) -> None:
    page.get_by_role("button", name="Kopiér linket").click()


def choose_an_area(page: Page) -> None:
    page.locator("svg.large").first.locator("g[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#udvalg-titel")).to_have_text("Valgte områder (3)")


def fill_the_screen(page: Page) -> None:
    page.get_by_role("button", name="Fuld skærm").click()


def zoom_in(page: Page) -> None:
    page.get_by_role("button", name="Zoom ind på alle kort").click()


def walk_the_map(page: Page) -> None:
    page.locator("#map_kort").focus()
    page.keyboard.press("PageDown")


@pytest.mark.parametrize(
    ("path", "act"),
    [
        ("/", open_suggestions), ("/kort/tryg_nabolag", turn_the_table), ("/maal/5", copy_the_link), ("/kort/tryg_nabolag", walk_the_map),
        ("/find?q=1 2", lambda _page: None), ("/find?q=zzzz", lambda _page: None), ("/aendret", lambda _page: None),
        ("/maal/5/udskrift", lambda _page: None), ("/omraade/bydel/3/udskrift", lambda _page: None),
        ("/en/find?q=N%C3%B8rrebro", lambda _page: None), (COMPARED, choose_an_area), (COMPARED, zoom_in), (COMPARED, fill_the_screen),
        ("/en/kort/sammenlign?a=tryg_nabolag&b=demo_uden_arbejdsmarked", lambda _page: None), (PERIODS, lambda _page: None),
        ("/kort/demo_uden_arbejdsmarked/perioder", lambda _page: None),
    ],
)  # fmt: skip
def test_axe_finds_nothing_in_states_that_come_by_doing(browser: Browser, site: str, path: str, act: object) -> None:
    for width in (1440, 390):
        with visit(browser, site + path, width=width) as seen:
            act(seen.page)  # type: ignore[operator]
            assert seen.violations() == []
            assert seen.overflow() == []
