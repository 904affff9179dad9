"""Commands for who may come in: `omraadekort users ...` and `omraadekort log ...`."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import InputError, NotFoundError, Problem
from geo.files import signs
from omraadekort.commands.arguments import Where, at, settings
from webmap.roles import GIVEN

if TYPE_CHECKING:
    from webmap.access.store.database import AccessDatabase

users = typer.Typer(no_args_is_help=True, help="Local accounts and sessions, for a machine without a provider to ask.")
log = typer.Typer(no_args_is_help=True, help="The access log: who looked at what was not public.")

Name = Annotated[str, typer.Argument(help="Small letters, digits, . _ -", metavar="NAME", show_default=False)]
Roles = Annotated[list[str], typer.Option("--role", help=f"{', '.join(GIVEN)}; may be given more than once.", metavar="ROLE")]


@users.command()
def add(  # noqa: PLR0913, PLR0917 - what an account is
    ctx: typer.Context,
    name: Name,
    role: Roles,
    workspace: Where = None,
    shown: Annotated[str, typer.Option("--shown", help="The name that colleagues see.")] = "",
    department: Annotated[str, typer.Option("--department", help="The department that the account signs rounds of reviews for.")] = "",
) -> None:
    """Make an account; the password is asked for.

    [bold]Example:[/bold] omraadekort users add anna --role staff --shown "Anna Holm"
    """
    from webmap.access import people
    from webmap.access.store import accounts as local

    signs_for, seen = _department(ctx, workspace, department), " ".join(signs.seen(shown).split())
    local.add(_store(ctx, workspace), local.Account(name, seen, people.roles(role), time.time(), signs_for), _password())
    typer.echo(f"Made the account {name} with {', '.join(sorted(set(role)))}.")


@users.command("list")
def listing(ctx: typer.Context, workspace: Where = None) -> None:
    """List the accounts and their roles."""
    from webmap.access.store import accounts as local

    listed = local.listing(_store(ctx, workspace))
    for account in listed:
        typer.echo(
            f"{account.name}\t{' '.join(sorted(account.roles))}\t{_time(account.made)}\t{account.shown}\t{account.department}".rstrip("\t")
        )
    if not listed:
        typer.echo("No accounts yet: omraadekort users add makes one.")


@users.command()
def remove(ctx: typer.Context, name: Name, workspace: Where = None) -> None:
    """Remove an account and end its sessions."""
    from webmap.access.store import accounts as local

    local.remove(_store(ctx, workspace), name)
    typer.echo(f"Removed {name}; whoever was signed in with it is signed out.")


@users.command()
def password(ctx: typer.Context, name: Name, workspace: Where = None) -> None:
    """Give an account another password, and end its sessions."""
    from webmap.access.store import accounts as local

    local.change_password(_store(ctx, workspace), name, _password())
    typer.echo(f"{name} has another password; whoever was signed in with the old one is signed out.")


@users.command()
def roles(ctx: typer.Context, name: Name, role: Roles, workspace: Where = None) -> None:
    """Give an account these roles and no others, from the next click on."""
    from webmap.access.store import accounts as local

    local.change_roles(_store(ctx, workspace), name, role)
    typer.echo(f"{name} has {', '.join(sorted(set(role)))}.")


@users.command()
def department(
    ctx: typer.Context,
    name: Name,
    department: Annotated[str, typer.Argument(help="One of those that sign, or of the seven; or nothing.", metavar="DEPARTMENT")] = "",
    workspace: Where = None,
) -> None:
    """Say which department an account signs rounds of reviews and writes status forms for: its own, and no other.

    [bold]Example:[/bold] omraadekort users department anna Socialforvaltningen
    """
    from webmap.access.store import accounts as local

    local.change_department(_store(ctx, workspace), name, _department(ctx, workspace, department))
    typer.echo(f"{name} signs for {department}." if department else f"{name} signs for no department.")


@users.command("sessions")
def signed_in(ctx: typer.Context, workspace: Where = None) -> None:
    """List who is signed in, with the mark by which a session is revoked."""
    from webmap.access.store import sessions
    from webmap.access.store.database import AccessDatabase

    chosen = settings(at(ctx, workspace))
    ends = sessions.SessionLimits(idle=chosen.session_idle_minutes * 60, absolute=chosen.session_hours * 3600)
    for session in sessions.listing(AccessDatabase(chosen.access), ends, now=time.time()):
        typer.echo(f"{session.mark}\t{session.user}\t{session.audience}\tsigned in {_time(session.made)}\tseen {_time(session.seen)}")


@users.command()
def revoke(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(help="A mark of `users sessions`, or a person: local:anna, oidc:…", metavar="WHICH")],
    workspace: Where = None,
) -> None:
    """End a session, or all sessions of a person, at once."""
    from webmap.access.store import sessions

    count = sessions.revoke(_store(ctx, workspace), which)
    if not count:
        raise NotFoundError(Problem(which, "no such session", expected="a mark or a person that `omraadekort users sessions` shows"))
    typer.echo(f"Ended {count} session{'s' if count > 1 else ''}.")


@log.command()
def verify(
    ctx: typer.Context,
    workspace: Where = None,
    head: Annotated[list[str] | None, typer.Option("--head", help="A head that was kept elsewhere: it must still be in the log.")] = None,
) -> None:
    """Walk the chain of the access log; exit 1 and the first broken line when it was touched.

    Prints the head of the log. Keep it elsewhere (on paper, in a mail to a colleague): with --head it proves later that nothing up to
    there was changed or cut off.
    """
    from webmap.access import log

    last = log.verify(settings(at(ctx, workspace)).access, heads=tuple(log.head(text) for text in head or ()))
    typer.echo(f"{last.n} lines, all in order. Head: {last}")


@log.command()
def rotate(ctx: typer.Context, workspace: Where = None) -> None:
    """Begin a new file of the access log and put the old one away beside it, under the number of its last line.

    A log that does not verify is refused. The new file's first line carries the chain over: `log verify` walks both. The service goes on
    meanwhile. Files that were put away may be moved elsewhere, the oldest first; `log verify` then begins where those that are here begin.

    [bold]Example:[/bold] omraadekort log rotate
    """
    from webmap.access import rotation

    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    old, last = rotation.rotate(settings(at(ctx, workspace)).access, at=now)
    typer.echo(f"Put away as {old.name}. Head: {last}")


@log.command()
def mend(
    ctx: typer.Context,
    workspace: Where = None,
    head: Annotated[list[str] | None, typer.Option("--head", help="A head that was kept elsewhere: it must still be in the log.")] = None,
) -> None:
    """Make the head of the access log anew when it is empty, torn or gone, so that people can sign in again; the chain must hold.

    A line in the log says so. Give the newest head that was kept elsewhere: nobody else can tell whether lines were cut off.

    [bold]Example:[/bold] omraadekort log mend --head 8123:5f0c…
    """
    from webmap.access import log, rotation

    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    last = rotation.mend(settings(at(ctx, workspace)).access, at=now, heads=tuple(log.head(text) for text in head or ()))
    typer.echo(f"{last.n} lines, all in order. Head: {last}")


@log.command()
def show(
    ctx: typer.Context,
    workspace: Where = None,
    user: Annotated[str, typer.Option("--user", help="Only this person: local:anna, oidc:…")] = "",
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only from this day (UTC) on.")
    ] = None,
) -> None:
    """Show the access log, a line each: time, person, what, as whom, what for, page, area, indicator, how many figures."""
    from webmap.access import log

    for line in log.lines(settings(at(ctx, workspace)).access):
        entry = line.entry
        if (user and entry.user != user) or (since and entry.at < since.date().isoformat()):
            continue
        figures = "" if entry.figures is None else str(entry.figures)
        parts = (entry.at, entry.user, entry.event, entry.audience, entry.purpose, entry.page, entry.area, entry.indicator, figures)
        typer.echo("\t".join("".join(letter if letter.isprintable() else "?" for letter in part) for part in parts))


def _department(ctx: typer.Context, workspace: Path | None, name: str) -> str:
    """A department that signs or writes, or "". Raises InputError for another name."""
    from geo.model.efforts.committees import DEPARTMENTS

    known = tuple(dict.fromkeys((*settings(at(ctx, workspace)).reviews_departments, *DEPARTMENTS.values())))
    if name and name not in known:
        raise InputError(Problem("department", "no such department", found=repr(name), expected="; ".join(known)))
    return name


def _store(ctx: typer.Context, workspace: Path | None) -> AccessDatabase:
    from webmap.access.store.database import AccessDatabase

    return AccessDatabase(settings(at(ctx, workspace)).access)


def _password() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _time(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%MZ")
