"""One reading of periods for every input: each form by hand, one code a period, and nothing cut away."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from geo.errors import InputError
from geo.model import periods
from geo.model.vocabulary import Period
from geo.registers import periods as register_periods


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2014", "2014"),
        *((text, "2014H1") for text in ("2014H1", "2014-H1", "2014 H1", "2014 1. halvår", "2014 1. halva\u030ar", " 2014H1 ")),
        *((text, "2014H2") for text in ("2014H2", "2014 2. halvår", "2014\u00a02.\u00a0halvår")),
        *((text, "2014Q1") for text in ("2014Q1", "2014-Q1", "2014 Q1", "2014K1", "2014 K1", "2014 1. kvartal")),
        *((text, "2014Q4") for text in ("2014K4", "2014 4. kvartal")),
        *((text, "2014-01") for text in ("2014-01", "2014M01")),
        *((text, "2014-01-31") for text in ("2014-01-31", "2014-01-31T23:59:59", "2014-01-31 00:00", "2014-01-31 12:00:00.123456789")),
        # Copenhagen is an hour before UTC in winter and two in summer
        *((f"2013-12-31T23:00{end}", "2014-01-01") for end in ("Z", ":00Z", ":00.000000Z", ":00 UTC", "+00:00", ":00+0000", "+00")),
        ("2013-12-31T22:59:59Z", "2013-12-31"),
        *((text, "2014H1") for text in ("2014h1", "1. halvår 2014", "1. Halvår 2014")),
        *((text, "2014Q3") for text in ("2014k3", "3. kvartal 2014")),
        *((text, "2014-05") for text in ("maj 2014", "Maj 2014", "May 2014", "2014 maj", "2014m05")),
        *((text, "2013-08--2014-07") for text in ("2013/14", "2013/2014", "skoleåret 2013/14", "2013-08--2014-07")),
        ("1999/00", "1999-08--2000-07"),
        *((text, "2014-01-31") for text in ("31-01-2014", "31.01.2014", "31-01-2014 00:00", "31-01-2014 00:00:00")),
        ("2014-06-30T22:00:00Z", "2014-07-01"),
        ("2014-06-30T21:59:00Z", "2014-06-30"),
        ("2014-01-01 00:00:00+01:00", "2014-01-01"),
        ("2014-01-01T00:00:00+02:00", "2013-12-31"),
        ("2013-12-31T18:00:00-05:00", "2014-01-01"),
        ("2013-12-31T23:00:00", "2013-12-31"),  # without a zone it is taken as it stands
    ],
)
def test_each_form_becomes_the_one_code_of_its_period(text: str, code: str) -> None:
    period = Period.parse(text)
    assert period.code == code
    assert Period.parse(period.code) == period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014 1. halvår", dt.date(2014, 1, 1), dt.date(2014, 6, 30)),
        ("2014K3", dt.date(2014, 7, 1), dt.date(2014, 9, 30)),
        ("2016M02", dt.date(2016, 2, 1), dt.date(2016, 2, 29)),
        ("2013/14", dt.date(2013, 8, 1), dt.date(2014, 7, 31)),
        ("9999H2", dt.date(9999, 7, 1), dt.date(9999, 12, 31)),
    ],
)
def test_first_and_last_day(text: str, first: dt.date, last: dt.date) -> None:
    period = Period.parse(text)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "someday", "14", "20140", "2014H3", "2014 3. halvår", "2014 halvår", "2014 1. halvår af", "2014Q5", "2014K0", "2014M13",
        "2014-13", "2014-02-30", "2014-1", "2014-W01", "20140101", "2014 foo", "2014 5. kvartal", "2014-2015", "0000",
        "２０２７", "٢٠١٤", "2014-01-01T24:00", "2014-01-01T00:00+25:00", "2014-01-01T00:00:00+01:75", "2014-01-01Tnoon",
        "0001-01-01T00:00+12:00",
        "2014.0", "None", "nan", "2014/16", "2013/24", "2013/13", "2014/2013", "9999/00", "2013/14 1", "2013-08--2015-07",
        "31/01/2014", "01/31/2014", "31-13-2014", "31.01-2014", "31-1-2014", "5. maj 2014", "maj", "2014 mai", "41640",
    ],
)  # fmt: skip
def test_what_cannot_be_read_whole_is_no_period(text: str) -> None:
    assert periods.read(text) is None
    with pytest.raises(InputError, match="a period that cannot be read"):
        Period.parse(text)


MIDNIGHT = dt.datetime(2013, 12, 31, 23, tzinfo=dt.UTC)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize(
    ("zone", "moment", "code"),
    [
        ("UTC", MIDNIGHT, "2014-01-01"),
        ("Europe/Copenhagen", MIDNIGHT, "2014-01-01"),
        ("America/New_York", MIDNIGHT, "2014-01-01"),
        ("UTC", dt.datetime(2014, 6, 30, 21, 59, tzinfo=dt.UTC), "2014-06-30"),
        ("UTC", dt.datetime(2014, 6, 30, 22, 0, tzinfo=dt.UTC), "2014-07-01"),
        (None, dt.datetime(2013, 12, 31, 23), "2013-12-31"),
        ("UTC", dt.datetime(1969, 12, 31, 23, tzinfo=dt.UTC), "1970-01-01"),
    ],
)
def test_a_moment_of_a_register_is_on_its_day_in_copenhagen(unit: str, zone: str | None, moment: dt.datetime, code: str) -> None:
    encoded = register_periods.encoded(pa.array([moment, None], pa.timestamp(unit, zone)))
    assert [register_periods.code(word, "") for word in encoded.to_pylist()] == [code, ""]
    assert register_periods.code(encoded.to_pylist()[0], "half") == code[:4] + ("H2" if code[5:7] > "06" else "H1")


@pytest.mark.parametrize("kind", [pa.timestamp("s"), pa.timestamp("s", "UTC"), pa.date32(), pa.date64()])
def test_a_day_that_no_calendar_has_is_no_period(kind: pa.DataType) -> None:
    far = {"date32[day]": 2**31 - 1, "date64[ms]": 86_400_000 * 10**9}.get(str(kind), 10**13)
    column = pa.array([far, 0], pa.int32() if kind == pa.date32() else pa.int64()).cast(kind)
    assert [register_periods.code(word, "") for word in register_periods.encoded(column).to_pylist()] == ["", "1970-01-01"]
