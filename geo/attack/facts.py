"""What a reader knows about the unknowns, as facts: low <= coefficients @ unknowns <= high.

A figure that is shown gives its numerator and its denominator. A share with one of them gives the other, as far as its decimals
allow. A figure that is said to be missing says that nobody is in its group. Wilson's interval gives both counts. Everybody is taken
to know who lives in an atom, but not what they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from geo.attack.people import Area, Ints, People
from geo.model.rules import Threshold

Floats = NDArray[np.float64]
_Z2 = 1.959963984540054**2


@dataclass
class KnownSums:
    """Facts as they are collected: for sets of areas and classes, the least and the most that their sum can be."""

    people: People
    rows: list[tuple[int, bytes]] = field(default_factory=list)
    ends: dict[tuple[int, bytes], tuple[float, float]] = field(default_factory=dict)

    def add(self, area: int, classes: Ints, low: float, high: float) -> None:
        """Add that the number of people of these classes in an area is between low and high; of two such facts both hold.

        classes: shape (classes,), 1 where a class counts.
        """
        key = (area, classes.astype(np.int64).tobytes())
        before = self.ends.get(key, (0.0, np.inf))
        self.ends[key] = (max(before[0], low), min(before[1], high))

    def matrix(self) -> tuple[sparse.csr_array, Floats, Floats]:
        """Return all facts as rows over the unknowns (atoms x classes), those about who lives in an atom first, and their bounds."""
        atoms, classes = self.people.people.shape
        known = sparse.kron(sparse.eye_array(atoms), np.ones((1, classes)), format="csr")
        total = self.people.people.sum(axis=1).astype(float)
        parts = [known]
        low, high = [total], [total]
        for (area, mask), (least, most) in self.ends.items():
            row = np.outer(self.people.inside[area], np.frombuffer(mask, dtype=np.int64)).ravel()
            parts.append(sparse.csr_array(row[None, :].astype(float)))
            low.append(np.array([least]))
            high.append(np.array([most]))
        return sparse.csr_array(sparse.vstack(parts)), np.concatenate(low), np.concatenate(high)


def known_sums(people: People, tables: Sequence[pd.DataFrame], per: Mapping[str, int], decimals: Mapping[str, int]) -> KnownSums:
    """Return what some tables of figures disclose about the people of one period.

    tables: OBSERVATION_COLUMNS or fewer of them. per: the unit of each indicator's value. decimals: how many are shown of it.
    """
    facts, place = KnownSums(people), {area: number for number, area in enumerate(people.areas)}
    for table in tables:
        here = table[(table["period"] == people.period) & table["indicator"].isin(people.numerator)]
        for row in here.to_dict("records"):
            area = place.get((str(row["area_set"]), str(row["area_id"])))
            if area is not None:
                name = str(row["indicator"])
                _add(facts, area, row, (people.numerator[name], people.denominator[name]), (per.get(name, 100), decimals.get(name, 15)))
    return facts


def _add(facts: KnownSums, area: int, row: Mapping[object, object], masks: tuple[Ints, Ints], shown: tuple[int, int]) -> None:
    top, bottom = masks
    number = {name: float(row.get(name, np.nan)) for name in ("value", "numerator", "denominator", "low", "high")}  # type: ignore[arg-type]
    if str(row.get("status")) == "missing":
        facts.add(area, bottom, 0, 0)
        return
    if str(row.get("interval")) == "chance" and np.isfinite([number["low"], number["high"]]).all() and np.isnan(number["denominator"]):
        number["numerator"], number["denominator"] = _from_wilson(number["low"] / 100, number["high"] / 100)
    for name, mask in (("numerator", top), ("denominator", bottom)):
        if np.isfinite(number[name]):
            facts.add(area, mask, number[name], number[name])
    per, decimals = shown
    half = 0.5 * 10.0**-decimals / per
    share = number["value"] / per
    if np.isfinite(share) and np.isfinite(number["denominator"]) and np.isnan(number["numerator"]):
        facts.add(area, top, number["denominator"] * (share - half), number["denominator"] * (share + half))
    if np.isfinite(share) and share > half and np.isfinite(number["numerator"]) and np.isnan(number["denominator"]):
        facts.add(area, bottom, number["numerator"] / (share + half), number["numerator"] / (share - half))


def _from_wilson(low: float, high: float) -> tuple[float, float]:
    """Numerator and denominator of the share that has this 95 percent interval of Wilson; its middle and its width determine both."""
    middle, half = (low + high) / 2, (high - low) / 2
    # With q = z2 / n: middle = (p + q / 2) / (1 + q), half ** 2 = (q * p * (1 - p) + q * q / 4) / (1 + q) ** 2.
    q = _solved(middle, half)
    n = round(_Z2 / q)
    return round(n * (middle * (1 + q) - q / 2)), n


def _solved(middle: float, half: float) -> float:
    most = 2 * min(middle, 1 - middle) / max(1e-12, abs(1 - 2 * middle))  # beyond it the share would be below 0 or above 1
    lowest, highest = 1e-9, min(1e3, most)
    for _ in range(200):
        q = (lowest * highest) ** 0.5
        share = middle * (1 + q) - q / 2
        wide = (q * share * (1 - share) + q * q / 4) / (1 + q) ** 2 > half**2
        lowest, highest = (lowest, q) if wide else (q, highest)
    return float((lowest * highest) ** 0.5)


def by_the_rule(facts: KnownSums, hidden: Sequence[tuple[str, Area]], limits: Mapping[str, Threshold]) -> None:
    """Add what a reader knows who knows the rule: which figures it hides by itself, and for which of its reasons."""
    people = facts.people
    place = {area: number for number, area in enumerate(people.areas)}
    everybody = people.inside @ people.people.sum(axis=1)
    for name, area in hidden:
        limit, where = limits[name], place[area]
        top, bottom = (int(counts[where]) for counts in people.counts(name))
        masks = people.numerator[name], people.denominator[name]
        if everybody[where] < limit.min_residents:
            continue
        if bottom < limit.min_denominator:
            facts.add(where, masks[1], 0, limit.min_denominator - 1)  # nobody at all is a small group as well
            continue
        if 0 < top < limit.min_count:
            facts.add(where, masks[0], 1, limit.min_count - 1)
        if 0 < bottom - top < limit.min_count:
            facts.add(where, masks[1] - masks[0], 1, limit.min_count - 1)
