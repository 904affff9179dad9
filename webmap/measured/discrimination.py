"""Discrimination by three measures beside each other: what people experience, what is registered, and the ombudsman's cases."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.model.reported.discrimination import GROUNDS, PLACES, ShownCases
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from webmap.edition import rows
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_ID, CITY_SET
from webmap.language import wording

SURVEY: Final = "diskrimineret"
"""The indicator of the share who experience discrimination."""
HIDDEN: Final = Text(da="skjult", en="hidden")


@dataclass(frozen=True)
class MeasuredCell:
    """What one measure says of a year. words: "" where nobody says anything; hidden: whether disclosure control hides it."""

    words: str = ""
    hidden: bool = False
    demo: bool = False
    period: str = ""
    when: str = ""
    cite: Cite | None = None
    note: Text | None = None


@dataclass(frozen=True)
class YearLine:
    """One year by the three measures."""

    year: str
    survey: tuple[MeasuredCell, ...]
    website: MeasuredCell
    ombudsman: MeasuredCell


@dataclass(frozen=True)
class DividedTable:
    """The cases of the website of several years by kind. rows: a name and a cell for each year."""

    name: str
    years: tuple[str, ...]
    rows: tuple[tuple[str, tuple[MeasuredCell, ...]], ...]


@dataclass(frozen=True)
class DiscriminationView:
    """The page. withheld: years of which an older edition shows other figures, and which are not divided; figures: how many it shows."""

    years: tuple[YearLine, ...]
    tables: tuple[DividedTable, ...]
    withheld: tuple[str, ...]
    website: bool
    ombudsman: bool
    hidden: bool
    figures: int


def view(reader: Reader) -> DiscriminationView:
    """Make the page of an edition."""
    cases = sorted(reader.edition.catalogue.shown_cases, key=lambda each: each.year)
    of = {(each.measure, str(each.year)): each for each in cases}
    survey: dict[str, list[MeasuredCell]] = {}
    for year, cell in _survey(reader):
        survey.setdefault(year, []).append(cell)
    lines = tuple(
        YearLine(
            year, tuple(survey.get(year, ())), *(_total(of.get((measure, year)), reader.language) for measure in ("website", "ombudsman"))
        )
        for year in sorted({*survey, *(year for _, year in of)})
    )
    website = [each for each in cases if each.measure == "website"]
    tables = tuple(
        table
        for name, field, kinds in (
            (Text(da="Efter grund", en="By ground"), "grounds", GROUNDS),
            (Text(da="Efter sted", en="By place"), "places", PLACES),
        )
        if (table := _divided(name.in_(reader.language), website, (field, kinds), reader.language))
    )
    cells = [cell for line in lines for cell in (*line.survey, line.website, line.ombudsman)]
    cells += [cell for table in tables for _, of_row in table.rows for cell in of_row]
    return DiscriminationView(
        years=lines,
        tables=tables,
        withheld=tuple(str(each.year) for each in website if each.withheld),
        website=bool(website),
        ombudsman=any(each.measure == "ombudsman" for each in cases),
        hidden=any(cell.hidden for cell in cells),
        figures=sum(bool(cell.words) and not cell.hidden for cell in cells),
    )


def _survey(reader: Reader) -> Iterator[tuple[str, MeasuredCell]]:
    """The city's share who experience discrimination, by the year of its period."""
    indicator = reader.edition.catalogue.indicator(SURVEY)
    table = reader.edition.observations
    mine = table[(table["indicator"] == SURVEY) & (table["area_set"] == CITY_SET) & (table["area_id"] == CITY_ID)]
    for period in sorted(mine["period"].unique()) if indicator else ():
        row: Mapping[str, Any] = rows.by_area(reader.edition, SURVEY, CITY_SET, period)[CITY_ID]
        if indicator and not math.isnan(row["value"]):
            words, when = wording.value(row["value"], indicator, reader.language), wording.period(period, reader.language)
            cite = Cite(source=str(row["source"]), locator=str(row["locator"]))
            yield period[:4], MeasuredCell(words=words, demo=row["status"] == "demo", period=period, when=when, cite=cite)


def _total(cases: ShownCases | None, language: str) -> MeasuredCell:
    if cases is None:
        return MeasuredCell()
    return _cell(cases.total, language, cases)


def _cell(count: int | None, language: str, cases: ShownCases | None = None) -> MeasuredCell:
    words = HIDDEN.in_(language) if count is None else wording.number(count, decimals=0, language=language)
    return MeasuredCell(words, count is None, cite=cases.cite if cases else None, note=cases.note if cases else None)


def _divided(name: str, cases: list[ShownCases], asked: tuple[str, Mapping[Any, Text]], language: str) -> DividedTable | None:
    """A table of the years that are divided; None when there is none. A kind that no year has is left out of no table."""
    field, kinds = asked
    divided = [each for each in cases if getattr(each, field)]
    if not divided:
        return None
    lines = ((said, tuple(_cell(getattr(each, field)[kind], language) for each in divided)) for kind, said in kinds.items())
    return DividedTable(name, tuple(str(each.year) for each in divided), tuple((said.in_(language), of_row) for said, of_row in lines))
