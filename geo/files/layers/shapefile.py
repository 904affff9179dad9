"""What a Shapefile needs beside it, and in which letters its names are: its .cpg may be lost or wrong, and nobody else notices."""

from __future__ import annotations

import codecs
from typing import Final

from geo.errors import InputError, Problem
from geo.files.layers.formats import LayerSource

_BY_DRIVER: Final = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252", 0x66: "cp865"}
"""Letters by the code of the language driver, byte 29 of a .dbf, those that Danish files have."""
_CODE: Final = 29
_HEADER_SIZE: Final = slice(8, 10)
_ESRI: Final = {"88591": "latin-1", "1252": "cp1252", "65001": "utf-8", "8859_1": "latin-1", "ansi 1252": "cp1252"}
_DEFAULT: Final = "cp1252"


def letters(source: LayerSource, *, file: str) -> tuple[str, str]:
    """Return in which letters the names in a Shapefile are, as Python calls them, and a remark where that was found out.

    Raises InputError when a file that belongs to it is missing, and when the names are not in the letters that its .cpg says.
    """
    name = source.name
    missing = [ending for ending in (".shx", ".dbf") if source.beside(ending) is None]
    if missing:
        lost = ", ".join(name.with_suffix(ending).name for ending in missing)
        what = "a file that belongs to the Shapefile is missing"
        raise InputError(Problem(file, what, found=f"no {lost}", expected=".shp, .shx, .dbf and .prj of one export, or a zip of them"))
    table = source.beside(".dbf") or b""
    texts = table[int.from_bytes(table[_HEADER_SIZE], "little") :]
    if texts.isascii():
        return "", ""
    said = source.beside(".cpg")
    if said is not None:
        return _said(said.decode("latin-1").strip().strip("\x00\ufeff\xef\xbb\xbf"), texts, name.with_suffix(".cpg").name, file=file), ""
    of_driver = _BY_DRIVER.get(table[_CODE] if len(table) > _CODE else 0, "")
    encoding = "utf-8" if _is(texts, "utf-8") else of_driver or _DEFAULT
    return encoding, f"no {name.with_suffix('.cpg').name} says in which letters its names are; they are read as {_shown(encoding)}"


def _said(words: str, texts: bytes, cpg: str, *, file: str) -> str:
    """The letters that a .cpg says, when the texts are in them."""
    plain = words.lower().removeprefix("iso").strip(" -_")
    try:
        encoding = codecs.lookup(_ESRI.get(plain, _ESRI.get(plain.replace("-", ""), words))).name
    except LookupError:
        raise InputError(Problem(file, "letters that nobody knows", found=f"{cpg} says {words[:40]!r}", expected="UTF-8")) from None
    is_utf_8 = _is(texts, "utf-8")
    if (encoding == "utf-8") == is_utf_8:
        return encoding
    other = "UTF-8" if is_utf_8 else "ISO-8859-1"
    mend = f"{other} in {cpg}, or no {cpg}: then it is found out"
    raise InputError(Problem(file, "the names are not in the letters that the .cpg says", found=f"{cpg} says {words}", expected=mend))


def _is(texts: bytes, encoding: str) -> bool:
    try:
        texts.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _shown(encoding: str) -> str:
    return {"utf-8": "UTF-8", "cp1252": "Windows-1252"}.get(encoding, encoding)
