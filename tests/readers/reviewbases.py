"""Fixtures: an empty database of each kind, and one with an open round; `tests/conftest.py` hands them to all tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.towns.reviewtown import open_round, postgresql, programs
from webmap.reviews.store import database

NO_SERVER = "no PostgreSQL server on this machine: install Debian's package `postgresql` to run these tests"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    folder = programs()
    with postgresql(folder) if folder else nullcontext("") as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database without anything in it."""
    if request.param == "sqlite":
        return f"sqlite+pysqlite:///{tmp_path / 'reviews.sqlite'}"
    return str(request.getfixturevalue("fresh_postgresql"))


@pytest.fixture
def fresh_postgresql(server: str) -> str:
    """Address of an empty database of PostgreSQL."""
    if not server:
        pytest.skip(NO_SERVER)
    name = f"t{uuid4().hex}"
    with sa.create_engine(server.replace("://", "+psycopg://"), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def url(empty: str) -> str:
    """Address of a database that is up to date, with one open round of three pages."""
    database.upgrade(empty)
    open_round(empty)
    return empty
