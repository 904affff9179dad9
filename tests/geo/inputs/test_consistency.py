"""What entries of the catalogue say against each other: each case is one clear problem, and nothing is published."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import msgspec
import pytest
import tomli_w

from geo import pipeline
from geo.errors import CatalogueError, Problem
from geo.inputs import catalogue
from geo.model.goals import Baseline, Category, Goal, Restated, Target
from geo.model.indicators import Bridge, Definition, DesignEffect, Indicator, RegisterMeasure
from geo.model.sources import Cite
from tests.towns import toytown

CITE = Cite(source="survey")
WORDS = toytown.text("x")
RESTATED = Target(id="t", name=WORDS, unit="level", value=64.0, restated=Restated(value=57.0, definition="never", cite=CITE))
BROKEN = (
    Definition(version="a", text=WORDS, valid_to=dt.date(2011, 12, 31)),
    Definition(version="b", text=WORDS, valid_from=dt.date(2012, 1, 1)),
)


def changed_goal(**changes: object) -> Goal:
    return msgspec.structs.replace(toytown.goal(), **changes)


def changed_indicator(**changes: object) -> Indicator:
    return msgspec.structs.replace(next(one for one in toytown.indicators() if one.id == "tryg"), **changes)


def refused(tmp_path: Path, *, goal: Goal | None = None, indicator: Indicator | None = None) -> list[Problem]:
    """The problems that a build is refused with; no edition comes of it."""
    town = toytown.write(tmp_path / "w")
    if goal:
        toytown.toml(town.data / "goals.toml", goal=[goal])
    if indicator:
        toytown.toml(town.data / "indicators.toml", indicator=[indicator, *toytown.indicators()[1:]])
    with pytest.raises(CatalogueError) as caught:
        pipeline.build(town)
    assert not list(town.editions.iterdir())
    return list(caught.value.problems)


def target(unit: str, value: float | None) -> Target:
    return Target(id="t", name=WORDS, unit=unit, value=value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("direction", "unit", "value", "base"),
    [
        ("up", "level", 40.0, 50.0),
        ("down", "level", 60.0, 50.0),
        ("up", "percent", -10.0, None),
        ("down", "percentage_points", 5.0, 50.0),
        ("down", "areas", 6.0, 5.0),
    ],
)
def test_a_target_on_the_wrong_side_of_its_baseline(tmp_path: Path, direction: str, unit: str, value: float, base: float | None) -> None:
    start = Baseline(value=base, period="2010")
    (problem,) = refused(tmp_path, goal=changed_goal(direction=direction, targets=(target(unit, value),), baseline=start))
    assert problem.what == "a target on the wrong side of its baseline"
    assert (problem.file, problem.row, problem.column) == ("data/goals.toml", 1, "targets[1].value")


@pytest.mark.parametrize(("direction", "value"), [("down", 5.0), ("up", 5.0)])
def test_no_more_than_now_is_no_wrong_side(tmp_path: Path, direction: str, value: float) -> None:
    town = toytown.write(tmp_path / "w")
    start = Baseline(value=5.0, period="2010")
    toytown.toml(town.data / "goals.toml", goal=[changed_goal(direction=direction, targets=(target("areas", value),), baseline=start)])
    catalogue.read(town.data, town.boundaries)


@pytest.mark.parametrize("unit", ["level", "percent", "percentage_points", "areas"])
def test_a_target_without_its_number(tmp_path: Path, unit: str) -> None:
    (problem,) = refused(tmp_path, goal=changed_goal(targets=(target(unit, None),)))
    assert problem.what == "a target without its number"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"baseline": Baseline(period="last spring")}, "baseline.period"),
        ({"baseline": Baseline(period="2030"), "deadline": dt.date(2014, 12, 31)}, "baseline.period"),
        ({"demo_baseline": "201X"}, "demo_baseline"),
        ({"direction": "neither"}, "direction"),
        ({"category": Category(name=WORDS)}, "category"),
        ({"category": Category(name=WORDS, below=1.0, above=2.0)}, "category"),
        ({"indicator": "tryg", "baseline": Baseline(definition="never")}, "baseline.definition"),
        ({"indicator": "tryg", "targets": (RESTATED,)}, "targets[1].restated.definition"),
        ({"part_of": "G"}, "part_of"),
        ({"indicator": None, "together": ("tryg",)}, "together"),
        ({"indicator": None, "together": ("tryg", "tryg")}, "together"),
        ({"indicator": None, "together": ("tryg", "uden")}, "together"),  # `uden` is invented
        ({"indicator": None, "together": ("tryg", "never")}, "together"),
        ({"indicator": "tryg", "together": ("tryg", "beboere")}, "indicator"),
        ({"indicator": None, "together": ("tryg", "beboere"), "category": Category(name=WORDS, below=1.0)}, "category"),
        ({"indicator": None, "together": ("tryg", "beboere"), "baseline": Baseline(value=1.0, period="2010")}, "baseline.value"),
        ({"indicator": None, "together": ("tryg", "beboere"), "baseline": Baseline(definition="old")}, "baseline.definition"),
        ({"part_of": "never"}, "part_of"),
    ],
)
def test_a_goal_that_cannot_be_judged_is_named(tmp_path: Path, changes: dict[str, object], column: str) -> None:
    (problem,) = refused(tmp_path, goal=changed_goal(**changes))
    assert (problem.file, problem.row, problem.column) == ("data/goals.toml", 1, column)


def test_an_undated_baseline_must_tell_its_definition_when_there_are_several(tmp_path: Path) -> None:
    start = changed_goal(indicator="tryg", baseline=Baseline(value=50.0))
    (problem,) = refused(tmp_path, goal=start, indicator=changed_indicator(definitions=BROKEN))
    assert (problem.column, problem.expected) == ("baseline.definition", "a, b")


@pytest.mark.parametrize(
    ("bridges", "what"),
    [
        ((Bridge(before="a", after="c", cite=CITE),), "a bridge that does not join two definitions"),
        ((Bridge(before="a", after="a", cite=CITE),), "a bridge that does not join two definitions"),
        ((Bridge(before="a", after="b", cite=CITE, factor=0.0),), "a bridge that turns the figures around"),
        ((Bridge(before="a", after="b", cite=CITE, doubt=-1.0),), "a doubt below zero"),
        (
            (Bridge(before="a", after="b", cite=CITE), Bridge(before="a", after="b", cite=CITE, factor=2.0)),
            "two bridges from the same definition",
        ),
    ],
)
def test_a_bridge_that_cannot_be_crossed(tmp_path: Path, bridges: tuple[Bridge, ...], what: str) -> None:
    (problem,) = refused(tmp_path, indicator=changed_indicator(definitions=BROKEN, bridges=bridges))
    assert (problem.what, problem.file, problem.row) == (what, "data/indicators.toml", 1)


def test_a_bridge_to_an_unknown_source_is_refused(tmp_path: Path) -> None:
    lost = Bridge(before="a", after="b", cite=Cite(source="nobody"))
    (problem,) = refused(tmp_path, indicator=changed_indicator(definitions=BROKEN, bridges=(lost,)))
    assert problem.what == "a name that leads nowhere"


def test_a_bridge_without_a_source_is_refused(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    crossed = changed_indicator(definitions=BROKEN, bridges=(Bridge(before="a", after="b", cite=CITE, factor=2.0),))
    toytown.toml(town.data / "indicators.toml", indicator=[crossed, *toytown.indicators()[1:]])
    path = town.data / "indicators.toml"
    written = tomllib.loads(path.read_text("utf-8"))
    del written["indicator"][0]["bridges"][0]["cite"]
    path.write_text(tomli_w.dumps(written), "utf-8")
    with pytest.raises(CatalogueError) as caught:
        catalogue.read(town.data, town.boundaries)
    (problem,) = caught.value.problems
    assert (problem.column, problem.what) == ("bridges[1].cite", "missing field")


@pytest.mark.parametrize(("value", "basis"), [(0.0, "survey"), (-1.0, "survey"), (float("inf"), "survey"), (1.5, "register")])
def test_a_design_effect_that_cannot_be(tmp_path: Path, value: float, basis: str) -> None:
    (problem,) = refused(tmp_path, indicator=changed_indicator(basis=basis, design_effect=DesignEffect(value=value, cite=CITE)))
    assert problem.column.startswith("design_effect")


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"kind": "rate", "per": 0}, "per"),
        ({"kind": "share", "per": 1000}, "per"),
        ({"kind": "index", "register": RegisterMeasure(register="people")}, "kind"),
    ],
)
def test_a_value_that_no_counts_can_make(tmp_path: Path, changes: dict[str, object], column: str) -> None:
    (problem,) = refused(tmp_path, indicator=changed_indicator(**{"basis": "register"} | changes))
    assert problem.column == column


@pytest.mark.parametrize("value", [0.9, 0.0, -1.0])
def test_a_chosen_design_effect_that_is_not_cautious(tmp_path: Path, value: float) -> None:
    town = toytown.write(tmp_path / "w")
    path = town.data / "sources.toml"
    written = tomllib.loads(path.read_text("utf-8"))
    written["source"][0]["design_effect"] = {"value": value, "note": {"da": "x", "en": "x"}}
    path.write_text(tomli_w.dumps(written), "utf-8")
    with pytest.raises(CatalogueError) as caught:
        catalogue.read(town.data, town.boundaries)
    (problem,) = caught.value.problems
    assert (problem.what, problem.row, problem.column) == ("a design effect that is not cautious", 1, "design_effect.value")


def test_a_survey_that_is_counted_in_a_register(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, indicator=changed_indicator(register=RegisterMeasure(register="people")))
    assert (problem.what, problem.column) == ("a survey that is counted in a register", "basis")


def test_a_definition_that_ends_before_it_begins(tmp_path: Path) -> None:
    backwards = Definition(version="a", text=WORDS, valid_from=dt.date(2012, 1, 1), valid_to=dt.date(2011, 1, 1))
    (problem,) = refused(tmp_path, indicator=changed_indicator(definitions=(backwards,)))
    assert problem.what == "a definition that ends before it begins"


def test_two_definitions_on_one_day_publish_nothing(tmp_path: Path) -> None:
    touching = (BROKEN[0], msgspec.structs.replace(BROKEN[1], valid_from=dt.date(2011, 12, 31)))
    (problem,) = refused(tmp_path, indicator=changed_indicator(definitions=touching))
    assert problem.what == "two definitions that are valid on the same day"
