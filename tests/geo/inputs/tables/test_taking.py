"""Figures in our own form however they were saved, what is asked about, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError
from geo.files import provenance
from geo.files.schema import HEADER
from geo.inputs.tables import taking
from tests.records import tables
from tests.records.foreign import OWN, ROW, WIDE, keep, refused, stored, take, written
from tests.towns import toytown


@pytest.fixture
def town(tmp_path: Path) -> toytown.Workspace:
    return toytown.write(tmp_path / "workspace")


# --- our own form, however it was saved -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        ("\ufeff" + f"{OWN}\n{ROW}\n".replace(",", ";").replace("50.5", "50,5")).encode(),
        f"{OWN}\n{ROW}\n".replace(",", "\t").encode("utf-16"),
        f"{OWN}\n{ROW}nørd\n".replace(",", ";").encode("cp1252"),
        f"{OWN.title()}\n{ROW}\n".encode(),
        f"{OWN.replace(',', ', ')}\n{ROW}\n".encode(),
        f"{OWN},\n{ROW},\n{',' * 14}\n".encode(),
        f"{OWN}\n{ROW}\n".replace("50.5", '"50,5"').encode(),
        f"{OWN}\n{ROW}\n".replace("50.5", " 50.5\u00a0").encode(),
        b"value,status,source,indicator,area_set,period,area_id,n\n50.5,final,survey,tryg,square,2014,0101,100\n",
        f"Udtr\u00e6k af tal\n\n{OWN}\n{ROW}\n\nKilde: Byen\n".encode(),
    ],
)
def test_our_own_form_however_it_was_saved(town: toytown.Workspace, content: bytes) -> None:
    imported = take(town, written(town, content))
    row = stored(town, imported).loc[("0101", "2014")]
    assert (row["value"], row["n"], row["status"]) == (50.5, 100, "final")
    sidecar = provenance.read(town.folder / imported.path)
    assert "tal.csv" in sidecar.changed
    assert (town.folder / imported.path).read_text("utf-8").startswith(OWN + "\n")


@pytest.mark.parametrize("form", ["xlsx", "ods", "parquet"])
def test_our_own_form_in_other_formats(town: toytown.Workspace, form: str) -> None:
    path = town.folder.parent / f"tal.{form}"
    row = ["tryg", "square", "0101", 2014, 50.5, None, None, 100, None, None, "final", "survey", None, None]
    if form == "parquet":
        pd.DataFrame([row], columns=list(HEADER)).to_parquet(path)
    else:
        (tables.workbook if form == "xlsx" else tables.ods)(path, [list(HEADER), row])
    assert stored(town, take(town, path)).loc[("0101", "2014"), "value"] == 50.5


def test_a_faultless_file_in_our_own_form_keeps_its_bytes(town: toytown.Workspace) -> None:
    content = f"{OWN}\n{ROW}\n\n"
    imported = take(town, written(town, content))
    assert (town.folder / imported.path).read_text("utf-8") == content
    assert imported.notes == ()


def test_a_fault_is_told_in_the_owners_row_and_column(town: toytown.Workspace) -> None:
    problem = refused(town, written(town, f"Titel;;\n\n{OWN};\n{ROW};\n".replace(",", ";").replace("50.5", "143")))
    assert (problem.file, problem.row, problem.column, problem.found) == ("tal.csv", 4, "value", "'143'")


def test_up_to_ten_bad_values_are_shown(town: toytown.Workspace) -> None:
    rows = "\n".join(ROW.replace("0101", f"x{number}") for number in range(13))
    problem = refused(town, written(town, f"{OWN}\n{rows}\n"))
    assert problem.found == ", ".join(f"'x{number}'" for number in range(10))
    assert (problem.row, problem.more) == (2, 12)


@pytest.mark.parametrize(("typed", "meant"), [("1.0", "1"), ("VALBY", "valby"), ("101", "0101"), ("0101.0", "0101")])
def test_a_code_that_was_padded_or_cut_or_is_in_capitals(town: toytown.Workspace, typed: str, meant: str) -> None:
    layer = toytown.squares().assign(area_id=["1", "10", "0101", "valby"])
    toytown.write_areas(town, "square", layer, partition=True, day=dt.date(2016, 1, 1))
    problem = refused(town, written(town, f"{OWN}\n{ROW}\n".replace(",0101,", f",{typed},")))
    assert (problem.what, problem.found) == ("an unknown area code", f"'{typed}'")
    assert problem.expected.endswith(f'did you mean "{meant}"?')


def test_marks_in_place_of_numbers_are_asked_about(town: toytown.Workspace) -> None:
    marks = ["..", ".", "-", "*", "<5", "1-4", "x", "NA", "NaN", "—"]
    rows = "\n".join(f"tryg,square,0101,{2000 + number},{mark},,,,,,final,survey,," for number, mark in enumerate(marks))
    problem = refused(town, written(town, f"{OWN}\n{rows}\n"))
    assert (problem.row, problem.column, problem.what, problem.more) == (2, "value", "a mark in place of a number", 9)
    assert problem.found == ", ".join(map(repr, marks))
    assert "hidden_by_source" in problem.expected


@pytest.mark.parametrize("word", ["hidden_by_source", "suppressed"])
def test_a_figure_that_the_source_hides(town: toytown.Workspace, word: str) -> None:
    row = stored(town, take(town, written(town, f"{OWN}\ntryg,square,0101,2014,,,,,,,{word},survey,,\n"))).loc[("0101", "2014")]
    assert (row["status"], row["reason"]) == ("hidden_by_source", "hidden_at_source")


def test_a_count_before_exactly_three_digits_is_no_count(town: toytown.Workspace) -> None:
    problem = refused(town, written(town, f"{OWN}\n{ROW}\n".replace(",100,", ",3.596,")))
    assert (problem.column, problem.what, problem.found) == ("n", "a number of persons that is not whole", "'3.596'")
    people = f"{OWN}\nbeboere,square,0101,2014,3.596,,,,,,final,survey,,\n"
    assert refused(town, written(town, people)).what == "a count that is not whole"
    with_commas = people.replace(",", ";").replace("final", "provisional")
    assert "in two ways" in refused(town, written(town, with_commas)).what
    assert stored(town, take(town, written(town, with_commas), decimal=",")).loc[("0101", "2014"), "value"] == 3596


# --- what is asked about ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        ("tryg,square,0101,2014,0.8,,,,,,final,survey,,", "value", "shares that look like fractions of 1"),
        ("tryg,square,0101,2014,8,,,,,,final,survey,,", "value", "a value many times larger or smaller than the nearest one of its area"),
        ("tryg,square,0101,2107,80,,,,,,final,survey,,", "period", "a period far in the future"),
        ("tryg,square,0102,1012,50,,,,,,final,survey,,", "period", "a period long ago"),
    ],
)
def test_what_is_more_often_a_slip_is_asked_about(town: toytown.Workspace, row: str, column: str, what: str) -> None:
    path = written(town, f"{OWN}\n{ROW.replace('0101', '0103')}\n{row}\n")
    problem = refused(town, path)
    assert (problem.row, problem.column, problem.what) == (3, column, what)
    assert "--confirm" in problem.expected
    assert len(stored(town, take(town, path, confirm=True))) == 2


def test_small_counts_and_small_shares_may_be_small(town: toytown.Workspace) -> None:
    rows = ["beboere,square,0101,2010,2,,,,,,final,survey,,", "beboere,square,0101,2011,40,,,,,,final,survey,,"]
    assert len(stored(town, take(town, written(town, "\n".join([OWN, *rows]))))) == 2


def test_a_jump_within_a_wide_table_names_the_column(town: toytown.Workspace) -> None:
    keep(town, WIDE)
    problem = refused(town, written(town, "Sted;2016;2017\nNordøst;60;6\n"))
    assert (problem.row, problem.column, problem.found.split(";")[0]) == (2, "2016", "60 beside 6 in 2017")


# --- nothing is lost ------------------------------------------------------------------------------------------------------------


def test_an_import_never_writes_over_other_bytes(town: toytown.Workspace) -> None:
    path = written(town, f"{OWN}\n{ROW}\n")
    first = take(town, path)
    sidecar = provenance.beside(town.folder / first.path)
    sidecar.write_text(sidecar.read_text("utf-8").replace('title = "Survey"', 'title = "By hand"'), "utf-8")
    again = take(town, path)
    assert (again.path, again.notes) == (first.path, (taking.THERE,))
    assert provenance.read(town.folder / first.path).title == "By hand"  # what was written by hand beside it stays
    problem = refused(town, written(town, f"{OWN}\n{ROW}\n".replace("50.5", "51")))
    assert (problem.file, problem.found) == ("tal.csv", first.path)
    assert "--retrieved" in problem.expected


def test_what_is_new_changed_and_superseded_is_said(town: toytown.Workspace) -> None:
    rows = ["tryg,square,0101,2010,81,,,100,,,final,survey,,", "tryg,square,0101,2011,85,,,100,,,final,survey,,", ROW]
    imported = take(town, written(town, "\n".join([OWN, *rows])))
    found = imported.changes
    assert (found.new, found.changed, found.same, found.superseded) == (1, 1, 1, 0)
    assert "tryg, square 0101, 2010: 80 -> 81" in str(imported)
    older = taking.take(town, [written(town, "\n".join([OWN, rows[0].replace("81", "79")]), "b.csv")], retrieved=dt.date(2019, 1, 1))
    assert "1 superseded by a file that was fetched later" in str(older[0])


def test_a_name_that_is_kept_for_places(town: toytown.Workspace) -> None:
    assert refused(town, written(town, f"{OWN}\n{ROW}\n", "Steder.csv")).what == "a name that is kept for lists of places and addresses"


def test_a_name_without_letters(town: toytown.Workspace) -> None:
    assert refused(town, written(town, f"{OWN}\n{ROW}\n", "—.csv")).file == "—.csv"


@pytest.mark.parametrize("columns", [2_001, 300_000])
@pytest.mark.parametrize("header", ["", ",".join(HEADER) + ","])
def test_more_columns_than_any_table_has_are_told_at_once(town: toytown.Workspace, columns: int, header: str) -> None:
    path = town.folder.parent / "bred.csv"
    names = header + ",".join(f"c{number}" for number in range(columns))
    path.write_text(f"{names}\n{',' * names.count(',')}1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        taking.take(town, [path], retrieved=toytown.DAY)
    assert caught.value.problems[0].what == "too many columns"
    assert len(str(caught.value)) < 10_000


def test_a_long_table_that_is_wrong_throughout_is_refused_by_its_beginning(
    town: toytown.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_LARGE", 10)
    monkeypatch.setattr(taking, "_FIRST", 4)
    bad = "\n".join(ROW.replace("50.5", f"{number}x") for number in range(9))
    problem = refused(town, written(town, f"{OWN}\n{bad}\n".encode()))
    assert "only the first 4 of 9 rows were looked at" in problem.expected
    good_then_bad = (
        f"{OWN}\n" + "\n".join([ROW.replace("2014", str(year)) for year in range(2014, 2020)]) + f"\n{ROW.replace('50.5', 'x')}\n"
    )
    assert refused(town, written(town, good_then_bad.encode())).row == 8
