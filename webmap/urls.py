"""What the address of a request says, and addresses of ours that keep it; and the settings of the running application."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, has_request_context, request, url_for

from webmap.settings import Settings


def settings() -> Settings:
    """Settings of the running application."""
    settings_of_app: Settings = current_app.extensions["omraadekort"]
    return settings_of_app


@lru_cache(maxsize=1)
def program() -> str:
    """A mark of the program that writes the pages: it changes with any of its files, so that what was kept of an older one is not used."""
    folder, mark = Path(__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            mark.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return mark.hexdigest()[:12]


def pinned() -> str:
    """Edition id that the address pins, or ""; so too on the page that says that it is not here."""
    return "" if g.get("unpinned") else request.args.get("udgave", "")


def unpin() -> None:
    """Let the links of this answer lead to the current edition, because the one that the address pins is not here."""
    g.unpinned = True


def language() -> str:
    """Return "en" on the English addresses, else "da"."""
    if not has_request_context():
        return "da"
    return "en" if request.path == "/en" or request.path.startswith("/en/") else "da"


def prefix(of: str) -> str:
    """What the paths of our pages begin with in a language: English ones lie under `/en`."""
    return "/en" if of == "en" else ""


def endpoint(view: str, of: str) -> str:
    """Name of a view in a language: the English ones are the same, registered once more. view: `<blueprint>.<view>`."""
    return f"en_{view}" if of == "en" else view


def home(of: str) -> str:
    """Path of the front page in a language."""
    return f"{request.script_root}{prefix(of)}/"


def link(to: str, **parts: Any) -> str:
    """Address of a page, in the reader's language and in the edition the reader has pinned. to: `<blueprint>.<view>`."""
    kept = {"udgave": pinned()} if pinned().isalnum() else {}
    return url_for(endpoint(to, language()), **{**kept, **parts})


def here(*, udgave: str) -> str:
    """Address of this same page in another edition; "" for the current one."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "udgave"]
    query = _in_order([*asked, ("udgave", udgave)] if udgave else asked)
    path = f"{request.script_root}{request.path}"
    return f"{path}?{query}" if query else path


def other_language() -> str:
    """Address of this same page in the other language, with everything that its query string holds."""
    name = request.endpoint or ""
    other = name.removeprefix("en_") if language() == "en" else f"en_{name}"
    if other not in current_app.view_functions:
        return home("da" if language() == "en" else "en")
    query = _in_order(request.args.items(multi=True))
    return url_for(other, **(request.view_args or {})) + (f"?{query}" if query else "")


def _in_order(parameters: Iterable[tuple[str, str]]) -> str:
    """A query string whose parameters are sorted by name: pages that show the same are the same, byte for byte."""
    return urlencode(sorted(parameters, key=lambda pair: pair[0]))
