"""Sums of a printed table of money, computed beside the printed ones: by the parts of a row, by all single lines, across the years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from geo.model.efforts.effort import Effort
from geo.model.efforts.money import EconomyRow, EconomyTable

SumKind = Literal["parts", "lines", "years"]
"""parts: the rows that are part of it; lines: all rows that have no parts; years: the row's own amounts."""


@dataclass(frozen=True)
class SumCheck:
    """A printed sum and the same computed, in million kroner. row: its number; year: "" for the column of totals."""

    kind: SumKind
    row: str
    year: str
    printed: Decimal
    computed: Decimal

    @property
    def holds(self) -> bool:
        """Whether the computed sum, rounded to the digits of the printed one, is the printed one."""
        return self.computed.quantize(self.printed, ROUND_HALF_UP) == self.printed

    @property
    def difference(self) -> Decimal:
        """Printed minus computed."""
        return self.printed - self.computed


def checks(table: EconomyTable) -> tuple[SumCheck, ...]:
    """Return every printed sum of a table with what it should be, in the order of the rows; of a table without sums, nothing.

    An amount that is not printed is not part of any sum: the source prints a dash where no money is counted.
    """
    parts: dict[str, list[EconomyRow]] = {}
    for row in table.rows:
        parts.setdefault(row.within, []).append(row)
    leaves = [row for row in table.rows if row.no not in parts]
    return tuple(check for row in table.rows for check in _of_row(row, table, parts, leaves))


def _of_row(
    row: EconomyRow, table: EconomyTable, parts_of: Mapping[str, Sequence[EconomyRow]], leaves: Sequence[EconomyRow]
) -> Iterator[SumCheck]:
    parts = parts_of.get(row.no, [])
    ways: list[tuple[SumKind, Sequence[EconomyRow]]] = [("parts", parts)] if parts else []
    if row.no == table.grand and any(part.no in parts_of for part in parts):
        ways.append(("lines", leaves))
    for kind, summed in ways:
        for year in (*table.years, ""):
            printed = _amount(row, year)
            if printed is not None:
                yield SumCheck(kind, row.no, year, printed, _sum(_amount(each, year, or_years=True) for each in summed))
    if row.total is not None and row.amounts:
        yield SumCheck("years", row.no, "", _exact(row.total), _sum(map(_exact, row.amounts.values())))


def _amount(row: EconomyRow, year: str, *, or_years: bool = False) -> Decimal | None:
    """What is printed of a row in a year, or as its total. or_years: a total that is not printed is the sum of the row's years."""
    number = row.amounts.get(year) if year else row.total
    if number is None and not year and or_years and row.amounts:
        return _sum(map(_exact, row.amounts.values()))
    return None if number is None else _exact(number)


def _exact(number: float) -> Decimal:
    """The digits as they were written: 0.1 is a tenth."""
    return Decimal(repr(number))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def lines_of(table: EconomyTable, efforts: Iterable[Effort]) -> dict[str, dict[str, Decimal]]:
    """Return the printed money of each effort by year, by its id; efforts that the table has no line for are left out."""
    known = {effort.id for effort in efforts}
    lines: dict[str, dict[str, Decimal]] = {}
    for row in table.rows:
        if row.effort in known and row.amounts:
            by_year = lines.setdefault(row.effort, {})
            for year, amount in row.amounts.items():
                by_year[year] = by_year.get(year, Decimal(0)) + _exact(amount)
    return lines


def total(amounts: Iterable[dict[str, Decimal]]) -> dict[str, Decimal]:
    """Return the sum of money by year of several efforts."""
    sums: dict[str, Decimal] = {}
    for by_year in amounts:
        for year, amount in by_year.items():
            sums[year] = sums.get(year, Decimal(0)) + amount
    return dict(sorted(sums.items()))


def by_year(amounts: dict[str, float]) -> dict[str, Decimal]:
    """Return amounts with the digits as they were written."""
    return {year: _exact(amount) for year, amount in amounts.items()}
