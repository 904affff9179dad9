"""What the running application knows of its door: the database, the clock, the provider; and who stands in it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app, has_request_context, request, session

from geo.model.vocabulary import Audience
from webmap.access import people, table
from webmap.access.people import Presence, User
from webmap.access.store.database import AccessDatabase
from webmap.access.store.sessions import Session
from webmap.access.table import Field
from webmap.roles import Role

if TYPE_CHECKING:
    from webmap.settings import Settings

_NAME = "omraadekort.access"


@dataclass(frozen=True)
class Doorway:
    """One application's door. clock: seconds since 1970; tests give another. provider: Authlib's client, None without a provider."""

    settings: Settings
    store: AccessDatabase
    clock: Callable[[], float]
    provider: object | None = None

    @property
    def folder(self) -> Path:
        """The folder of the access log."""
        return self.settings.access


def doorway() -> Doorway:
    """The door of the running application."""
    return cast(Doorway, current_app.extensions[_NAME])


def hang(app: object, made: Doorway) -> None:
    """Give an application its door."""
    app.extensions[_NAME] = made  # type: ignore[attr-defined]


def sitting() -> Session:
    """The session of this request."""
    return cast(Session, session._get_current_object())  # type: ignore[attr-defined]


def presence() -> Presence | None:
    """Who has signed in, with their hat and purpose."""
    return sitting().presence if has_request_context() else None


def user() -> User | None:
    """Who has signed in, None for the public."""
    now = presence()
    return now.user if now else None


def roles() -> frozenset[Role]:
    """Roles in effect for this request."""
    return people.acting(presence())


def page() -> str:
    """Name of the page in the table of access: what `@needs` says, else the endpoint, the English one under its Danish name."""
    endpoint = request.endpoint or ""
    view = current_app.view_functions.get(endpoint)
    return getattr(view, "page", None) or endpoint.removeprefix("en_")


def may(field: Field, of: str = "") -> bool:
    """Whether this request may see or do that on a page (this one, unless another is named)."""
    return table.may(roles(), of or page(), field)


def audience() -> Audience:
    """The part of an edition that this request reads: that of the hat where the page may show it, else the public one."""
    now = presence()
    if now is None or now.hat is Audience.PUBLIC:
        return Audience.PUBLIC
    return now.hat if may(table.PART[now.hat]) else Audience.PUBLIC
