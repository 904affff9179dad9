"""A workspace with the embedded catalogue, to write in."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.files import workspace
from geo.files.workspace import Workspace

HERE = Path(__file__).parent.parent.parent.parent.parent


@pytest.fixture
def city(tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "city", default=HERE)
