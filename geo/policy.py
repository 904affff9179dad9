"""The policy's goals as types: where from, where to, by when, and what they rest on. Values only."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from geo.sources import Cite
from geo.words import Direction, Text, Value


class Baseline(Value, frozen=True, kw_only=True):
    """Where a goal starts. `period` is absent when the source does not date the value."""

    value: float | None = None
    period: str | None = None
    note: Text | None = None
    cite: Cite | None = None


class Target(Value, frozen=True, kw_only=True):
    """One reading of where a goal wants to be.

    unit: `level` (a value of the indicator), `percent` (relative change from the baseline), `percentage_points` (absolute
    change), `areas` (a number of areas), `direction` (only that it must move the right way), `parity` (a gap of zero).
    """

    id: str
    name: Text
    unit: Literal["level", "percent", "percentage_points", "areas", "direction", "parity"]
    value: float | None = None
    cite: Cite | None = None


class Goal(Value, frozen=True, kw_only=True):
    """A goal of the policy. `wording` is the official sentence, quoted; `question` is ours.

    `indicator` names the real measure, `demo_indicator` the made-up one that shows how the goal would be judged. A goal
    without `indicator` says "ikke målt" and names in `deliverer` who would have to measure it.
    """

    id: str
    policy: str
    name: Text
    question: Text
    wording: str
    direction: Direction
    deadline: dt.date | None
    targets: tuple[Target, ...]
    cite: Cite
    page: str = ""
    indicator: str | None = None
    demo_indicators: tuple[str, ...] = ()
    area_set: str = "kommune"
    area_ids: tuple[str, ...] = ()
    frozen_list: str | None = None
    baseline: Baseline | None = None
    demo_baseline: str | None = None
    deliverer: Text | None = None
    note: Text | None = None
    order: int = 100
