"""The two maps of a pair and the one of what they say together, drawn, with what their controls can choose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from geo.model.indicators import Indicator
from geo.model.vocabulary import Period, Text
from webmap.charts import illustrations, strip
from webmap.charts.ground import minimap
from webmap.edition import marks
from webmap.edition import rows as edition_rows
from webmap.edition.compared import differences
from webmap.edition.compared.differences import Held
from webmap.edition.reader import Reader
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
    edition, language = question.reader.edition, question.reader.language
    tagged = marks.of_map(question.reader, question.indicator.id, question.area_set)
    seen = {row.area_id: row.look for row in now.rows}
    drawn = minimap.pointed(edition, question.area_set, looks=seen, names=names, label=now.caption, marked=tagged.tags.keys(), over=over)
    codes = edition_rows.periods_in_set(edition, question.indicator.id, question.area_set)
    periods = tuple(MapOption(code, wording.period(code, language), code == now.period) for code in codes)
    there = [
        option
        for option in view.indicator_options(question.reader, question.indicator.id)
        if edition_rows.periods_in_set(edition, option.id, question.area_set)
    ]
    return Side(question.indicator, now, drawn, tuple(there), periods, tagged.label)


def drawn_third(question: Question, held: Mapping[str, Held], names: Mapping[str, str], over: Mapping[str, str], *, gap: bool) -> Third:
    """The map of what the two say together, and its legend. gap: whether it is how far apart felt and reported are."""
    counts = Counter(comparison.look for comparison in held.values())
    order = differences.GAP_LOOKS if gap else differences.CHANGE_LOOKS
    keys = tuple(Key(look, label(look, question.reader.language), str(counts[look])) for look in order if counts[look])
    signs = {area: SIGNS[comparison.look] for area, comparison in held.items() if comparison.look in SIGNS}
    title = Text(da="Afstand mellem oplevet og anmeldt", en="Gap between felt and reported") if gap else Text(da="Ændring", en="Change")
    seen = {area: comparison.look for area, comparison in held.items()}
    drawn = minimap.pointed(
        question.reader.edition,
        question.area_set,
        looks=seen,
        names=names,
        label=title.in_(question.reader.language),
        over=over,
        signs=signs,
    )
    return Third(drawn, keys, gap)


def drawn_spreads(questions: tuple[Question, Question], periods: tuple[str, str], chosen: Sequence[str]) -> tuple[Markup, Markup]:
    """All values of either map on a line, the chosen areas named."""
    beside = periods if questions[0].indicator.id == questions[1].indicator.id else ()
    first, second = (
        strip.strip(question.reader, question.indicator, question.area_set, period, chosen=chosen, beside=beside)
        for question, period in zip(questions, periods, strict=True)
    )
    return first, second


def drawn_trends(questions: Sequence[Question], area_id: str, chosen: Sequence[str]) -> tuple[Markup, Markup]:
    """The trend of an area in either indicator; the second is empty where both maps show one indicator.

    chosen: the areas whose trends stand beside it, on the same scale.
    """
    first, second = (illustrations.trend(question, area_id, beside=chosen) for question in questions)
    return first, second if questions[0].indicator.id != questions[1].indicator.id else Markup()


def hotspots_in(reader: Reader, period: str) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Classes of the hotspots by area id, as they were in a period (in force, before, after), and their names with their dates."""
    span = Period.parse(period)
    names = {area.area_id: area.name for area in reader.edition.layers["hotspot"].areas} if "hotspot" in reader.edition.layers else {}
    classes_of, named = {}, []
    for hotspot in reader.edition.catalogue.hotspots.areas:
        start, end = Period.parse(hotspot.valid_from), Period.parse(hotspot.valid_to) if hotspot.valid_to else None
        look = "foer" if span.last < start.first else "efter" if end and span.first > end.last else "nu"
        classes_of[hotspot.area.area_id] = look
        since = wording.period(hotspot.valid_from, reader.language)
        until = (
            wording.period(hotspot.valid_to, reader.language)
            if hotspot.valid_to
            else Text(da="ingen slutdato i kilden", en="no end in the source").in_(reader.language)
        )
        named.append((names.get(hotspot.area.area_id, hotspot.area.area_id), f"{since} – {until}"))
    return classes_of, tuple(named)
