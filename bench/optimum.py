"""What the gate hides beside the rule on small towns, held against the least that any choice could hide for the same safety.

The least is found by a program of its own that shares nothing with the search: an integer program says which counts to hide, linear
programs ask every target of it, and what is too narrow becomes a sum of counts of which one must be hidden. First for an attacker with
linear programs, then for one who knows that people are whole; the bound of the first holds for the second. `make optimum-bench`.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer

from bench import report
from bench.least import cost, least
from geo.disclosure import complementary
from geo.disclosure.solver.tables import SuppressionProblem
from geo.model.vocabulary import Audience
from tests.towns import towns

KINDS = (*towns.INDICATORS, "all")
_CLOSE = 1e-6
_FREE = 1e6


@dataclass(frozen=True)
class Compared:
    """One town: figures that its rule hides, and those hidden besides by the gate and in the optimum, with what they cost."""

    kind: str
    seed: int
    figures: int
    rule: int
    gate: int
    gate_cost: int
    least: int
    least_cost: float
    bound: float
    proven: bool
    seconds: tuple[float, float]

    @property
    def over(self) -> float:
        """How much more than the bound the gate costs, in percent."""
        return 0.0 if self.gate_cost <= self.bound + 0.5 else 100 * (self.gate_cost / max(self.bound, 1.0) - 1)


# --- towns ----------------------------------------------------------------------------------------------------------------------


def compare(kind: str, seed: int, seconds: float) -> Compared:
    """Close a town for the public, and find the least for the safety that the gate gave."""
    town = towns.town(seed, kind=kind)
    table, ready = town.figures(), town.for_gate()
    start = time.perf_counter()
    proof = complementary.close(table, known=town.catalogue, registers=[ready])[Audience.PUBLIC].proofs[0]
    closed = time.perf_counter()
    every = np.arange(len(proof.problem.targets))
    problem = SuppressionProblem(
        proof.problem.tables,
        proof.problem.figures,
        proof.problem.forms,
        proof.problem.targets.chosen(np.setdiff1d(every, proof.open)),
        proof.problem.ranges,
    )
    found = least(problem, proof.hidden, seconds)
    rule = problem.figures.hidden
    return Compared(
        kind,
        seed,
        len(rule),
        int(rule.sum()),
        int((proof.hidden & ~rule).sum()),
        cost(problem, proof.hidden),
        int((found.hidden & ~rule).sum()),
        cost(problem, found.hidden),
        found.bound,
        found.proven,
        (closed - start, time.perf_counter() - closed),
    )


def main(
    *,
    towns_of_each: Annotated[int, typer.Option("--towns", min=1, help="Towns of each kind.")] = 8,
    seconds: Annotated[float, typer.Option(min=1, help="Time for the optimum of one town.")] = 60.0,
    processes: int = 2,
    write: bool = True,
) -> None:
    """Compare towns of every kind, and write the section."""
    asked = [(kind, seed) for kind in KINDS for seed in range(700, 700 + towns_of_each)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        compared = []
        for one in pool.map(compare, *zip(*asked, strict=True), [seconds] * len(asked)):
            typer.echo(one)
            compared.append(one)
    text = _text(compared)
    typer.echo(text)
    if write:
        report.section("optimum", "Hidden beside the rule, against the least", text)


def _text(compared: Sequence[Compared]) -> str:
    rows = [_row(kind, [one for one in compared if one.kind == kind]) for kind in KINDS]
    rows.append(_row("in sum", compared))
    over = [one for one in compared if one.over > _NEAR]
    named = "; ".join(f"{one.kind} {one.seed}: {one.gate} figures for {one.least}, {one.over:.0f} % dearer" for one in over)
    return f"""
{len(compared)} small towns of one period (`tests/towns/towns.py`), each published to the public (k = 5) by the gate, and by the cheapest
choice of figures that proves the same targets just as wide, by the gate's own prices (city 1,000, district 10, patch 3, small
area 1, times one and the logarithm of the people). The optimum is proven in {sum(one.proven for one in compared)} of
{len(compared)}; elsewhere its bound is taken. It is found by an integer program over which counts are hidden and by linear, then
whole-number programs for each target (`bench/optimum.py`), which share nothing with the gate's search.
Seconds of the gate are for all three audiences, on a machine with a load of {os.getloadavg()[1]:.0f} on two cores.

{report.table(rows)}

More than {_NEAR:.0f} % dearer than the optimum: {named or "none"}.
"""


_NEAR = 15.0
"""Percent by which a town may be dearer."""


def _row(name: str, compared: Sequence[Compared]) -> dict[str, str]:
    ours, best = sum(one.gate for one in compared), sum(one.least for one in compared)
    cost, bound = sum(one.gate_cost for one in compared), sum(one.bound for one in compared)
    return {
        "indicators": name,
        "towns": f"{len(compared)}",
        "figures": f"{sum(one.figures for one in compared):,}",
        "hidden by the rule": f"{sum(one.rule for one in compared):,}",
        "besides: gate": f"{ours:,}",
        "optimum": f"{best:,}",
        "more figures": f"{100 * (ours / max(1, best) - 1):.1f} %",
        "dearer": f"{100 * (cost / max(1.0, bound) - 1):.1f} %",
        "dearest town": f"{max(one.over for one in compared):.0f} %",
        f"within {_NEAR:.0f} %": f"{sum(one.over <= _NEAR for one in compared)}",
        "gate, s": f"{sum(one.seconds[0] for one in compared):.0f}",
        "optimum, s": f"{sum(one.seconds[1] for one in compared):.0f}",
    }


if __name__ == "__main__":
    typer.run(main)
