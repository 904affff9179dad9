"""The workroom in a browser: read by everybody, by keys and on a telephone; files dropped, work that is looked at until it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from geo.files.workspace import Workspace
from tests.readers.browser import NARROW, WIDE, Visit, serving, visit
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns.drafttown import NEW, STRANGE, app_of, begin, bring, data_person, draft_of, rehearsed, send, work, write

pytestmark = pytest.mark.browser


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return write(tmp_path)


@pytest.fixture
def app(place: Workspace) -> Flask:
    return app_of(place)


@contextmanager
def signed_in(browser: Browser, app: Flask, path: str, *, width: int = WIDE, script: bool = True) -> Iterator[Visit]:
    """A page of somebody who answers for the data."""
    with serving(app) as address, visit(browser, f"{address}/om", width=width, script=script) as seen:
        carry(seen.page.context, address, data_person(app))
        seen.page.goto(f"{address}{path}")
        yield seen


def pages(place: Workspace, app: Flask) -> list[str]:
    """Addresses of every page of the room, of a draft with something of everything in it."""
    dana = data_person(app)
    ready = rehearsed(dana, place, ("tal.csv", NEW.replace("0104,2013,90", "0101,2011,60")))
    asked = begin(dana, place, "Spørgsmål")
    bring(dana, asked, ("maaling.csv", STRANGE), ("forkert.csv", NEW.replace("90", "halvfems")))
    work(place, asked)
    own = f"/arbejdsrum/{ready}"
    of_it = ("", "/proeve", "/proeve?visning=efter", "/katalog", "/katalog/indicator/tryg", "/katalog/goal/_ny")
    return ["/arbejdsrum", "/arbejdsrum/historik", f"/arbejdsrum/{asked}", *(own + path for path in of_it)]


@pytest.mark.parametrize(("prefix", "width"), [("", WIDE), ("/en", NARROW)])
def test_every_page_can_be_read_by_everybody_and_fits(browser: Browser, app: Flask, place: Workspace, prefix: str, width: int) -> None:
    listed = pages(place, app)
    with signed_in(browser, app, "/arbejdsrum", width=width) as seen:
        origin = "/".join(seen.page.url.split("/")[:3])
        for path in listed:
            seen.page.goto(f"{origin}{prefix}{path}")
            assert seen.violations() == [], path
            assert seen.overflow() == [], path
            assert seen.lost() == [], path
            assert seen.small() == [], path
        assert seen.problems == []


def until(page: Page, words: str) -> None:
    page.get_by_text(words).first.wait_for(timeout=20_000)


def test_a_file_is_chosen_rehearsed_and_published_by_keys_alone(browser: Browser, app: Flask, place: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    file.write_text(NEW, encoding="utf-8")
    with worker(place), signed_in(browser, app, "/arbejdsrum") as seen:
        page = seen.page
        page.get_by_label("Hvad handler den nye kladde om?").focus()
        page.keyboard.type("Ny måling")
        page.keyboard.press("Enter")
        until(page, "Tom.")
        page.locator("#fil").set_input_files(str(file))
        page.get_by_role("button", name="Hent ind").focus()
        page.keyboard.press("Enter")
        until(page, "Læst. Prøv")
        page.get_by_role("button", name="Prøv").focus()
        page.keyboard.press("Enter")
        until(page, "Prøvet. Læs, hvad der sker")
        page.get_by_role("link", name="Se, hvad der sker").press("Enter")
        until(page, "1 tal er nyt.")
        page.get_by_label("Hvorfor udgives det?").focus()
        page.keyboard.type("Målingen 2013")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        until(page, "Udgivet som nr. 1.")
        assert all(stop["seen"] and stop["style"] != "none" for stop in seen.stops())
        assert seen.problems == []


_DROP = """([selector, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.querySelector(selector).dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""


def test_files_are_dropped_and_the_page_follows_the_work(browser: Browser, app: Flask, place: Workspace) -> None:
    own = begin(data_person(app), place)
    with signed_in(browser, app, f"/arbejdsrum/{own}") as seen:
        seen.page.evaluate(_DROP, ["form.drop", "tal.csv", NEW])
        until(seen.page, "Venter på at komme til")
        with worker(place):
            until(seen.page, "Læst. Prøv")
        assert [file.name for file in draft_of(place, own).files] == ["tal.csv"]
        assert seen.problems == []


def test_a_dropped_file_that_is_too_large_is_not_sent(browser: Browser, place: Workspace) -> None:
    app = app_of(place, upload_mb=1)
    own = begin(data_person(app), place)
    with signed_in(browser, app, f"/arbejdsrum/{own}") as seen:
        seen.page.evaluate(_DROP, ["form.drop", "stor.csv", "x" * 1_000_001])
        until(seen.page, "stor.csv fylder for meget.")
        assert not draft_of(place, own).files


def test_without_script_everything_goes_by_forms(browser: Browser, app: Flask, place: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "tal.csv"
    file.write_text(NEW, encoding="utf-8")
    own = begin(data_person(app), place)
    with worker(place), signed_in(browser, app, f"/arbejdsrum/{own}", script=False) as seen:
        seen.page.locator("#fil").set_input_files(str(file))
        seen.page.get_by_role("button", name="Hent ind").click()
        until(seen.page, "Læst. Prøv")  # the page comes again by itself
        assert [file.name for file in draft_of(place, own).files] == ["tal.csv"]


def test_what_is_being_written_is_not_lost_when_the_work_ends(browser: Browser, app: Flask, place: Workspace) -> None:
    dana = data_person(app)
    own = begin(dana, place)
    bring(dana, own, ("tal.csv", NEW))
    with signed_in(browser, app, f"/arbejdsrum/{own}/katalog/indicator/tryg") as seen:
        seen.page.locator("#f-name-da").fill("Trygge nu")
        work(place, own)
        until(seen.page, "Læst. Prøv")
        assert seen.page.locator("#f-name-da").input_value() == "Trygge nu"
        time.sleep(1.2)
        assert seen.page.locator("#f-name-da").input_value() == "Trygge nu"
        send(dana, own, "stop")


def test_the_answer_to_what_was_sent_is_not_sent_again_when_the_work_ends(browser: Browser, app: Flask, place: Workspace) -> None:
    dana = data_person(app)
    own = rehearsed(dana, place, ("tal.csv", NEW))
    with signed_in(browser, app, f"/arbejdsrum/{own}/katalog/indicator/tryg") as seen:
        seen.page.locator("#f-name-da").fill("Trygge nu")
        assert send(dana, own, "arbejde", hvad="rehearse").status_code == 303
        seen.page.get_by_role("button", name="Gem forslaget").click()
        until(seen.page, "Venter på at komme til")
        assert [problem[:3] for problem in seen.problems] == ["409", "con"]
        work(place, own)
        until(seen.page, "Prøvet")
        time.sleep(1.2)
        assert seen.page.locator("#f-name-da").input_value() == "Trygge nu"
        assert not draft_of(place, own).entries
