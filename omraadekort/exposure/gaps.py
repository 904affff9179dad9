"""What the lists of routes leave out: pages that neither list names, and parameters that no ask gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Flask
from werkzeug.routing import Rule

from omraadekort.exposure.routes import SHOWN
from omraadekort.exposure.silent import SILENT

ENGLISH: Final = "en_"


UNASKED: Final[Mapping[str, frozenset[str]]] = {
    # how long the answer may be kept, not what it says
    **dict.fromkeys(("maps.ground", "maps.orientation", "maps.layer", "maps.values"), frozenset({"v"})),
    "reviews.page": frozenset({"ny", "efter"}),  # an empty row to write in, and that the page was saved
}
"""Parameters that a view looks for and that change no figure."""


_EVERYWHERE: Final = frozenset({"udgave", "next", "q", "demo"})
"""Parameters that the frame of every page looks for, whatever the view; every page is asked with `udgave` and `demo` too."""


def page_of(rule: Rule) -> str:
    """The page that a rule leads to, whichever the language."""
    return str(rule.endpoint).removeprefix(ENGLISH)


def unlisted(app: Flask) -> list[str]:
    """Pages of the application that neither list names, sorted."""
    return sorted({page_of(rule) for rule in app.url_map.iter_rules()} - {*SHOWN} - {*SILENT})


def ungiven(asked: Mapping[str, set[str]], given: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Parameters that a view looked for and that no ask gave: page and name, sorted."""
    return sorted(
        (page, name)
        for page, names in asked.items()
        if page in SHOWN
        for name in names - given.get(page, set()) - UNASKED.get(page, frozenset()) - _EVERYWHERE
    )
