"""From files to an edition, one step a line. The only module that composes the whole analysis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

import msgspec
import pandas as pd

from geo.building import counts, fingerprint, reportedcases
from geo.building.cache import Cache
from geo.building.counts import CountedRegister, Run
from geo.building.reuse import Living, Outlines, Reuse
from geo.building.steps import FinishedStep, Progress, StepTimer, silent
from geo.conclusions import estimates
from geo.conclusions.conclude import conclude
from geo.conclusions.estimates import Weightings
from geo.disclosure import complementary, protect
from geo.disclosure.complementary import Closed, Each, Past
from geo.editions import condition, edition, proofs
from geo.editions.contents import AudiencePart, Contents, PublishedLayer
from geo.editions.released import ReleasedHistory
from geo.errors import CatalogueError, GeoError, Problem
from geo.figures import agreement, indicators, joins
from geo.files import locks
from geo.files.workspace import Workspace
from geo.inputs import apportioned, boundaries, catalogue, noise, observations, places
from geo.model.areas import AreaSet
from geo.model.catalogue import Catalogue
from geo.model.results import InputFile, Leftover, Manifest
from geo.model.vocabulary import Audience
from geo.registers import register
from geo.registers.register import Count
from geo.spatial import display, gazetteer, lookup
from geo.spatial.gazetteer import NamedPoint

STEPS: Final = (
    "catalogue",
    "boundaries",
    "observations",
    "registers",
    "joins and intervals",
    "overlaps",
    "protection and verdicts",
    "edition",
)


WAITING: Final = "waiting for another build to end"
MENDED: Final = "the edition was damaged and is written anew; what lay there is kept in "


@dataclass(frozen=True)
class _Files:
    """What the files of a workspace say, checked."""

    catalogue: Catalogue
    area_sets: Mapping[str, AreaSet]
    vintages: tuple[AreaSet, ...]
    observations: pd.DataFrame
    inputs: tuple[InputFile, ...]
    leftovers: tuple[Leftover, ...]
    registers: tuple[CountedRegister, ...]
    points: tuple[NamedPoint, ...]
    history: ReleasedHistory


def build(  # noqa: PLR0913  who is informed, and who does the work
    workspace: Workspace,
    *,
    progress: Progress = silent,
    ended: Callable[[FinishedStep], None] = lambda _step: None,
    count: Count = register.count,
    each: Each | None = None,
    anew: bool = False,
) -> Manifest:
    """Build an edition from the workspace's files and make it the current one.

    progress: called when a step begins, and for parts of steps. ended: called with each step that is finished. count: how the shards
    of a register are counted, and each: how blocks of figures are protected; both can be replaced by versions that use other machines
    (geo.building.distributed). anew: use no stored result of earlier builds. The same files give the same bytes and the same id in
    all of these cases. Raises InputError or CatalogueError with all problems of the step that failed; nothing is published then, and
    the previous edition stays current.

    Only one build runs at a time, because each one protects its figures against all editions that are already published.
    """
    waited_for = locks.held(workspace.editions, waiting=lambda: progress(WAITING, 0, len(STEPS)))
    with complementary.pool() if each is None else nullcontext(each) as closing, waited_for:
        locks.sweep(workspace.editions)
        locks.sweep(workspace.internal)
        run = Run(workspace, StepTimer(STEPS, progress, ended), count, Cache(workspace.internal, fresh=anew), fingerprint.program())
        manifest = _build(run, closing)
        run.cache.sweep()
        run.course.end()
        progress("done", len(STEPS), len(STEPS))
        return manifest


def _build(run: Run, each: Each) -> Manifest:
    read, reuse = _read(run)
    run.course.begin(STEPS[4])
    measured = indicators.intervals(read.observations, indicators=read.catalogue.indicators, sources=read.catalogue.sources)
    joined = joins.by_code(measured, area_ids=counts.codes(read.area_sets), indicators=read.catalogue.indicators)
    agreement.check(joined.table, read.catalogue.indicators)
    apportioned.see_counts(joined.table, read.catalogue.indicators)
    run.course.begin(STEPS[5])
    pairs = reuse.overlaps(counts.carrying(read.area_sets), _living(read))
    run.course.begin(STEPS[6])
    divided = estimates.weightings(read.catalogue, counts.carrying(read.area_sets), pairs)
    closed = _close(run, read, joined.table, each)
    parts = [_part(joined.table, read.catalogue, audience, closed[audience], divided) for audience in Audience]
    run.course.begin(STEPS[7])
    drawn = [PublishedLayer(display.describe(area_set), display.draw(area_set)) for area_set in read.area_sets.values()]
    indexes = {"cover.npz": reuse.packed_cover, "lookup.npz": lookup.build(read.vintages), "gazetteer.npz": gazetteer.build(read.points)}
    published = reportedcases.protected(_published(read.catalogue), run.workspace.editions)
    contents = Contents(published, drawn, pairs, parts, read.inputs, (*read.leftovers, *joined.leftovers), indexes)
    kept = {part.protected.audience: _kept(part, closed) for part in parts}

    def keep(made: str) -> None:
        read.history.check(made)  # only now, when its id is known: if the damaged edition is this one, writing it repairs it
        proofs.write(run.workspace.internal, made, kept)
        proofs.write_leftovers(run.workspace.internal, made, {counted.counted.register: counted.leftovers for counted in read.registers})

    manifest = edition.write(run.workspace.editions, contents, before=keep)  # so that no edition can be read before its proofs are kept
    condition.make_current(run.workspace.editions, manifest.id)
    run.course.note("figures, verdicts and outlines written")
    if manifest.id in read.history.damaged:
        run.course.note(f"{MENDED}{edition.DAMAGED}{manifest.id}-…")
    return manifest


def _read(run: Run) -> tuple[_Files, Reuse]:
    workspace, course = run.workspace, run.course
    with locks.held(workspace.folder, shared=True):  # an import waits until all that it could change has been read and hashed
        course.begin(STEPS[0])
        known = catalogue.read(workspace.data, workspace.boundaries)
        course.begin(STEPS[1])
        every = boundaries.every(workspace.boundaries, known.area_sets)
        area_sets = {name: of_one[-1] for name, of_one in every.items()}
        course.begin(STEPS[2])
        published = observations.read(workspace.data, known, _all_codes(every))
        listed = places.read(workspace.data)
        written = catalogue.inputs(workspace.data, workspace.boundaries, known)
        outlines = boundaries.inputs(workspace.boundaries, area_sets)
    course.begin(STEPS[3])
    history = counts.earlier(workspace, known, area_sets)
    _see_noise(known, history, published.table)
    reuse = Reuse(run.cache, course, program=run.program, outlines=_outlines(counts.carrying(area_sets)))
    counted = counts.count(run, known, area_sets, history, reuse=reuse)
    files = _Files(
        catalogue=known,
        area_sets=area_sets,
        vintages=tuple(area_set for of_one in every.values() for area_set in of_one if area_set.kind.role == "areas"),
        observations=pd.concat([published.table, *(register.shares for register in counted)], ignore_index=True),
        inputs=(
            *written,
            *outlines,
            *published.inputs,
            *listed.inputs,
            *(register.input for register in counted),
        ),
        leftovers=(*published.leftovers, *(left for of_register in counted for left in counts.without_numbers(of_register.leftovers))),
        registers=tuple(counted),
        points=listed.points,
        history=history,
    )
    return files, reuse


def _see_noise(known: Catalogue, history: ReleasedHistory, published: pd.DataFrame) -> None:
    """Raise CatalogueError when figures with noise are also published without it, in an earlier edition or in a table."""
    twice = published.loc[
        published["indicator"].isin([indicator.id for indicator in known.indicators if indicator.noise]), "indicator"
    ].unique()
    what, expected = "figures with noise that a table tells without", "the register alone, or no noise"
    problems = [Problem("data/indicators.toml", what, None, "noise", repr(name), expected) for name in sorted(map(str, twice))]
    if problems := [*problems, *noise.switched(known, history.measured_with_noise)]:
        raise CatalogueError(problems)


def _all_codes(every: Mapping[str, Sequence[AreaSet]]) -> dict[str, frozenset[str]]:
    """The area codes of each set in all of its editions together: a code of an older edition is valid in a table of figures."""
    return {name: frozenset(code for area_set in of_one for code in area_set.areas["area_id"]) for name, of_one in every.items()}


def _outlines(area_sets: Mapping[str, AreaSet]) -> Outlines:
    shapes = {name: area_set.areas.geometry.to_numpy() for name, area_set in area_sets.items()}
    return Outlines(shapes, {name: area_set.edition.partition for name, area_set in area_sets.items()})


def _living(read: _Files) -> Living | None:
    """Where residents live, for the percent of residents that two areas share: from the first register that knows, None when none does."""
    least = max(threshold.min_count for rule in read.catalogue.rules for threshold in rule.thresholds.values())
    knowing = (counted for counted in read.registers if register.knows_homes(counted.register.register) and counted.counted.cube.periods)
    return next((Living(counted.register, counted.counted.cube.periods[-1], counted.demo, least) for counted in knowing), None)


def _close(run: Run, read: _Files, table: pd.DataFrame, each: Each) -> Mapping[Audience, Closed]:
    """For each audience, the figures of registers that must be hidden, given everything that earlier editions published."""
    past = Past(read.history.released, read.history.hidden, proofs.all_proofs(run.workspace.internal))
    registers_ = [register.counted for register in read.registers]
    return complementary.close(table, known=read.catalogue, registers=registers_, past=past, each=each, tell=run.course.part)


def _published(known: Catalogue) -> Catalogue:
    """The catalogue as it is published: without the accepted exceptions, which would point readers to the weak places."""
    rules = tuple(msgspec.structs.replace(rule, accepted=()) for rule in known.rules)
    return msgspec.structs.replace(known, rules=rules)


def _kept(part: AudiencePart, closed: Mapping[Audience, Closed]) -> proofs.Kept:
    return proofs.Kept(closed[part.protected.audience].proofs, part.protected.why)


def _part(table: pd.DataFrame, known: Catalogue, audience: Audience, closed: Closed, divided: Weightings) -> AudiencePart:
    """One audience's part: protect first and check the proofs; then derive estimates, verdicts and class breaks from what is left."""
    protected = protect.protect(
        table,
        indicators=known.indicators,
        rules=known.rules,
        audience=audience,
        withheld=closed.withheld,
    )
    problems = [problem for proof in closed.proofs for problem in complementary.check(proof, protected.table)]
    if problems:
        raise GeoError(problems)
    estimated = estimates.with_estimates(protected, known, divided)
    concluded = conclude(estimated, known)
    return AudiencePart(estimated, concluded.judgements, concluded.breaks, concluded.redraws)
