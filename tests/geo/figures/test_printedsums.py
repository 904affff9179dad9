"""Sums of printed tables of money, by hand: parts, lines, years, rounding, and what is not printed."""

from __future__ import annotations

from decimal import Decimal

from geo.figures import printedsums
from geo.model.efforts.effort import Effort
from geo.model.efforts.money import EconomyRow, EconomyTable
from geo.model.sources import Cite
from geo.model.vocabulary import Text

NAME = Text(da="x", en="x")


def row(no: str, within: str = "", total: float | None = None, **amounts: float) -> EconomyRow:
    return EconomyRow(no=no, name=NAME, within=within, amounts={year[1:]: amount for year, amount in amounts.items()}, total=total)


def table(*rows: EconomyRow, years: tuple[str, ...] = ("2008", "2009")) -> EconomyTable:
    return EconomyTable(id="t", name=NAME, years=years, rows=rows, grand="ALL", cite=Cite(source="s"))


def wrong(*rows: EconomyRow) -> list[tuple[str, str, str, str]]:
    checked = printedsums.checks(table(*rows))
    return [(check.kind, check.row, check.year, str(check.difference)) for check in checked if not check.holds]


def test_sums_that_add_up_are_all_checked_and_all_hold() -> None:
    rows = (
        row("2", "ALL", 6.3, y2008=2.1, y2009=4.2),
        row("2.1", "2", 3.3, y2008=1.1, y2009=2.2),
        row("2.2", "2", 3.0, y2008=1.0, y2009=2.0),
        row("ALL", "", 6.3, y2008=2.1, y2009=4.2),
    )
    checked = printedsums.checks(table(*rows))
    assert all(check.holds for check in checked)
    ways = sorted((check.kind, check.row, check.year) for check in checked)
    assert ways == sorted(
        [("parts", no, year) for no in ("2", "ALL") for year in ("2008", "2009", "")]
        + [("lines", "ALL", year) for year in ("2008", "2009", "")]
        + [("years", no, "") for no in ("2", "2.1", "2.2", "ALL")]
    )


def test_tenths_are_added_as_tenths() -> None:
    assert wrong(row("1", "ALL", y2008=0.1), row("2", "ALL", y2008=0.2), row("ALL", y2008=0.3)) == []


def test_each_wrong_sum_is_named_with_what_is_printed_too_much() -> None:
    rows = (row("2", "ALL", 5.0, y2008=3.0), row("2.1", "2", 2.0, y2008=2.0), row("ALL", "", 5.0, y2008=2.0))
    assert wrong(*rows) == [
        ("parts", "2", "2008", "1.0"),
        ("parts", "2", "", "3.0"),
        ("years", "2", "", "2.0"),
        ("parts", "ALL", "2008", "-1.0"),
        ("lines", "ALL", "", "3.0"),
        ("years", "ALL", "", "3.0"),
    ]


def test_a_printed_sum_is_held_to_the_digits_that_it_has() -> None:
    parts = (row("a", "ALL", y2008=3.4), row("b", "ALL", y2008=0.07), row("c", "ALL", y2008=0.3))
    assert wrong(*parts, row("ALL", y2008=3.8)) == []
    assert wrong(*parts, row("ALL", y2008=3.7)) == [("parts", "ALL", "2008", "-0.07")]


def test_a_dash_is_part_of_no_sum_and_is_not_zero() -> None:
    rows = (row("1", "ALL", y2008=1.0), row("2", "ALL"), row("ALL", y2008=1.0))
    assert wrong(*rows) == []
    assert printedsums.lines_of(table(*rows), []) == {}


def test_lines_of_one_effort_are_added() -> None:
    effort = Effort(id="e", name=NAME)
    rows = [EconomyRow(no=no, name=NAME, within="ALL", effort="e", amounts={"2008": amount}) for no, amount in (("1", 0.1), ("2", 0.2))]
    lines = printedsums.lines_of(table(*rows, row("ALL", y2008=0.3)), [effort])
    assert lines == {"e": {"2008": Decimal("0.3")}}
    assert printedsums.total([lines["e"], {"2007": Decimal(1)}]) == {"2007": Decimal(1), "2008": Decimal("0.3")}
