"""A server of mail in a process of its own on loopback: aiosmtpd, which keeps every letter as a file, and can refuse, wait and break.

`python -m tests.readers.mailserver PORT FOLDER [--starttls CERT KEY | --tls CERT KEY] [--login NAME PASSWORD]`. What it does with a
letter is said by the name before the @: `later` is put off (451), `gone` refused (550), `bad` refused when all of it is there (554),
`break` is kept and the connection broken before an answer, `close` closes before the letter (421), `slow` is kept and never answered.
A folder that holds a file `closed` refuses every sender (451), one that holds `few` closes the connection after each letter.
"""

from __future__ import annotations

import argparse
import asyncio
import email
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Handler:
    """What is done with letters."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0

    async def handle_MAIL(self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        if (self.folder / "closed").exists():
            return "451 not now, you there"
        if self.number and (self.folder / "few").exists() and getattr(session, "sent", False):
            return "421 enough"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, *given: object) -> str:  # noqa: N802 - aiosmtpd's name
        envelope, address = cast(Envelope, given[2]), str(given[3])
        answer = {"later": "451 busy with later@example.dk", "gone": "550 gone@example.dk is nobody", "close": "421 bye"}
        name = address.partition("@")[0]
        if name not in answer:
            envelope.rcpt_tos.append(address)
        return answer.get(name, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.number += 1
        session.sent = True
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "bad":
            return "554 not this"
        path = self.folder / f"{self.number:05}.eml"
        encrypted = server.transport.get_extra_info("sslcontext") is not None
        head = f"X-Envelope: {envelope.mail_from} {' '.join(envelope.rcpt_tos)}\r\nX-Encrypted: {encrypted}\r\n"
        path.with_suffix(".part").write_bytes(head.encode() + bytes(envelope.original_content or b""))
        path.with_suffix(".part").rename(path)
        if name == "break":
            server.transport.abort()
        if name == "slow":
            await asyncio.sleep(3600)
        return "250 OK"


@dataclass
class Mailbox:
    """A server that runs. folder: where letters lie."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """As the setting names it."""
        return f"smtp://127.0.0.1:{self.port}"

    def letters(self) -> list[EmailMessage]:
        """What has arrived, in order."""
        return [email.message_from_bytes(path.read_bytes(), policy=default) for path in self.paths()]

    def paths(self) -> list[Path]:
        """The files of letters, in order."""
        return sorted(self.folder.glob("*.eml"))

    def wait_for(self, number: int) -> list[EmailMessage]:
        """Wait until so many have arrived."""
        end = time.monotonic() + 60
        while len(self.paths()) < number and time.monotonic() < end:
            time.sleep(0.05)
        return self.letters()


@contextmanager
def mailbox(folder: Path, *options: str) -> Iterator[Mailbox]:
    """A server of mail on a free port of this machine."""
    folder.mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).parent.parent.parent
    ways = os.pathsep.join([str(root), *sys.path])
    command = [sys.executable, "-m", "tests.readers.mailserver", str(port), str(folder), *options]
    process = subprocess.Popen(command, cwd=root, env=os.environ | {"PYTHONPATH": ways})
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Mailbox(port, folder, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that only who is told so believes, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    about = ["-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-nodes"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", key, "-out", cert, *about]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def _login(name: str, password: str) -> Any:
    def right(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        fits = isinstance(given, LoginPassword) and (given.login.decode(), given.password.decode()) == (name, password)
        return AuthResult(success=fits, handled=False)

    return right


async def _serve(given: argparse.Namespace) -> None:
    handler, options = Handler(given.folder), {"hostname": "mail.test"}
    more: dict[str, Any] = {}
    context = None
    if given.starttls or given.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*(given.starttls or given.tls))
    if given.starttls:
        more = {"tls_context": context, "require_starttls": True}
    if given.login:
        more |= {"authenticator": _login(*given.login), "auth_required": True, "auth_require_tls": bool(given.starttls)}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, loop=loop, **options, **more), "127.0.0.1", given.port, ssl=context if given.tls else None
    )
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--starttls", nargs=2)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--login", nargs=2)
    asyncio.run(_serve(parser.parse_args()))
