"""The administrative half in a real browser: written in the workroom's forms after signing in, published, and read by everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
import vobject
from playwright.sync_api import Browser

from tests.readers.browser import NARROW, serving, visit
from tests.readers.draftforms import begun, fill, publish, settled
from tests.readers.signed import carry
from tests.readers.worker import worker
from tests.towns.drafttown import app_of, data_person, write

pytestmark = pytest.mark.browser


def named(id: str, name: str, **more: str) -> dict[str, str]:
    """What is typed of an entry with a code, a name in both languages and a source."""
    return {"id": id, "name.da": name, "name.en": f"{name} (en)", "cite.source": "survey", **more}


WRITTEN: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("dimension", named("velkomst", "Velkomst", low="0", high="100")),
    (
        "city_score",
        {
            "id": "kobenhavn-2011", "city": "København", "year": "2011", "values[1].key": "velkomst", "values[1].value": "55,5",
            "cite.source": "survey",
        },
    ),
    (
        "cases",
        {
            "id": "hjemmeside-2009", "measure": "website", "year": "2009", "total": "42", "grounds[1].key": "religion",
            "grounds[1].value": "40", "cite.source": "survey",
        },
    ),
    ("action_plan", named("sud-2011", "Socialudvalgets handleplan", committee="SUD", version="2011-2014", aim="Flere bruger tilbuddene.")),
    (
        "plan",
        {
            "id": "gaarden", "name": "Helhedsplan Gården", "areas[1].area_set": "square", "areas[1].area_id": "0102",
            "partner": "Boligselskabet", "grant": "5000000", "approved": "2010-01-01", "started": "2010-03-02", "cite.source": "survey",
        },
    ),
    (
        "event",
        named("foelgegruppe", "Rapport til følgegruppen", sender="Sekretariatet", recipient="Følgegruppen", due="08-31")
        | {f"{field}.{language}": "Hvert halve år" for field in ("rhythm", "content") for language in ("da", "en")},
    ),
    (
        "effort",
        named("jobpatruljer", "Jobpatruljer", kind="effort", committee="BIU", title="Jobpatruljer i områderne")
        | {"areas[1].area_set": "square", "areas[1].area_id": "0102", "statuses[1].period": "2009H1", "statuses[1].text": "608 er i job."},
    ),
)  # fmt: skip
"""Kinds of entries and what is typed in the form of each; all of it is invented."""
REST = {"grounds[2].key": "age", "grounds[2].value": "2"}
"""What the cases lack at first: 40 are not all 42."""


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A town in which somebody signed in, wrote an entry of every kind and published them together."""
    place = write(tmp_path_factory.mktemp("administration") / "town")
    app = app_of(place)
    with worker(place), serving(app) as address:
        with visit(browser, f"{address}/om") as seen:
            page = seen.page
            page.set_default_timeout(60_000)
            carry(page.context, address, data_person(app))
            home = begun(page, address, "Det hele")
            for kind, typed in WRITTEN:
                page.goto(f"{home}/katalog/{kind}/_ny")
                settled(page)
                fill(page, typed)
                page.get_by_role("button", name="Gem forslaget").click()
                page.wait_for_url("**forslag=*")
                settled(page)
                if kind == "cases":
                    page.get_by_text("tallene giver ikke antallet i alt").first.wait_for()
                    fill(page, REST)
                    page.get_by_role("button", name="Gem forslaget").click()
                    page.get_by_text("tallene giver ikke antallet i alt").first.wait_for(state="detached")
                    settled(page)
            publish(page, home, "Det er skrevet ind")
            assert seen.problems == []
        yield address


READ = {
    "byindeks": ("/byindeks", ("Velkomst", "København", "55,5", "fra 0 til 100", "Usikkerheden kendes ikke.")),
    "diskrimination": ("/diskrimination", ("2009", "42", "skjult", "De tre mål tæller ikke det samme.")),
    "handleplaner": ("/handleplaner", ("Socialudvalgets handleplan", "2011-2014", "Flere bruger tilbuddene.")),
    "helhedsplan": ("/helhedsplaner/gaarden", ("Helhedsplan Gården", "Boligselskabet", "1. januar 2010")),
    "aarshjul": ("/aarshjul/2010", ("Rapport til følgegruppen", "Sekretariatet")),
    "jobpatruljer": ("/indsatser/jobpatruljer", ("Jobpatruljer i områderne", "608 er i job.")),
    "barometer": ("/barometer", ("Hvor langt er byen med sine mål?",)),
    "oekonomi": ("/oekonomi", ("Hvad koster det?",)),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_everybody_reads_it_on_a_phone_and_on_paper(browser: Browser, site: str, name: str) -> None:
    path, words = READ[name]
    with visit(browser, site + path, width=NARROW) as seen:
        said = seen.page.locator("main").inner_text().replace("\u00a0", " ")
        assert [each for each in words if each not in said] == []
        assert seen.overflow() == []
        assert seen.lost() == []
        assert seen.small() == []
        assert seen.violations() == []
        assert seen.problems == []
        seen.page.set_viewport_size({"width": 700, "height": 1000})  # a sheet of paper is wider than a phone
        seen.page.emulate_media(media="print")
        assert seen.overflow() == []
    with visit(browser, f"{site}/en{path}") as english:
        assert english.page.locator("html").get_attribute("lang") == "en"
        assert english.overflow() == []
        assert english.problems == []


def test_the_hidden_count_is_in_no_answer(browser: Browser, site: str) -> None:
    """40 of religion and 2 of age: neither is told, since the total would give the other away."""
    with visit(browser, f"{site}/diskrimination") as seen:
        cells = seen.page.locator("main section").nth(1).locator("td").all_inner_texts()
        assert set(cells) == {"skjult"}
        for ending in ("csv", "json"):
            text = seen.page.request.get(f"{site}/api/v1/discrimination.{ending}").text()
            assert ",40," not in text
            assert ":40" not in text


def test_the_calendar_is_read_by_another_program(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/aarshjul") as seen:
        link = seen.page.locator("a[href*='aarshjul.ics']").first
        answer = seen.page.request.get(f"{site}{link.get_attribute('href')}")
        events = [event.summary.value for event in vobject.readOne(answer.text()).vevent_list]
        assert any("Rapport til følgegruppen" in summary for summary in events)


def test_the_report_on_hotspots_is_taken_away(browser: Browser, site: str) -> None:
    with visit(browser, f"{site}/hotspots") as seen:
        link = seen.page.locator('a[href*="rapport.pdf"]').first
        answer = seen.page.request.get(f"{site}{link.get_attribute('href')}")
        assert answer.status == 200
        assert answer.body().startswith(b"%PDF-")
