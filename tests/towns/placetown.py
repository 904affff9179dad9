"""The map town with an index of places: streets and squares by name, two vintages of its squares."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.disclosure.protect import Protected
from geo.editions import edition
from geo.editions.contents import AudiencePart, Contents
from geo.editions.edition import Edition
from geo.model.areas import AreaSet, AreaSetEdition, AreaSetKind
from geo.model.results import OBSERVATION_COLUMNS, InputFile
from geo.model.vocabulary import Audience, Text
from geo.spatial import gazetteer, lookup
from geo.spatial.gazetteer import NamedPoint
from tests.towns import maptown, toytown

X, Y = toytown.X, toytown.Y
HOUSES = ("1", "2", "2A", "10", "45", "45B")
SPOTS = (
    *(NamedPoint("Østre Skrænt", "2200", number, "address", X + 100.0 * place, Y + 500.0) for place, number in enumerate(HOUSES, 1)),
    NamedPoint("Østre Skrænt", "2100", "7", "address", X + 1500.0, Y + 1500.0),
    NamedPoint("Sankt Hans Torv", "", "", "square", X + 990.0, Y + 500.0, 60.0),  # in the SW square, ten metres from the SE one
    NamedPoint("Ærøgade", "", "", "street", X + 1500.0, Y + 500.0, 400.0),
    NamedPoint(maptown.HOSTILE, "", "", "place", X + 1700.0, Y + 300.0, 50.0),
)


def vintage(day: dt.date, until: dt.date | None, west: str, east: str) -> AreaSet:
    """The town's map of a day: two halves."""
    halves = [shapely.box(X, Y, X + 1000, Y + 2000), shapely.box(X + 1000, Y, X + 2000, Y + 2000)]
    areas = gpd.GeoDataFrame({"area_id": ["0101", "0102"], "name": [west, east], "note": ""}, geometry=halves, crs="EPSG:25832")
    words = Text(da="Kvadrater", en="Squares")
    kind = AreaSetKind(id="square", name=words, singular=words)
    return AreaSet(kind, AreaSetEdition(id="square", valid_from=day, valid_to=until, partition=True), None, areas)  # type: ignore[arg-type]


VINTAGES = (
    vintage(dt.date(2010, 1, 1), dt.date(2019, 12, 31), "Gammel Vest", "Gammel Øst"),
    vintage(maptown.DAY, None, "Sydvest", "Sydøst"),
)


def publish(editions: Path) -> Edition:
    """Write the map town's edition with both indexes and make it the current one."""
    table = pd.DataFrame(maptown.ROWS, columns=list(OBSERVATION_COLUMNS)).sort_values(["indicator", "area_set", "area_id", "period"])
    contents = Contents(
        catalogue=maptown.catalogue(),
        layers=maptown.town_layers(),
        overlaps=(),
        parts=[AudiencePart(Protected(Audience.PUBLIC, table, ()), (), {"tryg": maptown.BREAKS})],
        inputs=[InputFile(path="x", kind="places", sha256="0", rows=len(SPOTS), retrieved=maptown.DAY)],
        leftovers=(),
        indexes={"lookup.npz": lookup.build(VINTAGES), "gazetteer.npz": gazetteer.build(SPOTS)},
    )
    return edition.read(editions, edition.publish(editions, contents).id, Audience.PUBLIC)
