"""Files that somebody who means harm would drop into the workroom: bombs, links out, lies about their own size, programs in data."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

_VRT: Final = '<OGRVRTDataSource><OGRVRTLayer name="l"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
_LAUGHS: Final = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BOMB: Final = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]><x>&l9;</x>'
_OUTSIDE: Final = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
_SHEET: Final = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
_WORKBOOK: Final = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELATIONS: Final = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="{}"/></Relationships>'
)
_SHELL: Final = '{"type":"FeatureCollection","features":[%s]}'


def _text(words: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(words, encoding="utf-8")


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _zip(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def _workbook(sheet: str, target: str = "worksheets/sheet1.xml") -> bytes:
    return _zip(
        ("xl/workbook.xml", _WORKBOOK.encode()),
        ("xl/_rels/workbook.xml.rels", _RELATIONS.format(target).encode()),
        ("xl/worksheets/sheet1.xml", sheet.encode()),
    )


def _linked(name: str, target: str) -> bytes:
    """A zip whose member is a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo(name)
        link.external_attr = 0o120777 << 16
        made.writestr(link, target)
    return out.getvalue()


def _lying_zip() -> bytes:
    """A zip that says its member is small, and is not."""
    content = bytearray(_zip(("a.geojson", b" " * 30_000_000)))
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(content)


def _database(path: Path) -> None:
    """A GeoPackage in which reading a layer would run a trigger and a view that never ends."""
    with sqlite3.connect(path) as made:
        made.executescript(
            "PRAGMA application_id=1196444487;"
            "CREATE TABLE gpkg_contents(table_name TEXT, data_type TEXT, identifier TEXT, srs_id INTEGER);"
            "CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INT, m INT);"
            "CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT, srs_id INTEGER, organization TEXT,"
            " organization_coordsys_id INT, definition TEXT);"
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i AS fid, x'00' AS geom FROM n;"
            "INSERT INTO gpkg_contents VALUES('endless','features','endless',25832);"
            "INSERT INTO gpkg_geometry_columns VALUES('endless','geom','POLYGON',25832,0,0);"
        )


def _shapefile() -> bytes:
    """A zipped Shapefile that says it has four billion records."""
    header = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 0x7FFFFFFF) + struct.pack("<2i8d", 1000, 5, *([0.0] * 8))
    table = struct.pack("<B3BIHH20x", 3, 26, 11, 28, 0xFFFFFFFF, 33, 1) + b"\r"
    return _zip(("a.shp", header), ("a.shx", header), ("a.dbf", table))


UPLOADS: Final[dict[str, tuple[str, Callable[[Path], object]]]] = {
    "a VRT under the name of GeoJSON that reads a file": (".geojson", _text(_VRT.format("/etc/passwd"))),
    "a VRT that asks the network": (".geojson", _text(_VRT.format("/vsicurl/http://127.0.0.1:9/x.geojson"))),
    "a VRT in KML": (".kml", _text(_VRT.format("/etc/passwd"))),
    "a VRT in GML": (".gml", _text(_VRT.format("/vsizip//vsicurl/http://127.0.0.1:9/x.zip"))),
    "a VRT as MapInfo": (".tab", _text(_VRT.format("/etc/shadow"))),
    "a GeoJSON that is a path": (".geojson", _text("/vsicurl/http://127.0.0.1:9/x.geojson")),
    "a KML of a billion laughs": (".kml", _text(_BOMB)),
    "a GML of a billion laughs": (".gml", _text(_BOMB)),
    "a KML with a file in it": (".kml", _text(_OUTSIDE)),
    "a GML with a file in it": (".gml", _text(_OUTSIDE)),
    "a KML that leads to another": (
        ".kml",
        _text(
            '<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink></kml>'
        ),
    ),
    "a workbook of a billion laughs": (".xlsx", _bytes(_workbook(_BOMB))),
    "a workbook with a file in it": (".xlsx", _bytes(_workbook(_OUTSIDE))),
    "a workbook whose sheet lies outside": (".xlsx", _bytes(_workbook(_SHEET.format(""), "../../../../etc/passwd"))),
    "a workbook of 200 MB of spaces": (".xlsx", _bytes(_workbook(_SHEET.format(" " * 200_000_000)))),
    "a workbook with a cell in row a billion": (
        ".xlsx",
        _bytes(
            _workbook(_SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999"><c r="XFD999999999"><v>1</v></c></row>'))
        ),
    ),
    "a workbook that is another zip": (".xlsx", _bytes(_zip(("a.txt", b"x")))),
    "a spreadsheet of repeated rows": (
        ".ods",
        _bytes(
            _zip(
                ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
                (
                    "content.xml",
                    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
                    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
                    b'<table:table table:name="A">'
                    b'<table:table-row table:number-rows-repeated="2000000000">'
                    b'<table:table-cell table:number-columns-repeated="2000000000" '
                    b'office:value-type="float" office:value="1"/></table:table-row></table:table></office:spreadsheet></office:body>'
                    b"</office:document-content>",
                ),
            )
        ),
    ),
    "a zip that leaves its folder": (".zip", _bytes(_zip(("../../../var/a.geojson", b"{}")))),
    "a zip with an absolute path": (".zip", _bytes(_zip(("/etc/cron.d/a.geojson", b"{}")))),
    "a zip of a link": (".zip", _bytes(_linked("a.geojson", "/etc/passwd"))),
    "a zip in a zip in a zip": (".zip", _bytes(_zip(("b.zip", _zip(("c.zip", _zip(("d.geojson", b"{}")))))))),
    "a zip of 300 MB of spaces": (".zip", _bytes(_zip(("a.geojson", b" " * 300_000_000)))),
    "a zip that lies about a size": (".zip", _bytes(_lying_zip())),
    "a zip of 5,000 layers": (".zip", _bytes(_zip(*((f"{n}.geojson", b"{}") for n in range(5_000))))),
    "a Shapefile of four billion records": (".zip", _bytes(_shapefile())),
    "a GeoPackage that never ends": (".gpkg", _database),
    "a GeoPackage that is text": (".gpkg", _text("SQLite format 3\0" + "x" * 4_000)),
    "a JSON of 100,000 brackets": (".json", _text("[" * 100_000)),
    "a GeoJSON of rings in rings": (".geojson", _text(_SHELL % ('{"type":"Feature","properties":{},"geometry":' * 5_000))),
    "a GeoJSON of infinite corners": (
        ".geojson",
        _text(
            _SHELL
            % '{"type":"Feature","properties":{"id":"1"},"geometry":{"type":"Polygon","coordinates":[[[1e999,0],[0,1],[1,1],[1e999,0]]]}}'
        ),
    ),
    "a TopoJSON whose arcs are not there": (
        ".topojson",
        _text(
            '{"type":"Topology","objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[999999999]]}]}},"arcs":[]}'
        ),
    ),
    "a Parquet of nothing": (".parquet", _bytes(b"PAR1" + b"\xff" * 60 + b"PAR1")),
    "a Parquet whose footer is larger than it": (".parquet", _bytes(b"PAR1" + struct.pack("<I", 0x7FFFFFFF) + b"PAR1")),
    "a FlatGeobuf that lies": (".fgb", _bytes(b"fgb\x03fgb\x00" + struct.pack("<I", 0x7FFFFFFF) + b"x" * 40)),
    "a table of one line of 15 MB": (".csv", _bytes(b"x" * 15_000_000)),
    "a table of a million columns": (".csv", _bytes(b"a," * 1_000_000 + b"\n")),
    "a table of one quote": (".csv", _bytes(b'"' + b"a,b\n" * 200_000)),
    "a table of NULs": (".csv", _bytes(b"\x00" * 1_000_000)),
    "a program": (".csv", _bytes(b"\x7fELF" + b"\x00\x01" * 5_000)),
    "a page of the web as a workbook": (".xlsx", _text("<html><script>alert(1)</script></html>")),
    "a JSON-stat of a billion cells": (
        ".json",
        _text(
            json.dumps(
                {
                    "version": "2.0",
                    "class": "dataset",
                    "id": ["a", "b", "c"],
                    "size": [1000, 1000, 1000],
                    "dimension": {name: {"category": {"index": {str(n): n for n in range(1000)}}} for name in "abc"},
                    "value": {"999999999": 1},
                }
            )
        ),
    ),
    "an empty file": (".csv", _bytes(b"")),
    "an empty workbook": (".xlsx", _bytes(b"")),
}
