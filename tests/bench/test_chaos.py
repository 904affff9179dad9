"""The frame of `make chaos`: what the table says, and that an attack which breaks down is a failure and not the end."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
import typer

from bench.chaos import __main__ as chaos
from bench.chaos.outcome import SHOWN, Outcome, table


def attack(monkeypatch: pytest.MonkeyPatch, name: str, run: object) -> None:
    module = ModuleType(f"bench.chaos.{name}")
    monkeypatch.setattr(module, "run", run, raising=False)
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_the_table_counts_all_failures_and_shows_the_first() -> None:
    lines = table([Outcome("kills", 1000), Outcome("flips", 9, tuple(f"flip {n}" for n in range(8)))]).splitlines()
    assert lines[:4] == ["| attack | trials | failures |", "|---|---:|---:|", "| kills | 1,000 | 0 |", "| flips | 9 | 8 |"]
    assert len(lines) == 4 + SHOWN + 1
    assert lines[-1] == "- flips: and 3 more"


def test_every_attack_is_tried_and_one_failure_is_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(_trials: int) -> Outcome:
        raise OSError("no room")

    attack(monkeypatch, "broken", breaks)
    attack(monkeypatch, "good", lambda trials: Outcome("good", trials))
    monkeypatch.setattr(chaos, "ATTACKS", (("broken", 10), ("good", 40)))
    with pytest.raises(typer.Exit) as ended:
        chaos.main(factor=0.5)
    assert ended.value.exit_code == 1
    said = capsys.readouterr().out
    assert "| broken | 5 | 1 |" in said
    assert "| good | 20 | 0 |" in said
    assert "no room" in said
    chaos.main(only=["good"])
    with pytest.raises(typer.BadParameter):
        chaos.main(only=["unknown"])


def test_every_attack_of_the_list_is_a_module_with_a_run() -> None:
    for name, trials in chaos.ATTACKS:
        assert trials > 0
        assert callable(__import__(f"bench.chaos.{name}", fromlist=["run"]).run)
