"""The catalogue tells everything that is wrong with it in one answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from geo.errors import CatalogueError, InputError, Problem
from geo.inputs import catalogue
from geo.model.catalogue import ListEdition, Member
from geo.model.indicators import Definition
from geo.model.sources import Cite
from tests.towns import toytown

HERE = Path(__file__).parent.parent.parent.parent


def faults(town: toytown.Workspace) -> list[Problem]:
    with pytest.raises(CatalogueError) as caught:
        catalogue.read(town.data, town.boundaries)
    return list(caught.value.problems)


def test_the_toy_towns_catalogue_reads(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    read = catalogue.read(town.data, town.boundaries)
    assert [indicator.id for indicator in read.indicators] == ["tryg", "uden", "beboere"]
    assert read.indicators == tuple(toytown.indicators())
    assert read.goals == (toytown.goal(),)
    assert {file.path: file.rows for file in catalogue.inputs(town.data, town.boundaries, read)}["boundaries/sets.toml"] == 3


def test_the_embedded_catalogue_reads() -> None:
    if not (HERE / "data" / "contradictions.toml").is_file():
        pytest.skip("the embedded data are not there")
    catalogue.read(HERE / "data", HERE / "boundaries")


def test_faults_of_several_entries_and_files_come_at_once(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    sources = town.data / "sources.toml"
    sources.write_text(sources.read_text("utf-8").replace('"official"', '"good"').replace('title = "Invented"', "titel = 3"), "utf-8")
    goals = town.data / "goals.toml"
    goals.write_text(goals.read_text("utf-8").replace('direction = "up"', 'direction = "sideways"'), "utf-8")
    (town.data / "calendar.toml").write_text("event = [\n", "utf-8")
    (town.data / "lists.toml").unlink()
    found = {(p.file, p.row, p.column) for p in faults(town)}
    assert found == {
        ("data/sources.toml", 1, "quality"),
        ("data/sources.toml", 2, "titel"),
        ("data/sources.toml", 2, "title"),
        ("data/goals.toml", 1, "direction"),
        ("data/calendar.toml", None, ""),
        ("data/lists.toml", None, ""),
    }


def test_a_wrong_value_deep_inside_names_its_place(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    path = town.data / "goals.toml"
    path.write_text(path.read_text("utf-8").replace('unit = "percentage_points"', 'unit = "points"'), "utf-8")
    (problem,) = faults(town)
    assert (problem.row, problem.column, problem.found) == (1, "targets[1].unit", "'points'")


def test_a_line_that_is_not_toml_is_named(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    (town.data / "goals.toml").write_text('[[goal]]\nid = "G"\nname\n', "utf-8")
    (problem,) = faults(town)
    assert (problem.file, problem.row, problem.what) == ("data/goals.toml", 3, "not TOML")


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    with (town.data / "calendar.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[events]]\nid = "x"\n')
    (problem,) = faults(town)
    assert (problem.column, problem.expected) == ("events", "[[event]]")


def test_names_that_lead_nowhere_are_found_wherever_they_stand(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    lost = Cite(source="nobody")
    listed = ListEdition(
        id="L", family="f", name=toytown.text("l"), published="2010", definition=toytown.text("d"), cite=lost,
        members=(Member(name="A", area_set="square"), Member(name="B", area_set="circle")),
    )  # fmt: skip
    toytown.toml(town.data / "lists.toml", list=[listed])
    path = town.data / "indicators.toml"
    path.write_text(path.read_text("utf-8").replace('rule = "open"', 'rule = "closed"'), "utf-8")
    assert [(p.file, p.row, p.column, p.found) for p in faults(town)] == [
        ("data/indicators.toml", 1, "rule", "'closed'"),
        ("data/indicators.toml", 2, "rule", "'closed'"),
        ("data/indicators.toml", 3, "rule", "'closed'"),
        ("data/lists.toml", 1, "members[2].area_set", "'circle'"),
        ("data/lists.toml", 1, "cite.source", "'nobody'"),
    ]


def test_an_id_that_stands_twice(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    toytown.toml(town.data / "goals.toml", goal=[toytown.goal(), toytown.goal()])
    (problem,) = faults(town)
    assert (problem.file, problem.row, problem.column) == ("data/goals.toml", 2, "id")


@pytest.mark.parametrize(("ends", "starts", "clash"), [("2012-12-31", "2013-01-01", False), ("2013-01-01", "2013-01-01", True)])
def test_definitions_may_touch_but_not_overlap(tmp_path: Path, ends: str, starts: str, clash: bool) -> None:
    town = toytown.write(tmp_path / "w")
    first = Definition(version="a", text=toytown.text("a"), valid_to=dt.date.fromisoformat(ends))
    second = Definition(version="b", text=toytown.text("b"), valid_from=dt.date.fromisoformat(starts))
    changed = [msgspec.structs.replace(i, definitions=(first, second)) for i in toytown.indicators()]
    toytown.toml(town.data / "indicators.toml", indicator=changed)
    if clash:
        assert [p.row for p in faults(town)] == [1, 2, 3]
    else:
        catalogue.read(town.data, town.boundaries)


def test_kinds_are_read_without_the_rest(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    (town.data / "goals.toml").write_text("nonsense", "utf-8")
    assert [kind.id for kind in catalogue.kinds(town.boundaries)] == ["square", "patch", "later"]
    with pytest.raises(InputError):
        catalogue.read(town.data, town.boundaries)
