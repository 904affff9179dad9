"""Files on their way in: written to the disk of the workspace as they come, within limits, of those alone who may bring them."""

from __future__ import annotations

import hashlib
import io
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from geo.files.workspace import Workspace
from tests.readers.rsgi import KeptProtocol, asked
from tests.readers.signed import cookie, staff, token
from tests.towns.drafttown import app_of, begin, data_person, draft_of, write
from webmap.access.store import sessions
from webmap.serving import bodies, rsgi, stored
from webmap.serving.bodies import BodyLimit
from webmap.serving.rsgi import RsgiApplication

LARGE = b"navn;tal\n" * 100_000
"""0.9 MB."""


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return write(tmp_path)


@pytest.fixture
def application(place: Workspace) -> RsgiApplication:
    app = app_of(place, upload_mb=1)
    stored.serve_stored(app, app.extensions["omraadekort"])
    return RsgiApplication(app)


def sent(application: RsgiApplication, client: FlaskClient, id: str, body: bytes | None, **headers: str) -> KeptProtocol:
    given = {"cookie": f"{sessions.COOKIE}={cookie(client)}", "content-type": "application/octet-stream", **headers}
    path = f"/api/v1/drafts/{id}/files?{urlencode({'name': 'stor æ.csv'})}"
    return asked(application, path, method="POST", body=body, headers=given)


def test_a_file_is_written_as_it_comes_and_is_what_was_sent(
    place: Workspace, application: RsgiApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = data_person(application._app)
    own = begin(dana, place)
    places = []
    made = tempfile.TemporaryFile

    def noted(**where: Path) -> IO[bytes]:
        places.append(where["dir"])
        return made(**where)

    monkeypatch.setattr(rsgi.tempfile, "TemporaryFile", noted)
    answer = sent(application, dana, own, LARGE, **{"x-csrf-token": token(dana.get(f"/arbejdsrum/{own}"))})
    assert answer.status == 201, answer.content
    [file] = draft_of(place, own).files
    assert (file.name, file.bytes, file.sha256) == ("stor æ.csv", len(LARGE), hashlib.sha256(LARGE).hexdigest())
    assert places == [place.folder / "drafts" / ".coming"]


def test_nothing_is_left_of_what_is_too_large_or_never_comes(
    place: Workspace, application: RsgiApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = data_person(application._app)
    own = begin(dana, place)
    key = {"x-csrf-token": token(dana.get(f"/arbejdsrum/{own}"))}
    long = sent(application, dana, own, b"x", **key, **{"content-length": "1200000"})
    assert (long.status, long.read) == (413, False)
    lying = sent(application, dana, own, b"x" * 1_200_000, **key, **{"content-length": "5"})
    assert lying.status == 413
    monkeypatch.setitem(bodies.LIMITS, "workroom.files", BodyLimit(0, seconds=0.05, to_disk=True))
    assert sent(application, dana, own, None, **key, **{"content-length": "5"}).status == 408
    assert not draft_of(place, own).files
    assert not list((place.folder / "drafts" / ".coming").iterdir())


def test_the_file_of_a_stranger_is_not_read_and_that_of_a_colleague_not_kept(place: Workspace, application: RsgiApplication) -> None:
    own = begin(data_person(application._app), place)
    stranger = sent(application, application._app.test_client(), own, None, **{"content-length": "5"})
    assert (stranger.status, stranger.read) == (401, False)
    assert sent(application, staff(application._app), own, b"a;b\n1;2\n").status == 403
    without_token = sent(application, data_person(application._app), own, b"a;b\n1;2\n")
    assert without_token.status == 400
    assert not draft_of(place, own).files


@pytest.mark.parametrize("path", ["/om", "/log-ind"])
def test_other_pages_write_nothing_to_the_disk(place: Workspace, application: RsgiApplication, path: str) -> None:
    application._app.test_client().post(path, data={"fil": (io.BytesIO(b"x"), "x")}, content_type="multipart/form-data")
    assert not (place.folder / "drafts" / ".coming").exists()
