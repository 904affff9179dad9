"""What a page says at its foot of its own subject: when something changed last and what, and where its feed is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import g

from geo.errors import GeoError
from webmap import urls
from webmap.changes import atom
from webmap.changes.news import news
from webmap.changes.subject import ChangeSubject
from webmap.edition.reader import Reader
from webmap.serving.busy import BusyError

MOST: Final = 5
"""Editions that a page looks through: as many comparisons are made, once, before one is first shown."""


@dataclass(frozen=True)
class LatelyChanged:
    """The newest edition in which something changed, in words, "" where nothing did in the last ones. page: what it was.

    feed: address of the feed, title: what that is called.
    """

    day: str
    said: str
    page: str
    feed: str
    title: str


def subject_of(page: str, given: Mapping[str, Any]) -> ChangeSubject | None:
    """What a page is about, for which there is a feed; None for other pages. given: the parameters of its address."""
    if page == "areas.area":
        return ChangeSubject("", given["area_set"], given["area_id"])
    if page == "maps.page":
        return ChangeSubject(given["indicator"])
    if page == "changes.page":
        return ChangeSubject(*(given.get(name, "") for name in ("indikator", "inddeling", "omraade")))
    return ChangeSubject() if page == "front.start" else None


def lately(reader: Reader, subject: ChangeSubject) -> LatelyChanged | None:
    """What is said at the foot of a page; None where the edition does not have its subject, or it cannot be found out now."""
    try:
        title = atom.title(reader, subject)
        newest = next(news(reader, subject, MOST), None)
    except BusyError:
        g.compared = True  # the page is not remembered as it is now
        return None
    except GeoError:
        return None
    if newest is None:
        return LatelyChanged("", "", urls.link("changes.page"), atom.path(subject), title)
    return LatelyChanged(newest.day, " ".join(newest.sentences), newest.page, atom.path(subject), title)
