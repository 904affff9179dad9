"""The toy town with one edition, as a workspace in which drafts are begun in the browser; its worker is called by the test."""

from __future__ import annotations

import io
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo import pipeline
from geo.drafts import kept, working
from geo.drafts.draft import Draft
from geo.files.workspace import Workspace
from tests.readers.signed import Clock, sign_in, token
from tests.towns import toytown
from webmap.access import Role
from webmap.app import create_app
from webmap.settings import Settings

HEADER = "indicator,area_set,area_id,period,value,low,high,n,numerator,denominator,status,source,locator,note"
NEW = f"{HEADER}\ntryg,square,0104,2013,90,,,100,,,final,survey,,\n"
"""One new figure: the square in the north-east, 2013, 90 percent of 100 answers."""
STRANGE = "Omraade,2013\nSydvst,81\nSydost,44\n"
"""A table that no profile knows, with names of areas that are spelt wrongly."""


def write(folder: Path) -> Workspace:
    """The toy town with its edition."""
    place = toytown.write(folder)
    pipeline.build(place)
    return place


def app_of(place: Workspace, **settings: object) -> Flask:
    """The application of a town, with a clock that stands still."""
    return create_app(Settings(workspace=place.folder, **settings), clock=Clock())


def data_person(app: Flask, name: str = "dana") -> FlaskClient:
    """A client of somebody who answers for the data."""
    return sign_in(app, Role.DATA, name=name)


def work(place: Workspace, id: str) -> Draft:
    """Do the work that a draft waits for, as the worker beside the server does."""
    return working.run(place, id, store=lambda _edition: None)


def draft_of(place: Workspace, id: str) -> Draft:
    """A draft as it is kept."""
    return kept.read(kept.folder_of(place.folder / kept.FOLDER, id))


def begin(client: FlaskClient, place: Workspace, title: str = "Ny måling") -> str:
    """Begin a draft in the browser, and let the catalogue be read into it; its id."""
    answer = client.post("/arbejdsrum", data={"csrf": token(client.get("/arbejdsrum")), "title": title})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    own = re.search(r"/arbejdsrum/([0-9a-f]{12})", answer.headers["Location"])
    assert own
    work(place, own[1])
    return own[1]


def send(client: FlaskClient, id: str, path: str, **fields: object) -> TestResponse:
    """Send a form of a draft's page."""
    return client.post(f"/arbejdsrum/{id}/{path}", data={"csrf": token(client.get(f"/arbejdsrum/{id}")), **fields})


def bring(client: FlaskClient, id: str, *files: tuple[str, str]) -> TestResponse:
    """Bring files in the form that works without script."""
    page = client.get(f"/arbejdsrum/{id}")
    uploads = [(io.BytesIO(text.encode()), name) for name, text in files]
    return client.post(f"/arbejdsrum/{id}/filer", data={"csrf": token(page), "fil": uploads}, content_type="multipart/form-data")


def rehearsed(client: FlaskClient, place: Workspace, *files: tuple[str, str]) -> str:
    """A draft with files that was read and rehearsed; its id."""
    own = begin(client, place)
    assert bring(client, own, *files).status_code == 303
    work(place, own)
    assert send(client, own, "arbejde", hvad="rehearse").status_code == 303
    draft = work(place, own)
    assert draft.ready, draft.task
    return own
