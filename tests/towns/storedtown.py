"""The web town with its pages stored, and an application that says what it left to Flask."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import brotli
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import TestResponse

from geo.editions.edition import Edition
from omraadekort import storing
from tests.towns import webtown
from webmap.app import create_app
from webmap.serving import pagestore, stored
from webmap.settings import Settings


@dataclass(frozen=True)
class Town:
    settings: Settings
    edition: Edition
    made: storing.Made


def publish(workspace: Path) -> Settings:
    """The web town's edition, of which nothing is stored yet."""
    settings = Settings(workspace=workspace)
    webtown.publish(settings.editions)
    return settings


def store(workspace: Path) -> Town:
    """The web town with its pages stored."""
    settings = Settings(workspace=workspace)
    return Town(settings, webtown.publish(settings.editions), storing.make(settings))


def copied(town: Town, workspace: Path) -> Town:
    """The same town, edition and stored pages in a workspace of its own."""
    shutil.copytree(town.settings.workspace, workspace)
    folder = workspace / town.made.folder.relative_to(town.settings.workspace)
    return Town(replace(town.settings, workspace=workspace), town.edition, replace(town.made, folder=folder))


def stored_app(settings: Settings) -> tuple[Flask, list[str]]:
    """The application behind its store, and the paths that were left to Flask."""
    app, passed = create_app(settings), list[str]()
    inside = app.wsgi_app if isinstance(app.wsgi_app, ProxyFix) else None
    render = inside.app if inside else app.wsgi_app

    def counted(environ: dict[str, object], start_response: Callable[..., object]) -> object:
        passed.append(str(environ["PATH_INFO"]))
        return render(environ, start_response)  # type: ignore[arg-type]

    if inside:
        inside.app = counted  # type: ignore[assignment]
    else:
        app.wsgi_app = counted  # type: ignore[method-assign, assignment]
    stored.serve_stored(app, settings)
    return app, passed


def addresses(town: Town) -> list[str]:
    found = pagestore.read(town.made.folder)
    return [f"{path}?{query}" if query else path for path, query in found.answers]


def headers_of(answer: TestResponse, *, but: frozenset[str] = frozenset()) -> set[tuple[str, str]]:
    return {(name, value) for name, value in answer.headers if name.lower() not in but | {"date"}}


def plain(answer: TestResponse) -> bytes:
    open_up = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    return open_up[answer.headers.get("Content-Encoding", "")](answer.data)
