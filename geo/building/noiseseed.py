"""The seed of a workspace, from which record keys are made: a secret in a file that only its owner can read."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from geo.errors import Problem, WorkspaceError
from geo.files import durable

NAME: Final = "noise-seed"
"""The file in `internal/` that holds the seed."""

_SIZE: Final = 32
"""Bytes of the seed."""


def seed(internal: Path, *, published: bool = False) -> str:
    """Return the seed of a workspace, in hexadecimal; it is made the first time, in a file of mode 0600.

    published: whether earlier editions hold figures with noise. Raises WorkspaceError when they do and their seed is gone: a new seed
    would draw their noise a second time, and two draws together disclose more than one.
    """
    path = internal / NAME
    if not path.is_file():
        if published:
            what = "the seed of the noise in earlier editions is gone"
            raise WorkspaceError(
                Problem(str(path), what, expected="the file from a backup; or those editions removed, if nobody read them")
            )
        durable.make_folder(internal, mode=0o700)
        durable.write(path, secrets.token_hex(_SIZE).encode(), mode=0o600)  # half a seed, or another one later, would cost the noise
    written = path.read_text(encoding="ascii", errors="replace").strip()
    if len(written) != 2 * _SIZE or not set(written) <= set("0123456789abcdef"):
        raise WorkspaceError(Problem(str(path), "the seed of the noise is damaged", expected="the file from a backup"))
    return written
