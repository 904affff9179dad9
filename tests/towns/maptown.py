"""The toy town as an edition with everything that can go wrong on a map: hidden, unmeasured, demo, hostile names and notes.

Four squares in the set `square`, one in `kommune`; the survey `tryg` in 2010 and 2011, with demo figures in `uden`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import geopandas as gpd
import msgspec
import pandas as pd
import shapely

from geo.disclosure.protect import Protected
from geo.editions import edition
from geo.editions.contents import AudiencePart, Contents, PublishedLayer
from geo.editions.edition import Edition
from geo.model.areas import AreaSet, AreaSetEdition, AreaSetKind, Geometry, Sidecar  # fmt: skip
from geo.model.catalogue import Catalogue, ListEdition, Member  # fmt: skip
from geo.model.indicators import Indicator  # fmt: skip
from geo.model.programmes import HotspotProgramme, PlanProgramme  # fmt: skip
from geo.model.results import OBSERVATION_COLUMNS, Breaks, InputFile
from geo.model.sources import Cite, Source  # fmt: skip
from geo.model.vocabulary import Audience, Text
from geo.spatial import display
from tests.towns import toytown

DAY = dt.date(2020, 1, 1)
BOLD = "<b>"
HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}`'\"</script>"
BREAKS = Breaks(indicator="tryg", edges=(50.0, 70.0, 90.0))
NAN = float("nan")


def observation(**changes: object) -> dict[str, object]:
    """One row of OBSERVATION_COLUMNS: 80 percent of 100 answers unless said otherwise."""
    plain: dict[str, object] = dict.fromkeys(OBSERVATION_COLUMNS, "")
    plain |= {"indicator": "tryg", "definition": "old", "area_set": "square", "period": "2010", "numerator": NAN, "denominator": NAN}
    plain |= {"value": 80.0, "n": 100.0, "low": 71.0, "high": 87.0, "interval": "wilson", "status": "final", "source": "survey"}
    return plain | changes


def absent(**changes: object) -> dict[str, object]:
    """A row that has no value."""
    gone = dict.fromkeys(("value", "n", "low", "high"), NAN) | {"interval": "none"}
    return observation(**gone) | changes


ROWS = [
    observation(area_id="0101"),  # 71-87 lies within one class: 70-90
    observation(area_id="0102", value=50.0, low=40.0, high=60.0),  # reaches into two classes
    absent(area_id="0103", status="suppressed", reason="few_answers"),
    absent(area_id="0104", status="not_measured", reason="not_asked"),
    observation(area_id="0101", area_set="kommune", value=65.0, low=60.0, high=70.0),
    observation(area_id="0101", period="2011", value=92.0, low=90.5, high=94.0),
    observation(area_id="0102", period="2011", value=48.0, low=45.0, high=49.0, note=HOSTILE, locator="=1+1"),
    absent(area_id="0103", period="2011", status="missing", reason="no_row"),
    observation(area_id="0104", period="2011", value=60.0, low=55.0, high=65.0),
    observation(area_id="0101", area_set="kommune", period="2011", value=66.0, low=61.0, high=71.0),
    *(
        observation(indicator="uden", area_id=f"010{i}", value=10.0 * i, low=NAN, high=NAN, interval="none", status="demo")
        for i in range(1, 5)
    ),
]


def layer(
    area_set: str,
    areas: gpd.GeoDataFrame,
    *,
    role: Literal["areas", "context"] = "areas",
    partition: bool = True,
    geometry: Geometry = "polygons",
) -> PublishedLayer:
    """An area set as the pipeline would publish it."""
    words = toytown.text(area_set)
    kind = AreaSetKind(id=area_set, name=words, singular=words, role=role, geometry=geometry)
    about = AreaSetEdition(id=area_set, valid_from=DAY, partition=partition)
    sidecar = Sidecar(title=area_set, producer="Byen", licence="CC0", retrieved=DAY, sha256="0", changed="made up", generalised=True)
    made = AreaSet(kind, about, sidecar, areas if "note" in areas else areas.assign(note=""))
    return PublishedLayer(display.describe(made), display.draw(made))


def catalogue() -> Catalogue:
    """The toy town's catalogue, with a list that marks parts of one square and a hostile indicator name."""
    indicators: list[Indicator] = toytown.indicators()
    words = Text(da="Trygge", en="Safe")
    cite = Cite(source="survey")
    listed = ListEdition(
        id="list-2010", family="f", name=words, published="2010", definition=words, cite=cite,
        members=(Member(name="Sydøst", area_set="square", area_id="0102", extent="part"),),
    )  # fmt: skip
    goal = toytown.goal()
    marked = msgspec.structs.replace(goal, frozen_list="list-2010", area_ids=())
    none = toytown.text("ingen")
    kinds = [
        AreaSetKind(id=name, name=toytown.text(name), singular=toytown.text(name), order=i) for i, name in enumerate(("kommune", "square"))
    ]
    return Catalogue(
        sources=(
            Source(
                id="survey", short=HOSTILE, title=HOSTILE, producer="Byen", url="javascript:alert(1)", retrieved=DAY, quality="official"
            ),
        ),
        area_sets=tuple(kinds), indicators=tuple(indicators), rules=(), goals=(marked,), lists=(listed,),
        plans=PlanProgramme(figures=(), evaluations=(), plans=(), note=none),
        hotspots=HotspotProgramme(areas=(), themes=(), staff=(), informed=(), figures=(), note=none), calendar=(), contradictions=(),
    )  # fmt: skip


def town_layers() -> list[PublishedLayer]:
    """The squares, one with a hostile name, the whole town, a lake, and land beside the town whose name is hostile too."""
    squares = toytown.squares()
    squares.loc[3, "name"] = HOSTILE
    whole = gpd.GeoDataFrame({"area_id": ["0101"], "name": ["Byen"]}, geometry=[shapely.union_all(squares.geometry)], crs=squares.crs)
    lake = gpd.GeoDataFrame({"area_id": ["so"], "name": ["Sø"]}, geometry=[toytown.patch().geometry[0].buffer(-300)], crs=squares.crs)
    west, south, east, north = whole.total_bounds
    beside = shapely.box(west - (east - west), south, (west + east) / 2, north)  # it reaches in under the town
    land = gpd.GeoDataFrame({"area_id": ["nabo1"], "name": ["Nabo"]}, geometry=[beside], crs=squares.crs)
    written = {"area_id": ["inde", "ude"], "name": [BOLD, "Langt ude"], "note": ["nabo", "farvand"]}
    middle = shapely.Point((west + east) / 2, (south + north) / 2)
    named = gpd.GeoDataFrame(written, geometry=[middle, shapely.Point(east + 4 * (east - west), north)], crs=squares.crs)
    return [
        layer("square", squares),
        layer("kommune", whole),
        layer("vand", lake, role="context", partition=False),
        layer("nabo", land, role="context", partition=False),
        *orientation(middle, west, north, squares.crs),
        layer("stednavn", named, role="context", partition=False, geometry="points"),
    ]


def orientation(middle: shapely.Point, west: float, north: float, crs: object) -> list[PublishedLayer]:
    """A large road and a small one from a corner to the middle of the town, a station there, and a park around it."""
    line = shapely.LineString([(west, north), middle])
    roads = gpd.GeoDataFrame({"area_id": ["regional-vej", "stroeggade"], "name": ["Store", "Små"]}, geometry=[line, line], crs=crs)
    station = gpd.GeoDataFrame({"area_id": ["st"], "name": [BOLD]}, geometry=[middle], crs=crs)
    park = gpd.GeoDataFrame({"area_id": ["park"], "name": ["Park"]}, geometry=[middle.buffer(200)], crs=crs)
    return [
        layer("vej", roads, role="context", partition=False, geometry="lines"),
        layer("station", station, role="context", partition=False, geometry="points"),
        layer("park", park, role="context", partition=False),
    ]


def publish(editions: Path, *, rows: Sequence[dict[str, object]] = ROWS) -> Edition:
    """Write the town's edition and read it as the public does."""
    table = pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS)).sort_values(["indicator", "area_set", "area_id", "period"])
    part = AudiencePart(Protected(Audience.PUBLIC, table, ()), (), {"tryg": BREAKS})
    contents = Contents(
        catalogue=catalogue(),
        layers=town_layers(),
        overlaps=(),
        parts=[part],
        inputs=[InputFile(path="x", kind="observations", sha256="0", rows=len(ROWS), retrieved=DAY)],
        leftovers=(),
    )
    return edition.read(editions, edition.publish(editions, contents).id, Audience.PUBLIC)


COMPARED_ROWS = [
    *ROWS,
    # 2012: 0101 falls for sure from 92, 0102 stays within the noise, 0103 hidden, 0104 has no doubt that is known
    observation(area_id="0101", period="2012", value=70.0, low=62.0, high=77.0),
    observation(area_id="0102", period="2012", value=50.0, low=41.0, high=59.0),
    absent(area_id="0103", period="2012", status="suppressed", reason="few_answers"),
    observation(area_id="0104", period="2012", value=20.0, low=NAN, high=NAN, interval="none"),
    observation(area_id="0101", period="2013", definition="new", value=10.0, low=5.0, high=15.0),
]
