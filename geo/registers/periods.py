"""The period of each row of a register: text, whole numbers, days and moments, all read to one code for each period."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.model import periods
from geo.registers.cube import NO_PERIOD

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_EPOCH: Final = dt.date(1970, 1, 1)
_FIRST, _LAST = ((day - _EPOCH).days for day in (dt.date.min, dt.date.max))


def encoded(column: pa.Array) -> pa.DictionaryArray:
    """Return a column of periods as a dictionary: texts and whole numbers as they are, moments as the days they are on.

    A moment with a time zone is on the day that it is in Copenhagen, one without on the day it says. A day that no calendar has is
    absent.
    """
    if isinstance(column, pa.DictionaryArray):
        return column
    return (_days(column) if pa.types.is_temporal(column.type) else column).dictionary_encode()


def code(word: object, every: str) -> str:
    """Return the code of a period, gathered to a longer one when `every` says so ("month", "quarter", "half" or "year").

    NO_PERIOD when it cannot be read, or is longer than that already.
    """
    span = None if word is None else periods.read(str(word))
    if span is None:
        return NO_PERIOD
    if not every:
        return span.code
    first, last = (periods.gathered(day, every) for day in (span.first, span.last))
    return first if first == last else NO_PERIOD


def _days(column: pa.Array) -> pa.Array:
    """The day of each date or moment (date32)."""
    there = np.asarray(column.is_valid())
    if pa.types.is_timestamp(column.type):
        seconds = column.cast(pa.timestamp("s", column.type.tz), safe=False).cast(pa.int64()).fill_null(0).to_numpy()
        days = seconds // _DAY if column.type.tz is None else _at_home(seconds)
    else:
        days = column.cast(pa.date32()).cast(pa.int32()).fill_null(0).to_numpy().astype(np.int64)
    known = there & (days >= _FIRST) & (days <= _LAST)
    return pa.array(np.where(known, days, 0).astype(np.int32), mask=~known).cast(pa.date32())


def _at_home(seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day in Copenhagen, counted from 1970, of seconds of UTC; its clock differs from UTC by whole hours, so hours are looked up."""
    hours, rows = np.unique(seconds // _HOUR, return_inverse=True)
    days = [_home_day(int(hour)) for hour in hours]
    return np.array(days, dtype=np.int64)[rows]


def _home_day(hour: int) -> int:
    try:
        moment = dt.datetime.fromtimestamp(hour * _HOUR, tz=dt.UTC)
        return (periods.at_home(moment) - _EPOCH).days
    except (ValueError, OverflowError, OSError):  # a year that no calendar has
        return _LAST + 1
