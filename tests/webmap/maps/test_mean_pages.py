"""Means over half-years in a whole workspace: built, kept, read again in the next edition, and shown with their words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pandas as pd
import pytest
from flask.testing import FlaskClient

from geo import audit, pipeline
from geo.editions import edition
from geo.editions.edition import Edition
from geo.errors import InputError
from geo.files import provenance
from geo.files.workspace import Workspace
from geo.model.areas import Register
from geo.model.vocabulary import Audience
from tests.towns import gatetown, toytown
from webmap.app import create_app
from webmap.settings import Settings

CODES = {"age_group": toytown.AGES, "labour": ("beskaeftiget", "uden", "")}


def people(period: str, outside: int) -> pd.DataFrame:
    """The gate town in a half-year, with so many of the hundred in square SW outside the patch outside the labour market."""
    homes = [*gatetown.homes(100, 100, 100, outside, address=1), *gatetown.RESIDENTS[100:]]
    columns = ["address", "x", "y", "age_group", "labour"]
    return pd.DataFrame(homes, columns=columns).assign(period=period)


def write(folder: Path, *halves: tuple[str, int], telling: tuple[int, ...] = (2,)) -> Workspace:
    town = gatetown.write(folder)
    toytown.write_areas(town, "patch", gatetown.patch(), partition=False)
    path = town.registers / "people.parquet"
    pd.concat([people(*half) for half in halves]).astype({"x": float, "y": float}).to_parquet(path, index=False)
    provenance.beside(path).unlink()
    toytown.write_sidecar(path, register=Register(crs="EPSG:25832", codes=CODES))
    declare(town, telling)
    return town


def declare(town: Workspace, telling: tuple[int, ...]) -> None:
    uden = gatetown.measured(area_sets=("square", "patch"), means=telling, decimals=1)
    others = [one for one in toytown.indicators() if one.id != "uden"]
    toytown.toml(town.data / "indicators.toml", indicator=[*others, uden])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    town = write(tmp_path_factory.mktemp("means") / "town", ("2007H1", 3), ("2007H2", 98))
    pipeline.build(town)
    return town.folder


@pytest.fixture(scope="module")
def town(folder: Path) -> Workspace:
    return Workspace(folder)


@pytest.fixture(scope="module")
def read(town: Workspace) -> Edition:
    return edition.read(town.editions, edition.current(town.editions), Audience.PUBLIC)


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    return create_app(Settings(workspace=folder)).test_client()


def test_a_built_edition_tells_the_mean_and_its_proof_holds(town: Workspace, read: Edition) -> None:
    rows = read.observations.set_index(["indicator", "area_id", "period"])
    mean = rows.loc[("uden", "0101", "2007")]
    assert (mean["numerator"], mean["denominator"], mean["status"]) == (70.5, 150.0, "final")
    assert set(rows.loc["uden"].loc["0101"].loc[["2007H1", "2007H2"], "status"]) == {"suppressed"}
    assert rows.loc[("uden", "p", "2007"), "reason"] == "half_years"
    assert audit.attack(town, read.id, Audience.PUBLIC).findings == ()


def test_the_next_edition_closes_around_a_mean_that_is_out(tmp_path: Path) -> None:
    town = write(tmp_path / "town", ("2007H1", 3), ("2007H2", 98))
    pipeline.build(town)
    declare(town, ())
    path = town.registers / "people.parquet"
    pd.concat([people("2007H1", 3), people("2007H2", 60)]).astype({"x": float, "y": float}).to_parquet(path, index=False)
    provenance.beside(path).unlink()
    toytown.write_sidecar(path, register=Register(crs="EPSG:25832", codes=CODES))
    after = edition.read(town.editions, pipeline.build(town).id, Audience.PUBLIC).observations
    hidden = after[(after["indicator"] == "uden") & (after["status"] == "suppressed")]
    # Nobody is few in the second half-year any more. But the mean of both is known, so telling it would tell the first.
    assert {"2007H1", "2007H2"} <= set(hidden["period"])


def test_means_of_a_register_of_other_periods_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tells means of half-years has another period"):
        pipeline.build(write(tmp_path / "town", ("2007H1", 3), ("2008", 98)))


def test_the_program_reads_a_mean_as_a_period_of_its_own(client: FlaskClient) -> None:
    found = client.get("/api/v1/observations?indicator=uden&area_set=square&period=2007").get_json()["observations"]
    told = {one["area_id"]: one for one in found}
    assert (told["0101"]["numerator"], told["0101"]["mean_of"], told["0101"]["interval"]) == (70.5, 2, "chance")
    assert told["0102"]["value"] is None
    assert told["0102"]["reason"] == "half_years"
    halves = client.get("/api/v1/observations?indicator=uden&area_set=square&period=2007H1").get_json()["observations"]
    assert {one["mean_of"] for one in halves} == {None}
    assert client.get("/api/v1/modelled?indicator=uden&period=2007").get_json()["modelled"] == []


@pytest.mark.parametrize(
    ("language", "words", "heading", "other"),
    [
        ("", "2007 (gennemsnit af to halvår)", "Gennemsnit, hvor halvår er skjult", "halvårene vises hver for sig"),
        ("/en", "2007 (mean of two half-years)", "Means, where half-years are hidden", "its half-years are shown themselves"),
    ],
)
def test_the_map_lists_means_after_the_half_years_and_says_what_they_are(
    client: FlaskClient, language: str, words: str, heading: str, other: str
) -> None:
    plain = client.get(f"{language}/kort/uden?inddeling=square").get_data(as_text=True)
    assert f'<optgroup label="{heading}"><option value="2007">{words}</option>' in plain
    assert '<option value="2007H2" selected>' in plain  # a map opens with a half-year
    page = client.get(f"{language}/kort/uden?inddeling=square&periode=2007").get_data(as_text=True)
    assert f'<option value="2007" selected>{words}</option>' in page
    assert other in page
    assert ("47,0" if not language else "47.0") in page


def test_the_area_page_tells_the_mean_where_its_newest_half_year_is_hidden(client: FlaskClient) -> None:
    hidden, shown = (client.get(f"/omraade/square/{area}").get_data(as_text=True) for area in ("0101", "0102"))
    assert ">2007 (gennemsnit af to halvår)</a>: 47,0" in hidden
    assert "gennemsnit af" not in shown


def test_the_page_of_origins_knows_a_mean(client: FlaskClient, read: Edition) -> None:
    page = client.get(f"/kilde/{read.id}/uden/square/0101/2007").get_data(as_text=True)
    assert "2007 (gennemsnit af to halvår)" in page


def test_no_verdict_and_no_class_break_is_made_of_a_mean(read: Edition) -> None:
    assert "2007" not in {one.latest_period for one in read.judgements}
    assert msgspec.to_builtins(read.breaks)
