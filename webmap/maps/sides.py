"""The two maps of a pair and the one of what they say together, drawn, with what their controls can choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period, Text
from webmap.charts import illustrations, minimap, strip
from webmap.edition import differences, marks
from webmap.edition import rows as edition_rows
from webmap.edition.differences import Held
from webmap.edition.rows import Question
from webmap.language import wording
from webmap.maps import view
from webmap.maps.pairtexts import SIGNS, label
from webmap.maps.state import Key, State
from webmap.maps.view import MapOption


@dataclass(frozen=True)
class Side:
    """One of the two maps. indicators, periods: what its controls can choose. marked: what its dashed outlines mean, "" without any."""

    indicator: Indicator
    state: State
    map: Markup
    indicators: tuple[MapOption, ...]
    periods: tuple[MapOption, ...]
    marked: str = ""


@dataclass(frozen=True)
class Third:
    """What the two say together: its map, and its legend with the number of areas of each look.

    control: how many were tested at once, how many stand out, and how many false ones to expect; "" when none was tested.
    """

    map: Markup
    keys: tuple[Key, ...]
    gap: bool
    control: str = ""


def drawn_side(question: Question, now: State, names: Mapping[str, str], over: Mapping[str, str]) -> Side:
    """One of the two maps, drawn, with what its controls can choose. names: what is said of each area; over: classes of hotspots."""
    edition, language = question.edition, question.language
    tagged = marks.of_map(edition, question.indicator.id, question.area_set, language)
    seen = {row.area_id: row.look for row in now.rows}
    drawn = minimap.pointed(edition, question.area_set, looks=seen, names=names, label=now.caption, marked=tagged.tags.keys(), over=over)
    codes = edition_rows.periods_in_set(edition, question.indicator.id, question.area_set)
    periods = tuple(MapOption(code, wording.period(code, language), code == now.period) for code in codes)
    there = [
        one
        for one in view.indicator_options(edition, question.indicator.id, language)
        if edition_rows.periods_in_set(edition, one.id, question.area_set)
    ]
    return Side(question.indicator, now, drawn, tuple(there), periods, tagged.label)


def drawn_third(question: Question, held: Mapping[str, Held], names: Mapping[str, str], over: Mapping[str, str], *, gap: bool) -> Third:
    """The map of what the two say together, and its legend. gap: whether it is how far apart felt and reported are."""
    counts = Counter(one.look for one in held.values())
    order = differences.GAP_LOOKS if gap else differences.CHANGE_LOOKS
    keys = tuple(Key(look, label(look, question.language), str(counts[look])) for look in order if counts[look] or look in order[:3])
    signs = {area: SIGNS[one.look] for area, one in held.items() if one.look in SIGNS}
    title = Text(da="Afstand mellem oplevet og anmeldt", en="Gap between felt and reported") if gap else Text(da="Ændring", en="Change")
    seen = {area: one.look for area, one in held.items()}
    drawn = minimap.pointed(
        question.edition, question.area_set, looks=seen, names=names, label=title.in_(question.language), over=over, signs=signs
    )
    return Third(drawn, keys, gap)


def drawn_spreads(questions: tuple[Question, Question], periods: tuple[str, str], chosen: Sequence[str]) -> tuple[Markup, Markup]:
    """All values of either map on a line, the chosen areas named."""
    beside = periods if questions[0].indicator.id == questions[1].indicator.id else ()
    first, second = (
        strip.strip(one.edition, one.indicator, one.area_set, period, chosen=chosen, language=one.language, beside=beside)
        for one, period in zip(questions, periods, strict=True)
    )
    return first, second


def drawn_trends(questions: Sequence[Question], area_id: str) -> tuple[Markup, Markup]:
    """The trend of an area in either indicator; the second is empty where both maps show one indicator."""
    first, second = (illustrations.trend(one.edition, one.indicator, one.area_set, area_id, one.language) for one in questions)
    return first, second if questions[0].indicator.id != questions[1].indicator.id else Markup()


def hotspots_in(edition: Edition, period: str, language: str) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Classes of the hotspots by area id, as they were in a period (in force, before, after), and their names with their dates."""
    span = Period.parse(period)
    names = {area.area_id: area.name for area in edition.layers["hotspot"].areas} if "hotspot" in edition.layers else {}
    found, named = {}, []
    for one in edition.catalogue.hotspots.areas:
        start, end = Period.parse(one.valid_from), Period.parse(one.valid_to) if one.valid_to else None
        look = "foer" if span.last < start.first else "efter" if end and span.first > end.last else "nu"
        found[one.area.area_id] = look
        since = wording.period(one.valid_from, language)
        until = (
            wording.period(one.valid_to, language)
            if one.valid_to
            else Text(da="ingen slutdato i kilden", en="no end in the source").in_(language)
        )
        named.append((names.get(one.area.area_id, one.area.area_id), f"{since} – {until}"))
    return found, tuple(named)
