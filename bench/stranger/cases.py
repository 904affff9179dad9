"""Two cities made by hand, in which the number of rows without a known word, which the data page tells, says what the rule hides."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import shapely
import typer

from bench.stranger import attack, explain, reading, workspace
from bench.stranger.attack import Attacked
from bench.stranger.city import CITY, PERIODS, SIDE, City, Limits, Measure, X, Y

RESIDENTS: Final = 210


def few() -> City:
    """200 are p, one q, one c, 8 unknown: of all who are p or not, 210 - 200 - 8 = 2 are left for q and c."""
    jobs = ["p"] * 200 + ["q", "c"] + [""] * 8
    measures = (Measure("i0", {}, {"job": ("c",)}, (CITY,)), Measure("i1", {"job": ("p",)}, {"koen": ("a",)}, (CITY,)))
    return _city(["a", "b"] * (RESIDENTS // 2), jobs, measures, ("p", "q", "c"))


def small_group() -> City:
    """Of 9 koen a two are unknown, of 201 koen b five: 210 - 7 - 196 = 7 are the small group."""
    jobs = ["x"] * 4 + ["y"] * 3 + [""] * 2 + ["x"] * 100 + ["y"] * 96 + [""] * 5
    measures = tuple(Measure(f"i{at}", {"koen": (word,)}, {"job": ("x",)}, (CITY,)) for at, word in enumerate("ab"))
    return _city(["a"] * 9 + ["b"] * 201, jobs, measures, ("x", "y"))


def attacked(city: City, folder: Path) -> Attacked:
    """Build a city's only edition and read it."""
    workspace.write(city, folder)
    code, words = workspace.build(folder)
    if code:
        raise ValueError(words)
    return Attacked([city], [reading.edition(folder)])


def _city(sexes: list[str], jobs: list[str], measures: tuple[Measure, ...], words: tuple[str, ...]) -> City:
    rng = np.random.default_rng(1)
    east, north = (rng.integers(0, SIDE, RESIDENTS) + 0.37 for _ in range(2))
    people = pd.DataFrame({"period": PERIODS[0], "x": X + east, "y": Y + north, "koen": sexes, "job": jobs})
    halves = {"g0": shapely.box(X, Y, X + SIDE / 2, Y + SIDE), "g1": shapely.box(X + SIDE / 2, Y, X + SIDE, Y + SIDE)}
    return City(
        seed=1,
        outlines={CITY: {"0101": shapely.box(X, Y, X + SIDE, Y + SIDE)}, "grid": halves},
        partitions=frozenset({CITY, "grid"}),
        codes={"koen": ("a", "b"), "job": words},
        people=people,
        measures=measures,
        limits={"public": Limits(5, 10, 0), "staff": Limits(3, 6, 0), "ssp": Limits(3, 6, 0)},
        known=(),
        district="g0",
    )


def main() -> None:
    """Say what is narrowed in each, and from which figures."""
    for city in (few(), small_group()):
        with tempfile.TemporaryDirectory() as scratch:
            made = attacked(city, Path(scratch) / "city")
        typer.echo(made.editions[0].tables["public"].to_string())
        for each in attack.attack(made, audiences=["public"]):
            typer.echo(f"{each.target.words} is {each.target.truth}: {each.range}, asked {each.asked}; from {explain.needed(made, each)}")


if __name__ == "__main__":
    typer.run(main)
