"""`omraadekort rehearse` and `omraadekort drafts ...`: what the workroom does, for a script or a person at a terminal."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from geo.errors import DraftError, Problem
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from omraadekort import draftlines, rehearsed
from omraadekort.commands import terminal
from omraadekort.commands.arguments import Files, Where, at, login, settings

if TYPE_CHECKING:
    from geo.drafts.draft import Actor, Draft, FileKind
    from geo.editions.comparison import Changes

Audiences = Annotated[Audience, typer.Option(help="Whose pages: public, staff or ssp.")]
Json = Annotated[bool, typer.Option("--json", help="All of it as JSON, for a program.")]
Id = Annotated[str, typer.Argument(help="The id of the draft, as `drafts list` says it.", metavar="DRAFT")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence; it is kept for good.")]
Answers = Annotated[list[str] | None, typer.Argument(help="Answers as `drafts show` names the questions.", metavar="NAME=TEXT ...")]
app = typer.Typer(no_args_is_help=True, help="Bring files, see what would change, publish it, and take it back: the workroom in a shell.")


def rehearse(ctx: typer.Context, workspace: Where = None, audience: Audiences = Audience.PUBLIC, as_json: Json = False) -> None:
    """Build the files where nobody sees it, and say what would change for a reader: figures, areas, verdicts, the catalogue, classes.

    Nothing is published and nothing is changed. `omraadekort build` then makes the same edition from the same files.

    [bold]Example:[/bold] omraadekort rehearse
    """
    place = at(ctx, workspace)
    from geo.drafts import rehearsal

    with terminal.bar() as progress:
        made = rehearsal.rehearse(place, progress=progress)
    _say(made.changes[audience], as_json=as_json)
    if not as_json:
        typer.echo(f"Edition {made.now} instead of {made.before}, for {audience.value}; {made.seconds:.1f} s. Nothing is published.")


@app.command("list")
def list_drafts(ctx: typer.Context, workspace: Where = None) -> None:
    """List the drafts, newest first, and what was published from them."""
    place = at(ctx, workspace)
    from geo.drafts import kept, publishing

    for draft in kept.listing(place.folder / kept.FOLDER):
        terminal.say(f"{draft.id}  {draftlines.state(draft)}  {draft.title} ({draft.by.name}, {draft.at})")
    for made in kept.publications(publishing.publications(place)):
        of = f"takes back number {made.rolled_back}" if made.rolled_back else f"draft {made.draft}"
        terminal.say(f"number {made.number}  {made.at}  {made.before} -> {made.now}  {of}: {made.reason} ({made.by.name})")


@app.command("bring")
def bring(
    ctx: typer.Context,
    files: Files,
    workspace: Where = None,
    draft: Annotated[str, typer.Option(help="The id of the draft (default: a new one).")] = "",
    title: Annotated[str, typer.Option(help="What a new draft is about.")] = "",
) -> None:
    """Bring files into a draft, and say what each was taken for, what is open, and what is wrong. The workspace stays as it is.

    [bold]Example:[/bold] omraadekort drafts bring halvaar.xlsx --title "1. halvår 2027"
    """
    place = at(ctx, workspace)
    from geo.drafts import desk, kept

    for path in files:
        _whole_file(path, desk.MOST_BYTES)
    drafts, who = place.folder / kept.FOLDER, _who()
    own = draft or desk.begin(drafts, title or files[0].stem, by=who, at=_now()).id
    _finish(place, own)
    for path in files:
        with path.open("rb") as stream:
            desk.bring(drafts, own, path.name, stream, by=who, at=_now())
    _tell(_work(place, own, "read"))


@app.command("show")
def show(ctx: typer.Context, draft: Id, workspace: Where = None) -> None:
    """Show a draft: its files, what is asked about them, its proposals, and how far it is."""
    place = at(ctx, workspace)
    from geo.drafts import kept

    _tell(kept.read(kept.folder_of(place.folder / kept.FOLDER, draft)))


@app.command("answer")
def answer(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    draft: Id,
    file: Annotated[str, typer.Argument(help="The number of the file in the draft.", metavar="NUMBER")],
    answers: Answers = None,
    workspace: Where = None,
    kind: Annotated[str, typer.Option(help="What it holds: figures, areas, addresses, register, plans, lists or hotspots.")] = "",
    take_out: Annotated[bool, typer.Option("--take-out", help="Take the file or proposal out of the draft.")] = False,
) -> None:
    """Answer what is asked about a file, and read the draft again; answers that were given before stay.

    [bold]Example:[/bold] omraadekort drafts answer 4f0c1d2e3a5b 1 fixed.indicator=beboere fixed.source=kk-002
    """
    place = at(ctx, workspace)
    from geo.drafts import desk, kept
    from geo.inputs.entries import taking

    drafts = place.folder / kept.FOLDER
    _finish(place, draft)
    if take_out:
        desk.take_out(drafts, draft, file)
    else:
        of = next((each for each in kept.read(kept.folder_of(drafts, draft)).files if each.id == file), None)
        said = taking.fixed_fields(answers or ())
        given = {**(of.answers if of else {}), **said}
        desk.choose(drafts, draft, file, kind=_kind(kind) or (of.kind if of else None), answers=given)
    _tell(_work(place, draft, "read"))


@app.command("rehearse")
def rehearse_draft(
    ctx: typer.Context, draft: Id, workspace: Where = None, audience: Audiences = Audience.PUBLIC, as_json: Json = False
) -> None:
    """Build a draft beside the current edition and say what would change for a reader. Nothing is published."""
    place = at(ctx, workspace)
    from geo.drafts import kept

    _finish(place, draft)
    done = _work(place, draft, "rehearse")
    changes = kept.changes(kept.folder_of(place.folder / kept.FOLDER, draft))
    if changes is not None and done.rehearsed is not None:
        _say(changes[audience], as_json=as_json)
        if not as_json:
            typer.echo(f"Edition {done.rehearsed.now} instead of {done.rehearsed.before}; {done.rehearsed.seconds:.1f} s.")


@app.command("sign")
def sign(ctx: typer.Context, draft: Id, reason: Reason, workspace: Where = None) -> None:
    """Sign for what the rehearsal of a draft says."""
    place = at(ctx, workspace)
    from geo.drafts import desk, kept

    _finish(place, draft)
    desk.sign(place.folder / kept.FOLDER, draft, reason, by=_who(), at=_now())
    typer.echo("Signed.")


@app.command("publish")
def publish_draft(ctx: typer.Context, draft: Id, reason: Reason, workspace: Where = None) -> None:
    """Publish a rehearsed draft: its pages are stored first, then everybody sees it. Whoever publishes signs for it.

    Where the setting publish_two_people asks for it, somebody else must have signed.
    """
    place = at(ctx, workspace)
    from geo.drafts import desk, kept

    drafts, two = place.folder / kept.FOLDER, settings(place).publish_two_people
    _finish(place, draft)
    if (number := kept.read(kept.folder_of(drafts, draft)).published) is not None:
        typer.echo(f"Published as number {number}.")
        return
    if not two:
        desk.sign(drafts, draft, reason, by=_who(), at=_now())
    done = _work(place, draft, "publish", reason=reason, two_people=two)
    typer.echo(f"Published as number {done.published}.")


@app.command("roll-back")
def roll_back(ctx: typer.Context, draft: Id, reason: Reason, workspace: Where = None) -> None:
    """Take the publication of a draft back: its files are as before, and the edition before it is shown again."""
    place = at(ctx, workspace)
    from geo.drafts import desk, kept

    _finish(place, draft)
    if (number := kept.read(kept.folder_of(place.folder / kept.FOLDER, draft)).rolled_back) is not None:
        typer.echo(f"Taken back as number {number}.")
        return
    desk.ask_roll_back(place.folder / kept.FOLDER, draft, reason, by=_who(), at=_now())
    done = _run(place, draft)
    typer.echo(f"Taken back as number {done.rolled_back}.")


@app.command("discard")
def discard(ctx: typer.Context, draft: Id, workspace: Where = None) -> None:
    """Throw a draft away, with the files that were brought to it."""
    place = at(ctx, workspace)
    from geo.drafts import desk, kept

    _finish(place, draft)
    desk.discard(place.folder / kept.FOLDER, draft, at=_now())
    typer.echo("Thrown away.")


@app.command("work", hidden=True)
def work(ctx: typer.Context, draft: Id, workspace: Where = None) -> None:
    """Do the work that a draft waits for: what the worker beside the server calls."""
    place = at(ctx, workspace)
    _run(place, draft, say=False)


def _work(place: Workspace, id: str, kind: str, *, reason: str = "", two_people: bool = False) -> Draft:
    """Ask for work and do it here, so that a script needs no server."""
    from geo.drafts import desk, kept

    desk.ask(place.folder / kept.FOLDER, id, kind, by=_who(), at=_now(), reason=reason, two_people=two_people)  # type: ignore[arg-type]  # one of its words
    return _run(place, id)


def _whole_file(path: Path, most: int) -> None:
    """Raise DraftError for what is no file, and for one that is too large, before anything is copied."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise DraftError(Problem(path.name, "a pipe or a device", expected="a file"))
    if about.st_size > most:
        what = "the file is larger than files may be"
        raise DraftError(Problem(path.name, what, found=f"{about.st_size:,} bytes", expected=f"at most {most:,} bytes"))


def _finish(place: Workspace, id: str) -> None:
    """Do what a draft still waits for because a process was killed in it; nothing when another process is at it."""
    from geo.drafts import kept

    if kept.read(kept.folder_of(place.folder / kept.FOLDER, id)).working:
        typer.echo("Work on the draft was stopped half-way, or waits; it is done first.", err=True)
        _run(place, id, say=False)


def _run(place: Workspace, id: str, *, say: bool = True) -> Draft:
    """Do the work that a draft waits for. Raises DraftError with what went wrong."""
    from geo.drafts import working

    done = working.run(place, id, store=lambda edition: _store(place, edition))
    if say and done.task is not None and done.task.state != "done":
        raise DraftError(
            [draftlines.problem(fault) for fault in done.task.faults] or [Problem(done.title, f"the work was {done.task.state}")]
        )
    return done


def _store(place: Workspace, edition: str) -> None:
    from omraadekort import storing  # only a publication needs the pages' code

    storing.keep(settings(place), edition)


def _say(changes: Changes, *, as_json: bool) -> None:
    """Say what changes for a reader, a line each, or print it as JSON."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(changes)))
        return
    for line in rehearsed.lines(changes):
        terminal.say(line)


def _kind(said: str) -> FileKind | None:
    from geo.drafts.draft import FileKind

    if said and said not in get_args(FileKind):
        raise DraftError(Problem("--kind", "no such kind of file", found=repr(said[:40]), expected=", ".join(get_args(FileKind))))
    return said or None  # type: ignore[return-value]  # one of its words


def _tell(draft: Draft) -> None:
    for line in draftlines.lines(draft):
        terminal.say(line)


def _who() -> Actor:
    from geo.drafts.draft import Actor

    name = login()
    return Actor(id=f"shell:{name}", name=name)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
