"""The keeper of stored pages: a process of its own beside the server, which stores the pages of every edition that becomes current.

It is ended with the server, and ends by itself when its standard input does: also a server that was killed leaves none behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.editions import condition
from geo.errors import EditionError
from omraadekort.processes import beside
from webmap import settings

if TYPE_CHECKING:
    from webmap.settings import Settings

_EVERY: Final = 2.0
"""Seconds between two looks at whether the current edition has its pages."""
_PATIENCE: Final = 5.0
"""Seconds that it has to end by itself, with what it has started."""
_NICE: Final = 10
"""Readers come first: storing takes the time that they leave."""


@contextmanager
def kept() -> Iterator[None]:
    """See to it that the current edition of the workspace that the environment names has stored pages, while this process serves."""
    with beside.running(__name__, patience=_PATIENCE):
        yield


def keep(chosen: Settings, stop: threading.Event) -> None:
    """Store the pages of every edition that becomes current, once; what cannot be stored is rendered for each request."""
    from webmap.serving import pagestore  # noqa: PLC0415  the server's own process, which only starts the keeper, does without

    tried = Path()
    while not stop.wait(_EVERY):
        with suppress(EditionError):
            wanted = pagestore.folder(chosen, condition.shown(chosen.editions).id)
            if wanted != tried and not wanted.exists():
                _store(chosen.workspace, stop)
            tried = wanted


def _store(folder: Path, stop: threading.Event) -> None:
    """Run `omraadekort pages` as a process of its own, so that its memory goes when it ends; end it when the server stops."""
    command = ("nice", "-n", str(_NICE), sys.executable, "-m", "omraadekort", "pages", "--workspace", str(folder))
    nowhere = subprocess.DEVNULL
    child = subprocess.Popen(command, cwd=beside.HERE, stdin=nowhere, stdout=nowhere, stderr=nowhere)  # noqa: S603 - our own program
    while child.poll() is None:
        if stop.wait(0.2):
            child.terminate()
            child.wait()


def _until_the_server_ends(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    ended = threading.Event()
    threading.Thread(target=_until_the_server_ends, args=(ended,), daemon=True).start()
    keep(settings.read(os.environ), ended)
