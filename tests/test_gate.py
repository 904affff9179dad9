"""The gate on paper: what subtraction would tell is closed, for each audience and around what is out already."""

from __future__ import annotations

import msgspec
import numpy as np
import pandas as pd
import pytest
from geo.protection.jointmodel import published
from geo.protection.overlay import Area, Counted

from geo import indicators
from geo.cube import table as counts_of
from geo.disclosure import KEY, protect
from geo.errors import GeoError
from geo.model import Accepted, Catalogue, HotspotProgramme, Indicator, PlanProgramme, RegisterMeasure, Rule, Threshold
from geo.protection import gate, overlay
from geo.protection.gate import Closed, Past
from geo.words import Audience, Reason
from tests.gatetown import COSTS, LIMITS, MEASURE, PEOPLE, RULE, counted, measured
from tests.toytown import text

NOTHING = PlanProgramme(figures=(), evaluations=(), plans=(), note=text("ingen"))
SPOTS = HotspotProgramme(areas=(), themes=(), staff=(), informed=(), figures=(), note=text("ingen"))


def catalogue(asked: tuple[Indicator, ...], rule: Rule = RULE) -> Catalogue:
    return Catalogue(
        sources=(), area_sets=(), indicators=asked, rules=(rule,), goals=(), lists=(), plans=NOTHING, hotspots=SPOTS, calendar=(),
        contradictions=(),
    )  # fmt: skip


def figures_of(register: Counted) -> pd.DataFrame:
    """The figures as they would be published."""
    ids: dict[str, list[str]] = {}
    for area in register.areas:
        ids.setdefault(area.area_set, []).append(area.area_id)
    sets = {one.id: one.area_sets for one in register.indicators}
    shares = indicators.shares(counts_of(register.cube, ids, sets=sets), indicators=register.indicators, source="people")
    return shares.sort_values(KEY, ignore_index=True)


def closed(register: Counted, *, rule: Rule = RULE, past: Past | None = None) -> dict[Audience, Closed]:
    return dict(gate.close(figures_of(register), known=catalogue(register.indicators, rule), registers=[register], past=past))


def shown(register: Counted, audience: Audience = Audience.PUBLIC, *, rule: Rule = RULE, past: Past | None = None) -> dict[str, bool]:
    """Which figures of the first indicator this audience gets to see, by area."""
    found = closed(register, rule=rule, past=past)[audience]
    known = catalogue(register.indicators, rule)
    table = protect(figures_of(register), indicators=known.indicators, rules=known.rules, audience=audience, withheld=found.withheld).table
    mine = table[table["indicator"] == register.indicators[0].id]
    return {f"{row.area_set}/{row.area_id}": row.status != "suppressed" for row in mine.itertuples()}


# --- what subtraction would tell --------------------------------------------------------------------------------------


def test_no_rule_hides_anything_but_the_patch_taken_from_its_square_would_tell() -> None:
    # 23 of 150 in the square less 20 of 50 in the patch is 3 of 100. And the square is the city less the other squares.
    seen = shown(counted())
    assert seen == {
        "square/sw": False, "square/nw": False,  # the cheapest pair: the smallest other square goes with it
        "square/se": True, "square/ne": True, "city/0": True, "patch/p": True,
    }  # fmt: skip


def test_all_that_is_hidden_bears_the_same_word() -> None:
    register = counted(PEOPLE | {("square/ne", "city/0"): (110, 2)})
    found = closed(register)[Audience.PUBLIC]
    known = catalogue(register.indicators)
    table = protect(figures_of(register), indicators=known.indicators, rules=[RULE], audience=Audience.PUBLIC, withheld=found.withheld)
    hidden = table.table[table.table["status"] == "suppressed"]
    assert set(hidden["reason"]) == {Reason.PROTECTED.value}
    assert {one.reason for one in table.hidden} == {Reason.PROTECTED}
    assert {why for _, _, why in table.why} == {"few", "complementary"}


def test_an_overlap_that_subtraction_cannot_tell_hides_nothing() -> None:
    # A patch across two squares: 3 of the 50 in one of its halves, but who adds and subtracts never gets to a half.
    people = {
        ("square/sw", "city/0"): (100, 20), ("square/sw", "city/0", "patch/p"): (50, 3), ("square/se", "city/0", "patch/p"): (60, 12),
        ("square/se", "city/0"): (100, 30), ("square/nw", "city/0"): (90, 25), ("square/ne", "city/0"): (110, 30),
    }  # fmt: skip
    assert all(shown(counted(people)).values())


def test_the_remainder_counts_as_the_count_does() -> None:
    people = {inside: (all_, all_ - some) for inside, (all_, some) in PEOPLE.items()}
    assert shown(counted(people)) == shown(counted())


def test_nothing_is_hidden_where_nobody_is_few() -> None:
    register = counted({inside: (all_, all_ // 2) for inside, (all_, _) in PEOPLE.items()})
    assert all(shown(register).values())
    assert closed(register)[Audience.PUBLIC].proofs == ()


def test_the_inner_audience_sees_what_the_outer_sees_and_may_see_more() -> None:
    # 3 of 100 is not few for staff; with 2 of 100 it is, and what the public reads cannot be hidden from them.
    register = counted()
    assert all(shown(register, Audience.STAFF).values())
    register = counted(PEOPLE | {("square/sw", "city/0"): (100, 2)})
    public, staff = shown(register), shown(register, Audience.STAFF)
    assert not all(staff.values())
    assert all(staff[area] for area, seen in public.items() if seen)


# --- one count under two names ----------------------------------------------------------------------------------------

YOUNG = RegisterMeasure(register="people", where={"age_group": ("0-2",)}, having={"origin": ("minority",)})
CARED = RegisterMeasure(register="people", where={"age_group": ("0-2",), "origin": ("minority",)}, having={"day_care": ("ja",)})


def test_a_denominator_that_is_another_indicators_numerator_is_closed_with_it() -> None:
    # Children, of a minority, in day care. In SW outside the patch three children are of the minority.
    asked = (measured("young", YOUNG), measured("cared", CARED, area_sets=("square",)))
    people = {inside: (all_, some, some, some // 2) for inside, (all_, some) in PEOPLE.items()}
    register = counted(people, indicators=asked)
    both = next(family for family in overlay.families(register) if len(family.tellers["square"]) > 1)
    assert {(teller.indicator, teller.side) for teller in both.tellers["square"]} == {("young", "numerator"), ("cared", "denominator")}
    hidden = {cell[:3] for proof in closed(register)[Audience.PUBLIC].proofs for cell in proof.withheld}
    squares = {area_id for name, area_set, area_id in hidden if (name, area_set) == ("young", "square")}
    assert "sw" in squares
    assert {("cared", "square", area_id) for area_id in squares} <= hidden


def test_two_indicators_that_count_the_same_people_are_one_family() -> None:
    # Users among the minority; the minority among users: another share, the same count.
    users = RegisterMeasure(register="people", where={"day_care": ("ja",)}, having={"origin": ("minority",), "age_group": ("0-2",)})
    asked = (measured("cared", CARED), measured("users", users))
    people = {inside: (all_, some, all_ + 7, some) for inside, (all_, some) in PEOPLE.items()}
    (family,) = overlay.families(counted(people, indicators=asked))
    assert sorted(family.bases.values()) == [("cared",), ("users",)]


def test_equal_figures_are_one_family_whatever_they_are_called() -> None:
    # Only children use day care, so "in day care" counts whom "children in day care" counts: who subtracts does not ask why.
    other = RegisterMeasure(register="people", where={"origin": ("minority",)}, having={"day_care": ("ja",)})
    asked = (measured("cared", CARED), measured("any", other))
    people = {inside: (all_, some, all_ + 5, some) for inside, (all_, some) in PEOPLE.items()}
    assert len(overlay.families(counted(people, indicators=asked))) == 1
    people[("square/sw", "city/0")] = (100, 3, 105, 4)
    assert len(overlay.families(counted(people, indicators=asked))) == 2


# --- what is out already ----------------------------------------------------------------------------------------------


def out(register: Counted, *areas: str, by: str = "e1", trait: overlay.Trait | None = None) -> Past:
    """An earlier edition that told the public the counts of these areas."""
    counts = figures_of(register).set_index(["area_set", "area_id"])["numerator"]
    top, _ = overlay.traits(MEASURE)
    facts = {("people", trait or top, "2010", Area(*area.split("/"))): {int(counts[tuple(area.split("/"))]): by} for area in areas}
    return Past(dict.fromkeys(Audience, facts))


def test_what_an_earlier_edition_told_is_closed_around() -> None:
    # The squares are out, so the patch cannot come.
    register = counted()
    past = out(register, "square/sw", "square/se", "square/nw", "square/ne", "city/0")
    assert shown(register, past=past) == {
        "square/sw": True, "square/nw": True, "square/se": True, "square/ne": True, "city/0": True, "patch/p": False,
    }  # fmt: skip


def test_what_is_given_away_already_is_refused_and_not_told_again() -> None:
    register = counted()
    past = out(register, "square/sw", "patch/p")
    with pytest.raises(GeoError) as refused:
        closed(register, past=past)
    message = str(refused.value)
    assert "public of uden 2010" in message
    assert "by e1" in message
    assert "rule.accepted" in message
    assert not {"3", "23", "20"} & set(message.replace(",", " ").split())


def test_what_was_accepted_by_name_is_published() -> None:
    register = counted()
    rule = msgspec.structs.replace(RULE, accepted=(Accepted(edition="e1", reason="was read by nobody"),))
    seen = shown(register, rule=rule, past=out(register, "square/sw", "patch/p"))
    assert seen["square/sw"]
    with pytest.raises(GeoError, match="by e2"):
        closed(register, rule=rule, past=out(register, "square/sw", "patch/p", by="e2"))


def test_a_figure_that_was_another_then_is_another_unknown() -> None:
    # The register has been revised since: what the old edition told is not what is hidden now.
    past = out(counted(PEOPLE | {("square/sw", "city/0"): (100, 30)}), "square/sw", "patch/p")
    assert shown(counted(), past=past) == shown(counted(), past=out(counted(), "patch/p"))


def test_a_proof_of_before_is_taken_again_and_the_same_is_hidden() -> None:
    register = counted()
    first = closed(register)[Audience.PUBLIC]
    counts = [area for area, seen in shown(register).items() if seen]
    past = Past(out(register, *counts).facts, {proof.digest: proof for proof in first.proofs})
    again = closed(register, past=past)[Audience.PUBLIC]
    assert again.withheld.hidden == first.withheld.hidden
    assert all(one.certificate is other.certificate for one, other in zip(first.proofs, again.proofs, strict=True))


# --- the proof --------------------------------------------------------------------------------------------------------


def test_a_figure_unhidden_by_hand_is_caught() -> None:
    register = counted()
    table = figures_of(register)
    found = closed(register)[Audience.PUBLIC]
    (proof,) = found.proofs
    known = catalogue(register.indicators)
    kept = protect(table, indicators=known.indicators, rules=[RULE], audience=Audience.PUBLIC, withheld=found.withheld).table
    assert gate.check(proof, gate.figures(kept)) == ()
    for number in kept.index[kept["status"] == "suppressed"]:
        opened = kept.copy()
        opened.loc[number, ["numerator", "denominator"]] = table.loc[number, ["numerator", "denominator"]]
        problems = gate.check(proof, gate.figures(opened))
        assert problems, table.loc[number, "area_id"]
        assert f"{table.loc[number, 'area_set']}/{table.loc[number, 'area_id']}" in {problem.found for problem in problems}


def test_the_truth_is_in_no_proof() -> None:
    register = counted()
    (family,) = overlay.families(register)
    (proof,) = closed(register)[Audience.PUBLIC].proofs
    truth = register.cube.atoms["2010"].counts[:, family.truth]
    assert not (np.sort(proof.certificate.tables, axis=1) == np.sort(truth)).all(axis=1).any()


def test_atoms_in_the_same_areas_of_a_model_are_one() -> None:
    # Nothing is published for patches here, so the patch tells nothing apart.
    asked = (measured(area_sets=("square", "city")),)
    register = counted(indicators=asked)
    (family,) = overlay.families(register)
    stand = overlay.Stand(frozenset(), frozenset(), {}, COSTS, overlay.Strictness(5, zero_hidden=False))
    model = overlay.model(register, family, next(iter(family.bases)), "2010", stand)
    assert model.joint.cells.shape == (5, 4)
    assert sorted(model.joint.population.tolist()) == [90, 110, 150, 160]
    assert not model.sensitive
    assert published(model.joint, np.zeros(5, dtype=bool)).shown.all()


def test_residents_under_the_limit_hide_an_area() -> None:
    limits = {audience: Threshold(min_count=2, min_denominator=4, min_residents=95) for audience in Audience}
    seen = shown(counted(), rule=msgspec.structs.replace(RULE, thresholds=limits))
    assert not seen["square/nw"]
    assert not seen["patch/p"]
    assert LIMITS[Audience.PUBLIC].min_residents == 0
