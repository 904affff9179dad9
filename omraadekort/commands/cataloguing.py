"""The commands `omraadekort catalogue ...`: what the forms of the workroom do, for a script or a person at a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import CatalogueError, NotFoundError, Problem
from omraadekort.commands import terminal
from omraadekort.commands.arguments import Where, at, login

if TYPE_CHECKING:
    from geo.model.forms.proposed import ProposalOutcome

Kind = Annotated[str, typer.Argument(help="indicator, source, goal, list, plan, hotspot, rule, event or contradiction.", metavar="KIND")]
Id = Annotated[str, typer.Argument(help="The id of the entry; of a hotspot, its area.", metavar="ID")]
Fields = Annotated[
    list[str] | None, typer.Argument(help="Fields as `show` names them; one that shall be empty as `field=`.", metavar="FIELD=TEXT ...")
]

app = typer.Typer(no_args_is_help=True, help="Entries of the catalogue: indicators, sources, goals, lists, plans, hotspots, rules.")


@app.command("list")
def list_entries(ctx: typer.Context, kind: Kind, workspace: Where = None) -> None:
    """List the entries of a kind: id and name."""
    place = at(ctx, workspace)
    from geo.inputs.entries import kinds, listing

    listed = listing.read(place)
    if kinds.of(kind).id in listed.faulty:
        raise CatalogueError(listed.faulty[kind])
    for entry in listed.entries[kind]:
        terminal.say(f"{entry.id}  {entry.title}")


@app.command("show")
def show_entry(ctx: typer.Context, kind: Kind, id: Id, workspace: Where = None) -> None:
    """Show an entry as its form does, a line for each field that says something."""
    place = at(ctx, workspace)
    from geo.inputs.entries import listing

    entry = listing.read(place).entry(kind, id)
    if entry is None:
        raise NotFoundError(Problem(kind[:80], "no such entry", found=repr(id[:80])))
    for name, texts in entry.values.items():
        for text in texts:
            terminal.say(f"{name}={' / '.join(text.splitlines())}")


@app.command("set")
def set_entry(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    kind: Kind,
    id: Id,
    fields: Fields = None,
    workspace: Where = None,
    new: Annotated[bool, typer.Option("--new", help="Add an entry of this id.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the entry; refused where something refers to it.")] = False,
    only_say: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
) -> None:
    """Add, change or remove an entry; comments and order of the file stay, and the whole catalogue is checked first.

    [bold]Example:[/bold] omraadekort catalogue set plan tingbjerg-2020 valid_to=2025
    """
    place = at(ctx, workspace)
    from geo.inputs.entries import history, writing
    from geo.model.forms.proposed import EntryProposal

    values = _values([*(fields or []), *([f"{'area.area_id' if kind == 'hotspot' else 'id'}={id}"] if new else [])])
    proposal = EntryProposal(kind=kind, id="" if new else id, values=values, partial=True, removed=remove)
    if only_say:
        outcome = writing.preview(place, proposal)
    else:
        now = dt.datetime.now(dt.UTC)
        outcome = writing.write(place, proposal, who=login(), at=now, history_path=history.of(place), reason=reason)
    _answer(outcome)


@app.command("history")
def show_history(ctx: typer.Context, workspace: Where = None) -> None:
    """Show who wrote what by `catalogue set` or a form, when and why, each field before and after; the newest last.

    Entries that came by `import plans`, `lists` or `hotspots`, or that somebody wrote in the files, are not in it.
    """
    place = at(ctx, workspace)
    from geo.inputs.entries import history

    for line in history.read(history.of(place)):
        said = (line.at, line.who, line.action, line.kind, line.id, line.reason)
        terminal.say("  ".join(" ".join(part.split()) for part in said).rstrip())  # a reason of two lines is no line of its own
        for name in dict.fromkeys((*line.before, *line.after)):
            before, after = (" | ".join(texts.get(name, ())) or "nothing" for texts in (line.before, line.after))
            terminal.say(f"    {name}: {' '.join(before.split())} -> {' '.join(after.split())}")


def _values(fields: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Fields as they come on a command line; one that is named several times has several texts. Raises CatalogueError."""
    values: dict[str, tuple[str, ...]] = {}
    for written in fields:
        name, mark, text = written.partition("=")
        if not mark:
            raise CatalogueError(
                Problem("", "a field without a text", found=repr(written[:80]), expected="field=text, or field= to empty it")
            )
        values[name] = (*values.get(name, ()), text)
    return values


def _answer(outcome: ProposalOutcome) -> None:
    """Say what came of a proposal. Raises CatalogueError with its problems."""
    if outcome.problems:
        raise CatalogueError(
            Problem(
                outcome.file or outcome.kind,
                problem.what.en + (f": {problem.where.en}" if problem.where else ""),
                column=problem.field,
                found=problem.given,
                expected=problem.expected.en if problem.expected else "",
            )
            for problem in outcome.problems
        )
    for change in outcome.changes:
        terminal.say(f"{change.field}: {' | '.join(change.before) or 'nothing'} -> {' | '.join(change.after) or 'nothing'}")
    words = {"fits": "It can be written; nothing is written.", "unchanged": "It says this already."}
    terminal.say(words.get(outcome.state, f"Written in {outcome.file}."))
