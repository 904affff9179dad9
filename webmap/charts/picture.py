"""A drawing as a picture that stands alone: with its title, what its colours mean, where the figures came from, and the edition.

What a picture says is text: encoded as Markup encodes it. Its colours are the style sheets' (`webmap.charts.looks`).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from webmap.charts.looks import style_of

_WIDTH: Final = 960.0
_SIDE: Final = 32.0
_BOX: Final = re.compile(r'viewBox="([^"]+)"')
_OWN: Final = """
text { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; font-size: 15px; fill: #17222b }
.p-title { font-size: 26px; font-weight: 700 } .p-caption { font-size: 16px } .p-small { font-size: 13px; fill: #4c5a64 }
.p-demo { fill: #fff3d6; stroke: #e0c373 } .p-demo-words { font-weight: 700; fill: #6f4400 }
.p-paper { fill: #fffefb } .p-strong { font-weight: 700 }
"""
"""Of the picture's own words; those of the drawing come from the style sheets."""
_THIN: Final = """
.mini path, .mini circle { stroke-width: 5px; vector-effect: none } .mini .omraade.maerket { stroke-width: 11px; stroke-dasharray: 26 16 }
.sample-look { stroke: #a9a292; stroke-width: 1px }
"""
"""Lines of a map in the map's own units: not every program knows lines that keep their width."""


@dataclass(frozen=True)
class Line:
    """A line of words, after a swatch of a look where there is one. strong: what stands before it in bold."""

    words: str
    look: str = ""
    strong: str = ""


@dataclass(frozen=True)
class PictureWords:
    """All that a picture says. answer: the sentence above the drawing, "" where there is none.

    demo: "" where no figure is made up; legend: what its looks mean; beside: to the right of the drawing.
    """

    title: str
    answer: str
    caption: str
    demo: str
    legend: tuple[Line, ...]
    notes: tuple[str, ...]
    foot: tuple[str, ...]
    beside: tuple[Line, ...] = ()


def picture(drawing: Markup, words: PictureWords, *, patterns: Markup) -> str:
    """Return an SVG document that needs nothing beside it. drawing: one SVG with a view box; patterns: `defs` that its looks fill with."""
    parts: list[Markup] = []
    y = _lines(parts, textwrap.wrap(words.title, 60), 46.0, "p-title", 32)
    y = _lines(parts, textwrap.wrap(words.answer, 108), y + 2, "p-caption", 22)
    y = _lines(parts, textwrap.wrap(words.caption, 125), y + 2, "p-small", 20)
    if words.demo:
        box = Markup('<rect class="p-demo" x="{}" y="{}" width="{}" height="34" rx="6"/>')
        parts.append(box.format(_SIDE, f"{y - 12:g}", _WIDTH - 2 * _SIDE))
        y = _lines(parts, [words.demo], y + 10, "p-demo-words", 34, left=_SIDE + 12)
    wide = 560.0 if words.beside else 700.0 if "mini" in drawing[:40] else 540.0
    high = _height(drawing, wide)
    placed = str(drawing).replace("<svg ", f'<svg x="{_SIDE:g}" y="{y:g}" width="{wide:g}" height="{high:g}" overflow="visible" ', 1)
    if "mini" in drawing[:40]:  # the water that a page has behind a map
        box = Markup('<rect class="vand" x="{}" y="{}" width="{}" height="{}" rx="6"/>')
        parts.append(box.format(_SIDE, f"{y:g}", f"{wide:g}", f"{high:g}"))
    parts.append(Markup(placed))  # noqa: S704 - our own drawing
    beside = _swatches(parts, words.beside, y + 14, left=_SIDE + wide + 24, step=24)
    y = max(y + high + 30, beside + 10)
    y = _swatches(parts, words.legend, y, left=_SIDE, step=25)
    for note in (*words.notes, *words.foot):
        y = _lines(parts, textwrap.wrap(note, 125), y + 3, "p-small", 18)
    defs = Markup("<defs>{}<style>{}</style></defs>").format(patterns, Markup(_styles(drawing, words, patterns)))  # noqa: S704 - of our own sheets
    frame = Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img"><title>{2}</title>')
    paper = Markup('<rect class="p-paper" width="{}" height="{}"/>').format(f"{_WIDTH:g}", f"{y + 14:g}")
    return str(frame.format(f"{_WIDTH:g}", f"{y + 14:g}", words.title) + defs + paper + Markup().join(parts) + Markup("</svg>\n"))


def _styles(drawing: Markup, words: PictureWords, patterns: Markup) -> str:
    looks = " ".join(line.look for line in (*words.legend, *words.beside))
    return style_of(f'{drawing}{patterns}<i class="omraade vand {looks}"/>').replace("650", "700") + _OWN + _THIN


def _height(drawing: Markup, wide: float) -> float:
    box = _BOX.search(drawing)
    _x, _y, width, height = (float(number) for number in (box[1] if box else "0 0 1 1").split())
    return wide * height / width


def _lines(  # noqa: PLR0913 - words, where they stand and how they look
    parts: list[Markup], lines: Iterable[str], y: float, look: str, step: float, *, left: float = _SIDE
) -> float:
    """Add lines of words from `y` down; where the next would stand."""
    for line in lines:
        parts.append(Markup('<text class="{}" x="{}" y="{}">{}</text>').format(look, f"{left:g}", f"{y:g}", line))
        y += step
    return y


def _swatches(parts: list[Markup], lines: Iterable[Line], y: float, *, left: float, step: float) -> float:
    for line in lines:
        indent = left
        if line.look:
            swatch = Markup('<rect class="omraade sample-look {}" x="{}" y="{}" width="26" height="15"/>')
            parts.append(swatch.format(line.look, f"{left:g}", f"{y - 12:g}"))
            indent += 36
        bold = Markup('<tspan class="p-strong">{}</tspan> ').format(line.strong) if line.strong else Markup()
        parts.append(Markup('<text x="{}" y="{}">{}{}</text>').format(f"{indent:g}", f"{y:g}", bold, line.words))
        y += step
    return y
