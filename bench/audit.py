"""Disclosure control on random cities: what could be solved for before and after, what it costs, how long it takes, how far from the best.

`make audit-bench` writes the section into docs/benchmarks.md. The cities are those of tests/cities.py; every answer is attacked by all
three attackers before its time is believed.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import typer
from geo.protection.attackers import ATTACKERS, Narrowed, attack
from geo.protection.certificate import check
from geo.protection.jointmodel import Joint, published, targets
from geo.protection.suppression import suppress
from tests.optimum import least_cost

from bench import report
from geo.errors import GeoError
from tests import cities

SHARES: Final = (0.03, 0.004, 0.0015)
INDICATORS: Final = (
    0.2,
    0.1,
    0.06,
    0.03,
    0.03,
    0.02,
    0.015,
    0.01,
    0.01,
    0.008,
    0.006,
    0.004,
    0.004,
    0.003,
    0.002,
    0.002,
    0.0015,
    0.0015,
    0.001,
    0.0005,
)
SMALL: Final = cities.Size(districts=3, small=45, housing=18, people=67_500)
CITY: Final = cities.Size()


@dataclass(frozen=True)
class Case:
    """What to make: a city by its seed and size, a trait by its share; two years with their mean or one."""

    seed: int
    share: float
    size: cities.Size = CITY
    years: int = 1
    optimum: bool = False

    def joint(self) -> Joint:
        """The model of the case; where it is compared with the optimum, every cell has a cost of its own."""
        rng = np.random.default_rng(self.seed)
        city = cities.overlay(self.size, rng)
        two = self.years == 2
        made = cities.two_years(city, self.share, rng) if two else cities.joint(city, cities.trait(city, self.share, rng))
        return replace(made, cost=made.cost * rng.integers(1, 9, len(made.cost))) if self.optimum else made


@dataclass(frozen=True)
class Measured:
    """What came of a case. before, after: unsafe targets by attacker; seconds and processor seconds of `suppress`."""

    share: float
    cells: int
    targets: int
    primary: int
    besides: int
    tables: int
    before: dict[str, int]
    after: dict[str, int]
    wall: float
    processor: float
    auditing: float
    checking: float
    cost: float
    best: tuple[float, float]


def measure(case: Case) -> Measured:
    """Suppress, attack before and after, check the certificate. Raises GeoError when the certificate does not hold."""
    joint = case.joint()
    start, used = time.perf_counter(), time.process_time()
    found = suppress(joint)
    wall, processor = time.perf_counter() - start, time.process_time() - used
    start = time.perf_counter()
    after = attack(joint, found.hidden)
    auditing = time.perf_counter() - start
    start = time.perf_counter()
    problems = check(found.certificate, joint, published(joint, found.hidden))
    checking = time.perf_counter() - start
    if problems or found.unsafe:
        raise GeoError(problems or f"{len(found.unsafe)} targets of {case} are unsafe")
    best = least_cost(joint) if case.optimum else (np.nan, np.nan)
    counts = len(joint.cost), len(targets(joint)), int(joint.primary.sum()), int((found.hidden & ~joint.primary).sum())
    unsafe = _by_attacker(attack(joint, joint.primary)), _by_attacker(after)
    return Measured(case.share, *counts, len(found.certificate.tables), *unsafe, wall, processor, auditing, checking, found.cost, best)


def release(size: cities.Size) -> float:
    """Seconds for 20 indicators of one city on two processes, the processes' start included."""
    cases = [Case(1, share, size) for share in INDICATORS]
    joints = [case.joint() for case in cases]
    start = time.perf_counter()
    with _two_processes() as pool:
        list(pool.map(suppress, joints))
    return time.perf_counter() - start


def main(*, number: int = 30, years: int = 2, small: int = 30) -> None:
    """number: cities a trait; years: models of two years a trait; small: cities compared with the optimum."""
    with _two_processes() as pool:
        tables = list(pool.map(measure, [Case(seed, share) for share in SHARES for seed in range(number)]))
        pairs = list(pool.map(measure, [Case(seed, share, years=2) for share in SHARES for seed in range(years)]))
        near = [Case(seed, share, SMALL, optimum=True) for seed in range(small) for share in SHARES[:2]]
        near += [Case(seed, share, replace(SMALL, small=12, housing=5), 2, True) for seed in range(small // 3) for share in SHARES[:2]]
        compared = list(pool.map(measure, near))
    report.section("audit", "Disclosure control", _text(tables, pairs, compared, release(CITY)))


def _two_processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


def _by_attacker(found: Sequence[Narrowed]) -> dict[str, int]:
    return {who.value: sum(one.attacker == who for one in found) for who in ATTACKERS}


def _text(tables: list[Measured], pairs: list[Measured], compared: list[Measured], seconds: float) -> str:
    proved = [one for one in compared if one.best[0] == one.best[1]]
    cost, best = sum(one.cost for one in proved), sum(one.best[1] for one in proved)
    worst = max((one.cost / one.best[1] - 1 for one in proved if one.best[1]), default=0.0)
    times = [one.wall for one in tables]
    return f"""
Random cities of {CITY.people:,} people: {CITY.districts} districts, {CITY.small} small districts, {CITY.housing} housing areas that cross
them; k = 5. Unsafe: targets that an attacker bounds more tightly than the rule leaves open, summed over the cities.
Load of the machine meanwhile: {os.getloadavg()[1]:.1f} on two cores.

{report.table([_row(tables, share, "") for share in SHARES] + [_row(pairs, share, ", two years and their mean") for share in SHARES])}

A table takes {np.median(times):.2f} s in the median, {max(times):.2f} s at most; a release of {len(INDICATORS)} indicators on two processes
{seconds:.1f} s. A certificate is checked in {1000 * np.median([one.checking for one in tables]):.1f} ms (median), and holds
{max(one.tables for one in tables)} tables at most ({max(one.tables for one in pairs)} for two years).

Beside the optimum (an integer program of all tables at once, costs drawn at random): {len(proved)} of {len(compared)} small cities
solved within a minute each; what the search hides costs {100 * (cost / best - 1) if best else 0:.1f} % more than the best in all,
{100 * worst:.0f} % more in the worst city, and the same in {sum(one.cost == one.best[1] for one in proved)} of {len(proved)}.
"""


def _row(measured: list[Measured], share: float, note: str) -> dict[str, str]:
    rows = [one for one in measured if one.share == share]

    def middle(name: str) -> str:
        return f"{np.median([getattr(one, name) for one in rows]):.3g}"

    return {
        "trait": f"{100 * share:g} %{note}",
        "cities": str(len(rows)),
        "targets, median": middle("targets"),
        "unsafe before: lp / whole / told": " / ".join(f"{sum(one.before[who.value] for one in rows):,}" for who in ATTACKERS),
        "unsafe after": " / ".join(f"{sum(one.after[who.value] for one in rows):,}" for who in ATTACKERS),
        "hidden by the rule": middle("primary"),
        "hidden besides": middle("besides"),
        "suppress, s": middle("wall"),
        "of that processor, s": middle("processor"),
        "attack, s": middle("auditing"),
        "tables": middle("tables"),
    }


if __name__ == "__main__":
    typer.run(main)
