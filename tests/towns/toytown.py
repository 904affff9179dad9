"""The toy town: four squares of one kilometre, small enough to work out on paper, as a whole valid workspace.

NW 0103 | NE 0104        a patch of one square kilometre lies over the middle: 25 hectares of each square
--------+--------
SW 0101 | SE 0102        corner at (720000, 6170000) in EPSG:25832
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import tomli_w

from geo.files import provenance
from geo.files.schema import HEADER
from geo.files.workspace import Workspace
from geo.model.areas import AreaSetEdition, AreaSetKind, ImportProfile, Register, Sidecar
from geo.model.goals import Goal, Target
from geo.model.indicators import Definition, Indicator, RegisterMeasure
from geo.model.programmes import HotspotProgramme, PlanProgramme
from geo.model.rules import Rule, Threshold
from geo.model.sources import Cite as CiteOf
from geo.model.sources import Source
from geo.model.vocabulary import Audience, Text

X, Y = 720_000, 6_170_000
DAY = dt.date(2020, 1, 1)
FIGURES = "data/survey/2020-01-01/survey.csv"
SQUARES = "boundaries/square/2010-01-01.geojson"
ROWS = (
    # 0104 has no row in 2011; 0103 has one that says there is no value
    "tryg,square,0101,2010,80,,,100,,,final,survey,,",
    "tryg,square,0101,2011,85,,,100,,,final,survey,,",
    "tryg,square,0102,2010,50,,,100,,,final,survey,,",
    "tryg,square,0102,2011,40.5,,,100,,,provisional,survey,p. 3,",
    "tryg,square,0103,2010,,,,,,,missing,survey,,",
    "tryg,square,0103,2013,75,,,100,,,final,survey,,",
    "tryg,square,0104,2010,60,,,100,,,final,survey,,",
)


def text(words: str) -> Text:
    """The same words in both languages."""
    return Text(da=words, en=words)


def square(column: int, row: int) -> shapely.Polygon:
    """A square of one kilometre; column 0 is west, row 0 is south."""
    return shapely.box(X + 1000 * column, Y + 1000 * row, X + 1000 * (column + 1), Y + 1000 * (row + 1))


def squares() -> gpd.GeoDataFrame:
    """The four squares, with their codes and names."""
    shapes = [square(0, 0), square(1, 0), square(0, 1), square(1, 1)]
    names = ["Sydvest", "Sydøst", "Nordvest", "Nordøst"]
    return gpd.GeoDataFrame({"area_id": ["0101", "0102", "0103", "0104"], "name": names}, geometry=shapes, crs="EPSG:25832")


def patch() -> gpd.GeoDataFrame:
    """One square kilometre over the middle."""
    shape = shapely.box(X + 500, Y + 500, X + 1500, Y + 1500)
    return gpd.GeoDataFrame({"area_id": ["midt"], "name": ["Midt"]}, geometry=[shape], crs="EPSG:25832")


def geojson(layer: gpd.GeoDataFrame, *, crs: str | None = "urn:ogc:def:crs:EPSG::25832") -> str:
    """A layer as GeoJSON text with its coordinates as they are; `crs` None says that there is none."""
    member = None if crs is None else {"type": "name", "properties": {"name": crs}}
    return json.dumps({"type": "FeatureCollection", "crs": member, "features": json.loads(layer.to_json())["features"]})


def csv(rows: Iterable[str] = ROWS, *, header: Sequence[str] = HEADER) -> str:
    """An observations CSV."""
    return "\n".join([",".join(header), *rows]) + "\n"


def write(folder: Path) -> Workspace:
    """Write the toy town's workspace into an empty folder."""
    town = Workspace(folder)
    for place in (town.boundaries, town.data, town.registers, town.editions, town.reviews):
        place.mkdir(parents=True)
    (folder / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    write_catalogue(town)
    write_areas(town, "square", squares(), partition=True)
    write_areas(town, "patch", patch(), partition=False)
    figures = folder / FIGURES
    figures.parent.mkdir(parents=True)
    figures.write_text(csv(), encoding="utf-8")
    write_sidecar(figures)
    write_register(town.registers / "people.parquet")
    return town


def write_areas(town: Workspace, area_set: str, layer: gpd.GeoDataFrame, *, partition: bool, day: dt.date = dt.date(2010, 1, 1)) -> Path:
    """Write one edition of an area set with its sidecar."""
    path = town.boundaries / area_set / f"{day}.geojson"
    path.parent.mkdir(exist_ok=True)
    path.write_text(geojson(layer), encoding="utf-8")
    write_sidecar(path, area_set=AreaSetEdition(id=area_set, valid_from=day, partition=partition))
    return path


def write_sidecar(path: Path, **more: Any) -> None:
    """Write a sidecar that fits the file as it is."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    plain = {"title": path.stem, "producer": "Toy town", "licence": "CC0 1.0", "retrieved": DAY, "sha256": digest, "changed": "made up"}
    provenance.write(path, Sidecar(**(plain | more)))


def indicators() -> list[Indicator]:
    """A survey share with two definitions, a share counted in the register, and a count."""
    plain = {"unit": text("pct."), "population": text("beboere"), "theme": "t", "area_sets": ("square",), "rule": "open"}
    survey = (
        Definition(version="old", text=text("gammel"), valid_to=dt.date(2012, 12, 31)),
        Definition(version="new", text=text("ny"), valid_from=dt.date(2013, 1, 1)),
    )
    only = (Definition(version="1", text=text("en")),)
    measure = RegisterMeasure(register="people", where={"age_group": ("18-24", "25-64")}, having={"labour": ("uden",)})
    return [
        Indicator(id="tryg", name=text("Tryg"), kind="share", direction="up", basis="survey", definitions=survey, **plain),
        Indicator(id="uden", name=text("Uden"), kind="share", direction="down", demo=True, definitions=only, register=measure, **plain),
        Indicator(id="beboere", name=text("Beboere"), kind="count", direction="neither", definitions=only, **plain),
    ]


def goal() -> Goal:
    """A goal on the survey: up by ten percentage points."""
    cite = CiteOf(source="survey", locator="p. 1")
    target = Target(id="pp", name=text("ti"), unit="percentage_points", value=10.0, cite=cite)
    return Goal(
        id="G", policy="P", name=text("Mål"), question=text("Steg det?"), wording="Det skal stige.", direction="up",
        deadline=dt.date(2011, 12, 31), targets=(target,), cite=cite, indicator="tryg", area_set="square", area_ids=("0101", "0102"),
    )  # fmt: skip


def kinds() -> list[AreaSetKind]:
    """Squares, patches, and a third kind that has no file."""
    profile = ImportProfile(
        columns=("kode", "navn"),
        id="kode",
        name="navn",
        valid_from=dt.date(2015, 1, 1),
        partition=True,
        title="Kvadrater",
        producer="Byen",
        licence="CC0 1.0",
    )
    return [
        AreaSetKind(id="square", name=text("Kvadrater"), singular=text("kvadrat"), profiles=(profile,)),
        AreaSetKind(id="patch", name=text("Pletter"), singular=text("plet")),
        AreaSetKind(id="later", name=text("Senere"), singular=text("senere")),
    ]


def write_catalogue(town: Workspace) -> None:
    """Write the TOML files."""
    sources = [
        Source(id="survey", short="Survey", title="Survey", producer="Byen", licence="CC0 1.0", retrieved=DAY, quality="official"),
        Source(id="invented", short="Invented", title="Invented", producer="Byen", retrieved=DAY, quality="demo"),
    ]
    rule = Rule(id="open", name=text("Åben"), thresholds={audience: Threshold() for audience in Audience})
    plans = PlanProgramme(figures=(), evaluations=(), plans=(), note=text("ingen"))
    hotspots = HotspotProgramme(areas=(), themes=(), staff=(), informed=(), figures=(), note=text("ingen"))
    toml(town.boundaries / "sets.toml", area_set=kinds())
    toml(town.data / "sources.toml", source=sources)
    toml(town.data / "indicators.toml", indicator=indicators())
    toml(town.data / "disclosure.toml", rule=[rule])
    toml(town.data / "goals.toml", goal=[goal()])
    toml(town.data / "plans.toml", **_plain(plans))
    toml(town.data / "hotspots.toml", **_plain(hotspots))
    for name, key in (("lists", "list"), ("calendar", "event"), ("contradictions", "contradiction")):
        toml(town.data / f"{name}.toml", **{key: []})


def toml(path: Path, **content: Any) -> None:
    """Write TOML; what is None is left out, as TOML has no word for it."""
    path.write_text(tomli_w.dumps(_plain(content)), encoding="utf-8")


def _plain(value: object) -> Any:
    def kept(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: kept(inner) for key, inner in part.items() if inner is not None}
        return [kept(inner) for inner in part] if isinstance(part, (list, tuple)) else part

    return kept(msgspec.to_builtins(value, builtin_types=(dt.date,)))


PEOPLE = (
    # address, x, y, age, labour: two in each of SW and SE, one on the line between them, one outside, one without a coordinate
    (1, X + 100, Y + 100, "18-24", "uden"),
    (1, X + 100, Y + 100, "65+", ""),
    (2, X + 600, Y + 600, "25-64", "beskaeftiget"),
    (3, X + 1900, Y + 100, "25-64", "uden"),
    (3, X + 1900, Y + 100, "25-64", "uden"),
    (4, X + 1000, Y + 100, "25-64", "beskaeftiget"),
    (5, X + 5000, Y + 100, "25-64", "uden"),
    (6, None, None, "18-24", "uden"),
)
AGES = ("0-2", "3-5", "6-17", "18-24", "25-64", "65+")


def write_register(path: Path, *, people: Sequence[tuple[Any, ...]] = PEOPLE, crs: str = "EPSG:25832") -> None:
    """Write a register of the same people in two half-years, a row group each; in the second nobody is outside the labour market."""
    code = pa.dictionary(pa.int8(), pa.string())
    coded = ("age_group", "origin", "labour", "day_care", "social", "leisure")
    fields = [("period", code), ("address", pa.int32()), ("x", pa.float64()), ("y", pa.float64()), *((name, code) for name in coded)]
    schema = pa.schema(fields, metadata={"crs": crs})
    with pq.ParquetWriter(path, schema) as writer:
        for period in ("2007H1", "2007H2"):
            labour = [person[4] if period == "2007H1" or person[4] != "uden" else "beskaeftiget" for person in people]
            columns = {
                "period": _coded([period] * len(people), (period,)),
                "address": pa.array([person[0] for person in people], pa.int32()),
                "x": pa.array([float("nan") if person[1] is None else float(person[1]) for person in people]),
                "y": pa.array([float("nan") if person[2] is None else float(person[2]) for person in people]),
                "age_group": _coded([person[3] for person in people], AGES),
                "labour": _coded(labour, ("beskaeftiget", "uden", "")),
                **{name: _coded([""] * len(people), ("",)) for name in ("origin", "day_care", "social", "leisure")},
            }
            writer.write_table(pa.table(columns, schema=schema))
    write_sidecar(path, register=Register(crs=crs, codes={"age_group": AGES, "labour": ("beskaeftiget", "uden", "")}))


def _coded(words: Sequence[str], known: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array([known.index(word) for word in words], pa.int8()), pa.array(known, pa.string()))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, and every folder: to compare a workspace before and after."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in sorted(folder.rglob("*"))}
