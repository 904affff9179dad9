"""The connection to a server of mail: encrypted or not at all, a login that is never said in the clear, a server that lies."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.readers.mailserver import certificate, mailbox
from webmap import mail
from webmap.follow.smtp import Delivery, MailConnection, MailError
from webmap.mail import MailServer

LETTER = b"Subject: x\r\n\r\n.\r\n..x\r\n"
FROM, TO = "kort@example.dk", "anna@example.dk"


def connection(server: MailServer, trust: ssl.SSLContext | None = None) -> MailConnection:
    return MailConnection(server, own="kort.example.dk", patience=3, trust=trust)


def test_a_letter_arrives_as_it_was_written(tmp_path: Path) -> None:
    with mailbox(tmp_path / "m") as box, connection(mail.server(box.url)) as opened:
        assert opened.deliver(FROM, TO, LETTER) == Delivery("sent", 250)
        assert box.paths()[0].read_bytes().endswith(LETTER)  # a dot at the beginning of a line is one dot


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_server_on_another_machine_is_spoken_to_encrypted_and_logged_in_to(tmp_path: Path, way: str) -> None:
    cert, key = certificate(tmp_path)
    with mailbox(tmp_path / "m", f"--{way}", str(cert), str(key), "--login", "kort", "hemmelig") as box:
        server = MailServer("127.0.0.1", box.port, way, "kort", "hemmelig")
        with connection(server, ssl.create_default_context(cafile=str(cert))) as opened:
            assert opened.deliver(FROM, TO, LETTER).how == "sent"
        assert box.letters()[0]["X-Encrypted"] == "True"


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path, way: str) -> None:
    cert, key = certificate(tmp_path)
    with mailbox(tmp_path / "m", f"--{way}", str(cert), str(key)) as box:
        with connection(MailServer("127.0.0.1", box.port, way)) as opened, pytest.raises(MailError):
            opened.deliver(FROM, TO, LETTER)
        assert box.letters() == []


def test_a_server_that_does_not_offer_to_encrypt_gets_neither_letter_nor_password(tmp_path: Path) -> None:
    with mailbox(tmp_path / "m") as box:
        server = MailServer("127.0.0.1", box.port, "starttls", "kort", "hemmelig")
        with connection(server) as opened, pytest.raises(MailError, match="does not offer to encrypt"):
            opened.deliver(FROM, TO, LETTER)
        assert box.letters() == []


def test_a_wrong_password_is_told_without_it(tmp_path: Path) -> None:
    with mailbox(tmp_path / "m", "--login", "kort", "hemmelig") as box:
        wrong = mail.server(f"smtp://{':'.join(('kort', 'forkert'))}@127.0.0.1:{box.port}")
        with connection(wrong) as opened, pytest.raises(MailError) as error:
            opened.deliver(FROM, TO, LETTER)
        assert "code 535" in str(error.value)
        assert "forkert" not in str(error.value)


def test_what_is_refused_for_one_leaves_the_connection_for_the_next(tmp_path: Path) -> None:
    with mailbox(tmp_path / "m") as box, connection(mail.server(box.url)) as opened:
        named = ("gone", "later", "bad", "break", "anna")
        assert [opened.deliver(FROM, f"{name}@example.dk", LETTER).how for name in named] == [
            "refused", "later", "refused", "unknown", "sent",
        ]  # fmt: skip


@contextmanager
def saying(*lines: bytes) -> Iterator[MailServer]:
    """A server that says these lines, one an answer, whatever is asked, and closes then; each connection anew."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def talk() -> None:
            while True:
                try:
                    speaking, _ = listening.accept()
                except OSError:
                    return
                with speaking:
                    for line in lines:
                        speaking.sendall(line)
                        if line != lines[-1] and not speaking.recv(4096):
                            break

        threading.Thread(target=talk, daemon=True).start()
        yield MailServer("127.0.0.1", listening.getsockname()[1], "none")


@pytest.mark.parametrize(
    "lines",
    [
        (b"",), (b"554 go away\r\n",), (b"HTTP/1.1 400 Bad Request\r\n\r\n",), (b"220 hi\r\n", b"500 what\r\n"),
        (b"220 hi\r\n", b"250 mail\r\n", b"550 not you\r\n"), (b"220 hi\r\n", b"250 mail\r\n", b"421 bye\r\n"),
        (b"220 hi\r\n", b"250 mail\r\n", b"\xff\xfe\r\n"), (b"220 " + b"x" * 100_000 + b"\r\n",), (b"220-" + b"x\r\n220-" * 1000,),
        (b"220 hi\r\n", b"250 mail\r\n", b"250 ok\r\n", b""),
    ],
)  # fmt: skip
def test_a_server_that_breaks_off_or_lies_before_the_letter_has_not_got_it(lines: tuple[bytes, ...]) -> None:
    with saying(*lines) as server, connection(server) as opened, pytest.raises(MailError):
        opened.deliver(FROM, TO, LETTER)


@pytest.mark.parametrize(
    ("last", "how"),
    [
        ((b"354 go\r\n", b""), "unknown"), ((b"354 go\r\n", b"451 no\r\n"), "later"), ((b"354 go\r\n", b"552 too large\r\n"), "refused"),
        ((b"452 full\r\n",), "later"), ((b"503 what\r\n",), "refused"), ((b"354 go\r\n", b"what\r\n"), "unknown"),
    ],
)  # fmt: skip
def test_only_what_nobody_can_know_is_unknown(last: tuple[bytes, ...], how: str) -> None:
    with saying(b"220 hi\r\n", b"250 mail\r\n", b"250 ok\r\n", b"250 ok\r\n", *last) as server, connection(server) as opened:
        assert opened.deliver(FROM, TO, LETTER).how == how
