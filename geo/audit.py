"""The audit of an edition as it lies on disk: an attack on everything that one audience can read of it.

It asks three things. Does any file say more than the table of figures: a number in a hidden cell, a verdict or a class break that
does not follow from the figures that are read, a column that is not on the list? Do the stored proofs still hold for these figures?
And what can the attackers of `geo.attack` bound more tightly than the rule allows? The audit is for the person who answers for data
protection, on the machine that holds the registers: its report gives the interval of every count that can be bounded too tightly.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from geo.attack import findings as attacks
from geo.attack import older, register
from geo.attack.findings import Attacked
from geo.attack.people import People
from geo.conclusions import conclude, estimates
from geo.disclosure import complementary, protect
from geo.disclosure.complementary import Proof
from geo.disclosure.protect import Protected
from geo.editions import edition, manifests, proofs, seen
from geo.editions.edition import Edition
from geo.editions.seen import NUMBERS, Finding, Seen
from geo.errors import EditionError, GeoError
from geo.figures import means
from geo.figures.means import Window
from geo.files import provenance
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue
from geo.model.indicators import Indicator, RegisterMeasure
from geo.model.results import OBSERVATION_COLUMNS
from geo.model.vocabulary import Audience, Status
from geo.registers import files

MOST: Final = 60
"""How many counts of each period the attackers are asked about, unless all are wanted."""

_SLACK: Final = 1e-6
_PROPERTIES: Final = {"area_id"}


@dataclass(frozen=True)
class AuditReport:
    """What the attack on one audience's part of an edition revealed.

    attacked: the number of joint models that were attacked; None when this machine keeps no proofs of the edition, so that there was
    no model to attack. cost: the number of hidden figures by area set and true reason; without the proofs, by the reason that readers
    see.
    """

    edition: str
    audience: Audience
    findings: tuple[Finding, ...]
    attacked: int | None
    cost: Mapping[tuple[str, str], int]
    figures: int


def attack(workspace: Workspace, id: str, audience: Audience, *, elsewhere: Iterable[Seen] = (), most: int = MOST) -> AuditReport:
    """Attack one audience's part of an edition and report what it discloses.

    elsewhere: numbers that the same audience reads outside the edition's files (pages, payloads, downloads). most: how many counts of
    each period the attackers are asked about; 0 asks about all. An audience further in also reads what is published further out, so
    those figures count as known. Raises EditionError when there is no such edition.
    """
    read = edition.as_it_lies(workspace.editions, id, audience)
    kept = proofs.read(workspace.internal, id, audience)
    also = tuple(elsewhere)
    findings = [
        *_changed(read),
        *_columns(read),
        *_numbers(read),
        *_conclusions(read),
        *seen.differing(seen.by_cell(read.observations), also),
    ]
    findings += _proved(kept.proofs if kept else (), read.observations)
    findings += _reckoned(workspace, read, most)
    cost = _cost(read, kept)
    return AuditReport(
        id, audience, tuple(findings), len(kept.proofs) if kept else None, cost, int(read.observations["value"].notna().sum())
    )


# --- what stands there ------------------------------------------------------------------------------------------------


def _changed(read: Edition) -> Iterator[Finding]:
    """Files that differ from the manifest, are not listed in it, or are missing; and a manifest that does not match the edition's id."""
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
    for indicator, area_set, area_id, period in zip(*(wrong[name] for name in protect.KEY), strict=True):
        where, what = f"{read.audience.value}/observations.parquet", "a number of a figure that is hidden"
        yield Finding(where, what, indicator, period, f"{area_set}/{area_id}")


def _conclusions(read: Edition) -> Iterator[Finding]:
    """Verdicts, class breaks, redraws and counts of hidden figures that do not follow from the figures that are read."""
    table = read.observations
    again = conclude.conclude(Protected(read.audience, table, ()), read.catalogue)
    conclusions = [
        ("judgements.json", "verdicts", read.judgements, again.judgements),
        ("breaks.json", "class breaks", dict(read.breaks), dict(again.breaks)),
        ("redraws.json", "redraws", read.redraws, again.redraws),
        ("hidden.json", "counts of hidden figures", set(read.hidden), set(protect.count_hidden(table))),
    ]
    if estimates.unexplained(table):
        where = f"{read.audience.value}/observations.parquet"
        yield Finding(where, "estimates that do not follow from the figures that are read")
    for name, what, stored, follows in conclusions:
        if stored != follows:
            yield Finding(f"{read.audience.value}/{name}", f"{what} that do not follow from the figures that are read")


# --- what can be worked out -------------------------------------------------------------------------------------------


def _proved(proofs: Iterable[Proof], table: pd.DataFrame) -> Iterator[Finding]:
    """What the proofs no longer prove for the figures as they lie on disk."""
    for proof in proofs:
        for problem in complementary.check(proof, table):
            yield Finding("certificate", problem.what, "", proof.labels.period, problem.found)


def _reckoned(workspace: Workspace, read: Edition, most: int) -> Iterator[Finding]:
    """What an attacker who counts the registers anew can work out from everything that this audience reads."""
    counted = [indicator for indicator in read.catalogue.indicators if indicator.register is not None and indicator.noise is None]
    limits = {indicator.id: protect.threshold(indicator, read.catalogue.rules, read.audience) for indicator in counted}
    guarded = [indicator for indicator in counted if limits[indicator.id].min_count]
    sets = boundaries.read(workspace.boundaries, read.catalogue.area_sets) if guarded else {}
    tables = [edition.as_it_lies(workspace.editions, read.id, audience).observations for audience in _further_out(read.audience)]
    for name in sorted({indicator.register.register for indicator in guarded if indicator.register}):
        mine = [indicator for indicator in guarded if indicator.register and indicator.register.register == name]
        outlines = {area_set: sets[area_set].areas for indicator in mine for area_set in indicator.area_sets if area_set in sets}
        by_id = {indicator.id: indicator for indicator in mine}
        per, of_sets = ({name: getattr(indicator, field) for name, indicator in by_id.items()} for field in ("per", "area_sets"))
        measures = {indicator.id: indicator.register for indicator in mine if indicator.register}
        more, before = _before(workspace, read, name, measures)
        asked = Attacked({name: limits[name] for name in by_id}, of_sets, per, most=most, whole=False, older=before)
        people = {of_period.period: of_period for of_period in _people(workspace, name, measures | more, outlines)}
        for group in means.groups(sorted(people), _published_means(tables, mine)):
            every = [people[code] for code in group.periods]
            over = {window.code: window.parts for window in group.windows}
            findings = attacks.attack_tied(every, tables, asked, over) if over else attacks.attack(every[0], tables, asked)
            yield from map(_finding, findings)


def _published_means(tables: Sequence[pd.DataFrame], mine: Sequence[Indicator]) -> list[Window]:
    """The windows of half-years whose mean is shown in at least one of the tables."""
    by_id = {indicator.id: indicator for indicator in mine if indicator.means}
    published = pd.concat(
        [table.loc[table["indicator"].isin(list(by_id)) & table["value"].notna(), ["indicator", "period"]] for table in tables]
    )
    pairs = published.drop_duplicates().itertuples(index=False)
    codes = sorted({str(code) for name, code in pairs if means.is_mean(by_id[name], str(code))})
    return [Window(code, means.parts_of(code)) for code in codes]


def _before(
    workspace: Workspace, read: Edition, name: str, now: Mapping[str, RegisterMeasure]
) -> tuple[dict[str, RegisterMeasure], tuple[pd.DataFrame, ...]]:
    """What the other editions published of a register: measures that this one lacks, and tables of areas that are drawn alike in both.

    Editions that somebody accepted by name are left out, and so are those of another format.
    """
    left_out = {read.id, *_accepted(workspace)}
    others = [folder.name for folder in edition.folders(workspace.editions) if folder.name not in left_out]
    measures: dict[str, RegisterMeasure] = {}
    tables = []
    for other in others:
        try:
            parts = [edition.as_it_lies(workspace.editions, other, audience) for audience in _further_out(read.audience)]
        except EditionError:
            continue
        names, more = older.measures(parts[0].catalogue.indicators, now, name, edition=other)
        areas = _drawn_alike(parts[0], read) if names else frozenset()
        measures |= more
        tables += [older.of_same_areas(part.observations, names, areas) for part in parts if names]
    return measures, tuple(tables)


def _accepted(workspace: Workspace) -> set[str]:
    """The editions that somebody accepted by name in the workspace's rules; an edition does not say so itself."""
    try:
        rules = catalogue.read(workspace.data, workspace.boundaries).rules
    except GeoError:
        return set()
    return {acceptance.edition for rule in rules for acceptance in rule.accepted}


def _drawn_alike(first: Edition, other: Edition) -> frozenset[tuple[str, str]]:
    """The areas that two editions draw alike."""
    drawn = [{(name, area_id): shape for name in each.layers for area_id, shape in _shapes(each, name).items()} for each in (first, other)]
    return frozenset(area for area, shape in drawn[0].items() if drawn[1].get(area) == shape)


def _shapes(read: Edition, area_set: str) -> dict[str, Any]:
    """The outlines of an area set by area, as they lie on disk."""
    features = json.loads((read.folder / "areas" / f"{area_set}.geojson").read_bytes())["features"]
    return {str(feature["properties"].get("area_id")): feature["geometry"] for feature in features}


def _people(workspace: Workspace, name: str, measures: Mapping[str, RegisterMeasure], outlines: Mapping[str, Any]) -> Iterable[People]:
    """The people of a register by period, counted by the attacker; none where the register is absent or cannot be attacked.

    measures: those that ask for a column that the register no longer has are left out.
    """
    path = files.find(workspace.registers, name)
    said = provenance.read(path, file=path.name).register if path else None
    if path is None or said is None:
        return ()
    asked = {counted: measure for counted, measure in measures.items() if {*measure.where, *measure.having} <= set(said.codes)}
    return (register.people(path, said, asked, outlines) or {}).values()


def _finding(narrowed: attacks.Narrowed) -> Finding:
    low, high = math.floor(narrowed.low + _SLACK), math.ceil(narrowed.high - _SLACK)
    who = f"attacker: {narrowed.attacker}"
    return Finding(who, "a count that can be bounded", narrowed.indicator, narrowed.period, narrowed.target, low, high)


def _further_out(audience: Audience) -> tuple[Audience, ...]:
    """The audience and all whose parts it reads too."""
    every = list(Audience)
    return tuple(every[: every.index(audience) + 1])


def _cost(read: Edition, kept: proofs.Kept | None) -> dict[tuple[str, str], int]:
    """How many figures are hidden, by area set and reason."""
    cost: dict[tuple[str, str], int] = {}
    by_reason = [(hidden.area_set, hidden.reason.value, hidden.cells) for hidden in read.hidden]
    for area_set, reason, cells in [(s, r, n) for (_, s, r), n in kept.why.items()] if kept else by_reason:
        cost[area_set, reason] = cost.get((area_set, reason), 0) + cells
    return cost
