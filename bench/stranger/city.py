"""Random small cities, as values: outlines that cross, people with columns, what is measured, and who may see how little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import shapely

X, Y, SIDE = 720_000, 6_170_000, 1200
"""Lower left corner and side of every city, metres in EPSG:25832. Outlines have whole metres; nobody lives on one."""

PERIODS: Final = ("2010H1", "2010H2")
YEAR: Final = "2010"
WORDS: Final = ("a", "b", "c", "d", "e", "f")
CITY: Final = "kommune"

Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Measure:
    """An indicator: rows where `where` holds are the denominator, those with `having` too the numerator."""

    id: str
    where: Words
    having: Words
    area_sets: tuple[str, ...]
    means: bool = False
    hide_zero: bool = False


@dataclass(frozen=True)
class Limits:
    """What the rule hides from one audience."""

    min_count: int
    min_denominator: int
    min_residents: int


@dataclass(frozen=True)
class City:
    """A city in one state of its register.

    outlines: area set -> area -> polygon. people: period, x, y (NaN where unknown) and one column for each of codes. district: the area
    of the set `grid` in which a correction is made. blank: the empty word is declared, a word like others; else who has it in a column
    that a measure asks for is in neither of its counts. redrawn: the area sets that have had other outlines before.
    """

    seed: int
    outlines: Mapping[str, Mapping[str, shapely.Polygon]]
    partitions: frozenset[str]
    codes: Words
    people: pd.DataFrame
    measures: tuple[Measure, ...]
    limits: Mapping[str, Limits]
    known: tuple[str, ...]
    district: str
    register: str = "folk"
    blank: bool = False
    redrawn: tuple[str, ...] = ()


def random_city(seed: int) -> City:
    """The city of a seed: half of them have at most 320 residents, half up to 900."""
    most = 320 if np.random.default_rng([2030, seed]).random() < 0.5 else 900
    rng = np.random.default_rng([2027, seed])
    outlines = _outlines(rng)
    columns = ["koen", "job", "rod", "alder"][: int(rng.integers(2, 5))]
    words = {"koen": 2, "job": 6, "rod": 4, "alder": 4}
    codes = {name: WORDS[: int(rng.integers(2, words[name] + 1))] for name in columns}
    measures = _measures(rng, codes, [name for name in outlines if name != CITY])
    count = int(rng.choice([4, 5, 5, 5]))
    public = Limits(count, int(rng.choice([2 * count, 3 * count])), int(rng.choice([0, 8, 15])))
    inner = Limits(3, 6, int(rng.choice([0, min(8, public.min_residents)])))
    return City(
        seed=seed,
        outlines=outlines,
        partitions=frozenset({CITY, "grid", "bands"}),
        codes=codes,
        people=_people(rng, outlines, codes, most),
        measures=measures,
        limits={"public": public, "staff": inner, "ssp": inner},
        known=(columns[0],) if rng.random() < 0.25 else (),
        district=str(rng.choice(list(outlines["grid"]))),
        blank=bool(rng.random() < 0.5),
    )


def corrected(city: City) -> City:
    """The register after a few people of the district were given other words in the first half-year."""
    rng = np.random.default_rng([2028, city.seed])
    people = city.people.copy()
    inside = shapely.contains_xy(city.outlines["grid"][city.district], people["x"].fillna(0.0), people["y"].fillna(0.0))
    rows = np.flatnonzero(inside & (people["period"] == PERIODS[0]))
    column = str(rng.choice([name for name in city.codes if name not in city.known]))
    for row in rng.choice(rows, min(len(rows), int(rng.integers(1, 4))), replace=False):
        people.loc[row, column] = rng.choice([word for word in city.codes[column] if word != people.loc[row, column]])
    return replace(city, people=people)


def renamed(city: City) -> City:
    """The same register under another name, or with one word become two, or both."""
    rng = np.random.default_rng([2029, city.seed])
    how = int(rng.integers(0, 3))
    changed = replace(city, register="beboere") if how != 1 else city
    return _split(changed, rng) if how != 0 else changed


def redrawn(city: City) -> City:
    """The same people after the line between the two bands was moved."""
    rng = np.random.default_rng([2031, city.seed])
    cut = int(city.outlines["bands"]["v"].bounds[2]) + int(rng.choice([-200, -90, -40, 40, 90, 200]))
    bands = {"v": shapely.box(X, Y, cut, Y + SIDE), "oe": shapely.box(cut, Y, X + SIDE, Y + SIDE)}
    return replace(city, outlines={**city.outlines, "bands": bands}, redrawn=("bands",))


def _split(city: City, rng: np.random.Generator) -> City:
    """One word of a column becomes two: whoever asked for it asks for both."""
    column = str(rng.choice([name for name in city.codes if name not in city.known]))
    word = city.codes[column][-1]
    new = word + "2"
    people = city.people.copy()
    rows = np.flatnonzero((people[column] == word) & (rng.random(len(people)) < 0.5))
    people.loc[rows, column] = new

    def both(words: Words) -> Words:
        return {name: (*those, new) if name == column and word in those else tuple(those) for name, those in words.items()}

    measures = tuple(replace(each, where=both(each.where), having=both(each.having)) for each in city.measures)
    return replace(city, people=people, measures=measures, codes={**city.codes, column: (*city.codes[column], new)})


def _outlines(rng: np.random.Generator) -> dict[str, dict[str, shapely.Polygon]]:
    """The whole, a grid, bands whose cut lies near or far from the grid's lines, and housing estates across the lines."""
    whole = {"0101": shapely.box(X, Y, X + SIDE, Y + SIDE)}
    across, up = int(rng.integers(2, 4)), int(rng.integers(1, 3))
    wide, high = SIDE // across, SIDE // up
    squares = [(i, j) for i in range(across) for j in range(up)]
    grid = {f"g{i}{j}": shapely.box(X + i * wide, Y + j * high, X + (i + 1) * wide, Y + (j + 1) * high) for i, j in squares}
    cut = wide + int(rng.choice([0, 20, -30, 90, -150]))
    bands = {"v": shapely.box(X, Y, X + cut, Y + SIDE), "oe": shapely.box(X + cut, Y, X + SIDE, Y + SIDE)}
    found = {CITY: whole, "grid": grid, "bands": bands}
    if rng.random() < 0.75:
        estates = {}
        for number in range(int(rng.integers(1, 4))):
            left, low = X + int(rng.integers(0, 800)), Y + 400 * number + int(rng.integers(0, 100))
            right, top = left + int(rng.integers(150, 400)), low + int(rng.integers(100, 290))
            estates[f"b{number}"] = shapely.box(left, low, right, top)
        found["estate"] = estates
    return found


def _people(rng: np.random.Generator, outlines: Mapping[str, Mapping[str, shapely.Polygon]], codes: Words, most: int) -> pd.DataFrame:
    """Residents of two half-years: some move, some change a word, some words and some coordinates are missing."""
    total, homes = int(rng.integers(90, most)), int(rng.integers(25, 70))
    east, north = (rng.integers(0, SIDE, homes) + 0.37 for _ in range(2))
    for number, area in enumerate(shape for areas in outlines.values() for shape in areas.values()):
        left, low, right, top = area.bounds
        if number < homes:
            east[number] = left - X + int(rng.integers(0, right - left)) + 0.37
            north[number] = low - Y + int(rng.integers(0, top - low)) + 0.37
    home = rng.integers(0, homes, total)
    rare = {name: rng.dirichlet(np.full(len(words), 0.8)) for name, words in codes.items()}
    words = {name: rng.choice(codes[name], total, p=rare[name]).astype(object) for name in codes}
    for name in list(codes)[1:]:
        words[name][rng.random(total) < float(rng.choice([0.0, 0.05]))] = ""
    parts = []
    for period in PERIODS:
        lost = rng.random(total) < 0.01
        columns = {"period": period, "x": np.where(lost, np.nan, X + east[home]), "y": np.where(lost, np.nan, Y + north[home])}
        parts.append(pd.DataFrame({**columns, **{name: word.copy() for name, word in words.items()}}))
        movers = rng.random(total) < 0.05
        home = np.where(movers, rng.integers(0, homes, total), home)
        for name in codes:
            others = rng.random(total) < float(rng.choice([0.02, 0.1]))
            words[name][others] = rng.choice(codes[name], int(others.sum()), p=rare[name])
    return pd.concat(parts, ignore_index=True)


def _measures(rng: np.random.Generator, codes: Words, sets: list[str]) -> tuple[Measure, ...]:
    """Categories of a column, a group and its parts, shared denominators, parts of parts."""
    columns = list(codes)
    found: list[tuple[Words, Words]] = []
    one, two = (str(name) for name in rng.choice(columns, 2, replace=False))
    base = {two: codes[two][:1]} if rng.random() < 0.4 else {}
    kinds = rng.permutation(4)[: int(rng.integers(2, 5))]
    if 0 in kinds:
        found += [(base, {one: (word,)}) for word in codes[one]]
    if 1 in kinds:
        found += [({}, {one: codes[one][:1]})] + [({two: (word,)}, {one: codes[one][:1]}) for word in codes[two]]
    if 2 in kinds:
        found += [({two: codes[two][:1]}, {name: codes[name][-1:]}) for name in columns if name != two]
    if 3 in kinds:
        found += [({}, {one: codes[one][:1], two: codes[two][:1]}), ({one: codes[one][:1]}, {two: codes[two][:1]})]
    unlike = [each for number, each in enumerate(found) if each not in found[:number]][:9]
    yearly, zero = rng.random() < 0.6, rng.random() < 0.1
    made = []
    for number, (where, having) in enumerate(unlike):
        fewer = [name for name in sets if rng.random() < 0.8] or sets[:1]
        chosen = (CITY, *fewer) if rng.random() < 0.9 else tuple(fewer)
        made.append(Measure(f"i{number}", where, having, chosen, means=bool(yearly and rng.random() < 0.8), hide_zero=bool(zero)))
    return tuple(made)
