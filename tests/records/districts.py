"""Two districts and an estate across their border."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import shapely

from geo.model.areas import AreaSet, AreaSetEdition, AreaSetKind, Sidecar
from geo.model.vocabulary import Text
from geo.spatial import crs

WORDS = Text(da="x", en="x")
EAST, NORTH = 720_000.0, 6_170_000.0  # a corner in København, EPSG:25832


def area_set(name: str, boxes: dict[str, tuple[float, float, float, float]], *, partition: bool = True, role: str = "areas") -> AreaSet:
    shapes = [shapely.box(EAST + a, NORTH + b, EAST + c, NORTH + d) for a, b, c, d in boxes.values()]
    areas = gpd.GeoDataFrame({"area_id": list(boxes), "name": list(boxes), "note": ""}, geometry=shapes, crs=crs.MEASURE)
    edition = AreaSetEdition(id=name, valid_from=dt.date(2010, 1, 1), partition=partition)
    sidecar = Sidecar(title="t", producer="p", licence="l", retrieved=dt.date(2020, 1, 1), sha256="0", changed="c", generalised=True)
    return AreaSet(AreaSetKind(id=name, name=WORDS, singular=WORDS, role=role), edition, sidecar, areas)  # type: ignore[arg-type]


TOWN = area_set("district", {"west": (0, 0, 1000, 1000), "east": (1000, 0, 2000, 1000)})
ESTATE = area_set("estate", {"across": (900, 0, 1100, 100)}, partition=False)
