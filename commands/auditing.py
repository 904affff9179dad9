"""The command `omraadekort audit`: an edition attacked as it lies on disk and as it is served."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import terminal
from commands.answers import Answer
from commands.arguments import Where, at
from geo.words import Audience
from geo.workspace import Workspace

if TYPE_CHECKING:
    from geo.audit import Finding, Seen
    from geo.edition import Edition
    from webmap.everything import Document


def audit(
    ctx: typer.Context,
    edition: Annotated[str, typer.Argument(help="Id of the edition, or: current.")] = "current",
    workspace: Where = None,
    audience: Annotated[Audience, typer.Option(help="As who attacks it.")] = Audience.PUBLIC,
    served: Annotated[bool, typer.Option("--served/--files", help="Ask the pages and payloads too, or read the files alone.")] = True,
) -> None:
    """Attack an edition: find every number that should not be there, and all that can be worked out from those that are.

    For the person who answers for data protection, on the machine that holds the registers: what can be narrowed is printed with its
    interval. Exit code 1 if anything is found; 5 if nothing is, but this machine keeps no proofs of the edition, so that its figures
    could not be attacked.

    [bold]Example:[/bold] omraadekort audit 4a286e4478654020 --audience staff
    """
    place = at(ctx, workspace)
    from geo import audit as attacks
    from geo import edition as made
    from geo import manifests

    read = made.as_it_lies(place.editions, made.current(place.editions) if edition == "current" else edition, audience)
    whole = manifests.damage(read.folder) is None  # of a damaged edition nothing is served
    seen, more = _served(place, read) if served and whole and audience is Audience.PUBLIC else ([], [])
    report = attacks.attack(place, read.id, audience, elsewhere=seen)
    terminal.audit(report, more)
    if report.findings or more:
        raise typer.Exit(Answer.PROBLEMS)
    if report.attacked is None:
        raise typer.Exit(Answer.NOT_ALL_ATTACKED)


def _served(place: Workspace, read: Edition) -> tuple[list[Seen], list[Finding]]:
    """What the service sends of the public part: the numbers in its payloads, and documents that depend on more than that part.

    It is asked twice, once with the whole edition behind it and once with the public part alone. A page that is the same both times
    says nothing that is not in the public files.
    """
    from geo.audit import Finding, Seen
    from webmap import everything

    seen: list[Seen] = []
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="omraadekort-audit-") as scratch:
        both = zip_longest(_asked(place, read, Path(scratch, "whole")), _asked(place, read, Path(scratch, "public")))
        for whole, public in both:
            if whole != public:
                where = next(one.address for one in (whole, public) if one)
                findings.append(Finding(where, "a page that depends on more than the public files"))
            if whole:
                seen += [Seen(whole.address, cell, numbers) for cell, numbers in everything.figures(whole, read) if numbers]
    return seen, findings


def _asked(place: Workspace, read: Edition, folder: Path) -> Iterator[Document]:
    """Everything that the service sends with a copy of the edition behind it: of the whole, or, in a folder `public`, of that part."""
    from webmap import everything
    from webmap.settings import Settings

    others = shutil.ignore_patterns(*(one.value for one in Audience if one is not Audience.PUBLIC)) if folder.name == "public" else None
    shutil.copytree(place.editions / read.id, folder / "editions" / read.id, ignore=others)
    (folder / "editions" / "current").write_text(read.id + "\n", encoding="utf-8")
    return everything.documents(Settings(workspace=folder), read)
