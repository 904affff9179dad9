"""What a request is shown: the edition asked for, the reader's language, the settings, and addresses that keep them.

Every page lives twice: as endpoint `<blueprint>.<view>` under `/` and as `en_<blueprint>.<view>` under `/en/`. Views and
templates name pages by `<blueprint>.<view>` and ask `link`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import abort, g, request

from geo.editions import edition as editions
from geo.editions.edition import Edition
from geo.errors import EditionError, NotFoundError, Problem
from geo.model.vocabulary import Audience
from webmap import access
from webmap.edition.reader import Reader
from webmap.urls import language, pinned, settings


class EditionGoneError(NotFoundError):
    """An edition that a link pins is not on this server."""


def current_id() -> str:
    """Id of the current edition, "" when none has been built."""
    try:
        return editions.current(settings().editions)
    except EditionError:
        return ""


def edition(wanted: str | None = None, part: Audience | None = None) -> Edition:
    """Edition of that id, or the one the address pins with `udgave`, or the current one, as this request may read it.

    part: the part that the address names, where it names one; else that of the audience they chose. Another part than theirs is refused.
    Raises EditionGoneError for an id that is not here, EditionError when there is no edition or it cannot be read.
    """
    asked, folder = wanted or pinned(), settings().editions
    if asked and not (asked.isalnum() and asked.isascii() and (folder / asked / "manifest.json").is_file()):
        raise EditionGoneError(Problem(asked, "no such edition"))
    chosen = part or access.audience()
    access.reading(chosen)
    read = _read(folder, asked or editions.current(folder), chosen)
    g.edition = read  # the frame of the page names the edition that its figures come from
    return read


def reader(wanted: str | None = None, part: Audience | None = None) -> Reader:
    """Who the page of this request is made for: the edition as `edition` gives it, and raises, and the language of the address."""
    return Reader(edition(wanted, part), language())


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


@lru_cache(maxsize=12)
def _read(folder: Path, id: str, part: Audience) -> Edition:
    return editions.read(folder, id, part)
