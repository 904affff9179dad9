"""The embedded default: every figure has a source, every reference leads somewhere, and the goals' arithmetic is right."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from geo.files import provenance, schema
from geo.inputs import catalogue, observations
from geo.model.catalogue import Catalogue
from geo.model.goals import Goal
from geo.model.sources import Cite
from geo.model.vocabulary import Audience, Period

ROOT = Path(__file__).parents[3]
DATA, BOUNDARIES = ROOT / "data", ROOT / "boundaries"
SEEDS = ROOT.parent / "shared" / "seeds"
CSV_FILES = sorted(path for path in DATA.rglob("*.csv") if path.relative_to(DATA).parts[0] != "steder")  # places are no figures
HEADER = list(schema.HEADER)


def ids_of(folder: Path) -> frozenset[str]:
    layers = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.geojson")]
    return frozenset(feature["properties"]["area_id"] for layer in layers for feature in layer["features"])


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue.read(DATA, BOUNDARIES)


@pytest.fixture(scope="module")
def area_ids() -> dict[str, frozenset[str]]:
    return {folder.name: ids for folder in BOUNDARIES.iterdir() if folder.is_dir() and (ids := ids_of(folder))}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def every_cite(part: Any) -> list[Cite]:
    if isinstance(part, Cite):
        return [part]
    if isinstance(part, dict):
        return [cite for value in part.values() for cite in every_cite(value)]
    if isinstance(part, tuple | list):
        return [cite for value in part for cite in every_cite(value)]
    return [cite for name in getattr(part, "__struct_fields__", ()) for cite in every_cite(getattr(part, name))]


def goal(known: Catalogue, name: str) -> Goal:
    found = known.goal(name)
    assert found is not None
    return found


# --- the whole ------------------------------------------------------------------------------------------------------


def test_it_reads_without_a_problem(known: Catalogue, area_ids: dict[str, frozenset[str]]) -> None:
    observed = observations.read(DATA, known, area_ids)
    assert len(observed.table) > 150
    assert {left.area_set for left in observed.leftovers} <= {"kvarter"}, "only neighbourhoods have no embedded outline"


def test_every_area_set_with_outlines_is_declared(known: Catalogue, area_ids: dict[str, frozenset[str]]) -> None:
    assert set(area_ids) <= {kind.id for kind in known.area_sets}
    assert {kind.id for kind in known.area_sets if kind.role == "context"} == {"vand", "nabo", "stednavn", "vej", "bane", "station", "park"}


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: path.stem)
def test_observation_files(path: Path) -> None:
    sidecar = provenance.check(path)
    assert sidecar.retrieved.isoformat() == path.parent.name
    assert path.read_text("utf-8").splitlines()[0] == ",".join(HEADER)
    rows = rows_of(path)
    assert rows == sorted(rows, key=lambda row: [row[name] for name in HEADER[:4]])
    assert all(row["source"] and row["locator"] for row in rows)
    for row in rows:
        assert (row["value"] == "") == (row["status"] in {"missing", "not_measured"}), row


def test_no_real_row_is_demo_and_no_demo_row_is_embedded(known: Catalogue) -> None:
    demo = {indicator.id for indicator in known.indicators if indicator.demo}
    quality = {source.id: source.quality for source in known.sources}
    for path in CSV_FILES:
        for row in rows_of(path):
            assert row["indicator"] not in demo
            assert quality[row["source"]] != "demo"


def test_every_source_is_used(known: Catalogue) -> None:
    used = {cite.source for cite in every_cite(known)} | {row["source"] for path in CSV_FILES for row in rows_of(path)}
    unused = [source for source in known.sources if source.id not in used]
    words = "".join(path.read_text("utf-8") for path in DATA.glob("*.toml") if path.name != "sources.toml")
    assert {one.id for one in unused if one.id not in words and one.short not in words} == {"demo-survey"}  # its rows are made later


def test_every_sentence_stands_in_both_languages() -> None:
    for path in [*sorted(DATA.glob("*.toml")), BOUNDARIES / "sets.toml"]:
        for text in texts(tomllib.loads(path.read_text("utf-8"))):
            assert text["da"].strip(), path
            assert text["en"].strip(), path


def texts(part: Any) -> list[dict[str, str]]:
    if isinstance(part, dict):
        return [part] if set(part) == {"da", "en"} else [text for value in part.values() for text in texts(value)]
    return [text for value in part for text in texts(value)] if isinstance(part, list) else []


# --- indicators and rules -------------------------------------------------------------------------------------------


def test_demo_is_said_in_the_name_and_in_the_note(known: Catalogue) -> None:
    for indicator in known.indicators:
        assert indicator.demo == indicator.id.startswith("demo_")
        assert indicator.demo == ("(demo)" in indicator.name.da) == ("(demo)" in indicator.name.en)
        if indicator.demo:
            assert indicator.note is not None
            assert indicator.note.da.startswith("Demodata")


def test_goal_4_names_its_three_kinds_of_offer_and_has_no_figure(known: Catalogue) -> None:
    goal = known.goal("M4")
    assert goal is not None
    assert goal.together == ("brug_dag", "brug_social", "brug_fritid")
    parts = [known.indicator(name) for name in goal.together]
    for part, offer in zip(parts, ("daginstitutioner", "sociale tilbud", "fritidsfaciliteter"), strict=True):
        assert part is not None
        assert offer in part.name.da
        assert offer in goal.wording
        (definition,) = part.definitions
        assert "kk-001, l. 263" in definition.text.da
        assert definition.cite is not None
        assert (definition.cite.source, definition.cite.locator) == ("kk-003", "l. 29")
    tables = [path for path in (ROOT / "data").rglob("*.csv") if any(name in path.read_text(encoding="utf-8") for name in goal.together)]
    assert tables == []


def test_a_register_is_never_open(known: Catalogue) -> None:
    rule = next(rule for rule in known.rules if rule.id == "register")
    for audience in Audience:
        assert rule.thresholds[audience].min_count >= 3
        assert rule.thresholds[audience].min_denominator >= 20
    goal = known.goal("M4")
    for indicator in known.indicators:
        delivered = goal is not None and indicator.id in goal.together  # counted in registers that others keep
        assert (indicator.register is not None or delivered) == (indicator.rule == "register")
        assert all(set(rule.thresholds) == set(Audience) for rule in known.rules if rule.id == indicator.rule)


def test_offers_are_measured_three_ways(known: Catalogue) -> None:
    """Of the target group's minority: users; of the users: minority; of the target group: minority."""
    for kind, column in (("dag", "day_care"), ("social", "social"), ("fritid", "leisure")):
        use, users, target = (known.indicator(f"demo_{part}_{kind}") for part in ("tilbud", "brugere", "maalgruppe"))
        assert use is not None
        assert use.register is not None
        assert users is not None
        assert users.register is not None
        assert target is not None
        assert target.register is not None
        assert use.register.having == users.register.where == {column: ("ja",)}
        assert use.register.where == {**target.register.where, **target.register.having}
        assert users.register.having == target.register.having


# --- goals ----------------------------------------------------------------------------------------------------------


def test_every_goal_says_what_it_rests_on(known: Catalogue) -> None:
    for found in known.goals:
        assert found.decision is not None, found.id
        assert found.targets, found.id
        assert found.deadline is not None, found.id


def test_the_two_readings_of_ten_percent(known: Catalogue) -> None:
    labour = goal(known, "2006-B2")
    assert labour.baseline is not None
    assert labour.baseline.value == 49.5
    assert {target.id: (target.unit, target.value) for target in labour.targets} == {
        "pct": ("percent", -10.0),
        "pp": ("percentage_points", -10.0),
    }
    relative, absolute = 49.5 * (1 - 10 / 100), 49.5 - 10
    measure = known.indicator("uden_arbejdsmarked_udsatte")
    assert measure is not None
    assert [limit.value for limit in measure.policy_breaks] == pytest.approx([absolute, relative])


def test_employment_goal(known: Catalogue) -> None:
    work = goal(known, "2006-H")
    assert work.baseline is not None
    assert work.baseline.value == 54.4
    assert {target.id: target.value for target in work.targets} == {"niveau": 64.0, "pp": 10.0}


def test_all_goals_are_there(known: Catalogue) -> None:
    wanted = {"M1", "M2", "M3", "M4", "M5", "M6", "M7", "O", "SB1", "2006-H", "2006-B1", "2006-B2", "2006-K", "2006-T", "2006-I", "2006-D"}
    parts = {f"2006-H-{name}" for name in ("kvinder", "maend", "brancher", "ansatte", "erhvervsudd")} | {"2006-I-andel"}
    assert {goal.id for goal in known.goals} == wanted | parts
    assert {goal.id: goal.part_of for goal in known.goals if goal.part_of} == {name: name[:6] for name in parts}
    assert {goal.page for goal in known.goals} == {"", "maal4", "maal5", "arbejdsmarked"}
    for found in known.goals:
        assert found.indicator or found.deliverer, f"{found.id}: who would have to measure it?"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the policy papers do not lie beside the project")
def test_wording_is_quoted_exactly(known: Catalogue) -> None:
    papers = {f"kk-{path.name[:3]}": path.read_text("utf-8").split("\n") for path in SEEDS.glob("*.txt")}
    for found in known.goals:
        if not found.wording:
            assert found.note is not None, f"{found.id}: why is it not quoted?"
            continue
        line = re.search(r"\d+", found.cite.locator)
        assert line is not None
        assert found.wording in papers[found.cite.source][int(line[0]) - 1], found.id


def test_baselines_agree_with_the_observations(known: Catalogue) -> None:
    seen = {
        (row["indicator"], row["period"]): float(row["value"])
        for path in CSV_FILES
        for row in rows_of(path)
        if row["area_id"] == "0101" and row["value"]
    }
    for found in known.goals:
        start = found.baseline
        if found.indicator and start and start.value is not None and start.period:
            assert seen[found.indicator, start.period] == start.value, found.id


# --- lists and programmes -------------------------------------------------------------------------------------------


def test_lists_count_their_members(known: Catalogue, area_ids: dict[str, frozenset[str]]) -> None:
    for edition in known.lists:
        Period.parse(edition.published)
        if edition.complete:
            assert edition.count == len(edition.members), edition.id
        else:
            assert edition.note is not None, f"{edition.id}: what is missing, and why?"
        for member in edition.members:
            assert member.area_id is None or member.area_id in area_ids[member.area_set], (edition.id, member.name)


def test_the_counted_lists_are_the_listed_ones(known: Catalogue) -> None:
    rows = {row["period"]: int(row["value"]) for row in rows_of(DATA / "lister" / "2026-11-21" / "antal.csv")}
    announced = {"2018-05"}  # an announcement, not a list
    counted = {
        edition.published: edition.count
        for edition in known.lists
        if edition.family == "udsatte-boligomraader" and edition.count is not None and edition.published not in announced
    }
    assert rows == counted


def test_only_christianshavn_was_marked_whole(known: Catalogue) -> None:
    frozen = next(edition for edition in known.lists if edition.id == goal(known, "M5").frozen_list)
    assert [member.area_id for member in frozen.members if member.extent == "whole"] == ["christianshavn"]
    assert len(frozen.members) == 6


def test_hotspots(known: Catalogue, area_ids: dict[str, frozenset[str]]) -> None:
    assert [theme.initiatives for theme in known.hotspots.themes] == [6, 11, 5, 10]
    assert {area.area.area_id for area in known.hotspots.areas} == area_ids["hotspot"]
    assert sum(area.residents for area in known.hotspots.areas) == 1300 + 4100


def test_plans(known: Catalogue, area_ids: dict[str, frozenset[str]]) -> None:
    values = {figure.name.en: figure.value for figure in known.plans.figures}
    assert values["Area plans in all"] == 34
    for plan in known.plans.plans:
        assert all(area.area_id in area_ids[area.area_set] for area in plan.areas)


def test_profiles_name_the_areas_we_draw(known: Catalogue, area_ids: dict[str, frozenset[str]]) -> None:
    """A real layer that replaces our outline must bring the same areas."""
    for name in ("udsat_boligomraade", "hotspot"):
        kind = known.area_set(name)
        assert kind is not None
        assert set(kind.profiles[0].rename.values()) == area_ids[name]


def test_contradictions_are_all_carried(known: Catalogue) -> None:
    assert [entry.id for entry in known.contradictions][:20] == [str(number) for number in range(1, 21)]
    assert all(entry.cites for entry in known.contradictions)
