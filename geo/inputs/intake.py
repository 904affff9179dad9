"""Taking other people's files into the workspace: recognised, checked, and written with their provenance; all files or none."""

from __future__ import annotations

from geo.inputs.layers.taking import ImportedFile
from geo.inputs.layers.taking import take as boundaries
from geo.inputs.tables.taking import ImportedFigures
from geo.inputs.tables.taking import take as observations

__all__ = ["ImportedFigures", "ImportedFile", "boundaries", "observations"]
