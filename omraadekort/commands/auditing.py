"""The command `omraadekort audit`: an edition attacked as it lies on disk and as it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from omraadekort.commands import terminal
from omraadekort.commands.arguments import Where, at
from omraadekort.exitcodes import ExitCode

if TYPE_CHECKING:
    from omraadekort.exposure.stranger import AudienceReading


def audit(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    edition: Annotated[str, typer.Argument(help="Id of the edition, or: current.")] = "current",
    workspace: Where = None,
    audience: Annotated[Audience, typer.Option(help="As who attacks it.")] = Audience.PUBLIC,
    served: Annotated[bool, typer.Option("--served/--files", help="Ask the pages and payloads too, or read the files alone.")] = True,
    every: Annotated[bool, typer.Option("--all", help="Ask every address, not some of each kind: hours in a large city.")] = False,
) -> None:
    """Attack an edition: find every number that should not be there, and all that can be worked out from those that are.

    For the person who answers for data protection, on the machine that holds the registers: what can be narrowed is printed with its
    interval. Exit code 1 if anything is found; 5 if nothing is, but this machine keeps no proofs of the edition, so that its figures
    could not be attacked.

    [bold]Example:[/bold] omraadekort audit 4a286e4478654020 --audience staff
    """
    place = at(ctx, workspace)
    from geo import audit as attacks
    from geo.editions import edition as made
    from geo.editions import manifests

    read = made.as_it_lies(place.editions, made.current(place.editions) if edition == "current" else edition, audience)
    whole = manifests.damage(read.folder) is None  # of a damaged edition nothing is served
    reading = _served(place, read.id, audience, every=every) if served and whole else None
    report = attacks.attack(place, read.id, audience, elsewhere=reading.seen if reading else ())
    more = [finding for finding in reading.findings if finding not in report.findings] if reading else []
    terminal.audit(report, more)
    if reading is not None:
        terminal.reading(len(reading.documents), reading.left_out, len(reading.table))
    if report.findings or more:
        raise typer.Exit(ExitCode.PROBLEMS)
    if report.attacked is None:
        raise typer.Exit(ExitCode.NOT_ALL_ATTACKED)


def _served(place: Workspace, edition: str, audience: Audience, *, every: bool) -> AudienceReading:
    """What the service shows of an edition, read with a line of progress."""
    from omraadekort.exposure.stranger import read_as_stranger
    from webmap.settings import Settings

    with terminal.countdown() as progress:
        return read_as_stranger(Settings(workspace=place.folder), edition, audience, every=every, progress=progress)
