"""docs/benchmarks.md: sections that each measurement writes anew, with machine, versions and day; tables and charts for them."""

from __future__ import annotations

import datetime as dt
import math
import os
import platform
import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "docs" / "benchmarks.md"
CHARTS: Final = ROOT / "docs" / "benchmarks"
PACKAGES: Final = (
    *("numpy", "shapely", "scipy", "highspy", "numba", "geopandas"),
    *("sedonadb", "duckdb", "polars", "polars-st", "pyarrow", "tobler"),
)
COLOURS: Final = ("#0b3d91", "#3a7bd5", "#777777", "#b3541e", "#2e7d32", "#8e24aa", "#c2185b", "#5d4037")


def section(name: str, title: str, text: str) -> None:
    """Write a section in the place of the one of that name, or at the end."""
    page = (
        PAGE.read_text()
        if PAGE.exists()
        else "# Measurements\n\nWritten by `make bench`; every part says where and when it was measured.\n"
    )
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    part = f"{begin}\n## {title}\n\n{machine()}\n\n{text.strip()}\n{end}"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    page = found.sub(lambda _: part, page) if found.search(page) else f"{page.rstrip()}\n\n{part}\n"
    PAGE.write_text(page)


def machine() -> str:
    """Where, when and with what: one sentence."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    versions = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    cores = len(os.sched_getaffinity(0))
    python = f"{platform.machine()}, Python {platform.python_version()}"
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {cores} cores, {gigabytes:.0f} GB, {python}; {versions}."


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """A Markdown table; the first column is text, the others are set to the right."""
    heads = list(rows[0])
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *([row[head] for head in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def chart(name: str, series: Mapping[str, Sequence[tuple[float, float]]], *, across: str, up: str) -> str:
    """Draw lines on two logarithmic axes into docs/benchmarks/<name>.svg; returns the Markdown that shows them."""
    values = [point for line in series.values() for point in line]
    low, high = ([fold(point[axis] for point in values) for axis in (0, 1)] for fold in (min, max))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        share = [math.log(point[axis] / low[axis]) / max(math.log(high[axis] / low[axis]), 1e-9) for axis in (0, 1)]
        return 80 + 460 * share[0], 340 - 300 * share[1]

    shapes = []
    for axis in (0, 1):
        for power in range(math.ceil(math.log10(low[axis])), math.floor(math.log10(high[axis])) + 1):
            x, y = place((10.0**power, low[1]) if axis == 0 else (low[0], 10.0**power))
            shapes += [f'<path d="M{x:.1f} {y:.1f}{"V40" if axis == 0 else "H540"}" stroke="#ddd"/>']
            label = f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"
            at = f'x="{x:.1f}" y="360" text-anchor="middle"' if axis == 0 else f'x="72" y="{y + 4:.1f}" text-anchor="end"'
            shapes += [f"<text {at}>{label}</text>"]
    for number, (label, line) in enumerate(series.items()):
        colour, places = COLOURS[number % len(COLOURS)], [place(point) for point in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        shapes += [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
        shapes += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        shapes += [f'<rect x="560" y="{44 + 22 * number}" width="12" height="12" fill="{colour}"/>']
        shapes += [f'<text x="578" y="{54 + 22 * number}">{escape(label)}</text>']
    shapes += [f'<text x="310" y="384" text-anchor="middle">{escape(across)}</text>', f'<text x="80" y="26">{escape(up)}</text>']
    CHARTS.mkdir(exist_ok=True)
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 400" font-family="sans-serif" font-size="12">'
    head += '<rect width="800" height="400" fill="#fff"/>'
    (CHARTS / f"{name}.svg").write_text("\n".join([head, *shapes, "</svg>\n"]))
    return f"![{escape(up)} by {escape(across)}](benchmarks/{name}.svg)"
