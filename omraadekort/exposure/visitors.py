"""Who asks: a copy of an edition in a folder of its own with an application before it, and a client of one audience in it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Flask, Request, request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

from geo.editions import edition as editions
from geo.model.vocabulary import Audience
from webmap.access import User
from webmap.access.current import AccessService
from webmap.access.people import ROLE_OF_AUDIENCE
from webmap.access.store import sessions
from webmap.app import create_app
from webmap.reviews.store import database, rounds
from webmap.reviews.store.rounds import Author
from webmap.settings import Settings

PURPOSE: Final = "audit"
_NAME: Final = "audit"
_TOKEN: Final = re.compile(rb'name="csrf" value="[0-9a-f]{64}"')
"""What differs between two sessions of the same person and says nothing of a figure."""


@dataclass(frozen=True)
class Reply:
    """One answer of the service."""

    address: str
    status: int
    media: str
    body: bytes

    @property
    def same(self) -> tuple[int, str, bytes]:
        """What two readers of the same figures must be given alike."""
        return self.status, self.media, _TOKEN.sub(b"", self.body)


@dataclass(frozen=True)
class Visitor:
    """A client of one audience. asked: parameters that the views looked for in the query, by endpoint."""

    app: Flask
    client: FlaskClient
    asked: dict[str, set[str]]

    def ask(self, address: str) -> Reply:
        """Ask for an address as it is; where it redirects, the answer is what it leads to."""
        answer = self.client.get(address, follow_redirects=True)
        return Reply(address, answer.status_code, answer.mimetype or "", answer.get_data())


def visit(  # noqa: PLR0913 - what is copied, for whom, when
    settings: Settings, id: str, audience: Audience, folder: Path, *, parts: Collection[Audience], clock: float, older: Iterable[str] = ()
) -> Visitor:
    """Copy an edition with these parts alone into a folder, and open the service on it for somebody of an audience.

    settings: those of the workspace that the edition lies in; what they say of accounts, tiles and databases is left aside.
    clock: seconds since 1970, which do not pass. older: editions to compare with, copied alike.
    """
    for name in (id, *older):
        others = shutil.ignore_patterns(*(part.value for part in Audience if part not in parts))
        shutil.copytree(settings.editions / name, folder / "editions" / name, ignore=others)
    (folder / "editions" / "current").write_text(id + "\n", encoding="utf-8")
    own = replace(Settings(workspace=folder, demo_shown=True), tile_url=settings.tile_url, tile_attribution=settings.tile_attribution)
    app = create_app(own, clock=lambda: clock)
    asked = _listening(app)
    if audience is Audience.STAFF:
        _open_round(own, id, clock)
    return Visitor(app, _signed_in(app, audience), asked)


def _signed_in(app: Flask, audience: Audience) -> FlaskClient:
    client = app.test_client()
    if audience not in ROLE_OF_AUDIENCE:
        return client
    service: AccessService = app.extensions["omraadekort.access"]
    session = sessions.Session()
    person = User(f"{_NAME}:{audience.value}", _NAME, frozenset({ROLE_OF_AUDIENCE[audience]}))
    sessions.sign_in(service.store, session, person, now=service.clock())
    sessions.choose(service.store, session, audience, PURPOSE)
    client.set_cookie(sessions.COOKIE, session.id, secure=True, httponly=True, samesite="Lax")
    return client


def _open_round(settings: Settings, id: str, clock: float) -> None:
    """Open a round of reviews in the copy, so that its pages have figures to show."""
    url, today = settings.reviews_address, dt.datetime.fromtimestamp(clock, dt.UTC).date()
    (settings.workspace / "reviews").mkdir(parents=True, exist_ok=True)
    database.upgrade(url)
    read = editions.read(settings.editions, id, Audience.STAFF)
    who = Author(f"{_NAME}:{Audience.STAFF.value}", _NAME, rounds.stamp(dt.datetime.fromtimestamp(clock, dt.UTC)))
    with database.writing(url) as session:
        left = rounds.past(session)
        agreed = rounds.pages(read, left, today=today)
        rounds.start(session, rounds.half_year(today), edition_id=id, left=left, agreed=agreed, who=who)


def _listening(app: Flask) -> dict[str, set[str]]:
    """Let an application note which parameters its views look for, by endpoint; returns where they are noted."""
    asked: dict[str, set[str]] = {}

    class Noted(ImmutableMultiDict[str, str]):
        def get(self, key: str, *more: Any, **options: Any) -> Any:
            _note(key)
            return super().get(key, *more, **options)

        def getlist(self, key: str, *more: Any, **options: Any) -> Any:
            _note(key)
            return super().getlist(key, *more, **options)

        def __getitem__(self, key: str) -> str:
            _note(key)
            return super().__getitem__(key)

        def __contains__(self, key: object) -> bool:
            _note(str(key))
            return super().__contains__(key)

    def _note(key: str) -> None:
        if request and request.endpoint:
            asked.setdefault(request.endpoint.removeprefix("en_"), set()).add(key)

    class NotedRequest(Request):
        @cached_property
        def args(self) -> Noted:
            return Noted(parse_qsl(self.query_string.decode("utf-8", "replace"), keep_blank_values=True))

    app.request_class = NotedRequest
    return asked
