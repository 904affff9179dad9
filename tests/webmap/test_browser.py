"""Every page in a real browser: no error, nothing from elsewhere, nothing outside the window, axe-core content; maps that answer."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from geo.files.workspace import Workspace
from tests.readers.browser import DRAWN, NARROW, serving, visit
from tests.towns.maptown import HOSTILE, publish
from webmap.app import create_app
from webmap.maps import scripts
from webmap.settings import Settings

pytestmark = pytest.mark.browser

PAGES = (
    "/", "/kort/", "/kort/tryg_nabolag", "/kort/demo_uden_arbejdsmarked", "/kort/utryg_aften", "/maal/4", "/maal/5", "/arbejdsmarked",
    "/helhedsplaner", "/hotspots", "/omraader", "/omraader?q=park", "/omraade/tryghedsdistrikt/christianshavn",
    "/omraade/udsat_boligomraade/akacieparken", "/data", "/om", "/tilgaengelighed",
    "/en/", "/en/kort/tryg_nabolag?omraade=valby", "/en/maal/5",
)  # fmt: skip
MAPS = {"/kort/tryg_nabolag": 13, "/kort/demo_uden_arbejdsmarked": 12, "/maal/5": 13, "/en/kort/tryg_nabolag": 13}
MIDDLE = """(id) => {
  const shape = geo_json_tryghedsdistrikt.getLayers().find(one => one.feature.properties.area_id === id);
  const point = map_kort.latLngToContainerPoint(shape.getCenter()), box = map_kort.getContainer().getBoundingClientRect();
  return [point.x + box.left, point.y + box.top + 20];
}"""


@pytest.fixture(scope="module")
def site(built: Workspace) -> Iterator[str]:
    with serving(create_app(Settings(workspace=built.folder))) as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_clean_and_accessible_on_a_wide_screen(browser: Browser, site: str, path: str) -> None:
    with visit(browser, site + path) as seen:
        assert seen.problems == []
        assert seen.overflow() == []
        assert seen.violations() == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(browser: Browser, site: str, path: str) -> None:
    with visit(browser, site + path, width=NARROW) as seen:
        assert seen.problems == []
        assert seen.overflow() == []


def test_a_map_fits_the_narrowest_screen(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag?omraade=broenshoej-husum", width=320) as seen:
        assert seen.overflow() == []


@pytest.mark.parametrize(("path", "areas"), MAPS.items())
def test_a_map_draws_every_area(browser: Browser, site: str, path: str, areas: int) -> None:
    with visit(browser, site + path) as seen:
        assert seen.shapes() >= areas
        assert seen.page.locator("tr[data-key]:not([data-key=by])").count() == areas


def test_the_period_changes_by_keyboard_in_place_and_back(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag?periode=2026") as seen:
        page, cell = seen.page, seen.page.locator("tr[data-key=christianshavn] [data-cell=value]")
        page.evaluate("() => { window.same = true }")  # gone if the page were loaded again
        before, sentence = cell.text_content(), page.locator("[data-text=sentence]").text_content()
        page.locator("#periode-2026").focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_url("**periode=2025**")
        expect(page.locator("#periode-2025")).to_be_checked()
        expect(cell).not_to_have_text(before or "")
        expect(page.locator("[data-text=sentence]")).not_to_have_text(sentence or "")
        page.go_back()
        expect(cell).to_have_text(before or "")
        expect(page.locator("#periode-2026")).to_be_checked()
        assert page.evaluate("() => window.same")
        assert seen.problems == []


def test_what_the_browser_swaps_in_is_what_the_server_renders(browser: Browser, site: str) -> None:
    parts = "h1, [data-text], [data-cell], [data-count], [data-look]"
    words = f"() => [...document.querySelectorAll('{parts}')].map(e => (e.dataset.look ?? '') + e.textContent)"
    looks = "() => [...document.querySelectorAll('#map_kort path.omraade')].map(e => [...e.classList].sort().join(' ')).sort()"
    with visit(browser, site + "/kort/demo_uden_arbejdsmarked?periode=2007H1") as seen:
        seen.page.locator("#skyd-periode").focus()
        for _ in range(3):
            seen.page.keyboard.press("ArrowRight")
        seen.page.wait_for_url("**periode=2008H2**")
        seen.page.wait_for_selector("#tabel:not([aria-busy])")  # the table follows when the map is on the screen
        address, swapped = seen.page.url, (seen.page.evaluate(words), seen.page.evaluate(looks))
    with visit(browser, address) as seen:
        assert (seen.page.evaluate(words), seen.page.evaluate(looks)) == swapped


def test_another_indicator_and_area_set_restyle_in_place(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        page = seen.page
        page.evaluate("() => { window.same = true }")
        page.select_option("#vaelg-indikator", "demo_uden_arbejdsmarked")
        page.wait_for_url("**/kort/demo_uden_arbejdsmarked**")
        expect(page.locator(".stage .demo")).to_contain_text("Demodata")
        expect(page.locator("tr[data-key]:not([data-key=by])")).to_have_count(13)  # the areas are kept, for the new indicator has them
        page.select_option("#vaelg-inddeling", "bydel")
        page.wait_for_url("**inddeling=bydel**")
        expect(page.locator("tr[data-key]:not([data-key=by])")).to_have_count(10)
        page.wait_for_function("() => document.getElementById('map_kort').dataset.tegnet.startsWith('bydel')")
        assert seen.shapes() == 10
        page.go_back()
        expect(page.locator("tr[data-key]:not([data-key=by])")).to_have_count(13)
        assert page.evaluate("() => window.same")
        assert seen.problems == []


def test_who_listens_hears_the_name_the_period_and_the_figure_of_what_is_chosen(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        page, said = seen.page, seen.page.get_by_role("status").and_(seen.page.locator("#kort-valgt"))
        expect(said).to_have_text("")  # nothing is said of what the page itself says
        page.locator("a[data-vis][aria-label$='Valby']").focus()
        page.keyboard.press("Enter")
        expect(said).to_have_text(re.compile(r"^Valby, 2026: 79\s% \(73–84\s%\*?\)$"))
        page.locator(".seg label", has_text="2025").click()
        expect(said).to_have_text(re.compile(r"^Valby, 2025: \d+\s% \(.+\)$"))
        assert seen.problems == []


def test_in_colours_of_ones_own_what_is_chosen_has_a_line_around_it(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        page = seen.page
        page.emulate_media(forced_colors="active")
        for chosen, other in (
            (".top nav a[aria-current]", ".top nav a:not([aria-current])"),
            (".seg input:checked + span", ".seg input:not(:checked) + span"),
        ):
            outlines = [page.locator(one).first.evaluate("e => getComputedStyle(e).outlineStyle") for one in (chosen, other)]
            assert outlines == ["solid", "none"], chosen
        colours = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e.querySelector('text')).fill]"
        paper, ink = page.locator("svg.spark:has(text)").first.evaluate(colours)
        assert len({paper, ink, "rgba(0, 0, 0, 0)"}) == 3


def test_a_click_on_a_shape_and_a_key_on_a_row_show_the_same_area(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        page = seen.page
        page.locator("a[data-vis][aria-label$='Valby']").focus()
        page.keyboard.press("Enter")
        expect(page.locator("aside h2")).to_have_text("Valby")
        expect(page.locator("#map_kort path.valgt")).to_have_count(1)
        page.mouse.click(*page.evaluate(MIDDLE, "bispebjerg"))
        expect(page.locator("aside h2")).to_have_text("Bispebjerg")
        assert "omraade=bispebjerg" in page.url
        assert seen.problems == []


def test_shapes_are_no_tab_stops_and_the_zoom_buttons_have_danish_names(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        assert seen.page.locator("#map_kort path[tabindex]").count() == 0
        assert seen.page.locator("#map_kort .leaflet-marker-icon[tabindex]").count() == 0
        for name in ("Zoom ind", "Zoom ud"):
            expect(seen.page.get_by_role("button", name=name)).to_have_count(1)
        meta = seen.page.locator("meta[name=viewport]").get_attribute("content") or ""
        assert not re.search("maximum-scale|user-scalable", meta)


def test_without_script_the_map_is_a_picture_and_the_form_works(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag", script=False) as seen:
        page = seen.page
        assert page.locator("#map_kort svg.mini path.omraade").count() == 13
        page.check("#periode-2025", force=True)
        page.click("form.bar button[type=submit]")
        assert "periode=2025" in page.url
        assert "2025" in (page.locator("[data-text=sentence]").text_content() or "")
        assert seen.problems == []


def test_the_map_is_drawn_before_anybody_can_read_it(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        assert seen.page.evaluate(DRAWN) == "tryghedsdistrikt 2026"
        assert seen.page.locator(".kort-stille").count() == 0


def test_on_a_phone_one_finger_scrolls_past_the_map_and_two_zoom_it(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site + "/kort/tryg_nabolag")
    page.wait_for_function(DRAWN)
    page.evaluate("() => document.getElementById('map_kort').scrollIntoView({ block: 'center' })")
    before, zoom = page.evaluate("() => scrollY"), page.evaluate("() => map_kort.getZoom()")
    fingers = context.new_cdp_session(page)
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": 190, "y": 500}]})
    for step in range(1, 11):
        fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": 190, "y": 500 - 20 * step}]})
        page.wait_for_timeout(16)
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("before => scrollY > before + 100", arg=before)
    page.evaluate("before => scrollTo(0, before)", before)
    fingers.send("Input.synthesizePinchGesture", {"x": 190, "y": 400, "scaleFactor": 2, "gestureSourceType": "touch"})
    page.wait_for_function("zoom => map_kort.getZoom() > zoom", arg=zoom)
    context.close()


@pytest.mark.parametrize("shapes", [1000, 1])
def test_hostile_names_are_shown_as_text_in_svg_and_on_a_canvas(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shapes: int
) -> None:
    monkeypatch.setattr(scripts, "MAX_SVG_SHAPES", shapes)
    publish(tmp_path / "editions")
    with serving(create_app(Settings(workspace=tmp_path))) as address, visit(browser, address + "/kort/tryg?omraade=0104") as seen:
        seen.page.on("dialog", lambda dialog: seen.problems.append(f"dialog: {dialog.message}"))
        expect(seen.page.locator("aside h2")).to_have_text(HOSTILE)
        box = seen.page.locator("#map_kort").bounding_box()
        assert box
        for step in range(1, 20):  # over every square, so that every tooltip is made
            seen.page.mouse.move(box["x"] + box["width"] * step / 20, box["y"] + box["height"] * (0.3 if step % 2 else 0.7))
        assert seen.page.locator("#map_kort canvas").count() == (0 if shapes == 1000 else 1)
        assert HOSTILE in (seen.page.locator(".etiketter").text_content() or "")
        seen.page.check("#periode-2010", force=True)
        expect(seen.page.locator("tr[data-key='0103'] [data-cell=status]")).to_contain_text("skjult")
        assert seen.problems == []


def test_a_period_chosen_while_another_map_is_on_its_way_is_that_maps_period(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/demo_uden_arbejdsmarked?inddeling=udsat_boligomraade&periode=2014H2") as seen:
        page, held = seen.page, list[Route]()

        def hold(route: Route) -> None:
            held.append(route)
            if len(held) == 2:
                for one in held:  # the answer that nobody waits for any more comes first
                    one.continue_()

        page.route(re.compile(r"/kort/\?"), hold)
        page.select_option("#vaelg-indikator", "demo_tilbud_dag")
        page.select_option("#vaelg-periode", "2010H1")
        page.wait_for_url("**/kort/demo_tilbud_dag**periode=2010H1**")
        expect(page.locator("#kort")).not_to_have_attribute("aria-busy", "true")
        expect(page.locator("#vaelg-indikator")).to_have_value("demo_tilbud_dag")
        expect(page.locator("#vaelg-periode")).to_have_value("2010H1")
        expect(page.locator("[data-text=caption]").first).to_contain_text("1. halvår 2010")
        assert page.evaluate("() => document.getElementById('map_kort').dataset.tegnet") == "udsat_boligomraade 2010H1"
        assert seen.problems == []


def test_a_period_whose_words_cannot_be_had_is_asked_of_the_server(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag?periode=2026") as seen:
        seen.page.route("**/tal/**", lambda route: route.abort())
        seen.page.locator("#periode-2025").check(force=True)
        seen.page.wait_for_url("**periode=2025**")
        expect(seen.page.locator("[data-text=caption]").first).to_contain_text("2025")
        expect(seen.page.locator("#periode-2025")).to_be_checked()


# --- tools below the map ----------------------------------------------------------------------------------------------

ZOOM = "() => map_kort.getZoom()"


def test_an_area_is_found_by_its_name_and_zoomed_to_and_the_address_keeps_both(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        page, far = seen.page, seen.page.evaluate(ZOOM)
        expect(page.locator("[data-zoom=valgt]")).to_be_disabled()
        page.locator("#find-paa-kort").focus()
        page.keyboard.type("christiansh")
        page.keyboard.press("Enter")
        page.wait_for_url("**omraade=christianshavn**")
        expect(page.locator(".side h2")).to_have_text("Christianshavn")
        expect(page.locator("tr.valgt")).to_have_count(1)
        page.locator("[data-zoom=valgt]").click()
        page.wait_for_url("**#udsnit=*")
        near, address = page.evaluate(ZOOM), page.url
        assert near > far
        assert seen.problems == []
    with visit(browser, address) as seen:
        assert seen.page.evaluate(ZOOM) == near
        expect(seen.page.locator(".side h2")).to_have_text("Christianshavn")
        seen.page.locator("[data-zoom=hele]").click()
        seen.page.wait_for_url(lambda url: "#udsnit" not in url)
        assert seen.page.evaluate(ZOOM) == far


def test_what_is_zoomed_to_stays_when_another_figure_is_shown(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag?omraade=valby") as seen:
        page = seen.page
        page.locator("[data-zoom=valgt]").click()
        near = page.evaluate(ZOOM)
        page.select_option("#vaelg-indikator", "demo_uden_arbejdsmarked")
        page.wait_for_url("**/kort/demo_uden_arbejdsmarked**#udsnit=*")
        assert page.evaluate(ZOOM) == near
        page.go_back()
        page.wait_for_url("**/kort/tryg_nabolag**#udsnit=*")
        expect(page.locator(".side h2")).to_have_text("Valby")
        assert page.evaluate(ZOOM) == near


def test_a_name_that_no_area_has_is_said_to_be_none(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        seen.page.locator("#find-paa-kort").fill("Odense")
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("[data-intet]")).to_have_text("Intet område på kortet hedder det.")
        assert "omraade=" not in seen.page.url
        assert seen.violations() == []


def test_the_map_fills_the_screen_and_comes_back(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        full = seen.page.locator("[data-fuld]")
        full.click()
        expect(full).to_have_attribute("aria-pressed", "true")
        assert seen.page.evaluate("() => document.fullscreenElement.className") == "stage"
        full.click()
        expect(full).to_have_attribute("aria-pressed", "false")


def test_a_second_area_with_ctrl_goes_on_to_several(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag?omraade=valby") as seen:
        x, y = seen.page.evaluate(MIDDLE, "christianshavn")
        seen.page.keyboard.down("Control")
        seen.page.mouse.click(x, y)
        seen.page.keyboard.up("Control")
        seen.page.wait_for_url("**/kort/sammenlign**")
        chosen = seen.page.locator("tr.valgt span:not([data-tal]):not([data-sagt])")
        assert sorted(chosen.all_text_contents()) == ["Christianshavn", "Valby"]


def test_names_on_the_map_cover_neither_each_other_nor_what_is_chosen(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag?omraade=christianshavn") as seen:
        boxes = seen.page.evaluate("() => [...document.querySelectorAll('.navn')].map(e => e.getBoundingClientRect().toJSON())")
        assert len(boxes) >= 8
        crossing = [
            (one, other)
            for number, one in enumerate(boxes)
            for other in boxes[:number]
            if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 1
            and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 1
        ]
        assert crossing == []
        assert "Christianshavn" in (seen.page.locator(".etiketter").text_content() or "")
