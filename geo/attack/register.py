"""A register read for an attack: its rows with the atom that each lies in, by pandas and shapely alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.attack.people import Area, People, counted, located
from geo.errors import InputError
from geo.model.areas import Register
from geo.model.indicators import RegisterMeasure
from geo.model.vocabulary import Period


def people(
    path: Path, register: Register, measures: Mapping[str, RegisterMeasure], area_sets: Mapping[str, gpd.GeoDataFrame]
) -> dict[str, People] | None:
    """Return the people of a register by period, counted by atom and class.

    path: a file, or a folder of files. area_sets: those of the measures, with area_id and geometry in metres (EPSG:25832). Returns
    None for a register whose rows have addresses or days; such a register is not attacked.
    """
    if register.addresses or register.every or register.crs != "EPSG:25832":
        return None
    columns = sorted({column for measure in measures.values() for column in (*measure.where, *measure.having)})
    rows = _read(path, [register.period, register.x, register.y, *columns]).rename(columns={register.period: "period"})
    rows["period"] = rows["period"].map({word: _code(word) for word in rows["period"].unique()})
    rows["atom"], atoms = _atoms(rows[register.x].to_numpy(dtype=float), rows[register.y].to_numpy(dtype=float), area_sets)
    inside = rows[(rows["atom"] >= 0) & (rows["period"] != "")]
    return counted(inside[["period", "atom", *columns]], atoms, measures, register.codes)


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    files = sorted(path.rglob("*.parquet")) + sorted(path.rglob("*.csv")) if path.is_dir() else [path]
    parts = [_rows(file, columns) for file in files]
    return pd.concat(parts, ignore_index=True)


def _rows(file: Path, columns: Sequence[str]) -> pd.DataFrame:
    if file.suffix.lower() == ".csv":
        return pd.read_csv(file, usecols=list(columns), dtype=str)
    return pd.read_parquet(file, columns=list(columns))


def _code(word: object) -> str:
    try:
        return Period.parse(str(word)).code
    except InputError:
        return ""


def _atoms(x: np.ndarray, y: np.ndarray, area_sets: Mapping[str, gpd.GeoDataFrame]) -> tuple[np.ndarray, list[frozenset[Area]]]:
    """The atom of each point, -1 in no area, and the areas of each atom. Each coordinate is located once."""
    points, first = np.unique(np.column_stack([x, y]), axis=0, return_inverse=True)
    inside = located(points[:, 0], points[:, 1], area_sets)
    atoms = sorted({areas for areas in inside if areas}, key=sorted)
    number = {areas: place for place, areas in enumerate(atoms)}
    return np.array([number.get(areas, -1) for areas in inside])[first.ravel()], atoms
