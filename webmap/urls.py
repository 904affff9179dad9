"""What the address of a request says, and addresses of ours that keep it; and the settings of the running application."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from flask import current_app, g, has_request_context, request, url_for

from webmap.settings import Settings

DEMO: Final = "demo"
"""Parameter of an address: "1" shows demo data, "0" does not; without it, or with another word, the setting decides."""
DEMO_WORDS: Final = ("0", "1")
WHOLE: Final = frozenset({"reviews", "workroom", "drafts"})
"""Rooms, by their blueprints, in which people write and sign what rests on an edition: they all see the whole of it."""


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


_SWITCHLESS: Final = frozenset({"static", "drafts.bring", "drafts.work", "drafts.draft", "maps.leaflet_file", "maps.ground"})
"""Addresses that say nothing of demo data: what they give is the same."""


def demo_shown() -> bool:
    """Whether this request is shown demo data: as its address says, else as the setting does. In the rooms of WHOLE it always is."""
    return _whole(request.endpoint or "") or _wanted()


def demo_asked() -> bool:
    """Whether it is for the address of this request to say whether demo data are shown."""
    return not _whole(request.endpoint or "")


def keep_demo(endpoint: str, values: dict[str, Any]) -> None:
    """Let each address of ours that Flask makes keep the switch of demo data; for `Flask.url_defaults`.

    One that was given `demo` keeps it; None leaves it out.
    """
    if has_request_context() and endpoint not in _SWITCHLESS:
        word = _word(shown=_wanted()) if _whole(endpoint) else demo_word()
        if word:
            values.setdefault(DEMO, word)


def demo_word() -> str:
    """What addresses say so that they show demo data or not, as this request does; "" where they need not say it.

    Where the edition has none they say nothing. A page of WHOLE shows them, and so does what it leads to.
    """
    read = g.get("invented")
    if read is None or read.any:
        return _word(shown=_wanted() or bool(read and _whole(request.endpoint or "")))
    return ""


def _wanted() -> bool:
    said = request.args.get(DEMO, "")
    return said == "1" if said in DEMO_WORDS else settings().demo_shown


def demo_said(*, shown: bool) -> str | None:
    """What an address says to show demo data, or not to; None where the setting says the same."""
    return None if shown == settings().demo_shown else str(int(shown))


def _word(*, shown: bool) -> str:
    return demo_said(shown=shown) or ""


def _whole(endpoint: str) -> bool:
    return endpoint.removeprefix("en_").partition(".")[0] in WHOLE


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


def kept() -> dict[str, str]:
    """What the forms of our pages send along: the edition that the reader has pinned, and the switch of demo data."""
    given = {"udgave": pinned() if pinned().isalnum() else "", DEMO: demo_word()}
    return {name: value for name, value in given.items() if value}


def link(to: str, **parts: Any) -> str:
    """Address of a page, in the reader's language and in the edition the reader has pinned. to: `<blueprint>.<view>`."""
    kept = {"udgave": pinned()} if pinned().isalnum() else {}
    return url_for(endpoint(to, language()), **{**kept, **parts})


def here(*, udgave: str) -> str:
    """Address of this same page in another edition; "" for the current one."""
    return _here("udgave", udgave)


def with_demo(*, shown: bool) -> str:
    """Address of this same page with demo data, or without."""
    return _here(DEMO, demo_said(shown=shown) or "")


def _here(parameter: str, value: str) -> str:
    asked = [(name, given) for name, given in request.args.items(multi=True) if name != parameter]
    query = _in_order([*asked, (parameter, value)] if value else asked)
    path = f"{request.script_root}{request.path}"
    return f"{path}?{query}" if query else path


def other_language() -> str:
    """Address of this same page in the other language, with everything that its query string holds."""
    name = request.endpoint or ""
    other = name.removeprefix("en_") if language() == "en" else f"en_{name}"
    if other not in current_app.view_functions:
        return home("da" if language() == "en" else "en")
    query = _in_order(request.args.items(multi=True))
    return url_for(other, **{DEMO: None, **(request.view_args or {})}) + (f"?{query}" if query else "")


def _in_order(parameters: Iterable[tuple[str, str]]) -> str:
    """A query string whose parameters are sorted by name: pages that show the same are the same, byte for byte."""
    return urlencode(sorted(parameters, key=lambda pair: pair[0]))
