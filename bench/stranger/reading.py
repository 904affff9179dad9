"""What an audience reads: the figures of the API's CSV, asked of the served application by somebody who has signed in as that audience."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from flask import Flask
from flask.testing import FlaskClient

from geo.model.vocabulary import Audience
from webmap.access import Role, User
from webmap.access.current import AccessService
from webmap.access.store import sessions
from webmap.app import create_app
from webmap.settings import Settings

OUTWARDS: Final = {"public": ("public",), "staff": ("public", "staff"), "ssp": ("public", "staff", "ssp")}
"""Who reads what: their own part and those further out."""
NUMBERS: Final = ("value", "numerator", "denominator")
TEXT: Final = ("indicator", "area_set", "area_id", "period", "status", "reason")


@dataclass(frozen=True)
class Edition:
    """What is read of one edition.

    tables: the figures by audience, TEXT as text, numerator and denominator as numbers (NaN where nothing is said). unknown: by column how
    many rows of the register have no known word in it, as the data page says; unplaced: how many rows lie in no area or nowhere, at most.
    """

    tables: Mapping[str, pd.DataFrame]
    unknown: Mapping[str, int]
    unplaced: int


def edition(folder: Path) -> Edition:
    """Read the current edition of a workspace as each audience."""
    app = create_app(Settings(workspace=folder))
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", app.test_client().get("/data", base_url="https://localhost").text))
    unknown = {name: int(count) for count, name in re.findall(r"code (\d+) række\w* uden område unknown_code, (\w+)", page)}
    unplaced = sum(map(int, re.findall(r"point (\d+) række\w* uden område no_coordinate", page)))
    return Edition({audience: _read(_client(app, audience), audience) for audience in OUTWARDS}, unknown, unplaced)


def _client(app: Flask, audience: str) -> FlaskClient:
    client = app.test_client()
    if audience == "public":
        return client
    access: AccessService = app.extensions["omraadekort.access"]
    session = sessions.Session()
    user = User("test:fremmed", "Fremmed", frozenset({Role(audience)}))
    sessions.sign_in(access.store, session, user, now=access.clock())
    sessions.choose(access.store, session, Audience(audience), "kontrol")
    client.set_cookie(sessions.COOKIE, session.id, secure=True, httponly=True, samesite="Lax")
    return client


def _read(client: FlaskClient, audience: str) -> pd.DataFrame:
    part = "" if audience == "public" else f"?audience={audience}"
    answer = client.get(f"/api/v1/observations.csv{part}", base_url="https://localhost")
    if answer.status_code != 200:
        raise ValueError(f"{audience}: {answer.status}")
    read = pd.read_csv(
        io.StringIO(answer.text),
        dtype=dict.fromkeys(TEXT, str),
        keep_default_na=False,
        na_values=dict.fromkeys(NUMBERS, ""),
    )
    return _inverted(read)[[*TEXT, "numerator", "denominator"]]


def _inverted(read: pd.DataFrame) -> pd.DataFrame:
    """A share with its denominator and without its numerator tells the numerator."""
    blank = read["numerator"].isna() & read["denominator"].notna() & read["value"].notna()
    told = (read["value"].astype(float) * read["denominator"].astype(float) / 100).round(6)
    return read.assign(numerator=read["numerator"].where(~blank, told))
