"""A connection to the server that takes letters: what was sent, what was not, and what nobody can know.

What the server says is not repeated in a log: it may name the person whom the letter is for. Its code is.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Literal

from geo.errors import GeoError, Problem
from webmap.mail import MailServer

PATIENCE: Final = 30.0
"""Seconds that the server may take for an answer."""
_CLOSING: Final = 421
_WHERE: Final = "smtp_url"


@dataclass(frozen=True)
class Delivery:
    """What became of a letter.

    sent: the server has it. later, refused: it has not, for now or for good. unknown: the connection broke when all of the letter may
    have been there. code: of the server's answer, 0 without one.
    """

    how: Literal["sent", "later", "refused", "unknown"]
    code: int = 0


class MailError(GeoError):
    """The server takes no letters now, whomever they are for: it is away, does not encrypt, does not know us, or refuses the sender."""


class MailConnection:
    """A connection that is opened with the first letter, and again when it breaks between two. To be used as a context."""

    def __init__(self, server: MailServer, *, own: str, patience: float = PATIENCE, trust: ssl.SSLContext | None = None) -> None:
        """Own: the name that we give ourselves. trust: whose certificates are believed, those that the system believes if None."""
        self._server, self._own, self._patience = server, own, patience
        self._trust = trust or ssl.create_default_context()
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> MailConnection:
        """Use it; nothing is opened yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Say goodbye to the server."""
        if self._open is not None:
            with suppress(OSError):
                self._open.quit()
        self._drop()

    def deliver(self, sender: str, recipient: str, content: bytes) -> Delivery:
        """Give the server a letter. sender, recipient: as on an envelope; content: RFC 5322, ASCII, lines ended by CRLF.

        Raises MailError when nothing can be sent at all; the server has not got the letter then.
        """
        refused = self._address(sender, recipient)
        if refused is not None:
            return refused
        assert self._open is not None  # noqa: S101 - `_address` has opened it
        try:
            code, _ = self._open.data(content)
        except smtplib.SMTPDataError as error:  # it did not want to begin: it has got nothing
            return self._not_taken(error.smtp_code)
        except OSError:
            self._drop()
            return Delivery("unknown")
        if 400 <= code < 600:
            return self._not_taken(code)
        if not 200 <= code < 300:  # no answer of a server of mail
            self._drop()
            return Delivery("unknown")
        return Delivery("sent", code)

    def _address(self, sender: str, recipient: str) -> Delivery | None:
        """Write the envelope; None when the server takes it. A server that closes between two letters is called once more."""
        for again in (True, False):
            try:
                connection = self._opened()
                code, _ = connection.mail(sender)
                if code == _CLOSING and again:
                    self._drop()
                    continue
                if not 200 <= code < 300:
                    raise self._unusable(f"the server does not take letters from the sender (code {code})", "mail_from as it knows it")
                code, _ = connection.rcpt(recipient)
            except smtplib.SMTPServerDisconnected:
                self._drop()
                if not again:
                    raise MailError(Problem(_WHERE, "the server closes the connection")) from None
                continue
            except OSError as error:
                raise self._unusable(f"the connection to the server broke ({type(error).__name__})") from None
            return None if 200 <= code < 300 else self._not_taken(code)
        raise MailError(Problem(_WHERE, "the server closes the connection"))

    def _not_taken(self, code: int) -> Delivery:
        if code == _CLOSING:
            self._drop()
        elif self._open is not None:
            try:
                self._open.rset()
            except OSError:
                self._drop()
        return Delivery("refused" if code >= 500 else "later", code)

    def _opened(self) -> smtplib.SMTP:
        if self._open is None:
            self._open = self._connect()
        return self._open

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            connection: smtplib.SMTP = (
                smtplib.SMTP_SSL(server.host, server.port, self._own, timeout=self._patience, context=self._trust)
                if server.encryption == "tls"
                else smtplib.SMTP(server.host, server.port, self._own, timeout=self._patience)
            )
        except OSError as error:
            raise self._unusable(f"the server cannot be reached ({_named(error)})") from None
        self._open = connection
        try:
            connection.ehlo_or_helo_if_needed()
            if server.encryption == "starttls":
                if not connection.has_extn("starttls"):
                    raise self._unusable("the server does not offer to encrypt (STARTTLS), and nothing is sent that others could read")
                connection.starttls(context=self._trust)
                connection.ehlo_or_helo_if_needed()
            if server.name:
                connection.login(server.name, server.password)
        except OSError as error:
            raise self._unusable(f"the server does not let us in ({_named(error)})") from None
        return connection

    def _unusable(self, what: str, expected: str = "a server that takes letters; they wait") -> MailError:
        self._drop()
        return MailError(Problem(_WHERE, what, expected=expected))

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None


def _named(error: OSError) -> str:
    """An error without what the server wrote in it."""
    code = getattr(error, "smtp_code", 0)
    reason = error.strerror if not isinstance(error, smtplib.SMTPException) and error.strerror else type(error).__name__
    return f"code {code}" if code else str(reason)
