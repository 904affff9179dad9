"""Areas that were drawn anew: what a change owes to its residents and to its line, and how an area of then is represented today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from geo.model.areas import AreaSetKind
from geo.model.catalogue import ListEdition, Member
from geo.model.indicators import Indicator
from geo.model.results import Redraw
from geo.model.vocabulary import Period, Text
from webmap.edition import relations
from webmap.edition.reader import Reader
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


def lines(reader: Reader, area_set: str, area_ids: Collection[str], *, indicator: str = "") -> tuple[RedrawLine, ...]:
    """Splits of the figures of some areas of a set; of one indicator where it is given."""
    return tuple(
        _line(reader, redraw, indicator_of)
        for redraw in reader.edition.redraws
        if redraw.area_set == area_set and redraw.area_id in area_ids and indicator in ("", redraw.indicator)
        if (indicator_of := reader.edition.catalogue.indicator(redraw.indicator))
    )


def certainty(reader: Reader, listed: ListEdition, member: Member) -> str:
    """How surely an area of a frozen list is what is drawn for it today: by its earlier outline, where there is one, else by its extent."""
    layer = reader.edition.layers.get(member.area_set)
    if layer is None or member.area_id is None:
        return Text(da="ikke tegnet", en="not drawn").in_(reader.language)
    shared = _shared(reader, member)
    if shared:
        return shared
    if member.extent != "whole":
        return Text(da="vi ved ikke, hvor stor en del", en="we do not know how large a part").in_(reader.language)
    if layer.edition.valid_from <= Period.parse(listed.published).last:
        return Text(da="grænserne gjaldt allerede dengang", en="the boundaries already held then").in_(reader.language)
    day = wording.date(layer.edition.valid_from, reader.language)
    return Text(
        da=f"samme navn; grænserne er fra {day}, listens egne er ikke fundet",
        en=f"the same name; the boundaries are of {day}, the list's own were not found",
    ).in_(reader.language)


def _shared(reader: Reader, member: Member) -> str:
    """What the earlier outline and today's share of each other's ground; "" where no earlier outline is kept."""
    earlier = {kind.id for kind in reader.edition.catalogue.area_sets if _earlier(kind, member)}
    place = (member.area_set, member.area_id, member.area_id)
    matching = (o for o in reader.edition.overlaps if o.area_set in earlier and (o.other_set, o.area_id, o.other_id) == place)
    overlap = next(matching, None)
    if overlap is None:
        return ""
    of_old, of_new = (wording.percent(share, reader.language) for share in (overlap.percent_of_area, overlap.percent_of_other))
    return Text(
        da=f"tegnet om: {of_old} af det gamle omrids ligger i det nye, og det er {of_new} af det nye",
        en=f"redrawn: {of_old} of the old outline lies in the new one, and that is {of_new} of the new one",
    ).in_(reader.language)


def _earlier(kind: AreaSetKind, member: Member) -> bool:
    """Whether a set holds earlier outlines of the member's; made-up ones say nothing of a real list."""
    return kind.frozen is not None and kind.frozen.area_set == member.area_set and not kind.frozen.demo


def _line(reader: Reader, redraw: Redraw, indicator: Indicator) -> RedrawLine:
    measure = Measure(indicator, areas=False, language=reader.language)
    kind = reader.edition.catalogue.area_set(redraw.frozen_set)
    change, residents, line = (measure.apart((part, None, None)) for part in (redraw.change, redraw.residents, redraw.line))
    return RedrawLine(
        area=relations.name(reader.edition, redraw.area_set, redraw.area_id),
        indicator=indicator.name.in_(reader.language),
        outline=kind.name.in_(reader.language) if kind else redraw.frozen_set,
        before=wording.period(redraw.before, reader.language),
        after=wording.period(redraw.after, reader.language),
        old=measure.value(redraw.old_before),
        new=measure.value(redraw.new_after),
        change=change,
        residents=residents,
        line=line,
        why=REASON[redraw.reason].in_(reader.language) if redraw.reason else "",
        demo=redraw.demo or indicator.demo,
        invented=bool(kind and kind.frozen and kind.frozen.demo),
    )
