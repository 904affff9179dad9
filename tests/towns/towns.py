"""Invented towns for attacks: crossing area sets with slivers, columns with few values, groups and their parts, shared denominators.

A town is rows of people and the areas of each atom; it can be counted for the gate, and for the attacker, by programs that share nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pandas as pd

from geo.attack.people import Area, People, counted
from geo.disclosure import complementary
from geo.disclosure import counts as masks
from geo.disclosure.protect import KEY, Protected, protect
from geo.figures import indicators, means
from geo.model.catalogue import Catalogue
from geo.model.indicators import Indicator, RegisterMeasure
from geo.model.programmes import HotspotProgramme, PlanProgramme
from geo.model.rules import Rule, Threshold
from geo.model.vocabulary import Audience
from geo.registers import coding, cube
from geo.registers.cube import ALL, Atoms, Cube, CubeQuestion
from tests.towns.gatetown import measured
from tests.towns.toytown import text

LIMITS = {
    Audience.PUBLIC: Threshold(min_count=5, min_denominator=10),
    Audience.STAFF: Threshold(min_count=3, min_denominator=6),
    Audience.SSP: Threshold(min_count=3, min_denominator=6),
}
COSTS = {"city": 1000.0, "district": 10.0, "patch": 3.0, "small": 1.0}
RULE = Rule(id="people", name=text("folk"), thresholds=LIMITS, costs=COSTS)
SETS = ("city", "district", "small", "patch")
NOTHING = PlanProgramme(figures=(), evaluations=(), plans=(), note=text("ingen"))
SPOTS = HotspotProgramme(areas=(), themes=(), staff=(), informed=(), figures=(), note=text("ingen"))


@dataclass(frozen=True)
class Town:
    """rows: period, atom and the coded columns of each person. atoms: the areas of each atom. codes: the declared words of each column."""

    rows: pd.DataFrame
    atoms: tuple[frozenset[Area], ...]
    codes: Mapping[str, tuple[str, ...]]
    indicators: tuple[Indicator, ...]
    rule: Rule = RULE
    register: str = "people"

    @property
    def measures(self) -> dict[str, RegisterMeasure]:
        return {one.id: one.register for one in self.indicators if one.register}

    @property
    def areas(self) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for inside in self.atoms:
            for name, area_id in inside:
                found.setdefault(name, set()).add(area_id)
        return {name: sorted(found[name]) for name in SETS if name in found}

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(
            sources=(), area_sets=(), indicators=self.indicators, rules=(self.rule,), goals=(), lists=(), plans=NOTHING, hotspots=SPOTS,
            calendar=(), contradictions=(),
        )  # fmt: skip

    @property
    def telling(self) -> bool:
        """Whether means over half-years are told."""
        return any(one.means for one in self.indicators)

    def people(self) -> dict[str, People]:
        """Counted by the attacker's own program."""
        return counted(self.rows, self.atoms, self.measures, self.codes)

    def for_gate(self) -> masks.Counted:
        """Counted by the program that counts for publication."""
        question = CubeQuestion(self.measures, {name: len(ids) for name, ids in self.areas.items()}, known=self.rule.known)
        coded = coding.coding(question, self.codes, file="people")
        names = [masks.Area(name, area_id) for name, ids in self.areas.items() for area_id in ids]
        place = {name: number for number, name in enumerate(names)}
        inside = [tuple(sorted(place[masks.Area(*area)] for area in atom)) for atom in self.atoms]
        counts, atoms = {}, {}
        for period, rows in self.rows.groupby("period"):
            profile = np.zeros(len(rows), dtype=np.int64)
            for column in question.columns:
                profile += rows[column].map(coded.parts[column]).fillna(coded.unknown[column]).to_numpy(dtype=np.int64)
            by_atom = np.zeros((len(self.atoms), len(coded.kinds.worth)), dtype=np.int64)
            np.add.at(by_atom, (rows["atom"].to_numpy(), coded.kind[profile]), 1)
            atoms[str(period)] = Atoms.of(inside, by_atom)
            lines = by_atom @ coded.kinds.worth
            counts[str(period)] = {name: self._by_set(name, ids, lines) for name, ids in self.areas.items()}
            counts[str(period)][ALL] = np.pad(lines.sum(axis=0, keepdims=True), ((0, 2), (0, 0)))
        return masks.Counted(self.register, self.indicators, tuple(names), Cube(coded.kinds, counts, atoms))

    def _by_set(self, name: str, ids: Sequence[str], lines: np.ndarray) -> np.ndarray:
        inside = np.array([[(name, area_id) in atom for atom in self.atoms] for area_id in ids], dtype=np.int64)
        return np.pad(inside @ lines, ((0, 3), (0, 0)))

    def figures(self) -> pd.DataFrame:
        """The figures as they would be published, nothing hidden."""
        ready = self.for_gate()
        sets = {one.id: one.area_sets for one in self.indicators}
        exact = cube.table(ready.cube, self.areas, sets=sets)
        every = pd.concat([exact, means.of_counts(exact, self.indicators)], ignore_index=True) if self.telling else exact
        shares = indicators.shares(every, indicators=self.indicators, source=self.register)
        return shares.sort_values(KEY, ignore_index=True)

    def published(self, past: complementary.Past | None = None) -> dict[Audience, Protected]:
        """What each audience reads, as the gate lets it out."""
        table = self.figures()
        of_measure = {masks.measured(measure): (name,) for name, measure in self.measures.items()}
        ready = replace(self.for_gate(), released=of_measure)
        closed = complementary.close(table, known=self.catalogue, registers=[ready], past=past)
        made = {
            audience: protect(table, indicators=self.indicators, rules=[self.rule], audience=audience, withheld=closed[audience].withheld)
            for audience in Audience
        }
        for audience in Audience:  # a build publishes nothing whose proofs do not hold
            problems = [problem for proof in closed[audience].proofs for problem in complementary.check(proof, made[audience].table)]
            assert not problems, problems
        return made


def town(seed: int, *, kind: str = "all", periods: int = 1, rule: Rule = RULE) -> Town:
    """A random town. kind: which indicators are published, see `INDICATORS`; "all" takes them together."""
    rng = np.random.default_rng(seed)
    atoms = _atoms(rng)
    codes = {
        "group": ("a", "b", "c", "d")[: int(rng.integers(3, 5))],
        "sex": ("woman", "man"),
        "offer": ("yes", "no"),
        "work": ("in", "out"),
    }
    rows = pd.concat([_people(rng, atoms, codes, str(2010 + number)) for number in range(periods)], ignore_index=True)
    chosen = [one for name in INDICATORS for one in INDICATORS[name](codes)] if kind == "all" else INDICATORS[kind](codes)
    return Town(rows, tuple(atoms), codes, tuple(chosen), rule)


def _atoms(rng: np.random.Generator) -> list[frozenset[Area]]:
    """Districts cut into small areas, and patches that lie across them; some of the overlaps are slivers."""
    atoms: set[frozenset[Area]] = set()
    small = 0
    for district in range(int(rng.integers(2, 4))):
        for _ in range(int(rng.integers(2, 4))):
            base = {("city", "0"), ("district", str(district)), ("small", str(small))}
            atoms.add(frozenset(base))
            if rng.random() < 0.6:
                atoms.add(frozenset(base | {("patch", str(small // 2))}))
            small += 1
    return sorted(atoms, key=sorted)


def _people(rng: np.random.Generator, atoms: Sequence[frozenset[Area]], codes: Mapping[str, tuple[str, ...]], period: str) -> pd.DataFrame:
    parts = []
    for atom, inside in enumerate(atoms):
        sliver = any(name == "patch" for name, _ in inside) and rng.random() < 0.4
        number = int(rng.integers(1, 6)) if sliver else int(rng.integers(15, 60))
        chance = rng.dirichlet(np.array([6.0, 3.0, 1.0, 0.4])[: len(codes["group"])])
        columns = {
            "group": rng.choice(codes["group"], number, p=chance),
            "sex": rng.choice(codes["sex"], number),
            "offer": rng.choice(codes["offer"], number, p=[0.3, 0.7]),
            "work": rng.choice(["in", "out", ""], number, p=[0.75, 0.15, 0.10]),
        }
        parts.append(pd.DataFrame({"period": period, "atom": atom, **columns}))
    return pd.concat(parts, ignore_index=True)


def _share(name: str, *, where: dict[str, tuple[str, ...]] | None = None, having: dict[str, tuple[str, ...]]) -> Indicator:
    return measured(name, RegisterMeasure(register="people", where=where or {}, having=having), area_sets=SETS)


INDICATORS = {
    "categories": lambda codes: [_share(f"group_{word}", having={"group": (word,)}) for word in codes["group"]],
    "parts": lambda _codes: [
        _share("out", having={"work": ("out",)}),
        *(_share(f"out_{word}", where={"sex": (word,)}, having={"work": ("out",)}) for word in ("woman", "man")),
    ],
    "shared": lambda _codes: [
        _share("users_women", where={"offer": ("yes",)}, having={"sex": ("woman",)}),
        _share("users_a", where={"offer": ("yes",)}, having={"group": ("a",)}),
    ],
    "chain": lambda _codes: [
        _share("in_b", having={"group": ("b",)}),
        _share("b_users", where={"group": ("b",)}, having={"offer": ("yes",)}),
    ],
}  # fmt: skip


def with_mean(plain: Town) -> Town:
    """A town of two periods as the halves of one year, with the mean of both told besides."""
    code = {"2010": "2010H1", "2011": "2010H2"}
    telling = tuple(msgspec.structs.replace(one, means=(2,)) for one in plain.indicators)
    return replace(plain, rows=plain.rows.assign(period=plain.rows["period"].map(code)), indicators=telling)


def corrected(before: Town, atom: int, people: int) -> Town:
    """The same town with so many people fewer in an atom, as a register that was put right."""
    gone = before.rows.index[before.rows["atom"] == atom][:people]
    return replace(before, rows=before.rows.drop(gone).reset_index(drop=True))
