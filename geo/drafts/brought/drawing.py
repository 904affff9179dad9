"""Areas that are added to those of the newest edition of a set: drawn on a map, or in a file that holds the new ones only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from geo.errors import InputError, Problem
from geo.files import limits
from geo.files.layers import geojson
from geo.files.workspace import Workspace
from geo.inputs import boundaries
from geo.spatial import crs


def joined(copy: Workspace, area_set: str, path: Path, target: Path) -> Path:
    """Write the areas of the newest edition of a set together with those of a GeoJSON file, which replace others of their code.

    path: GeoJSON in EPSG:4326 whose features have `area_id` and `name`. target: the file that is written. The areas that stay keep their
    outlines. Raises InputError when the file is no such layer.
    """
    earlier = boundaries.editions(copy.boundaries, area_set)
    there: list[dict[str, Any]] = []
    if earlier:
        there = json.loads(crs.to_show(geojson.read_own(earlier[-1], file=earlier[-1].name)).to_json())["features"]
    new = _features(path)
    codes = {feature["properties"]["area_id"] for feature in new}
    kept = [feature for feature in there if feature["properties"]["area_id"] not in codes]
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.write_text(json.dumps({"type": "FeatureCollection", "features": [*kept, *new]}, ensure_ascii=False), encoding="utf-8")
    return target


def _features(path: Path) -> list[dict[str, Any]]:
    """The features of a drawn layer; what their outlines are is checked by the import."""
    try:
        features = json.loads(limits.content(path, file=path.name, setting="layer_mb"))["features"]
        wrong = [
            number
            for number, feature in enumerate(features, 1)
            if not all(
                isinstance(feature["properties"].get(name), str) and feature["properties"][name].strip() for name in ("area_id", "name")
            )
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        what = "no layer of drawn areas"
        raise InputError(Problem(path.name, what, expected=f"GeoJSON in {crs.SHOW} with the properties area_id and name")) from None
    if wrong or not features:
        what = "a drawn area without a code or a name" if wrong else "a layer without areas"
        raise InputError(
            Problem(path.name, what, wrong[0] if wrong else None, expected="area_id and name, for each", more=max(len(wrong) - 1, 0))
        )
    return list(features)
