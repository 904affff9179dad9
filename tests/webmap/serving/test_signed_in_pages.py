"""Every page behind the door in each of its states, wide and narrow: what axe finds, and by hand what it cannot see.

The way in (sign in, an error, the purpose, no access) is in `test_access_browser`, the forms of an open round as they are filled in in
`test_review_states`. Here the figures are those of the embedded default: long names, many periods, nothing shortened.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from tests.readers.browser import NARROW, WIDE, Visit, serving
from tests.readers.reviewwindow import watch
from tests.readers.signed import carry, sign_in, ssp, staff, token
from tests.towns import webtown
from tests.towns.maptown import DAY
from tests.towns.reviewtown import DEPARTMENTS, author, room, sign_all
from tests.towns.reviewtown import address as database_of
from webmap.access import Role
from webmap.app import create_app
from webmap.reviews.store import database, signing
from webmap.settings import Settings

pytestmark = pytest.mark.browser

ROUND = "/gennemgang/2026H2"
AREA, PLAN = f"{ROUND}/udsat_boligomraade/tingbjerg", f"{ROUND}/helhedsplan/tingbjerg-2020"
SIGNED = "/gennemgang/2026H1"
FAULTY = {
    "decision": "Fortsæt", "due": "snart", "actions/a1/owner": "Bo", "actions/a1/due": "i morgen", "actions/a1/status": "måske",
    "money/m1/promised": "en del", "money/m1/unit": "kr", "money/m2/what": "Timer", "money/m2/unit": "hours", "money/m2/promised": "1.200",
}  # fmt: skip
WRITTEN = {
    "note": "Beboerhuset åbner i november.", "decision": "Fortsæt", "owner": "Socialforvaltningen", "due": "2027-06-30",
    "actions/a1/text": "Hold møde med beboerne", "actions/a1/owner": "Bo", "actions/a1/due": "2026-12-03", "actions/a1/status": "done",
    "money/m1/what": "Projektleder", "money/m1/unit": "kr", "money/m1/promised": "1.250.000", "money/m1/delivered": "900.000",
    "money/m1/source": "Aftalen", "money/m2/what": "Gadeplan", "money/m2/unit": "hours", "money/m2/promised": "1.200",
    "money/m2/source": "Aftalen",
}  # fmt: skip
MERGE = "where two versions are merged"
CLOSED = "/gennemgang/2026H2/helhedsplan/tingbjerg-2016"
"""A page that SSP has no right to."""
SSP_MAP = "/ssp/tryghed?omraade=valby&omraade=christianshavn"


@dataclass(frozen=True)
class House:
    """The application, and the address of the page where two versions are merged."""

    app: Flask
    merge: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, built: Workspace) -> House:
    """The embedded default with a signed round, an addendum to it, and an open round with a page in error, one set aside and one whole."""
    place = tmp_path_factory.mktemp("behind-the-door")
    shutil.copytree(built.editions, place / "editions")
    made = room(place)
    anna, bo = staff(made, "anna"), staff(made, "bo")
    write(anna, f"{SIGNED}/helhedsplan/plan-a", WRITTEN)
    sign_all(database_of(made))
    with database.writing(database_of(made)) as session:
        signing.add(session, "2026H1", "Mødet blev den 3. december.", page_id=None, who=author("carl"))
    assert anna.post("/gennemgang", data={"csrf": token(anna.get("/gennemgang")), "period": "2026H2"}).status_code == 303
    write(anna, AREA, FAULTY)
    write(anna, PLAN, WRITTEN)
    aside = write(bo, PLAN, {**WRITTEN, "note": "Beboerhuset er forsinket."})  # until somebody merges it
    return House(made, aside["merge"])


def write(client: FlaskClient, page: str, fields: dict[str, str]) -> dict[str, str]:
    """Save fields on top of a page's first version; what the server answers."""
    answer = client.post(f"{page}/gem", json={"base": "1", "fields": fields}, headers={"X-CSRF-Token": token(client.get(page))})
    assert answer.status_code in (200, 409), answer.text
    found: dict[str, str] = answer.get_json()
    return found


@pytest.fixture(scope="module")
def site(house: House) -> Iterator[str]:
    with serving(house.app) as address:
        yield address


def stay(_page: Page) -> None:
    """Nothing is done: the page as it is opened."""


def open_everything(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true })")
    for button in page.locator("button[name=add]").all():
        button.click()


def save_with_faults(page: Page) -> None:
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator("#fejlliste li").first).to_be_visible()


def sign_what_has_faults(page: Page) -> None:
    """A form from before the faults: the server refuses, and says why."""
    page.evaluate("""() => {
      const form = document.createElement('form'), csrf = document.querySelector('[name=csrf]').cloneNode();
      form.method = 'post'; form.action = location.pathname + '/underskriv'; form.append(csrf); document.body.append(form); form.submit();
    }""")
    expect(page.get_by_role("alert")).to_be_visible()


def open_a_round_twice(page: Page) -> None:
    page.evaluate("""() => {
      const form = document.createElement('form'), csrf = document.querySelector('[name=csrf]').cloneNode();
      form.method = 'post'; form.append(csrf); document.body.append(form); form.submit();
    }""")
    expect(page.get_by_role("alert")).to_be_visible()


def add_nothing(page: Page) -> None:
    field = page.get_by_label("Rettelse eller tilføjelse")
    field.evaluate("one => one.removeAttribute('required')")
    page.get_by_role("button", name="Gem tilføjelsen").click()
    expect(page.get_by_role("alert")).to_be_visible()


def choose_an_area(page: Page) -> None:
    page.locator("svg.large").first.locator("g[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**omraade=**")


STATES: list[tuple[str, str, Callable[[Page], None]]] = [
    ("staff", "/gennemgang", stay), ("staff", "/gennemgang", open_a_round_twice),
    ("staff", ROUND, stay), ("staff", ROUND, sign_what_has_faults),
    ("staff", AREA, open_everything), ("staff", AREA, save_with_faults), ("staff", f"/en{AREA}?efter=gem", stay),
    ("staff", PLAN, open_everything), ("staff", MERGE, stay), ("staff", f"{PLAN}/historik", stay),
    ("staff", SIGNED, stay), ("staff", SIGNED, add_nothing), ("staff", f"{SIGNED}/helhedsplan/plan-a", stay),
    ("staff", f"/en{SIGNED}/hotspotprogram/hotspotprogram", stay),
    ("staff", "/kort/tryg_nabolag?omraade=valby", stay), ("staff", "/kort/sammenlign", stay), ("staff", "/formaal", stay),
    ("ssp", "/ssp", stay), ("ssp", SSP_MAP, stay), ("ssp", "/ssp/tryghed", choose_an_area), ("ssp", "/ssp/distrikt/valby", stay),
    ("ssp", "/en/ssp/distrikt/christianshavn", stay), ("ssp", "/kort/anmeldelser/perioder", stay), ("ssp", CLOSED, stay),
    ("admin", ROUND, stay), ("admin", PLAN, stay), ("admin", "/udgivelse", stay),
]  # fmt: skip
"""Who looks at what, and what is done there first."""


def client_of(app: Flask, who: str) -> FlaskClient:
    return {"staff": staff, "ssp": ssp, "admin": lambda made: sign_in(made, Role.ADMIN, audience=Audience.PUBLIC, name="ada")}[who](app)


@contextmanager
def window(browser: Browser, house: House, site: str, who: str, *, width: int, scale: int = 1) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": width, "height": 900}, device_scale_factor=scale)
    carry(context, site, client_of(house.app, who))
    seen = Visit(context.new_page())
    watch(seen.page, seen)
    yield seen
    context.close()


def go(seen: Visit, house: House, site: str, path: str) -> None:
    answer = seen.page.goto(site + (house.merge if path == MERGE else path))
    assert answer
    assert answer.status == (403 if path == CLOSED else 200)


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state[0]} {state[1]} {state[2].__name__}")
def test_a_page_is_whole_and_accessible_wide_and_narrow(
    browser: Browser, house: House, site: str, state: tuple[str, str, Callable[[Page], None]]
) -> None:
    who, path, act = state
    for width, scale in ((WIDE, 1), (NARROW, 1), (320, 1), (640, 2)):
        with window(browser, house, site, who, width=width, scale=scale) as seen:
            go(seen, house, site, path)
            act(seen.page)
            assert seen.overflow() == [], width
            assert seen.lost() == [], width
            assert width not in (WIDE, NARROW) or seen.violations() == [], width
            assert width != NARROW or seen.small() == []


@pytest.mark.parametrize(("who", "path"), [("staff", AREA), ("staff", MERGE), ("staff", ROUND), ("ssp", SSP_MAP)])
def test_the_focus_is_always_visible_behind_the_door(browser: Browser, house: House, site: str, who: str, path: str) -> None:
    with window(browser, house, site, who, width=WIDE) as seen:
        go(seen, house, site, path)
        stops = seen.stops(80)
        assert len(stops) >= 12
        assert [now for now in stops if now["style"] == "none" or now["width"] < 2 or not now["seen"]] == []
        assert seen.problems == []


# --- rooms in another state --------------------------------------------------------------------------------------------


def test_the_list_of_editions_with_one_to_choose(browser: Browser, tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions", as_of=DAY.replace(year=DAY.year - 1))
    webtown.publish(tmp_path / "editions")
    made = create_app(Settings(workspace=tmp_path))
    check(browser, made, sign_in(made, Role.ADMIN, name="ada"), "/udgivelse", "Gør aktuel")


def test_the_review_room_when_its_database_is_away(browser: Browser, tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions")
    made = create_app(Settings(workspace=tmp_path, reviews_departments=DEPARTMENTS))  # its tables were never made
    check(browser, made, staff(made), "/gennemgang", "Gennemgangen er lukket lige nu")


def test_the_safety_room_of_an_edition_without_its_figures(browser: Browser, tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions")
    made = create_app(Settings(workspace=tmp_path))
    check(browser, made, ssp(made), "/ssp/tryghed", "ikke tal for oplevet tryghed og anmeldelser")


def check(browser: Browser, app: Flask, client: FlaskClient, path: str, says: str) -> None:
    with serving(app) as address:
        for width in (WIDE, NARROW, 320):
            context = browser.new_context(viewport={"width": width, "height": 900})
            carry(context, address, client)
            seen = Visit(context.new_page())
            seen.page.goto(address + path)
            expect(seen.page.locator("main")).to_contain_text(says)
            assert seen.overflow() == seen.lost() == seen.violations() == []
            context.close()
