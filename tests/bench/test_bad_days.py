"""The short form of the attacks of `make chaos` on real servers and real commands, and that each of them notices what it looks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.chaos.files import commands, copies, disks, pairs
from bench.chaos.files.commands import COMMANDS, Command, Ended
from bench.chaos.files.pairs import Left
from bench.chaos.servers import clocks, provider, withdrawn
from bench.chaos.servers.asking import Visitor
from bench.chaos.servers.withdrawn import WITHDRAWALS, Withdrawal
from tests.readers import provider as provider_process
from tests.readers.served import Started, served, town

pytestmark = pytest.mark.slow


# --- two commands at once ------------------------------------------------------------------------------------------------


def test_two_commands_at_once_leave_what_one_order_or_the_other_leaves() -> None:
    named = {command.name: command for command in COMMANDS}
    chosen = [("import observations", "import boundaries"), ("users roles", "users roles")]
    assert [*pairs.tried([(named[first], named[second]) for first, second in chosen])] == []


def test_what_no_order_leaves_is_told() -> None:
    left = Left((0, 0), {"edition": "b", "log": (5, [])})
    assert "exit codes (0, 0), in order (0, 1)" in pairs.difference(left, Left((0, 1), left.state))
    assert pairs.difference(left, Left((0, 0), {**left.state, "edition": "a"})) == "edition b, in order a"
    assert "a traceback: KeyError: 1" in Ended(1, "Traceback (most recent call last):\n  x\nKeyError: 1\n").wrong
    assert Ended(2, "usage").wrong
    assert not Ended(3, "cannot be written").wrong


# --- disks -----------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not disks.mounting(), reason="no file system can be mounted here")
def test_a_read_only_and_a_full_disk_are_told_and_leave_no_half_of_anything() -> None:
    chosen = (
        "import observations, full",
        "reviews upgrade, read-only",
        "build, full",
        "check, read-only",
        "serve, read-only",
        "serve, full",
    )
    assert disks.tried(len(chosen), only=chosen) == ()


@pytest.mark.skipif(not disks.mounting(), reason="no file system can be mounted here")
def test_a_disk_of_the_attack_refuses() -> None:
    code = """
import errno, pathlib, tempfile
from bench.chaos.files import disks
def refusal(path):
    try:
        path.write_bytes(bytes(20 * disks.BLOCK))
    except OSError as error:
        return error.errno
with tempfile.TemporaryDirectory() as place, disks.disk(pathlib.Path(place, "disk")) as folder:
    with disks.locked(folder):
        assert refusal(folder / "a") == errno.EROFS
    with disks.filled(folder, 3):
        assert refusal(folder / "b") == errno.ENOSPC
    assert refusal(folder / "c") is None
"""
    assert disks.apart(code) == ""


# --- copies ----------------------------------------------------------------------------------------------------------------


def test_a_copy_taken_while_in_use_holds_what_was_acknowledged_or_tells() -> None:
    assert copies.taken(1) == []


# --- the clock -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not clocks.possible(), reason="needs Linux and gcc")
def test_a_clock_that_is_set_back_lets_nobody_stay_and_shuts_nobody_out() -> None:
    assert clocks.under_a_server(3, jumps=(20 * 60, 3 * 3600, 86_400)) == ()


@pytest.mark.skipif(not clocks.possible(), reason="needs Linux and gcc")
def test_a_clock_that_is_set_back_changes_nothing_that_commands_do(tmp_path: Path) -> None:
    assert clocks.under_commands(1, only=("import observations", "log rotate", "build anew", "log verify")) == ()
    clock = clocks.MovedClock(tmp_path / "clock")
    clock.set(-3650 * 86_400)
    place = commands.run(tmp_path, Command("init", ("init",)), workspace=tmp_path / "ws", **clock.environment)
    assert place.code == 0
    assert clock.now() < 1.6e9


# --- who may come in -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town(tmp_path_factory.mktemp("bad-days")).folder


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Started]:
    with served(place) as started:
        yield started


@pytest.mark.parametrize("withdrawal", WITHDRAWALS, ids=lambda withdrawal: withdrawal.name)
def test_a_session_that_was_taken_opens_nothing_once_the_right_is_withdrawn(place: Path, server: Started, withdrawal: Withdrawal) -> None:
    name = withdrawal.name.replace(" ", "-")
    assert [*withdrawn.tried(place, server.port, withdrawal, "ssp", name)] == []


def test_a_session_that_still_opens_something_is_told(place: Path, server: Started) -> None:
    said = [*withdrawn.tried(place, server.port, Withdrawal("nothing", lambda _folder, _taken: None), "staff", "nobody-ended-it")]
    assert any("the thief is answered [200]" in line for line in said)
    assert any("the thief is signed in" in line for line in said)


def test_a_provider_that_lies_lets_nobody_in(place: Path) -> None:
    def honest(port: int, _issuer: str) -> Iterator[Visitor]:
        visitor = Visitor(port, address="10.9.9.9")
        visitor.get(provider.answer(visitor, "sven"))
        yield visitor

    with provider_process.running() as issuer, served(place, **provider.surroundings(issuer)) as started:
        for name, attack in provider.ATTACKS:
            if name not in provider.BEFORE:
                assert [*provider.tried(started.port, issuer, attack)] == [], name
        assert [*provider.tried(started.port, issuer, honest)] == ["somebody is signed in"]
