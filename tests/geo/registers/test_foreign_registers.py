"""Registers as Danish programs write them, persons who stand twice, and rows that no figure counts: read, or told with the mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from typer.testing import CliRunner

from geo import check, pipeline
from geo.editions import edition
from geo.errors import CrsError, InputError
from geo.files import provenance
from geo.files.workspace import Workspace
from geo.model.areas import Register, Sidecar
from geo.model.vocabulary import Audience
from geo.registers import files
from geo.registers import register as registers
from omraadekort import cli
from tests.towns import toytown
from tests.towns.toytown import AGES, X, Y


def people(**columns: Any) -> pd.DataFrame:
    """Twenty people of 25-64 in the south-west in one half-year, five of them outside the labour market."""
    rows = {
        "person": range(20), "period": "2014H1", "x": X + 100.5, "y": Y + 100.25, "age_group": "25-64",
        "labour": ["uden"] * 5 + ["beskaeftiget"] * 15,
    }  # fmt: skip
    return pd.DataFrame(rows | columns)


def town(folder: Path, table: pd.DataFrame, name: str = "people.parquet", *, text: bytes = b"", **changes: Any) -> Workspace:
    made = toytown.write(folder)
    (made.registers / "people.parquet").unlink()
    path = made.registers / name
    if text:
        path.write_bytes(text)
    else:
        table.to_parquet(path)
    plain = {"crs": "EPSG:25832", "codes": {"age_group": AGES, "labour": ("beskaeftiget", "uden", "")}}
    toytown.write_sidecar(path, register=Register(**(plain | changes)))
    return made


def figure(made: Workspace) -> tuple[float, float]:
    """Numerator and denominator of the south-west."""
    read = edition.read(made.editions, pipeline.build(made).id, Audience.PUBLIC)
    (row,) = read.observations.query("indicator == 'uden' and area_id == '0101' and period == '2014H1'").to_dict("records")
    return row["numerator"], row["denominator"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize(("sep", "decimal"), [(";", ","), (";", "."), ("\t", ","), (",", ".")])
def test_a_register_as_danish_programs_save_it(tmp_path: Path, encoding: str, sep: str, decimal: str) -> None:
    text = people(note="bør").to_csv(index=False, sep=sep, decimal=decimal).encode(encoding)
    assert figure(town(tmp_path / "w", people(), "people.csv", text=text)) == (5, 20)


def in_folders(folder: Path, table: pd.DataFrame, *by: str) -> Workspace:
    """A town whose register is divided into folders by columns, as pandas writes it."""
    made = toytown.write(folder)
    (made.registers / "people.parquet").unlink()
    (made.registers / "people.toml").unlink()
    table.to_parquet(made.registers / "people", partition_cols=list(by))
    register = Register(crs="EPSG:25832", codes={"age_group": AGES, "labour": ("beskaeftiget", "uden", "")})
    plain = {"title": "t", "producer": "p", "licence": "l", "retrieved": toytown.DAY, "changed": "n", "register": register}
    said = Sidecar(sha256=registers.checksum(made.registers / "people", register), **plain)
    provenance.write(made.registers / "people", said)
    return made


@pytest.mark.parametrize("by", [("period",), ("period", "labour"), ("period", "labour", "age_group")])
def test_folders_that_say_a_column(tmp_path: Path, by: tuple[str, ...]) -> None:
    table = pd.concat([people(), people(period="2014H2", person=range(20))])
    made = in_folders(tmp_path / "w", table, *by)
    assert figure(made) == (5, 20)
    assert not check.inspect(made).problems
    with pytest.raises(InputError, match="a person stands twice"):
        pipeline.build(in_folders(tmp_path / "v", people(person=0), *by))


def with_points(folder: Path, table: pd.DataFrame, crs: str | None, declared: str) -> Workspace:
    """A town whose register is GeoParquet: points in place of x and y. crs: that of the file."""
    made = toytown.write(folder)
    path = made.registers / "people.parquet"
    points = gpd.GeoSeries.from_xy(table["x"], table["y"], crs="EPSG:25832").mask(table["x"].isna(), None)
    frame = gpd.GeoDataFrame(table.drop(columns=["x", "y"]), geometry=points)
    (frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)).to_parquet(path)
    toytown.write_sidecar(path, register=Register(crs=declared, codes={"age_group": AGES, "labour": ("beskaeftiget", "uden", "")}))
    return made


@pytest.mark.parametrize(("crs", "declared"), [("EPSG:25832", "EPSG:25832"), ("EPSG:4326", "EPSG:4326"), ("OGC:CRS84", "EPSG:4326")])
def test_a_register_in_geoparquet(tmp_path: Path, crs: str, declared: str) -> None:
    table = people(x=[None] * 2 + [X + 100.5] * 18)
    made = with_points(tmp_path / "w", table, crs, declared)
    assert figure(made) == (3, 18)
    assert not check.inspect(made).problems


def test_points_in_another_crs_than_is_declared(tmp_path: Path) -> None:
    with pytest.raises(CrsError, match=r"another CRS than its sidecar declares; found EPSG:4326; expected EPSG:25832"):
        pipeline.build(with_points(tmp_path / "w", people(), "EPSG:4326", "EPSG:25832"))


def test_a_folder_that_stands_for_no_value(tmp_path: Path) -> None:
    table = people(labour=[None] * 2 + ["uden"] * 3 + ["beskaeftiget"] * 15)
    made = in_folders(tmp_path / "w", table, "labour")
    assert (made.registers / "people" / "labour=__HIVE_DEFAULT_PARTITION__").is_dir()
    assert figure(made) == (3, 18)


def test_an_ending_in_capitals_is_the_same_ending(tmp_path: Path) -> None:
    assert figure(town(tmp_path / "w", people(), "people.PARQUET")) == (5, 20)


def test_a_workbook_among_the_registers_is_not_passed_over(tmp_path: Path) -> None:
    made = toytown.write(tmp_path / "w")
    (made.registers / "people.parquet").rename(made.registers / "people.xlsx")
    with pytest.raises(InputError, match=r"people\.xlsx: a register in a workbook is not read.*CSV"):
        pipeline.build(made)
    assert files.find(made.registers, "andet") is None


def test_a_person_who_stands_twice_is_told_and_not_counted(tmp_path: Path) -> None:
    twice = people(person=[*range(18), 0, 1])
    with pytest.raises(InputError) as caught:
        pipeline.build(town(tmp_path / "w", twice))
    (problem,) = caught.value.problems
    assert (problem.file, problem.column, problem.found) == ("people.parquet", "person", "2 of 20 rows (10.0 %)")
    assert 'person = ""' in problem.expected
    assert figure(town(tmp_path / "v", twice, person="")) == (5, 20)
    both = pd.concat([people(person="p"), people(person="p")])[:2].assign(period=["2014H1", "2014H2"])
    pipeline.build(town(tmp_path / "u", both))  # one row in each half-year is how a register is
    named = twice.rename(columns={"person": "borger"}).astype({"borger": str})
    with pytest.raises(InputError, match="column borger: a person stands twice"):
        pipeline.build(town(tmp_path / "t", named, person="borger"))


def test_check_looks_for_them_too(tmp_path: Path) -> None:
    report = check.inspect(town(tmp_path / "w", people(person=1)))
    assert [(problem.file, problem.what) for problem in report.problems] == [("people.parquet", "a person stands twice in a period")]
    (tmp_path / "w" / "data" / "tables.toml").write_text("[[table]]\n", encoding="utf-8")
    assert "data/tables.toml" in {problem.file for problem in check.inspect(Workspace(tmp_path / "w")).problems}


def test_tables_that_lie_where_nobody_reads_them_are_named(tmp_path: Path) -> None:
    made = town(tmp_path / "w", people())
    for name in ("registers/andre.xlsx", "data/tal/tal.ods", "data/tal/readme.md"):
        (made.folder / name).parent.mkdir(exist_ok=True)
        (made.folder / name).write_bytes(b"")
    assert [remark.file for remark in check.inspect(made).remarks] == ["data/tal/tal.ods", "registers/andre.xlsx"]
    answer = CliRunner().invoke(cli.app, ["check", "-w", str(made.folder)])
    assert "remark: data/tal/tal.ods: a table that is not read where it lies; expected omraadekort import observations" in answer.stdout


def test_who_is_not_named_is_nobody_twice(tmp_path: Path) -> None:
    assert figure(town(tmp_path / "w", people(person=[None] * 19 + ["a"]))) == (5, 20)


def test_a_person_twice_in_a_csv(tmp_path: Path) -> None:
    text = people(person=[*range(19), 3]).to_csv(index=False, sep=";", decimal=",").encode()
    with pytest.raises(InputError, match=r"people\.csv, column person: a person stands twice in a period; found 1 of 20 rows"):
        pipeline.build(town(tmp_path / "w", people(), "people.csv", text=text))


@pytest.mark.parametrize(
    ("columns", "what", "part"),
    [
        ({"labour": ["Uden"] * 20}, "column labour: rows with a word that is not declared", "100.0 %"),
        (
            {"x": [Y + 100.0] * 8 + [X + 100.0] * 12, "y": [X + 100.0] * 8 + [Y + 100.0] * 12},
            "column square: rows outside all areas",
            "40.0 %",
        ),
        ({"x": [None] * 10 + [X + 100.0] * 10}, "rows without a coordinate", "50.0 %"),
    ],
)
def test_a_build_stops_where_too_many_rows_are_counted_for_nothing(tmp_path: Path, columns: dict[str, Any], what: str, part: str) -> None:
    table = people(**columns).sample(frac=1, random_state=3)
    with pytest.raises(InputError) as caught:
        pipeline.build(town(tmp_path / "w", table))
    assert what in str(caught.value)
    assert f"found {part} of the rows" in str(caught.value)
    pipeline.build(town(tmp_path / "v", table, most_left_out=1.0))


def test_build_tells_the_owner_how_many_rows_were_left_out_and_why(tmp_path: Path) -> None:
    made = town(tmp_path / "w", people(labour=["Uden"] * 2 + ["uden"] * 18))
    answer = CliRunner().invoke(cli.app, ["build", "-w", str(made.folder)])
    assert answer.exit_code == 0, answer.output
    assert "people: rows with a word that is not declared (labour): 2 of 20 (10.0 %)" in answer.output
