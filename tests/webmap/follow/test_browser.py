"""Following by e-mail in a browser: asked for, confirmed and stopped by keys and without script; readable, on a telephone too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.readers.browser import WIDE, serving, visit
from tests.towns import newstown
from webmap.app import create_app
from webmap.follow import followers, outbox
from webmap.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("followsite")
    newstown.publish_all(folder / "editions")
    return Settings(workspace=folder, smtp_url="smtp://127.0.0.1:1", mail_from="kort@example.dk", public_url="https://kort.example.dk")


@pytest.fixture(scope="module")
def site(settings: Settings) -> Iterator[str]:
    with serving(create_app(settings)) as address:
        yield address.replace("127.0.0.1", "localhost")  # where browsers take a cookie that is for encrypted connections


@pytest.fixture(scope="module")
def secret(settings: Settings) -> str:
    """The secret of links of somebody who has been asked to confirm."""
    followers.ask(settings.followers, "eva@example.dk", ("tryg", "", ""), "da", now=2e9)
    return sent(settings, "eva@example.dk")


def sent(settings: Settings, address: str) -> str:
    (letter,) = (each for each in outbox.waiting(settings.followers, now=4e9) if each.follower.address == address)
    made = followers.new_token()
    with_both: dict[followers.Does, str] = {"confirm": made}
    assert outbox.begin(settings.followers, letter, "x", with_both)
    outbox.end(settings.followers, letter, "sent")
    return made


PATHS = ("/foelg", "/en/foelg?inddeling=square&omraade=0102", "/foelg/tak", "/foelg/bekraeft/{}", "/en/foelg/bekraeft/{}", "/aendret")


@pytest.mark.parametrize("width", [WIDE, 390, 320])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_cut_off_or_too_small_to_press(browser: Browser, site: str, secret: str, path: str, width: int) -> None:
    with visit(browser, site + path.format(secret), width=width) as seen:
        assert (seen.overflow(), seen.lost(), seen.small()) == ([], [], [])
        assert not [stop["what"] for stop in seen.stops() if stop["style"] == "none" or not stop["seen"]]
        assert seen.problems == []


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(browser: Browser, site: str, secret: str, path: str) -> None:
    with visit(browser, site + path.format(secret)) as seen:
        assert seen.violations() == []


@pytest.mark.parametrize("script", [True, False])
def test_somebody_asks_confirms_and_stops_by_keys(browser: Browser, site: str, settings: Settings, script: bool) -> None:
    address = f"anna{script}@example.dk"
    with visit(browser, f"{site}/omraade/square/0102", script=script) as seen:
        page = seen.page
        page.get_by_role("link", name="Følg med på e-mail").press("Enter")
        page.get_by_label("Din e-mailadresse").fill(address)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Se i din indbakke")
        page.goto(f"{site}/foelg/bekraeft/{sent(settings, address)}")
        page.get_by_role("button", name="Ja, følg med").press("Enter")
        expect(page.locator("h1")).to_have_text("Du følger nu med")
        expect(page.locator(".answer")).to_contain_text("Sydøst")
        followers.ask(settings.followers, address, ("", "square", "0102"), "da", now=2e9)
        (known,) = (each for each in outbox.waiting(settings.followers, now=4e9) if each.follower.address == address)
        stop = followers.new_token()
        assert known.kind == "known"
        assert outbox.begin(settings.followers, known, "x", {"stop": stop})
        page.goto(f"{site}/foelg/stop/{stop}")
        page.get_by_role("button", name="Stop").press("Enter")
        expect(page.locator("h1")).to_have_text("Du får ikke flere breve")
        assert seen.problems == []
    assert address not in {each.address for each in followers.every(settings.followers)}


def test_a_wrong_address_is_said_where_it_was_typed(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/foelg") as seen:
        page = seen.page
        page.get_by_label("Din e-mailadresse").fill("anna@example")  # the browser finds nothing wrong with it
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Det er ikke en e-mailadresse.")
        expect(page.get_by_label("Din e-mailadresse")).to_have_value("anna@example")
        assert seen.violations() == []
        assert seen.overflow() == []
