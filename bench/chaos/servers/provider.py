"""A provider that lies, and answers that are replayed or mixed up, at a real server with two workers: nobody comes in who should not."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.chaos.outcome import Outcome
from bench.chaos.servers.asking import Visitor
from tests.readers import provider
from tests.readers.served import served, town

_RETURN: Final = "/log-ind/retur"
TOLD: Final = (*(lie for lie in provider.LIES if lie != "down"), *provider.SECRETLY, "other-issuer", "only-unsigned", "only-hmac")
"""Lies in the answer to a code, after the server has asked the provider about itself."""
BEFORE: Final = tuple(f"{lie}, from the start" for lie in (*provider.ABOUT_ITSELF, "down"))
"""Lies of the provider about itself, to a server that has not asked it before."""


def run(trials: int) -> Outcome:
    """Try each kind of lie in turn, and after each whether the right person still comes in."""
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder, provider.running() as issuer:
        place = town(Path(folder)).folder
        with served(place, **surroundings(issuer)) as server:
            for number in range(trials):
                name, attack = ATTACKS[number % len(ATTACKS)]
                with ExitStack() as held:
                    # A server that has asked the provider remembers for a while what it said of itself.
                    asked = held.enter_context(served(place, **surroundings(issuer))) if name in BEFORE else server
                    failures += [f"{name}: {wrong}" for wrong in tried(asked.port, issuer, attack)]
            server.stop()
    return Outcome("an OpenID provider that lies", trials, tuple(failures))


def surroundings(issuer: str) -> dict[str, str]:
    """The settings of a server that signs people in through the provider."""
    return {
        "OMRAADEKORT_OIDC_ISSUER": issuer,
        "OMRAADEKORT_OIDC_CLIENT_ID": provider.CLIENT,
        "OMRAADEKORT_OIDC_CLIENT_SECRET": provider.SECRET,
        "OMRAADEKORT_OIDC_ROLE_MAP": "kk-ssp=ssp, kk-plan=staff",
        "OMRAADEKORT_PROXIES": "1",
        "AUTHLIB_INSECURE_TRANSPORT": "1",
    }


def tried(port: int, issuer: str, attack: Callable[[int, str], Iterator[Visitor]]) -> Iterator[str]:
    """Attack, look whether one of the browsers is somebody, and let the right person in."""
    provider.know(issuer, "sven", "kk-ssp")
    try:
        attackers = list(attack(port, issuer))
    finally:
        provider.lie(issuer, "")
    if any(inside(attacker) for attacker in attackers):
        yield "somebody is signed in"
    right = _visitor(port)
    right.get(answer(right, "sven"))
    if not inside(right):
        yield f"the right person does not come in, and is sent to {right.moved}"


_numbers: Final = count()


def _visitor(port: int) -> Visitor:
    """Somebody from an address of their own: how often one address may ask the provider is limited."""
    number = next(_numbers)
    return Visitor(port, address=f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}")


def inside(visitor: Visitor) -> bool:
    """Whether a browser is signed in, on whichever worker."""
    return any(visitor.inside() for _ in range(3))


def answer(visitor: Visitor, subject: str) -> str:
    """Begin to sign in, and agree at the provider; returns the path that the provider sends the browser to."""
    code, _ = visitor.get("/log-ind/udbyder?" + urlencode({"next": "/ssp"}))
    if code != 302 or "/oauth2/" not in visitor.moved:
        return visitor.goes_to()
    parts = urlsplit(provider.agree(visitor.moved, subject))
    return f"{parts.path}?{parts.query}"


def _told(lie: str) -> Callable[[int, str], Iterator[Visitor]]:
    """The answer to the code is false."""

    def attack(port: int, issuer: str) -> Iterator[Visitor]:
        visitor = _visitor(port)
        path = answer(visitor, "sven")
        provider.lie(issuer, lie)
        visitor.get(path)
        yield visitor

    return attack


def _of_itself(lie: str) -> Callable[[int, str], Iterator[Visitor]]:
    """What the provider says of itself is false from the beginning; each worker asks it."""

    def attack(port: int, issuer: str) -> Iterator[Visitor]:
        provider.lie(issuer, lie)
        for _ in range(4):
            visitor = _visitor(port)
            visitor.get("/log-ind/udbyder")
            if "/oauth2/" in visitor.moved:
                visitor.get(answer(visitor, "sven"))
            yield visitor

    return attack


def _replayed(port: int, _issuer: str) -> Iterator[Visitor]:
    """An answer that was taken once is given again, by the same browser after it signed out and by another."""
    right, thief = _visitor(port), _visitor(port)
    path = answer(right, "sven")
    right.get(path)
    right.post("/log-ud", "/om")
    for visitor in (right, thief):
        visitor.get(path)
        yield visitor


def _of_another(port: int, _issuer: str) -> Iterator[Visitor]:
    """A victim's browser gets the answer to a thief's question; then the thief's code with the victim's own state."""
    victim, thief = _visitor(port), _visitor(port)
    victim.get("/log-ind/udbyder")
    own = parse_qs(urlsplit(victim.moved).query)["state"][0]
    stolen = answer(thief, "sven")
    victim.get(stolen)
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    victim.get(f"{_RETURN}?{urlencode({'code': code, 'state': own})}")
    yield victim


def _made_up(port: int, _issuer: str) -> Iterator[Visitor]:
    """Answers that are none."""
    for query in (
        "",
        "?code=x",
        "?state=x",
        "?code=x&state=y",
        "?error=access_denied",
        "?code=%00&state=%00",
        "?code=x&state=" + "y" * 4000,
    ):
        visitor = _visitor(port)
        visitor.get("/log-ind/udbyder")
        visitor.get(_RETURN + query)
        yield visitor


ATTACKS: Final = (
    *((lie, _told(lie)) for lie in TOLD),
    *((name, _of_itself(name.partition(",")[0])) for name in BEFORE),
    ("replayed", _replayed),
    ("of another", _of_another),
    ("made up", _made_up),
)
