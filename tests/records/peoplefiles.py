"""Two hundred invented people of the toy town, and files of them as a municipality would bring them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from geo.incoming.describing import RegisterAnswers
from geo.incoming.taking import RegisterOrigin
from tests.towns.toytown import X, Y

METRES = RegisterAnswers(crs="EPSG:25832")
OURS = RegisterOrigin(producer="Toy town")


def people(**changes: Any) -> pd.DataFrame:
    """Two hundred people in the south-west, half of them outside the labour market, each with a name of their own."""
    half = ["uden", "beskaeftiget"] * 100
    rows = {"person": range(200), "period": "2014H1", "x": X + 100.5, "y": Y + 100.25, "age_group": "25-64", "labour": half}
    return pd.DataFrame(rows | {"navn": [f"Navn {number}" for number in range(200)]} | changes)


def file(folder: Path, table: pd.DataFrame, name: str = "people.parquet") -> Path:
    path = folder / name
    table.to_csv(path, index=False, sep=";", decimal=",") if name.endswith("csv") else table.to_parquet(path)
    return path
