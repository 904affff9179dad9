"""Files that mean harm, or come from somebody who did not look: each with how it is made and which door it is sent to."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from tests.records.imports import GOOD, changed
from tests.towns import toytown

DIGITS = 5_000
"""More digits than Python reads as a number."""
HOLE = 100_000_000_000
"""Bytes that a sparse file says it has."""


@dataclass(frozen=True)
class Hostile:
    """A file: `make` writes it at a path; it goes in by `import <door>`. ending: of its name."""

    door: str
    ending: str
    make: Callable[[Path], object]


def _layer(name: str = '"A"', ring: str = "[[12.5,55.6],[12.6,55.6],[12.6,55.7],[12.5,55.6]]", more: str = "") -> Callable[[Path], object]:
    """A GeoJSON with one area, whose name and corners are given as they stand in the file."""
    feature = f'{{"type":"Feature","properties":{{"kode":"a","navn":{name}{more}}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'
    return lambda path: path.write_text(f'{{"type":"FeatureCollection","features":[{feature}]}}', encoding="utf-8")


def _figures(column: str, text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(changed(column, text), encoding="utf-8")


def _hole(start: bytes = b"") -> Callable[[Path], object]:
    def make(path: Path) -> None:
        path.write_bytes(start)
        os.truncate(path, HOLE)

    return make


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def piles(path: Path, count: int = 3_000) -> None:
    """So many areas, each a little beside the one before and almost on it."""
    shapes = [shapely.box(720_000 + number / 10, 6_170_000, 721_000 + number / 10, 6_171_000) for number in range(count)]
    table = gpd.GeoDataFrame({"kode": [f"a{n}" for n in range(count)], "navn": [f"A{n}" for n in range(count)]}, geometry=shapes, crs=25832)
    pyogrio.write_dataframe(table, path)


def _deep(path: Path) -> None:
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 100_000 + "]" * 100_000 + "}", encoding="utf-8")


def _shapefile(path: Path) -> None:
    """The head of a Shapefile that says it holds two billion corners."""
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 2**30) + struct.pack("<2i8d", 1000, 5, 0, 0, 1, 1, 0, 0, 0, 0)
    record = struct.pack(">2i", 1, 2**29) + struct.pack("<i4d2i", 5, 0, 0, 1, 1, 2**20, 2**31 - 1)
    path.write_bytes(head + record)


def _wide(path: Path) -> None:
    """A GeoJSON whose one feature has many columns."""
    many = {f"k{number}": number for number in range(50_000)}
    feature = {"type": "Feature", "properties": {"kode": "a", "navn": "A"} | many, "geometry": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")


def _address(header: str, row: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(f"{header}\n{row}\n", encoding="utf-8")


_HEAD = "vejnavn,husnr,postnr,etrs89koordinat_øst,etrs89koordinat_nord"

FILES = {
    "a coordinate of 5,000 digits": Hostile("boundaries", ".geojson", _layer(ring=f"[[{'9' * DIGITS},1],[1,2],[2,2],[{'9' * DIGITS},1]]")),
    "a name with NUL": Hostile("boundaries", ".geojson", _layer(name='"A\\u0000B"')),
    "a name with half of a surrogate pair": Hostile("boundaries", ".geojson", _layer(name='"A\\ud800B"')),
    "a name with ESC": Hostile("boundaries", ".geojson", _layer(name='"A\\u001b[2JB"')),
    "a name with a mark of direction": Hostile("boundaries", ".geojson", _layer(name='"A\\u200fB"')),
    "a column that stands twice in a layer": Hostile("boundaries", ".geojson", _layer(more=',"navn":"B"')),
    "a layer of lists in lists": Hostile("boundaries", ".geojson", _deep),
    "a layer of 50,000 columns": Hostile("boundaries", ".geojson", _wide),
    "a layer of holes": Hostile("boundaries", ".geojson", _hole(b'{"type":"FeatureCollection","features":[')),
    "a GeoPackage of holes": Hostile("boundaries", ".gpkg", _hole(b"SQLite format 3\0")),
    "a layer that is a pipe": Hostile("boundaries", ".geojson", os.mkfifo),
    "a layer that is /dev/zero": Hostile("boundaries", ".geojson", _device),
    "3,000 areas on each other": Hostile("boundaries", ".geojson", piles),
    "a Shapefile that promises two billion corners": Hostile("boundaries", ".shp", _shapefile),
    "a figure of 5,000 digits": Hostile("observations", ".csv", _figures("value", "9" * DIGITS)),
    "a figure in digits of another script": Hostile("observations", ".csv", _figures("value", "\u0668\u0668")),
    "a share of 150 percent": Hostile("observations", ".csv", _figures("value", "150")),
    "a note with ESC": Hostile("observations", ".csv", _figures("note", "\x1b[31mrød")),
    "a note with a turn of direction": Hostile("observations", ".csv", _figures("note", "29\u202e92")),
    "a locator with a mark of direction": Hostile("observations", ".csv", _figures("locator", "s. \u200e4")),
    "a table with a column twice": Hostile(
        "observations", ".csv", lambda path: path.write_text(toytown.csv([GOOD + ",50"], header=[*toytown.HEADER, "value"]), "utf-8")
    ),
    "a table of holes": Hostile("observations", ".csv", _hole(b"indicator,")),
    "a table that is a pipe": Hostile("observations", ".csv", os.mkfifo),
    "a table that is /dev/zero": Hostile("observations", ".csv", _device),
    "an address list with a column twice": Hostile("addresses", ".csv", _address(_HEAD + ",husnr", "Gade,1,2100,724000,6175000,2")),
    "an address in digits of another script": Hostile("addresses", ".csv", _address(_HEAD, "Gade,\u0661,2100,724000,6175000")),
    "an address of 5,000 digits": Hostile("addresses", ".csv", _address(_HEAD, f"Gade,1,2100,{'7' * DIGITS},6175000")),
    "an address list of holes": Hostile("addresses", ".csv", _hole(b"vejnavn")),
    "an address list that is a pipe": Hostile("addresses", ".csv", os.mkfifo),
    "an address list that is /dev/zero": Hostile("addresses", ".csv", _device),
}
"""The files by what is wrong with them."""
