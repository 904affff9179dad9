"""Signing in through an OpenID Connect provider: Authlib does the protocol, this module says which person and roles come of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

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
METADATA_FOR: Final = 3600.0
"""Seconds after which the provider is asked again where its doors are and which keys it signs with: it may have withdrawn one."""
_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_ADDRESSES: Final = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
_SIGNATURES: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"})
"""Signatures that only the provider can make. `none` is nobody's, and the secret of an HMAC is ours too."""
_KEPT: Final = ("access_token", "refresh_token", "token_type", "expires_at")


class FalseMetadataError(ValueError):
    """What the provider says of itself is not of the provider that the settings name, or cannot be trusted."""


class ProviderClient(FlaskOAuth2App):  # type: ignore[misc]  # Authlib says no types
    """Authlib's client, which believes the provider's metadata only when they are its own, and asks for them again after a while."""

    _asked = 0.0

    def load_server_metadata(self) -> dict[str, Any]:
        """The provider's metadata. Raises FalseMetadataError, and keeps nothing then, so that the next question asks for them again."""
        if not self._asked or time.monotonic() - self._asked > METADATA_FOR:
            issuer = self._server_metadata_url.removesuffix(_WELL_KNOWN)
            with self._get_session() as session:
                answer = session.request("GET", self._server_metadata_url, withhold_token=True)
                answer.raise_for_status()
            self.server_metadata, self._asked = believed(answer.json(), issuer), time.monotonic()
        return self.server_metadata


def believed(said: Mapping[str, Any], issuer: str) -> dict[str, Any]:
    """Metadata of the provider with that address, with the signatures that may be believed. Raises FalseMetadataError.

    OpenID Connect Discovery 1.0, 4.3: the issuer must be the one that was asked.
    """
    if str(said.get("issuer", "")).rstrip("/") != issuer:
        raise FalseMetadataError("the metadata are of another issuer than oidc_issuer")
    safe = urlsplit(issuer).scheme
    for name in _ADDRESSES:
        if urlsplit(str(said.get(name, ""))).scheme not in {"https", safe}:
            raise FalseMetadataError(f"the {name} is missing or not https")
    listed = said.get("id_token_signing_alg_values_supported", ["RS256"])
    signatures = [name for name in listed if name in _SIGNATURES] if isinstance(listed, list) else []
    if not signatures:
        raise FalseMetadataError("no signature of the ID token that only the provider can make")
    return {**said, "id_token_signing_alg_values_supported": signatures}


def client(app: Flask, settings: Settings) -> FlaskOAuth2App | None:
    """The client of the provider that the settings name, or None. The provider is first asked when somebody signs in."""
    if not settings.oidc_issuer:
        return None
    return OAuth(app).register(
        _NAME,
        client_cls=ProviderClient,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}{_WELL_KNOWN}",
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
    a short fault does not throw a person out of what they write, a removed role does not outlive two intervals. An answer of a moment
    that is still to come, because the clock was set back since, counts as none.
    """
    visitor, asked, now = presence(), there(), service().clock()
    interval = service().settings.oidc_recheck_minutes * 60
    if visitor is None or not visitor.user.id.startswith(PREFIX) or 0 <= now - sitting().checked < interval:
        return
    store = service().store
    if asked is None:
        sessions.sign_out(store, sitting())
        return
    try:
        claims = asked.userinfo(token=_fresh(asked, sitting().get("token", {}), now))
        same = f"{PREFIX}{claims.get('sub')}"[:200] == visitor.user.id
    except (AuthlibBaseError, requests.RequestException, ValueError, KeyError) as error:
        claims, same = None, _passing(error) and 0 <= now - sitting().checked < 2 * interval
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
