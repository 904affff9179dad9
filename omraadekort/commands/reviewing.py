"""Commands for the review room's database: `omraadekort reviews ...`."""

from __future__ import annotations

from pathlib import Path

import typer

from geo.errors import GeoError, Problem
from omraadekort.commands import terminal
from omraadekort.commands.arguments import Where, at, settings

reviews = typer.Typer(no_args_is_help=True, help="The database of the review room.")


@reviews.command()
def upgrade(ctx: typer.Context, workspace: Where = None) -> None:
    """Make the database, or bring it up to date; `omraadekort serve` does so too. Nothing that is written is lost."""
    from webmap.reviews.store import database

    typer.echo(f"The database of the reviews is at revision {database.upgrade(_address(ctx, workspace))}.")


@reviews.command()
def verify(ctx: typer.Context, workspace: Where = None) -> None:
    """Compute the digest of every signed round and approved status form anew and compare it with the one that was signed."""
    from webmap.reviews.store import database, signing

    with database.in_words(), database.reading(_address(ctx, workspace)) as session:
        signed = signing.signed(session)
        wrong = [listed.period for listed in signed if signing.digest(listed) != listed.digest]
    if wrong:
        raise GeoError([Problem(period, "the round is not what was signed") for period in wrong])
    typer.echo(f"Signed rounds and forms: {len(signed)}, all as they were signed.")


@reviews.command()
def release(ctx: typer.Context, workspace: Where = None) -> None:
    """Write what the rooms have released into the workspace, so that the next edition holds it; the rooms do so too when they release."""
    from webmap.reviews.store import database, releasing

    folder = at(ctx, workspace).folder
    with database.in_words():
        count = releasing.place(_address(ctx, workspace), folder)
    if count is None:
        raise GeoError(Problem("data", "the workspace has no catalogue", expected="omraadekort init"))
    typer.echo(f"Released reviews and approved forms: {count}. They are public with the next edition: omraadekort build.")


def open_room(address: str) -> None:
    """Bring the database up to date before serving. Where it is damaged or away that is told, and all but the room is served."""
    from webmap.reviews.store import database

    try:
        database.upgrade(address)
    except database.ReviewsError as error:
        terminal.tell(error.problems)
        typer.echo("The review room stays closed; all other pages are served.", err=True)


def _address(ctx: typer.Context, workspace: Path | None) -> str:
    """Address of the database of the workspace at hand."""
    return settings(at(ctx, workspace)).reviews_address
