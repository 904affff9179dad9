"""Addresses of mail and of its server: what is read, what is refused, and that a password is never said."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import GeoError
from webmap import mail
from webmap.serving import pagestore
from webmap.settings import PREFIX, Settings, read

GOOD = {"smtp_url": "smtps://mail.example.dk", "mail_from": "kort@example.dk", "public_url": "https://kort.example.dk"}


def given(folder: Path, **settings: str) -> Settings:
    return read({PREFIX + "WORKSPACE": str(folder), **{PREFIX + name.upper(): text for name, text in settings.items()}})


LOGIN = "a:hemmelig"
QUOTED = "kort%40example.dk:a%3Ab%2Fc"
"""An invented name and password, plain and with signs that an address must quote."""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("anna@example.dk", "anna@example.dk"), (" Anna.Holm+kort@Example.DK \r\n", "Anna.Holm+kort@example.dk"),
        ("o'neil@example.dk", "o'neil@example.dk"), ("a@b.c-d.dk", "a@b.c-d.dk"), ("anna@Bücher.de", "anna@xn--bcher-kva.de"),
        ("a" * 64 + "@example.dk", "a" * 64 + "@example.dk"),
    ],
)  # fmt: skip
def test_an_address_is_read(text: str, address: str) -> None:
    assert mail.address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "anna", "anna@", "@example.dk", "anna@localhost", "anna@example", "anna@-a.dk", "anna@a-.dk", "anna@a..dk", "anna@.dk",
        "anna@127.0.0.1", "anna@[127.0.0.1]", "a b@example.dk", ".a@example.dk", "a.@example.dk", "a..b@example.dk", "æ@example.dk",
        "anna@example.dk\nBcc: bo@example.dk", "anna@example.dk\r\n.\r\nMAIL FROM:<x@y.dk>", "anna@example.dk,bo@example.dk",
        "anna@example.dk bo@example.dk", "Anna <anna@example.dk>", "<anna@example.dk>", '"a b"@example.dk', "a@b@example.dk",
        "anna@example.dk\0", "\0@example.dk", "anna(x)@example.dk", "anna@exa\tmple.dk", "a;b@example.dk", "a\\b@example.dk",
        "a" * 65 + "@example.dk", "a@" + "b" * 64 + ".dk", "a@" + "b." * 130 + "dk", "anna@example.dk>\r\nRCPT TO:<b@c.dk", "\ud83d@a.dk",
        "anna@\ud83d.dk", "anna@xn--\u2028.dk",
    ],
)  # fmt: skip
def test_what_is_no_address_or_several_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^name@example\.dk$"):
        mail.address(text)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.dk", ("mail.example.dk", 587, "starttls", "", "")),
        ("smtps://mail.example.dk/", ("mail.example.dk", 465, "tls", "", "")),
        (f"smtp://{QUOTED}@mail.example.dk:2525", ("mail.example.dk", 2525, "starttls", "kort@example.dk", "a:b/c")),
        ("smtp://localhost", ("localhost", 25, "none", "", "")), ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "none", "", "")),
        ("smtp://localhost.example.dk", ("localhost.example.dk", 587, "starttls", "", "")),
        ("smtps://[::1]:465", ("::1", 465, "tls", "", "")),
    ],
)  # fmt: skip
def test_the_address_of_a_server_is_read_and_another_machine_encrypts(url: str, server: tuple[str, int, str, str, str]) -> None:
    made = mail.server(url)
    assert (made.host, made.port, made.encryption, made.name, made.password) == server
    assert not made.password or made.password not in repr(made)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.dk", "http://mail.example.dk", "smtp://", "smtp://:hemmelig@", "smtp://anna@mail.example.dk", f"smtp://{LOGIN}@mail.dk:99999",
        f"smtp://{LOGIN}@mail.dk:x", f"smtp://{LOGIN}@mail.dk/sti", f"smtp://{LOGIN}@mail.dk?x=1", f"smtp://{LOGIN}@mail.dk:0",
        f"smtp://{LOGIN}@mail.dk\n", f"smtp://{LOGIN}\r@mail.dk", "smtp://[::1",
    ],
)  # fmt: skip
def test_a_server_that_cannot_be_read_is_refused_without_a_word_of_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(GeoError) as error:
        given(tmp_path, **{**GOOD, "smtp_url": url})
    assert "smtp_url" in str(error.value)
    assert "hemme" not in str(error.value)
    assert "smtp://name:***@host" in str(error.value)


def test_a_server_needs_a_sender_and_the_address_of_the_pages(tmp_path: Path) -> None:
    with pytest.raises(GeoError) as error:
        given(tmp_path, smtp_url="smtp://localhost")
    assert [problem.file for problem in error.value.problems] == ["mail_from", "public_url"]
    assert given(tmp_path, **GOOD).smtp_url == GOOD["smtp_url"]
    assert given(tmp_path).smtp_url == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mail_from", "kort"), ("mail_from", "Kort <kort>"), ("mail_from", "Kort\nBcc: a@b.dk <kort@example.dk>"), ("mail_from", "<>"),
        ("public_url", "http://kort.example.dk"), ("public_url", "kort.example.dk"), ("public_url", "https://kort.example.dk/?a=1"),
        ("public_url", "https://a:b@kort.example.dk"), ("public_url", "https://kort.example.dk/ x"), ("public_url", "https://x/\ny"),
    ],
)  # fmt: skip
def test_what_stands_in_every_letter_is_read_strictly(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(GeoError):
        given(tmp_path, **{**GOOD, name: text})


def test_a_sender_may_have_a_name(tmp_path: Path) -> None:
    settings = given(tmp_path, **{**GOOD, "mail_from": "Områdekort <kort@example.dk>", "public_url": "https://kort.example.dk/omr/"})
    assert (mail.sender(settings.mail_from).display_name, mail.sender(settings.mail_from).addr_spec) == ("Områdekort", "kort@example.dk")
    assert settings.public_url == "https://kort.example.dk/omr"


def test_stored_pages_depend_on_whether_there_is_a_server_and_not_on_its_password() -> None:
    marks = [pagestore.fingerprint(Settings(smtp_url=url)) for url in ("", "smtps://a:b@c.dk", "smtps://a:d@c.dk")]
    assert marks[0] != marks[1] == marks[2]
