"""Other people's tables read by a profile, in their own rows and columns; and profiles that are proposed, kept, and cannot be."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from geo.errors import CatalogueError
from geo.files import provenance
from geo.inputs.tables import proposing, tableprofiles
from geo.inputs.tables.proposing import Given
from geo.inputs.tables.tableprofiles import TableProfile
from tests.records import tables
from tests.records.foreign import FIXED, LONG, WIDE, changed_profile, keep, refused, stored, take, written
from tests.towns import toytown


@pytest.fixture
def town(tmp_path: Path) -> toytown.Workspace:
    return toytown.write(tmp_path / "workspace")


# --- other people's tables, by a profile --------------------------------------------------------------------------------------


def test_a_matrix_with_periods_across_and_names_of_areas(town: toytown.Workspace) -> None:
    text = '"Trygge"\n""\n"";"2010";"2014"\n"I alt";90,1;90,3\n" nordøst ";61;87,5\n"SYDØST";..;49\n""\n"Kilde: Byen"\n'
    keep(town, changed_profile(WIDE, header=("column A",), columns={"area_id": "column A"}, skip=("I alt",)))
    imported = take(town, written(town, text.encode("cp1252")))
    table = stored(town, imported)
    assert table.loc[("0104", "2014"), "value"] == 87.5
    assert table.loc[("0102", "2010"), ["status", "reason"]].tolist() == ["missing", "source_blank"]
    assert len(table) == 4
    assert "rows left out because their area is one to skip: 4" in imported.notes
    assert "CSV in Windows-1252 with semicolons" in imported.notes


def test_a_fault_across_is_told_under_its_period(town: toytown.Workspace) -> None:
    keep(town, WIDE)
    problem = refused(town, written(town, "Sted;2010;2014\nNordøst;60;143\n"))
    assert (problem.row, problem.column, problem.found) == (2, "2014", "'143'")
    problem = refused(town, written(town, "Sted;2010;2014\nNordøst;60;-\n"))
    assert (problem.row, problem.column, problem.what) == (2, "2014", "a mark in place of a number")
    assert refused(town, written(town, "Sted;2010;Andet\nNordøst;60;5\n")).what == "a column that is no period"
    assert refused(town, written(town, "Sted;2010;2010\nNordøst;60;5\n")).what == "a column that stands twice"


def test_an_empty_cell_is_never_taken_for_a_figure(town: toytown.Workspace) -> None:
    keep(town, WIDE)
    problem = refused(town, written(town, "Sted;2010;2014\nNordøst;60;\n"))
    assert (problem.row, problem.column, problem.what) == (2, "2014", "a status that says there is a value, and none")
    keep(town, changed_profile(WIDE, marks={"": "not_measured"}))
    assert stored(town, take(town, written(town, "Sted;2010;2014\nNordøst;60;\n"))).loc[("0104", "2014"), "status"] == "not_measured"


def test_a_profile_of_a_long_table(town: toytown.Workspace) -> None:
    marks = {"-": "zero", "*": "hidden_by_source"}
    keep(
        town,
        changed_profile(
            LONG, marks=marks, footnotes={"1)": "provisional", "a": "Skøn"}, only={"Køn": ("I alt",)}, renamed={"Byen": "0101"}
        ),
    )
    text = (
        "Køn;Sted;Tid;Andel;Alder\nI alt;Byen;2014;-;x\nI alt;0102;2014;*;x\nI alt;Nordvest;2014 1. halvår;70,5 1);x\n"
        "Mænd;Nordvest;2014;1;x\nI alt;Nordøst;2014;60a;x\n"
    )
    imported = take(town, written(town, text))
    table = stored(town, imported)
    assert table["value"].fillna(-1).to_dict() == {
        ("0101", "2014"): 0,
        ("0102", "2014"): -1,
        ("0103", "2014H1"): 70.5,
        ("0104", "2014"): 60,
    }
    assert table["status"].tolist() == ["final", "hidden_by_source", "provisional", "final"]
    assert table.loc[("0104", "2014"), "note"] == "Skøn"
    assert "rows left out because another text in Køn: 5" in imported.notes
    assert "columns that are not used: Alder" in imported.notes
    assert "profilen lang" in provenance.read(town.folder / imported.path).changed


@pytest.mark.parametrize(("typed", "percent"), [("0,88", 88), ("0,29", 29), ("0,5", 50)])
def test_shares_that_are_fractions_are_made_percent_without_error(town: toytown.Workspace, typed: str, percent: float) -> None:
    keep(town, changed_profile(LONG, times=100))
    table = stored(town, take(town, written(town, f"Sted;Tid;Andel\n0101;2014;{typed}\n")))
    assert table["value"].tolist() == [percent]


def test_a_percent_sign_behind_a_share(town: toytown.Workspace) -> None:
    keep(town, LONG)
    assert stored(town, take(town, written(town, "Sted;Tid;Andel\n0101;2014;50,5 %\n0102;2014;49%\n")))["value"].tolist() == [50.5, 49]
    keep(town, changed_profile(LONG, times=100))
    assert refused(town, written(town, "Sted;Tid;Andel\n0101;2014;50,5 %\n", "b.csv")).what == "not a number"
    keep(town, changed_profile(LONG, fixed=FIXED | {"indicator": "beboere"}))
    assert refused(town, written(town, "Sted;Tid;Andel\n0101;2014;50 %\n", "c.csv")).what == "not a number"


def test_percent_formats_are_not_multiplied_again(town: toytown.Workspace) -> None:
    path = tables.workbook(town.folder.parent / "tal.xlsx", [["Sted", "Tid", "Andel"], ["0101", 2014, 0.005]], percent=[(1, 2)])
    keep(town, changed_profile(LONG, times=100))
    assert "shown as percent" in refused(town, path).what
    assert proposing.look(town, path, Given(indicator="tryg")).profile.times == 1


def test_a_number_in_merged_cells_is_nobodys(town: toytown.Workspace) -> None:
    keep(town, WIDE)
    rows = [["Sted", "2010", "2014"], ["Nordøst"], ["Sydøst", 50, 51]]
    problem = refused(town, tables.workbook(town.folder.parent / "tal.xlsx", rows, merged={"B2:C2": 60}))  # type: ignore[dict-item]  # words of the case
    assert (problem.row, problem.what, problem.found) == (2, "a number in merged cells", "B2:C2")


def test_an_unknown_name_is_told_with_what_was_meant(town: toytown.Workspace) -> None:
    keep(town, LONG)
    problem = refused(town, written(town, "Sted;Tid;Andel\nNordøst;2014;50\nNordost;2014;51\n"))
    assert (problem.row, problem.column, problem.what, problem.found) == (3, "Sted", "an unknown area", "'Nordost'")
    assert 'did you mean "nordøst"?' in problem.expected


def test_a_name_that_two_areas_have_is_no_area(town: toytown.Workspace) -> None:
    toytown.write_areas(town, "square", toytown.squares().assign(name=["A", "A", "C", "D"]), partition=True)
    keep(town, LONG)
    assert "0101, 0102" in refused(town, written(town, "Sted;Tid;Andel\nA;2014;50\n")).expected


def test_a_number_where_a_day_was_meant_is_told(town: toytown.Workspace) -> None:
    keep(town, LONG)
    problem = refused(town, tables.workbook(town.folder.parent / "tal.xlsx", [["Sted", "Tid", "Andel"], ["0101", 41640, 50]]))
    assert (problem.row, problem.column, problem.what) == (2, "Tid", "a number in place of a period")
    assert "2014-01-01" in problem.expected
    path = tables.workbook(town.folder.parent / "dag.xlsx", [["Sted", "Tid", "Andel"], ["0101", dt.date(2014, 1, 1), 50]])
    assert "periods such as 2010" in refused(town, path).expected
    assert stored(town, take(town, path, confirm=True)).index.tolist() == [("0101", "2014-01-01")]


def test_a_decimal_sign_that_was_said_holds_for_every_cell(town: toytown.Workspace) -> None:
    keep(town, LONG)
    problem = refused(town, written(town, "Sted;Tid;Andel\n0101;2014;50.5\n"), decimal=",")
    assert problem.what == "a number with another decimal sign than the file"
    assert (
        refused(town, written(town, "Sted;Tid;Andel\n0101;2014;50.5\n0102;2014;50,5\n")).what
        == "decimal commas and decimal points in one file"
    )


def test_json_stat_by_a_profile(town: toytown.Workspace) -> None:
    columns = {"area_id": "sted", "period": "tid", "value": "value"}
    keep(town, changed_profile(LONG, header=("sted", "tid", "value"), columns=columns, marks={"": "missing"}))
    category = {"sted": {"category": {"index": ["0101", "0102"]}}, "tid": {"category": {"index": ["2014"]}}}
    stat = {"version": "2.0", "class": "dataset", "id": ["sted", "tid"], "size": [2, 1], "dimension": category, "value": [50.5, None]}
    table = stored(town, take(town, written(town, json.dumps(stat), "tal.json")))
    assert table["status"].to_dict() == {("0101", "2014"): "final", ("0102", "2014"): "missing"}


def test_which_profile_fits(town: toytown.Workspace) -> None:
    path = written(town, "Sted;Tid;Andel\n0101;2014;50\n")
    assert refused(town, path).what == "a table that no profile knows"
    keep(town, LONG, changed_profile(LONG, id="anden"))
    assert refused(town, path).what == "more than one profile fits"
    assert refused(town, path, profile="tredje").what == "no such profile"
    assert stored(town, take(town, path, profile="anden")).index.tolist() == [("0101", "2014")]
    keep(town, changed_profile(LONG, chosen_only=True))
    assert refused(town, written(town, "Sted;Tid;Andel\n0101;2014;50\n", "b.csv")).what == "a table that no profile knows"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"columns": {"vaerdi": "Andel"}}, "an unknown field"),
        ({"marks": {"-": "nul"}}, "a mark that means nothing we know"),
        ({"marks": {"": "zero"}}, "an empty cell that would be zero"),
        ({"statuses": {"ok": "fine"}}, "a status that is none"),
        ({"header": ()}, "a profile that every table would fit"),
        ({"across": True}, "a period or value of its own beside periods across"),
        ({"times": 0}, "a factor that cannot be"),
        ({"columns": {"status": "s"}}, "a field that is both in a column and fixed"),
    ],
)
def test_a_profile_that_cannot_be(town: toytown.Workspace, change: dict[str, object], what: str) -> None:
    keep(town, changed_profile(LONG, **change))
    with pytest.raises(CatalogueError, match=what):
        tableprofiles.read(town.data)


# --- a profile is proposed and remembered -----------------------------------------------------------------------------------


def test_a_profile_is_proposed_remembered_and_used(town: toytown.Workspace) -> None:
    path = written(town, "Sted;År;Andel trygge\nNordøst;2014;50,5\nSydøst;2014;..\nI alt;2014;60\n")
    proposal = proposing.look(town, path, Given(indicator="tryg", source="survey"))
    assert proposal.profile == TableProfile(
        id="tal", header=("Sted", "År", "Andel trygge"), columns={"period": "År", "area_id": "Sted", "value": "Andel trygge"},
        fixed={"indicator": "tryg", "source": "survey", "area_set": "square", "status": "final"}, areas="name", skip=("I alt",),
        marks={"..": "missing"},
    )  # fmt: skip
    tableprofiles.remember(town, proposal.profile)
    table = stored(town, take(town, path))
    assert table["value"].fillna(-1).to_dict() == {("0102", "2014"): -1, ("0104", "2014"): 50.5}
    with pytest.raises(CatalogueError, match="an id that stands twice"):
        tableprofiles.remember(town, proposal.profile)


def test_what_cannot_be_seen_is_left_open_and_not_remembered(town: toytown.Workspace) -> None:
    path = written(town, '"Trygge"\n"";"2010";"2014"\n"Nordøst";60;-\n"Sydøst";50;51\n"Andet";1;2\n')
    profile = proposing.look(town, path, Given()).profile
    assert (profile.across, profile.chosen_only, profile.columns) == (True, True, {"area_id": "column A"})
    assert (profile.fixed["indicator"], profile.fixed["source"], profile.marks, profile.renamed) == ("?", "?", {"-": "?"}, {"Andet": "?"})
    with pytest.raises(CatalogueError, match="something is open"):
        tableprofiles.remember(town, profile)
    answered = changed_profile(profile, fixed=FIXED, renamed={}, skip=("Andet",))
    keep(town, answered)
    assert refused(town, path, profile="tal").what == "a mark that nobody has said the meaning of"


def test_fractions_and_totals_of_other_columns_are_proposed(town: toytown.Workspace) -> None:
    path = written(town, "Sted;Køn;Tid;Andel\n0101;I alt;2014;0,50\n0101;Mænd;2014;0,4\n0102;I alt;2014;0,6\n")
    profile = proposing.look(town, path, Given(indicator="tryg", source="survey")).profile
    assert (profile.times, profile.only, profile.areas, profile.chosen_only) == (100, {"Køn": ("I alt",)}, "code", True)
