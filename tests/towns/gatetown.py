"""A town where subtraction tells: squares, and a patch of houses inside one of them. As a cube on paper, and as a whole workspace.

Square SW holds 150 people, 23 of them outside the labour market; 50 of them, with 20, live in the patch. No figure is small. But who
takes the patch from the square is left with 3 of 100.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import msgspec
import numpy as np
import pandas as pd
import shapely

from geo.disclosure import complementary
from geo.disclosure.complementary import Closed, Past
from geo.disclosure.counts import Area, Counted, Ints, Measured
from geo.disclosure.protect import KEY, protect
from geo.figures import indicators
from geo.files.workspace import Workspace
from geo.model.areas import Register
from geo.model.catalogue import Catalogue
from geo.model.indicators import Indicator, RegisterMeasure
from geo.model.programmes import HotspotProgramme, PlanProgramme
from geo.model.rules import Accepted, Rule, Threshold
from geo.model.vocabulary import Audience
from geo.registers import coding
from geo.registers.cube import ALL, Atoms, Coding, Cube, CubeQuestion
from geo.registers.cube import table as counts_of
from tests.records.single import indicator
from tests.towns import toytown
from tests.towns.toytown import X, Y, text

MEASURE = RegisterMeasure(register="people", where={"age_group": ("25-64",)}, having={"labour": ("uden",)})
LIMITS = {
    Audience.PUBLIC: Threshold(min_count=5, min_denominator=20),
    Audience.STAFF: Threshold(min_count=3, min_denominator=10),
    Audience.SSP: Threshold(min_count=3, min_denominator=10),
}
COSTS = {"city": 1000.0, "patch": 3.0, "square": 1.0}
RULE = Rule(id="people", name=text("folk"), thresholds=LIMITS, costs=COSTS)

PEOPLE: Mapping[tuple[str, ...], tuple[int, int]] = {
    # the areas that people share: how many, and how many of them outside the labour market
    ("square/sw", "city/0"): (100, 3),
    ("square/sw", "city/0", "patch/p"): (50, 20),
    ("square/se", "city/0"): (160, 42),
    ("square/nw", "city/0"): (90, 25),
    ("square/ne", "city/0"): (110, 30),
}
AREAS = ("square/ne", "square/nw", "square/se", "square/sw", "city/0", "patch/p")


def measured(name: str = "uden", measure: RegisterMeasure = MEASURE, **changes: object) -> Indicator:
    """An indicator that the register counts."""
    plain = {"id": name, "area_sets": ("square", "city", "patch"), "rule": "people", "register": measure}
    return indicator(**(plain | changes))


CODES: Mapping[str, tuple[str, ...]] = {"age_group": ("25-64",), "labour": ("uden", "beskaeftiget")}
UDEN, BESKAEFTIGET = ("25-64", "uden"), ("25-64", "beskaeftiget")

Words = tuple[str, ...]
"""What a row says, a word a column; "?" is a word that is not declared: nothing is known there."""


def counted(
    people: Mapping[tuple[str, ...], tuple[int, int]] = PEOPLE,
    *,
    indicators: Sequence[Indicator] = (),
    areas: Sequence[str] = AREAS,
    period: str = "2010",
) -> Counted:
    """A register of one period of which one thing is said: by atom all people, and how many of them are outside the labour market."""
    rows = {inside: {UDEN: some, BESKAEFTIGET: every - some} for inside, (every, some) in people.items()}
    return register({period: rows}, indicators=indicators or (measured(),), areas=areas, codes=CODES)


def register(
    people: Mapping[str, Mapping[tuple[str, ...], Mapping[Words, int]]],
    *,
    indicators: Sequence[Indicator],
    areas: Sequence[str] = AREAS,
    codes: Mapping[str, tuple[str, ...]] = CODES,
    known: tuple[str, ...] = (),
    before: Mapping[str, RegisterMeasure] | None = None,
    released: Mapping[Measured, tuple[str, ...]] | None = None,
    name: str = "people",
) -> Counted:
    """A register from people by period, atom and what is said of them, in the order of the codes' columns.

    known: columns that anybody may know. before, released: what earlier editions measured and no indicator does any more, as
    `geo.pipeline` hands it to the gate.
    """
    names = tuple(Area(*area.split("/")) for area in areas)
    sets = Counter(area.area_set for area in names)
    measures = {one.id: one.register for one in indicators if one.register} | dict(before or {})
    coded = coding.coding(CubeQuestion(measures, sets, known=known), codes, file="people")
    periods = {period: _atoms(coded, codes, areas, of_period) for period, of_period in people.items()}
    counts = {period: _by_set(coded, names, sets, atoms) for period, atoms in periods.items()}
    return Counted(name, tuple(indicators), names, Cube(coded.kinds, counts, periods), released)


def _atoms(coded: Coding, codes: Mapping[str, Sequence[str]], areas: Sequence[str], people: Mapping[Words, Mapping[Words, int]]) -> Atoms:
    counts = np.zeros((len(people), len(coded.kinds.worth)), dtype=np.int64)
    for number, rows in enumerate(people.values()):
        for words, many in rows.items():
            read = [(column, word) for column, word in zip(codes, words, strict=True) if column in coded.parts]
            profile = sum(coded.parts[column].get(word, coded.unknown[column]) for column, word in read)
            counts[number, coded.kind[profile]] += many
    return Atoms.of([tuple(sorted(areas.index(area) for area in inside)) for inside in people], counts)


def _by_set(coded: Coding, names: Sequence[Area], sets: Mapping[str, int], atoms: Atoms) -> dict[str, Ints]:
    """Counts of each set's areas by line; nobody is outside all areas."""
    sums = np.zeros((len(names), len(coded.lines)), dtype=np.int64)
    for inside, counts in zip(atoms.inside, atoms.counts @ coded.kinds.worth, strict=True):
        sums[list(inside)] += counts
    by_set = {name: np.pad(sums[[area.area_set == name for area in names]], ((0, 3), (0, 0))) for name in sets}
    by_set[ALL] = np.pad((atoms.counts @ coded.kinds.worth).sum(axis=0, keepdims=True), ((0, 2), (0, 0)))
    return by_set


# --- as a workspace ---------------------------------------------------------------------------------------------------


def patch(*, west: int = 500) -> gpd.GeoDataFrame:
    """The patch: in square SW, from so many metres east of its corner."""
    shape = shapely.box(X + west, Y + 500, X + 900, Y + 900)
    return gpd.GeoDataFrame({"area_id": ["p"], "name": ["Pletten"]}, geometry=[shape], crs="EPSG:25832")


def homes(x: int, y: int, people: int, outside: int, *, address: int) -> list[tuple[object, ...]]:
    """People at one address, so many of them outside the labour market."""
    return [(address, X + x, Y + y, "25-64", "uden" if number < outside else "beskaeftiget") for number in range(people)]


RESIDENTS = [
    *homes(100, 100, 80, 1, address=1),
    *homes(400, 700, 20, 2, address=2),  # west of the patch, but inside it once it is redrawn
    *homes(700, 700, 50, 20, address=3),  # in the patch
    *homes(1500, 100, 160, 42, address=4),
    *homes(100, 1500, 90, 25, address=5),
    *homes(1500, 1500, 110, 30, address=6),
]


def write(folder: Path) -> Workspace:
    """The toy town's workspace with these residents, none of them demo, and with squares alone."""
    town = toytown.write(folder)
    shutil.rmtree(town.boundaries / "patch")
    path = town.registers / "people.parquet"
    toytown.write_register(path, people=RESIDENTS)
    codes = {"age_group": toytown.AGES, "labour": ("beskaeftiget", "uden", "")}
    toytown.write_sidecar(path, register=Register(crs="EPSG:25832", codes=codes))
    declare(town)
    return town


def declare(town: Workspace, rule: Rule = RULE, *, accepted: Sequence[Accepted] = ()) -> None:
    """Write the town's indicators under a rule."""
    open_ = Rule(id="open", name=text("Åben"), thresholds={audience: Threshold() for audience in Audience})
    costs = {name: cost for name, cost in rule.costs.items() if name != "city"}
    mine = msgspec.structs.replace(rule, costs=costs, accepted=tuple(accepted))
    uden = measured(area_sets=("square", "patch"))
    toytown.toml(town.data / "disclosure.toml", rule=[open_, mine])
    toytown.toml(town.data / "indicators.toml", indicator=[*(one for one in toytown.indicators() if one.id != "uden"), uden])


NOTHING = PlanProgramme(figures=(), evaluations=(), plans=(), note=text("ingen"))
SPOTS = HotspotProgramme(areas=(), themes=(), staff=(), informed=(), figures=(), note=text("ingen"))


def catalogue(asked: tuple[Indicator, ...], rule: Rule = RULE) -> Catalogue:
    return Catalogue(
        sources=(), area_sets=(), indicators=asked, rules=(rule,), goals=(), lists=(), plans=NOTHING, hotspots=SPOTS, calendar=(),
        contradictions=(),
    )  # fmt: skip


def figures_of(asked: Counted) -> pd.DataFrame:
    """The figures as they would be published."""
    ids: dict[str, list[str]] = {}
    for area in asked.areas:
        ids.setdefault(area.area_set, []).append(area.area_id)
    sets = {one.id: one.area_sets for one in asked.indicators}
    shares = indicators.shares(counts_of(asked.cube, ids, sets=sets), indicators=asked.indicators, source="people")
    return shares.sort_values(KEY, ignore_index=True)


def closed(asked: Counted, *, rule: Rule = RULE, past: Past | None = None) -> dict[Audience, Closed]:
    return dict(complementary.close(figures_of(asked), known=catalogue(asked.indicators, rule), registers=[asked], past=past))


def read_by(asked: Counted, audience: Audience = Audience.PUBLIC, *, rule: Rule = RULE, past: Past | None = None) -> pd.DataFrame:
    """The figures as this audience reads them."""
    found = closed(asked, rule=rule, past=past)[audience]
    known = catalogue(asked.indicators, rule)
    protected = protect(figures_of(asked), indicators=known.indicators, rules=known.rules, audience=audience, withheld=found.withheld)
    return protected.table


def shown(asked: Counted, audience: Audience = Audience.PUBLIC, *, rule: Rule = RULE, past: Past | None = None) -> dict[str, bool]:
    """Which figures of the first indicator this audience gets to see, by area."""
    table = read_by(asked, audience, rule=rule, past=past)
    mine = table[table["indicator"] == asked.indicators[0].id]
    return {f"{row.area_set}/{row.area_id}": row.status != "suppressed" for row in mine.itertuples()}
