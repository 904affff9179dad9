"""Rules that contradict themselves are refused before anything is built, each with its place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from geo.errors import CatalogueError
from geo.inputs import catalogue
from geo.model import rules
from geo.model.rules import Accepted, Rule, Threshold
from geo.model.vocabulary import Audience
from tests.towns import gatetown
from tests.towns.gatetown import RULE
from tests.towns.toytown import text

ROOT = Path(__file__).parent.parent.parent.parent


def places(rule: Rule) -> set[str]:
    return {place for place, *_ in rules.clashes(rule)}


def limited(**audiences: Threshold) -> Rule:
    return Rule(id="r", name=text("r"), thresholds={Audience(name): limits for name, limits in audiences.items()})


def test_rules_that_hold_together_say_nothing() -> None:
    assert places(RULE) == set()
    assert places(limited(public=Threshold(), staff=Threshold())) == set()
    assert places(limited(public=Threshold(min_answers=50))) == set()


@pytest.mark.parametrize(
    ("limits", "place"),
    [
        (Threshold(min_count=-1), "min_count"),
        (Threshold(min_count=1), "min_count"),
        (Threshold(min_answers=-5), "min_answers"),
        (Threshold(min_count=5), "min_denominator"),  # of 6 people only nobody and everybody could be shown
        (Threshold(min_count=5, min_denominator=9), "min_denominator"),
        (Threshold(min_denominator=20), "min_count"),  # groups hidden, single persons shown
        (Threshold(min_residents=40), "min_count"),
    ],
)
def test_limits_that_contradict_each_other(limits: Threshold, place: str) -> None:
    assert f"thresholds.public.{place}" in places(limited(public=limits))


def test_the_boundary_of_the_smallest_group() -> None:
    assert places(limited(public=Threshold(min_count=5, min_denominator=10))) == set()


@pytest.mark.parametrize("name", rules.LIMITS)
def test_nobody_inside_is_shown_less_than_those_outside(name: str) -> None:
    outside = Threshold(min_count=5, min_denominator=20, min_answers=50, min_residents=40)
    inside = msgspec.structs.replace(outside, **{name: getattr(outside, name) + 1})
    assert f"thresholds.staff.{name}" in places(limited(public=outside, staff=inside))
    assert f"thresholds.ssp.{name}" in places(limited(public=outside, staff=outside, ssp=inside))


def test_costs_and_acceptances_need_a_number_and_a_reason() -> None:
    rule = msgspec.structs.replace(RULE, costs={"square": 0.0}, accepted=(Accepted(edition="e", reason=" "),))
    assert places(rule) == {"costs.square", "accepted[1].reason"}


def test_all_that_is_wrong_with_a_rule_comes_at_once_with_its_entry(tmp_path: Path) -> None:
    town = gatetown.write(tmp_path / "town")
    wrong = Threshold(min_count=5, min_denominator=4)
    gatetown.declare(town, msgspec.structs.replace(RULE, thresholds=dict.fromkeys(Audience, wrong), costs={"sqare": 2.0}))
    with pytest.raises(CatalogueError) as refused:
        catalogue.read(town.data, town.boundaries)
    found = {(problem.file, problem.row, problem.column) for problem in refused.value.problems}
    assert found == {("data/disclosure.toml", 2, f"thresholds.{one.value}.min_denominator") for one in Audience} | {
        ("data/disclosure.toml", 2, "costs")
    }


def test_the_embedded_rules_say_what_they_rest_on_and_what_hiding_costs() -> None:
    known = catalogue.read(ROOT / "data", ROOT / "boundaries")
    rule = next(rule for rule in known.rules if rule.id == "register")
    assert rule.cite is not None
    assert rule.note is not None
    assert not rule.accepted
    assert rule.costs["kommune"] > rule.costs["bydel"] > rule.costs["udsat_boligomraade"] > rule.costs["tryghedsdistrikt"]
    assert rule.thresholds[Audience.PUBLIC].min_count == 5
