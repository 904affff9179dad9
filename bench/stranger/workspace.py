"""A city's files, as somebody from outside would write them, and the product's own command line run on them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import tomli_w
from typer.testing import CliRunner

from bench.stranger.city import City, Measure
from omraadekort import cli

DAY: Final = dt.date(2020, 1, 1)


def write(city: City, folder: Path) -> None:
    """Write catalogue, outlines and register; what stood there of an earlier state is replaced."""
    for name in ("boundaries", "data", "registers", "editions", "reviews"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    _catalogue(city, folder)
    for area_set, areas in city.outlines.items():
        day = dt.date(2009, 1, 1) if area_set in city.redrawn else dt.date(2007, 1, 1)
        path = folder / "boundaries" / area_set / f"{day}.geojson"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_geojson(areas), encoding="utf-8")
        _sidecar(path, area_set={"id": area_set, "valid_from": day, "partition": area_set in city.partitions})
    for old in (folder / "registers").iterdir():
        old.unlink()
    path = folder / "registers" / f"{city.register}.{'parquet' if city.seed % 2 else 'csv'}"
    if city.seed % 2:
        pq.write_table(pa.Table.from_pandas(city.people, preserve_index=False), path)
    else:
        city.people.to_csv(path, index=False)
    _sidecar(path, register={"crs": "EPSG:25832", "codes": _codes(city)})


def build(folder: Path) -> tuple[int, str]:
    """Run `omraadekort build` on a workspace: the exit code, and what it said."""
    done = CliRunner().invoke(cli.app, ["--workspace", str(folder), "build"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def _codes(city: City) -> dict[str, list[str]]:
    return {name: [*words, *([""] if city.blank else [])] for name, words in city.codes.items()}


def _text(words: str) -> dict[str, str]:
    return {"da": words, "en": words}


def _catalogue(city: City, folder: Path) -> None:
    written = folder / "data"
    sets = [{"id": name, "name": _text(name), "singular": _text(name), "order": at} for at, name in enumerate(city.outlines)]
    source = {"title": "Folk", "producer": "Byen", "retrieved": DAY, "quality": "official", "licence": "CC0 1.0"}
    thresholds = {name: vars(limits) for name, limits in city.limits.items()}
    costs = {"kommune": 100, "grid": 10}
    rule = {"id": "register", "name": _text("Register"), "thresholds": thresholds, "costs": costs, "known": list(city.known)}
    _toml(folder / "boundaries" / "sets.toml", {"area_set": sets})
    _toml(written / "sources.toml", {"source": [{"id": name, "short": name, **source} for name in ("folk", "beboere")]})
    _toml(written / "indicators.toml", {"indicator": [_indicator(each, city.register) for each in city.measures]})
    _toml(written / "disclosure.toml", {"rule": [rule]})
    _toml(written / "plans.toml", {"figures": [], "evaluations": [], "plans": [], "note": _text("ingen")})
    empty: dict[str, list[str]] = {name: [] for name in ("areas", "themes", "staff", "informed", "figures")}
    _toml(written / "hotspots.toml", {**empty, "note": _text("ingen")})
    for name, key in (("goals", "goal"), ("lists", "list"), ("calendar", "event"), ("contradictions", "contradiction")):
        _toml(written / f"{name}.toml", {key: []})


def _indicator(measure: Measure, register: str) -> dict[str, Any]:
    def plain(words: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
        return {name: list(those) for name, those in words.items()}

    return {
        "id": measure.id,
        "name": _text(measure.id),
        "kind": "share",
        "unit": _text("pct."),
        "population": _text("beboere"),
        "direction": "neither",
        "theme": "t",
        "area_sets": list(measure.area_sets),
        "rule": "register",
        "basis": "register",
        "hide_zero": measure.hide_zero,
        "means": [2] if measure.means else [],
        "definitions": [{"version": "1", "text": _text("en")}],
        "register": {"register": register, "where": plain(measure.where), "having": plain(measure.having)},
    }


def _geojson(areas: Mapping[str, shapely.Polygon]) -> str:
    features = [
        {"type": "Feature", "properties": {"area_id": name, "name": name}, "geometry": shapely.geometry.mapping(shape)}
        for name, shape in sorted(areas.items())
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features})


def _sidecar(path: Path, **more: Any) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    plain = {"title": path.stem, "producer": "Byen", "licence": "CC0 1.0", "retrieved": DAY, "sha256": digest, "changed": "opdigtet"}
    _toml(path.with_suffix(".toml"), {**plain, **more})


def _toml(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
