"""One goal with its catalogue, and verdicts on a few rows."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from geo.conclusions import goals
from geo.figures.indicators import intervals
from geo.model.catalogue import Catalogue, ListEdition
from geo.model.goals import Baseline, Goal, Target
from geo.model.indicators import Indicator
from geo.model.programmes import HotspotProgramme, PlanProgramme
from geo.model.results import Judgement
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from tests.records.single import indicator, row

WORDS = Text(da="x", en="x")
CITE = Cite(source="s")
DIRECTION = Target(id="up", name=WORDS, unit="direction")


def goal(**changes: object) -> Goal:
    plain = {
        "id": "g", "policy": "p", "name": WORDS, "question": WORDS, "wording": "w", "direction": "up", "deadline": dt.date(2014, 12, 31),
        "targets": (DIRECTION,), "cite": CITE, "indicator": "i", "area_set": "s", "baseline": Baseline(period="2010"),
    }  # fmt: skip
    return Goal(**(plain | changes))  # type: ignore[arg-type]


def catalogue(goal: Goal, *, of: Indicator | None = None, lists: tuple[ListEdition, ...] = ()) -> Catalogue:
    return Catalogue(
        sources=(), area_sets=(), indicators=(of or indicator(),), rules=(), goals=(goal,), lists=lists,
        plans=PlanProgramme(figures=(), evaluations=(), plans=(), note=WORDS),
        hotspots=HotspotProgramme(areas=(), themes=(), staff=(), informed=(), figures=(), note=WORDS), calendar=(), contradictions=(),
    )  # fmt: skip


def share(period: str, k: float, n: float, **changes: object) -> pd.DataFrame:
    return row(period=period, value=100 * k / n, numerator=float(k), denominator=float(n), **changes)


def judged(goal: Goal, *rows: pd.DataFrame, of: Indicator | None = None, lists: tuple[ListEdition, ...] = ()) -> tuple[Judgement, ...]:
    known = catalogue(goal, of=of, lists=lists)
    table = intervals(pd.concat(rows, ignore_index=True), indicators=known.indicators)
    whole = goals.pooled(table, catalogue=known)
    together = row().iloc[:0].reindex(columns=[*row().columns, "goal"])
    if len(whole):
        parts = [
            share(r["period"], r["numerator"], r["denominator"], indicator=r["indicator"], area_set="s", area_id="")
            for r in whole.to_dict("records")
        ]
        together = intervals(pd.concat(parts, ignore_index=True), indicators=known.indicators).assign(goal=whole["goal"].to_numpy())
    return goals.judge(table, catalogue=known, whole=together)
