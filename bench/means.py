"""In how many areas a reader finds something, of each set and indicator, before and after means over half-years and named groups.

`python -m bench.means` writes its part of docs/benchmarks.md: of the embedded city, and of the real layers where somebody put them.
Means hide no half-year from the public, so what stands there without them is what a build without them would show. `--groups` writes
another part: of sets that have groups too. Groups are areas like others and may cost an area its figure, so that part builds twice.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from bench import departments, report, scale
from geo import pipeline
from geo.editions import edition
from geo.editions.edition import Edition
from geo.figures import means
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience

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


def through_groups(read: Edition) -> pd.DataFrame:
    """A row an indicator and set that has groups: areas, those with a figure of their own in some year, and with that or a group's."""
    ids = [one.id for one in read.catalogue.indicators if one.register is not None]
    table = read.observations[read.observations["indicator"].isin(ids)]
    layer = read.layers[departments.SET]
    pairs = [(group.area_id, member) for group in layer.areas for member in group.members]
    members = pd.DataFrame(pairs, columns=["area_id", "member"])
    every = _years(table)
    own = every[every["area_set"] == layer.of]
    shared = every[every["area_set"] == departments.SET].merge(members, on="area_id").drop(columns="area_id")
    both = pd.concat([own, shared.rename(columns={"member": "area_id"}).assign(area_set=layer.of)]).drop_duplicates()
    mine = table[table["area_set"] == layer.of]
    areas = mine.groupby(["indicator", "area_set"])["area_id"].nunique()
    years = mine["period"].str[:4].nunique()
    counts = {"areas": areas, "their own": _areas(own), "or a group's": _areas(both), "areas x years": areas * years}
    counts |= {"their own ": own.groupby(["indicator", "area_set"]).size(), "or a group's ": both.groupby(["indicator", "area_set"]).size()}
    return pd.DataFrame(counts).fillna(0).astype(int).reset_index()


GROUPED: Final = {"city": ("the embedded city, exposed housing areas by district", scale.city)}
GROUPED |= {"departments": ("60 invented departments of eight organisations on the embedded city", departments.departments)}


def measure_groups(name: str, layers: Path) -> str:
    """Build a city without and with groups, and put what the public finds in their members into words."""
    title, make = GROUPED[name]
    told = []
    with tempfile.TemporaryDirectory() as folder:
        for step in ("without", "with"):
            made = make(Path(folder) / step, layers)
            if step == "with":
                departments.grouped(made)
            read = edition.read(made.editions, pipeline.build(made).id, Audience.PUBLIC)
            ids = [one.id for one in read.catalogue.indicators if one.register is not None]
            told.append(read.observations[read.observations["indicator"].isin(ids)])
        table = through_groups(read)
    of = read.layers[departments.SET].of
    shown = [int(each.loc[each["area_set"] != departments.SET, "value"].notna().sum()) for each in told]
    groups = told[1][told[1]["area_set"] == departments.SET]
    sums = table.drop(columns=["indicator", "area_set"]).sum()
    rows = [{"indicator": "all", **{str(key): f"{number:,}" for key, number in sums.items()}}]
    rows += [{"indicator": str(row["indicator"]), **{str(key): f"{row[key]:,}" for key in sums.index}} for row in table.to_dict("records")]
    words = f"Members are the areas of `{of}`. {groups['value'].notna().sum():,} of {len(groups):,} figures of groups are shown; "
    words += f"of all other areas {shown[1]:,} figures are, where {shown[0]:,} are shown without groups."
    return f"### {title[0].upper()}{title[1:]}\n\n{words}\n\n{report.table(rows)}"


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
    groups: Annotated[bool, typer.Option("--groups", help="Measure groups, and leave the part about means as it is.")] = False,
) -> None:
    """Measure, and write docs/benchmarks.md."""
    if groups:
        what = (
            "What the public finds in areas that are in a group: of themselves, or of their group where their own figure is hidden. Areas "
        )
        what += "with a figure of some half-year, and areas x years with one."
        text = "\n\n".join([what, *(measure_groups(name, layers) for name in GROUPED)])
        report.section("groups", "Where a reader finds something with groups", text)
        return
    parts = [measure(name, layers) for name in sizes.split(",") if layers.is_dir() or name not in scale.OF_LAYERS]
    what = "What the public finds of the demo register, with `means = [2, 4]` on all its indicators: areas with a figure of some year, "
    what += "and areas x years with one. Lines are left out where every area has a figure in every year."
    report.section("means", "Where a reader finds something", f"{what}\n\n" + "\n\n".join(parts))


if __name__ == "__main__":
    typer.run(main)
