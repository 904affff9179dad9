"""Everything that is wrong with a workspace, in one answer. Nothing is built and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from geo.errors import GeoError, Problem
from geo.files import locks, tomlfile, transaction
from geo.files.tables import reading
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue, observations, places, samepeople
from geo.inputs.tables import tableprofiles
from geo.model.areas import AreaSet, AreaSetKind
from geo.model.catalogue import Catalogue
from geo.model.indicators import Indicator
from geo.registers import files, persons, register
from geo.registers.cube import CubeQuestion

_SETS: Final = "boundaries/sets.toml"


@dataclass(frozen=True)
class CheckReport:
    """The result of a check: lines about what is in order, lines about what could not be checked, and the problems.

    remarks: what may or may not be a mistake; only somebody who knows the figures can say.
    """

    good: Sequence[str]
    skipped: Sequence[str]
    problems: Sequence[Problem]
    remarks: Sequence[Problem] = ()


def inspect(workspace: Workspace) -> CheckReport:
    """Read everything that `pipeline.build` would read, and report all problems.

    After a problem the check goes on wherever the rest can be judged without the faulty part. workspace: the folder to check; no file
    in it is changed. An import that is being placed is waited for.
    """
    with locks.held(workspace.folder, shared=True):
        report = _inspect(workspace)
    return replace(report, remarks=(*report.remarks, *_left_over(workspace), *_not_read(workspace)))


def _not_read(workspace: Workspace) -> Iterator[Problem]:
    """Tables that lie where nobody reads them: a person who put them there thinks that they are in."""
    for folder, read, instead in (
        (workspace.data, (".csv", ".toml"), "omraadekort import observations, or import addresses"),
        (workspace.registers, (*files.FORMATS, ".toml"), "the register as Parquet or CSV, with its sidecar"),
    ):
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder).parts
            if path.is_file() and path.suffix.lower() in _TABLES and path.suffix.lower() not in read and not inside[0].startswith("."):
                yield Problem(path.relative_to(workspace.folder).as_posix(), "a table that is not read where it lies", expected=instead)


_TABLES: Final = (*reading.ENDINGS, ".xls", ".xlsm")


def _left_over(workspace: Workspace) -> Iterator[Problem]:
    """Folders of imports that were killed, by an earlier version: nobody else would say what they hold."""
    for folder in transaction.left_over(workspace.folder):
        kept = sum(path.suffix == ".old" for path in folder.iterdir())
        what = "an import was stopped here, and this folder is what it left"
        expected = "the files compared with boundaries/ and data/, and the folder removed"
        yield Problem(folder.name, what, found=f"{kept} files that it had replaced", expected=expected)


def _inspect(workspace: Workspace) -> CheckReport:
    good: list[str] = []
    skipped: list[str] = []
    problems: list[Problem] = []
    known: Catalogue | None = None
    try:
        known = catalogue.read(workspace.data, workspace.boundaries)
        good.append(f"catalogue: {len(known.indicators)} indicators, {len(known.goals)} goals, {len(known.sources)} sources")
    except GeoError as error:
        problems += error.problems
    try:
        sets = boundaries.read(workspace.boundaries, _kinds(workspace, known))
        good.append(f"boundaries: {sum(len(area_set.areas) for area_set in sets.values())} areas in {len(sets)} sets")
    except GeoError as error:
        problems += error.problems
        sets = {}
    try:
        good.append(f"places: {len(places.read(workspace.data).points)} names with a point")
    except GeoError as error:
        problems += error.problems
    try:
        tableprofiles.read(workspace.data)
    except GeoError as error:
        problems += error.problems
    remarks = samepeople.questions(known) if known is not None else ()
    if known is None or not sets:
        skipped.append("observations: not looked at, because their codes cannot be compared before the problems below are mended")
        return CheckReport(good, skipped, problems, remarks)
    try:
        codes = boundaries.codes(workspace.boundaries, known.area_sets)
        table = observations.read(workspace.data, known, codes)
        good.append(f"observations: {len(table.table)} figures")
    except GeoError as error:
        problems += error.problems
    for opened in _registers(workspace, known, sets):
        if isinstance(opened, str):
            good.append(opened)
        else:
            problems += opened.problems
    return CheckReport(good, skipped, problems, remarks)


def _registers(workspace: Workspace, known: Catalogue, sets: Mapping[str, AreaSet]) -> Iterator[str | GeoError]:
    """Open every register that an indicator asks, as the build would, and look whether a person stands in it twice; no row is counted."""
    asked: dict[str, list[Indicator]] = {}
    for indicator in known.indicators:
        if indicator.register and any(name in sets for name in indicator.area_sets):
            asked.setdefault(indicator.register.register, []).append(indicator)
    for name, indicators in sorted(asked.items()):
        try:
            path = files.find(workspace.registers, name)
        except GeoError as error:
            yield error
            continue
        if path is None:
            continue
        over = [sets[of] for of in dict.fromkeys(of for indicator in indicators for of in indicator.area_sets) if of in sets]
        rules = {indicator.rule for indicator in indicators}
        question = CubeQuestion(
            {indicator.id: indicator.register for indicator in indicators if indicator.register},
            {area_set.id: len(area_set.areas) for area_set in over},
            known=tuple(sorted({column for rule in known.rules if rule.id in rules for column in rule.known})),
        )
        west, south, east, north = shapely.total_bounds(np.concatenate([area_set.areas.geometry.to_numpy() for area_set in over]))
        try:
            opened = register.check(path, question, extent=(west, south, east, north))
            persons.check(path.name, opened.shards, opened.register)
            yield f"register {name}: about {sum(shard.rows for shard in opened.shards):,} rows in {len(opened.shards)} parts"
        except GeoError as error:
            yield error


def _kinds(workspace: Workspace, known: Catalogue | None) -> tuple[AreaSetKind, ...]:
    """The kinds of area sets, read also when another file of the catalogue is faulty; its own faults are reported with the catalogue's."""
    if known is not None:
        return known.area_sets
    try:
        parsed = tomlfile.parse(workspace.boundaries / "sets.toml", file=_SETS)
    except GeoError:
        return ()
    return tomlfile.entries(parsed, "area_set", AreaSetKind, file=_SETS)[0]
