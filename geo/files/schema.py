"""The declared form of tables that come in, areas and observations; and messages about what breaks it that help a person to correct it."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely
from pandera.errors import SchemaErrors

from geo.errors import Problem
from geo.files import signs
from geo.model import periods
from geo.model.areas import Geometry
from geo.model.vocabulary import HAS_VALUE, Status

HEADER: Final = (
    "indicator", "area_set", "area_id", "period", "value", "numerator", "denominator", "n", "low", "high", "status", "source", "locator",
    "note",
)  # fmt: skip
"""The header of an observations CSV, exactly."""

NUMBERS: Final = ("value", "numerator", "denominator", "n", "low", "high")
STATUSES: Final = (
    *sorted(status.value for status in HAS_VALUE),
    Status.MISSING.value,
    Status.NOT_MEASURED.value,
    Status.HIDDEN_BY_SOURCE.value,
)
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_COMMA: Final = re.compile(r"-?[0-9.]*[0-9],[0-9]+")
_WRITTEN: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_MOST_SIGNS: Final = 30
"""Signs of a number at most: more than any that a program writes exactly, and few enough never to overflow."""
_SHOWN: Final = 80
"""Letters of a faulty text that a message shows at most."""
_MOST_VALUES: Final = 10
"""Faulty values of a kind that a message shows at most."""
LONGEST: Final = 200
"""Letters of a name at most."""
_CODE: Final = re.compile(r"\s*|[\w.-]+")


class ColumnFault(NamedTuple):
    """A kind of fault in a column: the words of its message."""

    column: str
    what: str
    expected: str


_Passes = Callable[[pd.Series], "pd.Series"]


def _check(what: str, expected: str, passes: _Passes) -> pa.Check:
    """A check over a whole column. `what` and `expected` are the words of the message; an absent value is checked too."""
    return pa.Check(passes, name=what, description=expected, ignore_na=False)


def _each(passes: Callable[[str], object]) -> _Passes:
    """A check of each distinct text of a column, made into one of the column."""
    return lambda column: column.map({text: bool(passes(text)) for text in column.unique()})


_FILLED: Final = _check("an empty field", "a text", lambda column: column.str.strip() != "")
_NUMERIC: Final = (
    _check("a decimal comma", "a decimal point: 12.5", _each(lambda text: not _COMMA.fullmatch(text))),
    _check("not a number", "a number such as 12.5, or nothing", _each(lambda t: not t or _NUMBER.fullmatch(t) or _COMMA.fullmatch(t))),
    _check(
        "a number with too many digits", f"at most {_MOST_SIGNS} signs", _each(lambda t: not _NUMBER.fullmatch(t) or len(t) <= _MOST_SIGNS)
    ),
)

_SEEN: Final = _check(signs.UNSEEN, signs.SEEN, _each(signs.are_plain))

OBSERVATIONS: Final = pa.DataFrameSchema(
    {
        "indicator": pa.Column(str, _FILLED),
        "area_set": pa.Column(str, _FILLED),
        "area_id": pa.Column(str, _FILLED),
        "period": pa.Column(str, _check("a period that cannot be read", periods.EXPECTED, _each(periods.read))),
        **{name: pa.Column(str, list(_NUMERIC)) for name in NUMBERS},
        "status": pa.Column(str, _check("an unknown status", ", ".join(STATUSES), lambda column: column.isin(STATUSES))),
        "source": pa.Column(str, _FILLED),
        "locator": pa.Column(str, _SEEN),
        "note": pa.Column(str, _SEEN),
    },
    name="observations",
)
"""An observations CSV as text, before any conversion: codes stay text (`0101`), numbers are checked as they were typed."""


def _there(column: pd.Series) -> pd.Series:
    return pd.Series([geometry is not None and not geometry.is_empty for geometry in column], index=column.index)


def _whole(column: pd.Series) -> pd.Series:
    """Whether no part of a geometry is empty, or the geometry is absent altogether."""
    return _or_absent([geometry is None or not any(shapely.is_empty(shapely.get_parts(geometry))) for geometry in column], column)


def _or_absent(passes: object, column: pd.Series) -> pd.Series:
    return pd.Series(np.asarray(passes, dtype=bool), index=column.index) | ~_there(column)


def is_number(text: str) -> bool:
    """Return whether a text is a finite number as programs write it: digits 0 to 9, a point, perhaps a power of ten, 30 characters."""
    return bool(_WRITTEN.fullmatch(text)) and len(text) <= _MOST_SIGNS and math.isfinite(float(text))


def is_figure(text: str) -> bool:
    """Return whether a text is a number as a CSV of figures writes it: digits, perhaps a minus and a decimal point."""
    return bool(_NUMBER.fullmatch(text))


OTHER_SIGNS: Final = "a code with other signs than letters, digits and -_."
TWICE: Final = "a code that stands twice"

TYPES: Final[Mapping[Geometry, tuple[int, int]]] = {"polygons": (3, 6), "lines": (1, 5), "points": (0, 4)}
"""Shapely's numbers of what a feature may be: of one part, and of several."""


def _of_type(what: str, expected: str, types: tuple[int, int]) -> pa.Check:
    return _check(f"not {what}", expected, lambda column: _or_absent(np.isin(shapely.get_type_id(column), types), column))


AREAS: Final = pa.DataFrameSchema(
    {
        "area_id": pa.Column(
            object,
            [
                _check("an area without a code", "a code", lambda column: column.str.strip() != ""),
                _check(OTHER_SIGNS, "0101 or amager-vest", _each(_CODE.fullmatch)),
                _check(TWICE, "codes of their own", lambda column: ~column.duplicated() | (column.str.strip() == "")),
            ],
            coerce=True,
        ),
        "name": pa.Column(
            object,
            [
                _check("an area without a name", "a name", lambda column: column.str.strip() != ""),
                _check("a name with signs that cannot be seen", signs.SEEN, _each(signs.is_plain)),
                _check("a name that is too long", f"at most {LONGEST} letters", lambda column: column.str.len() <= LONGEST),
            ],
            coerce=True,
        ),
        "note": pa.Column(object, _check("a note with signs that cannot be seen", signs.SEEN, _each(signs.is_plain)), coerce=True),
        "geometry": pa.Column(
            None,
            nullable=True,
            checks=[
                _check("an empty geometry", "a polygon", _there),
                _check("an empty part in a geometry", "parts with corners", _whole),
                _of_type("a polygon", "Polygon or MultiPolygon", TYPES["polygons"]),
                _check("an invalid geometry", "a valid one; nothing is repaired", lambda c: _or_absent(shapely.is_valid(c), c)),
                _check("coordinates that are not finite", "numbers", lambda c: _or_absent(np.isfinite(shapely.bounds(c)).all(axis=1), c)),
            ],
        ),
    },
    name="areas",
)
"""A layer of areas, in any CRS: code, name, geometry."""

_CHECKS: Final = AREAS.columns["geometry"].checks


def _drawn(what: str, expected: str, types: tuple[int, int]) -> pa.DataFrameSchema:
    checks = [_of_type(what, expected, types) if check.name == "not a polygon" else check for check in _CHECKS]
    return AREAS.update_column("geometry", checks=checks)


LAYERS: Final[Mapping[Geometry, pa.DataFrameSchema]] = {
    "polygons": AREAS,
    "lines": _drawn("a line", "LineString or MultiLineString", TYPES["lines"]),
    "points": _drawn("a point", "Point or MultiPoint", TYPES["points"]),
}
"""A layer by what its features are; lines and points are drawn for orientation alone."""


def problems(table: pd.DataFrame, schema: pa.DataFrameSchema, *, file: str, columns: Mapping[str, str] | None = None) -> list[Problem]:
    """Check a table against a schema and return what breaks it: one problem for each kind, with the first row and how many more there are.

    table: its index holds the row numbers that a person sees. columns: for our names of columns, the names in the person's own file.
    """
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as errors:
        return [_problem(error, file=file, columns=columns or {}) for error in errors.schema_errors]
    return []


def offenders(table: pd.DataFrame, wrong: pd.Series, fault: ColumnFault, *, file: str, known: Iterable[str] = ()) -> list[Problem]:
    """Return one problem for the rows of `table` where `wrong` is true, or an empty list when there are none.

    table: its index holds the row numbers that a person sees. wrong: true or false for each row, on the same index. fault: the words
    of the message. known: texts among which a similar one is suggested.
    """
    if not wrong.any():
        return []
    row = int(table.index[wrong.to_numpy()][0])
    value = str(table.loc[row, fault.column])
    near = nearest(value, known)
    expected = f'{fault.expected}; did you mean "{near}"?' if near else fault.expected
    values = _several(map(str, table.loc[wrong.to_numpy(), fault.column]))
    return [Problem(file, fault.what, row=row, column=fault.column, found=values, expected=expected, more=int(wrong.sum()) - 1)]


def _several(values: Iterable[object]) -> str:
    """Up to ten different faulty values, in the order of the file."""
    different: dict[str, None] = {}
    for value in values:  # not one step further than needed: a file may have a fault in each of its million rows
        different[_shown(value)] = None
        if len(different) == _MOST_VALUES:
            break
    return ", ".join(different)


def nearest(text: str, known: Iterable[str]) -> str | None:
    """Return the known text that was most likely meant, or None: one that differs in capitals, `.0` or leading zeros, or a similar one.

    >>> nearest("1.0", ["1", "10"]), nearest("VALBY", ["valby"]), nearest("101", ["0101"])
    ('1', 'valby', '0101')
    """
    choices = sorted(set(known))
    typed = text.strip().casefold().removesuffix(".0")
    padded = [choice for choice in choices if choice.casefold().lstrip("0") == typed.lstrip("0")]
    close = (
        padded or difflib.get_close_matches(text, choices, n=1, cutoff=0.75) or difflib.get_close_matches(typed, choices, n=1, cutoff=0.75)
    )
    return close[0] if close else None


def _problem(error: pa.errors.SchemaError, *, file: str, columns: Mapping[str, str]) -> Problem:
    cases = error.failure_cases
    column = str(error.schema.name)
    if not isinstance(error.check, pa.Check) or not isinstance(cases, pd.DataFrame):
        return Problem(file, str(error), column=columns.get(column, column))
    cases = cases.sort_values("index", kind="stable")
    first = cases.iloc[0]
    return Problem(
        file,
        str(error.check.name),
        row=int(first["index"]),
        column=columns.get(column, column),
        found=_several(cases["failure_case"]),
        expected=str(error.check.description),
        more=len(cases) - 1,
    )


def _shown(value: object) -> str:
    if isinstance(value, shapely.Geometry):
        return str(type(value).__name__) if shapely.is_valid(value) else str(shapely.is_valid_reason(value))
    text = "" if value is None else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
