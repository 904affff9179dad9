"""Forms that only our own pages can send, and accounts that will do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from geo.errors import GeoError
from tests.readers.signed import PASSWORD, access_of, cookie, staff, token
from webmap.access.store import accounts
from webmap.access.store.accounts import Account

# --- forms ------------------------------------------------------------------------------------------------------------

NOT_OURS = [
    ({}, {}),
    ({"csrf": "0" * 64}, {}),
    ({"csrf": "å"}, {}),
    ({"csrf": None}, {"Sec-Fetch-Site": "cross-site"}),
    ({"csrf": None}, {"Sec-Fetch-Site": "same-site"}),
    ({"csrf": None}, {"Origin": "https://evil.example"}),
    ({"csrf": None}, {"Origin": "null"}),
    ({"csrf": None}, {"Origin": "http://localhost.evil.example"}),
]


WITHOUT = "stop.html"
"""The template of the form whose address is a secret that only a letter told (`webmap.access.table.BY_ADDRESS`)."""


@pytest.mark.parametrize("path", ["/log-ind", "/log-ud", "/formaal", "/en/log-ind", "/en/log-ud", "/en/formaal"])
@pytest.mark.parametrize(("fields", "headers"), NOT_OURS)
def test_a_form_that_did_not_come_from_our_page_changes_nothing(
    app: Flask, path: str, fields: dict[str, str], headers: dict[str, str]
) -> None:
    client = staff(app)
    right = token(client.get("/om"))
    sent = {"rolle": "public", "navn": "anna"} | {name: right if value is None else value for name, value in fields.items()}
    before = cookie(client)
    assert client.post(path, data=sent, headers=headers).status_code == 400
    assert cookie(client) == before
    assert "Helhedsplanteamet" in client.get("/om").get_data(as_text=True)


def test_a_token_of_another_session_does_not_fit(app: Flask) -> None:
    one, other = staff(app), staff(app, "bo")
    assert one.post("/log-ud", data={"csrf": token(other.get("/om"))}).status_code == 400
    assert one.post("/log-ud", headers={"X-CSRF-Token": token(one.get("/om"))}).status_code == 302


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_nothing_that_changes_something_is_open_without_a_row_that_says_so(app: Flask, method: str) -> None:
    app.add_url_rule("/skriv", view_func=lambda: "done", endpoint="pages.start2", methods=[method])
    assert app.test_client().open("/skriv", method=method).status_code in {401, 403}
    assert staff(app).open("/skriv", method=method).status_code == 403


def test_every_post_form_of_every_template_has_the_field() -> None:
    folder = Path(__file__).parent.parent.parent.parent / "webmap" / "templates"
    for path in folder.rglob("*.html"):
        for form in re.findall(r"<form\b.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
            if re.search(r'method="post"', form, re.IGNORECASE) and path.name != WITHOUT:
                assert "csrf_field()" in form, path.name


# --- accounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "Anna", "a b", "-a", "a" * 65, "a/b", "a\n", "../a", "<b>", "a'--"])
def test_a_name_that_will_not_do_is_refused(app: Flask, name: str) -> None:
    with pytest.raises(GeoError):
        accounts.add(access_of(app).store, Account(name, "", frozenset(), 0.0), PASSWORD)
    assert not accounts.listing(access_of(app).store)


@pytest.mark.parametrize("password", ["", "kort", "x" * 11, "x" * 201])
def test_a_password_that_will_not_do_is_refused(app: Flask, password: str) -> None:
    with pytest.raises(GeoError):
        accounts.add(access_of(app).store, Account("anna", "", frozenset(), 0.0), password)


def test_a_name_is_given_once_and_a_role_must_be_one(app: Flask, anna: Account) -> None:
    with pytest.raises(GeoError):
        accounts.add(access_of(app).store, anna, PASSWORD)
    for wrong in ("public", "STAFF", "root", ""):
        with pytest.raises(GeoError):
            accounts.change_roles(access_of(app).store, anna.name, [wrong])
    assert accounts.listing(access_of(app).store) == [anna]
