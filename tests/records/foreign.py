"""Importing tables of figures into the toy town: what a test gives, what comes of it, and how it is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import InputError, Problem
from geo.files.schema import HEADER
from geo.inputs import boundaries, catalogue, observations
from geo.inputs.tables import tableprofiles, taking
from geo.inputs.tables.tableprofiles import TableProfile
from geo.inputs.tables.taking import ImportedFigures, TableChoices
from tests.towns import toytown

DAY = dt.date(2021, 2, 3)
OWN = ",".join(HEADER)
FIXED = {"indicator": "tryg", "area_set": "square", "status": "final", "source": "survey"}
WIDE = TableProfile(
    id="bred", header=("Sted",), columns={"area_id": "Sted"}, fixed=FIXED, across=True, areas="name", marks={"..": "missing"}
)
LONG = TableProfile(
    id="lang", header=("Sted", "Tid", "Andel"), columns={"area_id": "Sted", "period": "Tid", "value": "Andel"}, fixed=FIXED, areas="either"
)  # fmt: skip


def written(town: toytown.Workspace, content: str | bytes, name: str = "tal.csv") -> Path:
    """A file of the user's, outside the workspace."""
    path = town.folder.parent / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def take(town: toytown.Workspace, path: Path, **choices: object) -> ImportedFigures:
    """The import of one file."""
    (imported,) = taking.take(town, [path], retrieved=DAY, choices=TableChoices(**choices))  # type: ignore[arg-type]
    return imported


def refused(town: toytown.Workspace, path: Path, **choices: object) -> Problem:
    """The one problem that an import is refused with; the workspace is untouched."""
    before = toytown.tree(town.folder)
    with pytest.raises(InputError) as caught:
        take(town, path, **choices)
    assert toytown.tree(town.folder) == before
    (problem,) = caught.value.problems
    return problem


def stored(town: toytown.Workspace, imported: ImportedFigures) -> pd.DataFrame:
    """The figures of the workspace that come from an imported file, by area and period."""
    known = catalogue.read(town.data, town.boundaries)
    table = observations.read(town.data, known, boundaries.codes(town.boundaries, known.area_sets)).table
    return table[table["file"] == imported.path].set_index(["area_id", "period"])


def keep(town: toytown.Workspace, *profiles: TableProfile) -> None:
    """Write profiles into the workspace."""
    (town.data / "tables.toml").write_text("\n".join(map(tableprofiles.encode, profiles)), encoding="utf-8")


def changed_profile(profile: TableProfile, **changes: object) -> TableProfile:
    """A profile with other fields."""
    return TableProfile(**{name: getattr(profile, name) for name in profile.__struct_fields__} | changes)


ROW = "tryg,square,0101,2014,50.5,,,100,,,final,survey,,"
