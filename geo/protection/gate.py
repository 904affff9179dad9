"""The gate: over all figures that an audience can add up, hide what would tell what a rule hides, and prove that nothing does.

A family of figures is closed for the public first. Whoever is further in reads that too, so for them it is already out; then what
they may read besides is closed in the same way. Where earlier editions leave nothing to hide, nothing is published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import disclosure
from geo.disclosure import Cell, Withheld
from geo.errors import GeoError, Problem
from geo.model import Catalogue, Indicator
from geo.protection import certificate, chains, overlay, suppression
from geo.protection.certificate import Certificate
from geo.protection.jointmodel import Frame, Published, exactly, published
from geo.protection.overlay import Area, Counted, Fact, Family, Model, Stand, Strictness, Teller
from geo.words import Audience

PLACE: Final = "disclosure"
_SHOWN: Final = 5
"""Models of which a refusal tells: the rest are counted."""

Facts = Mapping[Fact, Mapping[int, str]]


@dataclass(frozen=True)
class Proof:
    """What is kept of a joint model: its cells and people, what is hidden, and why that is enough. The truth is not in it.

    areas, tellers: as of overlay.Model. told: the counts that were out already, NaN for other cells. digest: the fingerprint of the model.
    """

    register: str
    period: str
    indicators: tuple[str, ...]
    areas: tuple[Area, ...]
    tellers: tuple[tuple[Teller, ...], ...]
    frame: Frame
    told: NDArray[np.float64]
    hidden: NDArray[np.bool_]
    certificate: Certificate
    digest: str

    @property
    def name(self) -> str:
        """Indicators and period, for a message."""
        return f"{', '.join(self.indicators)} {self.period}"

    @property
    def withheld(self) -> Iterator[Cell]:
        """The figures that are hidden."""
        for cell in np.flatnonzero(self.hidden).tolist():
            yield from ((teller.indicator, *self.areas[cell], self.period) for teller in self.tellers[cell])

    def published(self, shown: Mapping[Cell, tuple[float, float]]) -> Published:
        """What is out of its cells: what was already, and numerator and denominator of every figure that is shown."""
        values = self.told.copy()
        for cell, (area, tellers) in enumerate(zip(self.areas, self.tellers, strict=True)):
            for name, side in tellers:
                if side and (name, *area, self.period) in shown:
                    values[cell] = shown[name, *area, self.period][side == "denominator"]
        return exactly(values)


@dataclass(frozen=True)
class Closed:
    """What one audience does not get to see, with the proofs."""

    withheld: Withheld
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Past:
    """What is out already. facts: by audience, what earlier editions told it and all further out. proofs: those of before, by digest."""

    facts: Mapping[Audience, Facts] = field(default_factory=dict)
    proofs: Mapping[str, Proof] = field(default_factory=dict)


def close(table: pd.DataFrame, *, known: Catalogue, registers: Sequence[Counted], past: Past | None = None) -> Mapping[Audience, Closed]:
    """Work out for every audience what to hide of the figures counted in registers, besides what the rules hide.

    table: OBSERVATION_COLUMNS, joined: the figures as they would be published. Raises GeoError when what must be hidden is out already
    and nobody accepted it by name, with the indicators, the periods and how many figures, never a count of people.
    """
    people = _residents(table, registers)
    before = past or Past()
    primary = {audience: _primary(table, people, known, audience) for audience in Audience}
    round_ = _Round(primary, known, before.facts, dict(before.proofs))
    every = [one for counted in registers for period in counted.cube.periods for one in _close(counted, period, round_)]
    refused = [problem for one in every for problem in one.refused]
    if refused:
        more = [Problem(PLACE, f"and {len(refused) - _SHOWN} more indicators and periods in which it is so")]
        raise GeoError([*refused[:_SHOWN], *more[: len(refused) > _SHOWN]])
    covered = frozenset((one.id, period) for counted in registers for one in counted.indicators for period in counted.cube.periods)
    mine = {audience: [one for one in every if one.audience is audience] for audience in Audience}
    return {
        audience: Closed(Withheld(frozenset().union(*(one.withheld for one in found)), covered, people), tuple(one.proof for one in found))
        for audience, found in mine.items()
    }


@dataclass(frozen=True)
class _Round:
    """What all models are made with: the figures that rules hide from each audience, the catalogue, what is out already.

    proofs: by digest, those of before and, as they are found, those of this round: staff and SSP often have the same models.
    """

    primary: Mapping[Audience, frozenset[Cell]]
    known: Catalogue
    facts: Mapping[Audience, Facts]
    proofs: dict[str, Proof]

    def limits(self, indicators: Sequence[Indicator], audience: Audience) -> Strictness:
        """The strictest limits among indicators that tell the same count."""
        least = [disclosure.threshold(one, self.known.rules, audience).min_count for one in indicators]
        return Strictness(max(1, *least), any(one.hide_zero for one in indicators) and max(least) > 1)


@dataclass(frozen=True)
class _Task:
    """One model to close: the families that it is of, and how it is made for an audience."""

    families: tuple[Family, ...]
    make: Callable[[Stand], Model]

    def indicators(self, counted: Counted) -> list[Indicator]:
        """The indicators that tell a count of the families as their numerator."""
        names = {name for family in self.families for of_base in family.bases.values() for name in of_base}
        return [one for one in counted.indicators if one.id in names]


@dataclass(frozen=True)
class _Answer:
    """What became of one model: the figures it hides, with their proof; `refused` says why nothing may be published."""

    audience: Audience
    proof: Proof
    withheld: frozenset[Cell]
    refused: tuple[Problem, ...] = ()


def _close(counted: Counted, period: str, round_: _Round) -> Iterator[_Answer]:
    """Close all that a register tells of one period: family after family, then the chains of parts of parts.

    What one hides is hidden for those that come after; for those before it was taken as published, which made the attacker stronger.
    """
    hidden = {audience: set(rule) for audience, rule in round_.primary.items()}
    families = overlay.families(counted)
    for family in families:
        tasks = [_Task((family,), partial(overlay.model, counted, family, base, period)) for base in family.bases]
        yield from _close_tasks(counted, period, tasks, hidden, round_)
    for chain in chains.chains(counted, families):
        task = _Task((chain.part, chain.whole), partial(chains.model, counted, chain, period))
        yield from _close_tasks(counted, period, [task], hidden, round_)


def _close_tasks(
    counted: Counted, period: str, tasks: Sequence[_Task], hidden: Mapping[Audience, set[Cell]], round_: _Round
) -> Iterator[_Answer]:
    """Close some models of the same families for each audience in turn; what is hidden is added to `hidden`."""
    outside: Facts = {}
    before: dict[int, _Answer] = {}
    for audience in Audience:
        facts = _together(round_.facts.get(audience, {}), outside)
        for number, task in enumerate(tasks):
            indicators = task.indicators(counted)
            limits, costs = round_.limits(indicators, audience), _costs(indicators, round_.known)
            model = task.make(Stand(round_.primary[audience], hidden[audience], facts, costs, limits))
            if model.sensitive:
                answer = _answer(model, audience, before.get(number), round_)
                if answer.proof is getattr(before.get(number), "proof", None):
                    answer = replace(answer, withheld=answer.withheld | _outer(task, period, hidden[before[number].audience]))
                hidden[audience].update(answer.withheld)
                before[number] = answer
                yield answer
        for family in tasks[0].families:
            shown = _told(counted, family, period, hidden[audience])
            outside = _together(outside, overlay.told(counted, family, period, shown, audience.value))


def _answer(model: Model, audience: Audience, outer: _Answer | None, round_: _Round) -> _Answer:
    """Close one model. Where what the audience further out sees leaves no room for more, this one sees no more than that one."""
    proof, unsafe = _prove(model, round_.proofs)
    telling = [{model.out[cell] for cell in one.fixed} - {chains.KNOWN} for one in unsafe]
    outer_alone = any(telling) and set().union(*telling) <= {one.value for one in Audience}
    if outer is not None and outer_alone:
        return _Answer(audience, outer.proof, outer.withheld)
    return _Answer(audience, proof, frozenset(proof.withheld), tuple(_refusal(model, unsafe, audience, round_.known)))


def _outer(task: _Task, period: str, hidden: set[Cell]) -> frozenset[Cell]:
    """What is hidden further out of the figures that tell a task's counts."""
    names = {teller.indicator for family in task.families for tellers in family.tellers.values() for teller in tellers}
    return frozenset(cell for cell in hidden if cell[0] in names and cell[3] == period)


def _prove(model: Model, proofs: dict[str, Proof]) -> tuple[Proof, tuple[suppression.Unsafe, ...]]:
    """What was proved of the same model before holds still, where nothing hidden then has come out since; else it is worked out."""
    known, joint = digest(model), model.joint
    before = proofs.get(known)
    still = before is not None and not (before.hidden & joint.fixed).any()
    if before is not None and still and not certificate.check(before.certificate, joint, published(joint, before.hidden)):
        return _proof(model, before.hidden, before.certificate, known), ()
    found = suppression.suppress(joint)
    proof = _proof(model, found.hidden, found.certificate, known)
    if not found.unsafe:
        proofs[known] = proof
    return proof, found.unsafe


def _proof(model: Model, hidden: NDArray[np.bool_], proof: Certificate, known: str) -> Proof:
    frame = Frame(model.joint.cells, model.joint.population)
    told = np.where(model.joint.fixed, model.joint.counts.astype(np.float64), np.nan)
    return Proof(model.register, model.period, model.indicators, model.areas, model.tellers, frame, told, hidden, proof, known)


def digest(model: Model) -> str:
    """A fingerprint of a model but for what is out already: the same people, the same figures, the same rule."""
    joint = model.joint
    parts = (joint.cells.indptr, joint.cells.indices, joint.population, joint.truth, joint.primary, joint.cost.round(6))
    found = hashlib.sha256(repr((model.register, model.period, model.areas, joint.least, joint.zero_hidden)).encode())
    for part in parts:
        found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()


def check(proof: Proof, shown: Mapping[Cell, tuple[float, float]]) -> tuple[Problem, ...]:
    """What a proof does not prove of figures as they lie in an edition (`figures`). Empty is safe; no solver, a matrix product."""
    found = certificate.check(proof.certificate, proof.frame, proof.published(shown))
    return tuple(Problem(proof.name, problem.what, found=_named(proof, problem.found), more=problem.more) for problem in found)


def figures(table: pd.DataFrame) -> dict[Cell, tuple[float, float]]:
    """Numerator and denominator of every figure of a table (OBSERVATION_COLUMNS) that shows both."""
    shown = table[table["numerator"].notna() & table["denominator"].notna()]
    keys = zip(*(shown[name] for name in disclosure.KEY), strict=True)
    return dict(zip(keys, zip(shown["numerator"], shown["denominator"], strict=True), strict=True))


def _named(proof: Proof, number: str) -> str:
    """The area of a cell that a problem names by its number in the model."""
    cell = int(number.removeprefix("number ")) if number.startswith("number ") else len(proof.areas)
    return "/".join(proof.areas[cell]) if cell < len(proof.areas) else number


# --- what a model is made with ----------------------------------------------------------------------------------------


def _primary(table: pd.DataFrame, people: pd.Series, known: Catalogue, audience: Audience) -> frozenset[Cell]:
    reasons = disclosure.primary(table, indicators=known.indicators, rules=known.rules, audience=audience, residents=people)
    rows = table.loc[reasons.isin(disclosure.COUNTED), disclosure.KEY]
    return frozenset(rows.itertuples(index=False, name=None))


def _residents(table: pd.DataFrame, registers: Sequence[Counted]) -> pd.Series:
    """How many people the register of each row's indicator knows in its area and period; NaN where none does."""
    known = [overlay.residents(counted).assign(indicator=one.id) for counted in registers for one in counted.indicators]
    if not known:
        return pd.Series(np.nan, index=table.index)
    every = pd.concat(known, ignore_index=True)
    return pd.Series(table[disclosure.KEY].merge(every, on=disclosure.KEY, how="left")["residents"].to_numpy(), index=table.index)


def _told(counted: Counted, family: Family, period: str, hidden: set[Cell]) -> set[Area]:
    """Areas of which some figure that is not hidden tells the family's count."""
    tellers = family.tellers
    return {area for area in counted.areas if any((name, *area, period) not in hidden for name, _ in tellers.get(area.area_set, ()))}


def _costs(indicators: Sequence[Indicator], known: Catalogue) -> dict[str, float]:
    """What hiding costs by area set: the dearest of the indicators' rules."""
    costs: dict[str, float] = {}
    for rule in known.rules:
        if any(one.rule == rule.id for one in indicators):
            costs |= {name: max(cost, costs.get(name, cost)) for name, cost in rule.costs.items()}
    return costs


def _accepted(names: Sequence[str], known: Catalogue) -> frozenset[str]:
    rules = {one.rule for one in known.indicators if one.id in names}
    return frozenset(accepted.edition for rule in known.rules if rule.id in rules for accepted in rule.accepted)


def _together(one: Facts, other: Facts) -> Facts:
    """All facts of both; of two that tell the same count the first is named."""
    return {key: {**other.get(key, {}), **one.get(key, {})} for key in {**one, **other}} if one and other else one or other


# --- what it answers --------------------------------------------------------------------------------------------------


def _refusal(model: Model, unsafe: Sequence[suppression.Unsafe], audience: Audience, known: Catalogue) -> Iterator[Problem]:
    """Why a model cannot be published: what tells already what must be hidden, and nobody accepted it.

    What the people of the atoms alone tell with the rule, nobody can be denied: nothing that is published tells it.
    """
    telling = [{model.out[cell] for cell in one.fixed} for one in unsafe]
    accepted = _accepted(model.indicators, known) | {chains.KNOWN}
    wrong = [by - {chains.KNOWN} for by in telling if not by or not by <= accepted]
    if wrong:
        names = ", ".join(sorted(set().union(*wrong))) or "figures that cannot be hidden"
        yield Problem(
            PLACE,
            f"what must be hidden from {audience.value} of {', '.join(model.indicators)} {model.period} is told already",
            found=f"{len(wrong)} counts or overlaps, by {names}",
            expected="[[rule.accepted]] with the edition and a reason in data/disclosure.toml; or the edition removed, if nobody read it",
        )
