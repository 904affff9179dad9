"""Verdicts on goals in words: a shape, a word, the figure with its doubt, and why. Nothing is judged here; the edition has."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.figures import multiple
from geo.figures.differences import IntervalEstimate
from geo.model.goals import Goal, Target
from geo.model.results import Judgement
from geo.model.vocabulary import Reason, Text, Verdict
from webmap.charts import illustrations
from webmap.edition import marks, rows
from webmap.edition.compared import together
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_ID, CITY_SET
from webmap.goals import listed, origins
from webmap.goals.origins import FigureOrigin
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.language.terms import INTERVAL, NOT_MEASURED, VERDICT, said, why
from webmap.language.wording import by_name
from webmap.maps.pairtexts import AREAS, controlled


@dataclass(frozen=True)
class PartLine:
    """One part of a goal that has several: its indicator, and its own verdict in words. unit: "" where the figures have a percent sign."""

    indicator: str
    name: str
    unit: str
    line: VerdictLine


@dataclass(frozen=True)
class VerdictLine:
    """One verdict in words. `figures` is the way from baseline to latest, `doubt` its interval, `aim` the target, `reading` which.

    times: how many times the baseline's rate the latest is; required: what is asked by now, gap: how far from it; bridges: the breaks
    that the baseline was carried over. origins: the figures that it rests on, of every area that was taken in.
    parts: what the verdict was made of, for a goal that has parts; it has no figures of its own then, and `why` says what each did.
    """

    shape: str
    verdict: str
    why: str
    reading: str
    baseline: str
    latest: str
    period: str
    doubt: str
    aim: str
    change: str
    demo: bool
    times: str = ""
    required: str = ""
    gap: str = ""
    bridges: str = ""
    area_id: str = ""
    area: str = ""
    origins: tuple[FigureOrigin, ...] = ()
    parts: tuple[PartLine, ...] = ()

    @property
    def figures(self) -> str:
        """The latest figure, with the baseline before it where there is one; "" without a figure, or when a break lies between them."""
        if not self.latest or self.shape == VERDICT[Verdict.BREAK].shape:
            return ""
        return f"{self.baseline} → {self.latest}" if self.baseline else self.latest


@dataclass(frozen=True)
class Summary:
    """A goal on the start page, from real figures only: made-up ones answer nothing. What the policy's papers report stands first.

    `lines` are its readings, `figures` the figure they share with its doubt, `now` the newest figures where none could be judged;
    `areas` counts the verdicts of its areas in words.
    """

    goal: Goal
    name: str
    question: str
    lines: tuple[VerdictLine, ...]
    figures: str
    now: str
    areas: str
    drawing: Markup


def summary(reader: Reader, goal: Goal) -> Summary:
    """Put a goal's verdicts into words: a line a reading, or that nobody measures it."""
    real = measured(reader, goal)
    return Summary(
        goal=goal,
        name=goal.name.in_(reader.language),
        question=goal.question.in_(reader.language),
        lines=real,
        figures=_shared(real),
        now="" if real[0].figures else measured_since(reader, goal),
        areas=counted(by_area(reader, goal, goal.indicator or ""), reader.language),
        drawing=illustrations.of_goal(reader, goal),
    )


def measured(reader: Reader, goal: Goal) -> tuple[VerdictLine, ...]:
    """The answer from real figures, which is that the goal is not measured when there are none."""
    return (whole(reader, goal, goal.indicator or "") if goal.measures else ()) or (unmeasured(reader.language),)


def whole(reader: Reader, goal: Goal, indicator: str) -> tuple[VerdictLine, ...]:
    """Verdicts on the goal's areas taken together, a line a reading of the target."""
    judgements = _judgements(reader.edition, goal, indicator)
    return tuple(_line(reader, goal, judgement) for judgement in judgements if not judgement.area_id)


def by_area(reader: Reader, goal: Goal, indicator: str) -> tuple[tuple[VerdictLine, ...], ...]:
    """Verdicts on each area of the goal, sorted by name; an area's readings stand together in the order of the targets."""
    lines = [_line(reader, goal, judgement) for judgement in _judgements(reader.edition, goal, indicator) if judgement.area_id]
    areas = sorted({line.area_id: line.area for line in lines}.items(), key=lambda pair: by_name(pair[1]))
    return tuple(tuple(line for line in lines if line.area_id == area_id) for area_id, _ in areas)


def unmeasured(language: str) -> VerdictLine:
    """The line of a goal that nobody measures."""
    word = NOT_MEASURED.words.in_(language)
    return VerdictLine(NOT_MEASURED.shape, word, why(Reason.NO_INDICATOR, language), "", "", "", "", "", "", "", demo=False)


def counted(areas: Sequence[Sequence[VerdictLine]], language: str) -> str:
    """How many areas have which verdict: `kan ikke afgøres i 6 af 6`; "" when there are none or when there are several readings."""
    if not areas or len(areas[0]) > 1:
        return ""
    counts = Counter(lines[0].verdict for lines in areas)
    words = Text(da="{} i {} af {}", en="{} in {} of {}").in_(language)
    return ", ".join(words.format(verdict.lower(), count, len(areas)) for verdict, count in counts.most_common())


def tested(reader: Reader, goal: Goal, indicator: str) -> str:
    """That each area is judged by itself, how many of them stand out when all are taken together, and how many false ones to expect.

    "" when fewer than two areas are tested, or when there are several readings.
    """
    judgements = (
        [judgement for judgement in _judgements(reader.edition, goal, indicator) if judgement.area_id] if len(goal.targets) == 1 else []
    )
    control = multiple.control([multiple.chance(_span(judgement, goal.targets[0])) for judgement in judgements])
    return controlled(control, AREAS, reader.language) if control.tested > 1 else ""


def _span(judgement: Judgement, target: Target) -> IntervalEstimate:
    """What a verdict is weighed on: the change, where the goal only says which way; else how far from what is asked."""
    change = (judgement.change, judgement.change_low, judgement.change_high)
    ends = change if target.unit == "direction" else (judgement.gap, judgement.gap_low, judgement.gap_high)
    low, middle, high = (math.nan if end is None else end for end in (ends[1], ends[0], ends[2]))
    return IntervalEstimate(middle, low, high)


def measured_since(reader: Reader, goal: Goal) -> str:
    """The newest figures of the goal's areas as a range, with the city's and its doubt; no area is named."""
    indicator = reader.edition.catalogue.indicator(goal.indicator or "")
    periods = rows.periods_in_set(reader.edition, indicator.id, goal.area_set) if indicator else ()
    if indicator is None or not periods or goal.area_set == CITY_SET:
        return ""
    places = [(goal.area_set, area) for area in marks.marked_by(reader.edition, goal)]
    observed = [row for place in (*places, (CITY_SET, CITY_ID)) for row in rows.of_area(reader.edition, indicator.id, *place)]
    latest = [row for row in observed if row["period"] == periods[-1] and not math.isnan(row["value"])]
    values = [row["value"] for row in latest if row["area_set"] != CITY_SET]
    if not values:
        return ""
    words = Text(da="{}: {} i de {}, målet handler om", en="{}: {} in the {} that the goal is about").in_(reader.language)
    span = wording.span(min(values), max(values), indicator, reader.language)
    said = words.format(wording.period(periods[-1], reader.language), span, wording.areas(len(values), reader.language))
    city = Text(da="byen som helhed", en="the city as a whole").in_(reader.language)
    whole = (
        f"; {city} {wording.value(row['value'], indicator, reader.language)} ({wording.interval(row, indicator, reader.language)})"
        for row in latest[-1:]
    )
    return said + "".join(whole) if latest[-1]["area_set"] == CITY_SET else said


def _shared(lines: Sequence[VerdictLine]) -> str:
    line = lines[0]
    if not line.figures:
        return ""
    return f"{line.figures}, {line.period} ({line.doubt})" if line.period else f"{line.figures} ({line.doubt})"


def _judgements(edition: Edition, goal: Goal, indicator: str) -> Iterable[Judgement]:
    order = [target.id for target in goal.targets]
    judgements = [judgement for judgement in edition.judgements if judgement.goal == goal.id and judgement.indicator == indicator]
    return sorted(judgements, key=lambda judgement: order.index(judgement.target))


def _line(reader: Reader, goal: Goal, judgement: Judgement) -> VerdictLine:
    indicator = reader.edition.catalogue.indicator(judgement.indicator)
    target = next(target for target in goal.targets if target.id == judgement.target)
    verdict, area = said(judgement.verdict), reader.edition.area(judgement.area_set, judgement.area_id)
    if judgement.parts:
        return _joined(reader, goal, judgement, target.name.in_(reader.language) if len(goal.targets) > 1 else "")
    if indicator is None:
        return unmeasured(reader.language)
    measure, named = Measure.of(goal, indicator, reader.language), goal.by_lists is not None and not indicator.demo
    return VerdictLine(
        shape=verdict.shape,
        verdict=verdict.words.in_(reader.language),
        why=listed.reason(reader, goal, judgement) if named else why(judgement.reason, reader.language),
        reading=target.name.in_(reader.language) if len(goal.targets) > 1 else "",
        baseline=measure.value(judgement.baseline),
        latest=measure.value(judgement.latest),
        period=wording.period(judgement.latest_period, reader.language) if judgement.latest_period else "",
        doubt=_doubt(judgement, measure),
        aim=_aim(judgement, target, measure),
        change=measure.apart((judgement.change, judgement.change_low, judgement.change_high)),
        times=_times(judgement, reader.language),
        required=measure.exact(judgement.required),
        gap=measure.apart((judgement.gap, judgement.gap_low, judgement.gap_high)),
        bridges=", ".join(judgement.bridges),
        demo=judgement.demo,
        area_id=judgement.area_id,
        area=area.name if area else "",
        origins=() if named else tuple(origins.of_judgement(reader, goal, judgement)),
    )


def _joined(reader: Reader, goal: Goal, judgement: Judgement, reading: str) -> VerdictLine:
    """The line of a verdict that was made of several: no figures of its own, and each part with its line."""
    verdict, area = said(judgement.verdict), reader.edition.area(judgement.area_set, judgement.area_id)
    return replace(
        unmeasured(reader.language),
        shape=verdict.shape,
        verdict=verdict.words.in_(reader.language),
        why=together.why_joined(reader, goal, judgement),
        reading=reading,
        area_id=judgement.area_id,
        area=area.name if area else "",
        parts=tuple(_part(reader, goal, judgement, part.indicator) for part in judgement.parts),
    )


def _part(reader: Reader, goal: Goal, judgement: Judgement, indicator: str) -> PartLine:
    own = (each for each in _judgements(reader.edition, goal, indicator) if each.verdict is not None)
    line = next((_line(reader, goal, each) for each in own if (each.target, each.area_id) == (judgement.target, judgement.area_id)), None)
    measure = reader.edition.catalogue.indicator(indicator)
    unit = measure.unit.in_(reader.language) if measure and measure.kind != "share" else ""
    return PartLine(indicator, together.name_of(reader, indicator), unit, line or replace(unmeasured(reader.language), why=""))


def _doubt(judgement: Judgement, measure: Measure) -> str:
    if judgement.latest is None:
        return ""
    words = INTERVAL[judgement.interval].in_(measure.language)
    ends = measure.span(judgement.low, judgement.high)
    if judgement.interval == "count":
        return words
    return f"{words}: {ends}" if ends else INTERVAL["none"].in_(measure.language)


def _aim(judgement: Judgement, target: Target, measure: Measure) -> str:
    if judgement.target_value is not None:
        return measure.exact(judgement.target_value)
    return target.name.in_(measure.language) if target.unit == "direction" else ""


def _times(judgement: Judgement, language: str) -> str:
    """A ratio of two rates with its exact interval: `1,97 gange (0,86 til 4,28)`."""
    if judgement.ratio is None or judgement.ratio_low is None:
        return ""
    middle, low = (wording.number(end, decimals=2, language=language) for end in (judgement.ratio, judgement.ratio_low))
    high = "∞" if judgement.ratio_high is None else wording.number(judgement.ratio_high, decimals=2, language=language)
    return Text(da=f"{middle} gange ({low} til {high})", en=f"{middle} times ({low} to {high})").in_(language)
