"""What a request of the review room brings: the database it asks, who writes, when, which figures the reader may see, in which words."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any, Final

from flask import Blueprint, abort, current_app, request

from geo.editions.edition import Edition
from geo.errors import GeoError
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import Field, may, user
from webmap.edition import chosen
from webmap.language import wording
from webmap.reviews import checks, facts, texts, writing
from webmap.reviews.store import releasing, rounds
from webmap.reviews.store.rounds import Author

blueprint: Final = Blueprint("reviews", __name__)
"""The addresses of the room; `pages` and `round.pages` give it their views."""


def reads_figures() -> bool:
    """Whether the reader may read what the staff's part of an edition says: `admin` reads what people wrote, and no figure."""
    return may(Field.STAFF, "review")


def staff_edition() -> Edition:
    """The edition that is shown, as staff reads it."""
    return chosen.edition(chosen.shown().id, Audience.STAFF)


def database_address() -> str:
    """The address of the database that keeps reviews."""
    return urls.settings().reviews_address


def author() -> Author:
    """Who writes, and when. Aborts with 401 when nobody is signed in."""
    person = user()
    if person is None:
        abort(401)
    return Author(person.id, person.name, rounds.stamp(now()))


def department() -> str:
    """The department that the reader signs for, "" when their account belongs to none."""
    person = user()
    return person.department if person else ""


def now() -> dt.datetime:
    """The moment of asking, in UTC."""
    return dt.datetime.now(dt.UTC)


def put_in_place() -> str:
    """Write what is released into the workspace; "" where it lies there now, else the word by which a page says that it does not."""
    try:
        return "" if releasing.place(database_address(), urls.settings().workspace) is not None else "ikke"
    except OSError as error:
        current_app.logger.error("what is released cannot be written (omraadekort reviews release does it again): %s", error)
        return "ikke"


def posted_merge() -> tuple[int, dict[str, str]]:
    """The version of the page that somebody saw who put two texts together, and the words they chose for each field in conflict."""
    seen, words = request.form.get("version", ""), {}
    for name, choice in request.form.items():
        if name.startswith("valg/"):
            path = name.removeprefix("valg/")
            words[path] = writing.plain(request.form.get(f"{choice}/{path}", ""))
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0, words


def refused(error: GeoError | None) -> list[str]:
    """What an error says, in the reader's language; nothing without an error."""
    return [text.in_(urls.language()) for _, text in texts.refused(error)] if error else []


def choices() -> dict[str, Any]:
    """What every template of the room may use."""
    language = urls.language()
    return {
        "statuses": checks.ACTION_STATUS, "units": checks.UNITS, "finished": checks.FINISHED, "label_of": texts.LABEL,
        "moment": lambda at: texts.moment(at, language), "clock": lambda at: texts.clock(at, language), "day": checks.day,
        "dated": lambda text: wording.date(day, language) if (day := checks.day(text)) else text,
        "may_write": may(Field.WRITE, "review"), "reads_figures": reads_figures(),
        "PROGRAMME": facts.PROGRAMME, "fresh": lambda: secrets.token_hex(8),
    }  # fmt: skip
