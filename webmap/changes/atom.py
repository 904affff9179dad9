"""What changed as an Atom feed (RFC 4287): an entry an edition in which something changed, in words, with an id that stays."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from typing import Final

from feedgenerator import Atom1Feed
from flask import request
from markupsafe import Markup

from geo.model.vocabulary import Text
from webmap import urls
from webmap.changes.news import NewsItem, news
from webmap.changes.subject import ChangeSubject
from webmap.edition.reader import Reader

CONTENT_TYPE: Final = "application/atom+xml; charset=utf-8"
_IDS: Final = uuid.UUID("6f9b1d1c-2b53-5c55-9f3f-0d4b7a1f6a52")
"""Namespace of the ids of our entries."""
_TITLE: Final = Text(da="Områdekort: hvad er ændret", en="Områdekort: what has changed")
_ENTRY: Final = Text(da="Tal hentet senest {}: {}", en="Figures last retrieved on {}: {}")
_UNWRITTEN: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no way to write."""


def path(subject: ChangeSubject) -> str:
    """Address of the feed of a subject, in the reader's language; it is of the edition that is shown, whatever is pinned."""
    if subject.area_id:
        return urls.link("changes.area_feed", area_set=subject.area_set, area_id=subject.area_id, udgave=None)
    if subject.indicator:
        return urls.link("changes.indicator_feed", indicator=subject.indicator, udgave=None)
    return urls.link("changes.city_feed", udgave=None)


def title(reader: Reader, subject: ChangeSubject) -> str:
    """What the feed is called. Raises NotFoundError for a subject that the edition does not have."""
    called = subject.name((reader.edition,), reader)
    return _TITLE.in_(reader.language) + (f", {called}" if called else "")


def feed(reader: Reader, subject: ChangeSubject) -> bytes:
    """Write the feed of a subject. Raises as `title` and `news` do."""
    items, called = list(news(reader, subject)), _written(title(reader, subject))
    made = Atom1Feed(
        title=called,
        link=_absolute(urls.link("changes.page", udgave=None)),
        description="",
        language=reader.language,
        author_name="Områdekort",
        feed_url=_absolute(path(subject)),
        feed_guid=_id(f"feed of {request.host}", reader, subject),
    )
    for item in items:
        at = _at(item.as_of)
        made.add_item(
            title=_written(_ENTRY.in_(reader.language).format(item.day, item.sentences[0])),
            link=_absolute(item.page),
            description=_written(_html(item)),
            unique_id=_id(item.edition, reader, subject),
            pubdate=at,
            updateddate=at,
        )
    newest = _at(items[0].as_of if items else reader.edition.manifest.as_of)
    made.latest_post_date = lambda: newest  # without an entry it would be today, and no two answers the same
    out = io.BytesIO()
    made.write(out, "utf-8")
    return out.getvalue()


def _at(day: dt.date) -> dt.datetime:
    """The day of an edition's newest input as a moment: an edition knows no clock. At noon it is the same day in all of Europe."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def _html(item: NewsItem) -> str:
    lines = Markup("").join(Markup("<li>{}</li>").format(line) for line in item.lines)
    return str(Markup("<p>{}</p><ul>{}</ul>").format(" ".join(item.sentences), lines))


def _id(name: str, reader: Reader, subject: ChangeSubject) -> str:
    """The same for the same edition, subject and language, for ever."""
    of = "\n".join((name, subject.indicator, subject.area_set, subject.area_id, reader.language))
    return uuid.uuid5(_IDS, of).urn


def _absolute(address: str) -> str:
    return request.host_url.rstrip("/") + address


def _written(text: str) -> str:
    return _UNWRITTEN.sub("\N{REPLACEMENT CHARACTER}", text)
