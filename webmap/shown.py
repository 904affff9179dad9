"""What a request is shown: the edition asked for, the reader's language, the settings, and addresses that keep them.

Every page lives twice: as endpoint `<blueprint>.<view>` under `/` and as `en_<blueprint>.<view>` under `/en/`. Views and
templates name pages by `<blueprint>.<view>` and ask `link`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import abort, current_app, g, has_request_context, request, url_for

from geo.editions import edition as editions
from geo.editions.edition import Edition
from geo.errors import EditionError, NotFoundError, Problem
from geo.model.vocabulary import Audience
from webmap import access
from webmap.maps import Tiles
from webmap.settings import Settings


class EditionGoneError(NotFoundError):
    """An edition that a link pins is not on this server."""


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


def edition(wanted: str | None = None, part: Audience | None = None) -> Edition:
    """Edition of that id, or the one the address pins with `udgave`, or the current one, as this request may read it.

    part: the part that the address names, where it names one; else that of the reader's hat. A part that is not the reader's is refused.
    Raises EditionGoneError for an id that is not here, EditionError when there is no edition or it cannot be read.
    """
    asked, folder = wanted or pinned(), settings().editions
    if asked and not (asked.isalnum() and asked.isascii() and (folder / asked / "manifest.json").is_file()):
        raise EditionGoneError(Problem(asked, "no such edition"))
    chosen = part or access.audience()
    access.reading(chosen)
    found = _read(folder, asked or editions.current(folder), chosen)
    g.edition = found  # the frame of the page names the edition that its figures come from
    return found


def readable(id: str) -> None:
    """Raise EditionError when the public part of an edition is not there or cannot be read."""
    _read(settings().editions, id, Audience.PUBLIC)


def other(id: str) -> Edition:
    """Another edition to compare with, as the reader of this request may read it; the frame of the page stays with the one shown."""
    kept = g.get("edition")
    g.compared = True
    try:
        return edition(id)
    finally:
        g.edition = kept


def part(name: str = "del") -> Audience:
    """The part of an edition that the address of a file names; without a word the public one, whoever asks.

    So what an address gives does not depend on who asks, only whether it is given. Raises BadRequest for an unknown word.
    """
    try:
        return Audience(request.args.get(name, Audience.PUBLIC.value))
    except ValueError:
        abort(400)


def pinned() -> str:
    """Edition id that the address pins, or ""."""
    return request.args.get("udgave", "")


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


def link(to: str, **parts: Any) -> str:
    """Address of a page, in the reader's language and in the edition the reader has pinned. to: `<blueprint>.<view>`."""
    kept = {"udgave": pinned()} if pinned().isalnum() else {}
    return url_for(f"en_{to}" if language() == "en" else to, **{**kept, **parts})


def here(*, udgave: str) -> str:
    """Address of this same page in another edition; "" for the current one."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "udgave"]
    query = _in_order([*asked, ("udgave", udgave)] if udgave else asked)
    path = f"{request.script_root}{request.path}"
    return f"{path}?{query}" if query else path


def other_language() -> str:
    """Address of this same page in the other language, with everything that its query string holds."""
    name = request.endpoint or ""
    other = name.removeprefix("en_") if language() == "en" else f"en_{name}"
    if other not in current_app.view_functions:
        return home("da" if language() == "en" else "en")
    query = _in_order(request.args.items(multi=True))
    return url_for(other, **(request.view_args or {})) + (f"?{query}" if query else "")


def _in_order(parameters: Iterable[tuple[str, str]]) -> str:
    """A query string whose parameters are sorted by name: pages that show the same are the same, byte for byte."""
    return urlencode(sorted(parameters, key=lambda pair: pair[0]))


@lru_cache(maxsize=12)
def _read(folder: Path, id: str, part: Audience) -> Edition:
    return editions.read(folder, id, part)
