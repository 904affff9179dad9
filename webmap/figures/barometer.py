"""The integration barometer as records: every reading of every goal of the integration policies, with its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from geo.editions.edition import Edition
from geo.model.goals import Goal, Target
from geo.model.results import Judgement
from geo.model.vocabulary import Reason, Text
from webmap.edition import rows
from webmap.edition.compared import together
from webmap.edition.reader import Reader
from webmap.figures.records import trace_path
from webmap.language.terms import DIRECTION, INTERVAL, RHYTHM, said, why

POLICIES: Final = ("2011-2014", "2006-2010")
"""The policies whose goals the barometer is of, the newest first."""

NAME: Final = Text(da="Integrationsbarometeret", en="The integration barometer")

HEADINGS: Final[Mapping[str, Text]] = {
    "policy": Text(da="Politik", en="Policy"),
    "theme": Text(da="Tema", en="Theme"),
    "goal": Text(da="Mål, kode", en="Goal, code"),
    "name": Text(da="Mål", en="Goal"),
    "reading": Text(da="Læsning", en="Reading"),
    "indicator_name": Text(da="Indikator", en="Indicator"),
    "unit": Text(da="Enhed", en="Unit"),
    "direction_said": Text(da="Retning", en="Direction"),
    "baseline": Text(da="Start", en="Start"),
    "baseline_period": Text(da="Startens periode", en="Period of the start"),
    "latest": Text(da="Seneste", en="Latest"),
    "latest_period": Text(da="Seneste periode", en="Latest period"),
    "low": Text(da="Nedre grænse", en="Lower bound"),
    "high": Text(da="Øvre grænse", en="Upper bound"),
    "target_value": Text(da="Målets tal", en="Figure of the target"),
    "restated": Text(da="Målet, før det blev ændret", en="The target before it was restated"),
    "deadline": Text(da="Frist", en="Deadline"),
    "answer": Text(da="Svar", en="Answer"),
    "why": Text(da="Begrundelse", en="Reason"),
    "doubt": Text(da="Usikkerhed", en="Uncertainty"),
    "rhythm_said": Text(da="Hvor tit", en="How often"),
    "source_title": Text(da="Kilde", en="Source"),
    "locator": Text(da="Sted i kilden", en="Place in the source"),
    "edition": Text(da="Udgave", en="Edition"),
    "trace": Text(da="Hvor tallet kommer fra", en="Where the figure came from"),
}
"""Columns of a workbook's sheet, with their headings."""

COLUMNS: Final = (
    "policy", "theme", "goal", "part_of", "target", "name", "reading", "indicator", "indicator_name", "unit", "direction", "direction_said",
    "area_set", "area_id", "baseline", "baseline_period", "latest", "latest_period", "low", "high", "interval", "change", "target_unit",
    "target_value", "restated", "deadline", "verdict", "reason", "answer", "why", "doubt", "rhythm", "rhythm_said", "source",
    "source_title", "locator", "edition", "trace",
)  # fmt: skip
"""Columns of every download and of the API. Figures are those of the goal's areas taken together, from real indicators only."""


def goals(edition: Edition) -> tuple[Goal, ...]:
    """The goals of the barometer, policy by policy in the order of POLICIES, in each theme by theme, and then in the goals' own order.

    A theme stands where its first goal does; goals without one are each in their own place.
    """
    listed = sorted((goal for goal in edition.catalogue.goals if goal.policy in POLICIES), key=lambda goal: goal.order)
    first = {(goal.policy, goal.theme or goal.id): goal.order for goal in reversed(listed)}
    places = {key: number for number, key in enumerate(sorted(first, key=lambda key: first[key]))}
    return tuple(sorted(listed, key=lambda goal: (POLICIES.index(goal.policy), places[goal.policy, goal.theme or goal.id])))


def judged(edition: Edition, goal: Goal) -> tuple[tuple[Target, Judgement], ...]:
    """The goal's readings, each with its judgement from the real indicator; one that says that nobody measures it where there is none."""
    real = {
        judgement.target: judgement
        for judgement in edition.judgements
        if judgement.goal == goal.id and judgement.indicator == (goal.indicator or "") and not judgement.area_id
    }
    blank = Judgement(goal=goal.id, target="", reason=Reason.NO_INDICATOR)
    return tuple((target, real.get(target.id, blank)) for target in goal.targets)


def records(reader: Reader, policy: str = "", *, root: str = "") -> Iterator[dict[str, Any]]:
    """A record of COLUMNS for every reading of a target; numbers that are absent are None, text that is absent is "".

    policy: of POLICIES, "" for all. root: what stands before every address of this service. restated: the value that the target had
    by the measuring method before.
    """
    for goal in goals(reader.edition):
        if policy in ("", goal.policy):
            for target, judgement in judged(reader.edition, goal):
                yield _record(reader, goal, target, judgement) | {"trace": _trace(reader, judgement, root)}


def _record(reader: Reader, goal: Goal, target: Target, judgement: Judgement) -> dict[str, Any]:
    indicator, language = reader.edition.catalogue.indicator(judgement.indicator), reader.language
    source = reader.edition.catalogue.source(goal.cite.source)
    known: dict[str, Any] = {name: getattr(judgement, name) for name in COLUMNS if name in Judgement.__struct_fields__}
    return known | {
        "policy": goal.policy,
        "theme": goal.theme.in_(language) if goal.theme else "",
        "goal": goal.id,
        "part_of": goal.part_of or "",
        "target": target.id,
        "name": goal.name.in_(language),
        "reading": target.name.in_(language),
        "indicator_name": indicator.name.in_(language) if indicator else together.names(reader, goal),
        "unit": indicator.unit.in_(language) if indicator else "",
        "direction": goal.direction,
        "direction_said": DIRECTION[goal.direction].in_(language),
        "baseline_period": judgement.baseline_period or "",
        "latest_period": judgement.latest_period or "",
        "target_unit": target.unit,
        "target_value": judgement.target_value if judgement.target_value is not None else stated(target),
        "restated": target.restated.value if target.restated else None,
        "deadline": goal.deadline.isoformat() if goal.deadline else "",
        "answer": said(judgement.verdict).words.in_(language),
        "why": together.why_joined(reader, goal, judgement) if judgement.parts else why(judgement.reason, language),
        "doubt": INTERVAL[judgement.interval].in_(language) if judgement.latest is not None else "",
        "rhythm": goal.rhythm.every if goal.rhythm else "",
        "rhythm_said": RHYTHM[goal.rhythm.every if goal.rhythm else ""].in_(language),
        "source": goal.cite.source,
        "source_title": source.title if source else "",
        "locator": goal.cite.locator,
        "edition": reader.edition.id,
    }


def stated(target: Target) -> float | None:
    """Return the value that a target itself states; a change needs a baseline to become one."""
    return target.value if target.unit in ("level", "areas", "parity") else None


def _trace(reader: Reader, judgement: Judgement, root: str) -> str:
    """Address of the page that says where the latest figure came from, that of the baseline where there is none; "" without either."""
    for period in (judgement.latest_period, judgement.baseline_period):
        table = rows.rows_of(reader.edition, judgement.indicator, judgement.area_set, period) if period else None
        if table is not None and len(table) == 1:
            return root + trace_path(reader.edition.id, table.iloc[0].to_dict(), reader.language)
    return ""
