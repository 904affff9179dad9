"""All attacks, and a table of what came of them: `make chaos`. Exit code 1 when anything went wrong."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer

from bench.chaos.outcome import Outcome, table


@dataclass(frozen=True)
class Attack:
    """A module of this folder, and how often it is tried when the factor is 1. alone: it measures time, so nothing else may run."""

    module: str
    trials: int
    alone: bool = False

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.module.rpartition(".")[2]


ATTACKS: Final = (
    *(Attack("files.kills", 1000), Attack("files.flips", 1000), Attack("files.pairs", 78), Attack("files.disks", 44)),
    *(Attack("servers.clocks", 48), Attack("files.copies", 20), Attack("servers.provider", 72), Attack("servers.withdrawn", 56)),
    Attack("files.drafted", 200),
    *(Attack("files.doors", 60), Attack("files.power", 1000), Attack("servers.lockouts", 2000)),
    *(Attack("servers.starts", 51, alone=True), Attack("servers.crowds", 3, alone=True)),
)
"""About half an hour for all on two cores at rest. The longest come first, so that two at a time end together."""


def main(
    factor: Annotated[float, typer.Option(min=0.001, help="1 tries each attack as often as it says; 0.1 a tenth as often.")] = 1.0,
    only: Annotated[list[str] | None, typer.Option(help="Only the attack of this module; may be given more than once.")] = None,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="How many run at the same time, of those that measure no time.")] = 2,
) -> None:
    """Run the attacks and print how often each was tried and how often it went wrong."""
    known = [attack.name for attack in ATTACKS]
    if unknown := sorted(set(only or ()) - set(known)):
        raise typer.BadParameter(f"no such attack: {', '.join(unknown)}; there are {', '.join(known) or 'none'}")
    chosen = [replace(attack, trials=max(1, round(attack.trials * factor))) for attack in ATTACKS if not only or attack.name in only]
    outcomes = _together([attack for attack in chosen if not attack.alone], at_once) if at_once > 1 else {}
    outcomes |= {attack: attacked(attack) for attack in chosen if attack not in outcomes}
    typer.echo(table([outcomes[attack] for attack in chosen]))
    if any(outcome.failures for outcome in outcomes.values()):
        raise typer.Exit(1)


def attacked(attack: Attack) -> Outcome:
    """Run an attack. One that ends with an error of its own has failed, and the others are tried all the same."""
    started = time.monotonic()
    try:
        outcome: Outcome = import_module(f"bench.chaos.{attack.module}").run(attack.trials)
    except Exception as error:  # whatever it is, it belongs in the table
        outcome = Outcome(attack.name, attack.trials, (f"the attack itself ended: {type(error).__name__}: {error}",))
    outcome = replace(outcome, seconds=time.monotonic() - started)
    typer.echo(f"{attack.name}: {outcome.seconds:.0f} s, {len(outcome.failures)} failures", err=True)
    return outcome


def _together(attacks: Iterable[Attack], at_once: int) -> dict[Attack, Outcome]:
    """Run attacks in processes of their own, so many at a time: a core each, and what one changes in its process reaches no other."""
    listed = list(attacks)
    with ThreadPoolExecutor(at_once) as pool:
        return dict(zip(listed, pool.map(_apart, listed), strict=True))


def _apart(attack: Attack) -> Outcome:
    with tempfile.TemporaryDirectory() as place:
        written = Path(place, "outcome")
        code = "import sys; from bench.chaos import __main__ as chaos; chaos.tell(*sys.argv[1:])"
        command = [sys.executable, "-c", code, attack.module, str(attack.trials), str(written)]
        ended = subprocess.run(command, env={**os.environ}, check=False).returncode  # noqa: S603  our own words
        if not written.exists():
            return Outcome(attack.name, attack.trials, (f"the attack's process ended with {ended}",))
        outcome: Outcome = pickle.loads(written.read_bytes())  # noqa: S301  our own child
        return outcome


def tell(module: str, trials: str, written: str) -> None:
    """Run an attack and write its outcome in a file: what the process of one attack does."""
    Path(written).write_bytes(pickle.dumps(attacked(Attack(module, int(trials)))))


if __name__ == "__main__":
    typer.run(main)
