"""The invented country that whole builds are measured on: it fits edge to edge, is the same each time, and can be read like any other."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from bench import nation, scale
from geo import demo
from geo.files import workspace
from geo.inputs import boundaries, catalogue


def test_its_areas_fit_edge_to_edge_and_nest() -> None:
    sets = nation.areas(20)
    assert {name: len(shapes) for name, shapes in sets.items()} == {"rode": 400, "bydel": 4, "kommune": 1}
    for shapes in sets.values():
        assert shapely.coverage_is_valid(shapes)
        assert shapely.area(shapes).sum() == pytest.approx(shapely.area(sets["kommune"][0]))
    assert shapely.equals_exact(nation.areas(20)["rode"], sets["rode"]).all()
    assert not shapely.equals_exact(nation.areas(20, seed=6)["rode"], sets["rode"]).any()


def test_its_files_are_read_like_any_other(tmp_path: Path) -> None:
    made = workspace.create(tmp_path / "var", default=Path(__file__).parent.parent.parent)
    for path in made.boundaries.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    sets = nation.areas(20)
    nation.write_areas(made.boundaries, sets)
    read = boundaries.read(made.boundaries, catalogue.read(made.data, made.boundaries).area_sets)
    assert {name: len(area_set.areas) for name, area_set in read.items()} == {"kommune": 1, "bydel": 4, "rode": 400}
    first, again = made.registers / "first.parquet", made.registers / "again.parquet"
    for path in (first, again):
        nation.write_register(path, sets, 5_000, 900)
    assert first.read_bytes() == again.read_bytes()
    rows = pq.read_table(first)
    assert rows.num_rows == 5_000
    inside = shapely.intersects_xy(sets["kommune"][0], rows["x"].to_numpy(), rows["y"].to_numpy())
    assert np.mean(inside) > 0.9


def test_the_demo_register_can_have_another_size(tmp_path: Path) -> None:
    made = workspace.create(tmp_path / "var", default=Path(__file__).parent.parent.parent)
    scale._register(made, demo.Size(1_000, 2_000, ("2013H1", "2013H2", "2014H1")))
    rows = pq.read_table(made.registers / f"{demo.REGISTER}.parquet")
    assert rows.num_rows == 3_000
    assert rows["period"].unique().to_pylist() == ["2013H1", "2013H2", "2014H1"]
    scale.over(made, ("bydel", "kommune"))
    asked = {one.id: one.area_sets for one in catalogue.read(made.data, made.boundaries).indicators if one.register}
    assert set(asked.values()) == {("bydel", "kommune")}
