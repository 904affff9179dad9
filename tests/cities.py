"""Made-up cities for the attack: districts, small districts nested in them, housing areas that cross those, and a rare trait."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from geo.protection.jointmodel import Joint

COSTS = {"city": 1000.0, "district": 100.0, "mean": 20.0, "housing": 3.0, "small": 1.0}

WHOLE = 0.25
"""How often a housing area takes a small district whole: then the difference of the two is the strip that it takes of the next."""


@dataclass(frozen=True)
class Size:
    """How large a city is; `crossed`: how many small districts a housing area may reach into."""

    districts: int = 10
    small: int = 400
    housing: int = 60
    people: int = 600_000
    crossed: int = 3


@dataclass(frozen=True)
class Overlay:
    """Atoms: which areas each lies in (-1: in no housing area), and its people. `district` is by small district."""

    district: NDArray[np.int64]
    small: NDArray[np.int64]
    housing: NDArray[np.int64]
    people: NDArray[np.int64]
    size: Size


def overlay(size: Size, rng: np.random.Generator) -> Overlay:
    """A random overlay: each housing area takes a part of one to `crossed` neighbouring small districts, or all that is left of one.

    What no housing area takes of a small district is an atom of its own, be it without people.
    """
    district = np.sort(rng.integers(0, size.districts, size.small))
    people = rng.multinomial(size.people, rng.dirichlet(np.full(size.small, 8.0)))
    small, housing, held = [], [], []
    free = people.copy()
    for area in range(size.housing):
        first = int(rng.integers(0, size.small))
        for number in range(first, min(first + int(rng.integers(1, size.crossed + 1)), size.small)):
            part = int(free[number] * (1.0 if rng.random() < WHOLE else rng.uniform(0.02, 0.5)))
            free[number] -= part
            small.append(number), housing.append(area), held.append(part)
    return Overlay(
        district,
        np.array([*small, *range(size.small)]),
        np.array([*housing, *np.full(size.small, -1)]),
        np.array([*held, *free], dtype=np.int64),
        size,
    )


def sums(city: Overlay) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """Cells x atoms and the costs: the city, the districts, the housing areas, the small districts."""
    atoms = np.arange(len(city.people))
    inside = city.housing >= 0
    parts = [
        ("city", 1, np.zeros_like(atoms), atoms),
        ("district", city.size.districts, city.district[city.small], atoms),
        ("housing", city.size.housing, city.housing[inside], atoms[inside]),
        ("small", city.size.small, city.small, atoms),
    ]
    blocks = [sparse.csr_array((np.ones(len(row), dtype=np.int64), (row, column)), (cells, len(atoms))) for _, cells, row, column in parts]
    return sparse.csr_array(sparse.vstack(blocks)), np.concatenate([np.full(cells, COSTS[name]) for name, cells, _, _ in parts])


def joint(city: Overlay, truth: NDArray[np.int64], *, least: int = 5, smallest_group: int = 20, zero_hidden: bool = False) -> Joint:
    """One table of the city; cells hidden by the rule on counts, remainders and small groups."""
    cells, cost = sums(city)
    primary = hidden_by_rule(cells @ truth, cells @ city.people, least=least, smallest_group=smallest_group, zero_hidden=zero_hidden)
    return Joint(cells, city.people, truth, least, primary, np.zeros(len(cost), dtype=bool), cost, zero_hidden)


def hidden_by_rule(
    counts: NDArray[np.int64], people: NDArray[np.int64], *, least: int, smallest_group: int, zero_hidden: bool
) -> NDArray[np.bool_]:
    few = (counts >= (not zero_hidden)) & (counts < least)
    rest = (people - counts >= (not zero_hidden)) & (people - counts < least)
    return (people > 0) & (few | rest | (people < smallest_group))


def trait(city: Overlay, share: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """How many people of each atom have a trait that `share` of the city has; it gathers in some small districts."""
    local = share * rng.gamma(2.0, 0.5, city.size.small)
    return rng.binomial(city.people, np.minimum(local[city.small], 1))


def two_years(city: Overlay, share: float, rng: np.random.Generator, *, least: int = 5) -> Joint:
    """Two years and their mean in one model: most who have the trait in one year have it in the next."""
    first = trait(city, share, rng)
    stayed = rng.binomial(first, 0.8)
    second = np.minimum(stayed + trait(city, share * 0.2, rng), city.people)
    cells, cost = sums(city)
    nothing = sparse.csr_array(cells.shape, dtype=np.int64)
    both = sparse.csr_array(
        sparse.vstack([sparse.hstack([cells, nothing]), sparse.hstack([nothing, cells]), sparse.hstack([cells, cells])])
    )
    population, truth = np.tile(city.people, 2), np.concatenate([first, second])
    primary = hidden_by_rule(both @ truth, both @ population, least=least, smallest_group=20, zero_hidden=False)
    return Joint(both, population, truth, least, primary, np.zeros(both.shape[0], dtype=bool), np.tile(cost, 3))
