"""How far a value goes: a workspace from the command to a page, the edition of a review round, the goal of a goal's page."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from geo.editions.edition import Edition
from geo.files.workspace import Workspace
from geo.model.goals import Goal
from omraadekort import cli
from omraadekort.processes import keeper, workers
from tests.readers.signed import staff, token
from tests.readers.walks import height, room, watched
from tests.towns import webtown
from webmap.app import create_app
from webmap.reviews.store import database
from webmap.settings import Settings

MOST_ROOMS, MOST_CLIMBS = 8, 2
BESIDE = {"webmap.access", "webmap.reviews", "webmap.serving"}
"""Rooms that are given the settings when the application is made, for folders of their own: sessions and the log, reviews, pages."""


def test_a_workspace_enters_few_rooms_on_its_way_from_the_command_to_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve --workspace` with granian's place taken by one request, to which the workers' own module `wsgi` answers."""
    webtown.publish(tmp_path / "editions")
    (tmp_path / "workspace.toml").write_text("format = 1\n", encoding="utf-8")
    (tmp_path / "reviews").mkdir()
    monkeypatch.setenv("OMRAADEKORT_WORKSPACE", str(tmp_path))
    answers: list[int] = []

    class OneRequest:
        def __init__(self, _target: str, **_options: Any) -> None:
            pass

        def pids(self) -> dict[int, int]:
            return {}

        def answered(self, _pid: int) -> None:
            pass

        def serve(self, **_options: Any) -> None:
            from wsgi import app  # noqa: PLC0415  it reads the environment that `serve` has set

            answers.append(app.test_client().get("/omraade/square/0101").status_code)

    monkeypatch.setattr(workers, "WorkerServer", OneRequest)
    monkeypatch.setattr(keeper, "kept", nullcontext)

    def carried(value: object) -> bool:
        return isinstance(value, Settings | Workspace) or (isinstance(value, Path) and value in {tmp_path, tmp_path / "editions"})

    with watched(carried) as walk:
        said = CliRunner().invoke(cli.app, ["serve", "--workspace", str(tmp_path), "--port", "18765"])
    assert answers == [200], said.output
    assert len({*walk.rooms} - BESIDE | {"webmap.areas"}) <= MOST_ROOMS, (
        walk.rooms
    )  # the page itself is given the edition, not where it lies
    assert len(walk.climbs) <= MOST_CLIMBS, walk.climbs


def test_the_edition_of_a_round_does_not_climb_back(tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions")
    (tmp_path / "reviews").mkdir()
    settings = Settings(workspace=tmp_path)
    database.upgrade(settings.reviews_address)
    anna = staff(create_app(settings))
    asked = {"csrf": token(anna.get("/gennemgang")), "period": "2026H2"}
    with watched(lambda value: isinstance(value, Edition)) as walk:
        assert anna.post("/gennemgang", data=asked).status_code == 303
    assert "webmap.reviews" in walk.rooms
    assert len(walk.climbs) <= MOST_CLIMBS, walk.climbs


def test_the_goal_of_a_goals_page_does_not_climb_back(tmp_path: Path) -> None:
    webtown.publish(tmp_path / "editions")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    with watched(lambda value: isinstance(value, Goal)) as walk:
        assert client.get("/maal/5").status_code == 200
    assert "webmap.goals" in walk.rooms
    assert len(walk.climbs) <= MOST_CLIMBS, walk.climbs


def test_floors_are_those_of_the_contracts() -> None:
    assert room("webmap.reviews.store.rounds") == "webmap.reviews"
    assert height("webmap.reviews.pages") < height("webmap.reviews.store.rounds") < height("webmap.reviews.facts")
    assert height("omraadekort.cli") < height("webmap.app") < height("webmap.edition.rows") < height("geo.pipeline") < height("geo.errors")
