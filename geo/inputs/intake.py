"""Taking other people's files into the workspace: recognised, checked, and written with their provenance; all files or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from geo.files.workspace import Workspace
from geo.inputs.layers import taking as layers
from geo.inputs.layers.profiles import LayerChoices
from geo.inputs.layers.taking import ImportedFile
from geo.inputs.tables import taking
from geo.inputs.tables.taking import ImportedFigures, TableChoices
from geo.model.areas import ImportProfile


def boundaries(  # noqa: PLR0913  the files, and what a person says of them
    workspace: Workspace,
    files: Sequence[Path],
    *,
    area_set: str | None = None,
    profile: ImportProfile | None = None,
    retrieved: dt.date | None = None,
    choices: LayerChoices | None = None,
) -> list[ImportedFile]:
    """Take layers of areas into the workspace, as `geo.inputs.layers.taking.take` does."""
    return layers.take(workspace, files, area_set=area_set, profile=profile, retrieved=retrieved, choices=choices)


def observations(
    workspace: Workspace, files: Sequence[Path], *, retrieved: dt.date | None = None, choices: TableChoices | None = None
) -> list[ImportedFigures]:
    """Take tables of figures into the workspace, as `geo.inputs.tables.taking.take` does."""
    return taking.take(workspace, files, retrieved=retrieved, choices=choices)
