"""The frame of `make chaos`: what the table says, and that an attack which breaks down is a failure and not the end."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import pytest
import typer

from bench.chaos import __main__ as chaos
from bench.chaos.__main__ import Attack
from bench.chaos.outcome import SHOWN, Outcome, table


def attack(monkeypatch: pytest.MonkeyPatch, name: str, run: object) -> None:
    module = ModuleType(f"bench.chaos.{name}")
    monkeypatch.setattr(module, "run", run, raising=False)
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_the_table_counts_all_failures_and_shows_the_first() -> None:
    lines = table([Outcome("kills", 1000, seconds=1234.4), Outcome("flips", 9, tuple(f"flip {n}" for n in range(8)))]).splitlines()
    assert lines[:2] == ["| attack | trials | failures | seconds |", "|---|---:|---:|---:|"]
    assert lines[2:4] == ["| kills | 1,000 | 0 | 1,234 |", "| flips | 9 | 8 | 0 |"]
    assert len(lines) == 4 + SHOWN + 1
    assert lines[-1] == "- flips: and 3 more"


def test_every_attack_is_tried_and_one_failure_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_trials: int) -> Outcome:
        raise OSError("no room")

    attack(monkeypatch, "broken", breaks)
    attack(monkeypatch, "good", lambda trials: Outcome("good", trials))
    monkeypatch.setattr(chaos, "ATTACKS", (Attack("broken", 10), Attack("good", 40, alone=True)))
    with pytest.raises(typer.Exit) as ended:
        chaos.main(factor=0.5, at_once=1)
    assert ended.value.exit_code == 1
    said = capsys.readouterr().out
    assert "| broken | 5 | 1 |" in said
    assert "| good | 20 | 0 |" in said
    assert "no room" in said
    chaos.main(only=["good"], at_once=1)
    with pytest.raises(typer.BadParameter):
        chaos.main(only=["unknown"], at_once=1)


def test_every_attack_of_the_list_is_a_module_with_a_run() -> None:
    for attack in chaos.ATTACKS:
        assert attack.trials > 0
        assert callable(import_module(f"bench.chaos.{attack.module}").run)
    assert len({attack.name for attack in chaos.ATTACKS}) == len(chaos.ATTACKS)


def test_two_attacks_at_once_run_in_processes_of_their_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(chaos, "ATTACKS", (Attack("servers.lockouts", 5), Attack("no.such.module", 7)))
    with pytest.raises(typer.Exit):
        chaos.main(factor=1, only=None, at_once=2)
    said = capsys.readouterr().out
    assert "| wrong passwords beside right ones | 5 | 0 |" in said
    assert "| module | 7 | 1 |" in said
    assert "ModuleNotFoundError" in said
