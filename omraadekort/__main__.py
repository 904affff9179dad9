"""`python -m omraadekort`: the same as the command `omraadekort`."""

from __future__ import annotations

from omraadekort.cli import app

if __name__ == "__main__":
    app()
