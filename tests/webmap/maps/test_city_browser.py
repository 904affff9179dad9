"""The map in a browser is the city: names of areas and neighbours, three looks, dots, one finger and two, layers to find one's way by."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from geo.files.workspace import Workspace
from tests.readers.browser import NARROW, WIDE, serving, visit
from webmap.app import create_app
from webmap.settings import Settings

pytestmark = pytest.mark.browser

MIDDLE = """(id) => {
  const shape = geo_json_tryghedsdistrikt.getLayers().find(one => one.feature.properties.area_id === id);
  const point = map_kort.latLngToContainerPoint(shape.getCenter()), box = map_kort.getContainer().getBoundingClientRect();
  return [point.x + box.left, point.y + box.top + 20];
}"""
MARKED_NAMES = """() => [...document.querySelectorAll('tr[data-marked]')].map((row) => row.dataset.name).map((name) => {
  const said = [...document.querySelectorAll('.etiketter .navn')].find((one) => one.querySelector('b').textContent === name);
  if (!said) return [name, 'no name'];
  const box = said.getBoundingClientRect(), map = document.getElementById('map_kort').getBoundingClientRect();
  const cut = box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom;
  const things = [...document.querySelectorAll('.surface .leaflet-control, .here-button')].map((one) => one.getBoundingClientRect());
  const under = things.some((one) => one.left < box.right && one.right > box.left && one.top < box.bottom && one.bottom > box.top);
  return [name, cut ? 'cut off' : under ? 'under a button' : ''];
})"""


@pytest.fixture(scope="module")
def site(built: Workspace) -> Iterator[str]:
    with serving(create_app(Settings(workspace=built.folder))) as address:
        yield address


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", ["/maal/5", "/maal/5?omraade=kongens-enghave"])
def test_every_marked_area_has_its_name_on_the_map(browser: Browser, site: str, width: int, path: str) -> None:
    with visit(browser, site + path, width=width) as seen:
        seen.page.wait_for_selector(".here-button")
        named = dict(seen.page.evaluate(MARKED_NAMES))
        assert len(named) == 6
        assert set(named.values()) == {""}, named
        assert "Kongens Enghave" in seen.page.locator(".etiketter").inner_text()


def test_a_name_that_does_not_fit_stands_on_a_card_with_a_line_and_covers_no_other(browser: Browser, site: str) -> None:
    with visit(browser, site + "/maal/5") as seen:
        cards = seen.page.locator(".navn.callout b").all_text_contents()
        assert "Christianshavn" in cards
        assert seen.page.locator(".ledere path.leder:not(.punktum)").count() == len(cards)
        boxes = seen.page.evaluate("() => [...document.querySelectorAll('.navn, .sted span')].map(e => e.getBoundingClientRect().toJSON())")
        assert len(boxes) > 18
        for number, one in enumerate(boxes):
            for other in boxes[:number]:
                wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
                high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
                assert wide <= 1 or high <= 1


def test_pointed_at_chosen_and_marked_are_three_looks(browser: Browser, site: str) -> None:
    look = """key => { const style = getComputedStyle(map_kort && [...Object.values(geo_json_tryghedsdistrikt._layers)]
      .find((one) => one.feature.properties.area_id === key).getElement());
      return [style.stroke, style.strokeWidth, style.strokeDasharray, style.fillOpacity].join(' '); }"""
    with visit(browser, site + "/maal/5?omraade=valby") as seen:
        page = seen.page
        page.evaluate("() => document.getElementById('map_kort').scrollIntoView({ block: 'center' })")
        page.mouse.move(*page.evaluate(MIDDLE, "bispebjerg"))
        page.wait_for_selector("path.omraade.peget")
        looks = {key: page.evaluate(look, key) for key in ("valby", "bispebjerg", "vesterbro", "amager-vest")}
        assert len(set(looks.values())) == 4, looks


def test_a_small_area_is_a_dot_until_it_is_large_enough_to_see(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/demo_uden_arbejdsmarked?inddeling=udsat_boligomraade&omraade=mjoelnerparken") as seen:
        page = seen.page
        dots = page.locator("#map_kort path.punkt").count()
        assert dots >= 8
        page.locator("[data-zoom=valgt]").click()
        page.wait_for_function("before => document.querySelectorAll('#map_kort path.punkt').length < before", arg=dots)
        assert page.locator("#map_kort path.punkt.valgt").count() == 0


def test_neighbours_are_named_on_the_map_in_the_browser(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        named = seen.page.locator(".etiketter .sted").all_text_contents()
        assert {"Frederiksberg", "Tårnby", "Øresund"} <= set(named)


# --- a phone ----------------------------------------------------------------------------------------------------------

ON_SCREEN = """() => { const box = document.getElementById('map_kort').getBoundingClientRect();
  return Math.min(box.bottom, innerHeight) - box.top; }"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    size = ViewportSize(width=NARROW, height=844)
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def drag(page: Page, x: float, y: float, fingers: int) -> None:
    """Move one finger or two 90 pixels up over the map."""
    touch = page.context.new_cdp_session(page)

    def at(step: int) -> list[dict[str, float]]:
        return [{"x": x + 60 * finger, "y": y - 10 * step, "id": finger} for finger in range(fingers)]

    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at(0)})
    for step in range(1, 10):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": at(step)})
        page.wait_for_timeout(16)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function("() => document.getElementById('map_kort').dataset.tegnet")
    return page


@pytest.mark.parametrize("path", ["/maal/5", "/kort/tryg_nabolag", "/en/maal/5"])
def test_the_map_stands_in_the_first_screen_of_a_phone(phone: Page, site: str, path: str) -> None:
    """As the public sees it first: with demo data a bar says so above everything else."""
    assert opened(phone, f"{site}{path}?demo=0").evaluate(ON_SCREEN) > 140


def test_what_is_folded_before_the_map_can_be_read(phone: Page, site: str) -> None:
    opened(phone, site + "/maal/5")
    said = phone.locator("details.said")
    expect(phone.locator(".answer")).to_contain_text("Christianshavn")
    expect(said.get_by_text("Valby")).to_be_hidden()
    said.locator("summary").tap()
    expect(said.get_by_text("Valby")).to_be_visible()


def test_a_tap_raises_a_sheet_with_the_areas_figure_and_it_goes_again(phone: Page, site: str) -> None:
    opened(phone, site + "/maal/5")
    phone.evaluate("() => document.getElementById('map_kort').scrollIntoView({ block: 'center' })")
    phone.touchscreen.tap(*phone.evaluate(MIDDLE, "valby"))
    sheet = phone.locator("aside.raised")
    expect(sheet.locator("h2")).to_have_text("Valby")
    expect(sheet.locator("[data-cell=value]")).to_have_text("79 %")
    box = sheet.bounding_box()
    assert box
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, NARROW, 844)
    sheet.get_by_role("button", name="Luk").tap()
    expect(phone.locator("aside.raised")).to_have_count(0)
    phone.touchscreen.tap(*phone.evaluate(MIDDLE, "vanloese"))
    expect(sheet.locator("h2")).to_have_text("Vanløse")
    phone.keyboard.press("Escape")
    expect(phone.locator("aside.raised")).to_have_count(0)


def test_a_choice_in_the_table_raises_no_sheet_and_a_wide_screen_has_none(phone: Page, browser: Browser, site: str) -> None:
    opened(phone, site + "/maal/5").locator("tr[data-key=valby] a.show").tap()
    expect(phone.locator("aside h2")).to_have_text("Valby")
    expect(phone.locator("aside.raised")).to_have_count(0)
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        seen.page.mouse.click(*seen.page.evaluate(MIDDLE, "bispebjerg"))
        expect(seen.page.locator("aside h2")).to_have_text("Bispebjerg")
        expect(seen.page.locator("aside.raised")).to_have_count(0)


def test_one_finger_is_told_that_two_move_the_map(phone: Page, site: str) -> None:
    opened(phone, site + "/kort/tryg_nabolag")
    word = phone.locator(".fingers")
    expect(word).to_be_hidden()
    drag(phone, 150, 600, 1)
    expect(word).to_be_visible()
    expect(word).to_have_text("Brug to fingre for at flytte kortet")
    expect(word).to_be_hidden()


def test_one_finger_moves_the_map_that_fills_the_screen(phone: Page, site: str) -> None:
    opened(phone, site + "/kort/tryg_nabolag")
    phone.locator("[data-fuld]").tap()
    phone.wait_for_function("() => document.fullscreenElement")
    zoom = phone.evaluate("() => map_kort.getZoom()")
    phone.locator(".leaflet-control-zoom-in").tap()
    phone.wait_for_function("zoom => map_kort.getZoom() > zoom && !document.querySelector('#map_kort .leaflet-zoom-anim')", arg=zoom)
    before = phone.evaluate("() => map_kort.getCenter().lat")
    drag(phone, 150, 400, 1)
    phone.wait_for_function("before => map_kort.getCenter().lat < before - 0.0005", arg=before)
    expect(phone.locator(".fingers")).to_be_hidden()
    phone.touchscreen.tap(*phone.evaluate(MIDDLE, "valby"))
    expect(phone.locator(".stage aside.raised h2")).to_have_text("Valby")
    phone.evaluate("() => document.exitFullscreen()")
    expect(phone.locator(".board > aside")).to_have_count(1)


# --- finding one's way ------------------------------------------------------------------------------------------------

NEAR = "/kort/demo_uden_arbejdsmarked?inddeling=udsat_boligomraade&omraade=mjoelnerparken#udsnit={zoom},55.7035,12.5415"
SHOWN = (
    "looks => [...document.querySelectorAll(`#map_kort path.${looks}`)].filter((one) => getComputedStyle(one).display !== 'none').length"
)


def test_mjoelnerparken_lies_among_roads_rails_stations_and_parks(browser: Browser, site: str) -> None:
    with visit(browser, site + NEAR.format(zoom=14.5)) as seen:
        seen.page.wait_for_selector("#map_kort.z13")
        assert {looks: seen.page.evaluate(SHOWN, looks) > 0 for looks in ("vej", "bane", "park")} == dict.fromkeys(
            ("vej", "bane", "park"), True
        )
        written = seen.page.locator(".etiketter .sted").all_text_contents()
        assert {"Nørrebro", "Bispebjerg", "Superkilen"} <= set(written)
        assert len(written) == len(set(written))
        assert seen.problems == []


def test_each_layer_is_seen_at_its_own_zoom(browser: Browser, site: str) -> None:
    with visit(browser, site + "/kort/tryg_nabolag") as seen:
        page = seen.page
        page.wait_for_selector(".leaflet-control-scale")
        far = (page.evaluate(SHOWN, "regional-vej"), page.evaluate(SHOWN, "fordelingsgade"), page.locator(".etiketter .stop").count())
        assert far == (1, 0, 0)
        page.goto(site + NEAR.format(zoom=12))
        page.reload()
        page.wait_for_selector("#map_kort.z12")
        assert page.evaluate(SHOWN, "fordelingsgade") == 1
        assert page.locator(".etiketter .stop").count() > 20
        assert page.locator(".etiketter .sted.station").count() == 0
        assert "Superkilen" not in page.locator(".etiketter .sted").all_text_contents()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_map_has_a_scale_bar_and_its_background_a_source(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + "/maal/5", width=width) as seen:
        expect(seen.page.locator(".leaflet-control-scale-line")).to_have_text("2 km" if width == NARROW else "1 km")
        expect(seen.page.locator(".sources")).to_contain_text("Kortets baggrund")
    with visit(browser, site + "/maal/5", width=width, script=False) as still:
        assert still.page.locator("#map_kort .maal text").text_content() == "2 km"
