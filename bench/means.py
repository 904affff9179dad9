"""In how many areas a reader finds something, of each set and indicator, before and after means over two and four half-years.

`python -m bench.means` writes its part of docs/benchmarks.md: of the embedded city, and of the real layers where somebody put them.
Means hide no half-year from the public, so what stands there without them is what a build without them would show.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from bench import report, scale
from geo import edition, means, pipeline
from geo.edition import Edition
from geo.words import Audience
from geo.workspace import Workspace

_ENTRY = re.compile(r"(?m)^(?=\[\[indicator\]\])")


def telling(made: Workspace, numbers: Sequence[int] = (2, 4)) -> None:
    """Have every indicator that is counted in a register tell means over so many half-years."""
    path = made.data / "indicators.toml"
    entries = _ENTRY.split(path.read_text(encoding="utf-8"))
    wanted = f"means = {list(numbers)}\nrule ="
    asked = [
        entry.replace("rule =", wanted, 1) if "[indicator.register]" in entry and "\nmeans =" not in entry else entry for entry in entries
    ]
    path.write_text("".join(asked), encoding="utf-8")


def something(read: Edition) -> pd.DataFrame:
    """A row an indicator and set: areas, those with a figure of a half-year in some year, and with that or a mean; then areas x years."""
    counted = [one for one in read.catalogue.indicators if one.means]
    table = read.observations[read.observations["indicator"].isin([one.id for one in counted])]
    halves = means.without(table, counted)
    before, after = _years(halves), _years(table)
    years = halves["period"].str[:4].nunique()
    areas = halves.groupby(["indicator", "area_set"])["area_id"].nunique()
    found = {
        "areas": areas,
        "with a half-year": _areas(before),
        "or a mean": _areas(after),
        "areas x years": areas * years,
        "with a half-year ": before.groupby(["indicator", "area_set"]).size(),
        "or a mean ": after.groupby(["indicator", "area_set"]).size(),
    }
    return pd.DataFrame(found).fillna(0).astype(int).reset_index()


def _areas(pairs: pd.DataFrame) -> pd.Series:
    return pairs.groupby(["indicator", "area_set"])["area_id"].nunique()


def _years(table: pd.DataFrame) -> pd.DataFrame:
    """The areas and years of which a value is told; a mean over two years tells of both."""
    told = table.loc[table["value"].notna(), ["indicator", "area_set", "area_id", "period"]]
    years = {code: sorted({part[:4] for part in means.parts_of(code)} or {code[:4]}) for code in told["period"].unique()}
    return told.assign(year=told["period"].map(years)).explode("year").drop(columns="period").drop_duplicates()


def measure(name: str, layers: Path) -> str:
    """Build one of the sizes of `bench.scale` with means, and put what the public finds into words."""
    title, make = scale.SIZES[name]
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder) / "workspace", layers)
        telling(made)
        start = time.perf_counter()
        manifest = pipeline.build(made)
        seconds = time.perf_counter() - start
        table = something(edition.read(made.editions, manifest.id, Audience.PUBLIC))
    sums = table.drop(columns=["indicator", "area_set"]).sum()
    rows = [{"indicator": "all", "set": "all", **{str(key): f"{number:,}" for key, number in sums.items()}}]
    rows += [
        {"indicator": str(row["indicator"]), "set": str(row["area_set"]), **{str(key): f"{row[key]:,}" for key in sums.index}}
        for row in table.to_dict("records")
        if row["areas x years"] > row["with a half-year "]
    ]
    return f"### {title.capitalize()}\n\nThe whole build takes {seconds:.0f} s with means.\n\n{report.table(rows)}"


def main(
    sizes: Annotated[str, typer.Option(help="Sizes of bench.scale, separated by commas.")] = "city,real",
    layers: Annotated[Path, typer.Option(help="Where the real layers lie.")] = scale.LAYERS,
) -> None:
    """Measure, and write docs/benchmarks.md."""
    parts = [measure(name, layers) for name in sizes.split(",") if layers.is_dir() or name not in scale.OF_LAYERS]
    what = "What the public finds of the demo register, with `means = [2, 4]` on all its indicators: areas with a figure of some year, "
    what += "and areas x years with one. Lines are left out where every area has a figure in every year."
    report.section("means", "Where a reader finds something", f"{what}\n\n" + "\n\n".join(parts))


if __name__ == "__main__":
    typer.run(main)
