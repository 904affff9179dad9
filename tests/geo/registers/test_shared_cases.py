"""Files as other people's systems make them, given to a fresh workspace: a right figure, or words; never a traceback."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from geo import pipeline
from geo.editions import edition
from geo.errors import GeoError, InputError
from geo.files import provenance, workspace
from geo.files.workspace import Workspace
from geo.inputs import intake
from geo.model.areas import Register, Sidecar
from geo.model.vocabulary import Audience
from geo.registers import register as registers

ROOT = Path(__file__).parent.parent.parent.parent
CASES = next((found for folder in (ROOT.parent, ROOT.parent.parent) if (found := folder / "shared" / "cases").is_dir()), ROOT / "none")
INDICATOR = """
[[indicator]]
id = "uden_min"
name = { da = "Uden", en = "Outside" }
kind = "share"
unit = { da = "procent", en = "percent" }
population = { da = "beboere", en = "residents" }
direction = "down"
theme = "arbejdsmarked"
area_sets = ["bydel", "kommune"]
rule = "register"
basis = "register"
decimals = 1

[[indicator.definitions]]
version = "1"
text = { da = "x", en = "x" }

[indicator.register]
register = "mit-register"
where = {}
having = { labour = ["uden"] }
"""

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="needs the cases in ../shared/cases beside the project")


@pytest.fixture
def fresh(tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "w", default=ROOT)


def taken(fresh: Workspace, case: str, *, address: str = "", ending: str = "parquet") -> Workspace:
    """The workspace with the register of a case and an indicator that counts in it."""
    (source,) = (CASES / case).glob("mit-register.*")
    content = source.read_bytes()
    path = fresh.registers / f"mit-register.{ending}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    register = Register(
        crs="EPSG:25832", codes={"labour": ("beskaeftiget", "uden")}, address=address, addresses=f"{address}.parquet" * bool(address)
    )
    if address:
        keys = pq.read_table(path)[address].to_pandas().drop_duplicates()
        pd.DataFrame({address: keys, "x": 724_947.0, "y": 6_176_791.0}).to_parquet(path.with_name(f"{address}.parquet"))
    said = Sidecar(
        title="Prøve", producer="Os", licence="CC0 1.0", retrieved=dt.date(2026, 11, 21), sha256=registers.checksum(path, register),
        changed="nej", register=register,
    )  # fmt: skip
    provenance.write(path, said)
    catalogue = fresh.data / "indicators.toml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + INDICATOR, encoding="utf-8")
    return fresh


def city(made: Workspace) -> dict[str, tuple[float, float]]:
    """The city's share and persons by period."""
    read = edition.read(made.editions, pipeline.build(made).id, Audience.PUBLIC)
    rows = read.observations.query("indicator == 'uden_min' and area_set == 'kommune'")
    return {row["period"]: (round(row["value"], 1), row["denominator"]) for row in rows.to_dict("records")}


def test_a_danish_midnight_kept_in_utc(fresh: Workspace) -> None:
    made = taken(fresh, "r27-utc-midnight")
    path = provenance.beside(made.registers / "mit-register.parquet")
    path.write_text(path.read_text(encoding="utf-8").replace("[register]", '[register]\nevery = "half"'), encoding="utf-8")
    found = city(made)
    assert set(found) == {"2014H1"}
    assert found["2014H1"][0] == pytest.approx(30, abs=0.5)


def test_half_years_in_words(fresh: Workspace) -> None:
    found = city(taken(fresh, "r32-halvaar-text"))
    assert {period: share for period, (share, _) in found.items()} == {
        "2014H1": pytest.approx(30, abs=0.5),
        "2014H2": pytest.approx(10, abs=0.5),
    }


def test_a_register_without_rows(fresh: Workspace) -> None:
    with pytest.raises(InputError, match=r"mit-register\.parquet: a register without rows"):
        pipeline.build(taken(fresh, "r28-empty-register"))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("r06-same-person-twice", "column person: a person stands twice in a period"),
        ("r08-code-case", r"column labour: rows with a word that is not declared; found 100\.0 %"),
        ("r20-swapped-40pct", "rows outside all areas"),
    ],
)
def test_registers_that_would_count_wrongly(fresh: Workspace, case: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        pipeline.build(taken(fresh, case))


def test_a_register_whose_ending_is_in_capitals(fresh: Workspace) -> None:
    made = taken(fresh, "r14-capital-ending", ending="PARQUET")
    assert [share for share, _ in city(made).values()] == [pytest.approx(30, abs=0.5)]


def test_an_address_that_is_too_large(fresh: Workspace) -> None:
    with pytest.raises(InputError, match="a value that cannot be counted") as caught:
        pipeline.build(taken(fresh, "r22-uint64-address", address="address"))
    assert "92233720368547758" not in str(caught.value)


@pytest.mark.parametrize(
    ("case", "file", "column", "what"),
    [
        ("o07-value-not-num-over-den", "tryghed_2027", "value", "a value that its counts do not make"),
        ("o04-thousands-point-n", "tryghed_2027", "n", "a number of persons that is not whole"),
        ("o06-thousands-point-num-den", "tryghed_2027", "numerator", "a number of persons that is not whole"),
        ("o13-superscript-digits", "tryghed_2027", "value", "not a number"),
        ("o13-superscript-digits", "fullwidth", "value", "not a number"),
        ("o13-superscript-digits", "fwperiod", "period", "a period that cannot be read"),
    ],
)
def test_figures_that_cannot_be_taken(fresh: Workspace, case: str, file: str, column: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        intake.observations(fresh, [CASES / case / f"{file}.csv"], retrieved=dt.date(2026, 11, 21))
    assert (column, what) in {(problem.column, problem.what) for problem in caught.value.problems}
    assert not [problem for problem in caught.value.problems if problem.row is None]


@pytest.mark.parametrize("name", ["bydel_srs_minus1", "bydel_srs99999", "bydel_srs0"])
def test_a_layer_whose_crs_is_none(fresh: Workspace, name: str) -> None:
    with pytest.raises(GeoError):
        intake.boundaries(fresh, [CASES / "48-gpkg-undefined-srs" / f"{name}.gpkg"])
