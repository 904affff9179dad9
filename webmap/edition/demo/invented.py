"""An edition without demo data: what was made of invented people, answers and outlines is taken out, whole sources at a time.

Nothing is worked out anew, so that nothing can be told from the two states together: what is left stands as it stood. A verdict and
class breaks that rest on invented rows among real ones are not left standing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

import msgspec
import pandas as pd

from geo.editions.edition import Edition
from geo.model.catalogue import Catalogue
from geo.model.goals import Goal
from geo.model.results import InputFile, Judgement, Leftover, Manifest, Overlap, Redraw
from geo.model.vocabulary import Reason, Status, Verdict


@dataclass(frozen=True, eq=False)
class Invented:
    """What of an edition is invented.

    goals: those that have an invented indicator. areas: those that have such a figure, by set and code. rows: marks the rows of its
    observations. files: paths of the files that nothing but such rows come from. mixed: real indicators that have such rows.
    registers: whether every register is invented. residents: whether people who live where two areas overlap are.
    """

    indicators: frozenset[str]
    area_sets: frozenset[str]
    sources: frozenset[str]
    goals: frozenset[str]
    areas: frozenset[tuple[str, str]]
    rows: pd.Series
    files: frozenset[str]
    mixed: frozenset[str]
    registers: bool
    residents: bool

    @cached_property
    def any(self) -> bool:
        """Whether anything is."""
        return bool(self.indicators or self.area_sets or self.sources or self.residents or self.rows.any())


def inside(edition: Edition) -> Invented:
    """Find what is invented in an edition."""
    known, table = edition.catalogue, edition.observations
    indicators = frozenset(each.id for each in known.indicators if each.demo)
    area_sets = frozenset(kind.id for kind in known.area_sets if kind.frozen and kind.frozen.demo)
    rows = (table["status"] == Status.DEMO.value) | (table["quality"] == "demo")
    rows |= table["indicator"].isin(indicators) | table["area_set"].isin(area_sets)
    return Invented(
        indicators=indicators,
        area_sets=area_sets,
        sources=frozenset(source.id for source in known.sources if source.quality == "demo"),
        goals=frozenset(goal.id for goal in known.goals if goal.demo_indicators),
        areas=frozenset(zip(*(table.loc[rows & table["value"].notna(), name] for name in ("area_set", "area_id")), strict=True)),
        rows=rows,
        files=frozenset(table.loc[rows, "file"]) - frozenset(table.loc[~rows, "file"]) - {""},
        mixed=frozenset(table.loc[rows & ~table["area_set"].isin(area_sets), "indicator"]) - indicators,
        registers=all(each.demo for each in known.indicators if each.register),
        residents=any(pair.residents_status == Status.DEMO.value for pair in edition.overlaps),
    )


def without(edition: Edition, invented: Invented) -> Edition:
    """Return an edition as if its invented sources had never come; the edition itself when it has none."""
    if not invented.any:
        return edition
    sets, gone = invented.area_sets, invented.indicators
    return replace(
        edition,
        manifest=_manifest(edition.manifest, invented),
        catalogue=_catalogue(edition.catalogue, invented),
        observations=edition.observations[~invented.rows].reset_index(drop=True),
        judgements=tuple(_judged(each, invented) for each in edition.judgements if not each.demo and each.indicator not in gone),
        breaks={name: breaks for name, breaks in edition.breaks.items() if name not in gone | invented.mixed},
        layers={name: layer for name, layer in edition.layers.items() if name not in sets},
        overlaps=tuple(_unpeopled(pair) for pair in edition.overlaps if not {pair.area_set, pair.other_set} & sets),
        hidden=tuple(each for each in edition.hidden if each.indicator not in gone and each.area_set not in sets),
        redraws=tuple(each for each in edition.redraws if not _redrawn(each, invented)),
    )


def _catalogue(known: Catalogue, invented: Invented) -> Catalogue:
    real = tuple(each for each in known.indicators if each.id not in invented.indicators)
    sets = {each.id: tuple(name for name in each.area_sets if name not in invented.area_sets) for each in real}
    return msgspec.structs.replace(
        known,
        sources=tuple(each for each in known.sources if each.id not in invented.sources),
        area_sets=tuple(each for each in known.area_sets if each.id not in invented.area_sets),
        indicators=tuple(msgspec.structs.replace(each, area_sets=sets[each.id]) for each in real),
        goals=tuple(_goal(goal) for goal in known.goals),
    )


def _goal(goal: Goal) -> Goal:
    """A goal without its invented indicators; of a goal that lists decide, the limit is theirs alone."""
    if not goal.demo_indicators:
        return goal
    category = None if goal.by_lists else goal.category
    return msgspec.structs.replace(goal, demo_indicators=(), demo_baseline=None, demo_note=None, category=category)


def _judged(judgement: Judgement, invented: Invented) -> Judgement:
    """A verdict as it was; where invented rows stand among those that it rests on, that it cannot be told."""
    if not {judgement.indicator, *(part.indicator for part in judgement.parts)} & invented.mixed:
        return judgement
    about = {name: getattr(judgement, name) for name in ("goal", "target", "indicator", "area_set", "area_id")}
    return Judgement(**about, verdict=Verdict.UNDECIDED, reason=Reason.HIDDEN)


def _unpeopled(pair: Overlap) -> Overlap:
    """How far two areas overlap, without what it tells of invented residents."""
    if pair.residents_status != Status.DEMO.value:
        return pair
    return msgspec.structs.replace(pair, percent_of_residents=None, percent_of_other_residents=None, residents_status="")


def _redrawn(redraw: Redraw, invented: Invented) -> bool:
    gone = {redraw.area_set, redraw.frozen_set} & invented.area_sets
    return redraw.demo or bool(gone) or redraw.indicator in invented.indicators | invented.mixed


def _manifest(manifest: Manifest, invented: Invented) -> Manifest:
    """The manifest without invented files and what was left over of them; the newest day is that of the others."""
    inputs = tuple(file for file in manifest.inputs if not _of_invented(file, invented))
    days = [file.retrieved for file in inputs if file.retrieved]
    left = tuple(each for each in manifest.leftovers if not _left_over(each, invented))
    return msgspec.structs.replace(manifest, inputs=inputs, leftovers=left, as_of=max(days, default=manifest.as_of))


def _of_invented(file: InputFile, invented: Invented) -> bool:
    if file.kind == "boundaries":
        return bool({*PurePosixPath(file.path).parts[1:2]} & invented.area_sets)
    return file.path in invented.files


def _left_over(left: Leftover, invented: Invented) -> bool:
    """Whether a leftover is of invented rows: those of registers name no indicator."""
    of_register = not left.indicator and left.side == "row" and invented.registers
    return of_register or left.indicator in invented.indicators or left.area_set in invented.area_sets
