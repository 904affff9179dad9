"""The intercultural city index in words: each dimension with the cities' values in a year, and the change from another year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from geo.errors import NotFoundError, Problem
from geo.model.catalogue import Catalogue
from geo.model.reported.cityindex import CityScore, IndexDimension, same_city
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from webmap.charts.bars import Bar, NamedBars, bars
from webmap.edition.reader import Reader
from webmap.language import wording

DIMENSIONS: Final = 9
"""How many the policy says that there are (kk-001, l. 146)."""
HOME: Final = "København"
_MOST_DECIMALS: Final = 4


@dataclass(frozen=True)
class CityRow:
    """One city in one dimension. value, before, change: "" where the city was not scored in that year, or has no two to hold together."""

    city: str
    home: bool
    value: str
    before: str
    change: str


@dataclass(frozen=True)
class DimensionPart:
    """One dimension.

    scale: its ends in words, "" where nobody has said them. rows are the cities by name; cites: where their values of the two years
    stand, each place once.
    """

    dimension: IndexDimension
    name: str
    scale: str
    rows: tuple[CityRow, ...]
    cites: tuple[Cite, ...]
    drawing: Markup


@dataclass(frozen=True)
class CityIndexView:
    """The page. unnamed: how many of the policy's dimensions nobody has named; year, before: "" where there is none."""

    parts: tuple[DimensionPart, ...]
    unnamed: int
    years: tuple[str, ...]
    year: str
    before: str
    home: bool
    values: int


def view(reader: Reader, year: str = "", before: str = "") -> CityIndexView:
    """Make the page for one year beside another. year: "" for the latest; before: "" for the one before it.

    Raises NotFoundError for a year that nobody has values of.
    """
    known = reader.edition.catalogue
    years = tuple(str(each) for each in sorted({score.year for score in known.city_scores}))
    for asked in (year, before):
        if asked and asked not in years:
            raise NotFoundError(Problem(asked[:20], "no values of that year"))
    shown = year or next(reversed(years), "")
    other = before if before != shown else ""
    other = other or next((each for each in reversed(years) if each < shown), "")
    cities = _cities(known)
    parts = tuple(_part(reader, dimension, cities, (shown, other)) for dimension in known.dimensions)
    return CityIndexView(
        parts=parts,
        unnamed=max(DIMENSIONS - len(known.dimensions), 0),
        years=years,
        year=shown,
        before=other,
        home=same_city(HOME) in cities,
        values=sum(bool(row.value) for part in parts for row in part.rows),
    )


def _cities(known: Catalogue) -> dict[str, str]:
    """The name of each city as it is written last, by what it is known by, in the order of names."""
    names = {same_city(score.city): " ".join(score.city.split()) for score in sorted(known.city_scores, key=lambda score: score.year)}
    return dict(sorted(names.items(), key=lambda item: wording.by_name(item[1])))


def _part(reader: Reader, dimension: IndexDimension, cities: Mapping[str, str], years: tuple[str, str]) -> DimensionPart:
    known = [score for score in reader.edition.catalogue.city_scores if dimension.id in score.values]
    scored = _Scored(
        of={(same_city(score.city), str(score.year)): score for score in known},
        dimension=dimension,
        places=max((_decimals(score.values[dimension.id]) for score in known), default=0),
        language=reader.language,
    )
    return DimensionPart(
        dimension=dimension,
        name=dimension.name.in_(reader.language),
        scale=_scale(dimension, reader.language),
        rows=tuple(row for key, name in cities.items() if (row := _row(scored, key, name, years))),
        cites=tuple(dict.fromkeys(score.cite for (_, year), score in sorted(scored.of.items()) if year in years)),
        drawing=_drawn(scored, cities, years[0]),
    )


@dataclass(frozen=True)
class _Scored:
    """The scores of one dimension by city and year. places: the decimals of the value that has most."""

    of: Mapping[tuple[str, str], CityScore]
    dimension: IndexDimension
    places: int
    language: str

    def value(self, score: CityScore | None) -> str:
        """A score's value in words; "" without one."""
        return self.number(score.values[self.dimension.id]) if score else ""

    def number(self, value: float) -> str:
        """A number with the dimension's decimals."""
        return wording.number(value, decimals=self.places, language=self.language)


def _row(scored: _Scored, key: str, name: str, years: tuple[str, str]) -> CityRow | None:
    now, then = (scored.of.get((key, year)) for year in years)
    if now is None and then is None:
        return None
    change = ""
    if now and then:
        difference = now.values[scored.dimension.id] - then.values[scored.dimension.id]
        sign = "+" if difference > 0 else "−" if difference < 0 else ""
        change = f"{sign}{scored.number(abs(difference))}"
    return CityRow(name, key == same_city(HOME), scored.value(now), scored.value(then), change)


def _decimals(value: float) -> int:
    """The decimals that a value is written with."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return min(max(-exponent, 0), _MOST_DECIMALS) if isinstance(exponent, int) else 0


def _scale(dimension: IndexDimension, language: str) -> str:
    if dimension.low is None or dimension.high is None:
        return ""
    ends = [wording.number(end, decimals=_decimals(end), language=language) for end in (dimension.low, dimension.high)]
    return Text(da="fra {} til {}", en="from {} to {}").in_(language).format(*ends)


def _drawn(scored: _Scored, cities: Mapping[str, str], year: str) -> Markup:
    """The cities' values of a year as bars that could fill the whole scale; København filled, the others outlined."""
    low, high = scored.dimension.low, scored.dimension.high
    if low is None or high is None:
        return Markup()
    groups = [
        NamedBars(name, [Bar(score.values[scored.dimension.id] - low, scored.value(score), "" if key == same_city(HOME) else "lovet")])
        for key, name in cities.items()
        if (score := scored.of.get((key, year)))
    ]
    return bars(groups, title=f"{scored.dimension.name.in_(scored.language)}, {year}", whole=high - low)
