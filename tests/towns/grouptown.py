"""The town of squares with its squares in named groups, and three people in one of them outside the labour market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import msgspec
import pandas as pd

from geo.files import provenance
from geo.files.workspace import Workspace
from geo.model.areas import AreaSetKind, Groups, NamedGroup, Register
from tests.towns import gatetown, toytown
from tests.towns.gatetown import CODES, homes, measured
from tests.towns.toytown import text

WEST, EAST = NamedGroup(id="vest", name="Vest", members=("0101", "0103")), NamedGroup(id="oest", name="Øst", members=("0102", "0104"))
BY_LIST = Groups(area_set="square", group=(WEST, EAST))
DEAR = {"side": 10.0}
"""A rule that would rather hide a square than a group."""
RESIDENTS = [
    *homes(100, 100, 100, 3, address=1),
    *homes(1500, 100, 160, 42, address=2),
    *homes(100, 1500, 90, 25, address=3),
    *homes(1500, 1500, 110, 30, address=4),
]


def kind(groups: Groups = BY_LIST, **changes: object) -> AreaSetKind:
    plain = {"id": "side", "name": text("Byens sider"), "singular": text("side af byen"), "groups": groups}
    return AreaSetKind(**(plain | changes))  # type: ignore[arg-type]


def write(folder: Path, groups: Groups = BY_LIST, *, costs: Mapping[str, float] = DEAR) -> Workspace:
    """The town of squares, three of the people in square SW outside the labour market, with its squares in groups."""
    town = gatetown.write(folder)
    gatetown.declare(town, msgspec.structs.replace(gatetown.RULE, costs=costs))
    path = town.registers / "people.parquet"
    columns = ["address", "x", "y", "age_group", "labour"]
    people = pd.DataFrame(RESIDENTS, columns=columns).assign(period="2007H1")
    people.astype({"x": float, "y": float}).to_parquet(path, index=False)
    provenance.beside(path).unlink()
    toytown.write_sidecar(path, register=Register(crs="EPSG:25832", codes={"age_group": toytown.AGES, "labour": (*CODES["labour"], "")}))
    toytown.toml(town.boundaries / "sets.toml", area_set=[*toytown.kinds(), kind(groups)])
    uden = measured(area_sets=("square", "side"), decimals=1)
    toytown.toml(town.data / "indicators.toml", indicator=[*(one for one in toytown.indicators() if one.id != "uden"), uden])
    return town


def layer_with(texts: Sequence[str | None]) -> gpd.GeoDataFrame:
    return toytown.squares().assign(owner=list(texts))


def group(id: str = "nord", name: str = "Nord", *members: str) -> NamedGroup:
    return NamedGroup(id=id, name=name, members=members)
