"""One helhedsplan: who, where, what was granted, promised and delivered, how late it began, and what its evaluations say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from geo.errors import NotFoundError, Problem
from geo.model.efforts.signed import SignedReview
from geo.model.programmes import Cofinancing, Plan
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from webmap.charts.bars import Bar, NamedBars, bars
from webmap.edition import relations
from webmap.edition.reader import Reader
from webmap.edition.relations import AreaLink
from webmap.efforts import view as efforts
from webmap.efforts.view import EffortLine
from webmap.language import printed, wording
from webmap.language.printed import ProgrammeFigureLine


@dataclass(frozen=True)
class PlanEvaluation:
    """One half-yearly evaluation in words."""

    when: str
    name: str
    result: str
    cite: Cite


@dataclass(frozen=True)
class PlanView:
    """The page of a plan. facts: name and text of what is known; missing: what nobody says. delay: between approval and start, in words.

    reviews: those released of the plan and of its areas.
    """

    plan: Plan
    when: str
    areas: tuple[AreaLink, ...]
    facts: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    drawing: Markup
    evaluations: tuple[PlanEvaluation, ...]
    figures: tuple[ProgrammeFigureLine, ...]
    efforts: tuple[EffortLine, ...]
    note: str
    reviews: tuple[SignedReview, ...]


def shown(reader: Reader, id: str) -> PlanView:
    """Return one plan. Raises NotFoundError when the edition has none of that id."""
    plan = next((plan for plan in reader.edition.catalogue.plans.plans if plan.id == id), None)
    if plan is None:
        raise NotFoundError(Problem(id[:80], "no such plan", expected="a plan of the list"))
    language, facts = reader.language, dict(_facts(plan, reader.language))
    here = [line for ref in plan.areas for line in efforts.in_area(reader, ref.area_set, ref.area_id)]
    return PlanView(
        plan,
        wording.years(plan.valid_from, plan.valid_to, language),
        relations.linked(reader, plan.areas),
        tuple((name, text) for name, text in facts.items() if text),
        tuple(name for name, text in facts.items() if not text),
        _drawing(plan.cofinancing or Cofinancing(), language),
        tuple(
            PlanEvaluation(wording.period(each.period, language), each.name.in_(language), each.result.in_(language), each.cite)
            for each in plan.evaluations
        ),
        tuple(printed.figure(each, language) for each in plan.figures),
        tuple({line.effort.id: line for line in here}.values()),
        plan.note.in_(language) if plan.note else "",
        _reviews(reader, plan),
    )


def review(reader: Reader, period: str, area_set: str, id: str) -> SignedReview:
    """Return one released review. Raises NotFoundError when the edition has none of that half-year and subject."""
    wanted = (period, area_set, id)
    for each in reader.edition.catalogue.reviews:
        if (each.period, each.subject_set, each.subject_id) == wanted:
            return each
    raise NotFoundError(Problem("/".join(wanted)[:80], "no such released review"))


def _reviews(reader: Reader, plan: Plan) -> tuple[SignedReview, ...]:
    """Released reviews of the plan and of the areas it lies in, the newest half-year first."""
    here = {("helhedsplan", plan.id), *((ref.area_set, ref.area_id) for ref in plan.areas)}
    there = [each for each in reader.edition.catalogue.reviews if (each.subject_set, each.subject_id) in here]
    return tuple(sorted(there, key=lambda each: each.period, reverse=True))


def _facts(plan: Plan, language: str) -> Iterable[tuple[str, str]]:
    """What a plan is described by, each with its text, "" where nobody says it."""
    given = plan.cofinancing or Cofinancing()
    yield Text(da="Boligorganisation", en="Housing organisation").in_(language), plan.partner
    yield Text(da="Bevilling fra Landsbyggefonden", en="Grant from Landsbyggefonden").in_(language), _kroner(plan.grant, language)
    yield Text(da="Godkendt af Borgerrepræsentationen", en="Approved by the City Council").in_(language), _day(plan.approved, language)
    yield Text(da="Begyndt", en="Started").in_(language), _day(plan.started, language)
    yield Text(da="Forsinkelse", en="Delay").in_(language), _delay(plan, language)
    money = (_kroner(given.promised_kr, language), _kroner(given.delivered_kr, language))
    hours = (_hours(given.promised_hours, language), _hours(given.delivered_hours, language))
    yield Text(da="Medfinansiering lovet", en="Co-financing promised").in_(language), _both(money[0], hours[0])
    yield Text(da="Medfinansiering leveret", en="Co-financing delivered").in_(language), _both(money[1], hours[1])


def _both(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _kroner(amount: float | None, language: str) -> str:
    return "" if amount is None else wording.number(amount, decimals=0, language=language) + Text(da=" kr.", en=" kr.").in_(language)


def _hours(amount: float | None, language: str) -> str:
    return "" if amount is None else wording.number(amount, decimals=0, language=language) + Text(da=" timer", en=" hours").in_(language)


def _day(day: dt.date | None, language: str) -> str:
    return wording.date(day, language) if day else ""


def _delay(plan: Plan, language: str) -> str:
    """Days between approval and start, "" where one of them is not known."""
    if plan.approved is None or plan.started is None:
        return ""
    days = (plan.started - plan.approved).days
    return Text(da=f"{days} dage fra godkendelse til begyndelse", en=f"{days} days from approval to start").in_(language)


def _drawing(given: Cofinancing, language: str) -> Markup:
    """Promised beside delivered, in kroner; nothing when neither is known."""
    named = (
        (Text(da="Lovet", en="Promised"), given.promised_kr, "lovet"),
        (Text(da="Leveret", en="Delivered"), given.delivered_kr, ""),
    )
    unknown = Text(da="ikke oplyst", en="not stated").in_(language)
    groups = [
        NamedBars(said.in_(language), [Bar(math.nan if amount is None else amount, _kroner(amount, language) or unknown, look)])
        for said, amount, look in named
    ]
    return bars(groups, title=Text(da="Medfinansiering, kr.", en="Co-financing, kr.").in_(language))
