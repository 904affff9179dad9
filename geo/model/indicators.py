"""What is measured, as types: indicators, their definitions, and the bridges that carry a figure from one definition to the next."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from geo.model.sources import Cite
from geo.model.vocabulary import Direction, Kind, Text, Value


class Definition(Value, frozen=True, kw_only=True):
    """One version of what an indicator means, valid from one day to another. A new version is a break in the series."""

    version: str
    text: Text
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    cite: Cite | None = None

    def holds(self, day: dt.date) -> bool:
        """Return whether the definition is valid on a day; its first and its last day are included."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class PolicyBreak(Value, frozen=True, kw_only=True):
    """An edge between two colour classes that policy sets: a target, or a legal threshold."""

    value: float
    label: Text


class RegisterMeasure(Value, frozen=True, kw_only=True):
    """How an indicator is counted in a register.

    `where` and `having` give, for a column of the register, the words that a row may have. The denominator counts the rows that
    satisfy `where`; the numerator counts those of them that satisfy `having` as well.
    """

    register: str
    where: dict[str, tuple[str, ...]] = {}
    having: dict[str, tuple[str, ...]] = {}


class AssumedSample(Value, frozen=True, kw_only=True):
    """A sample size that the source does not give per area; intervals from it are marked as assumed."""

    n: dict[str, int]
    note: Text


class DesignEffect(Value, frozen=True, kw_only=True):
    """The design effect of a survey (> 0), as its source states it.

    It is the variance of the survey's estimates divided by the variance of a simple random sample of the same size.
    """

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
    """Figures of areas for which the source has none, estimated from those of another set: `from` (source), `to`, and `by` what.

    by: "people" divides each source area by where its residents live, in the percent that the edition shows of the two areas; "area"
    divides it by ground, as if people lived evenly spread.
    """

    source: str = msgspec.field(name="from")
    to: tuple[str, ...]
    by: Literal["people", "area"]


class Bridge(Value, frozen=True, kw_only=True):
    """How a figure is carried over a change of definition: factor * figure + offset, both in the indicator's unit.

    before, after: the versions of the definition. doubt: half the width of the 95 percent interval of what the bridge adds. Where the
    source does not state it, it is absent; the figure that was carried over then has no interval, and no verdict can be given from
    it. cite: the source of the bridge; a bridge without a source is not allowed.
    """

    before: str
    after: str
    cite: Cite
    factor: float = 1.0
    offset: float = 0.0
    doubt: float | None = None
    note: Text | None = None


class Indicator(Value, frozen=True, kw_only=True):
    """What is measured. Shares are in percent (0-100); rates are per `per` persons.

    `basis` says what kind of doubt there is, as the source states it: "register" where it says that everybody was counted, "survey"
    where it says that a sample was asked, "unstated" where it says neither; the doubt is then unknown. `definitions` follow one
    another in time: one is valid at a time, every change is a break in the series, and a verdict reaches across a break only by a
    bridge. `hide_zero`: a count of nobody, or a remainder of nobody, is hidden like a count of few. `noise`: its counts are changed
    instead of hidden. `means`: the numbers of half-years (2 or 4) whose mean is published where the single half-years are hidden and
    the mean discloses nobody. `same_as`: the indicator that describes the same people as this one's tables; the figures of both are
    hidden together. `differs_from`: indicators that sound alike but describe other people. `apportioned`: area sets for which the
    source has no figures, and the set from which they are estimated.
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
        """The area sets for which its source has figures; those of the others are apportioned."""
        estimated = self.apportioned.to if self.apportioned else ()
        return tuple(name for name in self.area_sets if name not in estimated)

    @property
    def counts_everybody(self) -> bool:
        """Whether everybody was counted: the source says so, or the figures were counted here in a register."""
        return self.basis == "register" or self.register is not None

    @property
    def scale(self) -> int | None:
        """What numerator / denominator is multiplied by: 100 for a share, `per` for a rate, None where the value is not made of counts."""
        return {"share": 100, "rate": self.per}.get(self.kind)

    def version(self, day: dt.date) -> str:
        """Return the version of the definition that is valid on a day, or "" when none is."""
        return next((definition.version for definition in self.definitions if definition.holds(day)), "")
