"""Who is on the agenda, and what an edition says of each: figures, goals, money, lists, outlines."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from geo.editions.edition import Edition
from geo.model import periods
from geo.model.goals import Goal
from geo.model.indicators import Indicator
from geo.model.programmes import AreaRef, Theme
from geo.model.programmes import ProgrammeFigure as Written
from geo.model.results import AreaInfo
from geo.model.vocabulary import Period, Status, Text
from webmap.edition import relations, rows
from webmap.edition.reader import Reader
from webmap.edition.rows import Row
from webmap.goals import verdicts
from webmap.goals.verdicts import VerdictLine
from webmap.language import printed, wording
from webmap.reviews import since as since_last
from webmap.reviews.facts import PROGRAMME, Facts, GoalLine, ListMembership, MoneyLine, NewestFigure

AREAS: Final = "udsat_boligomraade"
PLANS: Final = "helhedsplan"
HOTSPOTS: Final = "hotspot"
_LANGUAGES: Final = ("da", "en")
_EMPTY: Final = Text(da="", en="")
_PLAN: Final = Text(da="Helhedsplan", en="Area plan")
_NAME: Final = Text(da="Hotspotprogrammet", en="The hotspot programme")
_KIND: Final = Text(da="Program", en="Programme")


@dataclass(frozen=True)
class Subject:
    """One page of a round: its set and id in the address, its name, and the areas whose figures it shows."""

    set: str
    id: str
    name: Text
    kind: Text
    refs: tuple[AreaRef, ...]


def both(words: Callable[[str], str]) -> Text:
    """Words in both languages."""
    return Text(da=words("da"), en=words("en"))


def subjects(edition: Edition) -> tuple[Subject, ...]:
    """All exposed housing areas, hotspots and plans that the edition names, and the hotspot programme; sorted by set, then name."""
    known = edition.catalogue
    listed = [_area(edition, name, area.area_id, area.name) for name in (AREAS, HOTSPOTS) for area in _areas(edition, name)]
    listed += [
        Subject(PLANS, plan.id, Text(da=plan.name, en=plan.name), _PLAN, tuple(ref for ref in plan.areas if ref.area_set in edition.layers))
        for plan in known.plans.plans
    ]
    if known.hotspots.themes:
        listed.append(Subject(PROGRAMME, PROGRAMME, _NAME, _KIND, ()))
    return tuple(sorted(listed, key=lambda subject: (subject.set, subject.name.da.casefold())))


def facts(edition: Edition, subject: Subject, *, before: Facts | None) -> Facts:
    """What the edition says of a subject, each figure beside what it was: at the last signed review, else one period before."""
    refs = subject.refs
    return Facts(
        subject_set=subject.set,
        subject_id=subject.id,
        name=subject.name,
        kind=subject.kind,
        about=tuple(_about(edition, subject)),
        areas=tuple((ref.area_set, ref.area_id, relations.name(edition, ref.area_set, ref.area_id)) for ref in refs),
        plans=() if subject.set == PLANS else tuple(_plans(edition, refs)),
        figures=tuple(_figures(edition, refs, before)),
        goals=tuple(_goals(edition, refs)),
        money=tuple(_money(edition, subject)),
        lists=tuple(_lists(edition, refs)),
        outlines={f"{ref.area_set}/{ref.area_id}": _outline(edition, ref) for ref in refs},
        themes=tuple((theme.no, theme.name, theme.initiatives) for theme in _themes(edition, subject)),
        ended=_ended(edition, subject),
    )


# --- who ----------------------------------------------------------------------------------------------------------------


def _areas(edition: Edition, area_set: str) -> Sequence[AreaInfo]:
    return edition.layers[area_set].areas if area_set in edition.layers else ()


def _area(edition: Edition, area_set: str, area_id: str, name: str) -> Subject:
    kind = edition.catalogue.area_set(area_set)
    words = both(lambda language: wording.opening(kind.singular.in_(language) if kind else area_set))
    return Subject(area_set, area_id, Text(da=name, en=name), words, (AreaRef(area_set=area_set, area_id=area_id),))


def _about(edition: Edition, subject: Subject) -> Iterator[Text]:
    if subject.set == PLANS:
        plan = next(plan for plan in edition.catalogue.plans.plans if plan.id == subject.id)
        when = both(lambda language: wording.years(plan.valid_from, plan.valid_to, language))
        yield from (text for text in (when, plan.note) if text and text.da)
    if subject.set == HOTSPOTS:
        named = (hotspot for hotspot in edition.catalogue.hotspots.areas if hotspot.area.area_id == subject.id)
        yield from (hotspot.note for hotspot in named if hotspot.note)
    if subject.set == PROGRAMME:
        yield edition.catalogue.hotspots.note


def _ended(edition: Edition, subject: Subject) -> bool:
    last = {
        PLANS: [plan.valid_to for plan in edition.catalogue.plans.plans if plan.id == subject.id],
        HOTSPOTS: [hotspot.valid_to for hotspot in edition.catalogue.hotspots.areas if hotspot.area.area_id == subject.id],
    }.get(subject.set, [])
    ends = [periods.read(day or "") for day in last]
    return bool(ends) and all(end is not None and end.last < edition.manifest.as_of for end in ends)


def _plans(edition: Edition, refs: Sequence[AreaRef]) -> Iterator[Text]:
    for ref in refs:
        pairs = zip(*(relations.plans(Reader(edition, language), ref.area_set, ref.area_id) for language in _LANGUAGES), strict=True)
        yield from (Text(da=_with(da.name, da.when), en=_with(en.name, en.when)) for da, en in pairs)


def _with(name: str, when: str) -> str:
    return f"{name} ({when})" if when else name


def _themes(edition: Edition, subject: Subject) -> Sequence[Theme]:
    return edition.catalogue.hotspots.themes if subject.set == PROGRAMME else ()


# --- figures ------------------------------------------------------------------------------------------------------------


def _figures(edition: Edition, refs: Sequence[AreaRef], before: Facts | None) -> Iterator[NewestFigure]:
    earlier = {(figure.indicator, figure.area_set, figure.area_id): figure for figure in before.figures} if before else {}
    for ref in refs:
        for indicator in edition.catalogue.listed:
            series = [row for row in rows.of_area(edition, indicator.id, ref.area_set, ref.area_id) if _tells(row)]
            if not series:
                continue
            newest = _figure(edition, indicator, ref, series[-1])
            last = earlier.get((indicator.id, ref.area_set, ref.area_id))
            old = last or (_figure(edition, indicator, ref, series[-2]) if before is None and len(series) > 1 else None)
            since = since_last.since(old, newest, indicator, review=last is not None) if old else None
            yield msgspec.structs.replace(newest, since=since)


def _tells(row: Row) -> bool:
    """Whether a row has a value or hides one; rows that say there is nothing are passed over."""
    return row["status"] == Status.SUPPRESSED.value or not math.isnan(row["value"])


def _figure(edition: Edition, indicator: Indicator, ref: AreaRef, row: Row) -> NewestFigure:
    source = edition.catalogue.source(row["source"])
    hidden = row["status"] == Status.SUPPRESSED.value
    return NewestFigure(
        indicator=indicator.id,
        area_set=ref.area_set,
        area_id=ref.area_id,
        area=relations.name(edition, ref.area_set, ref.area_id),
        name=indicator.name,
        period=row["period"],
        period_name=both(lambda language: wording.period(row["period"], language)),
        value=None if hidden else _known(row["value"]),
        low=None if hidden else _known(row["low"]),
        high=None if hidden else _known(row["high"]),
        interval=row["interval"],
        status=row["status"],
        definition=row["definition"],
        demo=indicator.demo or row["status"] == Status.DEMO.value,
        said=both(lambda language: wording.NONE if hidden else wording.value(row["value"], indicator, language)),
        doubt=both(lambda language: "" if hidden else wording.interval(row, indicator, language)),
        unit=_EMPTY if indicator.kind == "share" else indicator.unit,
        status_said=both(lambda language: wording.status(row, language)),
        source=_with(source.title if source else row["source"], row["locator"]),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


# --- goals, money, lists, outlines ---------------------------------------------------------------------------------------


def _goals(edition: Edition, refs: Sequence[AreaRef]) -> Iterator[GoalLine]:
    sets = {ref.area_set for ref in refs}
    ids = {ref.area_id for ref in refs}
    for goal in sorted((goal for goal in edition.catalogue.goals if goal.area_set in sets), key=lambda goal: goal.order):
        measured = [
            line
            for name in (*([""] if goal.together else goal.measures), *goal.demo_indicators)
            for line in _lines(edition, goal, name, ids)
        ]
        yield from measured or [_goal_line(goal, _EMPTY, (verdicts.unmeasured("da"), verdicts.unmeasured("en")), whole=True)]


def _lines(edition: Edition, goal: Goal, indicator: str, ids: set[str]) -> Iterator[GoalLine]:
    da, en = (verdicts.by_area(Reader(edition, language), goal, indicator) for language in _LANGUAGES)
    pairs = [pair for areas in zip(da, en, strict=True) for pair in zip(*areas, strict=True) if pair[0].area_id in ids]
    known = edition.catalogue.indicator(indicator)
    measure = known.name if known else _EMPTY
    yield from (_goal_line(goal, measure, pair, whole=False) for pair in pairs)
    if not pairs:
        da_all, en_all = (verdicts.whole(Reader(edition, language), goal, indicator) for language in _LANGUAGES)
        yield from (_goal_line(goal, measure, pair, whole=True) for pair in zip(da_all, en_all, strict=True))


def _goal_line(goal: Goal, measure: Text, pair: tuple[VerdictLine, VerdictLine], *, whole: bool) -> GoalLine:
    da, en = pair
    words = {name: Text(da=getattr(da, name), en=getattr(en, name)) for name in ("reading", "verdict", "why", "figures", "doubt")}
    return GoalLine(name=goal.name, measure=measure, shape=da.shape, demo=da.demo, whole=whole, **words)


def _money(edition: Edition, subject: Subject) -> Iterator[MoneyLine]:
    known = edition.catalogue
    if subject.set == PLANS:
        plan = next(plan for plan in known.plans.plans if plan.id == subject.id)
        yield from (_money_line(edition, figure, programme=False) for figure in plan.figures)
        yield from (_money_line(edition, figure, programme=True) for figure in known.plans.figures if "kr" in (figure.unit or _EMPTY).da)
    if subject.set == PROGRAMME:
        yield from (_money_line(edition, figure, programme=False) for figure in (*known.hotspots.figures, *known.hotspots.staff))


def _money_line(edition: Edition, figure: Written, *, programme: bool) -> MoneyLine:
    da, en = (printed.figure(figure, language) for language in _LANGUAGES)
    source = edition.catalogue.source(figure.cite.source) if figure.cite else None
    cited = ", ".join(part for part in (source.short if source else "", figure.cite.locator if figure.cite else "") if part)
    note = figure.note or _EMPTY
    return MoneyLine(name=figure.name, said=Text(da=da.value, en=en.value), note=note, source=cited, programme=programme)


def _lists(edition: Edition, refs: Sequence[AreaRef]) -> Iterator[ListMembership]:
    places = {(ref.area_set, ref.area_id) for ref in refs}
    sets = {ref.area_set for ref in refs}
    for listed in sorted(edition.catalogue.lists, key=lambda listed: Period.parse(listed.published)):
        member = any((member.area_set, member.area_id) in places for member in listed.members)
        if member or (listed.complete and any(member.area_set in sets for member in listed.members)):
            when = both(lambda language, code=listed.published: wording.period(code, language))  # type: ignore[misc]
            yield ListMembership(id=listed.id, name=listed.name, published=when, family=listed.family, member=member)


def _outline(edition: Edition, ref: AreaRef) -> str:
    return _outlines(edition, ref.area_set).get(ref.area_id, "")


@lru_cache(maxsize=16)
def _outlines(edition: Edition, area_set: str) -> dict[str, str]:
    """A digest of each area's geometry, to see a redraw by."""
    return {area: hashlib.sha256(msgspec.json.encode(geometry)).hexdigest()[:16] for area, geometry in edition.geometries(area_set).items()}
