"""Draw the hand-written outlines: `outlines/<set>.toml` becomes `<set>/<valid-from>.geojson`, once for each sidecar the set has.

An outline is written as corners (lon, lat, EPSG:4326, 4 decimals). An area says where it lies in one of these ways:

* `ring = ["a", "-b"]`: lines by name, "-" for backwards; a line is shared by the areas on its two sides and written once,
* `corners = [...]` or `parts = [[...], ...]`: corners of its own; `parts` may also stand beside `ring` (an island),
* `paths = [[...], ...]` or `point = [lon, lat]`: no area but lines, or a point (roads, names), drawn for orientation,
* `of = ["x", "y"]`: the union of areas of the set that the file names with `from = "<set>"` at its top.

`holes` holds rings of lines or of corners. What comes out is the same bytes each time: RFC 7946, sorted by `area_id`, one feature a line.

    python -m boundaries.draw               draw every set, refresh `sha256` in the sidecars
    python -m boundaries.draw vand nabo     only these sets
    python -m boundaries.draw --check       write nothing; exit 1 if a file is not what would be drawn
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

Corner = tuple[float, float]
Ring = tuple[Corner, ...]
"""Corners in order, the last not repeating the first."""

HERE = Path(__file__).parent
DECIMALS = 4
LONGITUDES = (12.0, 13.0)
LATITUDES = (55.0, 56.0)
AREA_KEYS = frozenset({"area_id", "name", "note", "along", "ring", "corners", "parts", "holes", "of", "paths", "point"})
SHA256 = re.compile(r'^sha256 = "[0-9a-f]*"', flags=re.MULTILINE)


class OutlineError(Exception):
    """An outline or a sidecar cannot be drawn from; the message says where and why."""


@dataclass(frozen=True)
class Area:
    """One drawn area: what becomes one GeoJSON feature."""

    area_id: str
    name: str
    note: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Edition:
    """One edition of a set: its sidecar, and the GeoJSON beside it."""

    sidecar: Path
    partition: bool

    @property
    def geojson(self) -> Path:
        """The file that is drawn."""
        return self.sidecar.with_suffix(".geojson")


# --- corners and lines ---------------------------------------------------------------------------------------------------------


def corner(point: Sequence[float], *, where: str) -> Corner:
    """One written corner, refused if it lies far from the city, has swapped axes or more than 4 decimals."""
    if len(point) != 2:
        raise OutlineError(f"{where}: a corner is [lon, lat], found {point}")
    lon, lat = float(point[0]), float(point[1])
    if not (LONGITUDES[0] <= lon <= LONGITUDES[1] and LATITUDES[0] <= lat <= LATITUDES[1]):
        raise OutlineError(f"{where}: {point} is not near København; a corner is [lon, lat]")
    if (round(lon, DECIMALS), round(lat, DECIMALS)) != (lon, lat):
        raise OutlineError(f"{where}: {point} has more than {DECIMALS} decimals")
    return lon, lat


def corners(points: Iterable[Sequence[float]], *, where: str) -> Ring:
    """Written corners in order, refused if one stands twice in a row."""
    run = tuple(corner(point, where=where) for point in points)
    for before, after in pairwise(run):
        if before == after:
            raise OutlineError(f"{where}: the corner {before} stands twice in a row")
    return run


def read_lines(written: Mapping[str, Any]) -> dict[str, Ring]:
    """The shared lines of an outline file by name."""
    lines = {name: corners(line["points"], where=f"line {name}") for name, line in written.get("lines", {}).items()}
    for name, run in lines.items():
        if len(run) < 2:
            raise OutlineError(f"line {name}: fewer than two corners")
    return lines


def join(names: Sequence[str], lines: Mapping[str, Ring], *, where: str) -> Ring:
    """The ring that lines make end to end; "-" before a name turns the line round."""
    run: list[Corner] = []
    for signed in names:
        name = signed.removeprefix("-")
        if name not in lines:
            raise OutlineError(f"{where}: there is no line {name}")
        line = lines[name][::-1] if signed.startswith("-") else lines[name]
        if run and run[-1] != line[0]:
            raise OutlineError(f"{where}: {signed} begins at {line[0]}, but the line before it ends at {run[-1]}")
        run += line[1:] if run else line
    if run[0] != run[-1]:
        raise OutlineError(f"{where}: the ring ends at {run[-1]}, not where it began, {run[0]}")
    return tuple(run[:-1])


def read_ring(written: Sequence[Any], lines: Mapping[str, Ring], *, where: str) -> Ring:
    """A ring written as line names or as corners."""
    ring = join(written, lines, where=where) if isinstance(written[0], str) else corners(written, where=where)
    if len(ring) > 1 and ring[0] == ring[-1]:
        raise OutlineError(f"{where}: the last corner repeats the first, {ring[0]}")
    if len(ring) < 3:
        raise OutlineError(f"{where}: fewer than three corners")
    return ring


# --- areas ---------------------------------------------------------------------------------------------------------------------


def assemble(outer: Sequence[Ring], holes: Sequence[Ring], *, where: str) -> BaseGeometry:
    """A polygon, or a multipolygon of several parts; each hole goes to the part that it lies in."""
    polygons = [Polygon(ring) for ring in outer]
    inside: list[list[Ring]] = [[] for _ in polygons]
    for hole in holes:
        hosts = [number for number, polygon in enumerate(polygons) if polygon.covers(Polygon(hole))]
        if len(hosts) != 1:
            raise OutlineError(f"{where}: the hole at {hole[0]} lies in {len(hosts)} parts, expected 1")
        inside[hosts[0]].append(hole)
    filled = [Polygon(ring, cut) for ring, cut in zip(outer, inside, strict=True)]
    return filled[0] if len(filled) == 1 else MultiPolygon(filled)


def compose(names: Sequence[str], drawn: Mapping[str, Area], *, where: str) -> BaseGeometry:
    """The union of areas drawn before; lines between them vanish, corners on the rim stay as they are."""
    missing = [name for name in names if name not in drawn]
    if missing:
        raise OutlineError(f"{where}: there is no area {', '.join(missing)} to compose from")
    return shapely.union_all([drawn[name].shape for name in names])


def draw_area(written: Mapping[str, Any], lines: Mapping[str, Ring], drawn: Mapping[str, Area], *, where: str) -> Area:
    """One area from its table, refused if it holds unknown keys or its shape is not a valid polygon."""
    where = f"{where}, area {written.get('area_id')}"
    unknown = sorted(set(written) - AREA_KEYS)
    if unknown or not isinstance(written.get("area_id"), str) or not written.get("name"):
        raise OutlineError(f"{where}: unknown keys {unknown}" if unknown else f"{where}: needs area_id (text) and name")
    if "of" in written:
        shape = compose(written["of"], drawn, where=where)
    elif "point" in written:
        return _area_of(written, Point(corner(written["point"], where=where)))
    elif "paths" in written:
        return _area_of(written, strokes(written["paths"], where=where))
    else:
        outer = [written[key] for key in ("ring", "corners") if key in written] + list(written.get("parts", []))
        if not outer:
            raise OutlineError(f"{where}: has none of ring, corners, parts, of")
        rings = [read_ring(ring, lines, where=where) for ring in outer]
        shape = assemble(rings, [read_ring(hole, lines, where=where) for hole in written.get("holes", [])], where=where)
    if not shape.is_valid or shape.area == 0:
        raise OutlineError(f"{where}: not a valid polygon: {shapely.is_valid_reason(shape)}")
    return _area_of(written, tidy(shape))


def _area_of(written: Mapping[str, Any], shape: BaseGeometry) -> Area:
    return Area(area_id=written["area_id"], name=written["name"], note=written.get("note", ""), shape=shape)


def strokes(written: Sequence[Sequence[Any]], *, where: str) -> BaseGeometry:
    """One line or several, each of two corners at least, in the order in which they are written."""
    runs = [corners(path, where=where) for path in written]
    if not runs or any(len(run) < 2 for run in runs):
        raise OutlineError(f"{where}: a path of fewer than two corners")
    return LineString(runs[0]) if len(runs) == 1 else MultiLineString(runs)


def unused_lines(written: Mapping[str, Any]) -> list[str]:
    """Lines that no ring and no hole of the file walks along."""
    used: set[str] = set()
    for area in written["areas"]:
        for ring in [area.get("ring", []), *area.get("holes", []), *area.get("parts", [])]:
            used.update(name.removeprefix("-") for name in ring if isinstance(name, str))
    return sorted(set(written.get("lines", {})) - used)


def draw_set(name: str, *, folder: Path) -> list[Area]:
    """All areas of one outline file, sorted by `area_id`."""
    source = folder / "outlines" / f"{name}.toml"
    if not source.is_file():
        raise OutlineError(f"{source}: there is no such outline file")
    written = tomllib.loads(source.read_text(encoding="utf-8"))
    drawn = {area.area_id: area for area in draw_set(written["from"], folder=folder)} if "from" in written else {}
    lines = read_lines(written)
    areas = [draw_area(area, lines, drawn, where=source.name) for area in written["areas"]]
    stale = unused_lines(written)
    if stale:
        raise OutlineError(f"{source.name}: no area uses the lines {', '.join(stale)}")
    if len({area.area_id for area in areas}) != len(areas):
        raise OutlineError(f"{source.name}: an area_id stands twice")
    return sorted(areas, key=lambda area: area.area_id)


# --- the file ------------------------------------------------------------------------------------------------------------------


def polygons_of(shape: BaseGeometry) -> list[Polygon]:
    """The polygons of a polygon or a multipolygon."""
    if isinstance(shape, Polygon):
        return [shape]
    if isinstance(shape, MultiPolygon):
        return list(shape.geoms)
    raise OutlineError(f"expected polygons, found a {shape.geom_type}")


def turned(ring: Iterable[Sequence[float]]) -> list[Corner]:
    """A closed ring that begins and ends at its smallest corner: union and orientation may begin it anywhere."""
    run = [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in ring][:-1]
    first = run.index(min(run))
    return [*run[first:], *run[:first], run[first]]


def tidy(shape: BaseGeometry) -> BaseGeometry:
    """The same shape in one agreed order: rings begin at their smallest corner, exteriors run counter-clockwise, parts are sorted."""
    rings: list[list[list[Corner]]] = []
    for polygon in map(orient, polygons_of(shape)):
        rings.append([turned(polygon.exterior.coords), *sorted(turned(hole.coords) for hole in polygon.interiors)])
    parts = [Polygon(part[0], part[1:]) for part in sorted(rings)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def feature(area: Area) -> str:
    """One area as one line of GeoJSON."""
    properties = {"area_id": area.area_id, "name": area.name} | ({"note": area.note} if area.note else {})
    geometry = shapely.geometry.mapping(area.shape)
    return json.dumps({"type": "Feature", "properties": properties, "geometry": geometry}, ensure_ascii=False, separators=(",", ":"))


def collection(areas: Sequence[Area]) -> str:
    """The GeoJSON text of a set: one feature a line."""
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(feature(area) for area in areas) + "\n]}\n"


def read_edition(sidecar: Path) -> Edition:
    """A sidecar of a drawn set, refused if it speaks of another file than the one beside it."""
    written = tomllib.loads(sidecar.read_text(encoding="utf-8"))
    area_set = written.get("area_set", {})
    if (area_set.get("id"), str(area_set.get("valid_from"))) != (sidecar.parent.name, sidecar.stem):
        raise OutlineError(f"{sidecar}: [area_set] id and valid_from do not match the folder and the file name")
    return Edition(sidecar=sidecar, partition=bool(area_set.get("partition")))


def with_sha256(sidecar: str, geojson: str, *, where: Path) -> str:
    """The sidecar's text with the checksum of the drawn file."""
    checksum = hashlib.sha256(geojson.encode("utf-8")).hexdigest()
    text, found = SHA256.subn(f'sha256 = "{checksum}"', sidecar)
    if found != 1:
        raise OutlineError(f'{where}: expected one line sha256 = "", found {found}')
    return text


def render(name: str, *, folder: Path) -> dict[Path, str]:
    """What the files of a set should hold: GeoJSON and sidecar of each of its editions."""
    sidecars = sorted((folder / name).glob("*.toml"))
    if not sidecars:
        raise OutlineError(f"{folder / name}: no sidecar <valid-from>.toml says which edition to draw")
    areas = draw_set(name, folder=folder)
    text = collection(areas)
    files: dict[Path, str] = {}
    for edition in map(read_edition, sidecars):
        if edition.partition and not shapely.coverage_is_valid([area.shape for area in areas]):
            raise OutlineError(f"{name}: not a partition: {' '.join(faults(areas))}")
        files[edition.geojson] = text
        files[edition.sidecar] = with_sha256(edition.sidecar.read_text(encoding="utf-8"), text, where=edition.sidecar)
    return files


def faults(areas: Sequence[Area]) -> list[str]:
    """The areas whose rim does not match their neighbours' corner for corner."""
    edges = shapely.coverage_invalid_edges([area.shape for area in areas])
    return [area.area_id for area, edge in zip(areas, edges, strict=True) if not edge.is_empty]


def differs(path: Path, text: str) -> bool:
    """Whether a file holds other bytes than `text`, or is not there."""
    return not path.is_file() or path.read_bytes() != text.encode("utf-8")


def main(arguments: Sequence[str] | None = None, *, folder: Path = HERE) -> int:
    """Draw or check sets; 0 when all is as it should be, 1 when a file differs or cannot be drawn."""
    parser = argparse.ArgumentParser(prog="python -m boundaries.draw", description="Draw the hand-written outlines.")
    parser.add_argument("sets", nargs="*", help="sets to draw; all outline files when none is named")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is not what would be drawn")
    chosen = parser.parse_args(arguments)
    status = 0
    for name in chosen.sets or sorted(path.stem for path in (folder / "outlines").glob("*.toml")):
        try:
            changed = {path: text for path, text in render(name, folder=folder).items() if differs(path, text)}
        except OutlineError as error:
            sys.stderr.write(f"{error}\n")
            status = 1
            continue
        for path, text in changed.items():
            sys.stdout.write(f"{'differs' if chosen.check else 'drawn'}: {path.relative_to(folder)}\n")
            if not chosen.check:
                path.write_bytes(text.encode("utf-8"))
        status = 1 if chosen.check and changed else status
    return status


if __name__ == "__main__":
    raise SystemExit(main())
