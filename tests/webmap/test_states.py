"""A page for each empty state in a real browser: hidden, not measured, uncertain, demo, break; in the map, the table, the area's page.

Also what a reader does with them: ask for the hatching, ask where a figure came from, without a mouse and without script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.readers.browser import NARROW, WIDE, serving, visit
from tests.towns import maptown
from webmap.app import create_app
from webmap.settings import Settings

pytestmark = pytest.mark.browser

ROWS = [
    *maptown.ROWS,
    # 2013 has another definition: a break; 0103 is too uncertain to show
    maptown.observation(area_id="0101", period="2013", definition="new", value=75.0, low=72.0, high=78.0),
    maptown.observation(area_id="0102", period="2013", definition="new", value=60.0, low=45.0, high=75.0),
    maptown.absent(area_id="0103", period="2013", definition="new", status="uncertain", reason=""),
    maptown.absent(area_id="0104", period="2013", definition="new", status="suppressed", reason="few_answers"),
    maptown.observation(area_id="0101", area_set="kommune", period="2013", definition="new", value=66.0, low=61.0, high=71.0),
]
MAP, DEMO = "/kort/tryg?inddeling=square&periode=2010", "/kort/uden?inddeling=square"
CLASSED = MAP + "&farver=klasser"
WIDTHS = (WIDE, NARROW)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("states")
    maptown.publish(folder / "editions", rows=ROWS)
    with serving(create_app(Settings(workspace=folder))) as address:
        yield address


def fill(page: Page, area: str) -> str:
    """How an area is drawn on the map: `#prikker` for a pattern, else a colour."""
    script = """(id) => {
      const style = getComputedStyle(geo_json_square.getLayers().find(one => one.feature.properties.area_id === id).getElement());
      return style.fill + ' ' + style.strokeDasharray;
    }"""
    drawn = str(page.evaluate(script, area))
    pattern = re.search(r"#([\w-]+)", drawn)
    return f"#{pattern[1]}" if pattern else drawn


def colour(page: Page, name: str) -> str:
    """A colour of the style sheet as the browser says it."""
    script = """(name) => {
      const box = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      box.setAttribute('class', name);
      document.body.append(box);
      const found = getComputedStyle(box).fill;
      box.remove();
      return found;
    }"""
    return str(page.evaluate(script, name))


def status(page: Page, area: str) -> str:
    return page.locator(f"tr[data-key='{area}'] .word").inner_text()


# --- the five states, each with its look and its sentence ---------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_hidden(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + MAP + "&omraade=0103", width=width) as seen:
        page = seen.page
        assert fill(page, "0103") == "#prikker"
        assert "skjult for at beskytte enkeltpersoner: for få svar" in status(page, "0103")
        expect(page.locator("[data-text=sentence]")).to_contain_text("1 er skjult for at beskytte enkeltpersoner.")
        expect(page.locator(".legend .keys")).to_contain_text("skjult for at beskytte enkeltpersoner (1)")
        expect(page.locator("aside .big [data-cell=value]")).to_have_text("–")
        expect(page.locator("aside [data-cell=status]")).to_contain_text("skjult")
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])
    with visit(browser, site + "/omraade/square/0104", width=width) as seen:
        card = seen.page.locator(".figure-card .without")
        expect(card).to_contain_text("skjult for at beskytte enkeltpersoner: for få svar")
        expect(card.locator(".field.skjult")).to_have_count(1)
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_not_measured(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + MAP, width=width) as seen:
        assert fill(seen.page, "0104").endswith("1px, 3px")
        assert fill(seen.page, "0104").split(")")[0] not in {colour(seen.page, name).split(")")[0] for name in ("k1", "k5", "omraade tom")}
    with visit(browser, site + MAP + "&omraade=0104", width=width) as seen:
        page = seen.page
        assert "ikke målt: kilden dækker ikke området eller perioden" in status(page, "0104")
        expect(page.locator("[data-text=sentence]")).to_contain_text("1 er ikke målt.")
        expect(page.locator(".legend .keys")).to_contain_text("ikke målt (1)")
        expect(page.locator("aside .big [data-cell=value]")).to_have_text("–")
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])
    with visit(browser, site + "/omraade/square/0103", width=width) as seen:
        line = seen.page.locator("p.without", has_text="Ikke målt her")
        expect(line).to_contain_text("Beboere")
        expect(line.locator(".field.umaalt")).to_have_count(1)
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_uncertain(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + CLASSED, width=width) as seen:
        page = seen.page
        assert fill(page, "0102").startswith(colour(page, "k2"))  # not hatched until asked
        expect(page.locator(".legend [data-text=doubt]")).to_have_text("Farven er usikker for 1 af 2 områder")
        expect(page.locator("[data-text=sentence]")).to_contain_text("I 1 område er usikkerheden så stor, at farven kunne være en anden.")
        assert "farven er usikker" in status(page, "0102")
        assert "usikker" not in status(page, "0101")
        page.click("#tvivl")
        page.wait_for_url("**tvivl=1**")
        expect(page.locator("#tvivl")).to_have_text("Fjern skraveringen")
        assert (fill(page, "0102"), fill(page, "0101").split(" ", maxsplit=1)[0] == "#") == ("#skravering-k2", False)
        assert fill(page, "0103") == "#prikker"  # what is hidden stays dotted whether asked or not
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])
    with visit(browser, site + "/omraade/square/0102", width=width) as seen:
        expect(seen.page.locator(".figure-card").first).to_contain_text("På kortet: ingen sikker forskel fra byen.")
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_too_uncertain_to_show(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + MAP.replace("2010", "2013") + "&omraade=0103", width=width) as seen:
        page = seen.page
        assert fill(page, "0103") == "#kryds"
        assert "usikker: tallet vises ikke" in status(page, "0103")
        expect(page.locator("[data-text=sentence]")).to_contain_text("1 vises ikke, fordi tallet er for usikkert.")
        expect(page.locator(".legend .keys")).to_contain_text("for usikkert til at vise (1)")
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])
    with visit(browser, site + "/omraade/square/0103", width=width) as seen:
        card = seen.page.locator(".figure-card .without").first
        expect(card.locator(".field.usikkert")).to_have_count(1)
        expect(card).to_contain_text("usikker: tallet vises ikke")
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_demo(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + DEMO, width=width) as seen:
        page = seen.page
        expect(page.locator(".stage .demo")).to_contain_text("Demodata")
        expect(page.locator(".legend .keys")).to_contain_text("Demodata: opdigtede tal")
        assert all("Demodata" in status(page, f"010{number}") for number in range(1, 5))
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])
    with visit(browser, site + "/omraade/square/0101", width=width) as seen:
        expect(seen.page.locator(".figure-card li.is-demo .demo-mark")).to_have_count(1)
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])


BROKEN = "Brud i serien: definitionen skiftede (2011 – 2013). Tal før og efter kan ikke sammenlignes."


@pytest.mark.parametrize("width", WIDTHS)
def test_break(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + MAP + "&omraade=0101", width=width) as seen:
        page = seen.page
        expect(page.locator(".legend .keys")).to_contain_text(BROKEN)
        expect(page.locator("#tabel")).to_contain_text(BROKEN)
        expect(page.locator("aside .spark line.brud")).to_have_count(1)
        expect(page.locator("aside .development")).to_contain_text("Den lodrette streg viser et brud")
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])
    with visit(browser, site + "/omraade/square/0101", width=width) as seen:
        card = seen.page.locator(".figure-card li").first
        expect(card).to_contain_text(BROKEN)
        expect(card.locator("line.brud")).to_have_count(1)
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])


# --- asking ----------------------------------------------------------------------------------------------------------


def test_hatching_is_in_the_address_and_stays_with_period_area_and_reload(browser: Browser, site: str) -> None:
    with visit(browser, site + CLASSED) as seen:
        page = seen.page
        page.locator("#tvivl").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**tvivl=1**")
        expect(page.locator("#tvivl")).to_be_focused()
        page.check("#periode-2013", force=True)
        page.wait_for_url("**periode=2013**")
        assert "tvivl=1" in page.url
        page.locator("a[data-vis][aria-label$='Sydvest']").click()
        page.wait_for_url("**omraade=0101**")
        assert "tvivl=1" in page.url
        assert fill(page, "0102") == "#skravering-k2"
        address = page.url
        assert seen.problems == []
    with visit(browser, address) as seen:
        assert fill(seen.page, "0102") == "#skravering-k2"
        seen.page.click("#tvivl")
        expect(seen.page.locator("#tvivl")).to_have_text("Vis dem med skravering")
        assert "tvivl" not in seen.page.url
        assert not fill(seen.page, "0102").startswith("#")


def test_the_toggle_is_gone_where_nothing_is_in_doubt(browser: Browser, site: str) -> None:
    with visit(browser, site + CLASSED) as seen:
        expect(seen.page.locator("#tvivl")).to_be_visible()
        seen.page.check("#periode-2011", force=True)
        expect(seen.page.locator("[data-text=doubt]")).to_have_text("Farven er usikker for 0 af 3 områder")
        expect(seen.page.locator("#tvivl")).to_be_hidden()


def test_where_a_figure_came_from_opens_with_a_key_and_closes_with_one(browser: Browser, site: str) -> None:
    with visit(browser, site + MAP) as seen:
        page = seen.page
        link = page.locator("tr[data-key='0102'] a[data-kilde]")
        link.focus()
        page.keyboard.press("Enter")
        panel = page.locator("dialog[open]")
        expect(panel.locator("h1")).to_have_text("Sydøst: Tryg, 2010")
        assert page.evaluate("() => document.querySelector('dialog').contains(document.activeElement)")
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(link).to_be_focused()


def test_the_panel_follows_the_period(browser: Browser, site: str) -> None:
    with visit(browser, site + MAP + "&omraade=0101") as seen:
        page = seen.page
        page.check("#periode-2011", force=True)
        page.wait_for_url("**periode=2011**")
        page.locator("aside a[data-kilde]").click()
        expect(page.locator("dialog[open] h1")).to_have_text("Sydvest: Tryg, 2011")
        page.locator("dialog > button").click()
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert seen.problems == []


@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_the_link_is_a_page(browser: Browser, site: str, width: int) -> None:
    with visit(browser, site + MAP, width=width, script=False) as seen:
        seen.page.locator("tr[data-key='0103'] a[data-kilde]").click()
        expect(seen.page.locator("h1")).to_have_text("Nordvest: Tryg, 2010")
        expect(seen.page.locator("article")).to_contain_text("om selve tallet siges der intet")
        assert (seen.problems, seen.overflow()) == ([], [])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("figure", ["tryg/square/0102/2010", "tryg/square/0103/2010", "uden/square/0101/2010", "tryg/square/0103/2013"])
def test_the_page_of_an_origin_is_clean_and_accessible(browser: Browser, site: str, figure: str, width: int) -> None:
    with visit(browser, site + "/kort/tryg", width=width) as seen:
        edition = re.search(r"/kilde/(\w+)/", seen.page.content())
        assert edition
    with visit(browser, f"{site}/kilde/{edition[1]}/{figure}", width=width) as seen:
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])


def test_colours_of_what_can_be_told_follow_the_period_and_the_view(browser: Browser, site: str) -> None:
    with visit(browser, site + MAP) as seen:
        page = seen.page
        first = fill(page, "0102")
        expect(page.locator("[data-word=moerk]")).to_contain_text("sikkert under byens 65")
        page.check("#periode-2011", force=True)
        page.wait_for_url("**periode=2011**")
        expect(page.locator("[data-word=moerk]")).to_contain_text("sikkert under byens 66")
        page.click("#farver-2")
        page.wait_for_url("**farver=klasser**")
        assert "periode=2011" in page.url
        expect(page.locator("#farver-2")).to_have_attribute("aria-current", "true")
        assert fill(page, "0102") != first
        page.go_back()
        expect(page.locator("#farver-1")).to_have_attribute("aria-current", "true")
        assert fill(page, "0102") == first
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])


def test_a_set_of_one_area_leads_to_its_figure_and_back_to_the_map(browser: Browser, site: str) -> None:
    with visit(browser, site + MAP) as seen:
        page = seen.page
        page.select_option("#vaelg-inddeling", "kommune")
        expect(page.locator(".plain-figure")).to_be_visible()
        assert page.locator("#map_kort").count() == 0
        page.select_option("#vaelg-inddeling", "square")
        page.click("form.bar [type=submit]")
        expect(page.locator("#map_kort path.omraade").first).to_be_visible()
        assert (seen.problems, seen.overflow(), seen.violations()) == ([], [], [])
