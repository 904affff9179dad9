"""Make the stored pages of an edition: every public address is asked for once, as a browser would, and kept in three encodings."""

from __future__ import annotations

import gzip
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import brotli
from flask import Flask
from werkzeug.test import TestResponse

from geo.editions import condition
from geo.editions import edition as editions
from geo.errors import EditionError
from geo.files import locks
from omraadekort import crawl
from webmap.app import create_app
from webmap.serving import pagestore
from webmap.serving.pagestore import Variant, Variants
from webmap.settings import Settings

MOST: Final = 20_000
"""Addresses that are stored at most; what lies beyond is rendered when it is asked for."""

Progress = Callable[[str, int, int], None]
"""Called as (what is being done, pages done, pages in all or 0 when nobody knows yet)."""

_BROTLI: Final = 9
"""A tenth larger than level 11, at a tenth of its time."""
_GZIP: Final = (9, 6)
"""The best level is a byte behind the one of rendered pages now and then: the shorter is stored."""
_AHEAD: Final = 64
"""Answers that wait for their compression at most, so that memory stays small."""


@dataclass(frozen=True)
class Made:
    """What was stored. failed: addresses that our own pages lead to and that answer neither with a page nor with a redirect."""

    folder: Path
    pages: int
    bytes: int
    failed: tuple[str, ...]


def make(settings: Settings, edition: str = "", *, most: int = MOST, progress: Progress = lambda _what, _done, _all: None) -> Made:
    """Store the public pages of an edition, "" for the one that is shown, as they are when that edition is current.

    The store appears in one step. Raises EditionError when there is no such edition or it cannot be shown.
    """
    wanted = edition or condition.shown(settings.editions).id
    if wrong := condition.examine(settings.editions / wanted).problem:
        raise EditionError(wrong)
    target, failed = pagestore.folder(settings, wanted), list[str]()
    with locks.held(settings.pages), tempfile.TemporaryDirectory() as stage:
        locks.sweep(settings.pages)
        app = create_app(_staged(settings, wanted, Path(stage)))
        made = _compressed(_counted(_good(app, most=most, failed=failed), progress), app)
        pagestore.write(target, wanted, made)
    pagestore.tidy(settings.pages)
    stored = pagestore.read(target)
    return Made(target, len(stored.answers), len(stored.bodies), tuple(failed))


def keep(settings: Settings, edition: str) -> None:
    """See to it that an edition has stored pages, before it is shown. Raises as `make` does."""
    if not pagestore.folder(settings, edition).exists():
        make(settings, edition)


def _staged(settings: Settings, edition: str, stage: Path) -> Settings:
    """Settings under which the edition is the current one, whatever the workspace shows now."""
    staged = replace(settings, workspace=stage, allowed_hosts=("localhost",), proxies=0)
    staged.editions.mkdir()
    for path in settings.editions.iterdir():
        if (path / "manifest.json").is_file():
            (staged.editions / path.name).symlink_to(path.resolve(), target_is_directory=True)
        elif path.name == condition.WITHDRAWN:
            (staged.editions / path.name).symlink_to(path.resolve())
    editions.point(staged.editions, edition)
    return staged


def _good(app: Flask, *, most: int, failed: list[str]) -> Iterator[TestResponse]:
    """Pages and files that may be stored: public, the same for everybody. A redirect costs nothing to make, and is not stored."""
    client = app.test_client()
    for address, answer in crawl.answers(client.get, most=most):
        if answer.status_code >= 400:
            failed.append(f"{answer.status_code} {address}")
        elif answer.status_code == 200 and _public(answer):
            yield answer


def _public(answer: TestResponse) -> bool:
    kept = answer.cache_control
    return "Set-Cookie" not in answer.headers and not (kept.no_store or kept.private)


def _counted(answers: Iterator[TestResponse], progress: Progress) -> Iterator[TestResponse]:
    for done, answer in enumerate(answers):
        progress("storing pages", done, 0)
        yield answer


def _compressed(answers: Iterator[TestResponse], app: Flask) -> Iterator[Variants]:
    """Compress in threads, which run beside the rendering, and give the answers in the order they came."""
    kinds, smallest = frozenset(app.config["COMPRESS_MIMETYPES"]), int(app.config["COMPRESS_MIN_SIZE"])
    with ThreadPoolExecutor() as pool:
        waiting: deque[Future[Variants]] = deque()
        for answer in answers:
            waiting.append(pool.submit(_stored, answer, compressed=answer.mimetype in kinds and len(answer.get_data()) >= smallest))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        for address in waiting:
            yield address.result()


def _stored(answer: TestResponse, *, compressed: bool) -> Variants:
    """The answer in every encoding, with the headers that Flask-Compress would have given it."""
    body, asked = answer.get_data(), answer.request.environ
    headers = tuple((name, value) for name, value in answer.headers if name.lower() != "date")
    variants = [Variant("", headers, body)]
    if compressed:
        variants.append(_encoded(variants[0], "br", brotli.compress(body, quality=_BROTLI)))
        variants.append(_encoded(variants[0], "gzip", min((gzip.compress(body, level, mtime=0) for level in _GZIP), key=len)))
    return Variants((asked["PATH_INFO"], pagestore.in_order(asked["QUERY_STRING"])), answer.status, tuple(variants))


def _encoded(plain: Variant, encoding: str, body: bytes) -> Variant:
    headers = []
    for name, value in plain.headers:
        if name == "Content-Length":
            headers.append((name, str(len(body))))
        elif name == "ETag" and not value.startswith("W/"):
            headers.append((name, f'"{value.strip(chr(34))}:{encoding}"'))
        else:
            headers.append((name, value))
    return Variant(encoding, (*headers, ("Content-Encoding", encoding)), body)
