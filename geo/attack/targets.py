"""What a reader may not find out: what a rule hides, few people in an overlap of areas, and few people between two areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from geo.attack.people import Area, Ints, People
from geo.model.rules import Threshold


@dataclass(frozen=True)
class AttackTarget:
    """A count of some classes in some atoms. width: by how much the least and the most must differ; ruled_width: with the rule known."""

    name: str
    indicator: str
    atoms: Ints
    classes: Ints
    truth: int
    width: int
    ruled_width: int


def hidden_by_rule(people: People, sets: Mapping[str, tuple[str, ...]], limits: Mapping[str, Threshold]) -> list[tuple[str, Area]]:
    """Return the figures that the rule itself hides: few in the numerator or in the rest, a small group, or few residents."""
    everybody = people.inside @ people.people.sum(axis=1)
    pairs = []
    for name, limit in limits.items():
        top, bottom = people.counts(name)
        few = ((top > 0) & (top < limit.min_count)) | ((bottom - top > 0) & (bottom - top < limit.min_count))
        hidden = few | (bottom < limit.min_denominator) | (everybody < limit.min_residents)
        pairs += [(name, area) for area, under in zip(people.areas, hidden.tolist(), strict=True) if under and area[0] in sets[name]]
    return pairs


def targets(people: People, sets: Mapping[str, tuple[str, ...]], limits: Mapping[str, Threshold]) -> Iterator[AttackTarget]:
    """Return every count that may not be bounded more tightly than the rule allows."""
    rows = {area: number for number, area in enumerate(people.areas)}
    for name, area in hidden_by_rule(people, sets, limits):
        yield from _both_sides(people, name, "/".join(area), people.inside[rows[area]], limits[name])
    for text, atoms in _formed(people):
        for name, limit in limits.items():
            for target in _both_sides(people, name, text, atoms, limit):
                if 0 < target.truth < limit.min_count:
                    yield target


def _both_sides(people: People, name: str, text: str, atoms: Ints, limit: Threshold) -> Iterator[AttackTarget]:
    top, bottom = people.numerator[name], people.denominator[name]
    counts = atoms @ people.people
    part, whole = int(counts @ top), int(counts @ bottom)
    width = min(max(1, limit.min_count - 2), whole)
    left = _left_by_rule(part, whole, limit, int(counts.sum()))
    if width:
        yield AttackTarget(f"{text}: {name}", name, atoms, top, part, width, min(width, left))
        yield AttackTarget(f"{text}: the rest of {name}", name, atoms, bottom - top, whole - part, width, min(width, left))


def _left_by_rule(part: int, whole: int, limit: Threshold, residents: int) -> int:
    """By how much the counts differ that the rule leaves possible for a reader who knows it and the group."""
    if whole < limit.min_denominator or residents < limit.min_residents:
        return whole
    few, few_rest = 0 < part < limit.min_count, 0 < whole - part < limit.min_count
    low = max(1 if few else 0, whole - (limit.min_count - 1) if few_rest else 0)
    high = min(limit.min_count - 1 if few else whole, whole - 1 if few_rest else whole)
    return max(0, high - low)


def _formed(people: People) -> Iterator[tuple[str, Ints]]:
    """Every atom with people, and every area less one inside it, or less everything that a set has inside it."""
    lived = people.people.sum(axis=1) > 0
    inside = people.inside * lived
    met = {row.tobytes() for row in inside}
    for atom in np.flatnonzero(lived).tolist():
        alone = np.zeros(len(lived), dtype=np.int64)
        alone[atom] = 1
        yield f"atom {atom}", alone
    for outer, whole in enumerate(inside):
        held = [number for number, part in enumerate(inside) if part.any() and (part <= whole).all() and (part < whole).any()]
        groups = [[number] for number in held]
        names = sorted({people.areas[number][0] for number in held})
        groups += [[number for number in held if people.areas[number][0] == name] for name in names]
        for group in groups:
            left = whole * (inside[group].sum(axis=0) == 0)
            if left.any() and left.tobytes() not in met:
                met.add(left.tobytes())
                yield f"{'/'.join(people.areas[outer])} less {' and '.join('/'.join(people.areas[number]) for number in group[:3])}", left
