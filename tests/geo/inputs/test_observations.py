"""Published figures: read as typed, checked against the catalogue, and what has no place is left over and named."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from geo import pipeline
from geo.errors import InputError, Problem
from geo.figures import agreement
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue, intake, observations
from geo.inputs.observations import Observed
from geo.model import ratios
from geo.model.ratios import scales
from geo.model.results import OBSERVATION_COLUMNS
from tests.records.single import indicator, row
from tests.towns import toytown


def read(town: Workspace) -> Observed:
    known = catalogue.read(town.data, town.boundaries)
    return observations.read(town.data, known, boundaries.codes(town.boundaries, known.area_sets))


def add(town: Workspace, name: str, *rows: str, retrieved: dt.date = toytown.DAY) -> Path:
    path = town.data / "more" / str(retrieved) / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(toytown.csv(rows), "utf-8")
    toytown.write_sidecar(path, retrieved=retrieved)
    return path


def fault(town: Workspace, *rows: str) -> Problem:
    add(town, "more", *rows)
    with pytest.raises(InputError) as caught:
        read(town)
    (problem,) = caught.value.problems
    return problem


def test_the_toy_towns_figures(tmp_path: Path) -> None:
    observed = read(toytown.write(tmp_path / "w"))
    table = observed.table
    assert list(table.columns) == list(OBSERVATION_COLUMNS)
    assert table["area_id"].tolist() == ["0101", "0101", "0102", "0102", "0103", "0103", "0104"]
    assert table["value"].tolist()[:4] == [80.0, 85.0, 50.0, 40.5]
    assert table["definition"].tolist() == ["old", "old", "old", "old", "old", "new", "old"]
    assert set(table["quality"]) == {"official"}
    assert table.dtypes[["value", "numerator", "denominator", "n", "low", "high"]].tolist() == [np.dtype(float)] * 6
    missing = table.iloc[4]
    assert (missing["status"], missing["reason"], np.isnan(missing["value"])) == ("missing", "source_blank", True)
    (used,) = observed.inputs
    assert (used.path, used.rows) == (toytown.FIGURES, 7)


def test_a_made_up_figure_is_demo_whatever_its_row_says(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    add(town, "more", "uden,square,0101,2010,12,,,,,,final,survey,,", "tryg,square,0101,2014,50,,,,,,final,invented,,")
    made_up = read(town).table.query("indicator == 'uden' or period == '2014'")
    assert made_up["status"].tolist() == ["demo", "demo"]
    assert made_up["quality"].tolist() == ["demo", "demo"]


def test_rows_of_a_set_that_is_not_here_yet_are_left_over(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    path = town.data / "indicators.toml"
    path.write_text(path.read_text("utf-8").replace('"square",', '"square", "later",'), "utf-8")
    add(town, "more", "tryg,later,x,2010,50,,,,,,final,survey,,", "tryg,later,y,2010,50,,,,,,final,survey,,")
    observed = read(town)
    (left,) = observed.leftovers
    assert (left.area_set, left.side, left.count, left.names) == ("later", "row", 2, ("x", "y"))
    assert "later" not in set(observed.table["area_set"])


def test_the_file_retrieved_later_holds_and_the_older_row_is_named(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    add(town, "more", "tryg,square,0101,2010,79,,,100,,,final,survey,,", retrieved=dt.date(2021, 1, 1))
    observed = read(town)
    assert observed.table.query("area_id == '0101' and period == '2010'")["value"].tolist() == [79.0]
    (left,) = observed.leftovers
    assert (left.join, left.count, left.names) == ("superseded", 1, (toytown.FIGURES,))


def test_two_files_of_one_day_may_agree_but_not_differ(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    add(town, "more", "tryg,square,0101,2010,80,,,100,,,final,survey,,")
    assert len(read(town).table) == 7
    problem = fault(town, "tryg,square,0101,2010,79,,,100,,,final,survey,,")
    assert problem.what == "an observation that another file of the same day gives otherwise"
    assert (problem.row, problem.expected) == (2, "79.0, as in data/more/2020-01-01/more.csv, row 2")


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ("nope,square,0101,2014,50,,,,,,final,survey,,", "indicator", "an unknown indicator"),
        ("tryg,circle,0101,2014,50,,,,,,final,survey,,", "area_set", "an unknown area set"),
        ("tryg,patch,midt,2014,50,,,,,,final,survey,,", "area_set", "the indicator is not declared for this area set"),
        ("tryg,square,0101,2014,50,,,,,,final,nobody,,", "source", "an unknown source"),
        ("tryg,square,0101,2014,50,,,,,,certain,survey,,", "status", "an unknown status"),
        ("tryg,square,0101,2014,,,,,,,final,survey,,", "value", "a status that says there is a value, and none"),
        ("tryg,square,0101,2014,50,,,,,,missing,survey,,", "status", "a status that says there is no value, and numbers"),
        ("tryg,square,0101,2014,50,6,5,,,,final,survey,,", "numerator", "a numerator larger than its denominator"),
        ("tryg,square,0101,2014,50,-1,5,,,,final,survey,,", "numerator", "a negative number of persons"),
        ("tryg,square,0101,2014,50,,,,51,60,final,survey,,", "low", "an interval that does not hold its value"),
        ("tryg,square,0101,2014,50,,,,48,,final,survey,,", "low", "an interval with one end"),
        ("tryg,square,0101,2014,50,,,0,,,final,survey,,", "value", "a value of nobody"),
        ("tryg,square,0101,2014,0,0,0,,,,final,survey,,", "value", "a value of nobody"),
        ("tryg,square,0101,2014,50,,,3.596,,,final,survey,,", "n", "a number of persons that is not whole"),
        ("beboere,square,0101,2014,50,51,,,,,final,survey,,", "value", "a value that its counts do not make"),
        ("tryg,square,0101,2014,many,,,,,,final,survey,,", "value", "not a number"),
        ("tryg,square,0101,2014,inf,,,,,,final,survey,,", "value", "not a number"),
    ],
)
def test_what_cannot_be_true_is_told_by_row_and_column(tmp_path: Path, row: str, column: str, what: str) -> None:
    problem = fault(toytown.write(tmp_path / "w"), "tryg,square,0102,2014,50,,,,,,final,survey,,", row)
    assert (problem.file, problem.row, problem.column, problem.what) == ("data/more/2020-01-01/more.csv", 3, column, what)


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "agrees"),
    [
        # 462 of 1,000 is 46.2; the indicator is shown without decimals, so half a percentage point is what rounding explains
        ("12.5", 462, 1000, False), ("46", 462, 1000, True), ("46.2", 462, 1000, True), ("46.20", 462, 1000, True),
        ("46.7", 462, 1000, True), ("46.71", 462, 1000, False), ("45.7", 462, 1000, True), ("45.6", 462, 1000, False),
        ("47", 462, 1000, False), ("88", 10, 20, False), ("50", 10, 20, True), ("0", 0, 20, True), ("1", 0, 20, False),
    ],
)  # fmt: skip
def test_a_share_is_what_its_counts_make_but_for_rounding(
    tmp_path: Path, value: str, numerator: int, denominator: int, agrees: bool
) -> None:
    town = toytown.write(tmp_path / "w")
    row = f"tryg,square,0101,2014,{value},{numerator},{denominator},,,,final,survey,,"
    if agrees:
        add(town, "more", row)
        assert len(read(town).table) == 8
        return
    problem = fault(town, row)
    assert (problem.row, problem.column, problem.what) == (2, "value", "a value that its counts do not make")
    assert problem.found == f"{value} beside {numerator} of {denominator}"


def with_decimals(town: Workspace, decimals: int, **changes: object) -> None:
    known = [msgspec.structs.replace(one, decimals=decimals, **changes) if one.id == "tryg" else one for one in toytown.indicators()]
    toytown.toml(town.data / "indicators.toml", indicator=known)


def test_the_decimals_that_are_printed_say_how_near(tmp_path: Path) -> None:
    # with one decimal in the catalogue: 46 is 45.5 to 46.5 as typed, 46.0 is 45.95 to 46.05
    town = toytown.write(tmp_path / "w")
    with_decimals(town, 1)
    add(town, "more", "tryg,square,0101,2014,46,462,1000,,,,final,survey,,")
    assert len(read(town).table) == 8
    problem = fault(town, "tryg,square,0101,2014,46.0,462,1000,,,,final,survey,,")
    assert (problem.found, problem.expected) == ("46.0 beside 462 of 1000", "46.2")


def test_a_rate_is_what_its_counts_make_per_its_own_number(tmp_path: Path) -> None:
    # 512 of 50,000 is 10.24 per 1,000
    town = toytown.write(tmp_path / "w")
    with_decimals(town, 0, kind="rate", per=1000, basis="register")
    add(town, "more", "tryg,square,0101,2014,10,512,50000,,,,final,survey,,", "tryg,square,0102,2014,10,,,,,,final,survey,,")
    assert len(read(town).table) == 9
    rows = ["tryg,square,0101,2014,22,512,50000,,,,final,survey,,", "tryg,square,0102,2014,5,0,,,,,final,survey,,"]
    problem = fault(town, *rows)
    assert (problem.row, problem.found, problem.expected, problem.more) == (2, "22 beside 512 of 50000", "10.24", 1)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"value": 12.5, "numerator": 462.0, "denominator": 1000.0}, "a value that its counts do not make"),
        ({"value": 50.0, "low": 60.0, "high": 70.0}, "an interval that does not hold its value"),
        ({"value": 50.0, "low": 30.0, "high": 40.0}, "an interval that does not hold its value"),
    ],
)
@pytest.mark.parametrize(("file", "line"), [("data/x/x.csv", "7"), ("registers/people.parquet", "")])
def test_the_last_gate_before_an_edition(changes: dict[str, float], what: str, file: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        agreement.check(row(**changes, file=file, row=line), [indicator(basis="register")])
    (problem,) = caught.value.problems
    assert (problem.file, problem.what, problem.row) == (file, what, int(line) if line else None)
    if not line:  # what was counted in a register shows no number
        assert not re.search(r"[1-9]\d", problem.found.replace("2010", ""))


def test_a_build_stops_at_the_last_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = toytown.write(tmp_path / "w")
    monkeypatch.setattr(ratios, "scales", lambda ids, _known: ids.map(lambda _id: 10.0).astype(float))
    monkeypatch.setattr(agreement, "ratios", SimpleNamespace(of_counts=ratios.of_counts, scales=scales))
    with pytest.raises(InputError, match=r"registers/people.parquet.*a value that its counts do not make"):
        pipeline.build(town)
    assert not list(town.editions.iterdir())


def test_the_first_offender_stands_for_the_rest(tmp_path: Path) -> None:
    rows = [f"tryg,square,0101,{year},120,,,,,,final,survey,," for year in (2014, 2015, 2016)]
    problem = fault(toytown.write(tmp_path / "w"), *rows)
    assert (problem.row, problem.more) == (2, 2)
    assert str(problem).endswith("and 2 more like it")


def test_an_indicator_without_a_definition_then(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    path = town.data / "indicators.toml"
    path.write_text(path.read_text("utf-8").replace("2013-01-01", "2014-01-01"), "utf-8")
    with pytest.raises(InputError, match="row 7, column period: no definition of the indicator is valid then"):
        read(town)


def test_lines_are_counted_as_a_person_sees_them(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    note = '"two\nlines"'
    problem = fault(town, f"tryg,square,0101,2014,50,,,,,,final,survey,,{note}", "", "tryg,square,0101,2015,143,,,,,,final,survey,,")
    assert problem.row == 5


def test_importing_keeps_the_bytes_and_says_where_they_come_from(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    path = tmp_path / "Tryghed 2014.csv"
    path.write_text(toytown.csv(["tryg,square,0101,2014,50,,,100,,,final,survey,,"]), "utf-8")
    (taken,) = intake.observations(town, [path], retrieved=dt.date(2021, 2, 3))
    assert taken.path == "data/tryghed-2014/2021-02-03/tryghed-2014.csv"
    assert (town.folder / taken.path).read_bytes() == path.read_bytes()
    observed = read(town)
    assert len(observed.table) == 8
    assert [(file.title, file.producer, file.rows) for file in observed.inputs] == [("survey", "Toy town", 7), ("Survey", "Byen", 1)]


def test_the_sidecar_beside_an_imported_file_is_used(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    path = tmp_path / "own.csv"
    path.write_text(toytown.csv(["tryg,square,0101,2014,50,,,100,,,final,survey,,"]), "utf-8")
    toytown.write_sidecar(path, title="My own", retrieved=dt.date(2019, 5, 6))
    (taken,) = intake.observations(town, [path])
    assert taken.path == "data/own/2019-05-06/own.csv"
    assert read(town).inputs[0].title == "My own"


def test_all_files_or_none(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(toytown.csv(["tryg,square,0101,2014,50,,,100,,,final,survey,,"]), "utf-8")
    bad.write_text(toytown.csv(["tryg,square,0101,2014,51,,,100,,,final,survey,,"]), "utf-8")
    before = toytown.tree(town.folder)
    with pytest.raises(InputError, match="another file of the same day"):
        intake.observations(town, [good, bad], retrieved=toytown.DAY)
    assert toytown.tree(town.folder) == before
