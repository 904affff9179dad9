"""Areas that were drawn anew: what a change owes to its residents and to its line, and how an area of then is represented today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from geo.editions.edition import Edition
from geo.model.areas import AreaSetKind
from geo.model.catalogue import ListEdition, Member
from geo.model.indicators import Indicator
from geo.model.results import Redraw
from geo.model.vocabulary import Period, Text
from webmap.edition import relations
from webmap.language import wording
from webmap.language.quantities import Measure
from webmap.language.terms import REASON


@dataclass(frozen=True)
class RedrawLine:
    """One figure over a redraw, in words. why: why nothing can be told, "" when all is there. invented: the old outline is made up."""

    area: str
    indicator: str
    outline: str
    before: str
    after: str
    old: str
    new: str
    change: str
    residents: str
    line: str
    why: str
    demo: bool
    invented: bool


def lines(edition: Edition, area_set: str, area_ids: Collection[str], language: str, *, indicator: str = "") -> tuple[RedrawLine, ...]:
    """Splits of the figures of some areas of a set; of one indicator where it is given."""
    return tuple(
        _line(edition, one, found, language)
        for one in edition.redraws
        if one.area_set == area_set and one.area_id in area_ids and indicator in ("", one.indicator)
        if (found := edition.catalogue.indicator(one.indicator))
    )


def certainty(edition: Edition, listed: ListEdition, member: Member, language: str) -> str:
    """How surely an area of a frozen list is what is drawn for it today: by its earlier outline, where there is one, else by its extent."""
    layer = edition.layers.get(member.area_set)
    if layer is None or member.area_id is None:
        return Text(da="ikke tegnet", en="not drawn").in_(language)
    shared = _shared(edition, member, language)
    if shared:
        return shared
    if member.extent != "whole":
        return Text(da="uafklaret: fra en lille del til hele det viste", en="not resolved: from a small part to all that is shown").in_(
            language
        )
    if layer.edition.valid_from <= Period.parse(listed.published).last:
        return Text(da="grænserne gjaldt allerede dengang", en="the boundaries already held then").in_(language)
    day = wording.date(layer.edition.valid_from, language)
    return Text(
        da=f"samme navn; grænserne er fra {day}, listens egne er ikke fundet",
        en=f"the same name; the boundaries are of {day}, the list's own were not found",
    ).in_(language)


def _shared(edition: Edition, member: Member, language: str) -> str:
    """What the earlier outline and today's share of each other's ground; "" where no earlier outline is kept."""
    earlier = {kind.id for kind in edition.catalogue.area_sets if _earlier(kind, member)}
    place = (member.area_set, member.area_id, member.area_id)
    found = (o for o in edition.overlaps if o.area_set in earlier and (o.other_set, o.area_id, o.other_id) == place)
    overlap = next(found, None)
    if overlap is None:
        return ""
    of_old, of_new = (wording.percent(share, language) for share in (overlap.percent_of_area, overlap.percent_of_other))
    return Text(
        da=f"tegnet om: {of_old} af det gamle omrids ligger i det nye, og det er {of_new} af det nye",
        en=f"redrawn: {of_old} of the old outline lies in the new one, and that is {of_new} of the new one",
    ).in_(language)


def _earlier(kind: AreaSetKind, member: Member) -> bool:
    """Whether a set holds earlier outlines of the member's; made-up ones say nothing of a real list."""
    return kind.frozen is not None and kind.frozen.area_set == member.area_set and not kind.frozen.demo


def _line(edition: Edition, one: Redraw, indicator: Indicator, language: str) -> RedrawLine:
    measure = Measure(indicator, areas=False, language=language)
    kind = edition.catalogue.area_set(one.frozen_set)
    change, residents, line = (measure.apart((part, None, None)) for part in (one.change, one.residents, one.line))
    return RedrawLine(
        area=relations.name(edition, one.area_set, one.area_id),
        indicator=indicator.name.in_(language),
        outline=kind.name.in_(language) if kind else one.frozen_set,
        before=wording.period(one.before, language),
        after=wording.period(one.after, language),
        old=measure.value(one.old_before),
        new=measure.value(one.new_after),
        change=change,
        residents=residents,
        line=line,
        why=REASON[one.reason].in_(language) if one.reason else "",
        demo=one.demo or indicator.demo,
        invented=bool(kind and kind.frozen and kind.frozen.demo),
    )
