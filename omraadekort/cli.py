"""The command line: what the staff who run Områdekort make, check, build and serve a workspace with."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from geo.errors import EditionError, GeoError, Problem, WorkspaceError
from geo.files import workspace as workspaces
from geo.model.vocabulary import Audience
from geo.version import VERSION
from omraadekort import embedded
from omraadekort.commands import (
    accounts,
    auditing,
    building,
    cataloguing,
    drafting,
    following,
    intake,
    publishing,
    reviewing,
    serving,
    terminal,
)
from omraadekort.commands.arguments import Where, WhereBefore, at
from omraadekort.exitcodes import ExitCode

_OF_THE_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})
"""What a disk answers that is full, worn out, or not ours to write on."""


class _ErrorsAsAnswers(TyperGroup):
    """Turns every error that a user or an operator can mend into a list of problems and an exit code, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except WorkspaceError as error:
            terminal.tell(error.problems)
            raise typer.Exit(ExitCode.NO_WORKSPACE) from None
        except EditionError as error:
            terminal.tell(error.problems)
            raise typer.Exit(ExitCode.CANNOT_SERVE) from None
        except GeoError as error:
            terminal.tell(error.problems)
            raise typer.Exit(ExitCode.PROBLEMS) from None
        except OSError as error:
            if error.errno not in _OF_THE_DISK:
                raise
            where = Path(error.filename).name if isinstance(error.filename, str) else "the workspace"
            terminal.tell(
                [Problem(where, f"cannot be written ({os.strerror(error.errno)})", expected="a disk with room, and the right to write")]
            )
            raise typer.Exit(ExitCode.NO_WORKSPACE) from None


_EPILOG: Final = (
    "[bold]The first time[/bold]",
    "omraadekort init   : a workspace in ./var, filled with the embedded boundaries and figures",
    "omraadekort demo   : an invented register, so that every page has something to show",
    "omraadekort build  : files to an edition",
    "omraadekort serve  : the pages, at http://127.0.0.1:8000",
    " ",
    "[bold]Exit codes[/bold]",
    "0 done; 1 problems in the input, all of them listed; 2 wrong usage; 3 no workspace there, or it cannot be made or written;",
    "4 no edition to show, or the port is taken; 5 audit: nothing found, but not all could be attacked; 130 stopped with Ctrl-C",
)

app = typer.Typer(
    cls=_ErrorsAsAnswers,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Maps and verdicts for København's integration policy, from files to pages.",
    epilog="\n\n".join(_EPILOG),
)
app.command()(publishing.pages)
app.add_typer(intake.app, name="import")
app.add_typer(cataloguing.app, name="catalogue")
app.add_typer(drafting.app, name="drafts")
app.command()(auditing.audit)
app.add_typer(accounts.users, name="users")
app.add_typer(accounts.log, name="log")
app.add_typer(reviewing.reviews, name="reviews")
app.add_typer(following.follow, name="follow")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"omraadekort {VERSION}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")]


@app.callback()
def workspace_before(ctx: typer.Context, workspace: WhereBefore = None, version: Version = False) -> None:  # noqa: ARG001  typer answers for `version`
    """Keep the workspace that was named before the command, for the command."""
    ctx.obj = workspace or Path("var")


@app.command()
def init(ctx: typer.Context, workspace: Where = None) -> None:
    """Make a workspace: a folder with your own copy of the boundaries and figures.

    [bold]Example:[/bold] omraadekort init --workspace ~/omraader
    """
    made = workspaces.create(workspace or ctx.obj, default=embedded.folder())
    typer.echo(f"Made the workspace {made.folder}. Next: omraadekort demo, omraadekort build, omraadekort serve.")


@app.command()
def refresh(ctx: typer.Context, workspace: Where = None) -> None:
    """Take over embedded boundaries and figures that are newer than the workspace; files that you changed stay as they are."""
    done = workspaces.refresh(at(ctx, workspace), default=embedded.folder())
    for name in done.taken:
        typer.echo(f"now as embedded: {name}")
    for name in done.left:
        typer.echo(f"changed by you and in the program, yours stays: {name}")


@app.command()
def demo(
    ctx: typer.Context,
    workspace: Where = None,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Only if there is none.")] = False,
) -> None:
    """Make the demo register and the demo survey: 120,000 invented residents, marked Demodata everywhere."""
    place = at(ctx, workspace)
    if if_missing and any(place.registers.iterdir()):
        return
    from geo import demo as invented

    with terminal.bar() as progress:
        progress("inventing residents", 0, 1)
        invented.make(place)
        progress("invented", 1, 1)


@app.command()
def check(ctx: typer.Context, workspace: Where = None) -> None:
    """Validate every file of the workspace and list all problems at once; nothing is changed.

    At a terminal the problems come as a table, else as one line each: file, row, column, what is wrong, found, expected. A remark is no
    problem: it asks what only you can know, such as whether two indicators tell of the same people, and says how to answer.
    """
    place = at(ctx, workspace)
    from geo import check

    report = check.inspect(place)
    for line in (*report.good, *report.skipped):
        typer.echo(line)
    terminal.remarks(report.remarks)
    if report.problems:
        terminal.tell(report.problems)
        raise typer.Exit(ExitCode.PROBLEMS)
    typer.echo("No problems." if not report.remarks else f"No problems; questions to answer: {len(report.remarks)}.")


app.command()(building.build)
app.command()(drafting.rehearse)
app.command()(publishing.editions)
app.command()(publishing.publish)
app.command()(publishing.withdraw)
app.command()(publishing.freeze)


@app.command()
def trace(  # noqa: PLR0913, PLR0917 - a figure's three coordinates, and where to look
    ctx: typer.Context,
    area: Annotated[str, typer.Argument(help="Code or name of the area; bydel/1 says of which set.")],
    indicator: Annotated[str, typer.Argument(help="Id of the indicator, for example tryg_nabolag.")],
    period: Annotated[str, typer.Argument(help="Period, for example 2026 or 2014H1.")],
    workspace: Where = None,
    edition: Annotated[str, typer.Option(help="Id of the edition (default: the current one).")] = "",
    audience: Annotated[Audience, typer.Option(help="As who reads it.")] = Audience.PUBLIC,
    verify: Annotated[bool, typer.Option("--verify", help="Hash the files again and read the row again.")] = False,
) -> None:
    """Say where one figure came from: source, file, row, definition, boundaries, rule, edition, with the hashes that prove it.

    A register's figure ends at the count; a hidden one says by which rule. With --verify, exit code 1 if anything differs.

    [bold]Example:[/bold] omraadekort trace Valby tryg_nabolag 2026 --verify
    """
    place = at(ctx, workspace)
    from geo.editions import edition as made
    from geo.editions import trace as traces
    from geo.editions import verify as verification
    from geo.model.vocabulary import Period
    from webmap.edition.reader import Reader
    from webmap.figures import origins

    read = made.read(place.editions, edition or made.current(place.editions), audience)
    area_set, area_id = traces.place(read, area, indicator)
    traced = traces.trace(read, indicator, area_set, area_id, Period.parse(period).code)
    terminal.origin(origins.view(Reader(read, "en"), traced))
    if not verify:
        return
    checks = verification.verify(traced, read, place.folder)
    terminal.checks(checks)
    if any(check.finding == "differs" for check in checks):
        raise typer.Exit(ExitCode.PROBLEMS)


app.command()(serving.serve)


if __name__ == "__main__":
    app()
