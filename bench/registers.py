"""Registers: rows of Parquet to counts of area x period x indicator, beside peers, each in a process of its own; and on Dask.

`python -m bench.registers` writes its part of docs/benchmarks.md; `--rows` and `--no-growth` make it smaller.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import typer
from numpy.typing import NDArray

from bench import report, town
from geo.building import distributed
from geo.model.areas import Register
from geo.model.indicators import RegisterMeasure
from geo.registers import coding, cube, files
from geo.registers import register as registers
from geo.registers.counting import Job
from geo.spatial import cells
from geo.spatial.crs import MEASURE

ADDRESSES: Final = 310_000
PERIODS: Final = tuple(f"{year}H{half}" for year in range(2005, 2015) for half in (1, 2))
WORDS: Final = {"age": ("0-5", "6-17", "18-24", "25-64", "65+"), "origin": ("dk", "west", "other"), "work": ("yes", "no", "")}
GROUP: Final = 1_000_000
MEASURES: Final = {
    "jobless": RegisterMeasure(register="", where={"age": ("18-24", "25-64")}, having={"work": ("no",)}),
    "other": RegisterMeasure(register="", having={"origin": ("other",)}),
    "other_jobless": RegisterMeasure(register="", where={"age": ("18-24", "25-64"), "origin": ("other",)}, having={"work": ("no",)}),
}
SQL: Final = """
  SELECT a.area, r.period,
    SUM(CASE WHEN age IN ('18-24', '25-64') THEN 1 ELSE 0 END) AS jobless_base,
    SUM(CASE WHEN age IN ('18-24', '25-64') AND work = 'no' THEN 1 ELSE 0 END) AS jobless_part,
    COUNT(*) AS other_base,
    SUM(CASE WHEN origin = 'other' THEN 1 ELSE 0 END) AS other_part,
    SUM(CASE WHEN age IN ('18-24', '25-64') AND origin = 'other' THEN 1 ELSE 0 END) AS other_jobless_base,
    SUM(CASE WHEN age IN ('18-24', '25-64') AND origin = 'other' AND work = 'no' THEN 1 ELSE 0 END) AS other_jobless_part
  FROM r JOIN a ON {join} GROUP BY a.area, r.period
"""
COLUMNS: Final = ("period", *WORDS)
Answer = Callable[[], pd.DataFrame]


def write(folder: Path, rows: int, *, addresses: int = ADDRESSES, seed: int = 3) -> None:
    """Write an invented register (a row group a million rows, half-year by half-year, homes drawn at random) and its addresses."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-0.01 * town.EXTENT, 1.01 * town.EXTENT, (2, addresses)).round(2)
    pq.write_table(pa.table({"address": np.arange(addresses), "x": x, "y": y}), folder / "addresses.parquet")
    schema = pa.schema([(name, pa.string()) for name in COLUMNS] + [("address", pa.int32()), ("x", pa.float64()), ("y", pa.float64())])
    with pq.ParquetWriter(folder / "rows.parquet", schema, compression="zstd") as writer:
        for first in range(0, rows, GROUP):
            size = min(GROUP, rows - first)
            home = rng.integers(0, addresses, size)
            period = (first + np.arange(size)) * len(PERIODS) // rows
            text = [_text(period, PERIODS), *(_text(rng.integers(0, len(words), size), words) for words in WORDS.values())]
            writer.write_table(pa.table([*text, pa.array(home, pa.int32()), x[home], y[home]], schema=schema))


def _text(codes: NDArray[np.integer], words: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(words)).cast(pa.string())


# --- the engines: from areas and a folder to a function that gives the counts ------------------------------------------


def streamed(areas: NDArray[np.object_], folder: Path, *, listed: bool = False, kernel: Any = "numpy") -> Answer:
    codes = dict(WORDS)
    register = Register(crs=MEASURE, codes=codes, address="address" if listed else "", addresses="addresses.parquet" if listed else "")
    cover = cells.cover([areas], partition=[True], kernel=kernel)
    ids = {"area": [str(number) for number in range(len(areas))]}

    def answer() -> pd.DataFrame:
        job, shards = job_of(areas, folder, register, cover)
        counts = cube.table(registers.count(job, shards), ids)
        wide = counts.pivot_table(index=["area_id", "period"], columns="indicator", values=["denominator", "numerator"], observed=True)
        wide.columns = [f"{name}_{'base' if side == 'denominator' else 'part'}" for side, name in wide.columns]
        return wide.reset_index().rename(columns={"area_id": "area"}).query("other_base > 0").astype({"area": int})

    return answer


def job_of(areas: NDArray[np.object_], folder: Path, register: Register, cover: cells.Cover) -> tuple[Job, tuple[files.Shard, ...]]:
    question = cube.CubeQuestion(MEASURES, {"area": len(areas)})
    path, extent = folder / "rows.parquet", (0.0, 0.0, town.EXTENT, town.EXTENT)
    job = Job(register, question, coding.coding(question, register.codes, file=path.name), partial(cells.find, cover))
    if register.addresses:
        job = registers.resolved(job, path, extent)
    return job, files.shards(path, register, columns=question.columns, extent=extent)


def decoded(_areas: NDArray[np.object_], folder: Path, *, text: bool) -> Answer:
    """Only read the columns, in two threads: text as the dictionary it has in the file, or as text."""

    def read(group: int) -> None:
        with pq.ParquetFile(folder / "rows.parquet", read_dictionary=[] if text else list(COLUMNS)) as opened:
            for _ in opened.iter_batches(files.BATCH, row_groups=[group], columns=[*COLUMNS, "x", "y"], use_threads=False):
                pass

    def answer() -> pd.DataFrame:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(read, range(pq.ParquetFile(folder / "rows.parquet").num_row_groups)))
        return pd.DataFrame()

    return answer


def sedonadb(areas: NDArray[np.object_], folder: Path) -> Answer:
    import geopandas as gpd
    import sedonadb as sedona

    session = sedona.connect()
    session.create_data_frame(gpd.GeoDataFrame({"area": np.arange(len(areas))}, geometry=areas)).to_view("a")
    session.read_parquet(str(folder / "rows.parquet")).to_view("r")
    query = SQL.format(join="ST_Intersects(a.geometry, ST_Point(r.x, r.y))")
    return lambda: pa.RecordBatchReader.from_stream(session.sql(query)).read_all().to_pandas()


def duckdb_spatial(areas: NDArray[np.object_], folder: Path) -> Answer:
    import duckdb
    import duckdb_extension_spatial

    session = duckdb.connect()
    session.execute(f"LOAD '{next(Path(duckdb_extension_spatial.__file__).parent.rglob('*.duckdb_extension'))}'")
    session.register("wkb", pa.table({"area": np.arange(len(areas)), "wkb": list(shapely.to_wkb(areas))}))
    session.execute("CREATE TABLE a AS SELECT area, ST_GeomFromWKB(wkb) AS geometry FROM wkb")
    session.execute(f"CREATE VIEW r AS SELECT * FROM read_parquet('{folder / 'rows.parquet'}')")
    return lambda: session.execute(SQL.format(join="ST_Intersects(a.geometry, ST_Point(r.x, r.y))")).df()


def geopandas_within(areas: NDArray[np.object_], folder: Path) -> Answer:
    """Row group by row group, else the points alone would not fit in the memory of most machines."""
    import geopandas as gpd

    right = gpd.GeoDataFrame(geometry=areas)

    def of_group(opened: pq.ParquetFile, group: int) -> pd.DataFrame:
        rows = opened.read_row_group(group, columns=[*COLUMNS, "x", "y"]).to_pandas()
        joined = gpd.sjoin(gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["x"], rows["y"])), right, predicate="within")
        adult, other, jobless = joined["age"].isin(["18-24", "25-64"]), joined["origin"] == "other", joined["work"] == "no"
        sides = {
            "jobless_base": adult, "jobless_part": adult & jobless, "other_base": True, "other_part": other,
            "other_jobless_base": adult & other, "other_jobless_part": adult & other & jobless,
        }  # fmt: skip
        return joined.assign(**sides).rename(columns={"index_right": "area"}).groupby(["area", "period"])[list(sides)].sum()

    def answer() -> pd.DataFrame:
        with pq.ParquetFile(folder / "rows.parquet") as opened:
            parts = [of_group(opened, group) for group in range(opened.num_row_groups)]
        return pd.concat(parts).groupby(level=[0, 1]).sum().reset_index()

    return answer


ENGINES: Final[Mapping[str, Callable[[NDArray[np.object_], Path], Answer]]] = {
    "registers": streamed,
    "registers, numba": partial(streamed, kernel="numba"),
    "registers, addresses listed": partial(streamed, listed=True),
    "decode alone, dictionaries": partial(decoded, text=False),
    "decode alone, text": partial(decoded, text=True),
    "SedonaDB": sedonadb,
    "geopandas.sjoin within": geopandas_within,
    "DuckDB spatial": duckdb_spatial,
}


# --- one engine in a process of its own ---------------------------------------------------------------------------------


def child(engine: str, folder: Path, repeats: int) -> None:
    """Answer once cold and some times warm; leave the counts and the times."""
    areas = shapely.from_wkb(np.load(folder / "areas.npy", allow_pickle=True))  # our own file
    start = time.perf_counter()
    answer = ENGINES[engine](areas, folder)
    ready = time.perf_counter()
    counts = answer()
    took = [time.perf_counter() - ready]
    for _ in range(repeats):
        again = time.perf_counter()
        answer()
        took.append(time.perf_counter() - again)
    times = {
        "ready": ready - start,
        "first": took[0],
        "warm": float(np.median(took[1:] or took)),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }
    (folder / "times.json").write_text(json.dumps(times))
    if len(counts):
        counts = counts[sorted(counts.columns)].astype({name: np.int64 for name in counts.columns if name != "period"})
        counts.sort_values(["area", "period"], ignore_index=True).to_parquet(folder / "counts.parquet")


def run(engine: str, folder: Path, *, repeats: int) -> tuple[dict[str, float], pd.DataFrame | None]:
    """Times of one engine in seconds, memory in GB, and its counts."""
    (folder / "counts.parquet").unlink(missing_ok=True)
    start = time.perf_counter()
    command = [sys.executable, "-m", "bench.registers", "child", engine, str(folder), str(repeats)]
    subprocess.run(command, check=True, cwd=report.ROOT)
    times = json.loads((folder / "times.json").read_text())
    times["cold"] = time.perf_counter() - start - times["warm"] * repeats
    return times, pd.read_parquet(folder / "counts.parquet") if (folder / "counts.parquet").exists() else None


def prepare(folder: Path, rows: int, areas: int, *, addresses: int = ADDRESSES) -> None:
    write(folder, rows, addresses=addresses)
    shapes = town.districts(areas, corners=535 if areas < 5000 else 200)
    np.save(folder / "areas.npy", shapely.to_wkb(shapes), allow_pickle=True)


def beside_peers(rows: int, areas: int, engines: list[str]) -> str:
    """The table of all engines, after their counts have been compared."""
    found: dict[str, dict[str, float]] = {}
    truth = None
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), rows, areas)
        for engine in engines:
            found[engine], counts = run(engine, Path(name), repeats=5 if engine.startswith(("registers", "decode")) else 0)
            truth = counts if truth is None else truth
            if counts is not None:
                pd.testing.assert_frame_equal(counts, truth)
            print(engine, found[engine], flush=True)
    ours = found["registers"]["warm"]
    lines = [
        {
            "": engine,
            "s": f"{times['warm']:.2f}",
            "x registers": f"{times['warm'] / ours:.1f}",
            "set-up, s": f"{times['ready']:.2f}",
            "cold, whole process, s": f"{times['cold']:.2f}",
            "peak memory, GB": f"{times['peak']:.2f}",
        }
        for engine, times in sorted(found.items(), key=lambda item: item[1]["warm"])
    ]
    text = f"{rows:,} rows at {ADDRESSES:,} addresses, {areas} areas, {len(PERIODS)} half-years, {len(MEASURES)} indicators. "
    return f"{text}All counts are the same.\n\n{report.table(lines)}"


# --- growth, and more machines ------------------------------------------------------------------------------------------


def growth(sizes: list[tuple[int, int, int]]) -> str:
    """Seconds and memory by rows, areas and addresses, in the rows and listed."""
    lines = []
    for rows, areas, addresses in sizes:
        with tempfile.TemporaryDirectory() as name:
            prepare(Path(name), rows, areas, addresses=addresses)
            for engine in ("registers", "registers, addresses listed"):
                times, _ = run(engine, Path(name), repeats=0 if rows > 60_000_000 and engine == "registers" else 2)
                lines.append(
                    {
                        "rows": f"{rows:,}", "areas": f"{areas:,}", "addresses": f"{addresses:,}",
                        "the rows have": "an address" if "listed" in engine else "coordinates", "s": f"{times['warm']:.2f}",
                        "ns a row": f"{times['warm'] / rows * 1e9:.0f}", "peak memory, GB": f"{times['peak']:.2f}",
                    }
                )  # fmt: skip
                print(lines[-1], flush=True)
    return report.table(lines)


def on_dask(rows: int, areas: int) -> str:
    """The same count in this process and on two worker processes, on the same cores."""
    from distributed import LocalCluster

    shapes = town.districts(areas)
    cover = cells.cover([shapes], partition=[True])
    with tempfile.TemporaryDirectory() as name, LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as workers:
        write(Path(name), rows)
        job, shards = job_of(shapes, Path(name), Register(crs=MEASURE, codes=dict(WORDS)), cover)
        took: dict[str, list[float]] = {"in this process, two threads": [], "Dask, two worker processes": []}
        for _ in range(4):
            for how, count in zip(took, (registers.count, partial(distributed.count, scheduler=workers.scheduler_address)), strict=True):
                start = time.perf_counter()
                count(job, shards)
                took[how].append(time.perf_counter() - start)
    medians = {how: float(np.median(seconds[1:])) for how, seconds in took.items()}
    local = next(iter(medians.values()))
    lines = [{f"{rows:,} rows": how, "s": f"{s:.2f}", "x in process": f"{s / local:.2f}"} for how, s in medians.items()]
    return report.table(lines)


def main(
    rows: Annotated[int, typer.Option(help="Rows of the table.")] = 12_000_000,
    areas: Annotated[int, typer.Option(help="Areas of the table.")] = 374,
    engines: Annotated[str, typer.Option(help="Only these, separated by semicolons.")] = ";".join(ENGINES),
    more: Annotated[bool, typer.Option("--growth/--no-growth", help="Also up to 120 million rows and 10,000 areas, and Dask.")] = True,
) -> None:
    """Measure, compare, and write docs/benchmarks.md."""
    text = beside_peers(rows, areas, engines.split(";"))
    if more:
        most = 10 * rows
        sizes = [(rows // 10, areas, ADDRESSES), (rows, areas, ADDRESSES), (math.ceil(rows * 4.2), areas, ADDRESSES)]
        sizes += [(rows, 10_000, ADDRESSES), (rows, areas, 2_800_000), (most, 10_000, 2_800_000)]
        text += f"\n\nGrowth, cover made in the process:\n\n{growth(sizes)}\n\n{on_dask(math.ceil(rows * 4.2), areas)}"
    report.section("registers", "Registers", text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        typer.run(main)
