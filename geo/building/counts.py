"""The registers of a workspace, counted for an edition: as shares to publish, and by atom and kind for the disclosure control."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import shapely

from geo.building import noiseseed
from geo.building.cache import Cache
from geo.building.reuse import Outlines, Reuse
from geo.building.steps import StepTimer
from geo.disclosure.counts import Counted, Measured, measured
from geo.editions import released as released_figures
from geo.editions.released import ReleasedHistory
from geo.errors import InputError, Problem
from geo.figures import cellkey, indicators, means
from geo.files import provenance
from geo.files.workspace import Workspace
from geo.incoming import leftrows
from geo.model.areas import AreaSet
from geo.model.catalogue import Catalogue
from geo.model.indicators import Indicator, RegisterMeasure
from geo.model.results import InputFile, Leftover
from geo.registers import cube, files, persons
from geo.registers import register as registers
from geo.registers.counting import Job
from geo.registers.cube import CubeQuestion
from geo.registers.files import Shard
from geo.registers.register import Checked, Count


@dataclass(frozen=True)
class CountedRegister:
    """What was counted in a register: shares, leftovers, the file, and the register itself.

    counted: the same counts by atom, for the disclosure control.
    """

    shares: pd.DataFrame
    counted: Counted
    leftovers: tuple[Leftover, ...]
    register: Checked
    demo: bool
    input: InputFile


@dataclass(frozen=True)
class Run:
    """One build: the workspace, the timer of its steps, how registers are counted, and stored results of earlier builds."""

    workspace: Workspace
    course: StepTimer
    count: Count
    cache: Cache
    program: str


def earlier(workspace: Workspace, known: Catalogue, area_sets: Mapping[str, AreaSet]) -> ReleasedHistory:
    """Return what earlier editions published, in terms of the registers that exist now. Raises EditionError when one cannot be read."""
    names = sorted({indicator.register.register for indicator in known.indicators if indicator.register})
    paths = {name: path for name in names if (path := files.find(workspace.registers, name))}
    columns = {name: registers.codes(path) for name, path in paths.items()}
    return released_figures.read(workspace.editions, carrying(area_sets)).of(columns)


def count(run: Run, known: Catalogue, area_sets: Mapping[str, AreaSet], history: ReleasedHistory, *, reuse: Reuse) -> list[CountedRegister]:
    """Count every register that the workspace has. A register that is missing is no error: its indicators then have no rows.

    known: the catalogue. history: what earlier editions published. Raises InputError or CrsError when a register cannot be counted.
    """
    asked: dict[str, list[Indicator]] = {}
    for indicator in known.indicators:
        if indicator.register and any(name in area_sets for name in indicator.area_sets):
            asked.setdefault(indicator.register.register, []).append(indicator)
    paths = {name: path for name in sorted(asked) if (path := files.find(run.workspace.registers, name))}
    return [_count_one(run, path, asked[name], (known, area_sets, history), reuse=reuse) for name, path in paths.items()]


def _count_one(
    run: Run, path: Path, asked: Sequence[Indicator], read: tuple[Catalogue, Mapping[str, AreaSet], ReleasedHistory], *, reuse: Reuse
) -> CountedRegister:
    known, area_sets, history = read
    vintages = history.vintages.get(path.stem, ())
    sets = {indicator.id: indicator.area_sets for indicator in asked}
    over = {name: area_set for name, area_set in area_sets.items() if any(name in of_one for of_one in sets.values())}
    extent = shapely.total_bounds(np.concatenate([area_set.areas.geometry.to_numpy() for area_set in over.values()]))
    measures = {indicator.id: indicator.register for indicator in asked if indicator.register}
    released, before = _released(path, history, measures)
    areas = released_figures.areas(codes(over), vintages)
    neighbours = tuple(
        sorted({column for rule in known.rules for column in rule.known if any(indicator.rule == rule.id for indicator in asked)})
    )
    question = CubeQuestion(
        measures | before, dict(Counter(area.area_set for area in areas)), known=neighbours, seed=_seed(run, asked, history)
    )
    register = registers.check(path, question, extent=tuple(extent))
    older = Outlines({vintage.name: vintage.shapes for vintage in vintages}, {vintage.name: vintage.partition for vintage in vintages})
    counts = reuse.counts(register, older, reckon=lambda job, shards: _reckoned(run, register, job, shards))
    if not counts.rows:
        raise InputError(Problem(path.name, "a register without rows", found="no row", expected="the people it is about, or no register"))
    _see_halves(path.name, counts, asked)
    ids = codes(over)
    leftovers = cube.leftovers(counts, ids)
    covering = {name for name, area_set in over.items() if area_set.edition.partition}
    leftrows.check(path.name, leftovers, counts.rows, register.register, covering=covering)
    file = provenance.input_file(path, register.sidecar, root=path.parent.parent, kind="register", rows=counts.rows)
    return CountedRegister(
        shares=indicators.shares(
            _with_means(_with_noise(counts, ids, asked, question.seed), asked), indicators=asked, source=path.stem, file=file.path
        ),
        counted=Counted(path.stem, tuple(asked), areas, counts, released),
        leftovers=leftovers,
        register=register,
        demo=all(indicator.demo for indicator in asked),
        input=file,
    )


def _reckoned(run: Run, register: Checked, job: Job, shards: Sequence[Shard]) -> cube.Cube:
    """Count shards of a register, after no person was seen in it twice."""
    persons.check(register.path.name, register.shards, register.register)
    return run.count(job, shards, _report_rows(run.course))


def without_numbers(leftovers: Iterable[Leftover]) -> tuple[Leftover, ...]:
    """Return a register's leftovers as they may be published: that there are such rows, not how many."""
    return tuple(msgspec.structs.replace(left, count=None) if left.side == "row" else left for left in leftovers)


def _see_halves(name: str, counts: cube.Cube, asked: Sequence[Indicator]) -> None:
    """Raise InputError when means over half-years are asked of a register that has other periods."""
    telling = [indicator.id for indicator in asked if indicator.means]
    others = [code for code in counts.periods if not means.half(code)]
    if telling and others:
        what = f"a register of which {telling[0]} tells means of half-years has another period"
        raise InputError(Problem(name, what, None, "means", others[0], "half-years, or no means", len(others) - 1))


def _with_means(counts: pd.DataFrame, asked: Sequence[Indicator]) -> pd.DataFrame:
    """The counts, and below them those of the means that the indicators ask for."""
    more = means.of_counts(counts, asked)
    return pd.concat([counts, more], ignore_index=True) if len(more) else counts


def _seed(run: Run, asked: Sequence[Indicator], history: ReleasedHistory) -> str:
    """The seed of the record keys where an indicator has noise; "" where none has."""
    if all(indicator.noise is None for indicator in asked):
        return ""
    noisy = any(noise for of_register in history.measured_with_noise.values() for _, noise, _ in of_register)
    return noiseseed.seed(run.workspace.internal, published=noisy)


def _with_noise(counts: cube.Cube, ids: Mapping[str, Sequence[str]], asked: Sequence[Indicator], seed: str) -> pd.DataFrame:
    """The counts of a register as they are published, with their noise."""
    sets = {indicator.id: indicator.area_sets for indicator in asked}
    exact = cube.table(counts, ids, sets=sets)
    if not seed:
        return exact
    keys = cube.table(dataclasses.replace(counts, counts=counts.keys), ids, sets=sets)
    return cellkey.perturbed(exact, keys, indicators=asked, seed=seed)


def _released(
    path: Path, history: ReleasedHistory, measures: Mapping[str, RegisterMeasure]
) -> tuple[dict[Measured, tuple[str, ...]], dict[str, RegisterMeasure]]:
    """For each measure of earlier editions, the names that count it now; and the measures that no indicator of today counts."""
    codes, names = registers.codes(path), {measured(measure): name for name, measure in measures.items()}
    released: dict[Measured, tuple[str, ...]] = {}
    before: dict[str, RegisterMeasure] = {}
    for measure in history.measures.get(path.stem, ()):
        now = released_figures.expressed(measure, codes)
        for current in now:
            if measured(current) not in names:
                names[measured(current)] = f"earlier {len(before) + 1}"
                before[names[measured(current)]] = current
        released[measured(measure)] = tuple(names[measured(current)] for current in now)
    return released, before


def _report_rows(course: StepTimer) -> registers.Tell:
    """Report the rows that are counted as a part of the step."""
    return lambda done, rows, _left: course.part("rows", done, rows)


def codes(area_sets: Mapping[str, AreaSet]) -> dict[str, list[str]]:
    """Return the ids of the areas of every set that carries figures."""
    return {name: area_set.areas["area_id"].tolist() for name, area_set in carrying(area_sets).items()}


def carrying(area_sets: Mapping[str, AreaSet]) -> dict[str, AreaSet]:
    """Return the sets that carry figures; the others are land and water for orientation."""
    return {name: area_set for name, area_set in area_sets.items() if area_set.kind.role == "areas"}
