"""The words of a PDF, as far as a reader can copy them, and of a Word file.

Of a PDF the streams are unpacked and the glyphs turned into letters by the fonts' own tables; a Word file is XML in an archive.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

_OBJECT: Final = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM: Final = re.compile(rb"(.*?)stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FONT: Final = re.compile(rb"/([^\s/<>\[\]]+)\s+(\d+)\s+0\s+R")
_UNICODE: Final = re.compile(rb"/ToUnicode\s+(\d+)\s+0\s+R")
_CODES: Final = re.compile(rb"begin(bf(?:char|range))(.*?)endbf", re.DOTALL)
_HEX: Final = re.compile(rb"<([0-9A-Fa-f]*)>")
_SHOW: Final = re.compile(
    rb"/(\S+)\s+[\d.]+\s+Tf|\[((?:[^\[\]()]|\((?:[^()\\]|\\.)*\))*)\]\s*TJ|(<[0-9A-Fa-f]*>|\((?:[^()\\]|\\.)*\))\s*Tj|(T[dDm*]|ET)\b",
    re.DOTALL,
)
_PIECE: Final = re.compile(rb"<([0-9A-Fa-f]*)>|\(((?:[^()\\]|\\.)*)\)", re.DOTALL)

_WORDS: Final = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_PARAGRAPH: Final = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
_ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_CONTROLS: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Letters = Mapping[int, str]


def text(body: bytes) -> str:
    """The words of a PDF, a line where the pen moves; "" for one whose fonts say no letters."""
    objects = dict(_objects(body))
    fonts = {name.decode(): letters for name, letters in _fonts(objects)}
    lines: list[str] = []
    for _, content in objects.values():
        if b"Tf" in content and (b"TJ" in content or b"Tj" in content):
            lines += _shown(content, fonts)
    return "\n".join(lines)


def word(body: bytes) -> str:
    """The words of a Word file, a line for each paragraph, cell and footer."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if _WORDS.fullmatch(name)]
    lines = (html.unescape(_TAG.sub("", paragraph)) for part in parts for paragraph in _PARAGRAPH.findall(part))
    return "\n".join(lines)


def _objects(body: bytes) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    """Every object by its number: what describes it, and its stream; those in streams of objects too."""
    for match in _OBJECT.finditer(body):
        parts = _STREAM.match(match[2])
        head, raw = (parts[1], parts[2]) if parts else (match[2], b"")
        content = _unpacked(head, raw)
        yield int(match[1]), (head, content)
        if b"/ObjStm" in head:
            yield from _packed(head, content)


def _unpacked(head: bytes, raw: bytes) -> bytes:
    if b"FlateDecode" not in head:
        return raw
    try:
        return zlib.decompressobj().decompress(raw)
    except zlib.error:
        return b""


def _packed(head: bytes, content: bytes) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    first = re.search(rb"/First\s+(\d+)", head)
    if not first:
        return
    start = int(first[1])
    numbers = [int(word) for word in content[:start].split()]
    places = list(zip(numbers[::2], numbers[1::2], strict=False))
    for position, (number, place) in enumerate(places):
        end = places[position + 1][1] if position + 1 < len(places) else len(content)
        yield number, (content[start + place : start + end], b"")


def _fonts(objects: Mapping[int, tuple[bytes, bytes]]) -> Iterator[tuple[bytes, Letters]]:
    """The letters of each name that a page gives to a font."""
    for head, _ in objects.values():
        for match in _FONT.finditer(head):
            described = objects.get(int(match[2]), (b"", b""))[0]
            table = _UNICODE.search(described)
            if table and int(table[1]) in objects:
                yield match[1], dict(_letters(objects[int(table[1])][1]))


def _letters(table: bytes) -> Iterator[tuple[int, str]]:
    for match in _CODES.finditer(table):
        codes = [int(code, 16) if match[1] == b"bfrange" or number % 2 == 0 else code for number, code in enumerate(_HEX.findall(match[2]))]
        raw = _HEX.findall(match[2])
        if match[1] == b"bfchar":
            yield from ((int(code, 16), _said(to)) for code, to in zip(raw[::2], raw[1::2], strict=False))
        else:
            for first, last, to in zip(codes[::3], codes[1::3], raw[2::3], strict=False):
                start = int(to, 16)
                yield from ((code, chr(start + code - int(first))) for code in range(int(first), int(last) + 1))


def _said(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", "replace")


def _shown(content: bytes, fonts: Mapping[str, Letters]) -> list[str]:
    lines, line, letters = list[str](), "", dict[int, str]()
    for match in _SHOW.finditer(content):
        if match[1]:
            letters = dict(fonts.get(match[1].decode("latin-1"), {}))
        elif match[4]:
            lines, line = ([*lines, line], "") if line.strip() else (lines, line)
        else:
            line += "".join(_glyphs(piece, letters) for piece in _PIECE.finditer(match[2] or match[3] or b""))
    return [*lines, line] if line.strip() else lines


def _glyphs(piece: re.Match[bytes], letters: Letters) -> str:
    """The letters of a string of a page: pairs of bytes of a font that has a table, single ones of a font that has none."""
    code = _ESCAPED.sub(_byte, piece[2]) if piece[1] is None else bytes.fromhex(piece[1].decode() + "0" * (len(piece[1]) % 2))
    if not letters:
        return code.decode("latin-1")
    return "".join(letters.get(int.from_bytes(code[i : i + 2]), "") for i in range(0, len(code), 2))


def _byte(escape: re.Match[bytes]) -> bytes:
    """What a backslash and what follows it stand for in a string."""
    if escape[1][:1].isdigit():
        return bytes([int(escape[1], 8) % 256])
    return _CONTROLS.get(escape[1], escape[1])
