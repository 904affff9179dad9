"""No row of a person leaves `geo`: not into an edition, a log, a cache, or what travels to other machines."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from geo import pipeline
from geo.demo import REGISTER
from geo.files.workspace import Workspace
from geo.registers import register
from tests.towns.registertown import SECRET, opened, save, town


def test_what_travels_to_other_machines_and_back_holds_no_row(tmp_path: Path) -> None:
    found = opened(save(town().assign(x=SECRET[0], y=SECRET[1]), tmp_path / "town.parquet"))
    travels = pickle.dumps((found.job, found.shards, register.count(found.job, found.shards)))
    assert np.float64(SECRET[0]).tobytes() not in travels
    assert np.float64(SECRET[1]).tobytes() not in travels


def test_nothing_in_a_workspace_but_the_register_holds_a_coordinate(built: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    pipeline.build(built, progress=lambda what, _done, _all: told.append(what))
    rows = pq.read_table(built.registers / f"{REGISTER}.parquet", columns=["x", "y"]).slice(0, 3000)
    numbers = {value for name in ("x", "y") for value in rows[name].to_numpy().tolist() if np.isfinite(value)}
    held = "".join([*told, caplog.text]).encode()
    for path in (path for path in built.folder.rglob("*") if path.is_file() and path.parent != built.registers):
        if path.suffix == ".parquet":
            assert not numbers & set(pq.read_table(path).to_pandas().select_dtypes("number").to_numpy().ravel().tolist()), path
        else:
            held += path.read_bytes()
    assert not [number for number in numbers if f"{number:.1f}".encode() in held]
