"""`omraadekort build`: an edition when something changed, and what was done for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.building import fingerprint
from geo.files.workspace import Workspace
from omraadekort.commands import terminal
from omraadekort.commands.arguments import Where, at

if TYPE_CHECKING:
    from geo.building.steps import FinishedStep
    from geo.model.results import Manifest


def build(  # noqa: PLR0913, PLR0917 - a switch for each thing that somebody may want of it
    ctx: typer.Context,
    workspace: Where = None,
    anew: Annotated[bool, typer.Option("--anew", help="Do everything again, though nothing changed and whatever is kept.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say of each step what was done or kept, why, and what it cost.")] = False,
    scheduler: Annotated[
        str,
        typer.Option(
            help="Count and protect registers on the workers of this Dask scheduler, for example tcp://10.0.0.5:8786 (docs/scale.md)."
        ),
    ] = "",
    if_changed: Annotated[bool, typer.Option("--if-changed", hidden=True, help="What `build` does anyway.")] = False,  # noqa: ARG001
) -> None:
    """Build an edition from the files, and make it the one that is shown; when nothing changed, say so.

    The same files give the same edition, byte for byte. If anything is wrong nothing is published, and the edition before stays.
    Whether something changed is seen from the bytes of all files, of the program and of the edition; of a file above 50 MB from its
    size and times.
    """
    place = at(ctx, workspace)
    program, last = fingerprint.program(), fingerprint.read(place)
    inputs = fingerprint.inputs(place, None if anew else last)
    why = "asked to do everything again" if anew else fingerprint.difference(place, last, program=program, inputs=inputs)
    if not why and last is not None:
        typer.echo(f"Nothing changed since the last build; edition {last.edition} is current.")
        if explain:
            terminal.steps((), nothing="inputs, program and edition are as the last build left them")
        return
    if explain:
        typer.echo(f"Built because {why}.")
    taken, manifest = _build(place, anew=anew, scheduler=scheduler)
    hashes = {file.path: file.sha256 for file in manifest.inputs if file.path in inputs}
    if all(inputs[path].sha256 == sha256 for path, sha256 in hashes.items()):  # else a file was changed meanwhile
        fingerprint.remember(place, manifest.id, program=program, inputs=inputs)
    for line in _left_out(place, manifest):
        typer.echo(line, err=True)
    if explain:
        terminal.steps(taken)
    typer.echo(f"Edition {manifest.id} is current: {len(manifest.inputs)} files in, newest of {manifest.as_of}.")


def _left_out(place: Workspace, manifest: Manifest) -> Iterator[str]:
    """Lines for the owner of the registers: rows that no figure counts, by reason. They are not published."""
    from geo.editions import proofs
    from geo.incoming import leftrows

    rows = {Path(file.path).stem: file.rows for file in manifest.inputs if file.kind == "register"}
    for register, leftovers in proofs.read_leftovers(place.internal, manifest.id).items():
        yield from (f"{register}: {line}" for line in leftrows.lines(leftovers, rows.get(register, 0)))


def _build(place: Workspace, *, anew: bool, scheduler: str) -> tuple[list[FinishedStep], Manifest]:
    """Build, and tell of steps as they end."""
    from geo import pipeline
    from geo.building import distributed
    from geo.registers import register

    count = partial(distributed.count, scheduler=scheduler) if scheduler else register.count
    each = partial(distributed.each, scheduler=scheduler) if scheduler else None
    taken: list[FinishedStep] = []

    def ended(step: FinishedStep) -> None:
        taken.append(step)
        terminal.ended(step)

    with terminal.bar() as progress:
        manifest = pipeline.build(place, progress=progress, ended=ended, count=count, each=each, anew=anew)
    return taken, manifest
