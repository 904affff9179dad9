"""The gate on paper: what subtraction would tell is closed, for each audience and around what is out already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from geo.disclosure import complementary
from geo.disclosure import counts as gatecounts
from geo.disclosure.complementary import Past
from geo.disclosure.counts import Area, Counted
from geo.disclosure.protect import protect
from geo.errors import GeoError
from geo.model.indicators import Indicator, RegisterMeasure
from geo.model.rules import Accepted, Threshold
from geo.model.vocabulary import Audience, Reason
from tests.towns.gatetown import (
    LIMITS,
    MEASURE,
    PEOPLE,
    RULE,
    Words,
    catalogue,
    closed,
    counted,
    figures_of,
    measured,
    read_by,
    register,
    shown,
)

# --- what subtraction would tell --------------------------------------------------------------------------------------


def test_no_rule_hides_anything_but_the_patch_taken_from_its_square_would_tell() -> None:
    # 23 of 150 in the square less 20 of 50 in the patch is 3 of 100. And the square is the city less the other squares.
    seen = shown(counted())
    assert seen == {
        "square/sw": False, "square/nw": False,  # the cheapest pair: the smallest other square goes with it
        "square/se": True, "square/ne": True, "city/0": True, "patch/p": True,
    }  # fmt: skip


def test_all_that_is_hidden_bears_the_same_word() -> None:
    town = counted(PEOPLE | {("square/ne", "city/0"): (110, 2)})
    found = closed(town)[Audience.PUBLIC]
    known = catalogue(town.indicators)
    table = protect(figures_of(town), indicators=known.indicators, rules=[RULE], audience=Audience.PUBLIC, withheld=found.withheld)
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
    town = counted({inside: (all_, all_ // 2) for inside, (all_, _) in PEOPLE.items()})
    assert all(shown(town).values())
    assert not any(one.hidden.any() or len(one.problem.targets) for one in closed(town)[Audience.PUBLIC].proofs)


def test_the_inner_audience_sees_what_the_outer_sees_and_may_see_more() -> None:
    # 3 of 100 is not few for staff; with 2 of 100 it is, and what the public reads cannot be hidden from them.
    town = counted()
    assert all(shown(town, Audience.STAFF).values())
    town = counted(PEOPLE | {("square/sw", "city/0"): (100, 2)})
    public, staff = shown(town), shown(town, Audience.STAFF)
    assert not all(staff.values())
    assert all(staff[area] for area, seen in public.items() if seen)


# --- one count under two names ----------------------------------------------------------------------------------------

CODES: Mapping[str, tuple[str, ...]] = {"age_group": ("0-2", "25-64"), "origin": ("danish", "minority"), "day_care": ("ja", "nej")}
YOUNG = RegisterMeasure(register="people", where={"age_group": ("0-2",)}, having={"origin": ("minority",)})
CARED = RegisterMeasure(register="people", where={"age_group": ("0-2",), "origin": ("minority",)}, having={"day_care": ("ja",)})


def children(people: Mapping[tuple[str, ...], tuple[int, int]] = PEOPLE, *, elsewhere: int = 0, asked: tuple[Indicator, ...]) -> Counted:
    """Children, so many of them of a minority, half of those in day care, and so many Danish children in day care."""

    def rows(every: int, some: int) -> dict[Words, int]:
        return {
            ("0-2", "minority", "ja"): some // 2,
            ("0-2", "minority", "nej"): some - some // 2,
            ("0-2", "danish", "nej"): every - some - elsewhere,
            ("0-2", "danish", "ja"): elsewhere,
            ("25-64", "danish", "nej"): 40,
        }

    return register({"2010": {inside: rows(*counts) for inside, counts in people.items()}}, indicators=asked, codes=CODES)


def test_a_denominator_that_is_another_indicators_numerator_is_closed_with_it() -> None:
    # Children, of a minority, in day care. In SW outside the patch three children are of the minority.
    town = children(asked=(measured("young", YOUNG), measured("cared", CARED, area_sets=("square",))))
    told = gatecounts.counts(town).masks_of
    assert told["young"][0] == told["cared"][1]
    dear = msgspec.structs.replace(RULE, costs={**RULE.costs, "patch": 300.0})  # so that squares go
    hidden = {cell[:3] for proof in closed(town, rule=dear)[Audience.PUBLIC].proofs for cell in proof.withheld}
    squares = {area_id for name, area_set, area_id in hidden if (name, area_set) == ("young", "square")}
    assert "sw" in squares
    assert {("cared", "square", area_id) for area_id in squares} <= hidden


def test_two_indicators_that_count_the_same_people_tell_one_count() -> None:
    # Users among the minority; the minority among users: another share, the same count.
    users = RegisterMeasure(register="people", where={"day_care": ("ja",)}, having={"origin": ("minority",), "age_group": ("0-2",)})
    told = gatecounts.counts(children(elsewhere=7, asked=(measured("cared", CARED), measured("users", users)))).masks_of
    assert told["cared"][0] == told["users"][0]
    assert told["cared"][1] != told["users"][1]


def test_equal_figures_are_one_count_whatever_they_are_called() -> None:
    # Only minority children use day care, so "in day care" counts whom "minority children in day care" counts: nobody asks why.
    other = RegisterMeasure(register="people", where={"origin": ("minority",)}, having={"day_care": ("ja",)})
    anybody = RegisterMeasure(register="people", where={"age_group": ("0-2",)}, having={"day_care": ("ja",)})
    asked = (measured("cared", CARED), measured("other", other), measured("any", anybody))
    told = gatecounts.counts(children(asked=asked)).masks_of
    assert told["cared"][0] == told["any"][0]
    assert told["cared"] == told["other"]
    told = gatecounts.counts(children(asked=asked, elsewhere=1)).masks_of
    assert told["cared"][0] != told["any"][0]


def test_what_everybody_knows_is_no_count() -> None:
    # All people of the town are asked of: their number is no secret, and no figure tells it.
    assert gatecounts.counts(counted()).masks_of == {"uden": (0, -1)}


# --- what is out already ----------------------------------------------------------------------------------------------


def out(*areas: str, by: str = "e1", measure: RegisterMeasure = MEASURE, period: str = "2010") -> Past:
    """An earlier edition that told the public the counts of these areas."""
    told = {(gatecounts.measured(measure), Area(*area.split("/"))): frozenset({by}) for area in areas}
    return Past({audience: {("people", period): told} for audience in Audience})


def both(first: Past, second: Past) -> Past:
    """What two editions told."""
    key, released = ("people", "2010"), {}
    for audience in Audience:
        one, other = first.released[audience][key], second.released[audience][key]
        released[audience] = {key: {fact: one.get(fact, frozenset()) | other.get(fact, frozenset()) for fact in {**one, **other}}}
    return Past(released)


def later(people: Mapping[tuple[str, ...], tuple[int, int]] = PEOPLE) -> Counted:
    """The town in a later edition: what the earlier one measured is measured still."""
    return replace(counted(people), released={gatecounts.measured(MEASURE): ("uden",)})


def test_what_an_earlier_edition_told_is_closed_around() -> None:
    # The squares are out, so the patch cannot come.
    past = out("square/sw", "square/se", "square/nw", "square/ne", "city/0")
    assert shown(later(), past=past) == {
        "square/sw": True, "square/nw": True, "square/se": True, "square/ne": True, "city/0": True, "patch/p": False,
    }  # fmt: skip


def test_what_is_given_away_already_is_refused_and_not_told_again() -> None:
    with pytest.raises(GeoError) as refused:
        closed(later(), past=out("square/sw", "patch/p"))
    message = str(refused.value)
    assert "from public of people 2010" in message
    assert "by e1" in message
    assert "rule.accepted" in message
    assert not {"3", "23", "20"} & set(message.replace(",", " ").split())


def test_what_was_accepted_by_name_is_published() -> None:
    rule = msgspec.structs.replace(RULE, accepted=(Accepted(edition="e1", reason="was read by nobody"),))
    seen = shown(later(), rule=rule, past=out("square/sw", "patch/p"))
    assert seen["square/sw"]
    with pytest.raises(GeoError, match="by e2"):
        closed(later(), rule=rule, past=out("square/sw", "patch/p", by="e2"))


def test_two_editions_that_tell_it_together_must_both_be_accepted() -> None:
    rule = msgspec.structs.replace(RULE, accepted=(Accepted(edition="e1", reason="was read by nobody"),))
    past = both(out("square/sw"), out("patch/p", by="e2"))
    with pytest.raises(GeoError, match="by e1, e2"):
        closed(later(), past=past)
    with pytest.raises(GeoError, match="by e2;"):
        closed(later(), rule=rule, past=past)


def test_what_a_later_edition_tells_again_or_besides_needs_not_be_accepted_too() -> None:
    # Edition e1 gives it away and is accepted; e2, built since, told the same and one square more.
    rule = msgspec.structs.replace(RULE, accepted=(Accepted(edition="e1", reason="was read by nobody"),))
    past = both(out("square/sw", "patch/p"), out("square/sw", "patch/p", "square/se", by="e2"))
    assert shown(later(), rule=rule, past=past)["square/sw"]


def test_a_figure_that_was_another_then_is_told_of_the_same_people() -> None:
    # The register has been revised since, by many: what the old edition told of the square and the patch is told still.
    with pytest.raises(GeoError, match="by e1"):
        closed(later(PEOPLE | {("square/se", "city/0"): (160, 80)}), past=out("square/sw", "patch/p"))


def test_a_proof_of_before_is_taken_again_and_the_same_is_hidden() -> None:
    town = counted()
    first = closed(town)[Audience.PUBLIC]
    again = closed(town, past=Past(proofs={proof.digest: proof for proof in first.proofs}))[Audience.PUBLIC]
    assert again.withheld.hidden == first.withheld.hidden
    assert all(one.worlds is other.worlds for one, other in zip(first.proofs, again.proofs, strict=True))


def half_years(later: Mapping[tuple[str, ...], Mapping[Words, int]] | None = None) -> Counted:
    """Two half-years of the demo people, and a third one when it is given."""
    plain: dict[tuple[str, ...], Mapping[Words, int]]
    fewer: dict[tuple[str, ...], Mapping[Words, int]]
    plain = {inside: {("minority", "nej"): every - some, ("minority", "ja"): some} for inside, (every, some) in PEOPLE.items()}
    fewer = {inside: {("minority", "nej"): every - some + 1, ("minority", "ja"): some} for inside, (every, some) in PEOPLE.items()}
    periods: dict[str, Mapping[tuple[str, ...], Mapping[Words, int]]] = {"2010H1": plain, "2010H2": fewer}
    if later:
        periods["2011H1"] = later
    cared = RegisterMeasure(register="people", where={"origin": ("minority", "danish")}, having={"day_care": ("ja",)})
    minority = RegisterMeasure(register="people", where={"origin": ("minority", "danish")}, having={"origin": ("minority",)})
    asked = (measured("cared", cared), measured("minority", minority))
    return register(periods, indicators=asked, codes={"origin": ("danish", "minority"), "day_care": ("ja", "nej")})


def test_a_half_year_with_people_and_overlaps_that_never_were_leaves_older_proofs_as_they_are() -> None:
    first = closed(half_years())
    someone_new: dict[tuple[str, ...], Mapping[Words, int]] = {inside: {("minority", "nej"): 90, ("danish", "ja"): 9} for inside in PEOPLE}
    someone_new["square/se", "city/0", "patch/p"] = {("minority", "ja"): 7, ("danish", "nej"): 3}  # nobody lived in this overlap
    past = Past(proofs={proof.digest: proof for part in first.values() for proof in part.proofs})
    again = closed(half_years(someone_new), past=past)
    for audience, part in again.items():
        old = {proof.labels.period: proof for proof in first[audience].proofs}
        new = {proof.labels.period: proof for proof in part.proofs}
        assert set(new) == {"2010H1", "2010H2", "2011H1"}
        assert all(new[period].worlds is old[period].worlds for period in old), audience
        assert all(old[period].problem.tables.people.size < new["2011H1"].problem.tables.people.size for period in old)


def test_a_proof_of_before_that_does_not_stand_the_check_is_not_taken() -> None:
    town = counted()
    first = closed(town)[Audience.PUBLIC]
    spoilt = {proof.digest: replace(proof, hidden=np.zeros_like(proof.hidden)) for proof in first.proofs}
    again = closed(town, past=Past(proofs=spoilt))[Audience.PUBLIC]
    assert again.withheld.hidden == first.withheld.hidden != frozenset()


# --- the proof --------------------------------------------------------------------------------------------------------


def test_a_figure_unhidden_by_hand_is_caught() -> None:
    town = counted()
    table = figures_of(town)
    found = closed(town)[Audience.PUBLIC]
    (proof,) = found.proofs
    known = catalogue(town.indicators)
    kept = protect(table, indicators=known.indicators, rules=[RULE], audience=Audience.PUBLIC, withheld=found.withheld).table
    assert complementary.check(proof, kept) == ()
    for number in kept.index[kept["status"] == "suppressed"]:
        opened = kept.copy()
        opened.loc[number, ["numerator", "denominator", "status"]] = table.loc[number, ["numerator", "denominator", "status"]]
        problems = complementary.check(proof, opened)
        assert problems, table.loc[number, "area_id"]
        assert f"uden/{table.loc[number, 'area_set']}/{table.loc[number, 'area_id']}" in {problem.found for problem in problems}


def test_a_number_that_is_not_as_it_was_counted_is_caught() -> None:
    town = counted()
    (proof,) = closed(town)[Audience.PUBLIC].proofs
    kept = read_by(town)
    number = kept.index[kept["status"] != "suppressed"][0]
    kept.loc[number, "numerator"] += 1
    assert [problem.what for problem in complementary.check(proof, kept)] == ["a figure that is not as it was counted"]


def test_the_truth_is_no_proof_by_itself() -> None:
    (proof,) = closed(counted())[Audience.PUBLIC].proofs
    moved = proof.worlds.people != 0
    assert set(proof.worlds.target[moved].tolist()) == set(range(len(proof.problem.targets)))


def test_atoms_in_the_same_areas_of_a_model_are_one() -> None:
    # Nothing is published for patches here, so whoever subtracts never gets to the patch, and all is shown.
    assert all(shown(counted(indicators=(measured(area_sets=("square", "city")),))).values())


def test_residents_under_the_limit_hide_an_area() -> None:
    limits = {audience: Threshold(min_count=2, min_denominator=4, min_residents=95) for audience in Audience}
    seen = shown(counted(), rule=msgspec.structs.replace(RULE, thresholds=limits))
    assert not seen["square/nw"]
    assert not seen["patch/p"]
    assert LIMITS[Audience.PUBLIC].min_residents == 0
