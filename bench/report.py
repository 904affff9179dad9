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
    sizes = sorted({size for size, _ in values})
    powers = range(math.floor(min(math.log10(value) for _, value in values)), math.ceil(max(math.log10(value) for _, value in values)) + 1)
    low, high = (sizes[0], 10.0 ** powers[0]), (sizes[-1], 10.0 ** powers[-1])

    def place(point: tuple[float, float]) -> tuple[float, float]:
        share = [math.log(point[axis] / low[axis]) / max(math.log(high[axis] / low[axis]), 1e-9) for axis in (0, 1)]
        return 80 + 460 * share[0], 340 - 300 * share[1]

    shapes = []
    for size in sizes:
        x = place((size, low[1]))[0]
        shapes += [f'<path d="M{x:.1f} 340V40" stroke="#ddd"/>', f'<text x="{x:.1f}" y="360" text-anchor="middle">{size:,}</text>']
    for power in powers:
        y = place((low[0], 10.0**power))[1]
        shapes += [f'<path d="M80 {y:.1f}H540" stroke="#ddd"/>', f'<text x="72" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>']
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
