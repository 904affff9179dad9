"""The boundaries and figures that the program brings along, from which a workspace is filled."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_INSTALLED: Final = Path(__file__).parent


def folder() -> Path:
    """The folder that holds `boundaries/` and `data/`: this package in an installed wheel (see setup.py), else the root of the clone."""
    return _INSTALLED if (_INSTALLED / "data").is_dir() else _INSTALLED.parent.parent
