"""What a layer file is, by its name and its first bytes. A file in a zip is read in the zip; a format that is not read is named."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from geo.errors import InputError, Problem
from geo.files import limits
from geo.files.limits import MEGABYTE

_SPACE: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class LayerFormat:
    """A format that is read. begins: what a file of it begins with. json: whether it is text in JSON."""

    name: str
    begins: tuple[bytes, ...]
    json: bool = False


_JSON: Final = LayerFormat("GeoJSON", (b"{",), json=True)
LINES: Final = LayerFormat("GeoJSON, a feature a line", (b"{", b"\x1e"), json=True)
PARQUET: Final = LayerFormat("GeoParquet", (b"PAR1",))
_FOLDER: Final = LayerFormat("file geodatabase", ())

_FORMATS: Final = {
    ".geojson": _JSON,
    ".json": _JSON,
    ".topojson": LayerFormat("TopoJSON", (b"{",), json=True),
    **dict.fromkeys((".geojsonl", ".geojsons", ".ndjson"), LINES),
    ".gpkg": LayerFormat("GeoPackage", (b"SQLite format 3\0",)),
    ".shp": LayerFormat("ESRI Shapefile", (b"\x00\x00\x27\x0a",)),
    ".fgb": LayerFormat("FlatGeobuf", (b"fgb\x03fgb",)),
    **dict.fromkeys((".parquet", ".geoparquet"), PARQUET),
    ".gml": LayerFormat("GML", (b"<",)),
    ".kml": LayerFormat("KML", (b"<",)),
    ".tab": LayerFormat("MapInfo TAB", (b"!table", b"!Table", b"!TABLE")),
    ".mif": LayerFormat("MapInfo MIF", (b"Version", b"VERSION")),
    ".gdb": _FOLDER,
}
_ZIP: Final = ".zip"
ENDINGS: Final = (*_FORMATS, _ZIP)
"""Endings of the names of files that are read."""

_ELSE: Final = (
    (b"PK\x03\x04", "a zip; named .zip it is opened"),
    (b"SQLite format 3\0", "a GeoPackage or another database; named .gpkg it is read"),
    (b"\x00\x00\x27\x0a", "a Shapefile; named .shp, with its .shx, .dbf and .prj beside it, it is read"),
    (b"fgb\x03fgb", "a FlatGeobuf; named .fgb it is read"),
    (b"PAR1", "a Parquet file; named .parquet it is read"),
    (b"<html", "a page of the web, perhaps an error that a service answered with"),
    (b"<!DOCTYPE html", "a page of the web, perhaps an error that a service answered with"),
    (b"<", "XML; named .gml or .kml it is read"),
    (b"{", "JSON; named .geojson it is read"),
)
"""What a file of another name is, by its beginning."""


@dataclass(frozen=True)
class LayerSource:
    """A layer file, alone or in a zip. path: the file on the disk. inner: its name in the zip, "" without one."""

    path: Path
    inner: str = ""

    @property
    def name(self) -> PurePosixPath:
        """The name that says the format."""
        return PurePosixPath(self.inner or self.path.name)

    @property
    def format(self) -> LayerFormat:
        """The format that the name says."""
        return _FORMATS[self.name.suffix.lower()]

    @property
    def address(self) -> str:
        """How GDAL opens it."""
        path = self.path.resolve()
        return f"/vsizip/{{{path}}}/{self.inner}" if self.inner else str(path)

    def content(self) -> bytes:
        """All bytes of the file."""
        if not self.inner:
            return self.path.read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(self.inner)

    def beside(self, ending: str) -> bytes | None:
        """The bytes of the file of the same name with another ending, whatever the case of the ending; None where there is none."""
        wanted = str(self.name.with_suffix(ending)).lower()
        if self.inner:
            with zipfile.ZipFile(self.path) as archive:
                names = [name for name in archive.namelist() if name.lower() == wanted]
                return archive.read(names[0]) if names else None
        paths = [path for path in self.path.parent.glob("*") if path.name.lower() == wanted]
        return paths[0].read_bytes() if paths else None


def see(path: Path, *, file: str) -> None:
    """Look at a layer file before it is opened, as `limits.see` does; a geodatabase is a folder of files. Raises InputError as there."""
    inside = sorted(path.rglob("*")) if is_folder(path) else [path]
    for each in inside:
        limits.see(each, file=file, setting="layer_mb")


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder that is one layer file: a file geodatabase."""
    return path.suffix.lower() == ".gdb" and path.is_dir()


def opened(path: Path, *, file: str) -> LayerSource:
    """Return the layer file that a path is or holds, which begins as its format does.

    file: how messages name it. Raises InputError for a file that is missing, empty, too large, or of another format than its name says,
    and for a zip that does not hold exactly one layer file.
    """
    see(path, file=file)
    if is_folder(path):
        return LayerSource(path)
    if path.suffix.lower() == _ZIP:
        source = _in_zip(path, file=file)
    elif path.suffix.lower() in _FORMATS and _FORMATS[path.suffix.lower()] is not _FOLDER:
        source = LayerSource(path)
    else:
        ending, begin = path.suffix or "no ending", _begin(path)
        known = next((words for start, words in _ELSE if begin.lstrip(_SPACE).startswith(start)), "")
        raise InputError(
            Problem(file, "a format that is not read", None, "", f"{ending}; {known}" if known else ending, ", ".join(ENDINGS))
        )
    _sniff(source, file=file)
    return source


def _begin(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(64).removeprefix(_BOM)


def _sniff(source: LayerSource, *, file: str) -> None:
    if source.format is _FOLDER:
        return
    if source.inner:
        with zipfile.ZipFile(source.path) as archive, archive.open(source.inner) as stream:
            begin = stream.read(64).removeprefix(_BOM)
    else:
        begin = _begin(source.path)
    of = source.format
    if of.json or of.begins == (b"<",):
        begin = begin.lstrip(_SPACE)
    if not begin:
        raise InputError(Problem(file, "the file is empty", expected=of.name))
    if of.json and begin.startswith(_UTF_16):
        raise InputError(Problem(file, "UTF-16", found=f"it begins with {begin[:8]!r}", expected="UTF-8: save it again as UTF-8"))
    if not begin.startswith(of.begins):
        known = next((f", which is {words}" for start, words in _ELSE if begin.lstrip(_SPACE).startswith(start)), "")
        raise InputError(
            Problem(file, "the file is not what its name says", found=f"it begins with {begin[:16]!r}{known}", expected=of.name)
        )


# --- in a zip -----------------------------------------------------------------------------------------------------------


def _in_zip(path: Path, *, file: str) -> LayerSource:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [info for info in archive.infolist() if not info.is_dir()]
            size, locked = sum(info.file_size for info in inside), any(info.flag_bits & 1 for info in inside)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        raise InputError(Problem(file, "the file is not what its name says", expected="a zip with one layer")) from None
    if locked:
        raise InputError(Problem(file, "a zip with a password", expected="a zip without one"))
    most = limits.chosen().layer_mb
    if size > most * MEGABYTE:
        unpacked = f"{size / MEGABYTE:,.0f} MB when it is unpacked"
        raise InputError(Problem(file, "the file is too large", found=unpacked, expected=f"at most {most:,} MB, or another layer_mb"))
    names = list(dict.fromkeys(_layers_among(info.filename for info in inside)))
    if len(names) != 1:
        listed = ", ".join(names[:10]) or "none"
        raise InputError(Problem(file, "not just one layer", found=listed, expected="a zip with one layer file: take out the one you mean"))
    return LayerSource(path, names[0])


def _layers_among(names: Iterator[str]) -> Iterator[str]:
    """Names of layer files; a geodatabase is its folder. What file managers put beside (`__MACOSX`, `._name`) is none."""
    for name in names:
        parts = PurePosixPath(name).parts
        if not parts or "__MACOSX" in parts or parts[-1].startswith("."):
            continue
        folders = [number for number, part in enumerate(parts) if part.lower().endswith(".gdb")]
        if folders:
            yield str(PurePosixPath(*parts[: folders[0] + 1]))
        elif PurePosixPath(name).suffix.lower() in _FORMATS:
            yield name
