"""Power cuts, replayed: every state that a recorded program could leave on a disk that forgets what was not synced."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.chaos.files import power
from bench.chaos.files.replay import recording, states
from bench.chaos.files.replay.recording import Recording

pytestmark = pytest.mark.skipif(not recording.possible(), reason="needs Linux and gcc")

CARELESS = "from geo.files import durable\ndurable.sync = durable.sync_tree = lambda path: None"


@pytest.mark.slow
@pytest.mark.parametrize("scenario", power.SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_state_is_as_before_or_as_after_and_what_was_done_is_there(scenario: power.Scenario) -> None:
    read, failures = power.tried(scenario)
    assert read > 10
    assert failures == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["import", "init", "publish", "pages"])
def test_a_program_that_does_not_sync_is_caught(name: str) -> None:
    scenario = next(scenario for scenario in power.SCENARIOS if scenario.name == name)
    assert power.tried(scenario, before=CARELESS)[1]


# --- the states, worked out by hand -------------------------------------------------------------------------------------


def trees(*events: str) -> list[dict[str, bytes | str | None]]:
    """The states after these events, in a folder 1 that holds the file `old` (2, synced: b"old") and the empty folder `in` (3).

    In order: all names with missing bytes and with zeros, synced names with missing bytes and with zeros.
    """
    parsed = tuple(tuple(event.split()) for event in events)
    recorded = Recording(1, {1: {"old": 2, "in": 3}, 3: {}}, {2: b"old"}, {}, parsed, {"kept": b"new"})
    return [dict(state.tree) for state in states.states_at(recorded, len(parsed))]


BEFORE = {"old": b"old", "in": None}


def test_a_file_that_was_not_synced_has_its_name_and_no_bytes_or_zeros() -> None:
    assert trees("C 1 fresh 4", "W 4 3") == [{**BEFORE, "fresh": b""}, {**BEFORE, "fresh": bytes(3)}, BEFORE, BEFORE]
    synced = {"old": b"new", "in": None}
    assert trees("C 1 fresh 4", "W 4 3", "S 4 kept", "R 1 fresh 1 old") == [synced, synced, BEFORE, BEFORE]
    assert trees("C 1 fresh 4", "W 4 3", "S 4 kept", "R 1 fresh 1 old", "D 1") == [synced] * 4


def test_a_name_that_moves_comes_and_goes_with_the_folder_that_was_synced() -> None:
    moved = {"in": None, "in/moved": b"old"}
    assert trees("R 1 old 3 moved", "D 3") == [moved, moved, {**BEFORE, **moved}, {**BEFORE, **moved}]
    assert trees("R 1 old 3 moved", "D 1")[2:] == [{"in": None}] * 2
    assert trees("R 1 old 3 moved", "D 3", "D 1") == [moved] * 4


def test_a_file_that_is_cut_and_written_again_loses_what_it_had() -> None:
    assert trees("T 2", "W 2 3") == [{**BEFORE, "old": b""}, {**BEFORE, "old": bytes(3)}] * 2


def test_the_number_of_a_removed_file_may_be_that_of_a_new_one() -> None:
    assert trees("U 1 old", "C 1 fresh 2", "W 2 3", "S 2 kept", "D 1") == [{"in": None, "fresh": b"new"}] * 4


def test_what_is_recorded_is_what_was_asked(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"before")
    code = "import pathlib, sys; f = pathlib.Path(sys.argv[1]); (f / 'b').write_bytes(b'xy'); (f / 'b').replace(f / 'a')"
    recorded = recording.record(tmp_path, code, str(tmp_path))
    assert [event[0] for event in recorded.events] == ["C", "W", "R"]
    assert (tmp_path / "a").read_bytes() == b"xy"
    unsynced = [dict(state.tree) for state in states.states(recorded)]
    assert {"a": b""} in unsynced
    assert {"a": bytes(2)} in unsynced
