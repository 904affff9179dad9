"""How far something is, in lines for a log: steps as they begin, and of their parts how long the rest takes."""

from __future__ import annotations

import pytest

from geo.building.steps import FinishedStep, StepTimer
from omraadekort.commands import terminal
from omraadekort.commands.terminal import Pace

MEGABYTE = 1_000_000


def test_the_time_left_follows_from_the_pace_since_it_was_first_told_of() -> None:
    now = [100.0]
    pace = Pace(lambda: now[0])
    assert pace.left("protection: blocks", 10, 100) is None
    now[0] = 104.0
    assert pace.left("protection: blocks", 10, 100) is None
    assert pace.left("protection: blocks", 30, 100) == pytest.approx(14.0)
    assert pace.left("registers: rows", 30, 100) is None
    now[0] = 108.0
    assert pace.left("protection: blocks", 110, 100) == 0.0


def test_lines_for_a_log(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_SELDOM", -1.0)
    with terminal.bar() as progress:
        progress("registers", 3, 8)
        progress("registers: rows", 1_000, 4_000)
        progress("registers: rows", 2_000, 4_000)
        progress("done", 8, 8)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "4/8 registers"
    assert lines[1] == "registers: rows, 1,000 of 4,000"
    assert lines[2].startswith("registers: rows, 2,000 of 4,000, about 0 s left")
    assert len(lines) == 3


def test_a_step_says_what_was_kept_and_what_it_took() -> None:
    told, taken = [], []
    course = StepTimer(("count", "join", "write"), lambda *said: told.append(said), taken.append)
    course.begin("count")
    course.note("register as before", kept=True)
    course.part("rows", 5, 10)
    course.begin("join")
    course.begin("write")
    course.note("cover as before", kept=True)
    course.note("figures written")
    course.end()
    course.end()
    assert told == [("count", 0, 3), ("count: rows", 5, 10), ("join", 1, 3), ("write", 2, 3)]
    assert [(step.name, step.done, step.why) for step in taken] == [
        ("count", "kept", "register as before"),
        ("join", "anew", "done in every build"),
        ("write", "partly kept", "cover as before; figures written"),
    ]
    assert all(step.seconds >= 0 and step.peak > 10 * MEGABYTE for step in taken)


def test_the_table_of_steps(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.steps(
        [FinishedStep("count", "kept", "as before", 0.25, 300 * MEGABYTE), FinishedStep("write", "anew", "always", 1.0, 310 * MEGABYTE)]
    )
    assert capsys.readouterr().out.splitlines() == [
        "step | done | why | seconds | peak memory, MB",
        "count | kept | as before | 0.25 | 300",
        "write | anew | always | 1.00 | 310",
        "all |  |  | 1.25 | 310",
    ]
