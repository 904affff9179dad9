"""All measurements, one after another, into docs/benchmarks.md and the pages beside it: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated, Final

import typer

POINTS: Final = 10_000_000
ROWS: Final = 12_000_000


def main(
    scale: Annotated[float, typer.Option(min=0.001, help="1 is the whole; less is that share of points and rows, without growth.")] = 1.0,
) -> None:
    """Measure points in areas, registers and interpolation, each in processes of its own."""
    growth = "--growth" if scale >= 1 else "--no-growth"
    for words in (
        ["bench.cells", "main", "--points", str(int(POINTS * scale)), growth],
        ["bench.registers", "--rows", str(int(ROWS * scale)), growth],
        ["bench.interpolation"],
    ):
        subprocess.run([sys.executable, "-m", *words], check=True)  # noqa: S603  our own modules, our own words


if __name__ == "__main__":
    typer.run(main)
