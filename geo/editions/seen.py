"""Figures that a reader was shown outside the edition's own table, and how they are compared with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

Cell = tuple[str, str, str, str]
"""Indicator, area set, area id, period."""

KEY: Final = ("indicator", "area_set", "area_id", "period")
NUMBERS: Final = ("value", "numerator", "denominator", "n", "low", "high")
_EXACT: Final = 1e-9
"""By how much, relatively, a number in a file may differ from the table's: files have fifteen digits."""


@dataclass(frozen=True)
class Finding:
    """Something that an audience can read and should not be able to, or can work out. where: a file, an address, or the attacker.

    low, high: the interval to which a count can be bounded, None where nothing was calculated.
    """

    where: str
    what: str
    indicator: str = ""
    period: str = ""
    area: str = ""
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Seen:
    """Numbers of one figure as they appear outside the edition's table: in a payload, a page, a drawing.

    numbers: by name, exact. bounds: by name, the least and the most that a rounded text, a colour, a position in a drawing or an
    order allows (infinite where one side is open). Names are those of NUMBERS; any other name is a number given besides those.
    """

    where: str
    cell: Cell
    numbers: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def by_cell(table: pd.DataFrame) -> dict[Cell, dict[str, float]]:
    """Return the numbers of every row of a table of observations, by its key; NaN where there is none.

    table: OBSERVATION_COLUMNS.
    """
    keys = zip(*(table[name] for name in KEY), strict=True)
    return {key: dict(zip(NUMBERS, row, strict=True)) for key, row in zip(keys, table[list(NUMBERS)].itertuples(index=False), strict=True)}


def differing(rows: Mapping[Cell, Mapping[str, float]], elsewhere: Iterable[Seen]) -> Iterator[Finding]:
    """Return numbers shown elsewhere for hidden figures, and numbers that differ from the table's by more than their rounding.

    rows: as `by_cell` gives them, for the audience that was shown the numbers. A cell that the table lacks counts as hidden.
    """
    for seen in elsewhere:
        own = rows.get(seen.cell, {})
        for name, number in seen.numbers.items():
            yield from _held(seen, name, (number, number), own)
        for name, ends in seen.bounds.items():
            yield from _held(seen, name, ends, own)


def _held(seen: Seen, name: str, ends: tuple[float, float], own: Mapping[str, float]) -> Iterator[Finding]:
    mine = own.get(name, own.get("value", math.nan) if name not in NUMBERS else math.nan)
    indicator, area_set, area_id, period = seen.cell
    if math.isnan(mine):
        what = f"a number of a figure that is hidden: {name}"
    elif name in NUMBERS and not ends[0] - _EXACT <= mine <= ends[1] + _EXACT:
        what = f"another number than the figure's: {name}"
    else:
        return
    yield Finding(seen.where, what, indicator, period, f"{area_set}/{area_id}")


def as_table(elsewhere: Iterable[Seen]) -> pd.DataFrame:
    """Return all exact numbers that were read, a row a figure: the columns of KEY and NUMBERS, and `where` it was read first.

    Several places that agree on a figure make one row; a place with another number has a row of its own.
    """
    rows: dict[Cell, list[dict[str, Any]]] = {}
    for seen in elsewhere:
        numbers = {name: seen.numbers[name] for name in NUMBERS if name in seen.numbers}
        if not numbers:
            continue
        known = rows.setdefault(seen.cell, [])
        fitting = next(
            (row for row in known if all(abs(row.get(name, number) - number) <= _EXACT for name, number in numbers.items())), None
        )
        if fitting is None:
            known.append({**dict(zip(KEY, seen.cell, strict=True)), **numbers, "where": seen.where})
        else:
            fitting.update({**numbers, **fitting})
    columns = [*KEY, *NUMBERS, "where"]
    made = pd.DataFrame([row for several in rows.values() for row in several], columns=columns)
    return made.astype(dict.fromkeys(NUMBERS, float))
