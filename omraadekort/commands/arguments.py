"""What the commands of the command line share: the workspace they work in, and the options that several of them take."""

from __future__ import annotations

import datetime as dt
import os
import pwd
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from geo.files import limits, transaction
from geo.files import workspace as workspaces
from geo.files.workspace import Workspace

if TYPE_CHECKING:
    from webmap.settings import Settings

ENVIRONMENT: Final = "OMRAADEKORT_WORKSPACE"

WhereBefore = Annotated[
    Path | None,
    typer.Option(
        "--workspace", "-w", help="The workspace folder (default: var).", envvar=ENVIRONMENT, show_envvar=True, show_default=False
    ),
]
"""The workspace before the command. It alone reads the environment: else that would win over what somebody wrote before the command."""

Where = Annotated[
    Path | None,
    typer.Option(
        "--workspace", "-w", help=f"The workspace folder (default: {ENVIRONMENT} in the environment, else var).", show_default=False
    ),
]
"""The workspace after the command."""
Files = Annotated[list[Path], typer.Argument(help="One file or more.", exists=True, dir_okay=False, readable=True, metavar="FILE ...")]

Layers = Annotated[
    list[Path], typer.Argument(help="One file or more; a .gdb is a folder.", exists=True, dir_okay=True, readable=True, metavar="FILE ...")
]

Retrieved = Annotated[
    dt.datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day the files were fetched (default: the day they were last written)."
    ),
]


def login() -> str:
    """The login of whoever runs the command, as the system knows it: no variable of the environment makes somebody else of them."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container without a name for its user
        return str(os.getuid())


def at(ctx: typer.Context, workspace: Path | None) -> Workspace:
    """The workspace named after the command, or before it, or in the environment, or ./var. Raises WorkspaceError.

    What a killed command left in it is finished first, and said; its limits of files hold from now on.
    """
    folder = workspace or ctx.find_root().obj
    left = transaction.finish(folder)
    if left.placed:
        typer.echo(f"A command that was stopped here had decided to place {len(left.placed)} files; that is now finished.", err=True)
    elif left.swept:
        typer.echo("A command was stopped here before it changed anything; what it left is removed.", err=True)
    place = workspaces.at(folder)
    limits.choose(limits.read(place.folder / workspaces.MARK))
    return place


def settings(place: Workspace) -> Settings:
    """Settings of the web application in a workspace, whichever one the environment names. Raises GeoError for those it cannot read."""
    from webmap.settings import read

    return read({**os.environ, ENVIRONMENT: str(place.folder.resolve())})
