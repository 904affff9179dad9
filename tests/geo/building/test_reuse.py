"""What a build takes over from the one before: the same cube, counted once; never a damaged one, never one of another question."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from geo import pipeline
from geo.building import cache
from geo.building.cache import Cache
from geo.building.steps import FinishedStep
from geo.editions import edition
from geo.files.workspace import Workspace
from geo.registers import cubefile, register
from geo.registers.counting import Job
from geo.registers.cube import Atoms, Cube, CubeLine, Kinds
from geo.registers.files import Shard
from geo.spatial import cells
from tests.towns import toytown

LINES = (CubeLine("rows"), CubeLine("denominator", "a", "x"), CubeLine("numerator", "a", "x"))
KINDS = Kinds(LINES, np.array([[1, 0, 0], [1, 1, 0], [1, 1, 1]]), np.array([0, 0, 1]))  # as many kinds as lines


def cube(most: int = 300, low: int = 0) -> Cube:
    rng = np.random.default_rng(1)

    def rows(size: int) -> np.ndarray:
        return rng.integers(low, most, (size, len(LINES)))

    counts = {period: {"": rows(3), "bydel": rows(13)} for period in ("2014H1", "")}
    atoms = {"2014H1": Atoms(((0,), (0, 3), (1,)), rows(3)), "2014H2": Atoms((), rows(0))}
    return Cube(KINDS, counts, atoms)


def same(one: Cube, other: Cube) -> bool:
    assert one.kinds == other.kinds
    assert list(one.counts) == list(other.counts)
    for period, sets in one.counts.items():
        assert list(sets) == list(other.counts[period])
        for name, rows in sets.items():
            assert rows.dtype == other.counts[period][name].dtype == np.int64
            np.testing.assert_array_equal(rows, other.counts[period][name])
    assert list(one.atoms) == list(other.atoms)
    for period, atoms in one.atoms.items():
        assert atoms.inside == other.atoms[period].inside
        np.testing.assert_array_equal(atoms.counts, other.atoms[period].counts)
    return True


@pytest.mark.parametrize(("most", "low"), [(2, 0), (300, 0), (70_000, 0), (5_000_000_000, 0), (9, -5)])
def test_a_cube_is_read_back_exactly(most: int, low: int) -> None:
    assert same(cube(most, low), cubefile.unpack(cubefile.pack(cube(most, low))))
    assert same(Cube(KINDS, {}), cubefile.unpack(cubefile.pack(Cube(KINDS, {}))))


@pytest.mark.parametrize("packed", [b"", b"PK", cubefile.pack(cube())[:-40], b"x" * 400])
def test_what_is_no_cube_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="not a cube"):
        cubefile.unpack(packed)


def test_what_is_kept_is_read_back_until_a_bit_of_it_is_another(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.write("counts-1", b"so many" * 100)
    path = tmp_path / cache.FOLDER / "counts-1"
    assert kept.read("counts-1") == b"so many" * 100
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert kept.read("counts-1") is None
    path.write_bytes(whole[:-1])
    assert kept.read("counts-1") is None
    assert Cache(tmp_path, fresh=True).read("counts-1") is None


def test_what_the_last_build_did_not_use_is_taken_away(tmp_path: Path) -> None:
    before = Cache(tmp_path)
    for name in ("counts-1", "counts-2", "cover-1"):
        before.write(name, b"1")
    (tmp_path / cache.FOLDER / ".new-killed").mkdir()
    now = Cache(tmp_path)
    now.read("counts-2")
    now.write("cover-2", b"2")
    now.sweep()
    assert sorted(path.name for path in (tmp_path / cache.FOLDER).iterdir()) == ["counts-2", "cover-2"]


def test_a_name_tells_parts_apart() -> None:
    assert cache.name("counts", "ab", "c") != cache.name("counts", "a", "bc")
    assert cache.name("counts", "ab") == cache.name("counts", b"ab")


# --- a whole build ----------------------------------------------------------------------------------------------------


class Counting:
    """Counts registers, and how often it was asked to."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, job: Job, shards: Sequence[Shard], tell: register.Tell) -> Cube:
        self.asked += 1
        return register.count(job, shards, tell)


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    """The toy town with an edition, to be changed."""
    made = toytown.write(tmp_path / "var")
    pipeline.build(made)
    return made


def build(town: Workspace, *, anew: bool = False) -> tuple[str, int, dict[str, FinishedStep]]:
    """The edition, how often a register was counted, and the steps."""
    counting, taken = Counting(), []
    manifest = pipeline.build(town, count=counting, ended=taken.append, anew=anew)
    return manifest.id, counting.asked, {step.name: step for step in taken}


def test_a_changed_row_counts_nobody_again(town: Workspace) -> None:
    first = edition.current(town.editions)
    id_, asked, steps = build(town)
    assert (id_, asked) == (first, 0)
    assert steps["registers"].done == steps["overlaps"].done == "kept"
    assert steps["edition"].done == "partly kept"
    goals = town.data / "goals.toml"
    goals.write_text(goals.read_text(encoding="utf-8") + "# a thought\n", encoding="utf-8")
    changed, asked, _ = build(town)
    assert (changed != first, asked) == (True, 0)
    again, asked, steps = build(town, anew=True)
    assert (again, asked) == (changed, 1)
    assert {step.done for step in steps.values()} == {"anew"}
    assert list(steps) == list(pipeline.STEPS)


def test_what_is_damaged_is_made_anew(town: Workspace) -> None:
    for path in (town.internal / cache.FOLDER).iterdir():
        path.write_bytes(path.read_bytes()[:-3] + b"???")
    assert build(town)[:2] == (edition.current(town.editions), 1)
    assert build(town)[1] == 0


def test_another_outline_counts_again(town: Workspace) -> None:
    patch = toytown.patch()
    toytown.write_areas(town, "patch", patch.set_geometry(patch.buffer(-100)), partition=False)
    assert build(town)[1] == 0  # no indicator is counted by patch
    squares = toytown.squares()
    squares.loc[0, "geometry"] = squares.geometry[0].buffer(-1, join_style="mitre")
    toytown.write_areas(town, "square", squares, partition=False)
    assert build(town)[1] == 1


def test_the_hash_of_outlines_tells_shapes_and_kind_apart() -> None:
    shapes = np.array([cells.shapely.box(0, 0, 1, 1), cells.shapely.box(1, 0, 2, 1)], dtype=object)
    hashes = {cells.outline(shapes, partition=True), cells.outline(shapes, partition=False), cells.outline(shapes[::-1], partition=True)}
    assert len(hashes) == 3


def test_a_build_says_which_kernel_found_the_areas_of_a_register_that_it_counted(tmp_path: Path) -> None:
    town, ended = toytown.write(tmp_path / "var"), list[FinishedStep]()
    pipeline.build(town, ended=ended.append)
    pipeline.build(town, ended=ended.append)
    first, second = (step.why for step in ended if step.name == "registers")
    assert "people: areas found by numpy" in first
    assert "areas found by" not in second  # it was counted before
