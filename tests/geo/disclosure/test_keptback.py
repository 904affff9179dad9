"""Who knows a closer rule reads what is read further out, too: three counts whose sum is told."""

from __future__ import annotations

import msgspec

from geo.attack.findings import Attacked, attack_tied
from geo.disclosure.complementary import Past
from geo.disclosure.counts import Area, measured
from geo.model.rules import Threshold
from geo.model.vocabulary import Audience
from tests.towns import towns
from tests.towns.gatetown import MEASURE, RULE, closed, counted, shown
from tests.towns.towns import SETS

TOWN = counted(
    {
        ("square/ne", "city/0"): (90, 2),
        ("square/nw", "city/0"): (100, 2),
        ("square/se", "city/0"): (110, 2),
        ("square/sw", "city/0"): (160, 40),
    },
    areas=("square/ne", "square/nw", "square/se", "square/sw", "city/0"),
)
"""The city less square SW is 6 in three squares. Who knows that 1 to 4 are hidden may think of 1, 1 and 4; who knows 1 and 2: 2, 2, 2."""


def test_a_sum_that_tells_staff_of_each_is_told_to_nobody() -> None:
    for audience in Audience:
        assert shown(TOWN, audience) == {
            "square/ne": False, "square/nw": False, "square/se": False, "square/sw": False, "city/0": True,
        }  # fmt: skip


def test_it_is_told_where_all_have_the_same_rule() -> None:
    wide = Threshold(min_count=5, min_denominator=20)
    same = msgspec.structs.replace(RULE, thresholds=dict.fromkeys(Audience, wide))
    assert shown(TOWN, rule=same)["square/sw"]


def test_what_is_kept_back_is_kept_back_again_by_the_same_proofs() -> None:
    first = closed(TOWN)
    again = closed(TOWN, past=Past(proofs={proof.digest: proof for part in first.values() for proof in part.proofs}))
    assert {audience: part.withheld.hidden for audience, part in again.items()} == {
        audience: part.withheld.hidden for audience, part in first.items()
    }


def test_what_an_edition_has_told_already_cannot_be_kept_back() -> None:
    told = {(measured(MEASURE), Area("square", "sw")): frozenset({"first"}), (measured(MEASURE), Area("city", "0")): frozenset({"first"})}
    past = Past({audience: {("people", "2010"): told} for audience in Audience})
    assert shown(TOWN, past=past)["square/sw"]


def test_in_random_towns_nobody_who_knows_their_rule_learns_more() -> None:
    for seed in (1001, 1009):  # in the first, staff read a sum that told them; in the second, a figure shown in exchange undid a proof
        town = towns.town(seed)
        read = town.published()
        every = list(town.people().values())
        for place, audience in enumerate(Audience):
            asked = Attacked(dict.fromkeys(town.measures, town.rule.thresholds[audience]), dict.fromkeys(town.measures, SETS), whole=False)
            assert attack_tied(every, [read[other].table for other in list(Audience)[: place + 1]], asked, {}) == ()
