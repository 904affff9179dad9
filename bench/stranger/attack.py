"""The three attackers on a city's editions: who solves in fractions, who solves in whole numbers, and who knows what the rule hides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.stranger import rule
from bench.stranger.city import PERIODS, YEAR, City, Limits
from bench.stranger.people import Bools, Ints, People, before, counted, sides
from bench.stranger.reading import OUTWARDS, Edition
from bench.stranger.rule import Target
from bench.stranger.worlds import ContradictionError, Range, Row, Worlds

PLAIN, RULE, RULES = "plain", "knows the rule", "knows every rule"
"""Who solves; who is told besides what the rule of their audience hides, and why; who is told the same of audiences further out."""


@dataclass(frozen=True)
class Narrowed:
    """A target that an attacker narrows below what is promised. asked: the width that was promised, reachable for who knows the rule."""

    audience: str
    attacker: str
    target: Target
    range: Range
    asked: int


class Attacked:
    """A city's register in all its states and what was read of each edition, as unknowns and rows.

    states[n] is what edition n was built from. Where the register of a state differs from the one before, the people of the corrected
    district have unknowns of their own in it; all others are the same people.
    """

    def __init__(self, states: Sequence[City], editions: Sequence[Edition]) -> None:
        self.states, self.editions = tuple(states[: len(editions)]), tuple(editions)
        self.people: People = counted(self.states)
        self._numbers: dict[tuple[int, str], Ints] = {}
        self._truth: list[Ints] = []
        self._number()
        self.truth: Ints = np.concatenate(self._truth)

    def _number(self) -> None:
        """Give each atom and class of each state and period the number of its unknown."""
        atoms, classes = self.people.shape
        for period in PERIODS:
            for state in range(len(self.states)):
                table = self.people.counts[state, period]
                before = self._numbers.get((state - 1, period))
                changed = np.zeros(atoms, dtype=bool) if before is not None else np.ones(atoms, dtype=bool)
                if before is not None and (table != self.people.counts[state - 1, period]).any():
                    changed = self.people.areas["grid", self.states[0].district]
                numbers = before.copy() if before is not None else np.zeros((atoms, classes), dtype=np.int64)
                start = sum(map(len, self._truth))
                numbers[changed] = start + np.arange(int(changed.sum()) * classes).reshape(-1, classes)
                self._truth.append(table[changed].ravel())
                self._numbers[state, period] = numbers

    def unknowns(self, state: int, period: str, where: Bools, mask: Bools) -> Ints:
        """The numbers of the unknowns that a count sums; those of both half-years for the year."""
        halves = PERIODS if period == YEAR else (period,)
        return np.concatenate([self._numbers[state, half][np.ix_(where, mask)].ravel() for half in halves])

    def crowd(self) -> Iterator[Row]:
        """How many people of each known group live in each atom: anybody knows."""
        for (state, period), numbers in self._numbers.items():
            table = self.people.counts[state, period]
            for atom in range(len(numbers)):
                for group in np.unique(self.people.groups):
                    mask = self.people.groups == group
                    total = float(table[atom][mask].sum())
                    yield Row(numbers[atom][mask], total, total, f"residents of atom {atom}")

    def read(self, audiences: Sequence[str], *, newest: bool = True) -> Iterator[Row]:
        """Every published numerator and denominator, and the empty groups shown to be so; newest: also of the last edition."""
        seen: set[tuple[bytes, float]] = set()
        for state, edition in enumerate(self.editions if newest else self.editions[:-1]):
            for audience in audiences:
                for row in self._table(state, edition.tables[audience], f"edition {state + 1}, {audience}"):
                    key = (row.unknowns.tobytes(), row.low)
                    if key not in seen:
                        seen.add(key)
                        yield row
            yield from self._leftovers(state, edition)

    def _leftovers(self, state: int, edition: Edition) -> Iterator[Row]:
        """How many rows have no known word in a column, as the data page says of both half-years together."""
        everywhere = np.ones(self.people.shape[0], dtype=bool)
        asked = {column for each in self.states[state].measures for column in (*each.where, *each.having)}
        for column in sorted(asked):
            count = edition.unknown.get(column, 0)  # a column that the page does not name has a known word in every row
            unknowns = self.unknowns(state, YEAR, everywhere, self.people.blanks[column])
            yield Row(unknowns, count - edition.unplaced, count, f"edition {state + 1}, data page: {column} unknown in {count}")

    def _table(self, state: int, table: pd.DataFrame, words: str) -> Iterator[Row]:
        for each in table.itertuples():
            empty = each.status == "missing" and each.reason == "source_blank"
            if np.isnan(each.denominator) and not empty:
                continue
            above, below = self.people.masks[each.indicator]
            where = self.people.areas[before(each.area_set, self.states[state], self.states[-1]), each.area_id]
            times = 2 if each.period == YEAR else 1
            place = f"{words}: {each.indicator} {each.area_set}/{each.area_id} {each.period}"
            for mask, told, name in ((above, each.numerator, "numerator"), (below, each.denominator, "denominator")):
                value = 0.0 if empty else round(times * told, 6)
                yield Row(self.unknowns(state, each.period, where, mask), value, value, f"{place} {name} {0.0 if empty else told:g}")

    def ruled(self, audience: str) -> Iterator[Row]:
        """What somebody knows who is told which figures the rule hides, on which side, and why."""
        for (state, period), city in ((key, self.states[key[0]]) for key in self._numbers):
            limits = city.limits[audience]
            for measure in city.measures:
                above, below = self.people.masks[measure.id]
                shown = {before(name, city, self.states[-1]) for name in measure.area_sets if name in city.outlines}
                for place, where in self.people.areas.items():
                    if place[0] not in shown:
                        continue
                    counts = sides(self.people, self.people.counts[state, period], measure, where)
                    why = rule.hidden(counts, limits, zero=measure.hide_zero)
                    mask = {"group": below, "numerator": above, "rest": below & ~above}.get(why)
                    if mask is None:
                        continue
                    low = 0 if why == "group" or measure.hide_zero else 1
                    high = (limits.min_denominator if why == "group" else limits.min_count) - 1
                    words = f"rule, {audience}: {measure.id} {'/'.join(place)} {period} {why} {low} to {high}"
                    yield Row(self.unknowns(state, period, where, mask), low, high, words)

    def targets(self, limits: Limits, period: str) -> list[Target]:
        """What nobody may find out of the newest state."""
        last = len(self.states) - 1
        return list(rule.targets(self.states[last], self.people, self.people.counts[last, period], period, limits))

    def asked(self, target: Target) -> Ints:
        """The unknowns of a target."""
        return self.unknowns(len(self.states) - 1, target.period, target.where, target.mask)


def attack(
    attacked: Attacked, *, audiences: Sequence[str] = tuple(OUTWARDS), seconds: float = 20.0, knows_rule: bool = True
) -> list[Narrowed]:
    """All that is narrowed, for each audience: by the plain reader, and what more by one who knows the rule."""
    found = []
    for audience in audiences:
        wanted = [each for period in PERIODS for each in attacked.targets(attacked.states[-1].limits[audience], period)]
        crowd, read = list(attacked.crowd()), list(attacked.read(OUTWARDS[audience]))
        wanted = _secret(attacked, wanted, read)
        plain = _beyond(attacked, wanted, [*crowd, *read], crowd, seconds)
        found += [Narrowed(audience, PLAIN, target, *ranges) for target, *ranges in plain]
        known = {id(target) for target, *_ in plain}
        outer = [*attacked.read(OUTWARDS[audience][:-1]), *attacked.read((audience,), newest=False)]
        for attacker in (RULE, RULES) if knows_rule else ():
            rules = [row for each in told(attacker, audience) for row in attacked.ruled(each)]
            left = [each for each in wanted if id(each) not in known]
            knowing = _beyond(attacked, left, [*crowd, *read, *rules], [*crowd, *outer, *rules], seconds)
            found += [Narrowed(audience, attacker, target, *ranges) for target, *ranges in knowing]
            known |= {id(target) for target, *_ in knowing}
    return found


def _secret(attacked: Attacked, wanted: Sequence[Target], read: Sequence[Row]) -> list[Target]:
    """The targets without the small groups that a single shown figure tells, and without those of everybody who lives there."""
    nobody = np.zeros(len(attacked.truth), dtype=bool)
    for row in read:
        nobody[row.unknowns] |= row.high <= 0

    def key(unknowns: Ints) -> bytes:
        return np.sort(unknowns[~nobody[unknowns]]).tobytes()

    shown = {key(row.unknowns) for row in read if "data page" not in row.words}
    everybody = np.ones(attacked.people.shape[1], dtype=bool)
    last = len(attacked.states) - 1
    for each in wanted:
        if each.words.startswith("denominator"):
            lived = attacked.truth[attacked.unknowns(last, each.period, each.where, everybody)].sum()
            shown |= {key(attacked.asked(each))} if lived == each.truth else set()
    return [each for each in wanted if not each.words.startswith("denominator") or key(attacked.asked(each)) not in shown]


def told(attacker: str, audience: str) -> tuple[str, ...]:
    """Of which audiences' rules an attacker is told what they hide."""
    return {PLAIN: (), RULE: (audience,), RULES: OUTWARDS[audience]}[attacker]


def _beyond(
    attacked: Attacked, wanted: Sequence[Target], rows: Sequence[Row], least: Sequence[Row], seconds: float
) -> list[tuple[Target, Range, int]]:
    """The targets that rows narrow to less than promised, and to less than the rows `least` do, which nobody can keep from them."""
    counts, widths = [attacked.asked(each) for each in wanted], [each.width for each in wanted]
    result = Worlds(rows, attacked.truth, seconds=seconds).narrowed(counts, widths)
    numbers = list(result)
    before = Worlds(least, attacked.truth, seconds=seconds) if numbers else None
    reach = before.narrowed([counts[at] for at in numbers], [widths[at] for at in numbers]) if before else {}
    asked = [min([widths[at], *([reach[place].width] if place in reach else [])]) for place, at in enumerate(numbers)]
    return [(wanted[at], result[at], most) for at, most in zip(numbers, asked, strict=True) if result[at].width < most]


__all__ = ["PLAIN", "RULE", "RULES", "Attacked", "ContradictionError", "Narrowed", "attack", "told"]
