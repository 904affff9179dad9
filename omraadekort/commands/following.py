"""Commands for those who follow by e-mail: `omraadekort follow ...`."""

from __future__ import annotations

import datetime as dt
import signal
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from geo.errors import InputError, Problem
from omraadekort.commands import terminal
from omraadekort.commands.arguments import Where, at, settings
from omraadekort.exitcodes import ExitCode

if TYPE_CHECKING:
    from webmap.follow.followers import Followed
    from webmap.follow.sending import Sender
    from webmap.settings import Settings

follow = typer.Typer(no_args_is_help=True, help="Those who follow by e-mail, and the letters to them.")


@follow.command()
def send(ctx: typer.Context, workspace: Where = None) -> None:
    """Send the letters that wait, and one to everybody whose subject changed in the edition that is shown now.

    `serve` does it by itself; behind another server run it every few minutes. Two at once send nothing twice. Exit code 1 when the server
    of mail takes nothing; the letters wait.
    """
    chosen = settings(at(ctx, workspace))
    if not chosen.smtp_url:
        raise InputError(Problem("smtp_url", "there is no server that takes letters", expected="the setting smtp_url"))
    stop = threading.Event()
    for interrupt in (signal.SIGTERM, signal.SIGINT):  # the letter that is on its way is ended first: half of one is one too many
        signal.signal(interrupt, lambda _number, _frame: stop.set())
    report = _sender(chosen, stop).run()
    counted = {"sent": "sent", "later": "put off by the server", "refused": "refused for good", "unknown": "may have arrived"}
    said = [f"{report.letters[how]} {words}" for how, words in counted.items() if report.letters[how] or how == "sent"]
    typer.echo(f"Letters: {', '.join(said)}; {report.waiting} wait.")
    if report.problem is not None:
        terminal.tell(report.problem.problems)
        raise typer.Exit(ExitCode.PROBLEMS)


@follow.command()
def remind(
    ctx: typer.Context,
    workspace: Where = None,
    on: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day, today without it.", metavar="YYYY-MM-DD")] = None,
) -> None:
    """Remind by e-mail those who report something within `reminder_days` days, as the calendar has it; each once.

    Who is reminded says the setting `reminders`. Run it every day: a letter that has left, or may have, is not sent again. Exit code 1 when
    the server of mail takes nothing; the reminders wait.
    """
    chosen = settings(at(ctx, workspace))
    for name in ("smtp_url", "reminders"):
        if not getattr(chosen, name):
            raise InputError(Problem(name, "nobody can be reminded without it", expected=f"the setting {name}"))
    from webmap.follow.reminding import Reminding

    sender = _sender(chosen, threading.Event())
    report = Reminding(sender.app, sender.settings, time.time, sender.connect).run((on or dt.datetime.now()).date())
    said = [f"{count} {how}" for how, count in sorted(report.letters.items())]
    typer.echo(f"Reminders: {', '.join(said) or 'none is due'}.")
    for name in report.nobody:
        typer.echo(f"No address for what {name!r} sends: add it to the setting reminders.")
    if report.problem is not None:
        terminal.tell(report.problem.problems)
        raise typer.Exit(ExitCode.PROBLEMS)


@follow.command("list")
def listing(
    ctx: typer.Context,
    workspace: Where = None,
    addresses: Annotated[bool, typer.Option("--addresses", help="Say the addresses too: they are personal data.")] = False,
) -> None:
    """Count who follows what, who has not confirmed, and what became of letters."""
    from webmap.follow import followers, outbox

    folder = settings(at(ctx, workspace)).followers
    for (followed, confirmed), number in sorted(followers.counted(folder).items()):
        typer.echo(f"{_subject(followed)}\t{number}\t{'follow' if confirmed else 'asked, not confirmed'}")
    for what, number in outbox.counts(folder).items():
        typer.echo(f"letters {what}\t{number}")
    for each in followers.every(folder) if addresses else ():
        typer.echo(f"{each.address}\t{_subject(each.followed)}\t{'follows' if each.confirmed else 'asked'}")


@follow.command()
def remove(
    ctx: typer.Context, address: Annotated[str, typer.Argument(help="An e-mail address.", metavar="ADDRESS")], workspace: Where = None
) -> None:
    """Forget an address and all that it follows."""
    from webmap.follow import followers

    typer.echo(f"Forgotten: {followers.remove(settings(at(ctx, workspace)).followers, address)}.")


def _sender(chosen: Settings, stop: threading.Event) -> Sender:
    """The sender of a workspace; its application answers to nobody but itself, under the name that is in letters."""
    from webmap import mail
    from webmap.app import create_app
    from webmap.follow.sending import Sender
    from webmap.follow.smtp import MailConnection

    name = urlsplit(chosen.public_url).hostname or ""
    own = replace(chosen, allowed_hosts=(name,), proxies=0)
    return Sender(create_app(own), own, time.time, lambda: MailConnection(mail.server(chosen.smtp_url), own=name), stop.is_set)


def _subject(followed: Followed) -> str:
    return "/".join(part for part in followed if part) or "the city"
