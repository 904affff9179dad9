"""Rows of a register that no figure counts: told by reason, and a build stops where there are more than its sidecar allows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from geo.errors import InputError, Problem
from geo.model.areas import Register
from geo.model.results import Leftover

_WHY: Final = {
    "unknown_code": ("rows with a word that is not declared", "the words of the column in [register.codes]; capital letters count"),
    "no_period": ("rows whose period cannot be read", "periods such as 2014H1; docs/real-data.md lists the forms"),
    "no_coordinate": ("rows without a coordinate", "x and y in each row"),
    "no_address": ("rows whose address is not in the list of addresses", "the list of all addresses of the register"),
    "outside": ("rows outside all areas", "x easting or longitude, in the declared CRS; not swapped"),
}
"""Words for each reason, and what was expected."""


def lines(leftovers: Iterable[Leftover], rows: int) -> Iterator[str]:
    """Give a line for each reason for which rows are counted for no figure, with their number and part. For the register's owner alone.

    rows: of the register.
    """
    for reason, left in _reasons(leftovers):
        place = left.area_set or (left.names[1] if len(left.names) > 1 else "")
        number = left.count or 0
        yield f"{_WHY[reason][0]}{f' ({place})' if place else ''}: {number:,} of {rows:,} ({100 * number / max(rows, 1):.1f} %)"


def check(name: str, leftovers: Iterable[Leftover], rows: int, register: Register, *, covering: Collection[str]) -> None:
    """Raise InputError when a larger part of a register's rows than it allows is counted for no figure, for one reason.

    name: the register's, in messages. rows: of the register. covering: the area sets that cover the city; rows outside of others are no
    fault. The message tells parts, never a row.
    """
    problems = []
    for reason, left in _reasons(leftovers):
        part = (left.count or 0) / max(rows, 1)
        if part <= register.most_left_out or (left.area_set and left.area_set not in covering):
            continue
        what, expected = _WHY[reason]
        column = left.names[1] if reason == "unknown_code" else left.area_set
        allowed = f"{expected}; at most {100 * register.most_left_out:g} % (most_left_out in [register])"
        problems.append(Problem(name, what, None, column, f"{100 * part:.1f} % of the rows", allowed))
    if problems:
        raise InputError(problems)


def _reasons(leftovers: Iterable[Leftover]) -> Iterator[tuple[str, Leftover]]:
    """Leftovers that are rows, with the reason of each."""
    return ((left.names[0], left) for left in leftovers if left.side == "row" and left.names and left.names[0] in _WHY)
