"""What a request of the review room brings: the database it asks, who writes, when, and which figures the reader may see."""

from __future__ import annotations

import datetime as dt

from flask import abort

from geo.editions import edition as editions
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
    return chosen.edition(editions.current(urls.settings().editions), Audience.STAFF)


def database_address() -> str:
    return urls.settings().reviews_address


def author() -> Author:
    found = user()
    if found is None:
        abort(401)
    return Author(found.id, found.name, rounds.stamp(now()))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
