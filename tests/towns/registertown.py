"""A register of a toy town of four squares, and the same counts made without anything clever."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import shapely

from geo.files import provenance
from geo.model.areas import Register, Sidecar
from geo.model.indicators import RegisterMeasure
from geo.registers import cube
from geo.registers import register as registers
from geo.registers.cube import Cube, CubeQuestion
from geo.registers.register import Opened
from geo.spatial import cells

WEST, SOUTH = 720_000.0, 6_170_000.0
EXTENT = (WEST, SOUTH, WEST + 2000, SOUTH + 2000)
SQUARES = {
    "square": np.array([shapely.box(WEST + x, SOUTH + y, WEST + x + 1000, SOUTH + y + 1000) for y in (0, 1000) for x in (0, 1000)]),
    "zone": np.array([shapely.box(WEST, SOUTH, WEST + 1200, SOUTH + 1200), shapely.box(WEST + 800, SOUTH, WEST + 2000, SOUTH + 300)]),
}
IDS = {"square": ["a", "b", "c", "d"], "zone": ["n", "s"]}
COVER = cells.cover(list(SQUARES.values()), partition=[True, False])
FIND = partial(cells.find, COVER)
CODES = {"age": ("child", "adult", "old"), "work": ("yes", "no", "")}
REGISTER = Register(crs="EPSG:25832", codes=CODES)
MEASURES = {
    "jobless": RegisterMeasure(register="town", where={"age": ("adult",)}, having={"work": ("no",)}),
    "children": RegisterMeasure(register="town", having={"age": ("child",)}),
}
QUESTION = CubeQuestion(MEASURES, {name: len(shapes) for name, shapes in SQUARES.items()})
TOWN = 6000
SECRET = (WEST + 123.456, SOUTH + 654.321)
"""A coordinate that no message may show."""


def town(rows: int = TOWN, *, seed: int = 1) -> pd.DataFrame:
    """Invented rows at 300 addresses: some on borders, some outside, some without a coordinate, some with a code nobody declared."""
    rng = np.random.default_rng(seed)
    x, y = WEST + rng.uniform(-200, 2200, 300).round(1), SOUTH + rng.uniform(-200, 2200, 300).round(1)
    x[:20], y[:20] = WEST + rng.choice([0, 800, 1000, 1200, 2000], 20), SOUTH + rng.choice([0, 300, 1000, 1200, 2000], 20)
    x[20], y[21], x[22], y[23] = np.nan, np.inf, -np.inf, np.nan
    home = rng.integers(0, 300, rows)
    return pd.DataFrame(
        {
            "period": rng.choice(["2010H1", "2010H2", "2011H1", "someday"], rows, p=[0.4, 0.3, 0.29, 0.01]),
            "address": home,
            "x": x[home],
            "y": y[home],
            "age": rng.choice(["child", "adult", "old", "ADULT"], rows, p=[0.2, 0.5, 0.28, 0.02]),
            "work": rng.choice(["yes", "no", "", None], rows, p=[0.6, 0.2, 0.18, 0.02]),
        }
    )


def save(table: pd.DataFrame, path: Path, **schema: pa.DataType) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    for name, kind in schema.items():
        made = made.set_column(made.schema.get_field_index(name), name, made[name].cast(kind))
    pq.write_table(made, path, row_group_size=700)
    return path


def describe(path: Path, register: Register | None = REGISTER) -> Path:
    said = Sidecar(
        title="t",
        producer="p",
        licence="l",
        retrieved=dt.date(2020, 1, 1),
        sha256=registers.checksum(path, register) if register else "",
        changed="",
        register=register,
    )
    provenance.write(path, said)
    return path


def opened(path: Path, register: Register = REGISTER, question: CubeQuestion = QUESTION) -> Opened:
    return registers.open(describe(path, register), question, FIND, extent=EXTENT)


def counted(path: Path, register: Register = REGISTER, question: CubeQuestion = QUESTION) -> Cube:
    found = opened(path, register, question)
    return registers.count(found.job, found.shards)


def write_town(folder: Path, *, files: int = 1) -> Opened:
    table = town()
    for number, part in enumerate(np.array_split(np.arange(TOWN), files)):
        save(table.iloc[part], folder / "town" / f"{number}.parquet")
    return opened(folder / "town")


def same(one: Cube, other: Cube) -> bool:
    return one.lines == other.lines and {p: {s: a.tolist() for s, a in sets.items()} for p, sets in one.counts.items()} == {
        p: {s: a.tolist() for s, a in sets.items()} for p, sets in other.counts.items()
    }


def plainly(table: pd.DataFrame) -> pd.DataFrame:
    """The same counts without anything clever: shapely for every row, pandas for every sum."""
    rows = []
    adult = (table["age"] == "adult") & table["work"].isin(["yes", "no", ""])
    sides = {"jobless": (adult, adult & (table["work"] == "no")), "children": (table["age"].isin(CODES["age"]), table["age"] == "child")}
    for indicator, (base, part) in sides.items():
        for area_set, shapes in SQUARES.items():
            inside = np.array([shapely.intersects_xy(shape, table["x"], table["y"]) for shape in shapes])
            if area_set == "square":
                inside &= np.cumsum(inside, axis=0) == 1
            for period in ("2010H1", "2010H2", "2011H1"):
                for area_id, here in zip(IDS[area_set], inside & (table["period"] == period).to_numpy(), strict=True):
                    rows.append((indicator, area_set, area_id, period, int((here & part).sum()), int((here & base).sum())))
    return pd.DataFrame(rows, columns=list(cube.COUNTS))


def left(found: Cube) -> dict[tuple[str, ...], int]:
    return {(one.area_set, *one.names): one.count for one in cube.leftovers(found, IDS) if one.side == "row"}
