"""Demonstration data: an invented city register and an invented safety survey, made from a seed.

There are 120,000 invented residents at invented addresses inside the generalised areas, in 16 half-years from 2007H1 to 2014H2. The
probabilities below are made up so that the maps have something to show; no figure of København was used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geo.files import provenance, transaction
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue
from geo.model import ratios
from geo.model.areas import AreaSet, Register, Sidecar
from geo.spatial import crs

REGISTER: Final = "demo-register"
SURVEY: Final = "demo-survey"
RESIDENTS: Final = 120_000
ADDRESSES: Final = 24_000
SEED: Final = 2007
PERIODS: Final = tuple(f"{year}H{half}" for year in range(2007, 2015) for half in (1, 2))
SURVEY_YEARS: Final = tuple(range(2009, 2015))
ANSWERS: Final = 104
"""Mean number of answers a district and year, as in a survey of some 3,600 over 35 districts."""

HOUSING_SHARE: Final = 0.3
MOVES: Final = 0.04
NO_COORDINATE: Final = 0.002
ABROAD: Final = 0.004
"""Share of addresses put outside the city, so that the leftovers of the join have something to show."""

AGES: Final = ("0-2", "3-5", "6-17", "18-24", "25-64", "65+")
ORIGINS: Final = ("dansk", "vestlig", "ikke-vestlig-indvandrer", "ikke-vestlig-efterkommer")
LABOUR: Final = ("beskaeftiget", "ledig", "uddannelse", "uden", "")
OFFER: Final = ("ja", "nej", "")
CODES: Final = {"age_group": AGES, "origin": ORIGINS, "labour": LABOUR, "day_care": OFFER, "social": OFFER, "leisure": OFFER}

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """How large an invented register is. addresses: about so many; every small area has its share."""

    residents: int = RESIDENTS
    addresses: int = ADDRESSES
    periods: tuple[str, ...] = PERIODS


CITY: Final = Size()


def make(workspace: Workspace) -> None:
    """Write the demo register and the demo survey into a workspace, both or neither.

    workspace: the areas are those of its own boundaries, and the day of retrieval is the one its catalogue gives the demo sources.
    """
    known = catalogue.read(workspace.data, workspace.boundaries)
    area_sets = boundaries.read(workspace.boundaries, known.area_sets)
    retrieved = {source.id: source.retrieved for source in known.sources}
    with transaction.staging(workspace.folder) as stage:
        staged = Workspace(stage)
        make_register(area_sets, staged.registers / f"{REGISTER}.parquet", retrieved=retrieved[REGISTER])
        make_survey(area_sets, staged.data / SURVEY / str(retrieved[SURVEY]) / f"{SURVEY}.csv", retrieved=retrieved[SURVEY])
        transaction.decide(workspace.folder, stage)


def make_register(area_sets: Mapping[str, AreaSet], path: Path, *, retrieved: dt.date, seed: int = SEED, size: Size = CITY) -> None:
    """Write the demo register as Parquet with its sidecar: one row for each resident and half-year, one row group for each half-year.

    The columns are period, address (int32), x, y (metres, EPSG:25832; NaN where unknown), age_group, origin, labour, day_care, social
    and leisure (text; "" outside the target group). area_sets: the sets that the addresses are placed in. retrieved: the day for the
    sidecar. The same seed, size and areas give the same bytes.
    """
    rng = np.random.default_rng(seed)
    x, y, exposed = _addresses(area_sets, rng, size.addresses)
    people = _People(x, exposed, rng, size)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".tmp")
    schema = _schema()
    with pq.ParquetWriter(scratch, schema, compression="zstd") as writer:
        for number, period in enumerate(size.periods):
            writer.write_table(pa.table(people.half_year(number, period, x, y), schema=schema))
    scratch.replace(path)
    changed = f"Opdigtet af geo.demo med frø {seed}. Ingen personer findes."
    _sidecar(path, "Demoregister: opdigtede beboere", retrieved, changed, register=Register(crs=crs.MEASURE, codes=CODES))


def make_survey(area_sets: Mapping[str, AreaSet], path: Path, *, retrieved: dt.date, seed: int = SEED) -> None:
    """Write the demo safety survey as an observations CSV with its sidecar: districts and the city, 2009-2014, about 100 answers each.

    area_sets: the sets of the workspace, of which the safety districts are used. retrieved: the day for the sidecar. The same seed
    and areas give the same bytes.
    """
    rng = np.random.default_rng(seed + 1)
    rows = []
    districts = area_sets["tryghedsdistrikt"].areas["area_id"]
    level = dict(zip(districts, rng.uniform(0.72, 0.9, len(districts)), strict=True))
    drift = dict(zip(districts, rng.normal(0.012, 0.015, len(districts)), strict=True))
    for year in SURVEY_YEARS:
        asked = rng.poisson(ANSWERS, len(districts))
        if year == SURVEY_YEARS[3]:
            asked[4] = 41  # one district with too few answers, so that a page shows how that looks
        safe = rng.binomial(asked, [min(0.97, level[d] + drift[d] * (year - SURVEY_YEARS[0])) for d in districts])
        rows += [("tryghedsdistrikt", d, year, int(k), int(n)) for d, k, n in zip(districts, safe, asked, strict=True)]
        rows.append(("kommune", "0101", year, int(safe.sum()), int(asked.sum())))
    survey = pd.DataFrame(sorted(rows), columns=["area_set", "area_id", "year", "safe", "asked"])
    survey["share"] = ratios.of_counts(survey["safe"], survey["asked"], ratios.PERCENT)
    lines = [f"demo_tryg,{s},{a},{p},{share:.4f},{k},{n},{n},,,demo,demo-survey,,Demodata" for s, a, p, k, n, share in survey.to_numpy()]
    header = "indicator,area_set,area_id,period,value,numerator,denominator,n,low,high,status,source,locator,note"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    _sidecar(path, "Demoundersøgelse: opdigtede svar om tryghed", retrieved, f"Opdigtet af geo.demo med frø {seed}. Ingen har svaret.")


class _People:
    """The invented residents: where they live, who they are, and one fixed random number each for every property.

    A resident keeps these numbers from one half-year to the next. A share therefore changes only because its probability changed or
    because somebody moved, as in a real register.
    """

    def __init__(self, x: Floats, exposed: NDArray[np.bool_], rng: np.random.Generator, size: Size) -> None:
        self._rng, self._exposed_address, self._size = rng, exposed, size
        residents = size.residents
        housing, rest = np.flatnonzero(exposed), np.flatnonzero(~exposed)
        in_housing = rng.random(residents) < HOUSING_SHARE
        self._address = np.where(in_housing, rng.choice(housing, residents), rng.choice(rest, residents))
        self._age = rng.choice(len(AGES), residents, p=[0.04, 0.04, 0.13, 0.12, 0.56, 0.11])
        minority = rng.random(residents) < np.where(in_housing, 0.55, 0.13)
        self._origin = np.where(minority, rng.choice([2, 3], residents, p=[0.65, 0.35]), rng.choice([0, 1], residents, p=[0.93, 0.07]))
        self._place = rng.random((4, residents))
        self._unknown = rng.random(len(x)) < NO_COORDINATE

    def half_year(self, number: int, period: str, x: Floats, y: Floats) -> dict[str, object]:
        """The rows of one half-year, then some residents move house."""
        exposed = self._exposed_address[self._address]
        minority = self._origin >= 2
        time = number / max(len(self._size.periods) - 1, 1)
        unknown = self._unknown[self._address]
        rows = {
            "period": _coded(np.zeros(self._size.residents, dtype=np.int64), (period,)),
            "address": self._address.astype(np.int32),
            "x": np.where(unknown, np.nan, x[self._address]),
            "y": np.where(unknown, np.nan, y[self._address]),
            "age_group": _coded(self._age, AGES),
            "origin": _coded(self._origin, ORIGINS),
            "labour": _coded(self._labour(exposed, minority, time), LABOUR),
            "day_care": self._offer(1, self._age <= 1, 0.72 + 0.1 * time - 0.14 * minority),
            "social": self._offer(2, self._age >= 0, 0.05 + 0.05 * exposed + 0.02 * minority + 0.01 * time),
            "leisure": self._offer(3, self._age == 2, 0.62 - 0.2 * minority - 0.06 * exposed + 0.07 * time),
        }
        movers = np.flatnonzero(self._rng.random(self._size.residents) < MOVES)
        self._address[movers] = self._rng.permutation(self._address[movers])
        return rows

    def _labour(self, exposed: NDArray[np.bool_], minority: NDArray[np.bool_], time: float) -> Ints:
        outside = 0.15 + 0.22 * exposed + 0.1 * minority - 0.06 * time * exposed
        place = self._place[0]
        working_age = (self._age == 3) | (self._age == 4)
        status = np.select([place < outside, place < outside + 0.05, place < outside + 0.15], [3, 1, 2], default=0)
        return np.where(working_age, status, 4)

    def _offer(self, place: int, target: NDArray[np.bool_], chance: NDArray[np.floating]) -> pa.DictionaryArray:
        return _coded(np.where(target, np.where(self._place[place] < chance, 0, 1), 2), OFFER)


def _addresses(area_sets: Mapping[str, AreaSet], rng: np.random.Generator, addresses: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Coordinates of the invented addresses (EPSG:25832), and which of them lie in an exposed housing area."""
    housing = area_sets["udsat_boligomraade"].areas.geometry.to_numpy()
    districts = area_sets["tryghedsdistrikt"].areas.geometry.to_numpy()
    outside = area_sets["kommune"].areas.geometry.to_numpy()[0].buffer(1500).difference(area_sets["kommune"].areas.geometry.to_numpy()[0])
    groups = [(housing, int(addresses * HOUSING_SHARE)), (districts, addresses)]
    points = [
        _scatter(polygon, count, rng)
        for polygons, total in groups
        for polygon, count in zip(polygons, _spread(polygons, total), strict=True)
    ]
    points.append(_scatter(outside, int(addresses * ABROAD), rng))
    every = np.concatenate(points)
    exposed = shapely.contains_xy(shapely.union_all(housing), every[:, 0], every[:, 1])
    return every[:, 0].round(1), every[:, 1].round(1), exposed


def _spread(polygons: NDArray[np.object_], total: int) -> list[int]:
    """Divide the addresses among areas by the fourth root of their size, so that no small area is left almost empty."""
    weight = shapely.area(polygons) ** 0.25
    return [int(n) for n in np.maximum(20, (total * weight / weight.sum()).round())]


def _scatter(polygon: shapely.Geometry, count: int, rng: np.random.Generator) -> Floats:
    """Draw uniform points in a polygon: points are drawn in its bounding box until enough of them lie inside the polygon."""
    left, bottom, right, top = shapely.bounds(polygon)
    hits: Floats = np.empty((0, 2))
    while len(hits) < count:
        thrown = rng.uniform((left, bottom), (right, top), (4 * count, 2))
        hits = np.concatenate([hits, thrown[shapely.contains_xy(polygon, thrown[:, 0], thrown[:, 1])]])
    return hits[:count]


def _coded(codes: Ints, words: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(words, pa.string()))


def _schema() -> pa.Schema:
    code = pa.dictionary(pa.int8(), pa.string())
    plain = [("address", pa.int32()), ("x", pa.float64()), ("y", pa.float64())]
    coded = [(name, code) for name in CODES]
    return pa.schema([("period", code), *plain, *coded], metadata={"crs": crs.MEASURE})


def _sidecar(path: Path, title: str, retrieved: dt.date, changed: str, *, register: Register | None = None) -> None:
    about = Sidecar(
        title=title,
        producer="Områdekort (demo)",
        licence="CC0 1.0",
        retrieved=retrieved,
        sha256=provenance.sha256(path),
        changed=changed,
        register=register,
    )
    provenance.write(path, about)
