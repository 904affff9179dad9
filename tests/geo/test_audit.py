"""The attack on editions that were tampered with: each kind of leak by hand, and none where there is none."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from geo import audit, pipeline
from geo.audit import AuditReport
from geo.editions import edition
from geo.editions.seen import Seen
from geo.files import provenance
from geo.files.workspace import Workspace
from geo.model.rules import Accepted
from geo.model.vocabulary import Audience
from omraadekort import cli
from omraadekort.exitcodes import ExitCode
from omraadekort.exposure.stranger import read_as_stranger
from tests.readers import resigned
from tests.towns import gatetown, toytown
from webmap.settings import Settings

HIDDEN = ("uden", "square", "0101", "2007H1")
"""23 of 150 in square SW: with the patch's 20 of 50, which is shown, it would tell of three people."""


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The town of the gate with its patch, built. Not to be changed by a test."""
    town = gatetown.write(tmp_path_factory.mktemp("audit") / "town")
    toytown.write_areas(town, "patch", gatetown.patch(), partition=False)
    pipeline.build(town)
    return town


@pytest.fixture
def town(pristine: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(pristine.folder, tmp_path / "town")
    return Workspace(tmp_path / "town")


def attacked(town: Workspace, audience: Audience = Audience.PUBLIC, **more: object) -> AuditReport:
    return audit.attack(town, edition.current(town.editions), audience, **more)  # type: ignore[arg-type]


def whats(report: AuditReport) -> set[str]:
    return {f"{finding.where}: {finding.what}" for finding in report.findings}


def folder(town: Workspace) -> Path:
    return town.editions / edition.current(town.editions)


def unhide(town: Workspace, audience: Audience = Audience.PUBLIC, *, status: str = "final", **numbers: float) -> None:
    """Write numbers into a hidden figure."""
    path = folder(town) / audience.value / "observations.parquet"
    table = pq.read_table(path).to_pandas()
    here = (table[["indicator", "area_set", "area_id", "period"]] == list(HIDDEN)).all(axis=1)
    table.loc[here, list(numbers)] = list(numbers.values())
    table.loc[here, "status"] = status
    pq.write_table(pa.Table.from_pandas(table, schema=pq.read_schema(path), preserve_index=False), path)


def edit(town: Workspace, name: str, change: Callable[[str], str]) -> None:
    path = folder(town) / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", list(Audience))
def test_an_edition_as_it_was_written_says_nothing(pristine: Workspace, audience: Audience) -> None:
    report = attacked(pristine, audience)
    assert report.findings == ()
    assert report.attacked is not None
    assert report.figures > 0


def test_it_says_what_hiding_costs_by_true_reason(pristine: Workspace) -> None:
    assert attacked(pristine).cost == {("square", "complementary"): 1}


def test_a_figure_unhidden_by_hand_is_found_three_ways(town: Workspace) -> None:
    unhide(town, value=100 * 23 / 150, numerator=23.0, denominator=150.0)
    found = attacked(town).findings
    assert {"public/observations.parquet", "certificate", "public/hidden.json"} <= {one.where for one in found}
    proof = [one for one in found if one.where == "certificate"]
    assert [(one.what, one.period, one.area) for one in proof] == [
        ("what is shown tells what must be hidden", "2007H1", "uden/square/0101")
    ]


def test_a_number_left_in_a_hidden_figure_is_found(town: Workspace) -> None:
    unhide(town, status="suppressed", high=21.0)
    assert "public/observations.parquet: a number of a figure that is hidden" in whats(attacked(town))


def test_what_is_open_further_out_is_open_further_in(town: Workspace) -> None:
    unhide(town, value=100 * 23 / 150, numerator=23.0, denominator=150.0)
    report = attacked(town, Audience.STAFF)
    assert not [one for one in report.findings if one.where == "certificate"]  # three are not few for staff
    unhide(town, numerator=24.0, denominator=150.0)
    assert attacked(town).findings


def test_figures_that_disagree_are_named(town: Workspace) -> None:
    path = folder(town) / "public" / "observations.parquet"
    table = pq.read_table(path).to_pandas()
    here = (table["area_id"] == "p") & (table["period"] == "2007H1")
    table.loc[here, "numerator"] = 60.0  # of 50
    pq.write_table(pa.Table.from_pandas(table, schema=pq.read_schema(path), preserve_index=False), path)
    found = [one for one in attacked(town).findings if one.where == "certificate"]
    assert [(one.what, one.area) for one in found] == [("a figure that is not as it was counted", "uden/patch/p")]


@pytest.mark.parametrize(
    ("name", "what"),
    [("judgements.json", "verdicts"), ("breaks.json", "class breaks"), ("hidden.json", "counts of hidden figures")],
)
def test_what_does_not_follow_from_the_figures_is_found(town: Workspace, name: str, what: str) -> None:
    changes = {"judgements.json": "[]", "breaks.json": "{}", "hidden.json": "[]"}
    edit(town, f"public/{name}", lambda _: changes[name])
    assert f"public/{name}: {what} that do not follow from the figures that are read" in whats(attacked(town))


def test_a_column_too_many_is_found(town: Workspace) -> None:
    path = folder(town) / "public" / "observations.parquet"
    table = pq.read_table(path)
    pq.write_table(table.append_column("rest", pa.array([1.0] * len(table))), path)
    edit(town, "areas/square.geojson", lambda text: text.replace('"area_id":"0101"', '"area_id":"0101","people":150', 1))
    found = whats(attacked(town))
    assert "public/observations.parquet: a column that is on no list: rest" in found
    assert "areas/square.geojson: properties that are on no list: people" in found


def test_files_that_came_or_went_are_found(town: Workspace) -> None:
    (folder(town) / "public" / "truth.csv").write_text("3\n", encoding="utf-8")
    (folder(town) / "overlaps.json").rename(folder(town) / "overlaps.json.old")
    (folder(town) / "overlaps.json.old").rename(folder(town) / "overlaps.json")
    (folder(town) / "ssp" / "breaks.json").unlink()
    found = whats(attacked(town))
    assert found == {
        "public/truth.csv: a file that the manifest does not list",
        "ssp/breaks.json: a file that the manifest lists is gone",
    }


def test_without_what_is_kept_it_says_that_figures_were_not_attacked(town: Workspace) -> None:
    shutil.rmtree(town.internal)
    report = attacked(town)
    assert (report.findings, report.attacked) == ((), None)
    assert report.cost == {("square", "protected"): 1}


# --- what is served ---------------------------------------------------------------------------------------------------


def test_a_number_of_a_hidden_figure_in_a_payload_is_found(pristine: Workspace) -> None:
    seen = Seen("/api/v1/observations.json", HIDDEN, {"value": 100 * 23 / 150, "numerator": 23.0, "denominator": 150.0})
    found = attacked(pristine, elsewhere=[seen]).findings
    assert {one.what for one in found if one.where == seen.where} == {
        f"a number of a figure that is hidden: {name}" for name in ("value", "numerator", "denominator")
    }


def test_another_number_than_the_table_has_is_found(pristine: Workspace) -> None:
    seen = Seen("/x.csv", ("uden", "square", "0102", "2007H1"), {"numerator": 41.0})
    assert whats(attacked(pristine, elsewhere=[seen])) == {"/x.csv: another number than the figure's: numerator"}


# --- the command ------------------------------------------------------------------------------------------------------


def run(*words: str | Path) -> tuple[int, str]:
    answer = CliRunner().invoke(cli.app, [str(word) for word in words])
    return answer.exit_code, answer.output


def test_the_command_says_what_it_found_and_fails(town: Workspace) -> None:
    current = edition.current(town.editions)
    assert run("audit", current, "--files", "-w", town.folder)[0] == ExitCode.OK
    unhide(town, value=100 * 23 / 150, numerator=23.0, denominator=150.0)
    code, output = run("audit", current, "--files", "-w", town.folder)
    assert code == ExitCode.PROBLEMS
    assert "found: certificate | what is shown tells what must be hidden" in output
    assert "hidden: square | complementary | 1" in output


def test_the_command_attacks_a_damaged_edition_of_which_nothing_is_served(town: Workspace) -> None:
    unhide(town, value=100 * 23 / 150, numerator=23.0, denominator=150.0)
    code, output = run("audit", "-w", town.folder)
    assert code == ExitCode.PROBLEMS
    assert "a file that was changed after the edition was written" in output


def test_a_manifest_made_to_fit_is_found(town: Workspace) -> None:
    unhide(town, value=100 * 23 / 150, numerator=23.0, denominator=150.0)
    digest = provenance.sha256(folder(town) / "public" / "observations.parquet")
    text = (folder(town) / "manifest.json").read_text(encoding="utf-8")
    edit(town, "manifest.json", lambda said: re.sub('(?<="public/observations.parquet": ")[0-9a-f]{64}', digest, said))
    assert (folder(town) / "manifest.json").read_text(encoding="utf-8") != text
    assert "manifest.json: a manifest that is not the one that gave the edition its id" in whats(attacked(town))
    assert run("serve", "-w", town.folder)[0] == ExitCode.CANNOT_SERVE


def test_a_build_if_changed_mends_a_damaged_edition(town: Workspace) -> None:
    assert run("build", "--if-changed", "-w", town.folder)[0] == ExitCode.OK
    whole = (folder(town) / "public" / "observations.parquet").read_bytes()
    unhide(town, value=100 * 23 / 150, numerator=23.0, denominator=150.0)
    assert run("build", "--if-changed", "-w", town.folder)[0] == ExitCode.OK
    assert (folder(town) / "public" / "observations.parquet").read_bytes() == whole


def test_the_command_says_when_it_could_not_attack(town: Workspace) -> None:
    shutil.rmtree(town.internal)
    code, output = run("audit", "current", "--files", "-w", town.folder)
    assert code == ExitCode.NOT_ALL_ATTACKED
    assert "this machine keeps no proofs of it" in output


def test_an_edition_that_is_not_there_is_said_so(town: Workspace) -> None:
    assert run("audit", "nosuchedition", "--files", "-w", town.folder)[0] == ExitCode.CANNOT_SERVE


def test_an_edition_tampered_with_is_not_served(town: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMRAADEKORT_WORKSPACE", raising=False)
    unhide(town, value=100 * 23 / 150, numerator=23.0, denominator=150.0)
    code, output = run("serve", "-w", town.folder)
    assert code == ExitCode.CANNOT_SERVE
    assert "the edition is damaged: public/observations.parquet is not as it was written" in output


@pytest.mark.parametrize("audience", list(Audience))
def test_the_command_reads_all_that_is_served(pristine: Workspace, audience: Audience) -> None:
    code, output = run("audit", "current", "--audience", audience.value, "-w", pristine.folder)
    assert code == ExitCode.OK, output
    assert "addresses read: " in output
    assert "left out" in output
    assert "s left" in output


def test_a_figure_unhidden_by_hand_is_read_where_it_is_served(town: Workspace) -> None:
    # In an edition that somebody signed anew, with the proofs of the one that it was: of a damaged one nothing is served.
    before = edition.current(town.editions)
    unhide(town, value=100 * 23 / 150, numerator=23.0, denominator=150.0)
    made = resigned.rewrite(folder(town), "public/observations.parquet", lambda content: content).name
    edition.point(town.editions, made)
    (town.internal / before).rename(town.internal / made)
    code, output = run("audit", "current", "-w", town.folder)
    assert code == ExitCode.PROBLEMS
    assert "found: certificate | what is shown tells what must be hidden" in output
    served = read_as_stranger(Settings(workspace=town.folder), made, pages=["maps.download"])
    cells = served.table.loc[served.table["numerator"] == 23.0, ["indicator", "area_set", "area_id", "period"]]
    assert HIDDEN in set(cells.itertuples(index=False, name=None))


# --- older editions -----------------------------------------------------------------------------------------------------


def kept_open(town: Workspace) -> None:
    """Leave an edition beside the current one, in which what that hides is shown."""
    path = town.editions / "abcdef0123456789"
    shutil.copytree(folder(town), path)
    table = pq.read_table(path / "public" / "observations.parquet").to_pandas()
    here = (table[["indicator", "area_set", "area_id", "period"]] == list(HIDDEN)).all(axis=1)
    table.loc[here, ["value", "numerator", "denominator"]] = [100 * 23 / 150, 23.0, 150.0]
    table.loc[here, "status"] = "final"
    schema = pq.read_schema(path / "public" / "observations.parquet")
    pq.write_table(pa.Table.from_pandas(table, schema=schema, preserve_index=False), path / "public" / "observations.parquet")


def test_what_an_older_edition_tells_beside_this_one_is_found(town: Workspace) -> None:
    kept_open(town)
    found = attacked(town).findings
    assert {one.where for one in found} == {"attacker: linear"}
    assert {(one.period, one.low, one.high) for one in found} == {("2007H1", 3, 3)}


def test_an_older_edition_that_was_accepted_by_name_is_left_out(town: Workspace) -> None:
    kept_open(town)
    gatetown.declare(town, accepted=[Accepted(edition="abcdef0123456789", reason="nobody read it")])
    assert attacked(town).findings == ()


def test_an_older_edition_that_drew_the_area_otherwise_tells_nothing_of_this_one(town: Workspace) -> None:
    kept_open(town)
    path = town.editions / "abcdef0123456789" / "areas" / "square.geojson"
    path.write_text(re.sub(r'("area_id":"0101".*?)(\d\d\.\d+)', r"\g<1>12.5", path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    assert attacked(town).findings == ()
