"""Files to import with something wrong in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from geo.errors import GeoError, Problem
from geo.files.schema import HEADER
from geo.inputs import intake
from tests.towns import toytown

GOOD = "tryg,square,0101,2014,50,,,100,,,final,survey,,"


def refused(town: toytown.Workspace, take: Callable[[], object]) -> Problem:
    """The one problem that an import is refused with; the workspace is untouched."""
    before = toytown.tree(town.folder)
    with pytest.raises(GeoError) as caught:
        take()
    assert toytown.tree(town.folder) == before
    (problem,) = caught.value.problems
    assert str(problem) in str(caught.value)
    return problem


def place(problem: Problem) -> tuple[str, int | None, str]:
    return problem.file, problem.row, problem.column


def csv_refused(town: toytown.Workspace, content: bytes | str) -> Problem:
    path = town.folder.parent / "figures.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return refused(town, lambda: intake.observations(town, [path], retrieved=toytown.DAY))


def changed(column: str, text: str) -> str:
    """A file of two rows, the second of which has another text in one column."""
    row = GOOD.split(",")
    row[HEADER.index(column)] = text
    return toytown.csv([GOOD.replace("0101", "0102"), ",".join(row)])
