"""From files to an edition, one line a step. The only module that composes the analysis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pandas as pd
import shapely

from geo import (
    agreement,
    boundaries,
    catalogue,
    cells,
    classify,
    cube,
    disclosure,
    edition,
    gazetteer,
    gazetteerfile,
    goals,
    history,
    indicators,
    joins,
    layers,
    lookup,
    observations,
    overlaps,
    provenance,
    redraws,
    registerfile,
    registers,
    turns,
    vault,
)
from geo.cube import Cube, Question
from geo.disclosure import Protected
from geo.edition import Contents, Layer, Part
from geo.errors import GeoError, InputError, Problem
from geo.history import History, Vintage
from geo.model import AreaSet, Catalogue, Indicator
from geo.overlaps import Residents
from geo.protection import gate
from geo.protection.gate import Closed, Past
from geo.protection.overlay import Counted
from geo.registerfile import Shard
from geo.registers import Count, Homes
from geo.results import InputFile, Leftover, Manifest
from geo.spots import Spot
from geo.tally import Job
from geo.words import Audience, Status
from geo.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""Called as (what is being done, steps done, steps in all)."""

_Reckon = Callable[[Job, Sequence[Shard]], Cube]
"""Counts the shards of a register, and tells of it."""

STEPS: Final = (
    "catalogue",
    "boundaries",
    "observations",
    "registers",
    "joins and intervals",
    "protection and verdicts",
    "overlaps",
    "edition",
)


WAITING: Final = "waiting for another build to end"


@dataclass(frozen=True)
class _Files:
    """What the files of a workspace say, checked."""

    catalogue: Catalogue
    area_sets: Mapping[str, AreaSet]
    observations: pd.DataFrame
    inputs: tuple[InputFile, ...]
    leftovers: tuple[Leftover, ...]
    registers: tuple[_Counted, ...]
    spots: tuple[Spot, ...]
    history: History


@dataclass(frozen=True)
class _Counted:
    """What was counted in a register: shares, what found no partner, where people live in the newest period, and the file.

    counted: the same counts by atom, for the gate.
    """

    shares: pd.DataFrame
    counted: Counted
    leftovers: tuple[Leftover, ...]
    homes: Homes | None
    demo: bool
    input: InputFile


def build(workspace: Workspace, *, progress: Progress = lambda _what, _done, _all: None, count: Count = registers.count) -> Manifest:
    """Build an edition from the workspace's files and make it the current one.

    count: how registers are counted, here or on other machines (geo.cluster). The same files give the same bytes and the same id,
    whichever it is. Raises InputError or CatalogueError with all problems of the step that failed; nothing is published then, and
    the edition before stays current.

    One build at a time: each closes its figures around those that are out, and must see what the other let out.
    """
    with turns.turn(workspace.editions, waiting=lambda: progress(WAITING, 0, len(STEPS))):
        turns.sweep(workspace.editions)
        turns.sweep(workspace.internal)
        return _build(workspace, progress=progress, count=count)


def _build(workspace: Workspace, *, progress: Progress, count: Count) -> Manifest:
    read = _read(workspace, progress=progress, count=count)
    progress(STEPS[4], 4, len(STEPS))
    measured = indicators.intervals(read.observations, indicators=read.catalogue.indicators, sources=read.catalogue.sources)
    joined = joins.by_code(measured, area_ids=_codes(read.area_sets), indicators=read.catalogue.indicators)
    agreement.check(joined.table, read.catalogue.indicators)
    progress(STEPS[5], 5, len(STEPS))
    closed = _close(workspace, read, joined.table)
    parts = [_part(joined.table, read.catalogue, audience, closed[audience]) for audience in Audience]
    progress(STEPS[6], 6, len(STEPS))
    cover = _cover(_carrying(read.area_sets))
    pairs = overlaps.overlaps(read.area_sets, residents=_residents(read, cover))
    progress(STEPS[7], 7, len(STEPS))
    drawn = [Layer(layers.describe(area_set), layers.draw(area_set)) for area_set in read.area_sets.values()]
    indexes = _indexes(workspace, read, cover)
    contents = Contents(_published(read.catalogue), drawn, pairs, parts, read.inputs, (*read.leftovers, *joined.leftovers), indexes)
    kept = {one.protected.audience: _kept(one, closed) for one in parts}
    keep = partial(vault.write, workspace.internal, kept=kept)
    manifest = edition.write(workspace.editions, contents, before=keep)  # nobody reads an edition whose proofs are not kept
    edition.point(workspace.editions, manifest.id)
    progress("done", len(STEPS), len(STEPS))
    return manifest


def _read(workspace: Workspace, *, progress: Progress, count: Count) -> _Files:
    progress(STEPS[0], 0, len(STEPS))
    known = catalogue.read(workspace.data, workspace.boundaries)
    progress(STEPS[1], 1, len(STEPS))
    area_sets = boundaries.read(workspace.boundaries, known.area_sets)
    progress(STEPS[2], 2, len(STEPS))
    published = observations.read(workspace.data, known, boundaries.codes(workspace.boundaries, known.area_sets))
    progress(STEPS[3], 3, len(STEPS))
    listed = gazetteerfile.read(workspace.data)
    told = history.read(workspace.editions, _carrying(area_sets))
    tell = _rows_told(progress)
    counted = _count(workspace, known, area_sets, told, reckon=lambda job, shards: count(job, shards, tell))
    return _Files(
        catalogue=known,
        area_sets=area_sets,
        observations=pd.concat([published.table, *(register.shares for register in counted)], ignore_index=True),
        inputs=(
            *catalogue.inputs(workspace.data, workspace.boundaries, known),
            *boundaries.inputs(workspace.boundaries, area_sets),
            *published.inputs,
            *listed.inputs,
            *(register.input for register in counted),
        ),
        leftovers=(*published.leftovers, *(left for register in counted for left in register.leftovers)),
        registers=tuple(counted),
        spots=listed.spots,
        history=told,
    )


def _carrying(area_sets: Mapping[str, AreaSet]) -> dict[str, AreaSet]:
    """The sets that carry figures; the others are land and water for orientation."""
    return {name: area_set for name, area_set in area_sets.items() if area_set.kind.role == "areas"}


def _cover(area_sets: Mapping[str, AreaSet], vintages: Sequence[Vintage] = ()) -> cells.Cover:
    shapes = [*(area_set.areas.geometry.to_numpy() for area_set in area_sets.values()), *(one.shapes for one in vintages)]
    partition = [*(area_set.edition.partition for area_set in area_sets.values()), *(one.partition for one in vintages)]
    return cells.cover(shapes, partition=partition)


def _residents(read: _Files, cover: cells.Cover) -> Residents | None:
    """Who lives where, for the percent of residents that two areas share: from the first register that knows, or nothing is said."""
    known = next((register for register in read.registers if register.homes), None)
    if known is None or known.homes is None:
        return None
    found = dict(zip(_carrying(read.area_sets), cells.find(cover, known.homes.x, known.homes.y), strict=True))
    least = max(threshold.min_count for rule in read.catalogue.rules for threshold in rule.thresholds.values())
    return Residents(known.homes.people, found, Status.DEMO if known.demo else Status.FINAL, least)


def _indexes(workspace: Workspace, read: _Files, cover: cells.Cover) -> dict[str, bytes]:
    """What answers where points lie: a cover of the newest area sets for many, an R-tree over all vintages for one, the names of points."""
    vintages = boundaries.vintages(workspace.boundaries, read.catalogue.area_sets)
    return {"cover.npz": cells.pack(cover), "lookup.npz": lookup.build(vintages), "gazetteer.npz": gazetteer.build(read.spots)}


def _codes(area_sets: Mapping[str, AreaSet]) -> dict[str, list[str]]:
    return {name: area_set.areas["area_id"].tolist() for name, area_set in _carrying(area_sets).items()}


def _count(workspace: Workspace, known: Catalogue, area_sets: Mapping[str, AreaSet], told: History, *, reckon: _Reckon) -> list[_Counted]:
    """Count every register that the workspace has. One that is not there is no error: its indicators then have no rows."""
    asked: dict[str, list[Indicator]] = {}
    for indicator in known.indicators:
        if indicator.register and any(name in area_sets for name in indicator.area_sets):
            asked.setdefault(indicator.register.register, []).append(indicator)
    found = {name: path for name in sorted(asked) if (path := registerfile.find(workspace.registers, name))}
    return [_count_one(path, asked[name], area_sets, told.vintages.get(name, ()), reckon=reckon) for name, path in found.items()]


def _count_one(
    path: Path,
    asked: Sequence[Indicator],
    area_sets: Mapping[str, AreaSet],
    vintages: Sequence[Vintage],
    *,
    reckon: _Reckon,
) -> _Counted:
    sets = {indicator.id: indicator.area_sets for indicator in asked}
    over = {name: area_set for name, area_set in area_sets.items() if any(name in of_one for of_one in sets.values())}
    cover = _cover(over, vintages)
    extent = shapely.total_bounds(np.concatenate([area_set.areas.geometry.to_numpy() for area_set in over.values()]))
    measures = {indicator.id: indicator.register for indicator in asked if indicator.register}
    areas = history.areas(_codes(over), vintages)
    question = Question(measures, dict(Counter(area.area_set for area in areas)))
    register = registers.open(path, question, partial(cells.find, cover), extent=tuple(extent))
    counts = reckon(register.job, register.shards)
    if not counts.rows:
        raise InputError(Problem(path.name, "a register without rows", found="no row", expected="the people it is about, or no register"))
    ids = _codes(over)
    file = provenance.input_file(path, register.sidecar, root=path.parent.parent, kind="register", rows=counts.rows)
    return _Counted(
        homes=registers.homes(register, counts.periods[-1]) if counts.periods else None,
        demo=all(indicator.demo for indicator in asked),
        shares=indicators.shares(cube.table(counts, ids, sets=sets), indicators=asked, source=path.stem, file=file.path),
        counted=Counted(path.stem, tuple(asked), areas, counts),
        leftovers=cube.leftovers(counts, ids),
        input=file,
    )


def _rows_told(progress: Progress) -> registers.Tell:
    """Tell of rows and of the time left, as the words of the step."""

    def tell(done: int, rows: int, left: float) -> None:
        progress(f"{STEPS[3]}: {done:,} of {rows:,} rows, {left:.0f} s left", 3, len(STEPS))

    return tell


def _close(workspace: Workspace, read: _Files, table: pd.DataFrame) -> Mapping[Audience, Closed]:
    """What each audience does not get to see of registers, worked out with all that earlier editions told."""
    past = Past(read.history.facts, vault.all_proofs(workspace.internal))
    return gate.close(table, known=read.catalogue, registers=[register.counted for register in read.registers], past=past)


def _published(known: Catalogue) -> Catalogue:
    """The catalogue as it goes out: without what was accepted, which would say where to look."""
    rules = tuple(msgspec.structs.replace(rule, accepted=()) for rule in known.rules)
    return msgspec.structs.replace(known, rules=rules)


def _kept(part: Part, closed: Mapping[Audience, Closed]) -> vault.Kept:
    return vault.Kept(closed[part.protected.audience].proofs, part.protected.why)


def _part(table: pd.DataFrame, known: Catalogue, audience: Audience, closed: Closed) -> Part:
    """Protect first, and see that the proofs hold for what then stands there; verdicts and class breaks only from what is read."""
    protected = disclosure.protect(
        table,
        indicators=known.indicators,
        rules=known.rules,
        audience=audience,
        withheld=closed.withheld,
    )
    shown = gate.figures(protected.table)
    problems = [problem for proof in closed.proofs for problem in gate.check(proof, shown)]
    if problems:
        raise GeoError(problems)
    return conclude(protected, known)


def conclude(protected: Protected, known: Catalogue) -> Part:
    """What follows from what an audience may read: verdicts, class breaks, redraws. From nothing else, which the audit tries."""
    return Part(
        protected=protected,
        judgements=goals.judge(protected.table, catalogue=known, whole=_whole(protected.table, known)),
        breaks=classify.breaks(protected.table, known.indicators),
        redraws=redraws.of(protected.table, kinds=known.area_sets, indicators=known.indicators),
    )


def _whole(table: pd.DataFrame, known: Catalogue) -> pd.DataFrame:
    """The areas of each goal taken together, as observations with intervals and the goal's id."""
    sums = goals.pooled(table, catalogue=known)
    counts = sums.assign(area_set="", area_id="")
    shares = indicators.shares(counts, indicators=known.indicators, source="").assign(source=sums["source"].to_numpy())
    return indicators.intervals(shares, indicators=known.indicators, sources=known.sources).assign(goal=sums["goal"].to_numpy())
