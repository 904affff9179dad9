"""All attacks one after another, and a table of what came of them: `make chaos`. Exit code 1 when anything went wrong."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Annotated, Final

import typer

from bench.chaos.outcome import Outcome, table

ATTACKS: Final[tuple[tuple[str, int], ...]] = (
    *(("kills", 1000), ("flips", 1000), ("power", 1000)),
    ("doors", 60),
    *(("starts", 51), ("crowds", 3), ("lockouts", 2000)),
)
"""Modules of this folder, and how often each attack is tried when the factor is 1: about half an hour for all on two cores."""


def main(
    factor: Annotated[float, typer.Option(min=0.001, help="1 tries each attack as often as it says; 0.1 a tenth as often.")] = 1.0,
    only: Annotated[list[str] | None, typer.Option(help="Only the attack of this module; may be given more than once.")] = None,
) -> None:
    """Run the attacks and print how often each was tried and how often it went wrong."""
    known = dict(ATTACKS)
    if unknown := sorted(set(only or ()) - set(known)):
        raise typer.BadParameter(f"no such attack: {', '.join(unknown)}; there are {', '.join(known) or 'none'}")
    outcomes = []
    for name, trials in known.items():
        if not only or name in only:
            started = time.monotonic()
            outcomes.append(attacked(name, max(1, round(trials * factor))))
            typer.echo(f"{name}: {time.monotonic() - started:.0f} s", err=True)
    typer.echo(table(outcomes))
    if any(outcome.failures for outcome in outcomes):
        raise typer.Exit(1)


def attacked(name: str, trials: int) -> Outcome:
    """Run the attack of a module. An attack that ends with an error of its own has failed, and the others are tried all the same."""
    try:
        outcome: Outcome = import_module(f"bench.chaos.{name}").run(trials)
    except Exception as error:  # whatever it is, it belongs in the table
        return Outcome(name, trials, (f"the attack itself ended: {type(error).__name__}: {error}",))
    return outcome


if __name__ == "__main__":
    typer.run(main)
