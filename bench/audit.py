"""Disclosure control on random towns: what attackers that share nothing with the gate can narrow, before and after, and what it costs.

`make audit-bench` writes the section into docs/benchmarks.md. The towns are those of tests/towns.py: crossing area sets with slivers,
columns with two to four values, groups and their parts, shared denominators, missing values, three audiences.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import typer

from bench import report
from geo.attack.findings import LP, RULED, Asked, Narrowed, attack
from geo.disclosure import Withheld, protect
from geo.words import Audience
from tests import towns
from tests.towns import SETS, Town


@dataclass(frozen=True)
class Measured:
    """What came of a town: figures, those hidden by the rule and in all, and the targets that attackers narrow before and after."""

    figures: int
    hidden: dict[Audience, int]
    by_rule: dict[Audience, int]
    before: Counter[str]
    after: dict[Audience, Counter[str]] = field(default_factory=dict)
    planted: bool = True
    gate: float = 0.0
    attacked: float = 0.0


def measure(seed: int) -> Measured:
    """Close a town, attack what each audience reads with all that is read further out, and see that a planted leak is found."""
    town = towns.town(seed, periods=1 + seed % 2)
    start = time.perf_counter()
    published = town.published()
    gate = time.perf_counter() - start
    naive = _by_rule(town)
    start = time.perf_counter()
    read: list[pd.DataFrame] = []
    after = {}
    for audience in Audience:
        read.append(published[audience].table)
        after[audience] = _narrowed(town, read, audience)
    seconds = time.perf_counter() - start
    hidden = {audience: int((published[audience].table["status"] == "suppressed").sum()) for audience in Audience}
    rule = {audience: sum(n for (_, _, why), n in published[audience].why.items() if why != "complementary") for audience in Audience}
    before, planted = _narrowed(town, [naive], Audience.PUBLIC), _planted(town, published[Audience.PUBLIC].table)
    return Measured(len(naive), hidden, rule, before, after, planted, gate, seconds)


def main(*, number: int = 200) -> None:
    """number: towns."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        measured = list(pool.map(measure, range(1000, 1000 + number)))
    report.section("audit", "Disclosure control", _text(measured))


def _by_rule(town: Town) -> pd.DataFrame:
    table = town.figures()
    covered = frozenset((name, period) for name in town.measures for period in table["period"].unique())
    return protect(table, indicators=town.indicators, rules=[town.rule], audience=Audience.PUBLIC, withheld=Withheld(covered=covered)).table


def _found(town: Town, tables: list[pd.DataFrame], audience: Audience) -> list[Narrowed]:
    asked = Asked(dict.fromkeys(town.measures, town.rule.thresholds[audience]), dict.fromkeys(town.measures, SETS), whole=False)
    return [one for people in town.people().values() for one in attack(people, tables, asked)]


def _narrowed(town: Town, tables: list[pd.DataFrame], audience: Audience) -> Counter[str]:
    return Counter(one.attacker for one in _found(town, tables, audience))


def _planted(town: Town, table: pd.DataFrame) -> bool:
    """Whether a figure that is unhidden by hand is found; a town without a hidden figure of few has nothing to plant."""
    truth, opened = town.figures(), table.copy()
    few = truth.index[(truth["numerator"] > 0) & (truth["numerator"] < 5) & (table["status"] == "suppressed")]
    if not len(few):
        return True
    columns = ["value", "numerator", "denominator"]
    opened.loc[few[0], columns], opened.loc[few[0], "status"] = truth.loc[few[0], columns], "final"
    return bool(_found(town, [opened], Audience.PUBLIC))


def _text(measured: list[Measured]) -> str:
    rows = [_row(measured, audience) for audience in Audience]
    size = int(np.median([one.figures for one in measured]))
    before = sum((one.before for one in measured), Counter[str]())
    return f"""
{len(measured)} random towns of one or two periods ({size} figures in the median): crossing area sets with slivers, categories of a column,
groups and their parts, shared denominators, parts of parts, missing values; k = 5 for the public, 3 for staff and SSP. The attacker is
`geo.attack`, which shares no code with the gate: it counts the rows anew and asks linear programs how tightly each figure that a rule
hides, each overlap with few people and each difference of areas can be bounded; once more as somebody who knows which figures the rule
itself hides. Each audience's attacker reads what is read further out too. Load of the machine meanwhile: {os.getloadavg()[1]:.1f} on two
cores.

Hidden by the rule alone, the public would narrow {before[LP]:,} targets ({before[RULED]:,} for who knows the rule). After the gate:

{report.table(rows)}

A figure unhidden by hand was found in {sum(one.planted for one in measured)} of {len(measured)} towns. For the three audiences
the gate takes {np.median([one.gate for one in measured]):.1f} s a town in the median, {max(one.gate for one in measured):.1f} s at most.
"""


def _row(measured: list[Measured], audience: Audience) -> dict[str, str]:
    after = sum((one.after[audience] for one in measured), Counter[str]())
    figures, hidden = sum(one.figures for one in measured), sum(one.hidden[audience] for one in measured)
    rule = sum(one.by_rule[audience] for one in measured)
    return {
        "audience": audience.value,
        "narrowed after: linear": f"{after[LP]:,}",
        "who knows the rule": f"{after[RULED]:,}",
        "figures": f"{figures:,}",
        "hidden by the rule": f"{rule:,}",
        "hidden besides": f"{hidden - rule:,}",
        "besides, of what the rule leaves": f"{100 * (hidden - rule) / max(1, figures - rule):.0f} %",
    }


if __name__ == "__main__":
    typer.run(main)
