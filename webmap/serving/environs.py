"""A request as granian's RSGI gives it, made into the environment that WSGI applications read (PEP 3333)."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from granian.rsgi import Scope

_NAMED_OTHERWISE = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def environ(scope: Scope) -> WSGIEnvironment:
    """The environment of a request, its body empty. Paths that are not UTF-8 hold U+FFFD, which no page's address does."""
    server, _, port = scope.server.rpartition(":")
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}" if "." in scope.http_version else f"HTTP/{scope.http_version}.0",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = _NAMED_OTHERWISE.get(name) or "HTTP_" + name.upper().replace("-", "_")
        made[key] = made[key] + (";" if name == "cookie" else ",") + value if key in made else value
    if "HTTP_HOST" not in made:
        made["HTTP_HOST"] = scope.authority or ""
    return made
