"""The short form of two attacks of `make chaos`: commands that are killed, and bits that are turned."""

from __future__ import annotations

import pytest

from bench.chaos.files import drafted, flips, killing, kills
from bench.chaos.files.flips import Kept
from bench.chaos.files.killing import Target

QUICK = [target for target in (*kills.TARGETS, *drafted.TARGETS) if not target.program]
"""Commands that a child of this process does; `build` and `pages` are programs of their own, and killed by the long form."""


@pytest.mark.slow
@pytest.mark.parametrize("target", QUICK, ids=lambda target: target.name)
def test_a_command_that_is_killed_leaves_everything_as_before_or_as_after(target: Target) -> None:
    assert killing.killed_often(target, 8) == []


@pytest.mark.slow
@pytest.mark.parametrize("kept", [kept for kept in flips.STORES if kept.name != "pages"], ids=lambda kept: kept.name)
def test_a_bit_that_is_turned_is_noticed_or_without_effect(kept: Kept) -> None:
    assert flips.flipped_often(kept, 12) == []


def test_what_is_read_otherwise_must_be_told() -> None:
    good = {"/": (200, b"79 %"), "/healthz": (200, b"ok")}
    assert flips.judged(good, good) == ""
    assert "nobody is told" in flips.judged(good, good | {"/": (200, b"12 %")})
    assert flips.judged(good, good | {"/": (200, b"81 %"), "/healthz": (200, b"the newest whole one is shown")}) == ""
    assert flips.judged(good, good | {"/": (503, b"damaged")}) == ""
    assert "500" in flips.judged(good, {"/": (500, b""), "/healthz": (503, b"")})
    assert flips.judged(good, {"refused": "no edition is whole"}) == ""
    assert flips.judged(good, {"traceback": "KeyError"}) == "KeyError"
