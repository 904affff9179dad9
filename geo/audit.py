"""The attack on an edition as it lies on disk: all that an audience can read of it, against what the gate keeps of it.

Three questions. Does any file say more than the table of figures: a number of a hidden cell, a verdict or a class break that does not
follow from what is read, a column that is not on the list? Do the proofs still hold for the figures as they stand there? And what can
the three attackers bound more tightly than the rule allows? For the person who answers for data protection, on the machine that
holds the registers: what can be narrowed is told with its interval.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq

from geo import disclosure, edition, pipeline, provenance, seen, vault
from geo.disclosure import Cell, Protected
from geo.edition import Edition
from geo.errors import GeoError
from geo.protection import attackers, gate
from geo.protection.gate import Proof
from geo.results import OBSERVATION_COLUMNS
from geo.seen import NUMBERS, Finding, Seen
from geo.words import Audience, Status
from geo.workspace import Workspace

_PROPERTIES: Final = {"area_id"}


@dataclass(frozen=True)
class Report:
    """What the attack found. attacked: joint models; None when nothing of the edition is kept here, so that no model could be attacked.

    cost: figures hidden, by area set and true reason; without what is kept here, by the reason that readers are told.
    """

    edition: str
    audience: Audience
    findings: tuple[Finding, ...]
    attacked: int | None
    cost: Mapping[tuple[str, str], int]
    figures: int


def attack(workspace: Workspace, id: str, audience: Audience, *, elsewhere: Iterable[Seen] = ()) -> Report:
    """Attack one audience's part of an edition. elsewhere: what the same audience reads beside the files (pages, payloads, downloads).

    Whoever is further in reads what is further out too: its figures are facts here. Raises EditionError when there is no such edition.
    """
    read = edition.read(workspace.editions, id, audience)
    kept = vault.read(workspace.internal, id, audience)
    also = tuple(elsewhere)
    shown = dict(_shown(workspace, read)) | dict(_counts(also))
    findings = [
        *_changed(read),
        *_columns(read),
        *_numbers(read),
        *_conclusions(read),
        *seen.differing(seen.by_cell(read.observations), also),
    ]
    for proof in kept.proofs if kept else ():
        findings += _reckoned(proof, shown)
    cost = _cost(read, kept)
    return Report(id, audience, tuple(findings), len(kept.proofs) if kept else None, cost, int(read.observations["value"].notna().sum()))


# --- what stands there ------------------------------------------------------------------------------------------------


def _changed(read: Edition) -> Iterator[Finding]:
    """Files that are not as the manifest says, that it does not know, or that are gone."""
    there = {path.relative_to(read.folder).as_posix(): path for path in read.folder.rglob("*") if path.is_file()}
    for name in sorted({*there, *read.manifest.files} - {"manifest.json"}):
        if name not in there:
            yield Finding(name, "a file that the manifest lists is gone")
        elif name not in read.manifest.files:
            yield Finding(name, "a file that the manifest does not list")
        elif provenance.sha256(there[name]) != read.manifest.files[name]:
            yield Finding(name, "a file that was changed after the edition was written")


def _columns(read: Edition) -> Iterator[Finding]:
    """More columns than the lists say."""
    path = f"{read.audience.value}/observations.parquet"
    for name in sorted({*pq.read_schema(read.folder / path).names} - {*OBSERVATION_COLUMNS}):
        yield Finding(path, f"a column that is on no list: {name}")
    for name in read.layers:
        features: list[Any] = json.loads(read.geometry(name))["features"]
        more = sorted({key for feature in features for key in feature["properties"]} - _PROPERTIES)
        if more:
            yield Finding(f"areas/{name}.geojson", f"properties that are on no list: {', '.join(more)}")


def _numbers(read: Edition) -> Iterator[Finding]:
    """Hidden figures that have a number all the same."""
    table = read.observations
    hidden = table[table["status"] == Status.SUPPRESSED.value]
    wrong = hidden[hidden[list(NUMBERS)].notna().any(axis=1)]
    for indicator, area_set, area_id, period in zip(*(wrong[name] for name in disclosure.KEY), strict=True):
        where, what = f"{read.audience.value}/observations.parquet", "a number of a figure that is hidden"
        yield Finding(where, what, indicator, period, f"{area_set}/{area_id}")


def _conclusions(read: Edition) -> Iterator[Finding]:
    """Verdicts, class breaks, redraws and counts of hidden figures that do not follow from the figures that are read."""
    table = read.observations
    again = pipeline.conclude(Protected(read.audience, table, ()), read.catalogue)
    told = [
        ("judgements.json", "verdicts", read.judgements, again.judgements),
        ("breaks.json", "class breaks", dict(read.breaks), dict(again.breaks)),
        ("redraws.json", "redraws", read.redraws, again.redraws),
        ("hidden.json", "counts of hidden figures", set(read.hidden), set(disclosure.count_hidden(table))),
    ]
    for name, what, stored, follows in told:
        if stored != follows:
            yield Finding(f"{read.audience.value}/{name}", f"{what} that do not follow from the figures that are read")


# --- what can be worked out -------------------------------------------------------------------------------------------


def _shown(workspace: Workspace, read: Edition) -> Iterator[tuple[Cell, tuple[float, float]]]:
    """The figures that this audience reads: those of every audience further out, and its own."""
    for audience in Audience:
        part = read if audience is read.audience else edition.read(workspace.editions, read.id, audience)
        yield from gate.figures(part.observations).items()
        if audience is read.audience:
            return


def _counts(elsewhere: Iterable[Seen]) -> Iterator[tuple[Cell, tuple[float, float]]]:
    for place in elsewhere:
        if {"numerator", "denominator"} <= place.numbers.keys():
            yield place.cell, (place.numbers["numerator"], place.numbers["denominator"])


def _reckoned(proof: Proof, shown: Mapping[Cell, tuple[float, float]]) -> Iterator[Finding]:
    """What the proof does not prove, and what the attackers can bound."""
    names = ", ".join(proof.indicators)
    for problem in gate.check(proof, shown):
        yield Finding("certificate", problem.what, names, proof.period, problem.found)
    try:  # a proof that holds leaves nothing to find; it is looked for all the same, without the proof's tables
        found = attackers.narrowed(proof.frame, proof.published(shown), proof.certificate.targets, proof.certificate.told)
    except GeoError as error:
        for problem in error.problems:
            yield Finding("figures", problem.what, names, proof.period, _cells(proof, problem.found))
        return
    for one in found:
        area = "/".join(proof.areas[one.cell]) if one.cell >= 0 else _overlap(proof, one.variable)
        yield Finding(f"attacker: {one.attacker.value}", "a count that can be bounded", names, proof.period, area, one.low, one.high)


def _cells(proof: Proof, found: str) -> str:
    """The areas of cells that a problem lists by number."""
    numbers = [int(number) for number in found.removeprefix("cells ").split(", ")] if found.startswith("cells ") else []
    return "; ".join("/".join(proof.areas[number]) for number in numbers)


def _overlap(proof: Proof, variable: int) -> str:
    """The areas that an atom lies in."""
    cells = np.flatnonzero(proof.frame.cells[:, [variable]].toarray().ravel())
    areas = dict.fromkeys(proof.areas[cell] for cell in cells.tolist() if proof.areas[cell].area_set)
    return " and ".join("/".join(area) for area in areas)


def _cost(read: Edition, kept: vault.Kept | None) -> dict[tuple[str, str], int]:
    """How many figures are hidden, by area set and reason."""
    cost: dict[tuple[str, str], int] = {}
    told = [(one.area_set, one.reason.value, one.cells) for one in read.hidden]
    for area_set, reason, cells in [(s, r, n) for (_, s, r), n in kept.why.items()] if kept else told:
        cost[area_set, reason] = cost.get((area_set, reason), 0) + cells
    return cost
