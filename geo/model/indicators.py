"""What is measured, as types: indicators, their definitions, and how a figure is carried from one definition to the next. Values only."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from geo.model.sources import Cite
from geo.model.vocabulary import Direction, Kind, Text, Value


class Definition(Value, frozen=True, kw_only=True):
    """One version of what an indicator means, valid from a day to a day. A change of version is a break in the series."""

    version: str
    text: Text
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    cite: Cite | None = None

    def holds(self, day: dt.date) -> bool:
        """Whether the definition is valid on a day; its first and its last day count."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class PolicyBreak(Value, frozen=True, kw_only=True):
    """A class break that policy sets: a target, a legal threshold."""

    value: float
    label: Text


class RegisterMeasure(Value, frozen=True, kw_only=True):
    """How an indicator is counted in a register: rows where `where` holds are the denominator, those with `having` too the numerator."""

    register: str
    where: dict[str, tuple[str, ...]] = {}
    having: dict[str, tuple[str, ...]] = {}


class AssumedSample(Value, frozen=True, kw_only=True):
    """A sample size that the source does not give per area; intervals from it are marked as assumed."""

    n: dict[str, int]
    note: Text


class DesignEffect(Value, frozen=True, kw_only=True):
    """How many times larger a survey's variance is than that of as large a simple random sample, as its source tells it (> 0)."""

    value: float
    cite: Cite
    note: Text | None = None


class Noise(Value, frozen=True, kw_only=True):
    """How the counts of an indicator are changed, so that nobody can tell who is in them (geo.figures.cellkey).

    variance: of the change, in persons squared. most: the largest change, in persons. least: no count from 1 to least - 1 is ever shown.
    A count of nobody stays nobody.
    """

    variance: float
    most: int
    least: int


class Apportionment(Value, frozen=True, kw_only=True):
    """Figures of areas that the source does not tell of, estimated from those of another set: `from` (source), `to`, and `by` what.

    by: "people" divides each source area by where its residents live, in the percent that the edition shows of the two areas; "area"
    by ground, as if people lived evenly spread.
    """

    source: str = msgspec.field(name="from")
    to: tuple[str, ...]
    by: Literal["people", "area"]


class Bridge(Value, frozen=True, kw_only=True):
    """How a figure of one definition is carried over a break to the next: factor * figure + offset, both in the indicator's unit.

    doubt: half the width of the 95 percent interval of what the bridge adds; absent when the source does not tell, and then what
    was carried over has no interval and decides nothing. Without a source there is no bridge.
    """

    before: str
    after: str
    cite: Cite
    factor: float = 1.0
    offset: float = 0.0
    doubt: float | None = None
    note: Text | None = None


class Indicator(Value, frozen=True, kw_only=True):
    """What is measured. Shares are in percent (0-100); rates are per `per`.

    `basis` says what doubt there can be, as the source tells it: "register" where it says that everybody was counted, "survey" where it
    asked some, "unstated" where it says neither, and then the doubt is not known. Definitions are a clock: one at a time,
    a break at every change, and a verdict crosses one only on a bridge. `hide_zero`: counts and remainders of nobody are hidden as
    those of few are. `noise`: its counts are changed instead of hidden. `means`: of how many half-years (2 or 4)
    the mean is told where a half-year is hidden and the mean gives nobody away. `same_as`: the indicator that tells of the same people
    as this one's tables do; their figures are hidden together. `differs_from`: those that sound alike and tell of other people.
    `apportioned`: area sets that its source does not tell of, and from which set their figures are estimated.
    """

    id: str
    name: Text
    kind: Kind
    unit: Text
    population: Text
    direction: Direction
    theme: str
    area_sets: tuple[str, ...]
    definitions: tuple[Definition, ...]
    rule: str
    basis: Literal["register", "survey", "unstated"] = "unstated"
    per: int = 100
    decimals: int = 0
    order: int = 100
    demo: bool = False
    policy_breaks: tuple[PolicyBreak, ...] = ()
    register: RegisterMeasure | None = None
    assumed_sample: AssumedSample | None = None
    design_effect: DesignEffect | None = None
    bridges: tuple[Bridge, ...] = ()
    hide_zero: bool = False
    noise: Noise | None = None
    means: tuple[int, ...] = ()
    same_as: str = ""
    differs_from: tuple[str, ...] = ()
    apportioned: Apportionment | None = None
    note: Text | None = None

    @property
    def measured_sets(self) -> tuple[str, ...]:
        """The area sets that its source tells of; the others are apportioned."""
        estimated = self.apportioned.to if self.apportioned else ()
        return tuple(name for name in self.area_sets if name not in estimated)

    @property
    def counts_everybody(self) -> bool:
        """Whether the source says that everybody was counted, or we counted a register ourselves."""
        return self.basis == "register" or self.register is not None

    @property
    def scale(self) -> int | None:
        """What numerator / denominator is multiplied by: 100 of a share, `per` of a rate; None where no counts make the value."""
        return {"share": 100, "rate": self.per}.get(self.kind)

    def version(self, day: dt.date) -> str:
        """The version of the definition that is valid on a day, or "" when none is."""
        return next((one.version for one in self.definitions if one.holds(day)), "")
