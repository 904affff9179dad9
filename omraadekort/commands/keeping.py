"""Stored pages from the command line: `omraadekort pages`, and the server's own care for them while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from omraadekort.commands import terminal
from omraadekort.commands.arguments import Where, at, settings

if TYPE_CHECKING:
    from webmap.settings import Settings

HERE: Final = Path(__file__).parent.parent.parent
_EVERY: Final = 2.0
"""Seconds between two looks at whether the current edition has its pages."""
_NICE: Final = 10
"""Readers come first: storing takes the time that they leave."""


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


@contextmanager
def kept(chosen: Settings) -> Iterator[None]:
    """See to it that the current edition of a workspace has stored pages, while the server with these settings runs."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(chosen, stop), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def _keep(chosen: Settings, stop: threading.Event) -> None:
    """Store the pages of every edition that becomes current, once; what cannot be stored is rendered for each request."""
    from geo.editions import edition
    from geo.errors import EditionError
    from webmap.serving import pagestore

    tried = ""
    while not stop.wait(_EVERY):
        with suppress(EditionError):
            current = edition.current(chosen.editions)
            if current != tried and not pagestore.folder(chosen, current).exists():
                _store(chosen.workspace, stop)
            tried = current


def _store(folder: Path, stop: threading.Event) -> None:
    """Run `omraadekort pages` as a process of its own, so that its memory goes when it ends; end it when the server stops."""
    command = (sys.executable, "-m", "omraadekort", "pages", "--workspace", str(folder))
    nice = () if os.name == "nt" else ("nice", "-n", str(_NICE))
    nowhere = subprocess.DEVNULL
    child = subprocess.Popen((*nice, *command), cwd=HERE, stdin=nowhere, stdout=nowhere, stderr=nowhere)  # noqa: S603 - our own program
    while child.poll() is None:
        if stop.wait(0.2):
            child.terminate()
            child.wait()
