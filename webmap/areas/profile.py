"""Everything about one area in words: its figures with trend, lists, plans, hotspots, and what it overlaps with."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.figures import means
from geo.model.indicators import Indicator
from geo.model.results import AreaInfo, AreaLayer
from geo.model.vocabulary import Status, Text
from webmap.areas import asked
from webmap.areas.asked import AreaGoal
from webmap.charts import illustrations
from webmap.edition import classes, redraws, relations, rows
from webmap.edition.reader import Reader
from webmap.edition.redraws import RedrawLine
from webmap.edition.rows import CITY_ID, CITY_SET, Question, Row
from webmap.language import wording
from webmap.maps import against, standingtexts, view

_LARGER: Final = ("tryghedsdistrikt", "bydel", "kvarter")
_MOSTLY: Final = 50.0
"""Percent of an area that must lie in a larger one before the larger one's value is shown here as borrowed."""


@dataclass(frozen=True)
class MeanLine:
    """A mean of half-years that is told where one of them is hidden. when: the period, with what it is. code: the period's."""

    when: str
    value: str
    doubt: str
    code: str


@dataclass(frozen=True)
class GroupLine:
    """The figure of a group that the area is a member of, told where its own is hidden. kind: the set's word for one of its areas."""

    name: str
    kind: str
    value: str
    doubt: str
    area_set: str
    area_id: str


@dataclass(frozen=True)
class Neighbour:
    """A group that the area is a member of, or a member of the group: its name, its set's word for one, and where its page is."""

    name: str
    kind: str
    area_set: str
    area_id: str


@dataclass(frozen=True)
class FigureCard:
    """One indicator for one area. `look` is "" with a value, else the look of its gap; `lender` names the area a value is borrowed from.

    uncertain: how the area stands on the map, or that the value could fall in another class of it. estimated: when it is apportioned.
    broken: when the definition changed. means: where the latest figure is hidden, the newest mean of each number of half-years. groups:
    there too, the same period of the groups it is in.
    """

    indicator: Indicator
    name: str
    value: str
    unit: str
    doubt: str
    period: str
    status: str
    city: str
    trend: Markup
    demo: bool
    area_set: str
    area_id: str
    code: str
    source: str
    locator: str
    source_title: str
    look: str = ""
    uncertain: str = ""
    estimated: str = ""
    broken: str = ""
    lender: str = ""
    share: str = ""
    means: tuple[MeanLine, ...] = ()
    groups: tuple[GroupLine, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One area's page."""

    area: AreaInfo
    layer: AreaLayer
    singular: str
    km2: str
    drawing: Markup
    real: tuple[FigureCard, ...]
    demo: tuple[FigureCard, ...]
    borrowed: tuple[FigureCard, ...]
    unmeasured: tuple[str, ...]
    asked: tuple[AreaGoal, ...]
    lists: tuple[relations.ListLine, ...]
    plans: tuple[relations.TextLine, ...]
    hotspots: tuple[relations.TextLine, ...]
    overlaps: tuple[relations.OverlapLine, ...]
    redrawn: tuple[RedrawLine, ...]
    groups: tuple[Neighbour, ...]
    members: tuple[Neighbour, ...]


def profile(reader: Reader, area_set: str, area_id: str) -> Profile:
    """Make the page of one area. Raises NotFoundError when the edition does not have it."""
    layer, area = reader.edition.layers.get(area_set), reader.edition.area(area_set, area_id)
    if layer is None or area is None or layer.role != "areas":
        raise NotFoundError(Problem(f"{area_set}/{area_id}", "no such area in this edition"))
    kind = reader.edition.catalogue.area_set(area_set)
    cards = [card for indicator in reader.edition.catalogue.listed if (card := _card(reader, indicator, (area_set, area_id)))]
    own = {card.indicator.id for card in cards}
    return Profile(
        area=area,
        layer=layer,
        singular=kind.singular.in_(reader.language) if kind else area_set,
        km2=wording.number(area.km2, decimals=2 if area.km2 < 1 else 1, language=reader.language),
        drawing=illustrations.of_area(reader.edition, area_set, area_id),
        real=tuple(card for card in cards if not card.demo),
        demo=tuple(card for card in cards if card.demo),
        borrowed=tuple(_borrowed(reader, area_set, area_id, own)),
        unmeasured=_unmeasured(reader, area_set, own),
        asked=asked.goals(reader, area_set, area_id),
        lists=relations.lists(reader, area_set, area_id),
        plans=relations.plans(reader, area_set, area_id),
        hotspots=() if area_set == CITY_SET else relations.hotspots(reader, area_set, area_id),
        overlaps=() if area_set == CITY_SET else relations.overlaps(reader, area_set, area_id),
        redrawn=redraws.lines(reader, area_set, (area_id,)),
        groups=_groups_of(reader, area_set, area_id),
        members=tuple(_neighbour(reader, layer.of, member) for member in area.members),
    )


def _groups_of(reader: Reader, area_set: str, area_id: str) -> tuple[Neighbour, ...]:
    """The groups that an area is a member of, set by set."""
    return tuple(
        _neighbour(reader, layer.id, group.area_id)
        for layer in reader.edition.layers.values()
        if layer.of == area_set
        for group in layer.areas
        if area_id in group.members
    )


def _neighbour(reader: Reader, area_set: str, area_id: str) -> Neighbour:
    kind = reader.edition.catalogue.area_set(area_set)
    singular = kind.singular.in_(reader.language) if kind else area_set
    return Neighbour(relations.name(reader.edition, area_set, area_id), singular, area_set, area_id)


def _card(reader: Reader, indicator: Indicator, place: tuple[str, str]) -> FigureCard | None:
    """The latest figure of an indicator in an area, or why it is hidden; None when there is neither."""
    row = _latest(reader.edition, indicator, place)
    if row is None:
        return None
    city = _city_row(reader.edition, indicator, place, row["period"])
    source = reader.edition.catalogue.source(row["source"])
    gap = classes.GAPS.get(row["status"], "")
    return FigureCard(
        indicator=indicator,
        name=indicator.name.in_(reader.language),
        value="" if gap else wording.value(row["value"], indicator, reader.language),
        unit=wording.value_and_unit(0.0, indicator, reader.language)[1],
        doubt=wording.interval(row, indicator, reader.language),
        period=wording.period(row["period"], reader.language),
        status=wording.status(row, reader.language),
        city=_city(city, indicator, reader.language),
        trend=illustrations.trend(Question(reader, indicator, place[0]), place[1]),
        demo=indicator.demo or row["status"] == Status.DEMO.value,
        area_set=place[0],
        area_id=place[1],
        code=row["period"],
        source=row["source"],
        locator=row["locator"],
        source_title=source.title if source else row["source"],
        look=gap,
        uncertain=_on_the_map(reader, indicator, place, row),
        estimated=wording.apportioned(row, indicator, reader.language),
        broken=view.broken(Question(reader, indicator, place[0])),
        means=_means(reader, indicator, place) if gap else (),
        groups=_in_groups(reader, indicator, place, row["period"]) if gap else (),
    )


def _in_groups(reader: Reader, indicator: Indicator, place: tuple[str, str], period: str) -> tuple[GroupLine, ...]:
    """What is told of the groups that an area is a member of, in the period in which its own figure is hidden."""
    lines = []
    for group in _groups_of(reader, *place):
        of_period = (row for row in rows.of_area(reader.edition, indicator.id, group.area_set, group.area_id) if row["period"] == period)
        for row in of_period:
            if not math.isnan(row["value"]):
                value, doubt = wording.value(row["value"], indicator, reader.language), wording.interval(row, indicator, reader.language)
                lines.append(GroupLine(group.name, group.kind, value, doubt, group.area_set, group.area_id))
    return tuple(lines)


def _means(reader: Reader, indicator: Indicator, place: tuple[str, str]) -> tuple[MeanLine, ...]:
    newest = {len(means.parts_of(row["period"])): row for row in rows.means_of_area(reader.edition, indicator.id, *place)}
    return tuple(
        MeanLine(
            wording.opening(wording.mean(row["period"], reader.language)),
            wording.value(row["value"], indicator, reader.language),
            wording.interval(row, indicator, reader.language),
            row["period"],
        )
        for _, row in sorted(newest.items())
    )


def _on_the_map(reader: Reader, indicator: Indicator, place: tuple[str, str], row: Row) -> str:
    """How the area stands on the map of all areas; of a map of classes, that the figure could lie in another; else ""."""
    standing = against.standing(reader.edition, indicator.id, place[0], row["period"])
    held = standing.held.get(place[1])
    if held is not None:
        said = standingtexts.said(standing, held, reader.language)
        alone = Text(da="; set for sig selv skiller det sig ud", en="; by itself it stands out").in_(reader.language) if held.alone else ""
        return Text(da=f"På kortet: {said}{alone}.", en=f"On the map: {said}{alone}.").in_(reader.language)
    if classes.UNCERTAIN not in classes.look(classes.breaks_of(reader.edition, indicator.id, place[0]), row).split():
        return ""
    return _UNCERTAIN.in_(reader.language)


_UNCERTAIN: Final = Text(
    da="Usikkert: farven på kortet kunne være en anden.",
    en="Uncertain: the figure could fall in another class than the map's colour shows.",
)


def _latest(edition: Edition, indicator: Indicator, place: tuple[str, str]) -> Row | None:
    """The newest row with a value or one that may not be shown; rows that say there is nothing are passed over."""
    newest_first = (row for row in reversed(rows.of_area(edition, indicator.id, *place)))
    return next((row for row in newest_first if row["status"] in classes.GAPS or not math.isnan(row["value"])), None)


def _city_row(edition: Edition, indicator: Indicator, place: tuple[str, str], period: str) -> Row | None:
    if place == (CITY_SET, CITY_ID):
        return None
    return next((row for row in rows.of_area(edition, indicator.id, CITY_SET, CITY_ID) if row["period"] == period), None)


def _city(row: Row | None, indicator: Indicator, language: str) -> str:
    if row is None or math.isnan(row["value"]):
        return ""
    return f"{wording.value(row['value'], indicator, language)} ({wording.interval(row, indicator, language)})"


def _borrowed(reader: Reader, area_set: str, area_id: str, own: set[str]) -> list[FigureCard]:
    """Real figures of the larger areas that most of this one lies in, for what is not measured here itself."""
    if area_set in {*_LARGER, CITY_SET}:
        return []
    cards = []
    for overlap in relations.pairs(reader.edition, area_set, area_id):
        if overlap.other_set not in _LARGER or overlap.percent_of_area < _MOSTLY:
            continue
        for indicator in reader.edition.catalogue.listed:
            card = None if indicator.demo or indicator.id in own else _card(reader, indicator, (overlap.other_set, overlap.other_id))
            if card is not None and not card.look and indicator.kind != "count":
                lender = relations.name(reader.edition, overlap.other_set, overlap.other_id)
                cards.append(replace(card, lender=lender, share=wording.percent(overlap.percent_of_other, reader.language)))
    return cards


def _unmeasured(reader: Reader, area_set: str, own: set[str]) -> tuple[str, ...]:
    missing = [
        indicator
        for indicator in reader.edition.catalogue.listed
        if indicator.id not in own and not indicator.demo and area_set in indicator.area_sets
    ]
    return tuple(indicator.name.in_(reader.language) for indicator in missing)
