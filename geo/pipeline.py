"""From files to an edition, one line a step. The only module that composes the analysis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from geo import boundaries, catalogue, classify, disclosure, edition, goals, indicators, joins, layers, observations, overlaps, registers
from geo.edition import Contents, Layer, Part
from geo.model import AreaSet, Catalogue
from geo.registers import Addresses, Counted, Membership
from geo.results import InputFile, Leftover, Manifest
from geo.words import Audience
from geo.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""Called as (what is being done, steps done, steps in all)."""

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


@dataclass(frozen=True)
class _Files:
    """What the files of a workspace say, checked."""

    catalogue: Catalogue
    area_sets: Mapping[str, AreaSet]
    observations: pd.DataFrame
    inputs: tuple[InputFile, ...]
    leftovers: tuple[Leftover, ...]


def build(workspace: Workspace, *, progress: Progress = lambda _what, _done, _all: None) -> Manifest:
    """Build an edition from the workspace's files and make it the current one.

    The same files give the same bytes and the same id. Raises InputError or CatalogueError with all problems of the step that
    failed; nothing is published then, and the edition before stays current.
    """
    read = _read(workspace, progress=progress)
    progress(STEPS[4], 4, len(STEPS))
    measured = indicators.intervals(read.observations, indicators=read.catalogue.indicators)
    joined = joins.by_code(measured, area_ids=_codes(read.area_sets), indicators=read.catalogue.indicators)
    progress(STEPS[5], 5, len(STEPS))
    parts = [_part(joined.table, read.catalogue, audience) for audience in Audience]
    progress(STEPS[6], 6, len(STEPS))
    pairs = overlaps.overlaps(read.area_sets)
    progress(STEPS[7], 7, len(STEPS))
    drawn = [Layer(layers.describe(area_set), layers.draw(area_set)) for area_set in read.area_sets.values()]
    contents = Contents(read.catalogue, drawn, pairs, parts, read.inputs, (*read.leftovers, *joined.leftovers))
    manifest = edition.write(workspace.editions, contents)
    progress("done", len(STEPS), len(STEPS))
    return manifest


def _read(workspace: Workspace, *, progress: Progress) -> _Files:
    progress(STEPS[0], 0, len(STEPS))
    known = catalogue.read(workspace.data, workspace.boundaries)
    progress(STEPS[1], 1, len(STEPS))
    area_sets = boundaries.read(workspace.boundaries, known.area_sets)
    progress(STEPS[2], 2, len(STEPS))
    published = observations.read(workspace.data, known, boundaries.codes(workspace.boundaries, known.area_sets))
    progress(STEPS[3], 3, len(STEPS))
    counted = _count(workspace, known, area_sets)
    counts = (indicators.shares(register.table, indicators=known.indicators, source=name) for name, register in counted.items())
    return _Files(
        catalogue=known,
        area_sets=area_sets,
        observations=pd.concat([published.table, *counts], ignore_index=True),
        inputs=(
            *catalogue.inputs(workspace.data, workspace.boundaries, known),
            *boundaries.inputs(workspace.boundaries, area_sets),
            *published.inputs,
            *(file for register in counted.values() for file in register.inputs),
        ),
        leftovers=(*published.leftovers, *(left for register in counted.values() for left in register.leftovers)),
    )


def _codes(area_sets: Mapping[str, AreaSet]) -> dict[str, list[str]]:
    return {name: area_set.areas["area_id"].tolist() for name, area_set in area_sets.items() if area_set.kind.role == "areas"}


def _count(workspace: Workspace, known: Catalogue, area_sets: Mapping[str, AreaSet]) -> dict[str, Counted]:
    """Count every register that the workspace has. One that is not there is no error: its indicators then have no rows."""
    names = sorted({indicator.register.register for indicator in known.indicators if indicator.register})
    paths = {name: workspace.registers / f"{name}.parquet" for name in names}
    return {name: _count_one(path, name, known, area_sets) for name, path in paths.items() if path.is_file()}


def _count_one(path: Path, name: str, known: Catalogue, area_sets: Mapping[str, AreaSet]) -> Counted:
    asked = {indicator.id: indicator for indicator in known.indicators if indicator.register and indicator.register.register == name}
    where = registers.addresses(path)
    memberships = {
        area_set.id: _membership(where, area_set)
        for area_set in area_sets.values()
        if any(area_set.id in indicator.area_sets for indicator in asked.values())
    }
    measures = {indicator.id: indicator.register for indicator in asked.values() if indicator.register}
    counted = registers.count(path, where, memberships, measures)
    meant = [
        area_set in asked[name].area_sets for name, area_set in zip(counted.table["indicator"], counted.table["area_set"], strict=True)
    ]
    return replace(counted, table=counted.table[meant])


def _membership(where: Addresses, area_set: AreaSet) -> Membership:
    areas = area_set.areas
    address, area = joins.points_in_areas(where.x, where.y, areas.geometry.to_numpy(), partition=area_set.edition.partition)
    return Membership(areas["area_id"].tolist(), address, area)


def _part(table: pd.DataFrame, known: Catalogue, audience: Audience) -> Part:
    """Protect first; verdicts and class breaks only from what this audience may read."""
    protected = disclosure.protect(table, indicators=known.indicators, rules=known.rules, audience=audience)
    return Part(
        protected=protected,
        judgements=goals.judge(protected.table, catalogue=known, whole=_whole(protected.table, known)),
        breaks=classify.breaks(protected.table, known.indicators),
    )


def _whole(table: pd.DataFrame, known: Catalogue) -> pd.DataFrame:
    """The areas of each goal taken together, as observations with intervals and the goal's id."""
    sums = goals.pooled(table, catalogue=known)
    counts = sums.assign(area_set="", area_id="")
    shares = indicators.shares(counts, indicators=known.indicators, source="")
    return indicators.intervals(shares, indicators=known.indicators).assign(goal=sums["goal"].to_numpy())
