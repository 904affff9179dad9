"""What a request is shown: the edition asked for, the reader's language, the settings."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import current_app, has_request_context, request

from geo import edition as editions
from geo.edition import Edition
from geo.errors import EditionError, NotFoundError, Problem
from geo.words import Audience
from webmap.maps import Tiles
from webmap.settings import Settings


def settings() -> Settings:
    """Settings of the running application."""
    found: Settings = current_app.extensions["omraadekort"]
    return found


def current_id() -> str:
    """Id of the current edition, "" when none has been built."""
    try:
        return editions.current(settings().editions)
    except EditionError:
        return ""


def edition(wanted: str | None = None) -> Edition:
    """Edition of that id, or the current one, as the public may read it.

    Raises NotFoundError for an id that does not exist, EditionError when there is no edition or it cannot be read.
    """
    folder = settings().editions
    if not wanted:
        return _read(folder, editions.current(folder))
    if not wanted.isalnum() or not (folder / wanted / "manifest.json").is_file():
        raise NotFoundError(Problem(wanted, "no such edition"))
    return _read(folder, wanted)


def language() -> str:
    """Return "en" on the English addresses, else "da"."""
    if not has_request_context():
        return "da"
    return "en" if request.path == "/en" or request.path.startswith("/en/") else "da"


def home(of: str) -> str:
    """Path of the front page in a language."""
    return f"{request.script_root}/en/" if of == "en" else f"{request.script_root}/"


def tiles() -> Tiles | None:
    """The tile server that the settings name, or None."""
    chosen = settings()
    return Tiles(chosen.tile_url, chosen.tile_attribution) if chosen.tile_url else None


@lru_cache(maxsize=8)
def _read(folder: Path, id: str) -> Edition:
    return editions.read(folder, id, Audience.PUBLIC)
