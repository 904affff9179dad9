"""Amounts beside each other as bars from zero, drawn on the server as inline SVG: money, hours, parts of a whole.

Classes and presentation attributes only: the Content-Security-Policy allows no style attribute.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from webmap.charts.svg import line, text

_WIDTH: Final = 320.0
_SIDE: Final = 2.0
_WORDS, _THICK, _APART, _FOOT = 17.0, 11.0, 9.0, 12.0
_LONGEST: Final = 42
"""Letters of a name that have room in a drawing; all of it stands in the description and in the table beside."""


@dataclass(frozen=True)
class Bar:
    """One amount. value: 0 or more, NaN where it is missing or cannot be read; words say it in either case. look: "" or a class."""

    value: float
    words: str
    look: str = ""


@dataclass(frozen=True)
class NamedBars:
    """The bars of one name."""

    name: str
    bars: Sequence[Bar]


def bars(groups: Sequence[NamedBars], *, title: str, whole: float = math.nan) -> Markup:
    """Draw bars of one unit on one scale that begins at zero. Returns "" when no bar has a value.

    whole: what the bars are parts of, for example 100 for percentages: drawn as a frame that a bar can fill. An amount that is missing
    has no bar but a dashed line: it is not zero, and nobody knows how long it is.
    """
    known = [bar.value for group in groups for bar in group.bars if not math.isnan(bar.value)]
    if not known:
        return Markup()
    full = max(known) if math.isnan(whole) else max(whole, *known)
    parts, y = list[Markup](), 0.0
    for group in groups:
        drawn, y = _group(group, y, full or 1.0, framed=not math.isnan(whole))
        parts += drawn
    description = "; ".join(f"{group.name}: {', '.join(bar.words for bar in group.bars)}" for group in groups)
    frame = Markup('<svg class="spark soejler" viewBox="0 0 {} {}" role="img" focusable="false"><title>{}</title><desc>{}</desc>{}</svg>')
    return frame.format(f"{_WIDTH:g}", f"{y:g}", title, description, Markup().join(parts))


def _group(group: NamedBars, top: float, full: float, *, framed: bool) -> tuple[list[Markup], float]:
    """A name and its bars from `top` down; what is drawn, and where the next one begins."""
    y = top + _WORDS
    parts = [Markup('<text class="group" x="0" y="{}">{}</text>').format(f"{y - 4:g}", _short(group.name))]
    first = y
    for bar in group.bars:
        parts.append(text(bar.words, (_SIDE + 5, y + _WORDS - 4), "start"))
        parts += _bar(bar, y + _WORDS, full, framed=framed)
        y += _WORDS + _THICK + _APART
    parts.append(line("nul", (_SIDE / 2, first + _WORDS - 2), (_SIDE / 2, y - _APART + 2)))
    return parts, y + _FOOT - _APART


def _bar(bar: Bar, y: float, full: float, *, framed: bool) -> list[Markup]:
    if math.isnan(bar.value):
        return [line("mangler", (_SIDE, y + _THICK / 2), (_WIDTH, y + _THICK / 2))]
    frame = [_rect("ramme", full, y, full)] if framed else []
    return [*frame, _rect(f"column {bar.look}".strip(), bar.value, y, full)]


def _rect(look: str, value: float, y: float, full: float) -> Markup:
    width = value / full * (_WIDTH - _SIDE - 1)
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(look, _SIDE, f"{y:g}", f"{width:.1f}", f"{_THICK:g}")


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
