"""The calendar of reports: days by hand, every event of the papers on the page, and iCalendar read by a program of another maker."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import vobject
from flask.testing import FlaskClient

from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.model.programmes import RecurringReport
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from tests.readers.parsed import parse
from tests.readers.parsed import words as text_of
from webmap.app import create_app
from webmap.efforts import duedates
from webmap.settings import Settings

ROOT = Path(__file__).parents[3]
WORDS = Text(da="x", en="x")


def report(*due: str, every: str | None = None) -> RecurringReport:
    return RecurringReport(
        id="r", name=WORDS, sender="a", recipient="b", rhythm=WORDS, content=WORDS, cite=Cite(source="s"), due=due,
        every=every,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "year", "expected"),
    [
        (report(every="quarter"), 2012, ["2012-03-31", "2012-06-30", "2012-09-30", "2012-12-31"]),
        (report(every="half_year"), 2009, ["2009-06-30", "2009-12-31"]),
        (report(every="year"), 2009, ["2009-12-31"]),
        (report("08-31", "02-28", every="half_year"), 2009, ["2009-02-28", "2009-08-31"]),
        (report("02-29", every="year"), 2012, ["2012-02-29"]),
        (report("02-29", every="year"), 2011, ["2011-02-28"]),
        (report("2010-05-07", "2010-12-31"), 2010, ["2010-05-07", "2010-12-31"]),
        (report("2010-05-07"), 2011, []),
        (report(), 2011, []),
    ],
)
def test_the_days_of_a_year_by_hand(event: RecurringReport, year: int, expected: list[str]) -> None:
    assert [day.isoformat() for day in duedates.days(event, year)] == expected


@pytest.fixture
def client(built: Workspace) -> FlaskClient:
    return create_app(Settings(workspace=built.folder)).test_client()


def test_every_event_of_the_papers_reaches_the_page_of_some_year(client: FlaskClient) -> None:
    said = " ".join(text_of(parse(client.get(f"/aarshjul/{year}").get_data(as_text=True))) for year in (2009, 2010))
    events = catalogue.read(ROOT / "data", ROOT / "boundaries").calendar
    assert len(events) == 21
    assert [event.name.da for event in events if event.name.da not in said] == []
    assert "31. august 2009" in said
    assert "7. maj 2010" in said


def test_years_far_away_are_not_there(client: FlaskClient) -> None:
    assert [client.get(f"/aarshjul/{year}").status_code for year in (1999, 2000, 2100, 2101)] == [404, 200, 200, 404]
    assert "/aarshjul/1999" not in client.get("/aarshjul/2000").get_data(as_text=True)


def test_another_program_reads_the_feed_and_finds_the_days(client: FlaskClient) -> None:
    answer = client.get("/aarshjul.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    read = vobject.readOne(answer.get_data(as_text=True))
    events = [(event.summary.value, event.dtstart.value) for event in read.vevent_list]
    year = max(day.year for _, day in events)
    assert ("Samlet statusrapport", dt.date(year, 8, 31)) in events
    assert len({event.uid.value for event in read.vevent_list}) == len(events)
    assert all(event.valarm.trigger.value == dt.timedelta(days=-14) for event in read.vevent_list)
    assert client.get("/aarshjul.ics").data == answer.data
