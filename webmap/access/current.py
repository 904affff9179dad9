"""What access control works with in the running application: the database, the clock, the provider; and who has signed in now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app, has_request_context, request, session

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
class AccessService:
    """What access control of one application works with.

    clock: seconds since 1970; tests give another. provider: Authlib's client, None without a provider.
    """

    settings: Settings
    store: AccessDatabase
    clock: Callable[[], float]
    provider: object | None = None

    @property
    def folder(self) -> Path:
        """The folder of the access log."""
        return self.settings.access


def service() -> AccessService:
    """What access control of the running application works with."""
    return cast(AccessService, current_app.extensions[_NAME])


def attach(app: object, made: AccessService) -> None:
    """Give it to an application; `service` finds it there."""
    app.extensions[_NAME] = made  # type: ignore[attr-defined]


def sitting() -> Session:
    """The session of this request."""
    return cast(Session, session._get_current_object())  # type: ignore[attr-defined]


def presence() -> Presence | None:
    """Who has signed in, with the audience and purpose they chose."""
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
    return page_of(current_app, request.endpoint or "")


def page_of(app: Flask, endpoint: str) -> str:
    """Name of the page of an endpoint."""
    return getattr(app.view_functions.get(endpoint), "page", None) or endpoint.removeprefix("en_")


def may(field: Field, of: str = "") -> bool:
    """Whether this request may see or do that on a page (this one, unless another is named)."""
    return table.may(roles(), of or page(), field)


def audience() -> Audience:
    """The part of an edition that this request reads: that of the audience they chose where the page may show it, else the public one."""
    now = presence()
    if now is None or now.audience is Audience.PUBLIC:
        return Audience.PUBLIC
    return now.audience if may(table.PART[now.audience]) else Audience.PUBLIC
