"""An SVG picture as PNG, drawn by typst: for those whose programs take no SVG."""

from __future__ import annotations

from typing import Final

import typst

from geo.errors import GeoError, Problem

MEDIA_TYPE: Final = "image/png"
_PAGE: Final = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg")
"""
_DOTS: Final = 144.0
"""Dots an inch: two for each unit of the picture, so that it is sharp on a screen of today and in print."""


class PngError(GeoError):
    """The PNG could not be made."""


def drawn(picture: str) -> bytes:
    """Return an SVG document as PNG, twice as many dots as units. Raises PngError when typst refuses it."""
    compiler = typst.Compiler(_PAGE, sys_inputs={"picture": picture})
    try:
        answer = compiler.compile(format="png", ppi=_DOTS)
    except typst.TypstError as error:
        raise PngError(Problem("picture", "the PNG could not be made", found=error.message[:200])) from None
    if not isinstance(answer, bytes):
        raise PngError(Problem("picture", "the PNG could not be made", found=type(answer).__name__))
    return answer
