"""Signing in through an OpenID Connect provider: Authlib does the protocol, this module says which person and roles come of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.oauth2 import OAuth2Error
from flask import Flask

from webmap.access.current import presence, service, sitting
from webmap.access.people import User
from webmap.access.store import sessions

if TYPE_CHECKING:
    from webmap.settings import Settings

PREFIX: Final = "oidc:"
_NAME: Final = "udbyder"
_PATIENCE: Final = 5  # seconds that the provider may take for an answer
_KEPT: Final = ("access_token", "refresh_token", "token_type", "expires_at")


def client(app: Flask, settings: Settings) -> FlaskOAuth2App | None:
    """The client of the provider that the settings name, or None. The provider is first asked when somebody signs in."""
    if not settings.oidc_issuer:
        return None
    return OAuth(app).register(
        _NAME,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": settings.oidc_scope, "code_challenge_method": "S256", "default_timeout": _PATIENCE},
    )


def there() -> FlaskOAuth2App | None:
    """The provider's client of the running application."""
    return cast("FlaskOAuth2App | None", service().provider)


def person(claims: Mapping[str, Any], settings: Settings) -> User:
    """The person that the provider's userinfo describes. Roles are what the settings map from the claim; others are dropped.

    Somebody in the groups of several departments signs for none: nobody guesses which.
    """
    named = claims.get(settings.oidc_roles_claim, ())
    listed = named.split() if isinstance(named, str) else named if isinstance(named, list) else ()
    held = {name for name in listed if isinstance(name, str)}
    given = frozenset(role for name, role in settings.oidc_role_map if name in held)
    shown = str(claims.get("name") or claims.get("preferred_username") or claims.get("email") or claims["sub"])
    departments = {department for name, department in settings.oidc_department_map if name in held}
    return User(f"{PREFIX}{claims['sub']}"[:200], shown[:100], given, departments.pop() if len(departments) == 1 else "")


def arrive() -> tuple[User, dict[str, Any]]:
    """Take the answer of the provider: who came, and the tokens to ask for their roles again.

    Raises OAuth2Error and whatever joserfc or requests raise when the answer is not one to this browser's question.
    """
    asked = there()
    assert asked is not None  # noqa: S101 - the route answers 404 without a provider
    token = asked.authorize_access_token()
    named = token["userinfo"]["sub"]
    claims = asked.userinfo(token=token)
    if claims.get("sub") != named:
        raise OAuth2Error("userinfo is of another person than the id token")
    return person(claims, service().settings), {name: token[name] for name in _KEPT if name in token}


def recheck() -> None:
    """Ask the provider again, after the interval of the settings, what roles a signed-in person has.

    A provider that says no ends the session. One that does not answer is waited for, for one more interval, then the session ends:
    a short fault does not throw a person out of what they write, a removed role does not outlive two intervals.
    """
    visitor, asked, now = presence(), there(), service().clock()
    interval = service().settings.oidc_recheck_minutes * 60
    if visitor is None or not visitor.user.id.startswith(PREFIX) or now - sitting().checked < interval:
        return
    store = service().store
    if asked is None:
        sessions.sign_out(store, sitting())
        return
    try:
        claims = asked.userinfo(token=_fresh(asked, sitting().get("token", {}), now))
        same = f"{PREFIX}{claims.get('sub')}"[:200] == visitor.user.id
    except (AuthlibBaseError, requests.RequestException, ValueError, KeyError) as error:
        claims, same = None, _passing(error) and now - sitting().checked < 2 * interval
    if not same:
        sessions.sign_out(store, sitting())
    elif claims is not None:
        sessions.recheck(store, sitting(), person(claims, service().settings), now=now)


def _passing(error: Exception) -> bool:
    """Whether the provider could not answer, rather than said no."""
    if isinstance(error, requests.HTTPError):
        return error.response is not None and error.response.status_code >= 500
    return isinstance(error, requests.ConnectionError | requests.Timeout)


def _fresh(asked: Any, token: Mapping[str, Any], now: float) -> Mapping[str, Any]:
    """The token, renewed when it is about to end and the provider gave the means."""
    if not token.get("refresh_token") or token.get("expires_at", now + 3600) > now + 30:
        return token
    renewed = asked.fetch_access_token(grant_type="refresh_token", refresh_token=token["refresh_token"])
    kept = {**token, **{name: renewed[name] for name in _KEPT if name in renewed}}
    sitting()["token"] = kept
    return kept
