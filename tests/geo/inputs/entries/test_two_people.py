"""Two people in one form: nothing is lost, and the history says who wrote what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.entries import history, listing
from geo.model.forms.described import Typed
from geo.model.forms.proposed import EntryProposal
from tests.records.proposals import SOURCE, changing, entry, write

# --- two at once --------------------------------------------------------------------------------------------------------


def test_what_two_people_change_in_other_fields_is_merged(city: Workspace) -> None:
    mine = changing(city, "goal", "M4", name__en="Goal 4: Offers")
    assert write(city, changing(city, "goal", "M4", name__da="Mål 4: Tilbud"), who="bo").state == "written"
    outcome = write(city, mine)
    assert (outcome.state, outcome.merged) == ("written", ("name.da",))
    goal = catalogue.read(city.data, city.boundaries).goal("M4")
    assert goal is not None
    assert (goal.name.da, goal.name.en) == ("Mål 4: Tilbud", "Goal 4: Offers")


def test_what_two_people_change_in_one_field_is_shown_and_nothing_is_lost(city: Workspace) -> None:
    mine = changing(city, "goal", "M4", name__da="Mine ord", order="99")
    write(city, changing(city, "goal", "M4", name__da="Bos ord"), who="bo")
    outcome = write(city, mine)
    assert (outcome.state, outcome.by, outcome.at) == ("differs", "bo", "2026-11-27T12:00:00+00:00")
    (clash,) = outcome.conflicts
    assert (clash.field, clash.before, clash.theirs, clash.yours) == (
        "name.da", ("Mål 4: Brug af kommunale tilbud",), ("Bos ord",), ("Mine ord",)
    )  # fmt: skip
    assert (outcome.values["name.da"], outcome.values["order"]) == (("Mine ord",), ("99",))
    goal = catalogue.read(city.data, city.boundaries).goal("M4")
    assert goal is not None
    assert (goal.name.da, goal.order) == ("Bos ord", 10)
    decided = EntryProposal(kind="goal", id="M4", values=outcome.values, sha256=outcome.sha256, opened=outcome.opened)
    assert write(city, decided).state == "written"


def test_what_two_people_add_to_a_list_stands_there_both(city: Workspace) -> None:
    there = entry(city, "plan", "forandring-aldersrogade")

    def adding(code: str) -> EntryProposal:
        n = sum(name.endswith(".area_id") for name in there.values) + 1
        area: Typed = {f"areas[{n}].area_set": ("udsat_boligomraade",), f"areas[{n}].area_id": (code,)}
        return EntryProposal(kind="plan", id=there.id, values={**there.values, **area}, sha256=there.sha256, opened=there.values)

    assert write(city, adding("tingbjerg"), who="bo").state == "written"
    assert write(city, adding("bispeparken")).state == "written"
    plan = next(plan for plan in catalogue.read(city.data, city.boundaries).plans.plans if plan.id == there.id)
    assert [area.area_id for area in plan.areas] == ["aldersrogade", "tingbjerg", "bispeparken"]


def test_an_entry_that_was_changed_meanwhile_does_not_go(city: Workspace) -> None:
    write(city, EntryProposal(kind="source", values=SOURCE))
    there = entry(city, "source", "kk-ny")
    write(city, changing(city, "source", "kk-ny", title="Andet"), who="bo")
    going = EntryProposal(kind="source", id="kk-ny", removed=True, sha256=there.sha256, opened=there.values)
    assert write(city, going).state == "differs"
    assert entry(city, "source", "kk-ny").title == "Rapporten"


def test_an_entry_that_is_gone_keeps_what_was_typed(city: Workspace) -> None:
    write(city, EntryProposal(kind="source", values=SOURCE))
    mine = changing(city, "source", "kk-ny", title="Mit")
    write(city, EntryProposal(kind="source", id="kk-ny", removed=True), who="bo")
    outcome = write(city, mine)
    assert ([p.what.da for p in outcome.problems], outcome.values["title"]) == (["den er fjernet imens"], ("Mit",))
    assert outcome.by == "bo"


def test_many_at_once_lose_nothing(city: Workspace) -> None:
    def add(number: int) -> str:
        return write(city, EntryProposal(kind="source", values={**SOURCE, "id": (f"ny-{number}",)}), who=f"p{number}").state

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(add, range(8))) == {"written"}
    known = {source.id for source in catalogue.read(city.data, city.boundaries).sources}
    assert known >= {f"ny-{number}" for number in range(8)}
    assert {line.who for line in history.read(city.folder / "forms.jsonl")} == {f"p{number}" for number in range(8)}


# --- history, words -----------------------------------------------------------------------------------------------------


def test_the_history_says_who_when_before_and_after(city: Workspace) -> None:
    write(city, changing(city, "goal", "M4", order="11"))
    (line,) = history.read(city.folder / "forms.jsonl")
    assert (line.who, line.at, line.kind, line.id, line.action, line.file, line.reason) == (
        "anna", "2026-11-27T12:00:00+00:00", "goal", "M4", "changed", "data/goals.toml", "prøve"
    )  # fmt: skip
    assert (line.before, line.after, line.sha256) == ({"order": ("10",)}, {"order": ("11",)}, entry(city, "goal", "M4").sha256)


def test_half_a_line_of_a_killed_process_spoils_no_other(city: Workspace) -> None:
    path = city.folder / "forms.jsonl"
    write(city, changing(city, "goal", "M4", order="11"))
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    write(city, changing(city, "goal", "M4", order="12"))
    assert path.read_bytes().startswith(whole)
    assert [line.after for line in history.read(path)] == [{"order": ("11",)}, {"order": ("12",)}]


def test_the_lists_of_a_workspace_are_read_with_a_broken_file(city: Workspace, tmp_path: Path) -> None:
    (city.data / "goals.toml").write_text("[[goal]\n", "utf-8")
    listed = listing.read(city)
    assert ("goal" in listed.faulty, "goal" in listed.entries, len(listed.entries["source"]) > 20) == (True, False, True)
    assert {choice.of for choice in listed.choices["areas"]} >= {"bydel", "hotspot"}
    assert not any(tmp_path.glob("*.json"))
