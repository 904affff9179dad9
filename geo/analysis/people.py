"""People in a notebook: count a register by area, and protect what is counted, in all area sets and figures at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.disclosure import complementary
from geo.disclosure import protect as disclosure
from geo.disclosure.counts import Area, Counted
from geo.errors import InputError, Problem
from geo.figures import indicators
from geo.model.catalogue import Catalogue
from geo.model.indicators import Definition, Indicator, RegisterMeasure
from geo.model.programmes import HotspotProgramme, PlanProgramme
from geo.model.results import OBSERVATION_COLUMNS
from geo.model.rules import Rule, Threshold
from geo.model.vocabulary import Audience, Text
from geo.registers import coding, cube
from geo.registers.cube import ALL, Atoms, Cube, CubeQuestion
from geo.spatial import crs, points

_REGISTER: Final = "people"
_KEPT: Final = ["figure", "area_set", "area_id", "period", "numerator", "denominator", "value", "low", "high", "status"]
_NOTHING: Final = Text(da="", en="")
_ONCE: Final = "2000"
"""The period that is used for a register without periods; it is not shown."""


@dataclass(frozen=True)
class ShareOf:
    """What share of people is asked for: those who have the words of `having`, of those who have the words of `where`.

    Both: words by column of the register; `where` empty: of everybody.
    """

    having: Mapping[str, Sequence[str]]
    where: Mapping[str, Sequence[str]]

    @classmethod
    def make(cls, having: Mapping[str, Sequence[str]], where: Mapping[str, Sequence[str]] | None = None) -> ShareOf:
        """The share of those who have `having`, of everybody or of those who have `where`."""
        return cls(having, where or {})


def count(people: gpd.GeoDataFrame, areas: Mapping[str, gpd.GeoDataFrame], figures: Mapping[str, ShareOf]) -> pd.DataFrame:
    """Count a register by area: numerators, denominators, shares and intervals. Nothing is hidden: for your own eyes only.

    people: points, a row a person, in any CRS, with the columns that the figures ask for, and `period` where there are several. areas: by
    the name of the set, as `read_areas` gives them; sets may cross each other. figures: by name, see `share_of`. Returns a row a figure,
    set, area and period: `figure`, `area_set`, `area_id`, `period`, `numerator`, `denominator` (persons), `value` with its Wilson interval
    `low`, `high` (percent), `status`. Raises InputError when a column is missing or nobody has a word that is asked for, CrsError when a
    layer does not say in which coordinates it is.

    >>> import geo, geopandas, shapely
    >>> square = geopandas.GeoDataFrame({"area_id": ["a"]}, geometry=[shapely.box(0, 0, 100, 100)], crs="EPSG:25832")
    >>> homes = geopandas.GeoDataFrame(
    ...     {"work": ["no", "yes", "yes"]}, geometry=geopandas.points_from_xy([10, 20, 30], [50, 50, 50]), crs="EPSG:25832"
    ... )
    >>> table = geo.count(homes, {"square": square}, {"out of work": geo.share_of({"work": ["no"]})})
    >>> table[["area_id", "numerator", "denominator"]].values.tolist()
    [['a', 1.0, 3.0]]
    """
    town = _counted(people, areas, figures)
    return _named(indicators.intervals(_table(town, areas), indicators=town.indicators), people)


def protect(
    people: gpd.GeoDataFrame,
    areas: Mapping[str, gpd.GeoDataFrame],
    figures: Mapping[str, ShareOf],
    *,
    least: int = 5,
    least_of: int = 20,
) -> pd.DataFrame:
    """Count a register by area, and hide what would disclose something about a few people, over all figures of the table together.

    people: points, a row a person, in any CRS, with the columns that the figures ask for. areas: by the name of the set, as
    `read_areas` gives them. figures: by name, see `share_of`. The result is that of `count`, with the figures hidden that must not be
    read: counts of 1 to least - 1 and remainders of as many, shares of fewer than least_of people, and as many others as it takes so
    that none of those can be worked out by adding and subtracting, over all figures and all sets at once. A hidden figure has
    `status` "suppressed" and NaN for its numbers. This protects the table in itself; what you have published besides is not known
    here (an edition of Områdekort knows its own past). Raises InputError and CrsError as `count` does.

    >>> import geo, geopandas, shapely
    >>> square = geopandas.GeoDataFrame({"area_id": ["whole"]}, geometry=[shapely.box(0, 0, 200, 100)], crs="EPSG:25832")
    >>> halves = geopandas.GeoDataFrame(
    ...     {"area_id": ["west", "east"]}, geometry=[shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)], crs="EPSG:25832"
    ... )
    >>> x, work = [50] * 60 + [150] * 50, ["no"] * 3 + ["yes"] * 57 + ["no"] * 20 + ["yes"] * 30
    >>> homes = geopandas.GeoDataFrame({"work": work}, geometry=geopandas.points_from_xy(x, [50] * 110), crs="EPSG:25832")
    >>> table = geo.protect(homes, {"city": square, "half": halves}, {"out of work": geo.share_of({"work": ["no"]})})
    >>> table[["area_id", "numerator", "status"]].values.tolist()
    [['whole', 23.0, 'final'], ['east', nan, 'suppressed'], ['west', nan, 'suppressed']]
    """
    limits = dict.fromkeys(Audience, Threshold(min_count=least, min_denominator=least_of))
    rule = Rule(id=_REGISTER, name=_NOTHING, thresholds=limits, costs=_costs(areas))
    town = _counted(people, areas, figures)
    table = _table(town, areas)
    closed = complementary.close(table, known=_catalogue(town.indicators, rule), registers=[town])[Audience.PUBLIC]
    shown = disclosure.protect(
        indicators.intervals(table, indicators=town.indicators),
        indicators=town.indicators,
        rules=[rule],
        audience=Audience.PUBLIC,
        withheld=closed.withheld,
    )
    return _named(shown.table, people)


def share_of(having: Mapping[str, Sequence[str]], where: Mapping[str, Sequence[str]] | None = None) -> ShareOf:
    """A figure that `count` and `protect` can count: the share of those who have some words, of everybody or of those who have others.

    having, where: words by column of the register.

    >>> import geo
    >>> geo.share_of({"work": ["no"]}, where={"age": ["25-64"]}).where
    {'age': ['25-64']}
    """
    return ShareOf.make(having, where)


def _costs(areas: Mapping[str, gpd.GeoDataFrame]) -> dict[str, float]:
    """Hiding an area of a set of few areas costs much: totals are kept, and their parts are hidden first."""
    most = max(len(layer) for layer in areas.values())
    return {name: max(1.0, most / len(layer)) for name, layer in areas.items()}


def _counted(people: gpd.GeoDataFrame, areas: Mapping[str, gpd.GeoDataFrame], figures: Mapping[str, ShareOf]) -> Counted:
    """The register counted by the areas that people share, and by the kinds that the figures distinguish."""
    measures = {
        name: RegisterMeasure(register=_REGISTER, where=_words(figure.where), having=_words(figure.having))
        for name, figure in figures.items()
    }
    codes = _codes(people, measures)
    coded = coding.coding(CubeQuestion(measures, {name: len(layer) for name, layer in areas.items()}), codes, file=_REGISTER)
    names = [Area(name, str(area)) for name, layer in areas.items() for area in layer["area_id"]]
    inside = _inside(people, areas)
    profile = np.zeros(len(people), dtype=np.int64)
    for column in codes:
        profile += people[column].map(coded.parts[column]).fillna(coded.unknown[column]).to_numpy(dtype=np.int64)
    kind = coded.kind[profile]
    period = people["period"].astype(str).to_numpy() if "period" in people.columns else np.full(len(people), _ONCE)
    counts, atoms = {}, {}
    for code in sorted(set(period.tolist())):
        here = period == code
        by_atom = _by_atom([inside[number] for number in np.flatnonzero(here).tolist()], kind[here], len(coded.kinds.worth))
        atoms[code] = by_atom
        lines = np.zeros((len(names), coded.kinds.worth.shape[1]), dtype=np.int64)
        for places, row in zip(by_atom.inside, by_atom.counts, strict=True):
            lines[list(places)] += row @ coded.kinds.worth
        counts[code] = _by_set(lines, areas, np.bincount(kind[here], minlength=len(coded.kinds.worth)) @ coded.kinds.worth)
    indicators_ = tuple(_indicator(name, measure, tuple(areas)) for name, measure in measures.items())
    return Counted(_REGISTER, indicators_, tuple(names), Cube(coded.kinds, counts, atoms))


def _words(asked: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {column: tuple(str(word) for word in words) for column, words in asked.items()}


def _codes(people: gpd.GeoDataFrame, measures: Mapping[str, RegisterMeasure]) -> dict[str, tuple[str, ...]]:
    """The words of each column that a figure asks for. Raises InputError where there is no such column."""
    asked = sorted({column for measure in measures.values() for column in (*measure.where, *measure.having)})
    if lost := [column for column in asked if column not in people.columns]:
        columns = ", ".join(str(column) for column in people.columns)
        raise InputError(Problem(_REGISTER, "a column is missing", None, lost[0], columns, f"a column {lost[0]}", len(lost) - 1))
    return {column: tuple(sorted({str(word) for word in people[column].dropna().unique()})) for column in asked}


def _inside(people: gpd.GeoDataFrame, areas: Mapping[str, gpd.GeoDataFrame]) -> list[tuple[int, ...]]:
    """Of each person, the numbers of the areas of all sets that the home lies in."""
    homes = crs.to_measure(people, file=_REGISTER).geometry
    x, y = homes.x.to_numpy(), homes.y.to_numpy()
    inside: list[list[int]] = [[] for _ in range(len(people))]
    first = 0
    for name, layer in areas.items():
        outlines = crs.to_measure(layer, file=name).geometry.to_numpy()
        for person, area in zip(*points.points_in_areas(x, y, outlines, partition=False), strict=True):
            inside[person].append(first + int(area))
        first += len(layer)
    return [tuple(places) for places in inside]


def _by_atom(inside: Sequence[tuple[int, ...]], kind: np.ndarray, kinds: int) -> Atoms:
    keys = sorted(set(inside))
    number = {key: place for place, key in enumerate(keys)}
    table = np.zeros((len(keys), kinds), dtype=np.int64)
    np.add.at(table, (np.array([number[key] for key in inside], dtype=np.int64), kind), 1)
    return Atoms.of(keys, table)


def _by_set(lines: np.ndarray, areas: Mapping[str, gpd.GeoDataFrame], whole: np.ndarray) -> dict[str, np.ndarray]:
    """Counts of each set with the three extra rows for people who could not be placed, and those of everybody."""
    ends = np.cumsum([len(layer) for layer in areas.values()])[:-1]
    by_set = {name: np.pad(part, ((0, 3), (0, 0))) for name, part in zip(areas, np.split(lines, ends), strict=True)}
    return {**by_set, ALL: np.pad(whole[None, :], ((0, 2), (0, 0)))}


def _indicator(name: str, measure: RegisterMeasure, area_sets: tuple[str, ...]) -> Indicator:
    return Indicator(
        id=name, name=_NOTHING, kind="share", unit=_NOTHING, population=_NOTHING, direction="up", theme="", area_sets=area_sets,
        definitions=(Definition(version="1", text=_NOTHING),), rule=_REGISTER, basis="register", register=measure,
    )  # fmt: skip


def _catalogue(asked: tuple[Indicator, ...], rule: Rule) -> Catalogue:
    plans = PlanProgramme(figures=(), evaluations=(), plans=(), note=_NOTHING)
    programme = HotspotProgramme(areas=(), themes=(), staff=(), informed=(), figures=(), note=_NOTHING)
    return Catalogue(
        sources=(), area_sets=(), indicators=asked, rules=(rule,), goals=(), lists=(), plans=plans, hotspots=programme, calendar=(),
        contradictions=(),
    )  # fmt: skip


def _table(town: Counted, areas: Mapping[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """The figures as they are before anything is hidden: OBSERVATION_COLUMNS."""
    ids = {name: [str(area) for area in layer["area_id"]] for name, layer in areas.items()}
    sets = {indicator.id: indicator.area_sets for indicator in town.indicators}
    made = indicators.shares(cube.table(town.cube, ids, sets=sets), indicators=town.indicators, source=_REGISTER)
    return made[list(OBSERVATION_COLUMNS)].sort_values(disclosure.KEY, ignore_index=True)


def _named(table: pd.DataFrame, people: gpd.GeoDataFrame) -> pd.DataFrame:
    shown = table.rename(columns={"indicator": "figure"})[_KEPT]
    return shown if "period" in people.columns else shown.assign(period="")
