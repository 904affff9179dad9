"""The whole path on the embedded default: the same bytes twice, nothing hidden in what the public reads, no person anywhere."""

import shutil
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from geo import demo, pipeline
from geo.editions import edition
from geo.editions.edition import Edition
from geo.errors import GeoError
from geo.files import workspace
from geo.files.workspace import Workspace
from geo.model.results import OBSERVATION_COLUMNS
from geo.model.rules import Threshold
from geo.model.vocabulary import Audience, Status
from geo.spatial import cells, lookup

NOERREBRO = (722_900.0, 6_177_600.0)
"""A point on Nørrebro, metres (EPSG:25832)."""


@pytest.fixture(scope="module")
def public(built: Workspace) -> Edition:
    return edition.read(built.editions, edition.current(built.editions), Audience.PUBLIC)


def test_building_twice_gives_the_same_bytes(built: Workspace, tmp_path: Path) -> None:
    other = workspace.create(tmp_path / "other", default=Path(__file__).parent.parent.parent)
    demo.make(other)
    assert pipeline.build(other).id == edition.current(built.editions)
    ours = {p.relative_to(built.editions): p.read_bytes() for p in built.editions.rglob("*") if p.is_file() and p.name != ".built"}
    theirs = {p.relative_to(other.editions): p.read_bytes() for p in other.editions.rglob("*") if p.is_file()}
    assert ours == theirs


def test_every_area_has_a_row_for_every_period_of_its_set(public: Edition) -> None:
    for (indicator, area_set), rows in public.observations.groupby(["indicator", "area_set"]):
        areas = {area.area_id for area in public.layers[str(area_set)].areas}
        for period, of_period in rows.groupby("period"):
            assert set(of_period["area_id"]) == areas, (indicator, area_set, period)


def test_a_value_or_a_reason_never_both_never_neither(public: Edition) -> None:
    table = public.observations
    assert list(table.columns) == list(OBSERVATION_COLUMNS)
    has_value = table["status"].isin(["final", "provisional", "estimated", "demo"])
    assert table.loc[has_value, "value"].notna().all()
    assert (table.loc[has_value, "reason"] == "").all()
    for column in ("value", "numerator", "denominator", "n", "low", "high"):
        assert table.loc[~has_value, column].isna().all(), column
    assert (table.loc[~has_value, "reason"] != "").all()


def test_no_public_count_is_under_its_threshold(public: Edition) -> None:
    rules = {rule.id: rule.thresholds[Audience.PUBLIC] for rule in public.catalogue.rules}
    for indicator in public.catalogue.indicators:
        limit: Threshold = rules[indicator.rule]
        rows = public.observations[public.observations["indicator"] == indicator.id]
        for count in (rows["numerator"], rows["denominator"] - rows["numerator"]):
            assert not ((count > 0) & (count < limit.min_count)).any(), indicator.id
        assert not (rows["denominator"] < limit.min_denominator).any()
        assert not (rows["n"] < limit.min_answers).any()


def test_demo_is_never_taken_for_real(public: Edition) -> None:
    demo_ids = {indicator.id for indicator in public.catalogue.indicators if indicator.demo}
    of_demo = public.observations["indicator"].isin(demo_ids)
    shown = public.observations["value"].notna()
    assert (public.observations.loc[of_demo & shown, "status"] == Status.DEMO.value).all()
    assert (public.observations.loc[~of_demo, "status"] != Status.DEMO.value).all()
    assert all(judgement.demo == (judgement.indicator in demo_ids) for judgement in public.judgements)


def test_shares_are_recomputed_from_their_counts(public: Edition) -> None:
    shares = {indicator.id for indicator in public.catalogue.indicators if indicator.kind == "share"}
    rows = public.observations.dropna(subset=["value", "numerator", "denominator"])
    rows = rows[rows["indicator"].isin(shares)]
    assert len(rows) > 1000
    assert ((100 * rows["numerator"] / rows["denominator"] - rows["value"]).abs() < 1e-3).all()
    assert (rows["low"] <= rows["value"] + 1e-9).all()
    assert (rows["value"] <= rows["high"] + 1e-9).all()


def test_the_districts_add_up_to_the_bydele_they_make_up(public: Edition) -> None:
    rows = public.observations[public.observations["indicator"] == "demo_uden_arbejdsmarked"]
    sums: pd.DataFrame = rows.groupby(["area_set", "period"])[["numerator", "denominator"]].sum()
    assert sums.loc["bydel"].equals(sums.loc["tryghedsdistrikt"])
    assert sums.loc["bydel"].equals(sums.loc["kommune"])


def test_a_register_row_that_fits_nowhere_is_counted(public: Edition, built: Workspace) -> None:
    rows = pq.read_table(built.registers / "demo-register.parquet", columns=["x"]).column("x").to_numpy()
    unknown = [left for left in public.manifest.leftovers if left.names == ("no_coordinate",)]
    assert [left.count for left in unknown] == [None]  # told to nobody: how many they are can give a few away
    (kept,) = (built.internal / public.id).glob("leftovers.json")
    assert kept.stat().st_mode & 0o077 == 0
    every = msgspec.json.decode(kept.read_bytes())["demo-register"]
    assert sum(left["count"] for left in every if left.get("names") == ["no_coordinate"]) == int(pd.isna(rows).sum()) > 0
    outside = {left["area_set"]: left["count"] for left in every if left.get("names") == ["outside"]}
    # Everybody is inside the municipality, outside it, or without a coordinate.
    counted = public.observations.query("indicator == 'demo_maalgruppe_social' and area_set == 'kommune'")["denominator"].sum()
    assert counted + outside["kommune"] + int(pd.isna(rows).sum()) == len(rows)


def test_the_percent_of_residents_two_areas_share_is_demo_and_not_that_of_their_areas(public: Edition) -> None:
    shared = [one for one in public.overlaps if (one.area_set, one.other_set) == ("udsat_boligomraade", "bydel")]
    assert {one.residents_status for one in shared} == {"demo"}
    mjoelnerparken = next(one for one in shared if one.area_id == "mjoelnerparken")
    # Nearly all of a small dense area lies in its bydel; of the bydel it is many more of the people than of the ground.
    assert mjoelnerparken.percent_of_residents == 100
    assert mjoelnerparken.percent_of_other < 1 < (mjoelnerparken.percent_of_other_residents or 0)


def test_an_edition_says_where_a_point_lies_in_every_vintage(built: Workspace) -> None:
    folder = built.editions / edition.current(built.editions)
    found = lookup.areas_at(lookup.read((folder / "lookup.npz").read_bytes()), *NOERREBRO)
    assert {(place.area_set, place.area_id) for place in found} >= {("bydel", "3"), ("kommune", "0101")}
    cover = cells.load(folder / "cover.npz")
    many = cells.find(cover, np.array([NOERREBRO[0]]), np.array([NOERREBRO[1]]))
    assert sum(len(one.area) for one in many) == len(found)


def test_no_row_of_a_person_is_in_an_edition(built: Workspace) -> None:
    folder = built.editions / edition.current(built.editions)
    for path in folder.rglob("*.parquet"):
        assert not {"address", "x", "y", "age_group"} & set(pq.read_schema(path).names)
    for path in (*folder.rglob("*.json"), *folder.rglob("*.geojson")):
        text = path.read_text(encoding="utf-8")
        assert '"address"' not in text


def test_the_input_of_an_edition_is_named_with_its_checksum(public: Edition) -> None:
    kinds = {file.kind for file in public.manifest.inputs}
    assert kinds == {"boundaries", "observations", "catalogue", "register", "places"}
    assert all(len(file.sha256) == 64 for file in public.manifest.inputs)


def test_both_readings_of_the_ten_percent_are_judged_on_the_real_figure(public: Edition) -> None:
    found = {j.target: j for j in public.judgements if j.goal == "2006-B2" and not j.demo}
    assert found["pct"].latest == found["pp"].latest == 42.1
    assert (found["pct"].target_value, found["pct"].gap) == (pytest.approx(44.55), pytest.approx(-2.45))
    assert (found["pp"].target_value, found["pp"].gap) == (pytest.approx(39.5), pytest.approx(2.6))
    # the paper prints the share and says neither that everybody was counted nor how many were asked: that decides nothing
    assert {(j.verdict, j.reason, j.interval, j.low, j.gap_low) for j in found.values()} == {
        ("undecided", "no_interval", "none", None, None)
    }


def test_a_full_count_is_claimed_only_where_the_source_says_that_everybody_was_counted(public: Edition) -> None:
    claimed = public.observations.loc[public.observations["interval"].isin(["count", "chance"]), "indicator"]
    assert {name for name in claimed if not str(name).startswith("demo_")} == {"beboere", "ledige_af_beboere", "udsatte_boligomraader"}
    survey = public.observations.query("indicator == 'utryg_aften' and period == '2018'")
    assert survey["interval"].tolist() == ["wilson_cautious"]


def test_goal_five_has_no_baseline_and_says_so(public: Edition) -> None:
    found = [j for j in public.judgements if j.goal == "M5" and not j.demo]
    assert {j.verdict for j in found} == {"undecided"}
    assert {j.reason for j in found} == {"no_baseline"}
    assert {j.area_id for j in found} == {"", "christianshavn", "indre-by", "vesterbro", "indre-noerrebro", "broenshoej-husum", "valby"}


def test_a_fault_publishes_nothing(built: Workspace, tmp_path: Path) -> None:
    shutil.copytree(built.folder, tmp_path / "copy")
    copy = workspace.at(tmp_path / "copy")
    before = edition.current(copy.editions), sorted(path.name for path in copy.editions.iterdir())
    (copy.data / "goals.toml").write_text("[[goal]]\nid = 1\n", encoding="utf-8")
    with pytest.raises(GeoError, match=r"goals\.toml"):
        pipeline.build(copy)
    assert (edition.current(copy.editions), sorted(path.name for path in copy.editions.iterdir())) == before
