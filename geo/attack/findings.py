"""The attack: every protected count is tried with every attacker. For tests, benchmarks and `omraadekort audit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from geo.attack import facts, older, periods
from geo.attack.bounds import Bounder
from geo.attack.people import Area, People
from geo.attack.targets import AttackTarget, hidden_by_rule, targets
from geo.model.rules import Threshold

_CLOSE: Final = 1e-6
LP: Final = "linear"
WHOLE: Final = "whole numbers"
RULED: Final = "knows the rule"


@dataclass(frozen=True)
class Narrowed:
    """A count that an attacker bounds more tightly than the rule allows. truth: the true count, for whoever holds the register."""

    attacker: str
    target: str
    indicator: str
    period: str
    low: float
    high: float
    truth: int = field(repr=False)


@dataclass(frozen=True)
class Attacked:
    """What is attacked: the limits and the area sets of each indicator, the unit of its value and the decimals that are shown.

    most: how many counts of each period are tried, spread evenly; 0 tries all. whole: whether whole numbers are tried too. older:
    tables of older editions. Only the attacker who does not know the rule uses them: what is published cannot be withdrawn, and with
    the rule it may disclose more.
    """

    limits: Mapping[str, Threshold]
    sets: Mapping[str, tuple[str, ...]]
    per: Mapping[str, int] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    most: int = 0
    whole: bool = True
    older: tuple[pd.DataFrame, ...] = ()


def attack(people: People, tables: Sequence[pd.DataFrame], asked: Attacked) -> tuple[Narrowed, ...]:
    """Attack one period.

    tables: everything that the audience reads: its own part, those further out, and older editions (OBSERVATION_COLUMNS).
    """
    hidden = hidden_by_rule(people, asked.sets, asked.limits)
    asked = replace(asked, older=tuple(older.still_so(table, people) for table in asked.older))
    return _attack(people, tables, asked, hidden, list(targets(people, asked.sets, asked.limits)))


def attack_tied(every: Sequence[People], tables: Sequence[pd.DataFrame], asked: Attacked, over: periods.Parts) -> tuple[Narrowed, ...]:
    """Attack several periods together with the means over them; the protected counts are those of each period.

    every: the people of each period, with the same atoms. tables: everything that the audience reads (OBSERVATION_COLUMNS). over: the
    periods of each mean.
    """
    people = periods.tied(every, over)
    read = [periods.summed(table, people, every, over) for table in tables]
    before = [pd.concat([older.still_so(table, measured) for measured in every]) for table in asked.older]
    asked = replace(asked, older=tuple(periods.summed(table, people, every, over) for table in before))
    hidden = [
        (name, periods.area(area, measured.period))
        for measured in every
        for name, area in hidden_by_rule(measured, asked.sets, asked.limits)
    ]
    aims = [
        replace(target, name=f"{measured.period} {target.name}", atoms=periods.lifted(target.atoms, place, len(every)))
        for place, measured in enumerate(every)
        for target in targets(measured, asked.sets, asked.limits)
    ]
    return _attack(people, read, asked, hidden, aims)


def _attack(
    people: People, tables: Sequence[pd.DataFrame], asked: Attacked, hidden: Sequence[tuple[str, Area]], every: Sequence[AttackTarget]
) -> tuple[Narrowed, ...]:
    plain = facts.known_sums(people, [*tables, *asked.older], asked.per, asked.decimals)
    ruled = facts.known_sums(people, tables, asked.per, asked.decimals)
    facts.by_the_rule(ruled, hidden, asked.limits)
    step = max(1, -(-len(every) // asked.most)) if asked.most else 1
    alone = facts.KnownSums(people)
    facts.by_the_rule(alone, hidden, asked.limits)
    bounder, knowing, rule_only = Bounder(*plain.matrix()), Bounder(*ruled.matrix()), Bounder(*alone.matrix())
    narrowed: list[Narrowed] = []
    for target in every[::step]:
        counted = np.outer(target.atoms, target.classes).ravel().astype(float)
        narrowed += _asked(people, target, target.width, LP, bounder.ends(counted))
        low, high = rule_only.ends(counted)  # what follows from the rule alone cannot be kept from anybody
        narrowed += _asked(
            people, target, min(target.ruled_width, int(high + _CLOSE) - int(low + 1 - _CLOSE)), RULED, knowing.ends(counted)
        )
        if asked.whole:
            narrowed += _asked(people, target, target.width, WHOLE, bounder.whole_ends(counted))
    return tuple(narrowed)


def _asked(people: People, target: AttackTarget, width: int, attacker: str, ends: tuple[float, float]) -> list[Narrowed]:
    low, high = ends
    if not high - low < width - _CLOSE:  # not a number: the facts contradict each other, and nothing can be said
        return []
    return [Narrowed(attacker, target.name, target.indicator, people.period, low, high, target.truth)]
