"""A provider in a process of its own, for the tests of signing in: oidc-provider-mock, which here also insists on PKCE and can lie.

`python -m tests.readers.provider PORT`. What it lies about is set by `PUT /lie` with one word of LIES as the body, "" for the truth.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

LIES = ("signature", "issuer", "audience", "nonce", "expired", "unsigned", "other-key", "no-id-token", "other-userinfo", "down")
"""Ways in which an answer of the provider can be false: the ID token's signature, its claims, its key, or the userinfo beside it."""
SECRETLY = ("hmac-secret", "hmac-key")
"""Signed with what others have too: the secret of the client, or the provider's public key taken for a secret."""
ABOUT_ITSELF = ("other-issuer", "only-unsigned", "only-hmac", "plain-door", "no-keys", "no-json")
"""Ways in which what the provider says of itself can be false."""
SECRET = "any, for the mock"  # noqa: S105 - as it says  # pragma: allowlist secret
CLIENT = "omraadekort"


@contextmanager
def running() -> Iterator[str]:
    """Run the provider until the end; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).parent.parent.parent
    surroundings = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1", "PYTHONPATH": str(root)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.readers.provider", str(port)],
        cwd=root,
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=1)
        except requests.ConnectionError:
            assert process.poll() is None, "the provider ended"
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(address)


def know(provider: str, subject: str, *groups: str, name: str = "") -> None:
    """Tell the provider of a person and their groups; those they had before are gone."""
    claims = {"name": name or subject.capitalize(), "roles": list(groups)}
    requests.put(f"{provider}/users/{subject}", json=claims, timeout=5).raise_for_status()


def lie(provider: str, about: str) -> None:
    """Have the provider lie from now on."""
    requests.put(f"{provider}/lie", data=about, timeout=5).raise_for_status()


def agree(address: str, subject: str) -> str:
    """Sign in at the provider's own page; returns where it sends the browser."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code in {302, 303}, answer.text[:500]
    return answer.headers["Location"]


# --- inside the process -----------------------------------------------------------------------------------------------


def application() -> Any:
    """The mock with a checked PKCE and with lies."""
    import oidc_provider_mock  # noqa: PLC0415 - only in the process of the provider
    from flask import Response, request  # noqa: PLC0415

    app = oidc_provider_mock.app()
    challenges: dict[str, str] = {}
    state = {"lie": ""}

    @app.put("/lie")
    def set_lie() -> str:
        state["lie"] = request.get_data(as_text=True)
        return ""

    @app.before_request
    def check() -> Response | None:
        if state["lie"] == "down" and request.path != "/lie":
            return Response("down", 503)
        if request.path == "/oauth2/authorize" and (
            request.args.get("code_challenge_method") != "S256" or not request.args.get("state") or not request.args.get("nonce")
        ):
            return Response("no S256 challenge, state or nonce", 400)
        code = request.form.get("code", "")
        if request.path == "/oauth2/token" and code and challenges.get(code) != _challenge(request.form.get("code_verifier", "")):
            return Response(json.dumps({"error": "invalid_grant"}), 400, mimetype="application/json")
        return None

    @app.after_request
    def remember_and_lie(answer: Response) -> Response:
        if request.path == "/oauth2/authorize" and answer.status_code in {302, 303}:
            code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
            challenges[code] = request.args["code_challenge"]
        if request.path == "/oauth2/token" and answer.status_code == 200 and state["lie"]:
            answer.set_data(json.dumps(_false_token(answer.get_json(), state["lie"])))
        if request.path == "/.well-known/openid-configuration" and state["lie"] in ABOUT_ITSELF:
            answer.set_data(json.dumps(_false_metadata(answer.get_json(), state["lie"])) if state["lie"] != "no-json" else "{")
        if request.path == "/userinfo" and answer.status_code == 200 and state["lie"] == "other-userinfo":
            answer.set_data(json.dumps({**answer.get_json(), "sub": "somebody-else"}))
        return answer

    return app


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _false_metadata(said: dict[str, Any], about: str) -> dict[str, Any]:
    if about == "no-keys":
        return {name: value for name, value in said.items() if name != "jwks_uri"}
    changed: dict[str, Any] = {
        "other-issuer": {"issuer": "https://evil.example"},
        "only-unsigned": {"id_token_signing_alg_values_supported": ["none"]},
        "only-hmac": {"id_token_signing_alg_values_supported": ["HS256"]},
        "plain-door": {"token_endpoint": "ftp://evil.example/token"},
    }[about]
    return {**said, **changed}


def _false_token(token: dict[str, Any], about: str) -> dict[str, Any]:  # noqa: PLR0911 - a lie each
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    if about == "no-id-token":
        return {name: value for name, value in token.items() if name != "id_token"}
    if "id_token" not in token:
        return token
    head, body, signature = token["id_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    if about == "signature":
        return {**token, "id_token": ".".join((head, body, signature[:-8] + "AAAAAAAA"))}
    about = {"other-issuer": "issuer", "only-unsigned": "unsigned", "only-hmac": "hmac-secret"}.get(about, about)
    if about in SECRETLY:
        return {**token, "id_token": _sign_secretly(claims, about)}
    changed = {
        "issuer": {"iss": "https://evil.example"},
        "audience": {"aud": ["another-application"]},
        "nonce": {"nonce": "of another question"},
        "expired": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    }.get(about, {})
    if about == "unsigned":
        plain = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
        return {**token, "id_token": f"{plain}.{body}."}
    if about == "other-key":
        return {**token, "id_token": jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048))}
    return {**token, "id_token": _sign_anew({**claims, **changed})} if changed else token


def _sign_secretly(claims: dict[str, Any], about: str) -> str:
    from oidc_provider_mock._storage import storage  # noqa: PLC0415 - the mock has no door for it

    key = SECRET.encode()
    if about == "hmac-key":
        key = json.dumps(storage.jwk.as_dict(is_private=False), separators=(",", ":"), sort_keys=True).encode()
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()).rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    mark = hmac.new(key, head + b"." + body, hashlib.sha256).digest()
    return b".".join((head, body, base64.urlsafe_b64encode(mark).rstrip(b"="))).decode()


def _sign_anew(claims: dict[str, Any]) -> str:
    """A token with other claims under the provider's own key: what its owner, or a mix-up of its clients, could send."""
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.jwk import RSAKey  # noqa: PLC0415
    from oidc_provider_mock._storage import storage  # noqa: PLC0415 - the mock has no door for it

    key = storage.jwk.as_dict(is_private=True)
    return jwt.encode({"alg": "RS256", **({"kid": key["kid"]} if "kid" in key else {})}, claims, RSAKey.import_key(key))


if __name__ == "__main__":
    application().run(port=int(sys.argv[1]), use_reloader=False, threaded=True)
