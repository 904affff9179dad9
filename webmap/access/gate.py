"""What stands before every view and after every answer: the table, the forms' tokens, the access log, the caches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from flask import Response, abort, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, ServiceUnavailable, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from geo.errors import GeoError
from geo.model.vocabulary import Audience
from webmap.access import csrf, log, oidc, table
from webmap.access.current import may, page, presence, service, sitting
from webmap.access.people import ROLE_OF_AUDIENCE, Presence
from webmap.access.table import Field
from webmap.roles import Role

PRIVATE: Final = "private, no-store"
"""What no cache may keep, the browser's neither."""
SHARED: Final = "public, max-age=300"
"""What any cache may keep for a while: a public answer whose bytes depend on the program too, and that is cheap to compare."""
_CUT: Final = 200
_FORM_AGAIN: Final = frozenset({409, 422, 423})
"""Statuses of a page that is shown once more because what was sent did not fit, or came too late: they show what the page shows."""
_View = TypeVar("_View", bound=Callable[..., object])


class UnloggedError(ServiceUnavailable):
    """The access log cannot be written, so that nothing is shown that needs a line there."""


def needs(page: str, field: Field = Field.OPEN) -> Callable[[_View], _View]:
    """Say which page of the table a view is, and which of its fields one must have beside opening it."""

    def name(view: _View) -> _View:
        view.page, view.field = page, field  # type: ignore[attr-defined]
        return view

    return name


@dataclass(frozen=True)
class ShownFigures:
    """What a page showed: the area and indicator by their ids, and how many values."""

    area: str = ""
    indicator: str = ""
    figures: int | None = None


def log_figures(*, area: str = "", indicator: str = "", figures: int | None = None) -> None:
    """Say what this page shows, for the access log; the last word counts."""
    g.shown_figures = ShownFigures(area, indicator, figures)


def enter() -> AnyResponse | None:
    """Before every view: let in, send to the page of signing in, or refuse."""
    if request.routing_exception is not None or request.endpoint is None:
        return None
    oidc.recheck()
    name, field = page(), getattr(current_app.view_functions[request.endpoint], "field", Field.OPEN)
    wanted = {Field.OPEN, field} | (set() if request.method in csrf.SAFE else {Field.WRITE})
    if not all(may(role, name) for role in wanted):
        return _refuse(name, wanted)
    if Field.WRITE in wanted and name not in table.BY_ADDRESS and not csrf.ours():
        abort(400)
    return None


def _refuse(name: str, wanted: set[Field]) -> AnyResponse:
    """Send a person who could come in to where they can; refuse the others."""
    visitor = presence()
    if request.path.startswith("/api/") or request.method not in csrf.SAFE:
        raise Forbidden if visitor else Unauthorized
    prefix = "en_" if request.path == "/en" or request.path.startswith("/en/") else ""
    here = request.full_path.rstrip("?")
    if visitor is None and any(table.allowed(name, field) for field in wanted):
        return redirect(url_for(f"{prefix}access.login", next=here))
    if visitor is not None and _could(visitor, name, wanted):
        return redirect(url_for(f"{prefix}access.purpose", next=here))
    raise Forbidden


def _could(visitor: Presence, name: str, wanted: set[Field]) -> bool:
    """Whether the page opens for one of the audiences that a person may choose."""
    own = [role for role in ROLE_OF_AUDIENCE.values() if role in visitor.user.roles]
    return any(all(table.may(frozenset({Role.PUBLIC, role}), name, field) for field in wanted) for role in own)


# --- after the view ---------------------------------------------------------------------------------------------------


def log_answer(answer: Response) -> bool:
    """Write in the access log what an answer shows; False when it cannot be written, and the answer must not be given.

    A signed-in person who is told no (any 4xx) leaves a line too, whatever they asked for: who tries doors shows.
    """
    visitor, status = presence(), answer.status_code
    event = "look" if status < 300 or status in _FORM_AGAIN else "refused" if 400 <= status < 500 else ""
    if visitor is None or not event or (event == "look" and not _is_logged()):
        return True
    try:
        _write(event, visitor)
    except UnloggedError:
        return False
    return True


def leave(answer: Response) -> None:
    """After every view: keep what is not public out of every cache."""
    visitor = presence()
    answer.vary.add("Cookie")
    shared = answer.cache_control.public and read_part() is Audience.PUBLIC and not g.get("private")
    if not shared and (visitor is not None or g.get("private") or sitting().ended):
        answer.headers["Cache-Control"] = PRIVATE
        answer.headers.pop("ETag", None)


def read_part() -> Audience:
    """The part of an edition that this request has read; the most closed one if it read several."""
    part: Audience = g.get("part", Audience.PUBLIC)
    return part


def reading(part: Audience) -> None:
    """Note that this request reads a part of an edition. Refuses a part that is not that of the session."""
    if part is Audience.PUBLIC:
        return
    visitor = presence()
    if visitor is None:
        raise Unauthorized
    if visitor.audience is not part or not may(table.PART[part]):
        raise Forbidden
    g.part = part


def _is_logged() -> bool:
    return read_part() is not Audience.PUBLIC or (bool(request.endpoint) and table.restricted(page()) and not _signs_in())


def _signs_in() -> bool:
    return page().startswith("access.")


def note(event: str) -> None:
    """Write that somebody signed in, out, or changed what they look with."""
    visitor = presence()
    if visitor is not None:
        _write(event, visitor)


def _write(event: str, visitor: Presence) -> None:
    """One line of the access log. Raises UnloggedError when it cannot be written: nothing is shown without its line."""
    seen: ShownFigures = g.get("shown_figures", ShownFigures())
    asked = {**request.args.to_dict(), **(request.view_args or {})}
    edition = getattr(g.get("edition"), "id", "")
    area = seen.area or "/".join(part for part in (asked.get("area_set", ""), asked.get("area_id", asked.get("omraade", ""))) if part)
    now = dt.datetime.fromtimestamp(service().clock(), dt.UTC)
    try:
        log.append(
            service().folder,
            at=now.isoformat(timespec="milliseconds"),
            event=event,
            user=_cut(visitor.user.id),
            roles=tuple(sorted(visitor.user.roles)),
            audience=visitor.audience.value,
            purpose=_cut(visitor.purpose),
            page=_cut(f"{page()} {request.path}"),
            edition=edition,
            area=_cut(area),
            indicator=_cut(seen.indicator or asked.get("indicator", "")),
            figures=seen.figures,
        )
    except (OSError, GeoError) as error:
        current_app.logger.error("the access log cannot be written: %s", error)
        raise UnloggedError from None


def _cut(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in str(text))[:_CUT]
