"""The worker of drafts beside a server of the tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from geo.drafts import kept, working
from geo.files.workspace import Workspace


@contextmanager
def worker(place: Workspace) -> Iterator[None]:
    """The worker beside the server, as a thread: it does what any draft waits for."""
    ends = threading.Event()

    def look() -> None:
        while not ends.wait(0.1):
            for draft in kept.listing(place.folder / kept.FOLDER):
                if draft.working:
                    working.run(place, draft.id, store=lambda _edition: None)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()
