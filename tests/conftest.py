"""What several tests share: one workspace, filled from the embedded default and built once."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache

from geo import demo, pipeline
from geo.files import locks, workspace
from geo.files.workspace import Workspace
from tests.readers.browser import browser
from tests.readers.reviewbases import empty, fresh_postgresql, server, url
from tests.readers.signed import anna, app, clock
from webmap.settings import Settings

__all__ = ["anna", "app", "browser", "built", "clock", "empty", "fresh_postgresql", "server", "url"]

# A law is right or wrong, not fast or slow: on a busy machine the first example also pays for imports and caches.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")


class CompiledTemplates(BytecodeCache):
    """Templates that were compiled once in this process, for all the applications that tests make."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}


@pytest.fixture(scope="session", autouse=True)
def demo_shown_by_default() -> Iterator[None]:
    """Applications of tests show demo data unless a test says otherwise: most read the invented city, and few are about the switch.

    Those about the default set `demo_shown=False` themselves (tests/webmap/test_demo_switch.py), or ask `settings.read`.
    """
    made = Settings.__init__

    def shown(self: Settings, *args: Any, **chosen: Any) -> None:
        made(self, *args, **{"demo_shown": True, **chosen})

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Settings, "__init__", shown)
        patched.setenv("OMRAADEKORT_DEMO_SHOWN", "yes")  # for the processes that tests start
        yield


DEAR = frozenset({"built", "browser", "server"})
"""Fixtures that build the whole city, or start a browser or a database server: their tests are slow, whoever waits for it first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what uses one of them."""
    for item in items:
        if DEAR & {*getattr(item, "fixturenames", ())}:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Workspace:
    """A workspace with the embedded default, the demo register and one edition. Not to be changed by a test.

    It is built once, however many processes run tests; each of them has a copy of its own.
    """
    own = tmp_path_factory.mktemp("built") / "var"
    if worker_id == "master":
        return _built(own)
    shared = tmp_path_factory.getbasetemp().parent / "built-once"
    with locks.held(shared):
        if not (shared / "whole").exists():
            _built(shared / "var")
            (shared / "whole").touch()
    return Workspace(Path(shutil.copytree(shared / "var", own)))


def _built(folder: Path) -> Workspace:
    made = workspace.create(folder, default=Path(__file__).parent.parent)
    demo.make(made)
    pipeline.build(made)
    return made
