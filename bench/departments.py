"""Groups for measuring: invented housing departments on the embedded city, owned by a few organisations, and exposed areas by district."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bench import scale
from geo import demo
from geo.files import provenance
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue
from geo.model.areas import AreaSetEdition, Sidecar

SET: Final = "gruppe"
_SIDE: Final = 150.0
"""Metres: the side of a department."""
_HOMES: Final = (60, 400)
"""Residents of a department at least and at most."""
_OWNERS: Final = 8


def departments(folder: Path, layers: Path) -> Workspace:
    """The embedded city with 60 invented departments, squares where people of the demo register live, of eight organisations."""
    made = scale.city(folder, layers)
    register = pd.read_parquet(made.registers / f"{demo.REGISTER}.parquet", columns=["period", "x", "y"])
    now = register[register["period"].astype(str) == demo.PERIODS[-1]].dropna()
    counts = (now[["x", "y"]] // _SIDE).astype(int).value_counts().sort_index()
    fitting = counts[(counts >= _HOMES[0]) & (counts <= _HOMES[1])]
    rng = np.random.default_rng(7)
    corners = np.array(fitting.index.tolist())[np.sort(rng.choice(len(fitting), 60, replace=False))] * _SIDE
    shapes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + _SIDE, corners[:, 1] + _SIDE)
    names = [f"Afdeling {number + 1}" for number in range(len(shapes))]
    owners = [f"Organisation {owner + 1}" for owner in rng.integers(0, _OWNERS, len(shapes))]
    columns = {"area_id": [f"{number + 1:04}" for number in range(len(shapes))], "name": names, "group": owners}
    _write(made, gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:25832"))
    scale.over(made, ("almen_afdeling", "udsat_boligomraade", "demo_gammelt_omrids", "tryghedsdistrikt", "bydel", "kommune"))
    return made


def _write(made: Workspace, layer: gpd.GeoDataFrame) -> None:
    path = made.boundaries / "almen_afdeling" / "2025-01-01.geojson"
    path.parent.mkdir(exist_ok=True)
    layer.to_crs("EPSG:4326").to_file(path, driver="GeoJSON")
    day = AreaSetEdition(id="almen_afdeling", valid_from=dt.date(2025, 1, 1))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    said = Sidecar(
        title="Opdigtede afdelinger", producer="bench", licence="CC0 1.0", retrieved=day.valid_from, sha256=sha256, changed="", area_set=day
    )
    provenance.write(path, said)


def grouped(made: Workspace) -> None:
    """Have the demo indicators counted over groups too: of departments by the column `group`, else of exposed areas by their district."""
    known = catalogue.read(made.data, made.boundaries)
    sets = boundaries.read(made.boundaries, known.area_sets)
    how, of = 'column = "group"', "almen_afdeling"
    if of not in sets:
        of = "udsat_boligomraade"
        points = sets[of].areas.assign(geometry=sets[of].areas.representative_point())
        joined = points.sjoin(sets["bydel"].areas[["area_id", "name", "geometry"]], lsuffix="", rsuffix="of")
        rows = [
            f'{{ id = "{code}", name = "{names["name_of"].iloc[0]}", members = {sorted(names["area_id_"])!r} }}'
            for code, names in joined.groupby("area_id_of")
        ]
        how = f"group = [{', '.join(rows)}]"
    entry = '\n[[area_set]]\nid = "{0}"\nname = {{ da = "{0}", en = "{0}" }}\nsingular = {{ da = "{0}", en = "{0}" }}\norder = 200\n'
    path = made.boundaries / "sets.toml"
    path.write_text(f'{path.read_text(encoding="utf-8")}{entry.format(SET)}[area_set.groups]\narea_set = "{of}"\n{how}\n', encoding="utf-8")
    path = made.data / "indicators.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"tryghedsdistrikt", "bydel", "kommune"]', f'"{SET}", "tryghedsdistrikt", "bydel", "kommune"]'), encoding="utf-8"
    )
