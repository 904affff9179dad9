"""From bytes to letters: UTF-8, UTF-16 with its mark, else Windows-1252, as Danish programs wrote before; and it is said which."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from geo.errors import InputError, Problem

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NAMES: Final = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
_TWICE: Final = re.compile("Ã[¦¸¥†˜…\x86\x98\x85©¼¶¤]")
"""æ, ø, å, Æ, Ø, Å and their neighbours after UTF-8 was taken for Windows-1252 and written as UTF-8 again."""
_OTHER_PAGE: Final = re.compile("[A-Za-z]‘[a-z]|[›†¾¿Œ][a-z]")
"""æ, ø and å in a word as DOS and old Macs wrote them, read as Windows-1252."""
_SAVE: Final = "UTF-8; in Excel: Save as, CSV UTF-8"


class Letters(NamedTuple):
    """A file as text, and the name of the encoding that it was read in."""

    text: str
    encoding: str


def read(content: bytes, *, file: str) -> Letters:
    """Read bytes as text. Raises InputError for what is no text, and for letters that were spoilt before the file came here.

    file: how messages name it. A byte order mark says which encoding it is; without one, UTF-8 is tried and then Windows-1252.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", ""))
    body = content.removeprefix(mark)
    if not body.strip():
        raise InputError(Problem(file, "the file is empty", row=1, expected="a header and at least one row"))
    if b"\0" in body and not encoding.startswith("utf-16"):
        described = f"it begins with {content[:8]!r}"
        raise InputError(Problem(file, "the file is not text", row=1, found=described, expected="CSV, XLSX, ODS, Parquet or JSON-stat"))
    letters = _decoded(body, encoding, file)
    _check_letters(letters, file)
    return letters


def _decoded(body: bytes, encoding: str, file: str) -> Letters:
    for name in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            return Letters(body.decode(name), _NAMES[name])
        except UnicodeDecodeError as error:
            fault = error
    row = body[: fault.start].count(b"\n") + 1
    described = f"byte 0x{body[fault.start]:02X}, which {_NAMES[fault.encoding if fault.encoding in _NAMES else 'cp1252']} does not have"
    raise InputError(Problem(file, "letters of an encoding that is not known", row=row, found=described, expected=_SAVE))


def _check_letters(letters: Letters, file: str) -> None:
    """Refuse text whose Danish letters are not what was meant; it would be taken for other names."""
    spoilt = _TWICE.search(letters.text)
    what = "letters that were read in the wrong encoding before, and saved so"
    if spoilt is None and letters.encoding == "Windows-1252":
        spoilt = _OTHER_PAGE.search(letters.text)
        what = "letters that are neither UTF-8 nor Windows-1252"
    if spoilt is None:
        return
    row = letters.text[: spoilt.start()].count("\n") + 1
    around = letters.text[max(0, spoilt.start() - 8) : spoilt.end() + 8].replace("\n", " ").replace("\r", "")
    raise InputError(Problem(file, what, row=row, found=repr(around), expected=f"the file from its source, as {_SAVE}"))
