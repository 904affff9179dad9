"""The family of errors that `geo` raises: each says what is wrong, where, what was expected, and how many more cases there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 2_000
"""Letters of what was found, and of what was expected, that a message shows at most."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with an input, in the words a person needs to mend it.

    `row` counts as the person sees it: the header of a CSV is row 1, the first feature of a layer is feature 1.
    `more` is how many further places have the same fault.
    """

    file: str
    what: str
    row: int | None = None
    column: str = ""
    found: str = ""
    expected: str = ""
    more: int = 0

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {_short(self.column)}"
        parts = [f"{place}: {self.what}"]
        if self.found:
            parts.append(f"found {_short(self.found)}")
        if self.expected:
            parts.append(f"expected {_short(self.expected)}")
        if self.more:
            parts.append(f"and {self.more} more like it")
        return "; ".join(parts)


def _short(words: str) -> str:
    """Words as long as a person reads: a file may name a million columns, or be something that is no table at all."""
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]} … and {len(words) - _LONGEST:,} letters more"


class GeoError(Exception):
    """Something that the user can correct; the message is written for them. Parent of every error that `geo` raises on purpose."""

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(file="", what=problems)
        self.problems: Sequence[Problem] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem).removeprefix(": ") for problem in self.problems))

    def __reduce__(self) -> tuple[type[GeoError], tuple[tuple[Problem, ...]]]:
        """Let the error cross from one process to another with all its problems."""
        return type(self), (tuple(self.problems),)


class InputError(GeoError):
    """A file holds something that cannot be taken: wrong form, wrong value, wrong code."""


class CrsError(InputError):
    """A layer has no coordinate reference system, or its coordinates cannot be in the one it claims."""


class CatalogueError(InputError):
    """What people wrote in the TOML files contradicts itself or names something that does not exist."""


class NotFoundError(GeoError):
    """An area, indicator, goal, period or edition that was asked for does not exist."""


class EditionError(GeoError):
    """An edition is missing, incomplete or not what its manifest says."""


class DamagedError(EditionError):
    """An edition is not as it was written. It is not read, whoever changed it."""


class WorkspaceError(GeoError):
    """The workspace folder is missing, not a workspace, or cannot be written."""


class DraftError(GeoError):
    """What was asked of a draft cannot be done with it as it stands."""
