"""An invented country: ten thousand small areas that fit edge to edge in a hundred larger ones, and a register of its people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geo.demo import AGES, CODES, LABOUR, OFFER, ORIGINS
from geo.files import provenance
from geo.model.areas import AreaSetEdition, Register, Sidecar
from geo.spatial.crs import MEASURE

LEFT, BOTTOM, SIDE = 450_000.0, 6_080_000.0, 3_000.0
"""Metres (EPSG:25832): where the country begins, and how wide a small area is before its corners are moved."""
JITTER: Final = 0.25
"""How far a corner is moved at most, in sides."""
LARGER: Final = 10
"""Small areas along the side of a larger one."""
GROUP: Final = 500_000
"""Rows of a row group."""
DAY: Final = dt.date(2014, 1, 1)

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


def areas(across: int = 100, *, seed: int = 5) -> dict[str, Shapes]:
    """The area sets: `rode` of across x across small areas, `bydel` of LARGER x LARGER of them each, `kommune` of all."""
    rng = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(across + 1), np.arange(across + 1)), axis=-1)
    corner = corner + rng.uniform(-JITTER, JITTER, corner.shape)
    corner = (LEFT, BOTTOM) + SIDE * corner
    rings = np.stack([corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1], corner[:-1, :-1]], axis=2).reshape(-1, 5, 2)
    small = shapely.polygons(rings)
    row, column = np.divmod(np.arange(across**2), across)
    of_larger = row // LARGER * -(-across // LARGER) + column // LARGER
    larger = np.array([shapely.coverage_union_all(small[of_larger == number]) for number in range(of_larger.max() + 1)], dtype=object)
    return {"rode": small, "bydel": larger, "kommune": np.array([shapely.coverage_union_all(small)], dtype=object)}


def write_areas(boundaries: Path, sets: dict[str, Shapes]) -> None:
    """Write each set as a boundary file with its sidecar, in metres."""
    for name, shapes in sets.items():
        path = boundaries / name / f"{DAY}.geojson"
        path.parent.mkdir(parents=True)
        path.write_text("".join(_geojson(name, shapes)), encoding="utf-8")
        _sidecar(path, area_set=AreaSetEdition(id=name, valid_from=DAY, partition=True))


def write_register(path: Path, sets: dict[str, Shapes], people: int, addresses: int, *, seed: int = 6) -> None:
    """Write a register of one half-year with the columns of the demo register; some areas are ten times as full as others."""
    rng = np.random.default_rng(seed)
    left, bottom, right, top = shapely.total_bounds(sets["kommune"])
    full = rng.beta(1.2, 3.0, (addresses, 2))
    x, y = (left + (right - left) * full[:, 0]).round(1), (bottom + (top - bottom) * full[:, 1]).round(1)
    kinds = {"age_group": AGES, "origin": ORIGINS, "labour": LABOUR[:4], "day_care": OFFER, "social": OFFER, "leisure": OFFER}
    code = pa.dictionary(pa.int8(), pa.string())
    plain = [("address", pa.int32()), ("x", pa.float64()), ("y", pa.float64())]
    schema = pa.schema([("period", code), *plain, *((name, code) for name in kinds)], metadata={"crs": MEASURE})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, people, GROUP):
            rows = min(GROUP, people - first)
            home = rng.integers(0, addresses, rows)
            words = [_coded(rng.choice(len(of_one), rows, p=_chances(len(of_one))), of_one) for of_one in kinds.values()]
            columns = [
                _coded(np.zeros(rows, np.int8), ("2014H1",)),
                pa.array(home, pa.int32()),
                pa.array(x[home]),
                pa.array(y[home]),
                *words,
            ]
            writer.write_table(pa.table(columns, schema=schema))
    _sidecar(path, register=Register(crs=MEASURE, codes=CODES))


def _chances(kinds: int) -> Floats:
    """The first word is the most frequent, each of the others half as frequent as the one before."""
    weight = 0.5 ** np.arange(kinds)
    chances: Floats = weight / weight.sum()
    return chances


def _coded(codes: NDArray[np.integer], words: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(words))


def _geojson(name: str, shapes: Shapes) -> Iterator[str]:
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{MEASURE.replace(':', '::')}"}}
    yield f'{{"type":"FeatureCollection","crs":{json.dumps(crs)},"features":[\n'
    for number, geometry in enumerate(shapely.to_geojson(shapes)):
        code = "0101" if name == "kommune" else str(number + 1)
        about = json.dumps({"area_id": code, "name": f"{name} {number + 1}"})
        yield f'{"," if number else ""}{{"type":"Feature","properties":{about},"geometry":{geometry}}}\n'
    yield "]}\n"


def _sidecar(path: Path, *, area_set: AreaSetEdition | None = None, register: Register | None = None) -> None:
    said = Sidecar(
        title="Opdigtet til målinger",
        producer="Områdekort (bench)",
        licence="CC0 1.0",
        retrieved=DAY,
        sha256=provenance.sha256(path),
        changed="Opdigtet af bench.nation.",
        area_set=area_set,
        register=register,
    )
    provenance.write(path, said)
