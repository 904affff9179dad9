"""Requests as granian hands them to an RSGI application, without a server: a scope, and a protocol that keeps what was answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from webmap.serving.rsgi import RsgiApplication


@dataclass(frozen=True)
class AskedScope:
    """One request. headers: names in small letters, as granian has them."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    query_string: str = ""
    client: str = "10.0.0.1:50000"
    server: str = "127.0.0.1:8000"
    scheme: str = "http"
    http_version: str = "1.1"
    proto: str = "http"
    authority: str | None = None


@dataclass
class KeptProtocol:
    """What was answered. body: what the client sends, None for one that never does. read: whether it was asked for."""

    body: bytes | None = b""
    read: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    part: int = 65_536

    async def __call__(self) -> bytes:
        self.read = True
        if self.body is None:
            await asyncio.get_running_loop().create_future()
        assert self.body is not None
        return self.body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in parts, as granian gives it to who does not want it whole."""
        self.read = True
        if self.body is None:
            await asyncio.get_running_loop().create_future()
        assert self.body is not None
        for start in range(0, len(self.body), self.part):
            yield self.body[start : start + self.part]

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        assert not self.status
        self.status, self.headers, self.content = status, {name.lower(): value for name, value in headers}, body


def asked(application: RsgiApplication, path: str, **scope: Any) -> KeptProtocol:
    """Ask for one page."""
    return asyncio.run(ask(application, path, **scope))


async def ask(application: RsgiApplication, path: str, body: bytes | None = b"", **scope: Any) -> KeptProtocol:
    """Ask for one page in a running loop. A body is sent with its length unless the headers say otherwise."""
    protocol = KeptProtocol(body)
    headers = {"host": "localhost:8000"} | scope.pop("headers", {})
    if scope.get("method") == "POST" and "transfer-encoding" not in headers:
        headers = {"content-length": str(len(body or b"") or 100), "content-type": "application/x-www-form-urlencoded"} | headers
    path, _, query = path.partition("?")
    await application.__rsgi__(AskedScope(path, headers=headers, query_string=query, **scope), protocol)  # type: ignore[arg-type]  # stand in for granian's
    return protocol
