"""Stored pages from the command line: `omraadekort pages`."""

from __future__ import annotations

import typer

from omraadekort.commands import terminal
from omraadekort.commands.arguments import Where, at, settings


def pages(ctx: typer.Context, workspace: Where = None) -> None:
    """Store the public pages of the current edition, so that the server only hands them out.

    `serve` does it by itself in the background; behind another server run it after each build and each update of the program.
    """
    place = at(ctx, workspace)
    from omraadekort import storing

    with terminal.bar() as progress:
        made = storing.make(settings(place), progress=progress)
    for address in made.failed:
        typer.echo(f"not stored, it answers {address}", err=True)
    typer.echo(f"Stored {made.pages} pages and files of the current edition, {made.bytes / 1e6:.0f} MB.")
