"""Before and after a hotspot began: what its district had in the last period that ended before, and what it has now.

The sources say when a hotspot began, not when it ended. A figure is the district's, of which the hotspot is a small part: that the
two differ does not say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo.editions.edition import Edition
from geo.figures.multiple import Control
from geo.model.indicators import Indicator
from geo.model.programmes import HotspotArea
from geo.model.results import Overlap
from geo.model.vocabulary import Period
from webmap.edition import relations, rows
from webmap.edition.compared import differences
from webmap.edition.compared.differences import Held
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_ID, CITY_SET, Question
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.language.wording import by_name, years
from webmap.maps.pairtexts import said
from webmap.maps.state import Row, state


@dataclass(frozen=True)
class DistrictFigure:
    """A district's figure in one period, in words."""

    period: str
    row: Row


@dataclass(frozen=True)
class HotspotComparison:
    """One indicator of a hotspot's district.

    Both are the district's newest that can answer: it has a figure then, or a hidden one.
    before: None when no period ended before the hotspot began; after: None when none began that day or since. first: the first period
    there is. said, change: what the two say together, "" without both; city: what the whole city changed by.
    """

    indicator: Indicator
    before: DistrictFigure | None
    after: DistrictFigure | None
    first: str
    said: str = ""
    change: str = ""
    city: str = ""
    demo: bool = False
    held: Held | None = None


@dataclass(frozen=True)
class HotspotGroup:
    """A hotspot, or several that began on one day in one district. parts: by name, how much of the district's ground it is."""

    parts: tuple[tuple[str, str], ...]
    when: str
    began: str
    district_id: str
    district: str
    comparisons: tuple[HotspotComparison, ...]


def indicators(edition: Edition, area_set: str, theme: str) -> tuple[Indicator, ...]:
    """Those of a theme that have figures in an area set."""
    return tuple(
        indicator
        for indicator in edition.catalogue.indicators
        if indicator.theme == theme and rows.periods_in_set(edition, indicator.id, area_set)
    )


def groups(reader: Reader, area_set: str, theme: str) -> tuple[HotspotGroup, ...]:
    """Every hotspot that lies in an area of the set, with all indicators of the theme; those of one district and day together, by name.

    What they say stands in one list, and only what stands out of all of it is told from noise.
    """
    made = _groups(reader, area_set, theme)
    held = {
        (place, number): comparison.held
        for place, group in enumerate(made)
        for number, comparison in enumerate(group.comparisons)
        if comparison.held
    }
    compared = differences.among(held)
    return tuple(
        replace(
            group,
            comparisons=tuple(
                _with(comparison, compared.get((place, number)), reader.language) for number, comparison in enumerate(group.comparisons)
            ),
        )
        for place, group in enumerate(made)
    )


def groups_in(reader: Reader, area_set: str, theme: str, area_id: str) -> tuple[HotspotGroup, ...]:
    """The hotspots of one district, each figure by its own interval."""
    return tuple(group for group in _groups(reader, area_set, theme) if group.district_id == area_id)


def control(groups: Iterable[HotspotGroup]) -> Control:
    """How many changes a list of hotspots tests, and how many of them stand out."""
    return differences.control(comparison.held for group in groups for comparison in group.comparisons if comparison.held)


def _with(comparison: HotspotComparison, held: Held | None, language: str) -> HotspotComparison:
    return replace(comparison, held=held, said=said(held, language)) if held else comparison


def _groups(reader: Reader, area_set: str, theme: str) -> tuple[HotspotGroup, ...]:
    questions = [Question(reader, indicator, area_set) for indicator in indicators(reader.edition, area_set, theme)]
    together: dict[tuple[str, str, str | None], list[Overlap]] = {}
    for hotspot in reader.edition.catalogue.hotspots.areas:
        if over := _over(reader.edition, hotspot, area_set):
            together.setdefault((over.other_id, hotspot.valid_from, hotspot.valid_to), []).append(over)
    made = [_group(reader, days, overlaps, questions) for (_, *days), overlaps in together.items()]
    return tuple(sorted(made, key=lambda group: by_name(group.parts[0][0])))


def _over(edition: Edition, hotspot: HotspotArea, area_set: str) -> Overlap | None:
    """The area of the set that most of the hotspot lies in."""
    over = [overlap for overlap in relations.pairs(edition, hotspot.area.area_set, hotspot.area.area_id) if overlap.other_set == area_set]
    return max(over, key=lambda overlap: (overlap.percent_of_area, overlap.other_id), default=None)


def _group(reader: Reader, days: Sequence[str | None], overlaps: Sequence[Overlap], questions: Sequence[Question]) -> HotspotGroup:
    """days: from when to when, None where it is not said."""
    first, last, district = str(days[0]), days[1], overlaps[0].other_id
    named = (
        (relations.name(reader.edition, overlap.area_set, overlap.area_id), wording.percent(overlap.percent_of_other, reader.language))
        for overlap in overlaps
    )
    return HotspotGroup(
        parts=tuple(sorted(named, key=lambda part: by_name(part[0]))),
        when=years(first, last, reader.language),
        began=wording.period(first, reader.language),
        district_id=district,
        district=relations.name(reader.edition, overlaps[0].other_set, district),
        comparisons=tuple(_comparison(question, district, Period.parse(first)) for question in questions),
    )


def _comparison(question: Question, area_id: str, began: Period) -> HotspotComparison:
    edition, indicator, language = question.reader.edition, question.indicator, question.reader.language
    codes = rows.periods(edition, indicator.id, question.area_set, area_id) or rows.periods_in_set(edition, indicator.id, question.area_set)
    before = next((code for code in reversed(codes) if Period.parse(code).last < began.first), "")
    after = next((code for code in reversed(codes) if Period.parse(code).first >= began.last), "")
    comparison = HotspotComparison(
        indicator=indicator,
        before=_figure(question, before, area_id),
        after=_figure(question, after, area_id),
        first=wording.period(codes[0], language),
        demo=indicator.demo or any(state(question, code).demo for code in (before, after) if code),
    )
    if not (before and after):
        return comparison
    held = differences.changed(edition, indicator.id, question.area_set, area_id, (before, after))
    city = differences.change(_city(question, before), _city(question, after), indicator)
    return replace(comparison, held=held, said=said(held, language), change=_apart(held, question), city=_apart(city, question))


def _figure(question: Question, code: str, area_id: str) -> DistrictFigure | None:
    if not code:
        return None
    now = state(question, code)
    return DistrictFigure(now.period_name, next(row for row in now.rows if row.area_id == area_id))


def _city(question: Question, code: str) -> Mapping[str, Any] | None:
    return rows.by_area(question.reader.edition, question.indicator.id, CITY_SET, code).get(CITY_ID)


def _apart(held: Held, question: Question) -> str:
    return Measure(question.indicator, areas=False, language=question.reader.language).change(held.span.ends) if held.span else ""
