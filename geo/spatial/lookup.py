"""Which areas an address lies in, in every edition of the area sets: an R-tree over all areas, kept with the edition.

For many points there is geo.spatial.cells. This answers for one point in well under 5 ms, and reads the shape of an area only when
its bounding box contains the point.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from zipfile import BadZipFile

import numpy as np
import shapely
from rtree.index import Index

from geo.errors import InputError, Problem
from geo.model.areas import AreaSet
from geo.spatial import crs


@dataclass(frozen=True)
class Place:
    """One area that contains the point: its set, its code and name, and the days on which that edition of the set begins and ends."""

    area_set: str
    valid_from: dt.date
    valid_to: dt.date | None
    area_id: str
    name: str


@dataclass(frozen=True)
class Lookup:
    """All areas, ordered by set, day and code.

    `shapes` are their outlines as WKB. `first_only` says of each whether its set is a partition, so that a point has at most one
    area.
    """

    places: tuple[Place, ...]
    first_only: tuple[bool, ...]
    shapes: tuple[bytes, ...]
    tree: Index


def build(area_sets: Iterable[AreaSet]) -> bytes:
    """Pack area sets, several editions of a kind included, into the bytes that `read` takes. The same sets give the same bytes.

    The areas are in metres (EPSG:25832).
    """
    ordered = sorted(area_sets, key=lambda area_set: (area_set.id, area_set.edition.valid_from))
    about = [
        {
            "id": area_set.id,
            "from": str(area_set.edition.valid_from),
            "to": str(area_set.edition.valid_to or ""),
            "partition": area_set.edition.partition,
        }
        | {"areas": area_set.areas["area_id"].tolist(), "names": area_set.areas["name"].tolist()}
        for area_set in ordered
    ]
    shapes = np.concatenate([np.empty(0, object), *(area_set.areas.geometry.to_numpy() for area_set in ordered)])
    wkb = [shapely.to_wkb(shape) for shape in shapes]
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
        boxes=shapely.bounds(shapes).reshape(-1, 4),
        wkb=np.frombuffer(b"".join(wkb), np.uint8),
        sizes=np.array([len(shape) for shape in wkb], np.int64),
    )
    return packed.getvalue()


def read(content: bytes) -> Lookup:
    """Return the lookup that `build` packed. Raises InputError when the bytes are not one."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            about, boxes, wkb, sizes = (arrays[name] for name in ("about", "boxes", "wkb", "sizes"))
    except (BadZipFile, KeyError, ValueError, EOFError, OSError, zlib.error) as error:
        raise InputError(
            Problem("lookup", "not an index of areas", found=str(error), expected="what geo.spatial.lookup.build packed")
        ) from error
    sets = json.loads(about.tobytes())
    whole, ends = wkb.tobytes(), list(accumulate(sizes.tolist()))
    return Lookup(
        places=tuple(
            Place(
                area_set["id"],
                dt.date.fromisoformat(area_set["from"]),
                dt.date.fromisoformat(area_set["to"]) if area_set["to"] else None,
                area,
                name,
            )
            for area_set in sets
            for area, name in zip(area_set["areas"], area_set["names"], strict=True)
        ),
        first_only=tuple(bool(area_set["partition"]) for area_set in sets for _ in area_set["areas"]),
        shapes=tuple(whole[end - size : end] for size, end in zip(sizes.tolist(), ends, strict=True)),
        tree=Index((number, tuple(box), None) for number, box in enumerate(boxes.tolist())) if len(boxes) else Index(),
    )


def metres(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a point in degrees (EPSG:4326) as `areas_at` takes it: x and y in metres (EPSG:25832)."""
    x, y = crs.points_to_measure(np.array([longitude]), np.array([latitude]), declared=crs.SHOW)
    return float(x[0]), float(y[0])


def degrees(x: float, y: float) -> tuple[float, float]:
    """Return the longitude and latitude (EPSG:4326) of a point in metres (EPSG:25832)."""
    return crs.point_to_show(x, y)


def areas_near(lookup: Lookup, x: float, y: float, *, within: float) -> tuple[Place, ...]:
    """Find the areas that come nearer to a point than `within` metres, for a point that is known only roughly.

    x, y: metres (EPSG:25832). The areas that contain the point are included. Sorted as in `areas_at`.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        return ()
    point = shapely.Point(x, y)
    numbers = sorted(lookup.tree.intersection((x - within, y - within, x + within, y + within)))
    return tuple(lookup.places[number] for number in numbers if shapely.dwithin(shapely.from_wkb(lookup.shapes[number]), point, within))


def areas_at(lookup: Lookup, x: float, y: float) -> tuple[Place, ...]:
    """Find the areas of all sets and editions that a point lies in or on the border of, sorted by set, day and code.

    x, y: metres (EPSG:25832). In an edition that is a partition a point has at most one area, the first that it touches. A NaN or
    infinite coordinate is in none.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        return ()
    places: list[Place] = []
    for number in sorted(lookup.tree.intersection((x, y, x, y))):
        place = lookup.places[number]
        settled = lookup.first_only[number] and any(
            (place.area_set, place.valid_from) == (earlier.area_set, earlier.valid_from) for earlier in places
        )
        if not settled and shapely.intersects_xy(shapely.from_wkb(lookup.shapes[number]), x, y):
            places.append(place)
    return tuple(places)
