"""Sending what waits: news are looked for where the edition that is shown is another one than somebody was told of, and letters leave.

One sender works at a time, in a process of its own (`omraadekort follow send`); pages only let letters wait.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit

from flask import Flask, request

from geo.errors import GeoError
from geo.files import locks
from geo.model.vocabulary import Audience
from webmap import mail, urls
from webmap.changes.news import NewsItem, between
from webmap.changes.subject import ChangeSubject
from webmap.edition import chosen, kept
from webmap.edition.reader import Reader
from webmap.follow import database, followers, letters, outbox
from webmap.follow.followers import Does, Followed, Follower
from webmap.follow.letters import Envelope, Letter
from webmap.follow.outbox import WaitingLetter
from webmap.follow.smtp import MailConnection, MailError
from webmap.language import wording
from webmap.settings import Settings

_log = logging.getLogger(__name__)
LOCK = ".sending"
"""The folder whose lock is held by whoever sends."""


@dataclass(frozen=True)
class SendReport:
    """What became of letters in one run, by a word each: sent, later, refused, unknown, given up. waiting: how many wait after it.

    problem: why the server takes none now, None when it does.
    """

    letters: Counter[str]
    waiting: int
    problem: MailError | None = None


@dataclass(frozen=True)
class Sender:
    """What a run of sending works with. clock: seconds since 1970. connect: gives a connection to the server.

    stopping: asked between two letters, whether the rest waits for another run.
    """

    app: Flask
    settings: Settings
    clock: Callable[[], float]
    connect: Callable[[], MailConnection]
    stopping: Callable[[], bool] = lambda: False
    items: dict[tuple[str, str, Followed, str], NewsItem | None] = field(default_factory=dict)
    """What was found out, so that it is put into words once for all who follow the same."""

    def run(self) -> SendReport:
        """Send what is due. Waits while another process sends. Raises FollowersError, and EditionError while no edition can be shown."""
        folder, made = self.settings.followers, Counter[str]()
        if not database.exists(folder):
            return SendReport(made, 0)
        problem = None
        with locks.held(folder / LOCK), database.kept_open(folder):
            self._settle(made)
            followers.forget_unconfirmed(folder, now=self.clock())
            self._plan()
            try:
                with self.connect() as connection:
                    for letter in outbox.waiting(folder, now=self.clock()):
                        if self.stopping():
                            break
                        self._send(letter, connection, made)
            except MailError as error:
                problem = error
                outbox.put_all_off(folder, now=self.clock())
        return SendReport(made, outbox.counts(folder)["waiting"], problem)

    def _settle(self, made: Counter[str]) -> None:
        """Letters that a killed sender had begun may have arrived: they are not sent again, and the log is told once."""
        for letter in outbox.begun(self.settings.followers):
            _log.warning("letter <%s> was begun by a sender that was stopped; it may have arrived, and is not sent again", letter.message)
            outbox.end(self.settings.followers, letter, "unknown")
            made["unknown"] += 1

    def _plan(self) -> None:
        """Let a letter wait for everybody whose subject differs between the edition they were told of and the one that is shown."""
        folder = self.settings.followers
        with page_of(self.app, self.settings, ""):
            now = chosen.shown().id
        outbox.drop_news_before(folder, now)
        waiting = sorted(followers.behind(folder, now), key=_alike)
        for _, alike in groupby(waiting, key=_alike):
            group = list(alike)
            if self._item(group[0], now):
                outbox.add_news(folder, group, now, now=self.clock())
            else:
                followers.pass_over(folder, group, now)

    def _item(self, follower: Follower, now: str) -> NewsItem | None:
        key = (follower.edition, now, follower.followed, follower.language)
        if key not in self.items:
            with page_of(self.app, self.settings, follower.language):
                self.items[key] = item(*key)
        return self.items[key]

    def _send(self, letter: WaitingLetter, connection: MailConnection, made: Counter[str]) -> None:
        """Send one letter. Raises MailError when the server takes none; the letter waits then."""
        folder, tokens = self.settings.followers, _tokens(letter)
        news = self._item(letter.follower, letter.edition) if letter.kind == "news" else None
        with page_of(self.app, self.settings, letter.follower.language):
            said = _letter(letter, tokens, news)
        if said is None:  # what it was about is no longer so
            outbox.end(folder, letter, "given up")
            return
        at = dt.datetime.fromtimestamp(self.clock(), dt.UTC)
        own = f"{secrets.token_hex(16)}@{urlsplit(self.settings.public_url).hostname}"
        sender = mail.sender(self.settings.mail_from)
        content = letters.written(said, Envelope(sender, letter.follower.address, own, at))
        if not outbox.begin(folder, letter, own, tokens):
            return
        try:
            delivery = connection.deliver(sender.addr_spec, letter.follower.address, content)
        except MailError:
            outbox.put_off(folder, letter, tokens.values(), now=self.clock(), counts=False)
            raise
        if delivery.how == "later" and letter.tries + 1 < outbox.TRIES:
            outbox.put_off(folder, letter, tokens.values(), now=self.clock(), counts=True)
        else:
            outbox.end(folder, letter, "given up" if delivery.how == "later" else delivery.how)
        if delivery.how != "sent":
            _log.warning("letter <%s>: %s (code %d)", own, delivery.how, delivery.code)
        made[delivery.how] += 1


@contextmanager
def page_of(app: Flask, settings: Settings, language: str) -> Iterator[None]:
    """Speak as a page of ours in a language: links are those that everybody follows, under `public_url`."""
    with app.test_request_context(f"{urls.prefix(language)}/", base_url=f"{settings.public_url}/"):
        yield


def named(reader: Reader, subject: ChangeSubject) -> str:
    """What somebody follows, "" for the whole city; an invented indicator is called so. Raises NotFoundError as `subject.name` does."""
    indicator = reader.edition.catalogue.indicator(subject.indicator)
    demo = f" ({wording.DEMO.in_(reader.language)})" if indicator and indicator.demo else ""
    return subject.name((reader.edition,), reader) + demo


def called(followed: Followed, language: str) -> str:
    """The same in the edition that is shown; its id when that does not have it. To be asked within a request."""
    try:
        return named(Reader(chosen.edition(chosen.current_id(), Audience.PUBLIC), language), ChangeSubject(*followed))
    except GeoError:
        return "/".join(part for part in followed if part)


def item(before: str, now: str, followed: Followed, language: str) -> NewsItem | None:
    """What changed of something between two editions, None for nothing. To be asked within a request.

    Where the older edition is kept no longer or was withdrawn, the one before the newer takes its place.
    """
    listed = kept.until(now)  # without those that were withdrawn
    if not listed or before == now:
        return None
    new, earlier = listed[-1], kept.before(now)
    old = next((each for each in kept.kept() if each.id == before), earlier)
    return between(old, new, Reader(chosen.edition(now, Audience.PUBLIC), language), ChangeSubject(*followed)) if old else None


def _alike(follower: Follower) -> tuple[str, Followed, str]:
    """What a letter depends on, whoever it is for."""
    return follower.edition, follower.followed, follower.language


def _tokens(letter: WaitingLetter) -> dict[Does, str]:
    """New secrets for the links of a letter."""
    return {"confirm" if letter.kind == "confirm" else "stop": followers.new_token()}


def _letter(letter: WaitingLetter, tokens: dict[Does, str], news: NewsItem | None) -> Letter | None:
    """What a letter says, None for news that are none any more. To be asked within a request."""
    follower, language = letter.follower, letter.follower.language
    name = called(follower.followed, language)
    if letter.kind == "confirm":
        return letters.confirming(name, language, _whole("follow.confirm", token=tokens["confirm"]))
    stop = _whole("follow.stop", token=tokens["stop"])
    if letter.kind == "known":
        return letters.already(name, language, stop)
    return letters.telling(news, name, language, page=_host() + news.page, stop=stop) if news else None


def _whole(view: str, **parts: str) -> str:
    return _host() + urls.link(view, **parts)


def _host() -> str:
    """Scheme and name of the server, before a path of ours, which has what comes after."""
    return f"{request.scheme}://{request.host}"
