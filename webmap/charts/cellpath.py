"""A goal's way in the width of a table's cell, as inline SVG: from the start to the latest figure, with the target as a dashed line."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from webmap.charts import svg
from webmap.charts.svg import Mark, Scale

_WIDTH: Final = 160.0
_HEIGHT: Final = 60.0
_EDGES: Final = (8.0, _WIDTH - 8.0, 8.0, _HEIGHT - 8.0)


def draw(
    marks: Sequence[Mark], aims: Sequence[float], *, deadline: dt.date | None, undated: float | None, words: tuple[str, str]
) -> Markup:
    """Draw figures in time order and level lines for what is aimed at, as far as the deadline.

    undated: a start that no source dates; it is a ring at the left edge that no line leads from. words: title and description. A
    change of definition breaks the line and is marked. Returns "" where a single figure has nothing beside it.
    """
    if not marks or len(marks) + len(aims) + (undated is not None) < 2:
        return Markup()
    last = max([mark.when for mark in marks] + ([deadline] if deadline else []))
    first = marks[0].when if undated is None else marks[0].when - dt.timedelta(days=max(365, (last - marks[0].when).days // 2))
    values = [n for mark in marks for n in (mark.value, mark.low, mark.high)] + [*aims] + ([] if undated is None else [undated])
    scale = Scale.of([first, last], values, _EDGES)
    parts = [svg.polyline(f"krav krav{number % 2}", [(first, aim), (last, aim)], scale) for number, aim in enumerate(aims)]
    parts += [part for run in svg.runs(marks) for part in svg.run(run, scale)]
    parts += [svg.break_mark(a, b, scale) for a, b in itertools.pairwise(marks) if a.definition != b.definition]
    parts += [svg.dot(mark, scale) for mark in (marks if len(marks) <= 4 else (marks[0], marks[-1]))]
    if undated is not None:
        parts.append(Markup('<circle class="udateret" cx="{}" cy="{}" r="4"/>').format(f"{scale.x(first):g}", f"{scale.y(undated):g}"))
    frame = Markup('<svg class="spark vej celle" viewBox="0 0 {} {}" role="img" focusable="false"><title>{}</title><desc>{}</desc>{}</svg>')
    return frame.format(f"{_WIDTH:g}", f"{_HEIGHT:g}", *words, Markup().join(parts))
