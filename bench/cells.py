"""Points in areas: geo.spatial.cells beside its peers, each in a process of its own, results compared before times are believed.

`python -m bench.cells` writes its part of docs/benchmarks.md; `--points` and `--areas` make it smaller.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import shapely
import typer
from numpy.typing import NDArray

from bench import report, town
from bench.engines import ENGINES, SHAPELY

PATIENCE: Final = 10.0
"""Seconds. In the growth charts an engine is not asked for more points or areas when that is likely to take longer."""

ON_BORDER: Final = 1e-6
"""Metres. `within` leaves out what lies on a border, and SedonaDB rounds there."""


# --- one engine in a process of its own ---------------------------------------------------------------------------------


def child(engine: str, folder: Path, repeats: int) -> None:
    """Read the points and areas, answer once cold and some times warm; leave the first area of each point and the times."""
    began = time.perf_counter()
    x, y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
    areas = shapely.from_wkb(np.load(folder / "areas.npy", allow_pickle=True))  # our own file
    floor, read = _peak(), time.perf_counter()
    answer = ENGINES[engine](areas, x, y)
    ready = time.perf_counter()
    pairs = answer()
    cold = time.perf_counter()
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer()
        took.append(time.perf_counter() - start)
    peak = _peak()
    np.save(folder / "owner.npy", owners(*pairs, len(x)))
    times = {"ready": ready - read, "first": cold - ready, "warm": float(np.median(took or [cold - ready])), "read": read - began}
    (folder / "times.json").write_text(json.dumps(times | {"peak": peak, "above the points": peak - floor}))


def _peak() -> float:
    """Most memory so far, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def owners(point: NDArray[Any], area: NDArray[Any], count: int) -> NDArray[np.int32]:
    """The first area of each point; -1 where it has none. Without `point`, `area` is that already."""
    if len(area) == count and not len(point):
        return area.astype(np.int32)
    owner = np.full(count, -1, np.int32)
    order = np.argsort(area, kind="stable")[::-1]
    owner[point[order]] = area[order]
    return owner


def run(engine: str, areas: NDArray[np.object_], count: int, *, repeats: int = 3) -> tuple[dict[str, float], NDArray[np.int32]]:
    """Times of one engine in seconds, memory in GB, and its answer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for axis, values in zip("xy", town.points(areas, count), strict=True):
            np.save(folder / f"{axis}.npy", values)
        np.save(folder / "areas.npy", shapely.to_wkb(areas), allow_pickle=True)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bench.cells", "child", engine, name, str(repeats)], check=True, cwd=report.ROOT)
        whole = time.perf_counter() - start
        times = json.loads((folder / "times.json").read_text())
        return times | {"cold": whole - times["read"] - times["warm"] * repeats}, np.load(folder / "owner.npy")


def believed(areas: NDArray[np.object_], count: int, truth: NDArray[np.int32], owner: NDArray[np.int32]) -> str:
    """Where an answer differs from ours, as words. Raises ValueError when a point that is not on a border differs."""
    x, y = town.points(areas, count)
    differing = np.flatnonzero(truth != owner)
    borders = shapely.boundary(areas)[np.where(truth < 0, owner, truth)[differing]]
    away = int((shapely.distance(borders, shapely.points(x[differing], y[differing])) > ON_BORDER).sum())
    if away:
        raise ValueError(f"{away} points away from every border differ: the times are not to be believed")
    return "same" if not len(differing) else f"{len(differing):,} points on borders differ"


# --- the tables ---------------------------------------------------------------------------------------------------------

app = typer.Typer(add_completion=False)
app.command("child")(child)


@app.command()
def main(
    points: Annotated[int, typer.Option(help="Points of the table.")] = 10_000_000,
    areas: Annotated[int, typer.Option(help="Areas of the table.")] = 374,
    growth: Annotated[bool, typer.Option(help="Also 1 to 50 million points and 100 to 10,000 areas.")] = True,
) -> None:
    """Measure, compare, and write docs/benchmarks.md."""
    shapes = town.districts(areas)
    rows: dict[str, dict[str, Any]] = {}
    truth = None
    for engine in (SHAPELY, *(name for name in ENGINES if not name.startswith("shapely"))):
        times, owner = run(engine, shapes, points, repeats=5 if engine.startswith("cells") else 1)
        truth = owner if truth is None else truth
        rows[engine] = times | {"answer": believed(shapes, points, truth, owner)}
        print(engine, rows[engine], flush=True)
    ours = rows["cells, numpy"]["warm"], rows["cells, numba"]["warm"]
    lines = [
        {
            "": engine,
            "warm, s": f"{rows[engine]['warm']:.3f}",
            "x numpy": f"{rows[engine]['warm'] / ours[0]:.1f}",
            "x numba": f"{rows[engine]['warm'] / ours[1]:.1f}",
            "imports and set-up, s": f"{rows[engine]['ready']:.2f}",
            "cold, whole process, s": f"{rows[engine]['cold']:.2f}",
            "peak memory, GB": f"{rows[engine]['peak']:.2f}",
            "answer": rows[engine]["answer"],
        }
        for engine in sorted(rows, key=lambda engine: rows[engine]["warm"])
    ]
    corners = f"{len(shapes)} areas with {shapely.get_num_coordinates(shapes).sum():,} corners"
    text = f"{points:,} points, 1 % of them corners or middles of edges; {corners}.\n\n{report.table(lines)}\n\n{_indexes()}"
    if growth:
        text += "\n\n" + _growth()
    report.section("cells", "Points in areas", text)


def _indexes() -> str:
    """How long the covers themselves take, imports and compiling done."""
    from geo.spatial import cells

    rows = []
    for count, corners in ((100, 535), (374, 535), (1000, 535), (10_000, 200)):
        shapes = town.districts(count, corners=corners)
        row = {"areas": f"{count:,}", "corners": f"{shapely.get_num_coordinates(shapes).sum():,}"}
        for kernel in ("numpy", "numba"):
            took = []
            for _ in range(3):
                fresh = shapely.from_wkb(shapely.to_wkb(shapes))  # else the areas are prepared already
                start = time.perf_counter()
                cells.cover([fresh], partition=[True], kernel=kernel)
                took.append(time.perf_counter() - start)
            row[f"cover, {kernel}, s"] = f"{np.median(took):.2f}"
        rows.append(row)
    return report.table(rows)


def _growth() -> str:
    """Two charts: seconds by points and by areas, of the engines that can keep up."""
    points = [(374, count) for count in (1_000_000, 3_000_000, 10_000_000, 50_000_000)]
    areas = [(count, 2_000_000) for count in (100, 374, 1000, 10_000)]
    by_points, same_points = _all_series(points)
    by_areas, same_areas = _all_series(areas)
    charts = [
        report.chart("cells-points", by_points, across="points (374 areas)", up="seconds, warm"),
        report.chart("cells-areas", by_areas, across="areas (2 million points)", up="seconds, warm"),
    ]
    same = [f"- {areas:,} areas, {points:,} points: {engines}" for (areas, points), engines in (same_points | same_areas).items()]
    return "\n\n".join([*charts, "Compared with shapely, every point:\n\n" + "\n".join(same)])


def _all_series(sizes: list[tuple[int, int]]) -> tuple[dict[str, list[tuple[int, float]]], dict[tuple[int, int], str]]:
    """The series of every engine; and of each size, which of ours gave the same area as shapely for every point."""
    truths: dict[tuple[int, int], NDArray[np.int32]] = {}
    same: dict[tuple[int, int], str] = {}
    ordered = [SHAPELY, *(engine for engine in ENGINES if engine != SHAPELY)]
    series = {engine: _series(engine, sizes, truths, same) for engine in ordered}
    return {engine: series[engine] for engine in ENGINES}, same


def _series(
    engine: str, sizes: list[tuple[int, int]], truths: dict[tuple[int, int], NDArray[np.int32]], same: dict[tuple[int, int], str]
) -> list[tuple[int, float]]:
    """(size, seconds) until the next is likely to outlast PATIENCE; shapely, the one to compare with, comes first and runs every size."""
    series: list[tuple[int, float]] = []
    for areas, points in sizes:
        size = points if len({count for count, _ in sizes}) == 1 else areas
        if engine != SHAPELY and series and series[-1][1] * size / series[-1][0] > PATIENCE:
            break
        shapes = town.districts(areas, corners=535 if areas < 5000 else 200)
        times, owner = run(engine, shapes, points, repeats=1)
        series.append((size, times["warm"]))
        if engine == SHAPELY:
            truths[areas, points] = owner
        elif (areas, points) in truths:
            answer = believed(shapes, points, truths[areas, points], owner)
            if engine.startswith("cells"):
                same[areas, points] = "; ".join(filter(None, [same.get((areas, points), ""), f"{engine}: {answer}"]))
        print(engine, areas, points, times, flush=True)
    return series


if __name__ == "__main__":
    app()
