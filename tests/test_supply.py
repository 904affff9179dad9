"""What the program is made of: ages and licences of packages, notices of what is handed out, no secret in a file."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from webmap.app import create_app
from webmap.maps import links
from webmap.settings import Settings

ROOT = Path(__file__).parents[1]
TODAY = dt.date(2026, 11, 27)


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"requirements_{name}", ROOT / "requirements" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made  # dataclasses look their module up
    spec.loader.exec_module(made)
    return made


AGES, LICENCES = script("ages"), script("licences")


class _Index(BaseHTTPRequestHandler):
    """A package index with one project."""

    def do_GET(self) -> None:
        files = [
            {"filename": "Old_Thing-1.0.tar.gz", "upload-time": "2021-03-04T05:06:07Z"},
            {"filename": "old_thing-1.0-py3-none-any.whl", "upload-time": "2021-03-05T05:06:07Z"},
            {"filename": "old_thing-1.0.1-py3-none-any.whl", "upload-time": "2020-01-01T05:06:07Z"},
        ]
        content = json.dumps({"files": files}).encode() if self.path == "/simple/old-thing/" else b"nothing"
        self.send_response(200 if self.path == "/simple/old-thing/" else 404)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def index() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()


def test_the_age_of_a_release_is_that_of_its_first_file(index: str) -> None:
    assert AGES.published(index, "Old.Thing", "1.0") == dt.date(2021, 3, 4)
    assert AGES.published(index, "old-thing", "9.9") is None
    assert AGES.published(index, "nowhere", "1.0") is None


def test_what_is_older_than_allowed_is_told_apart() -> None:
    releases = [AGES.Release("new", "2", dt.date(2026, 11, 1)), AGES.Release("old", "1", dt.date(2021, 3, 4)), AGES.Release("x", "1", None)]
    lines = AGES.told(releases, TODAY, 1_095).splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["x", "old", "new"]
    assert "older than 1095 days: old" in lines
    assert "the index does not say when: x" in lines


def test_every_package_of_a_lock_is_asked_for() -> None:
    pins = dict(AGES.pinned((ROOT / "requirements" / "base.lock").read_text("utf-8")))
    assert {"flask", "geopandas", "xstatic-leaflet"} <= set(pins)
    assert pins["xstatic-leaflet"] == "1.9.3.0"


def test_a_package_without_a_licence_or_missing_from_the_list_is_told() -> None:
    listed = [
        {"name": "Flask", "licenses": [{"license": {"id": "BSD-3-Clause"}}]}, {"name": "odd", "licenses": []},
        {"name": "two", "licenses": [{"expression": "MIT OR Apache-2.0"}]}, {"name": "XStatic-Leaflet"},
    ]  # fmt: skip
    lines, missing = LICENCES.report(listed, 'flask==3 \\\n    --hash=x\nnumpy==2 \\\nonly-on-windows==1 ; sys_platform == "win32" \\\n')
    assert "BSD-3-Clause: flask" in lines
    assert missing == ["numpy: in the lock, not in the list", "odd: says no licence"]


def test_the_list_gets_the_hashes_of_the_lock_and_licences_said_elsewhere() -> None:
    one, two = "a" * 64, "b" * 64
    listed: list[dict[str, Any]] = [
        {"name": "Flask", "purl": "pkg:pypi/flask@3", "licenses": [{"expression": "MIT"}]},
        {"name": "XStatic-Leaflet", "purl": "pkg:pypi/xstatic-leaflet@1"},
    ]
    without = LICENCES.completed(
        listed, f"flask==3 \\\n    --hash=sha256:{one} \\\n    --hash=sha256:{two}\nnumpy==2 \\\n    --hash=sha256:{two}\n"
    )
    assert without == ["xstatic-leaflet: no hash in the lock"]
    (reference,) = listed[0]["externalReferences"]
    assert [entry["content"] for entry in reference["hashes"]] == [one, two]
    assert (reference["type"], reference["url"]) == ("distribution", "pkg:pypi/flask@3")
    assert LICENCES.licences(listed[1]) == "BSD-2-Clause"


def test_the_notices_name_what_is_handed_out_and_are_linked(tmp_path: Path) -> None:
    client = create_app(Settings(workspace=tmp_path)).test_client()
    text = client.get("/static/NOTICES.txt").get_data(as_text=True)
    assert f"Leaflet {links.LEAFLET_VERSION}" in text
    for words in (
        "Agafonkin",
        "THIS SOFTWARE IS PROVIDED BY",
        "Folium developers",
        "Libertinus",
        "Open Font License",
        "New Computer Modern",
        "DejaVu",
    ):
        assert words in text
    for path in ("/log-ind", "/en/log-ind"):
        assert "/static/NOTICES.txt" in client.get(path).get_data(as_text=True)


def test_a_secret_in_a_file_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "settings.py"
    planted.write_text(
        "oidc_" + "client_secret" + ' = "' + "q8Zr2LmN4vXw7KpT" + '"\nkey = "' + "AKIA" + "IOSFODNN7ABCDEFG" + '"\n', "utf-8"
    )
    program = [Path(sys.executable).with_name("detect-secrets-hook"), "--baseline", ROOT / "requirements" / "secrets.json"]
    assert subprocess.run([*program, planted], cwd=ROOT, capture_output=True, check=False).returncode == 1
    clean = tmp_path / "clean.py"
    clean.write_text('name = "omraadekort"\n', "utf-8")
    assert subprocess.run([*program, clean], cwd=ROOT, capture_output=True, check=False).returncode == 0
