"""Asking a real server as a browser does: a cookie, the token of its forms, signing in and saying what for."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urlsplit

from tests.readers.served import status
from tests.readers.signed import PASSWORD as OF_ACCOUNTS
from webmap.access.store import sessions

PASSWORD: Final = OF_ACCOUNTS
_TOKEN: Final = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
_VERSION: Final = re.compile(r'name="base" value="(\d+)"')
PURPOSES: Final = {"staff": "staff-kontrol", "ssp": "ssp-indsats"}
"""A purpose that the form takes, by the part of an edition."""


@dataclass
class Visitor:
    """A browser at a server's port. cookie: the id of its session, "" before it has one.

    address: where it says that it is, to a server that has a proxy in front of it.
    """

    port: int
    cookie: str = ""
    address: str = ""
    moved: str = field(default="", init=False)
    """Where the last answer sends it."""
    etag: str = field(default="", init=False)
    """The ETag of the last answer."""

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        """The status of an answer and its text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        if self.address:
            sent["X-Forwarded-For"] = self.address
        if self.cookie:
            sent["Cookie"] = f"{sessions.COOKIE}={self.cookie}"
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(form) if form is not None else None, sent)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        self._take(answer.headers.get_all("Set-Cookie") or [])
        self.moved, self.etag = answer.headers.get("Location", ""), answer.headers.get("ETag", "")
        return answer.status, text

    def _take(self, given: list[str]) -> None:
        for line in given:
            name, _, rest = line.partition("=")
            if name == sessions.COOKIE:
                self.cookie = rest.partition(";")[0]

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """The status of a page and its text."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, page: str, **fields: str) -> tuple[int, str]:
        """Send a form with the token that another page holds."""
        return self.ask("POST", path, {"csrf": token(self.get(page)[1]), **fields})

    def sign_in(self, name: str, password: str, *, audience: str = "") -> tuple[int, str]:
        """Sign in, and look with a part of the edition if one is named; the first answer that is none to that."""
        answer = self.post("/log-ind", "/log-ind", navn=name, adgangskode=password)
        if answer[0] != 302 or not audience:
            return answer
        return self.post("/formaal", "/formaal", rolle=audience, formaal=PURPOSES[audience])

    def inside(self) -> bool:
        """Whether somebody is signed in with this cookie: others are sent away from the page where one says what for."""
        return self.copy().get("/formaal")[0] == 200

    def goes_to(self) -> str:
        """The path and query of where the last answer sends it."""
        parts = urlsplit(self.moved)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def tag(self, path: str) -> str:
        """The ETag of a page, "" when it has none."""
        self.get(path)
        return self.etag

    def copy(self) -> Visitor:
        """Another browser that holds the same cookie: a thief's."""
        return Visitor(self.port, self.cookie, self.address)


def token(page: str) -> str:
    """The token that the forms of a page hold, "" when it has none."""
    held = _TOKEN.search(page)
    return held[1] if held else ""


def version(page: str) -> int:
    """The version of a page of the review room that its form is made on, 0 when it has none."""
    held = _VERSION.search(page)
    return int(held[1]) if held else 0


def public(port: int) -> Iterator[str]:
    """What is wrong with the pages that everybody may see, asked often enough that each worker answers."""
    for path in ("/om", "/", "/data", "/healthz", "/livez") * 2:
        if (code := status(port, path)) != 200:
            yield f"{path} answers {code}"
