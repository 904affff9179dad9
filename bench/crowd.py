"""A made-up town of many areas, published as an edition: what the server has to carry when a map is as heavy as it gets."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import msgspec
import numpy as np
import pandas as pd
import shapely

from geo.disclosure.protect import Protected
from geo.editions import edition
from geo.editions.contents import AudiencePart, Contents
from geo.editions.edition import Edition
from geo.model.areas import AreaSetKind
from geo.model.catalogue import Catalogue
from geo.model.results import OBSERVATION_COLUMNS, Breaks, InputFile
from geo.model.vocabulary import Audience, Text
from tests.towns import maptown, toytown

AREAS: Final = 400
INDICATORS: Final = 6
PERIODS: Final = tuple(str(year) for year in range(2010, 2020))
SET: Final = "kvarter"
_WEST, _SOUTH, _WIDE, _HIGH = 715_000.0, 6_165_000.0, 14_000.0, 15_000.0
"""A box of København's size and place (EPSG:25832, metres)."""


def publish(editions: Path, *, areas: int = AREAS) -> Edition:
    """Write the town's edition, the same bytes each time, and make it the current one."""
    shapes = _shapes(areas)
    whole = gpd.GeoDataFrame({"area_id": ["0101"], "name": ["Byen"]}, geometry=[shapely.union_all(shapes.geometry)], crs=shapes.crs)
    names = [f"tryg{number}" for number in range(INDICATORS)]
    table = _table(names, list(shapes["area_id"]))
    breaks = {name: Breaks(indicator=name, edges=(50.0, 60.0, 70.0, 80.0)) for name in names}
    contents = Contents(
        catalogue=_catalogue(names),
        layers=[maptown.layer(SET, shapes), maptown.layer("kommune", whole)],
        overlaps=(),
        parts=[AudiencePart(Protected(audience, table, ()), (), breaks) for audience in Audience],
        inputs=[InputFile(path="made-up", kind="observations", sha256="0", rows=len(table), retrieved=maptown.DAY)],
        leftovers=(),
    )
    return edition.read(editions, edition.publish(editions, contents).id, Audience.PUBLIC)


def _shapes(areas: int) -> gpd.GeoDataFrame:
    """Neighbouring areas with crooked borders: cells around random places, their edges bent by one smooth field so that no gap opens."""
    random = np.random.default_rng(1)
    places = shapely.points(random.uniform((_WEST, _SOUTH), (_WEST + _WIDE, _SOUTH + _HIGH), (areas, 2)))
    box = shapely.box(_WEST, _SOUTH, _WEST + _WIDE, _SOUTH + _HIGH)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places), extend_to=box, ordered=True))
    bent = shapely.transform(shapely.segmentize(shapely.intersection(cells, box), 60.0), _bend)
    ids = [f"{number:04d}" for number in range(1, areas + 1)]
    return gpd.GeoDataFrame({"area_id": ids, "name": [f"Område {name}" for name in ids]}, geometry=list(bent), crs=25832)


def _bend(places: np.ndarray) -> np.ndarray:
    x, y = places[:, 0], places[:, 1]
    return places + np.column_stack(
        [np.sin(y / 97) * 25 + np.sin(x / 31 + y / 53) * 12, np.sin(x / 83) * 25 + np.sin(y / 37 - x / 59) * 12]
    )


def _table(names: list[str], ids: list[str]) -> pd.DataFrame:
    """A value and its interval for every area in every period; the whole city beside."""
    random = np.random.default_rng(2)
    rows = []
    for name in names:
        for period in PERIODS:
            for area_set, area_id in [("kommune", "0101"), *((SET, area_id) for area_id in ids)]:
                value, half = float(random.integers(400, 900)) / 10, float(random.integers(10, 80)) / 10
                place = {"indicator": name, "area_set": area_set, "area_id": area_id, "period": period}
                rows.append(maptown.observation(**place, value=value, low=value - half, high=value + half))
    order = ["indicator", "area_set", "area_id", "period"]
    return pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS)).sort_values(order)


def _catalogue(names: list[str]) -> Catalogue:
    known = maptown.catalogue()
    survey = next(one for one in known.indicators if one.id == "tryg")
    measured = tuple(
        msgspec.structs.replace(survey, id=name, name=Text(da=f"Trygge {name}", en=f"Safe {name}"), area_sets=(SET, "kommune"))
        for name in names
    )
    sets = {name: toytown.text(name) for name in (SET, "kommune")}
    kinds = tuple(AreaSetKind(id=name, name=words, singular=words, order=order) for order, (name, words) in enumerate(sets.items()))
    return msgspec.structs.replace(known, indicators=measured, area_sets=kinds, goals=(), lists=())
