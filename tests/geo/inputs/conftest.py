"""A workspace for each test of what comes in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.towns import toytown


@pytest.fixture
def town(tmp_path: Path) -> toytown.Workspace:
    return toytown.write(tmp_path / "workspace")
