"""Money of efforts in words: a table by year, and the printed overview with every sum computed beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from geo.figures import printedsums
from geo.figures.printedsums import SumCheck
from geo.model.efforts.effort import Effort
from geo.model.efforts.money import EconomyRow, EconomyTable
from geo.model.vocabulary import Text
from webmap.charts.bars import Bar, NamedBars, bars
from webmap.edition import relations
from webmap.edition.reader import Reader
from webmap.efforts.words import MONEY
from webmap.language import wording


@dataclass(frozen=True)
class MoneyRow:
    """One line of money in words: an amount a year, "" where nothing is said, and their sum."""

    name: str
    amounts: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class MoneyTable:
    """Money by year in million kroner."""

    years: tuple[str, ...]
    rows: tuple[MoneyRow, ...]


@dataclass(frozen=True)
class PrintedRow:
    """A row of a printed overview. called: its name with its number in the paper.

    wrong: what is said of the sums that do not hold, by year ("" for the total).
    """

    row: EconomyRow
    name: str
    called: str
    level: int
    amounts: tuple[str, ...]
    total: str
    wrong: Mapping[str, str]
    note: str


@dataclass(frozen=True)
class SumLine:
    """A printed sum that does not hold, in words."""

    row: str
    year: str
    printed: str
    computed: str
    difference: str
    way: str


@dataclass(frozen=True)
class Overview:
    """A printed overview as the page shows it. held: how many of the printed sums hold, of `sums`."""

    table: EconomyTable
    rows: tuple[PrintedRow, ...]
    wrong: tuple[SumLine, ...]
    sums: int
    held: int
    drawing: Markup
    by_goal: MoneyTable
    by_area: MoneyTable


_WAYS = {
    "parts": Text(da="summen af de linjer, den består af", en="the sum of its parts"),
    "lines": Text(da="summen af alle enkelte linjer", en="the sum of all single lines"),
    "years": Text(da="summen af linjens egne år", en="the sum of its own years"),
}
_SHORT = {
    "parts": Text(da="linjerne giver {}", en="the lines give {}"),
    "lines": Text(da="alle linjer giver {}", en="all lines give {}"),
    "years": Text(da="årene giver {}", en="the years give {}"),
}
_TOTAL = Text(da="i alt", en="total")


def amount(number: Decimal | float, language: str) -> str:
    """An amount of million kroner with the digits that it has, one decimal at least."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    exponent = exact.normalize().as_tuple().exponent
    places = max(1, -exponent if isinstance(exponent, int) else 1)
    return wording.number(float(exact), decimals=places, language=language)


def of_effort(effort: Effort, tables: Iterable[EconomyTable], language: str) -> MoneyTable | None:
    """The money of one effort: what it says itself, and its lines in printed overviews; None when nothing is known."""
    named = [(MONEY[name].in_(language), printedsums.by_year(getattr(effort, name))) for name in MONEY if getattr(effort, name)]
    for table in tables:
        named += [(table.name.in_(language), line) for line in printedsums.lines_of(table, [effort]).values()]
    return table_of(named, language) if named else None


def table_of(named: Sequence[tuple[str, Mapping[str, Decimal]]], language: str) -> MoneyTable:
    """Put money into words, a line for each name; the years are those that any of them has."""
    years = tuple(sorted({year for _, by_year in named for year in by_year}))
    rows = [
        MoneyRow(
            name,
            tuple(amount(by_year[year], language) if year in by_year else "" for year in years),
            amount(sum(by_year.values(), Decimal(0)), language),
        )
        for name, by_year in named
    ]
    return MoneyTable(years, tuple(rows))


def overviews(reader: Reader) -> tuple[Overview, ...]:
    """The printed overviews of an edition, with what their sums should be."""
    return tuple(_overview(table, reader) for table in reader.edition.catalogue.economy)


def _overview(table: EconomyTable, reader: Reader) -> Overview:
    language, checks = reader.language, printedsums.checks(table)
    names = {row.no: _called(row, language) for row in table.rows}
    wrong = [check for check in checks if not check.holds]
    parents = {row.no: row.within for row in table.rows}
    return Overview(
        table,
        tuple(_printed(row, table, wrong, parents, language) for row in table.rows),
        tuple(_sum_line(check, names, language) for check in wrong),
        len(checks),
        len(checks) - len(wrong),
        _drawing(table, language),
        _by_goal(table, reader),
        _by_area(table, reader),
    )


def _printed(row: EconomyRow, table: EconomyTable, wrong: Sequence[SumCheck], parents: Mapping[str, str], language: str) -> PrintedRow:
    own: dict[str, list[str]] = {}
    for check in wrong:
        if check.row == row.no:
            own.setdefault(check.year, []).append(_SHORT[check.kind].in_(language).format(amount(check.computed, language)))
    level, above = 0, row.within
    while above and level < len(parents):
        level, above = level + 1, parents.get(above, "")
    return PrintedRow(
        row,
        row.name.in_(language),
        _called(row, language),
        level,
        tuple(amount(row.amounts[year], language) if year in row.amounts else wording.NONE for year in table.years),
        wording.NONE if row.total is None else amount(row.total, language),
        {year: "; ".join(said) for year, said in own.items()},
        row.note.in_(language) if row.note else "",
    )


def _called(row: EconomyRow, language: str) -> str:
    """A row by its number in the paper and its name; a number that is ours alone is left out."""
    return f"{row.no} {row.name.in_(language)}" if row.no[:1].isdigit() else row.name.in_(language)


def _sum_line(check: SumCheck, names: Mapping[str, str], language: str) -> SumLine:
    difference = amount(check.difference.copy_abs(), language)
    return SumLine(
        names[check.row],
        check.year or _TOTAL.in_(language),
        amount(check.printed, language),
        amount(check.computed, language),
        f"{'+' if check.difference > 0 else '−'}{difference}",
        _WAYS[check.kind].in_(language),
    )


def _drawing(table: EconomyTable, language: str) -> Markup:
    """The single lines as bars, each of all its printed years together."""
    whole = {row.within for row in table.rows}
    leaves = [row for row in table.rows if row.amounts and row.no not in whole]
    unit = Text(da="mio. kr.", en="million kr.").in_(language)
    groups = []
    for row in leaves:
        together = sum(printedsums.by_year(row.amounts).values(), Decimal(0))
        groups.append(NamedBars(_called(row, language), [Bar(float(together), f"{amount(together, language)} {unit}")]))
    return bars(groups, title=f"{table.name.in_(language)}, {unit}")


def _by_goal(table: EconomyTable, reader: Reader) -> MoneyTable:
    """Money of the efforts that name a goal; one that names two counts in both."""
    catalogue = reader.edition.catalogue
    lines = printedsums.lines_of(table, catalogue.efforts)
    named = [
        (goal.name.in_(reader.language), printedsums.total(lines[e.id] for e in catalogue.efforts if e.id in lines and goal.id in e.goals))
        for goal in catalogue.goals
    ]
    aimless = printedsums.total(lines[effort.id] for effort in catalogue.efforts if effort.id in lines and not effort.goals)
    named.append((Text(da="Indsatser, som ikke nævner et mål", en="Efforts that name no goal").in_(reader.language), aimless))
    return table_of([(name, by_year) for name, by_year in named if by_year], reader.language)


def _by_area(table: EconomyTable, reader: Reader) -> MoneyTable:
    """Money of the efforts that lie in named areas: the whole amount by the areas together, since nobody says how it is shared."""
    catalogue = reader.edition.catalogue
    lines = printedsums.lines_of(table, catalogue.efforts)
    named = []
    for effort in catalogue.efforts:
        if effort.id in lines and effort.areas:
            listed = ", ".join(area.name for area in relations.linked(reader, effort.areas))
            named.append((f"{effort.name.in_(reader.language)} ({listed})", lines[effort.id]))
    return table_of(named, reader.language)
