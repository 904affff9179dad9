"""What the program says to a script."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes; the numbers are a promise, kept by tests/omraadekort/test_cli.py."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    NO_WORKSPACE = 3
    CANNOT_SERVE = 4
    NOT_ALL_ATTACKED = 5
    STOPPED = 130
