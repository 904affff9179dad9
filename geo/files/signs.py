"""Signs that a text from a file may not hold, and addresses that may stand as links: what is read is what is seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]",
)
"""Invisible characters that change what is seen: controls, ends of lines, changes of direction (after one, 92 reads as 29), halves of a
surrogate pair, which no file can hold."""
_LAID_OUT: Final = str.maketrans("", "", "\n\r\t")
_LINK: Final = re.compile(r"https?://[^\s\"<>\\]+", re.IGNORECASE)

_CODE: Final = re.compile(r"\s*|[^\W_][\w.-]{0,59}")
_LINE: Final = 300
_TEXT: Final = 20_000

UNSEEN: Final = "a text with signs that cannot be seen"
SEEN: Final = "letters, no controls or turns of direction"
NO_LINK: Final = "an address that is not of the web"
NO_CODE: Final = "a code with other signs than letters, digits and -_."
NO_NAME: Final = "a name that nobody can read on one line"
TOO_LONG: Final = "a text that is too long"
CODE: Final = "at most 60 signs: a letter or digit first"
NAME: Final = f"at most {_LINE} letters on one line"
LENGTH: Final = f"at most {_TEXT} letters"


def is_plain(text: str) -> bool:
    """Return whether a text holds no invisible character that changes how the text is seen."""
    return not _UNSEEN.search(text)


def seen(text: str) -> str:
    """Return a text that somebody typed without the signs that `is_plain` refuses, but for ends of lines and tabs; "" when nobody sees it.

    A reason of spaces without width is none.
    """
    left = _UNSEEN.sub(lambda sign: sign[0] if sign[0] in "\n\t" else "", text.replace("\r\n", "\n").replace("\r", "\n"))
    return left if any(sign.isprintable() and not sign.isspace() for sign in left) else ""


def is_link(address: str) -> bool:
    """Return whether an address may stand as a link on a page: https or http, without signs that cannot be seen. "" is none, and may."""
    return not address or (bool(_LINK.fullmatch(address)) and is_plain(address))


def are_plain(value: object) -> bool:
    """Return whether all texts in a value of a TOML file are plain; there a text may be laid out in lines."""
    if isinstance(value, str):
        return is_plain(value.translate(_LAID_OUT))
    if isinstance(value, Mapping):
        return all(are_plain(name) and are_plain(part) for name, part in value.items())
    return not isinstance(value, (list, tuple)) or all(are_plain(part) for part in value)


def is_code(text: str) -> bool:
    """Return whether a text may be a code: it is a part of addresses and of names of files. An empty one is not judged here."""
    return bool(_CODE.fullmatch(text))


def is_name(text: str) -> bool:
    """Return whether a text may be a name in a list: one line that is seen, and not a page of it."""
    return len(text) <= _LINE and is_plain(text) and bool(seen(text))


def is_short(text: str) -> bool:
    """Return whether a text is one that somebody reads: some ten pages at most."""
    return len(text) <= _TEXT
