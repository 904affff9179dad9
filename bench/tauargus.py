"""The gate beside Tau-Argus (`pip install pytauargus`, left out of the lock files) on tables that both can hold: areas by a category.

A table of districts and the small areas in them by the categories of a column, with all totals. What Tau-Argus cannot hold is left out:
sets that lie across each other, several columns at once, audiences, editions. `python -m bench.tauargus` writes the section.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import pandas as pd
import typer

from bench import report
from geo.attack.findings import LP, Attacked, attack
from geo.disclosure import complementary
from geo.disclosure.protect import protect
from geo.model.rules import Rule, Threshold
from geo.model.vocabulary import Audience
from tests.towns import towns
from tests.towns.towns import SETS, Town


@dataclass(frozen=True)
class Made:
    """What a program hides of some tables: by its rule, in all, the counts of few that an attacker still narrows, and seconds."""

    cells: int
    rule: int
    hidden: int
    narrowed: int
    seconds: float


def nested(seeds: Sequence[int]) -> Town:
    """Towns side by side as the districts of one, without the sets that lie across."""
    atoms: dict[frozenset[tuple[str, str]], int] = {}
    parts = []
    for seed in seeds:
        town = towns.town(seed, kind="categories")
        names = [_named(atom, seed) for atom in town.atoms]
        place = {number: atoms.setdefault(name, len(atoms)) for number, name in enumerate(names)}
        parts.append(town.rows.assign(atom=town.rows["atom"].map(place)))
    rows = pd.concat(parts, ignore_index=True)
    codes = {**town.codes, "group": tuple(sorted(rows["group"].unique()))}
    return Town(rows, tuple(atoms), codes, tuple(towns.INDICATORS["categories"](codes)), _rule())


def _named(atom: frozenset[tuple[str, str]], seed: int) -> frozenset[tuple[str, str]]:
    return frozenset(
        (name, area if name == "city" else f"{name[0]}{seed % 100:02}{int(area):02}") for name, area in atom if name != "patch"
    )


def _rule() -> Rule:
    return msgspec.structs.replace(towns.RULE, thresholds=dict.fromkeys(Audience, Threshold(min_count=5)), costs={})


def ours(town: Town) -> Made:
    """What the gate hides from the public."""
    table, ready = town.figures(), town.for_gate()
    start = time.perf_counter()
    closed = complementary.close(table, known=town.catalogue, registers=[ready])[Audience.PUBLIC]
    seconds = (time.perf_counter() - start) / len(Audience)  # it closes the same for all three
    shown = protect(table, indicators=town.indicators, rules=[town.rule], audience=Audience.PUBLIC, withheld=closed.withheld).table
    proof = closed.proofs[0]
    return Made(len(table), int(proof.problem.figures.hidden.sum()), int(proof.hidden.sum()), _narrowed(town, shown), seconds)


def theirs(town: Town, folder: Path) -> Made:
    """What Tau-Argus hides, asked for its optimal suppression, when counts from 1 to 4 are unsafe and protected by 60 percent."""
    from pytauargus import protect as suppress  # type: ignore[import-not-found]  # noqa: PLC0415

    inside = [dict(atom) for atom in town.atoms]
    tree: dict[str, set[str]] = {}
    for areas in inside:
        tree.setdefault(areas["district"], set()).add(areas["small"])
    lines = [line for district in sorted(tree) for line in (district, *(f"@{area}" for area in sorted(tree[district])))]
    (folder / "area.hrc").write_text("\n".join(lines) + "\n")
    rows = {
        "area": [inside[atom]["small"] for atom in town.rows["atom"]],
        "group": town.rows["group"].tolist(),
        "people": [1.0] * len(town.rows),
    }
    start = time.perf_counter()
    made = suppress(
        rows, ["area", "group"], response="people", safety_rules="FREQ(5,60)", suppress="OPT(1)", workdir=str(folder),
        hrc={"area": str(folder / "area.hrc")}, hierleadstring="@", totcode="Total",
    )  # fmt: skip
    seconds = time.perf_counter() - start
    cells = pd.read_csv(made.files["tab1"], sep=";", header=None, dtype=str)
    state = {(area, group): status for area, group, status in cells[[0, 1, 5]].itertuples(index=False, name=None)}
    table = town.figures()
    where = table["area_id"].where(table["area_set"] != "city", "Total")
    status = [state.get((area, name.removeprefix("group_")), "S") for area, name in zip(where, table["indicator"], strict=True)]
    gone = pd.Series(status).isin(["U", "M"]).to_numpy()
    table.loc[gone, ["value", "numerator", "low", "high"]] = float("nan")
    table.loc[gone, ["denominator", "n"]] = float("nan")
    return Made(len(table), status.count("U"), int(gone.sum()), _narrowed(town, table), seconds)


def _narrowed(town: Town, table: pd.DataFrame) -> int:
    asked = Attacked(dict.fromkeys(town.measures, town.rule.thresholds[Audience.PUBLIC]), dict.fromkeys(town.measures, SETS), whole=False)
    return sum(one.attacker == LP for people in town.people().values() for one in attack(people, [table], asked))


def main(*, towns_: Annotated[int, typer.Option("--towns", min=1, help="Towns.")] = 10) -> None:
    """Compare single towns, and some of them as one."""
    every = {f"{towns_} towns, each alone": [[700 + number] for number in range(towns_)]}
    every |= {"2 towns as one": [[700, 701]]}
    rows = []
    for name, asked in every.items():
        for program in ("gate", "Tau-Argus"):
            made = []
            for seeds in asked:
                with tempfile.TemporaryDirectory() as folder:
                    made.append(ours(nested(seeds)) if program == "gate" else theirs(nested(seeds), Path(folder)))
            rows.append(_row(name, program, made))
            typer.echo(rows[-1])
    report.section("tauargus", "Beside Tau-Argus", _text(rows))


def _row(name: str, program: str, made: Sequence[Made]) -> dict[str, str]:
    return {
        "tables": name,
        "by": program,
        "cells": f"{sum(one.cells for one in made)}",
        "hidden by the rule": f"{sum(one.rule for one in made)}",
        "hidden besides": f"{sum(one.hidden - one.rule for one in made)}",
        "narrowed after": f"{sum(one.narrowed for one in made)}",
        "s": f"{sum(one.seconds for one in made):.2f}",
    }


def _text(rows: Sequence[dict[str, str]]) -> str:
    return f"""
Tables of districts and small areas by the categories of one column (`bench/tauargus.py`; pytauargus with HiGHS, `OPT(1)`): counts from 1
to 4 are unsafe, all costs equal but for people. Tau-Argus protects each unsafe cell by 60 percent of its count; the gate protects by three
people, and besides cells also counts that are few in the rest (37 of 40), differences of areas, and against whoever knows the rule. So
the gate hides more by its rule. Narrowed are targets of the gate's rule that `geo.attack` bounds within less than the rule's width by
linear programs: what Tau-Argus was not asked to protect is among them. Tables with sets that lie across each other, groups and their
parts and shared denominators cannot be given to Tau-Argus as one. Seconds under a heavy load of the machine.

{report.table(rows)}
"""


if __name__ == "__main__":
    typer.run(main)
