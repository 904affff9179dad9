"""Drafts and signatures as a browser sends them."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.readers.signed import staff, token
from tests.towns.reviewtown import DEPARTMENTS, PAGE


def draft(client: FlaskClient, base: int, path: str = PAGE, **fields: str) -> TestResponse:
    content = {name.replace("__", "/"): words for name, words in fields.items()}
    headers = {"X-CSRF-Token": token(client.get(path))}
    return client.post(f"{path}/gem", json={"base": str(base), "fields": content}, headers=headers)


def sign_all(app: Flask) -> None:
    for name, who in zip(DEPARTMENTS, ("anna", "bo", "carl"), strict=True):
        client = staff(app, who, department=name)
        page = client.get("/gennemgang/2026H1")
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.get_data(as_text=True))
        assert seen
        answer = client.post(
            "/gennemgang/2026H1/underskriv", data={"csrf": token(page), "department": name, "seen": seen[1], "unready": "yes"}
        )
        assert answer.status_code == 303
