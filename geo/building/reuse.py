"""Results of earlier builds that a build uses again or makes anew: the cover of the areas, counts of registers, shared residents.

Each is kept under a hash of everything that it follows from: the outlines of the areas, the register's bytes and what is asked of it,
and the program. So after a change of a CSV, a goal or a rule no register is counted again, and what is used again is what would be
made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec
import numpy as np

from geo.building import cache
from geo.building.cache import Cache
from geo.building.steps import StepTimer
from geo.model.areas import AreaSet
from geo.model.results import Overlap
from geo.model.vocabulary import Status
from geo.registers import cubefile, register
from geo.registers.counting import Job
from geo.registers.cube import Atoms, Cube, CubeQuestion
from geo.registers.files import Shard
from geo.registers.register import Checked
from geo.spatial import cells, overlaps
from geo.spatial.cells import Cover, Kernel
from geo.spatial.grid import Shapes
from geo.spatial.overlaps import Residents
from geo.spatial.points import AreaFinder

KERNELS: Final[Mapping[Kernel, str]] = {"numpy": "numpy", "numba": "the compiled kernel (numba)"}
"""What `build --explain` calls them."""


@dataclass(frozen=True)
class Outlines:
    """The shapes of some area sets by name, and whether each is a partition. Metres (EPSG:25832), in the order of the area ids."""

    shapes: Mapping[str, Shapes]
    partition: Mapping[str, bool]

    @property
    def sizes(self) -> dict[str, int]:
        """How many areas each set has."""
        return {name: len(shapes) for name, shapes in self.shapes.items()}

    @cached_property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each set's outlines."""
        return {name: cells.outline(shapes, partition=self.partition[name]) for name, shapes in self.shapes.items()}


@dataclass(frozen=True)
class Living:
    """The register that says where residents live, in its newest period.

    demo: its people are invented. least: see `overlaps.Residents`.
    """

    register: Checked
    period: str
    demo: bool
    least: int


class Reuse:
    """The results of earlier builds for one build: it asks for what it needs, and `course` records what was used again."""

    def __init__(self, kept: Cache, course: StepTimer, *, program: str, outlines: Outlines) -> None:
        self._kept, self._course, self._program, self._outlines = kept, course, program, outlines

    @cached_property
    def packed_cover(self) -> bytes:
        """Return the cover of all area sets as it lies in an edition (see `cells.pack`)."""
        name = cache.name("cover", self._program, *self._outlines.hashes.values())
        packed = self._kept.read(name)
        self._course.note(f"cover of areas: {'outlines as before' if packed else 'outlines or program are new'}", kept=packed is not None)
        if packed is None:
            packed = cells.pack(self.cover)
            self._kept.write(name, packed)
        return packed

    @cached_property
    def cover(self) -> Cover:
        """Return the cover of all area sets. It is made anew, which is faster than unpacking a stored one."""
        return cells.cover(list(self._outlines.shapes.values()), partition=list(self._outlines.partition.values()))

    def counts(self, register: Checked, older: Outlines, *, reckon: Callable[[Job, Sequence[Shard]], Cube]) -> Cube:
        """Return what a register counts in the sets of its question: those as they are drawn now, then older ones as they were drawn.

        older: the outlines of the older ones. reckon: counts the shards of a register.
        """
        outlines = [self._outlines.hashes[name] for name in register.question.areas if name in self._outlines.shapes]
        asked = msgspec.json.encode(
            (
                register.register,
                register.question.measures,
                register.question.areas,
                register.question.by,
                register.question.known,
                register.question.seed,
            )
        )
        name = cache.name("counts", self._program, register.sidecar.sha256, asked, *outlines, *older.hashes.values())
        cube = _cube_of(self._kept.read(name))
        same = "register, question and outlines as before" if cube else "register, question, outlines or program are new"
        self._course.note(f"{register.path.stem}: {same}", kept=cube is not None)
        if cube is None:
            finder = self._finder(register.question, older)
            cube = reckon(register.job(finder), register.shards)
            self._course.note(f"{register.path.stem}: areas found by {KERNELS[finder.kernel]}")
            self._kept.write(name, cubefile.pack(cube))
        return cube

    def overlaps(self, area_sets: Mapping[str, AreaSet], living: Living | None) -> tuple[Overlap, ...]:
        """Return how the areas of the sets overlap, with the residents they share where a register knows.

        area_sets: those that the outlines belong to. living: the register that says where residents live, None when there is none.
        """
        ids = {name: area_set.areas["area_id"].tolist() for name, area_set in area_sets.items()}
        about: list[str | bytes] = [self._program, msgspec.json.encode(ids), *self._outlines.hashes.values()]
        if living:
            who = (living.register.register, living.period, living.demo, living.least)
            about += [living.register.sidecar.sha256, msgspec.json.encode(who)]
        name = cache.name("overlaps", *about)
        listed = _overlaps_of(self._kept.read(name))
        same = "outlines and residents as before" if listed is not None else "outlines, residents or program are new"
        self._course.note(same, kept=listed is not None)
        if listed is None:
            listed = overlaps.overlaps(area_sets, residents=self._residents(living) if living else None)
            self._kept.write(name, msgspec.json.encode(listed))
        return listed

    def _residents(self, living: Living) -> Residents:
        atoms = register.neighbours(living.register, living.period, AreaFinder([self.cover]), self._outlines.sizes)
        status = Status.DEMO if living.demo else Status.FINAL
        return Residents(atoms.counts[:, 0].astype(np.float64), _located(atoms, self._outlines.sizes), status, living.least)

    def _finder(self, question: CubeQuestion, older: Outlines) -> AreaFinder:
        """A function that finds points in the sets of a question: those of the cover, then the older ones, which have their own cover."""
        names = list(self._outlines.shapes)
        layers = tuple(self.cover.layers[names.index(name)] for name in question.areas if name in names)
        covers = [Cover(self.cover.grid, layers)]
        if older.shapes:
            covers.append(cells.cover(list(older.shapes.values()), partition=list(older.partition.values())))
        return AreaFinder(covers)


def _cube_of(packed: bytes | None) -> Cube | None:
    with suppress(ValueError):
        return cubefile.unpack(packed) if packed else None
    return None


def _overlaps_of(packed: bytes | None) -> tuple[Overlap, ...] | None:
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(packed, type=tuple[Overlap, ...]) if packed else None
    return None


def _located(atoms: Atoms, sizes: Mapping[str, int]) -> dict[str, cells.PointPairs]:
    """Which atoms lie in which areas of each set. Atoms stand in place of points, because all people of one lie in the same areas."""
    atom = np.repeat(np.arange(len(atoms.inside)), [len(areas) for areas in atoms.inside])
    area = np.array([area for areas in atoms.inside for area in areas], dtype=np.int64)
    pairs, first = {}, 0
    for name, size in sizes.items():
        here = (area >= first) & (area < first + size)
        pairs[name] = cells.PointPairs(atom[here], (area[here] - first).astype(np.int32))
        first += size
    return pairs
