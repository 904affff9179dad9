"""The postman: a process of its own beside the server, which sees when letters are due and lets `omraadekort follow send` send them.

It is ended with the server, and ends by itself when its standard input does. There is none where the settings name no server of mail.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geo.editions import condition
from geo.errors import GeoError
from omraadekort.processes import beside
from webmap import settings

if TYPE_CHECKING:
    from webmap.settings import Settings

_EVERY: Final = 2.0
"""Seconds between two looks at whether a letter is due."""
_AFTER_FAILURE: Final = 60.0
"""Seconds after a run that failed before the next one."""
PATIENCE: Final = 3600.0
"""Seconds that letters about an edition wait for its pages to be stored: what cannot be stored is rendered, and told all the same."""
_STOPS_WITHIN: Final = 45.0
"""Seconds that a letter may take that is on its way when the server ends; whoever is killed meanwhile leaves one that nobody knows of."""


@dataclass
class EditionWatch:
    """Which edition those who follow were told of last, as far as this process knows, and since when another one is shown."""

    told_of: str = ""
    seen: str = ""
    since: float = field(default=0.0)

    def ready(self, shown: str, *, stored: bool, now: float) -> bool:
        """Whether it is time to tell of the edition that is shown: its pages are stored, or were waited for long enough. now: seconds."""
        if shown != self.seen:
            self.seen, self.since = shown, now
        return shown != self.told_of and (stored or now - self.since > PATIENCE)


@contextmanager
def posting(chosen: Settings) -> Iterator[None]:
    """See to it that letters are sent of the workspace that the environment names, while this process serves."""
    if not chosen.smtp_url:
        yield
        return
    with beside.running(__name__, patience=_STOPS_WITHIN):
        yield


def post(chosen: Settings, stop: threading.Event) -> None:
    """Send letters when they are due, and when another edition is shown and has its pages."""
    from webmap.follow import outbox  # noqa: PLC0415  the server's own process, which only starts the postman, does without
    from webmap.serving import pagestore  # noqa: PLC0415

    watch = EditionWatch()
    while not stop.wait(_EVERY):
        with suppress(GeoError):
            shown = condition.shown(chosen.editions).id
            other = watch.ready(shown, stored=pagestore.folder(chosen, shown).exists(), now=time.monotonic())
            if other or outbox.any_due(chosen.followers, now=time.time()):
                failed = _send(stop)
                watch.told_of = shown if other else watch.told_of
                if failed:
                    stop.wait(_AFTER_FAILURE)


def _send(stop: threading.Event) -> bool:
    """Run `omraadekort follow send` as a process of its own, so that its memory goes when it ends; whether it failed.

    When the server stops, it ends the letter that it is at.
    """
    command = (sys.executable, "-m", "omraadekort", "follow", "send")
    child = subprocess.Popen(command, cwd=beside.HERE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    while child.poll() is None:
        if stop.wait(0.2):
            child.terminate()
            child.wait()
    return child.returncode != 0


def _until_the_server_ends(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


if __name__ == "__main__":
    ended = threading.Event()
    threading.Thread(target=_until_the_server_ends, args=(ended,), daemon=True).start()
    post(settings.read(os.environ), ended)
