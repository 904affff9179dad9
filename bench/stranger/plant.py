"""Leaks planted by hand: a figure that the rule hides is shown in the newest edition, and must then be found out."""

from __future__ import annotations

import numpy as np

from bench.stranger import rule
from bench.stranger.attack import Attacked
from bench.stranger.city import PERIODS
from bench.stranger.people import Sides, sides
from bench.stranger.reading import OUTWARDS, Edition
from bench.stranger.worlds import Worlds


def planted(attacked: Attacked, number: int, *, audience: str = "public") -> tuple[int, int]:
    """Unhide so many figures that the rule hides, one at a time: how many were unhidden, and how many of them the attacker finds."""
    rng = np.random.default_rng(attacked.states[0].seed)
    edition, last = attacked.editions[-1], len(attacked.states) - 1
    limits, table = attacked.states[last].limits[audience], edition.tables[audience]
    measures = {each.id: each for each in attacked.states[last].measures}
    chosen = []
    for at, row in table[table["period"].isin(PERIODS) & table["denominator"].isna()].iterrows():
        people, where = attacked.people.counts[last, row["period"]], attacked.people.areas[row["area_set"], row["area_id"]]
        counts = sides(attacked.people, people, measures[row["indicator"]], where)
        if rule.hidden(counts, limits) in {"numerator", "rest"}:
            chosen.append((at, counts))
    picks = rng.permutation(len(chosen))[:number]
    return len(picks), sum(_found(attacked, audience, *chosen[pick]) for pick in picks)


def _found(attacked: Attacked, audience: str, at: int, counts: Sides) -> bool:
    """Whether what the figure of one row of the table would tell is narrowed once it is shown."""
    edition = attacked.editions[-1]
    table = edition.tables[audience].copy()
    table.loc[at, ["numerator", "denominator"]] = [counts.numerator, counts.denominator]
    table.loc[at, ["status", "reason"]] = ["final", ""]
    told = Edition({**edition.tables, audience: table}, edition.unknown, edition.unplaced)
    leaking = Attacked(attacked.states, [*attacked.editions[:-1], told])
    people, where = leaking.people, leaking.people.areas[table.loc[at, "area_set"], table.loc[at, "area_id"]]
    limits, period = attacked.states[-1].limits[audience], str(table.loc[at, "period"])
    asked = [each for each in leaking.targets(limits, period) if each.measure == table.loc[at, "indicator"]]
    lived = people.counts[len(leaking.states) - 1, period].any(axis=1)
    wanted = [each for each in asked if (each.where == (where & lived)).all()]
    worlds = Worlds([*leaking.crowd(), *leaking.read(OUTWARDS[audience])], leaking.truth)
    return bool(worlds.narrowed([leaking.asked(each) for each in wanted], [each.width for each in wanted]))
