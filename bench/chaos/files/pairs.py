"""Two of every command at once: what lies there afterwards is what one order or the other leaves, `check` and `build` work, all is told."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any, Final

from bench.chaos.files import commands
from bench.chaos.files.commands import COMMANDS, Command, Ended
from bench.chaos.outcome import Outcome

_BUILD: Final = Command("build", ("build",))
_CHECK: Final = Command("check", ("check",))


@dataclass(frozen=True)
class Left:
    """What two commands left: how they ended, and the state after `check` and `build`."""

    codes: tuple[int, int]
    state: dict[str, Any]


def run(trials: int) -> Outcome:
    """Start so many pairs: each once before any comes again."""
    pairs = list(combinations_with_replacement(COMMANDS, 2))
    random.Random(11).shuffle(pairs)  # noqa: S311  so that a short form takes others than the first alone
    chosen = [pairs[number % len(pairs)] for number in range(trials)]
    return Outcome("two commands at once", trials, tuple(tried(chosen)))


def tried(pairs: Sequence[tuple[Command, Command]]) -> Iterator[str]:
    """Start each pair at once, and give what was wrong."""
    with tempfile.TemporaryDirectory() as place:
        template = Path(place, "template")
        template.mkdir()
        commands.prepare(template)
        for first, second in pairs:
            for wrong in _together(template, first, second):
                yield f"{first.name} and {second.name}: {wrong}"


def _together(template: Path, first: Command, second: Command) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        folder = _copy(template, Path(place, "at-once"))
        started = [commands.start(folder, command) for command in (first, second)]
        ended = [commands.ended(process) for process in started]
        left, wrong = _settled(folder, *ended)
        differs: list[str] = []
        for number, order in enumerate(((first, second), (second, first))):
            expected = _one_order(_copy(template, Path(place, f"order-{number}")), order, swapped=bool(number))
            if left == expected:
                return wrong
            differs.append(difference(left, expected))
    return [*wrong, f"as neither order leaves it: {' / '.join(differs)}"]


def _one_order(folder: Path, order: tuple[Command, Command], *, swapped: bool) -> Left:
    """What the two leave one after the other. swapped: whether the second one was named first."""
    ended = [commands.run(folder, command) for command in order]
    return _settled(folder, *(reversed(ended) if swapped else ended))[0]


def _settled(folder: Path, first: Ended, second: Ended) -> tuple[Left, list[str]]:
    """Check and build; what lies there then, and what was wrong on the way."""
    after = [commands.run(folder, command) for command in (_CHECK, _BUILD)]
    wrong = [ended.wrong for ended in (first, second, *after) if ended.wrong]
    wrong += [f"{name} afterwards: {ended.said[-200:]}" for name, ended in zip(("check", "build"), after, strict=True) if ended.code]
    wrong += [f"stored pages: {said}" for said in (commands.pages(folder / "ws"),) if said]
    return Left((first.code, second.code), commands.state(folder / "ws")), wrong


def difference(left: Left, expected: Left) -> str:
    """Say in what something is not as an order leaves it."""
    if left.codes != expected.codes:
        return f"exit codes {left.codes}, in order {expected.codes}"
    parts = [part for part in expected.state if left.state[part] != expected.state[part]]
    shown = [f"{part} {left.state[part]!s:.150}, in order {expected.state[part]!s:.150}" for part in parts if part != "inputs"]
    return "; ".join(shown or parts)


def _copy(template: Path, folder: Path) -> Path:
    shutil.copytree(template, folder, symlinks=True)
    return folder
