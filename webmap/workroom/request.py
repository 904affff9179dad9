"""What a request of the workroom brings: where the drafts lie, who asks, when, and the queue of work; and what its pages all say."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, abort, current_app

from geo.drafts import desk, kept
from geo.drafts.draft import Actor, Draft, TaskKind
from geo.errors import DraftError, GeoError, Problem
from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import Field, may, user
from webmap.workroom import queue, refusals, texts
from webmap.workroom.queue import WorkQueue

blueprint: Final = Blueprint("workroom", __name__)
"""The addresses of the room; `pages` and the folders beside it give it their views."""

_QUEUE: Final = "omraadekort.work"
_PATIENCE: Final = 20.0
"""Seconds that a change of a draft waits for its reading to be stopped: the worker gives it twice three to end, and more when busy."""
_LOOK: Final = 0.1


def drafts() -> Path:
    """The folder of all drafts."""
    return urls.settings().workspace / kept.FOLDER


def publications() -> Path:
    """The folder of what was published."""
    return urls.settings().workspace / kept.PUBLICATIONS


def folder(id: str) -> Path:
    """The folder of a draft. Raises NotFoundError when there is none of that id."""
    return kept.folder_of(drafts(), id)


def read(id: str) -> Draft:
    """A draft. Raises NotFoundError when there is none of that id, DraftError when its file is damaged."""
    return kept.read(folder(id))


def actor() -> Actor:
    """Who asks. Aborts with 401 when nobody is signed in."""
    person = user()
    if person is None:
        abort(401)
    return Actor(id=person.id, name=person.name)


def now() -> dt.datetime:
    """The moment of asking, in UTC."""
    return dt.datetime.now(dt.UTC)


def waiting() -> WorkQueue:
    """The queue of work of this application."""
    made: WorkQueue | None = current_app.extensions.get(_QUEUE)
    if made is None:
        made = current_app.extensions[_QUEUE] = queue.of(urls.settings())
    return made


def ask(id: str, kind: TaskKind, *, reason: str = "") -> Draft:
    """Ask for work on a draft, and put it on the queue. Raises DraftError when it cannot be done with the draft as it stands."""
    two_people = urls.settings().publish_two_people
    queue_of_work = waiting()
    draft = desk.ask(drafts(), id, kind, by=actor(), at=now(), reason=reason, two_people=two_people)
    _put(queue_of_work, id)
    return draft


def ask_roll_back(id: str, reason: str) -> Draft:
    """Ask for the publication of a draft to be taken back, and put it on the queue. Raises DraftError when it cannot be."""
    queue_of_work = waiting()
    draft = desk.ask_roll_back(drafts(), id, reason, by=actor(), at=now())
    _put(queue_of_work, id)
    return draft


def _put(queue_of_work: WorkQueue, id: str) -> None:
    """Put a draft on the queue; where that fails, nothing waits for work that nobody will do."""
    try:
        queue_of_work.add(id)
    except DraftError:
        kept.change(folder(id), lambda draft: kept.stopped(draft, "cancelled"))
        raise


def read_again(id: str) -> Draft:
    """Let a draft be read again after it was changed."""
    return ask(id, "read")


def stop_reading(id: str) -> None:
    """Stop the reading of a draft, so that it can be changed: it is read again afterwards. A rehearsal is not stopped like this."""
    draft = read(id)
    if draft.task is None or not draft.working or draft.task.kind != "read":
        return
    end = time.monotonic() + _PATIENCE
    if not draft.task.cancelling:
        desk.cancel(drafts(), id)
    while read(id).working and time.monotonic() < end:
        time.sleep(_LOOK)


def take_hold(id: str) -> None:
    """Stop the reading of a draft before something is brought to it. Raises DraftError while other work on it goes on."""
    stop_reading(id)
    if read(id).working:
        raise DraftError(Problem("", "work on the draft is going on", expected="it to end, or to be stopped"))


def refused(error: GeoError | None) -> list[Text]:
    """What an error says, in both languages; nothing without an error."""
    return [refusals.sentence(problem) for problem in error.problems] if error else []


def choices() -> dict[str, Any]:
    """What every template of the room may use."""
    language = urls.language()
    return {
        "moment": lambda at: texts.moment(at, language, now=now()), "size": lambda count: texts.size(count, language),
        "may_see_ssp": may(Field.SSP, "workroom"), "two_people": urls.settings().publish_two_people,
    }  # fmt: skip
