"""The pages of the door: sign in, say what for, sign out."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, url_for
from joserfc.errors import JoseError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from geo.model.vocabulary import Audience, Text
from webmap import urls
from webmap.access import attempts, csrf, gate, oidc, people, texts
from webmap.access.current import may, presence, service, sitting
from webmap.access.people import User
from webmap.access.store import accounts, failures, limits, sessions, turns
from webmap.access.store.failures import Attempt

blueprint = Blueprint("access", __name__)
_LONGEST_PURPOSE: Final = 200
_LONGEST_PATH: Final = 2000
_AT_HOME: Final = frozenset({"127.0.0.1", "localhost"})
"""Names under which browsers take a `Secure` cookie over plain HTTP."""
_FAULTS: Final = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, LookupError, RuntimeError, TypeError)
"""What Authlib and its parts raise when a provider is not there, or its answer is not one to this browser's question."""


@blueprint.route("/log-ind", methods=["GET", "POST"])
def login() -> str | AnyResponse:
    """Sign in with a local account, or go on to the provider."""
    asked = _next(request.values.get("next", ""))
    if request.method != "POST":
        return redirect(asked) if presence() else _login_form(asked)
    name, password = request.form.get("navn", "")[:100], request.form.get("adgangskode", "")
    near = limits.neighbourhood(request.remote_addr or "")
    attempt, person = _compare(name, password, near)
    attempts.tell(attempt)
    if attempt.wait:
        return _slow_down(asked, name, attempt.wait)
    if person is None:
        return make_response(
            _login_form(
                asked,
                name=name,
                wrong=Text(da="Navn eller adgangskode passer ikke.", en="Name or password does not fit.").in_(urls.language()),
            ),
            401,
        )
    failures.succeed(service().store, attempt, name, near, now=service().clock())
    return _come_in(person, asked)


@blueprint.get("/log-ind/udbyder", endpoint="provider")
def go_to_provider() -> AnyResponse:
    """Go to the provider, with a state, a nonce and a PKCE challenge that only this browser's session knows."""
    chosen = oidc.there() or abort(404)
    near = limits.neighbourhood(request.remote_addr or "")
    if limits.wait(service().store, f"provider {near}", limits.PROVIDER, now=service().clock()):
        abort(429)
    sitting()["next"] = _next(request.args.get("next", ""))
    sitting()["sprog"] = urls.language()
    try:
        answer: AnyResponse = chosen.authorize_redirect(url_for("access.returned", _external=True))
    except _FAULTS as error:
        return _provider_failed(error)
    g.private = True
    return answer


@blueprint.get("/log-ind/retur")
def returned() -> AnyResponse:
    """Come back from the provider."""
    if oidc.there() is None:
        abort(404)
    asked, language = sitting().get("next", urls.home("da")), sitting().get("sprog", "da")
    try:
        person, token = oidc.arrive()
    except _FAULTS as error:
        return _provider_failed(error, language)
    return _come_in(person, asked, token=token)


@blueprint.route("/log-ud", methods=["GET", "POST"])
def logout() -> str | AnyResponse:
    """Sign out: the session ends on the server too. By GET: the page that says so, or asks."""
    if request.method == "POST":
        gate.note("logout")
        sessions.sign_out(service().store, sitting())
        return redirect(urls.link("access.logout"))
    return render_template("access/logout.html")


@blueprint.route("/formaal", methods=["GET", "POST"])
def purpose() -> str | AnyResponse:
    """Say as whom and what for one looks; kept with every look until it is changed."""
    visitor, asked = presence(), _next(request.values.get("next", ""))
    if visitor is None:
        return redirect(urls.link("access.login", next=asked))
    choices = people.audiences(visitor.user)
    if request.method != "POST":
        return _purpose_form(asked, choices, audience=visitor.audience if visitor.audience in choices[:-1] else choices[0])
    audience = next((choice for choice in choices if choice.value == request.form.get("rolle", choices[0].value)), None)
    stated = _stated(audience) if audience else ""
    if audience is None or (audience is not Audience.PUBLIC and not stated):
        return make_response(_purpose_form(asked, choices, audience=audience or choices[0], wrong=True), 422)
    sessions.choose(service().store, sitting(), audience, stated)
    gate.note("hat")
    return redirect(asked)


# --- parts of the pages above -----------------------------------------------------------------------------------------


def _compare(name: str, password: str, near: str) -> tuple[Attempt, User | None]:
    """An attempt to sign in, counted when its turn has come, and the person whose password it was."""
    store, clock = service().store, service().clock
    known = failures.is_known(store, name, near, now=clock())
    may_wait = turns.MAY_WAIT if request.environ.get(turns.OWN_THREADS) else turns.MAY_WAIT_ELSEWHERE
    with accounts.TURNS.comparing(known=known, may_wait=may_wait) as free:
        attempt = failures.begin(store, name, near, now=clock()) if free else Attempt((), wait=accounts.CROWDED)
        return attempt, None if attempt.wait else accounts.verify(store, name, password)


def _come_in(person: User, asked: str, token: dict[str, Any] | None = None) -> AnyResponse:
    """Sign in under a new session, and go where the person wanted; by way of the purpose, if they have an audience to choose."""
    sessions.sign_in(service().store, sitting(), person, now=service().clock(), content={"token": token} if token else None)
    gate.note("login")
    prefix = "en_" if asked.startswith("/en/") else ""
    return redirect(url_for(f"{prefix}access.purpose", next=asked) if len(people.audiences(person)) > 1 else asked)


def _login_form(asked: str, *, name: str = "", wrong: str = "") -> str:
    if request.args.get("fejl") == "udbyder":
        wrong = wrong or Text(
            da="Udbyderen kunne ikke logge dig ind. Prøv igen; går det stadig galt, så sig det til den, der driver tjenesten.",
            en="The provider could not sign you in. Try again; if it persists, tell whoever runs the service.",
        ).in_(urls.language())
    store, chosen = service().store, oidc.there() is not None
    local = bool(store.ask("SELECT 1 FROM users LIMIT 1"))
    plain = not request.is_secure and request.host.rpartition(":")[0] not in _AT_HOME and request.host not in _AT_HOME
    return render_template("access/login.html", asked=asked, name=name, wrong=wrong, provider=chosen, local=local, plain=plain)


def _slow_down(asked: str, name: str, seconds: int) -> AnyResponse:
    words = Text(
        da=f"Mange forsøger at logge ind, eller mange forsøg er mislykkedes. Prøv igen om {seconds} sekunder.",
        en=f"Many are signing in, or many attempts have failed. Try again in {seconds} seconds.",
    )
    answer = make_response(_login_form(asked, name=name, wrong=words.in_(urls.language())), 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _provider_failed(error: Exception, language: str = "") -> AnyResponse:
    said = str(error) if isinstance(error, oidc.FalseMetadataError) else type(error).__name__
    current_app.logger.warning("sign-in through the provider failed: %s", said)
    return redirect(url_for(urls.endpoint("access.login", language or urls.language()), fejl="udbyder"))


def _purpose_form(asked: str, choices: tuple[Audience, ...], *, audience: Audience, wrong: bool = False) -> str:
    given = {"text": request.form.get("andet", "")[:_LONGEST_PURPOSE], "purpose": request.form.get("formaal", "")}
    return render_template(
        "access/purpose.html",
        asked=asked,
        choices=choices,
        audience=audience,
        wrong=wrong,
        given=given,
        audiences=texts.AUDIENCE,
        notes=texts.AUDIENCE_NOTE,
        purposes=texts.PURPOSES,
        other=texts.OTHER,
    )


def _stated(audience: Audience) -> str:
    """The purpose that the form states for an audience, "" when there is none."""
    chosen = request.form.get("formaal", "")
    if audience is Audience.PUBLIC or chosen.removeprefix(f"{audience.value}-") in texts.PURPOSES[audience]:
        return chosen.removeprefix(f"{audience.value}-") if audience is not Audience.PUBLIC else ""
    text = " ".join(request.form.get("andet", "").split())[:_LONGEST_PURPOSE]
    return f"{texts.OTHER}: {text}" if chosen == texts.OTHER and len(text) >= 5 else ""


def _next(wanted: str) -> str:
    return safe(wanted, urls.home(urls.language()))


def frame() -> dict[str, Any]:
    """What `base.html` says of who has signed in."""
    visitor = presence()
    return {
        "csrf_field": csrf.csrf_field,
        "csrf_token": csrf.csrf_token,
        "may": may,
        "person": visitor.user if visitor else None,
        "looks_as": texts.AUDIENCE[audience_chosen()].in_(urls.language()) if visitor else "",
        "several": bool(visitor and len(people.audiences(visitor.user)) > 1),
        "came_from": urls.here(udgave=urls.pinned()) if request.method in csrf.SAFE else "/",
    }


def bar() -> str:
    """The bar above a page that names the person, the audience they chose and the way out."""
    return render_template("access/who.html")


def audience_chosen() -> Audience:
    """The part that the person looks with, whatever this page shows."""
    visitor = presence()
    return visitor.audience if visitor else Audience.PUBLIC


def safe(wanted: str, otherwise: str) -> str:
    """Where a person goes after signing in: the wanted path if it is a page of ours, else the other.

    A path begins with one slash and has no backslash or control character.
    """
    if not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > _LONGEST_PATH:
        return otherwise
    if "\\" in wanted or not wanted.isprintable() or not wanted.isascii():
        return otherwise
    try:
        parts = urlsplit(wanted)
        if parts.scheme or parts.netloc or "//" in parts.path:
            return otherwise
        endpoint, _ = current_app.url_map.bind("").match(parts.path, method="GET")
    except (ValueError, HTTPException):
        return otherwise
    return otherwise if endpoint.removeprefix("en_").startswith("access.") else wanted
