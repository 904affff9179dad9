"""Parts of parts: what the part tells of its whole is closed too, and the proofs hold whatever the numbers are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cube import table as counts_of
from geo.disclosure import protect
from geo.protection import chains, gate, overlay
from geo.protection.attackers import attack
from geo.protection.overlay import Counted, Stand, Strictness
from geo.words import Audience
from tests.gatetown import AREAS, PEOPLE, RULE, counted, measured
from tests.test_gate import CARED, YOUNG, catalogue, closed, figures_of

ASKED = (measured("young", YOUNG), measured("cared", CARED))
INSIDE = tuple(PEOPLE)


def town(*counts: tuple[int, int, int]) -> Counted:
    """Atoms of the town with children, those of a minority, and those of them in day care."""
    people = {inside: (children, minority, minority, cared) for inside, (children, minority, cared) in zip(INSIDE, counts, strict=True)}
    return counted(people, indicators=ASKED)


TOWN = town((100, 30, 12), (50, 20, 9), (160, 42, 20), (90, 25, 11), (110, 33, 16))
STAND = Stand(frozenset(), frozenset(), {}, RULE.costs, Strictness(5, zero_hidden=False))


def test_a_part_whose_whole_is_a_part_makes_a_chain() -> None:
    families = overlay.families(TOWN)
    (chain,) = chains.chains(TOWN, families)
    assert (chain.part.truth, chain.whole.truth) == tuple(
        next(family.truth for family in families if name in family.bases[next(iter(family.bases))]) for name in ("cared", "young")
    )
    assert not chains.chains(counted(), overlay.families(counted()))


def test_the_cells_of_a_chain_are_the_figures_and_the_people() -> None:
    (chain,) = chains.chains(TOWN, overlay.families(TOWN))
    model = chains.model(TOWN, chain, "2010", STAND)
    counts = counts_of(TOWN.cube, {"square": ["ne", "nw", "se", "sw"], "city": ["0"], "patch": ["p"]})
    told = {(row.indicator, row.area_set, row.area_id): (row.numerator, row.denominator) for row in counts.itertuples()}
    for cell, (area, tellers) in enumerate(zip(model.areas, model.tellers, strict=True)):
        for name, side in tellers:
            assert model.joint.counts[cell] == told[name, *area][side == "denominator"]
    known = [out == chains.KNOWN for out in model.out]
    assert sorted(model.joint.counts[known].tolist()) == [50, 90, 100, 110, 160]
    assert model.joint.fixed.tolist() == known
    assert len(AREAS) * 2 + 5 == len(model.areas)


def test_both_sides_of_a_hidden_figure_are_cells_that_nobody_tells() -> None:
    (chain,) = chains.chains(TOWN, overlay.families(TOWN))
    hidden = frozenset({("cared", "square", "nw", "2010"), ("young", "square", "nw", "2010")})
    model = chains.model(TOWN, chain, "2010", Stand(hidden, hidden, {}, RULE.costs, Strictness(5, zero_hidden=False)))
    sides = [int(count) for count, first in zip(model.joint.counts, model.joint.primary, strict=True) if first]
    assert sorted(sides) == [11, 14, 25, 65]  # in care, not in care, of the minority, not of it
    assert sum(not tellers for tellers, first in zip(model.tellers, model.joint.primary, strict=True) if first) == 2


def test_what_is_closed_is_closed_for_the_chain_too() -> None:
    register = town((100, 30, 3), (50, 20, 9), (160, 42, 20), (90, 25, 11), (110, 33, 16))
    proofs = closed(register)[Audience.PUBLIC].proofs
    assert any({"cared", "young"} <= set(proof.indicators) for proof in proofs)
    hidden = {cell for proof in proofs for cell in proof.withheld}
    (chain,) = chains.chains(register, overlay.families(register))
    model = chains.model(register, chain, "2010", STAND)
    told = [[(name, *area, "2010") for name, _ in tellers] for area, tellers in zip(model.areas, model.tellers, strict=True)]
    gone = np.array([bool(cells) and hidden.issuperset(cells) for cells in told])
    assert gone.any()
    assert attack(model.joint, gone) == ()


COUNTS = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)).map(
    lambda parts: (sum(parts), parts[0] + parts[1], parts[0])
)


@settings(max_examples=12)
@given(counts=st.lists(COUNTS, min_size=5, max_size=5))
def test_every_proof_holds_for_what_every_audience_reads(counts: list[tuple[int, int, int]]) -> None:
    register = town(*counts)
    table, known = figures_of(register), catalogue(ASKED)
    for audience, found in closed(register).items():
        shown = protect(table, indicators=ASKED, rules=known.rules, audience=audience, withheld=found.withheld)
        assert not [problem for proof in found.proofs for problem in gate.check(proof, gate.figures(shown.table))]


def test_where_what_the_outer_sees_leaves_no_room_the_inner_sees_no_more() -> None:
    # With ten of ten and two of three, what staff see leaves nothing to hide for SSP: they see what staff see, and it is built.
    register = town((0, 0, 0), (0, 0, 0), (0, 0, 0), (3, 2, 0), (10, 10, 1))
    table, known = figures_of(register), catalogue(ASKED)
    seen = {}
    for audience, found in closed(register).items():
        shown = protect(table, indicators=ASKED, rules=known.rules, audience=audience, withheld=found.withheld).table
        seen[audience] = set(gate.figures(shown))
    assert seen[Audience.PUBLIC] <= seen[Audience.STAFF] == seen[Audience.SSP]
