"""Drafts: files and proposals are taken into a copy, rehearsed, published at once, and taken back; the workspace stays whole."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from geo import pipeline
from geo.drafts import desk, kept, publishing, working
from geo.drafts.draft import Actor
from geo.editions import edition
from geo.errors import DraftError, NotFoundError
from geo.files.layers import geojson
from geo.files.workspace import Workspace
from geo.inputs.entries import history, listing
from geo.model.forms.proposed import EntryProposal
from geo.model.vocabulary import Audience
from tests.records.drafted import ANNA, BO, NEW, NOON, begun, drafts, inputs, worked
from tests.towns import toytown


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    place = toytown.write(tmp_path)
    pipeline.build(place)
    return place


def value(place: Workspace, area: str, period: str) -> float | None:
    table = edition.read(place.editions, edition.current(place.editions), Audience.PUBLIC).observations
    rows = table[(table["area_id"] == area) & (table["period"] == period) & (table["indicator"] == "tryg")]
    return None if rows.empty else float(rows["value"].iloc[0])


def test_a_file_is_taken_rehearsed_signed_published_and_taken_back(town: Workspace) -> None:
    before, shown = inputs(town), edition.current(town.editions)
    own = begun(town, ("tal.csv", NEW))
    read = worked(town, own, "read")
    assert [file.preview.kind for file in read.files if file.preview] == ["figures"]
    assert read.files[0].taken
    assert inputs(town) == before
    rehearsed = worked(town, own, "rehearse")
    assert rehearsed.ready
    changes = kept.changes(kept.folder_of(drafts(town), own))
    assert changes is not None
    assert changes[Audience.PUBLIC].counts["new"] == 1
    assert inputs(town) == before
    assert edition.current(town.editions) == shown
    with pytest.raises(DraftError, match="nobody has signed"):
        worked(town, own, "publish", reason="Ny måling")
    desk.sign(drafts(town), own, "Set og fundet i orden", by=ANNA, at=NOON)
    published = worked(town, own, "publish", reason="Ny måling")
    assert published.published == 1
    assert value(town, "0104", "2013") == 90
    assert pipeline.build(town).id == rehearsed.rehearsed.now
    [made] = kept.publications(publishing.publications(town))
    assert (made.before, made.reason, made.by.name, made.signatures[0].reason) == (shown, "Ny måling", "Anna", "Set og fundet i orden")
    desk.ask_roll_back(drafts(town), own, "Forkert fil", by=BO, at=NOON)
    back = working.run(town, own, store=lambda _edition: None)
    assert back.rolled_back == 2
    assert inputs(town) == before
    assert edition.current(town.editions) == shown
    with pytest.raises(DraftError, match="no publication to take back"):
        desk.ask_roll_back(drafts(town), own, "igen", by=BO, at=NOON)


def test_pages_are_stored_before_the_pointer_moves(town: Workspace) -> None:
    own, seen = begun(town, ("tal.csv", NEW)), []
    worked(town, own, "rehearse")
    desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    desk.ask(drafts(town), own, "publish", by=ANNA, at=NOON, reason="ja")
    old = edition.current(town.editions)
    done = working.run(town, own, store=lambda made: seen.append((made, edition.current(town.editions))))
    assert seen == [(done.rehearsed.now, old)]


def test_two_pairs_of_eyes_are_two_people(town: Workspace) -> None:
    own = begun(town, ("tal.csv", NEW))
    worked(town, own, "rehearse")
    desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    with pytest.raises(DraftError, match="two pairs of eyes"):
        desk.ask(drafts(town), own, "publish", by=ANNA, at=NOON, reason="ja", two_people=True)
    assert worked(town, own, "publish", by=BO, reason="ja", two_people=True).published == 1


def test_ids_of_two_ways_may_be_one_person_and_are_not_two(town: Workspace) -> None:
    """Dana signs in the browser and publishes from a shell, or has a local account beside that of the provider."""
    own = begun(town, ("tal.csv", NEW))
    worked(town, own, "rehearse")
    desk.sign(drafts(town), own, "ja", by=Actor(id="local:dana", name="Dana"), at=NOON)
    for other in ("shell:root", "shell:dana", "oidc:dana", "oidc:local:eva", "local:dana"):
        with pytest.raises(DraftError, match="two pairs of eyes"):
            desk.ask(drafts(town), own, "publish", by=Actor(id=other, name="x"), at=NOON, reason="ja", two_people=True)
    assert desk.ask(drafts(town), own, "publish", by=Actor(id="local:eva", name="Eva"), at=NOON, reason="ja", two_people=True).working


def test_a_signature_is_for_the_contents_that_were_read(town: Workspace) -> None:
    """Also when the draft was changed and rehearsed anew between the look and the signature."""
    own = begun(town, ("tal.csv", NEW))
    read = worked(town, own, "rehearse").contents
    desk.bring(drafts(town), own, "mere.csv", io.BytesIO(NEW.replace("2013", "2014").encode()), by=ANNA, at=NOON)
    assert worked(town, own, "rehearse").ready
    with pytest.raises(DraftError, match="rehearsal is not of what is in it"):
        desk.sign(drafts(town), own, "ja", by=BO, at=NOON, contents=read)


def test_a_signature_is_void_when_the_draft_changes(town: Workspace) -> None:
    own = begun(town, ("tal.csv", NEW))
    worked(town, own, "rehearse")
    assert desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON).valid_signatures
    changed = desk.bring(drafts(town), own, "mere.csv", io.BytesIO(NEW.replace("2013", "2014").encode()), by=ANNA, at=NOON)
    assert not changed.ready
    assert not changed.valid_signatures
    with pytest.raises(DraftError, match="rehearsal is not of what is in it"):
        desk.ask(drafts(town), own, "publish", by=BO, at=NOON, reason="ja")
    again = worked(town, own, "rehearse")
    assert not again.valid_signatures


def test_a_workspace_that_changed_since_is_rehearsed_again(town: Workspace) -> None:
    own = begun(town, ("tal.csv", NEW))
    worked(town, own, "rehearse")
    desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    path = town.folder / toytown.FIGURES
    path.write_text(toytown.csv([row.replace("0101,2011,85", "0101,2011,84") for row in toytown.ROWS]), encoding="utf-8")
    toytown.write_sidecar(path)
    written = inputs(town)
    failed = worked(town, own, "publish", reason="ja")
    assert failed.task is not None
    assert (failed.task.state, failed.task.faults[0].what) == ("failed", "the workspace has changed since the rehearsal")
    assert inputs(town) == written
    assert worked(town, own, "rehearse").ready


def test_the_second_of_two_drafts_is_rehearsed_against_the_first(town: Workspace) -> None:
    first, second = begun(town, ("tal.csv", NEW)), begun(town, ("andre.csv", NEW.replace("2013", "2014")))
    for own in (first, second):
        worked(town, own, "rehearse")
        desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    worked(town, first, "publish", reason="først")
    assert kept.read(kept.folder_of(drafts(town), second)).behind
    with pytest.raises(DraftError, match="rehearsal is not of what is in it"):
        desk.ask(drafts(town), second, "publish", by=ANNA, at=NOON, reason="ja")
    worked(town, second, "rehearse")
    desk.sign(drafts(town), second, "ja", by=ANNA, at=NOON)
    worked(town, second, "publish", reason="så den anden")
    assert (value(town, "0104", "2013"), value(town, "0104", "2014")) == (90, 90)
    desk.ask_roll_back(drafts(town), first, "fortrudt", by=ANNA, at=NOON)
    refused = working.run(town, first, store=lambda _edition: None)
    assert refused.task is not None
    assert refused.task.faults[0].what == "only the newest publication can be rolled back, once"


def test_a_file_with_faults_says_where_and_nothing_is_rehearsed(town: Workspace) -> None:
    own = begun(town, ("tal.csv", NEW.replace("0104", "0999")))
    read = worked(town, own, "read")
    fault = read.files[0].preview.faults[0]
    assert (fault.file, fault.row, fault.column) == ("tal.csv", 2, "area_id")
    assert read.faulty == ("1",)
    failed = worked(town, own, "rehearse")
    assert failed.task is not None
    assert (failed.task.state, failed.task.faults[0].found) == ("failed", "tal.csv")


def test_what_is_open_about_a_table_is_asked_and_the_answers_are_kept(town: Workspace) -> None:
    table = "felt;2013\nNordvest;90\nNordost;80\n"
    own = begun(town, ("tal.csv", table))
    read = worked(town, own, "read")
    assert read.files[0].preview is not None
    asked = {question.name: question for question in read.files[0].preview.questions}
    assert {"fixed.indicator", "fixed.source"} <= asked.keys()
    assert "tryg" in {choice.value for choice in asked["fixed.indicator"].choices}
    answers = {"fixed.indicator": "tryg", "fixed.source": "survey", "fixed.area_set": "square"}
    desk.choose(drafts(town), own, "1", kind=None, answers=answers)
    again = worked(town, own, "read").files[0].preview
    assert again is not None
    open_areas = {question.about for question in again.questions if question.name.startswith("area.")}
    assert open_areas <= {"Nordvest", "Nordost"}


def test_a_proposed_entry_is_in_the_rehearsal_and_in_the_history(town: Workspace) -> None:
    forms = listing.read(town)
    entry = forms.entries["indicator"][0]
    changed = {**entry.values, "name.da": ("Nyt navn",)}
    own = begun(town)
    proposal = EntryProposal(kind="indicator", id=entry.id, values=changed, sha256=entry.sha256, opened=entry.values)
    desk.propose(drafts(town), own, proposal, by=BO, at=NOON)
    before = inputs(town)
    read = worked(town, own, "rehearse")
    assert [each.outcome.state for each in read.entries if each.outcome] == ["written"]
    changes = kept.changes(kept.folder_of(drafts(town), own))
    assert changes is not None
    assert [(each.part, each.id) for each in changes[Audience.PUBLIC].entries] == [("indicator", entry.id)]
    desk.sign(drafts(town), own, "ja", by=ANNA, at=NOON)
    worked(town, own, "publish", reason="bedre navn")
    [line] = history.read(history.of(town))
    assert (line.who, line.id, line.before["name.da"], line.after["name.da"]) == ("Bo", entry.id, entry.values["name.da"], ("Nyt navn",))
    desk.ask_roll_back(drafts(town), own, "det gamle var bedre", by=ANNA, at=NOON)
    working.run(town, own, store=lambda _edition: None)
    assert inputs(town) == before
    assert [each.after["name.da"] for each in history.read(history.of(town))] == [("Nyt navn",), entry.values["name.da"]]


def test_the_same_file_twice_is_refused_and_a_large_one_leaves_nothing(town: Workspace) -> None:
    own = begun(town, ("tal.csv", NEW))
    with pytest.raises(DraftError, match="the same file"):
        desk.bring(drafts(town), own, "tal.csv", io.BytesIO(NEW.encode()), by=BO, at=NOON)
    with pytest.raises(DraftError, match="larger than files may be"):
        desk.bring(drafts(town), own, "stor.csv", io.BytesIO(b"x" * 100), by=BO, at=NOON, most=99)
    folder = kept.files_of(kept.folder_of(drafts(town), own))
    assert [path.name for path in folder.iterdir()] == ["1"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "C:\\fil.csv", "a\x00b.csv", "x" * 400 + ".csv", "/"])
def test_a_name_never_leaves_the_draft(town: Workspace, name: str) -> None:
    own = begun(town)
    made = desk.bring(drafts(town), own, name, io.BytesIO(NEW.encode()), by=ANNA, at=NOON)
    assert "/" not in made.files[0].name
    assert made.files[0].name not in {"", ".", ".."}
    worked(town, own, "read")
    folder = kept.folder_of(drafts(town), own)
    assert [path.parent.name for path in kept.named_of(folder).rglob("*") if path.is_file()] == ["1"]


def test_work_is_stopped_and_a_draft_thrown_away(town: Workspace) -> None:
    own = begun(town, ("tal.csv", NEW))
    desk.ask(drafts(town), own, "rehearse", by=ANNA, at=NOON)
    with pytest.raises(DraftError, match="going on"):
        desk.take_out(drafts(town), own, "1")
    assert desk.cancel(drafts(town), own).task.state == "cancelled"
    assert working.run(town, own, store=lambda _edition: None).rehearsed is None
    desk.discard(drafts(town), own, at=NOON)
    assert not kept.files_of(kept.folder_of(drafts(town), own)).exists()
    with pytest.raises(DraftError, match="thrown away"):
        desk.ask(drafts(town), own, "read", by=ANNA, at=NOON)


def test_no_such_draft(town: Workspace) -> None:
    for own in ("0123456789ab", "../../etc", ""):
        with pytest.raises(NotFoundError):
            desk.discard(drafts(town), own, at=NOON)


def test_drafts_are_readable_by_their_owner_alone(town: Workspace) -> None:
    own = begun(town, ("tal.csv", NEW))
    worked(town, own, "read")
    folder = kept.folder_of(drafts(town), own)
    for path in (drafts(town), folder, kept.files_of(folder), kept.copy_of(folder)):
        assert path.stat().st_mode & 0o077 == 0


def test_a_drawn_area_is_added_to_those_that_are_there(town: Workspace) -> None:
    """It lies some hundred metres east of the town; the areas that were there stay where they were."""
    before = sorted((town.boundaries / "square").glob("*.geojson"))[-1]
    areas = geojson.read_own(before, file=before.name).to_crs(4326)
    east, north = areas.total_bounds[2] + 0.01, areas.total_bounds[1]
    ring = [[east, north], [east + 0.003, north], [east + 0.003, north + 0.003], [east, north + 0.003], [east, north]]
    drawn = {"type": "Feature", "properties": {"area_id": "0199", "name": "Tegnet"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    text = json.dumps({"type": "FeatureCollection", "features": [drawn]})
    own = begun(town, ("tegnet.geojson", text))
    answers = {"area_set": "square", "id": "area_id", "name": "name", "valid_from": "2026-11-28", "producer": "Anna", "add": "yes"}
    desk.choose(drafts(town), own, "1", kind="areas", answers=answers)
    read = worked(town, own, "read")
    assert read.files[0].taken, read.files[0].preview
    made = Workspace(kept.copy_of(kept.folder_of(drafts(town), own))).boundaries / "square" / "2026-11-28.geojson"
    now = geojson.read_own(made, file=made.name).set_index("area_id").to_crs(25832)
    assert set(now.index) == {*areas["area_id"], "0199"}
    for row in areas.to_crs(25832).itertuples():
        assert now.geometry[row.area_id].symmetric_difference(row.geometry).area < 40  # a layer has seven decimals: a centimetre along 4 km
