"""`omraadekort editions`, `publish` and `pages`: which editions there are, which one everybody sees, and its stored pages."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from geo.errors import EditionError, InputError, Problem
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from omraadekort.commands import terminal
from omraadekort.commands.arguments import Where, at, login, settings


def editions(ctx: typer.Context, workspace: Where = None) -> None:
    """List the editions of the workspace; the current one, which the pages show, is marked, and so are those that cannot be shown."""
    place = at(ctx, workspace)
    from geo.editions import condition, edition

    listed = condition.listing(place.editions)
    if not listed:
        typer.echo("No editions yet: omraadekort build makes one.")
        return
    unread: list[Problem] = []
    try:
        current = edition.current(place.editions)
    except EditionError as error:
        current, unread = "", list(error.problems)
    terminal.editions(listed, current=current)
    terminal.tell([*unread, *(lying.problem for lying in listed if lying.problem)])


def publish(
    ctx: typer.Context,
    edition: Annotated[str, typer.Argument(help="Id of an edition, as `omraadekort editions` lists it.", metavar="EDITION")],
    workspace: Where = None,
) -> None:
    """Make an edition the current one, which everybody sees, after all of it has been read and its proofs, if they are here, checked.

    An edition that is damaged, of another format or not readable is refused, and everything stays as it was.

    [bold]Example:[/bold] omraadekort publish 4a286e4478654020
    """
    place = at(ctx, workspace)
    from geo.editions import condition

    condition.prove(place.editions, edition)
    proved(place, edition)
    condition.make_current(place.editions, edition)
    typer.echo(f"Edition {edition} is current.")


def withdraw(
    ctx: typer.Context,
    edition: Annotated[str, typer.Argument(help="Id of an edition that is not the current one.", metavar="EDITION")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence; whoever follows a link to it is told.")],
    workspace: Where = None,
) -> None:
    """Withdraw an edition: from now on it is shown to nobody, and links to it say when it was withdrawn and why.

    Its files and proofs stay: somebody may have read it, so that disclosure control counts it as read.

    [bold]Example:[/bold] omraadekort withdraw 4a286e4478654020 --reason "Forkerte tal for Valby"
    """
    place = at(ctx, workspace)
    import datetime as dt

    from geo.editions import condition

    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    condition.withdraw(place.editions, edition, condition.Withdrawal(by=login(), at=now, reason=reason))
    typer.echo(f"Edition {edition} is withdrawn. The pages of the current one are stored anew by the server, or by omraadekort pages.")


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


def to_serve(place: Workspace) -> None:
    """Say which edition will be shown when it is not the current one, and check its proofs. Raises EditionError when none can be."""
    from geo.editions import condition

    shown = condition.shown(place.editions)
    if shown.problem is not None:
        terminal.tell([shown.problem])
        typer.echo(f"Edition {shown.id}, the newest whole one, is shown instead, until `omraadekort build` has been run.", err=True)
    proved(place, shown.id)


def proved(place: Workspace, id: str) -> None:
    """Raise EditionError when an edition is not what was proved of it. One of another machine, not known here, is shown so."""
    from geo.editions import edition, proofs

    problems = [proofs.check(place.internal, edition.read(place.editions, id, audience)) for audience in Audience]
    if None in problems:
        typer.echo(f"Nothing is kept here of edition {id}: it is shown without its proofs being checked.", err=True)
    if failed := [problem for part in problems for problem in part or ()]:
        raise EditionError(failed)


def freeze(
    ctx: typer.Context,
    event: Annotated[str, typer.Argument(help="An event of the calendar that freezes; without one, all whose day has come.")] = "",
    year: Annotated[int, typer.Argument(help="Its year; without one, this year.", min=0, max=2100)] = 0,
    workspace: Where = None,
    on: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day, today without it.", metavar="YYYY-MM-DD")] = None,
) -> None:
    """Freeze the current edition and the year's status report for an event of the calendar, so that both can be read unchanged for ever.

    What is frozen stays: to run it again, or after a later edition, changes nothing. Run it every day without an event.

    [bold]Example:[/bold] omraadekort freeze redegoerelse 2026
    """
    place = at(ctx, workspace)
    from geo.editions import edition as editions
    from geo.editions.pinned import pins
    from webmap.edition.reader import Reader
    from webmap.efforts import duedates, report, standing

    today = (on or dt.datetime.now()).date()
    of = year or today.year
    if of > today.year + 1:  # what is frozen stays, so a mistyped year would too
        raise InputError(Problem("year", "a year too far ahead", found=str(of), expected=f"{today.year + 1} or before"))
    current = editions.read(place.editions, editions.current(place.editions), Audience.PUBLIC)
    freezing = {each.id: each for each in current.catalogue.calendar if each.freezes}
    if event and event not in freezing:
        expected = ", ".join(sorted(freezing)) or "an event with freezes = true in data/calendar.toml"
        raise InputError(Problem("event", "an event that freezes nothing", found=repr(event), expected=expected))
    due = [each for each in freezing.values() if each.id == event or (not event and any(day <= today for day in duedates.days(each, of)))]
    before, whom = pins.pins(place.editions), f"shell:{login()}"
    for each in due:
        approved = before.get(f"{standing.EVENT}/{of}")
        own = current.manifest.id if of in report.years(Reader(current, "da")) else ""
        whole = approved.report if approved else own
        pin = pins.EditionPin(event=each.id, year=of, edition=current.manifest.id, report=whole, at=today.isoformat(), by=whom)
        held = pins.add(place.editions, pin)
        said = f"the report of edition {held.report}" if held.report else "no report"
        word = "was frozen before" if f"{each.id}/{of}" in before else "is frozen"
        typer.echo(f"{each.id} {of}: edition {held.edition} {word}, {said}.")
    if not due:
        typer.echo(f"Nothing to freeze on {today}.")
