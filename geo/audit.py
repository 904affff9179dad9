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

import pandas as pd
import pyarrow.parquet as pq

from geo import disclosure, edition, manifests, pipeline, seen, vault
from geo.disclosure import Protected
from geo.edition import Edition
from geo.protection import gate
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
    read = edition.as_it_lies(workspace.editions, id, audience)
    kept = vault.read(workspace.internal, id, audience)
    also = tuple(elsewhere)
    findings = [
        *_changed(read),
        *_columns(read),
        *_numbers(read),
        *_conclusions(read),
        *seen.differing(seen.by_cell(read.observations), also),
    ]
    findings += _proved(kept.proofs if kept else (), read.observations)
    cost = _cost(read, kept)
    return Report(id, audience, tuple(findings), len(kept.proofs) if kept else None, cost, int(read.observations["value"].notna().sum()))


# --- what stands there ------------------------------------------------------------------------------------------------


def _changed(read: Edition) -> Iterator[Finding]:
    """Files that are not as the manifest says, that it does not know, or that are gone; and a manifest of another id."""
    yield from (Finding(name, what) for name, what in manifests.differences(read.folder))


def _columns(read: Edition) -> Iterator[Finding]:
    """More columns than the lists say."""
    path = f"{read.audience.value}/observations.parquet"
    for name in sorted({*pq.read_schema(read.folder / path).names} - {*OBSERVATION_COLUMNS}):
        yield Finding(path, f"a column that is on no list: {name}")
    for name in read.layers:
        features: list[Any] = json.loads((read.folder / "areas" / f"{name}.geojson").read_bytes())["features"]
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


def _proved(proofs: Iterable[Proof], table: pd.DataFrame) -> Iterator[Finding]:
    """What the proofs do not prove of figures as they stand."""
    for proof in proofs:
        for problem in gate.check(proof, table):
            yield Finding("certificate", problem.what, "", proof.labels.period, problem.found)


def _cost(read: Edition, kept: vault.Kept | None) -> dict[tuple[str, str], int]:
    """How many figures are hidden, by area set and reason."""
    cost: dict[tuple[str, str], int] = {}
    told = [(one.area_set, one.reason.value, one.cells) for one in read.hidden]
    for area_set, reason, cells in [(s, r, n) for (_, s, r), n in kept.why.items()] if kept else told:
        cost[area_set, reason] = cost.get((area_set, reason), 0) + cells
    return cost
