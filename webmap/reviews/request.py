"""What a request of the review room brings: the database it asks, who writes, when, and which figures the reader may see."""

from __future__ import annotations

import datetime as dt

from flask import abort

from geo.editions.edition import Edition
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import Field, may, user
from webmap.edition import chosen
from webmap.reviews.store import rounds
from webmap.reviews.store.rounds import Author


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


def now() -> dt.datetime:
    """The moment of asking, in UTC."""
    return dt.datetime.now(dt.UTC)
