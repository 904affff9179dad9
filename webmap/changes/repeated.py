"""Hidden now, not repeated: what an older edition told of a figure is said again only where the edition that is shown tells that figure.

What was published is known, and the gate counts it as known; but a page that is made today does not tell it once more
(docs/decisions/hidden-now.md). A verdict, a difference and the edges of classes are made of figures, and go the same way.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final

import msgspec

from geo.editions.comparison import Changes, Conclusion, FigureChange, Told, VerdictChange
from geo.editions.edition import Edition
from geo.editions.seen import KEY, Cell
from geo.model.results import Judgement
from geo.model.vocabulary import Reason

UNREPEATED: Final = Conclusion(verdict=None, reason=None, latest=None, latest_period=None, low=None, high=None, required=None)
"""What stands for a verdict that is not repeated. One of an edition has a verdict or a reason."""
_Verdict = tuple[str, str, str, str, str]


def without_hidden(made: Changes, old: Edition, new: Edition, shown: Edition) -> Changes:
    """Take out of a comparison of two editions what the edition that is shown to the same audience does not tell.

    Figures keep their kind and why there is no value, on both sides, but no number, note or place in a source. Verdicts have no
    numbers at all, and are `UNREPEATED` where a figure that they rest on has no value now. Edges of classes, leftovers and files are
    left out. Raises ValueError when the editions are not read for the same audience.
    """
    if {old.audience, new.audience, shown.audience} != {made.audience}:
        raise ValueError("editions of several audiences")
    shown_cells = _told(shown)
    return msgspec.structs.replace(
        made,
        figures=tuple(figure if _cell(figure) in shown_cells else _reasons_alone(figure) for figure in made.figures),
        verdicts=tuple(_verdict(change, (old, new), shown) for change in made.verdicts),
        breaks=tuple(msgspec.structs.replace(each, before=None, now=None) for each in made.breaks),
        leftovers=(),
        inputs=(),
    )


def _cell(figure: FigureChange) -> Cell:
    return figure.indicator, figure.area_set, figure.area_id, figure.period


@lru_cache(maxsize=6)
def _told(edition: Edition) -> AbstractSet[Cell]:
    """The keys of the figures that an edition tells."""
    table = edition.observations
    table = table[table["value"].notna()]
    return frozenset(zip(*(table[name] for name in KEY), strict=True))


def _reasons_alone(figure: FigureChange) -> FigureChange:
    before, now = (Told(status=side.status, reason=side.reason, definition=side.definition) for side in (figure.before, figure.now))
    return msgspec.structs.replace(figure, before=before, now=now, by=None)


# --- verdicts ---------------------------------------------------------------------------------------------------------


def _verdict(change: VerdictChange, editions: tuple[Edition, Edition], shown: Edition) -> VerdictChange:
    key = (change.goal, change.target, change.indicator, change.area_set, change.area_id)
    sides = (change.before, change.now)
    before, now = (_side(side, _judged(edition).get(key), edition, shown) for side, edition in zip(sides, editions, strict=True))
    return msgspec.structs.replace(change, before=before, now=now)


def _side(side: Conclusion | None, judgement: Judgement | None, edition: Edition, shown: Edition) -> Conclusion | None:
    if side is None:
        return None
    today = _judged(shown).get(_key(judgement)) if judgement else None
    if edition.id != shown.id and (
        judgement is None or today is None or today.reason is Reason.HIDDEN or _rests(judgement, edition, shown)
    ):
        return UNREPEATED
    return msgspec.structs.replace(side, latest=None, low=None, high=None, required=None)


def _rests(judgement: Judgement, edition: Edition, shown: Edition) -> bool:
    """Whether a verdict of an edition rests on a figure that the edition told and the one that is shown does not."""
    if judgement.parts:
        names = {part.indicator for part in judgement.parts}
        own = (judgement.goal, judgement.target, judgement.area_id)
        parts = (each for each in edition.judgements if each.indicator in names and (each.goal, each.target, each.area_id) == own)
        return any(_rests(part, edition, shown) for part in parts)
    place = (judgement.indicator, judgement.area_set, judgement.area_id)
    return any((*place, period) in _gone(edition, shown) for period in (judgement.baseline_period, judgement.latest_period) if period)


@lru_cache(maxsize=6)
def _gone(edition: Edition, shown: Edition) -> AbstractSet[Cell]:
    """Keys of the figures that an edition told and the one that is shown does not; "" for the area is any of its set."""
    gone = _told(edition) - _told(shown)
    return gone | {(indicator, area_set, "", period) for indicator, area_set, _, period in gone}


@lru_cache(maxsize=6)
def _judged(edition: Edition) -> dict[_Verdict, Judgement]:
    return {_key(judgement): judgement for judgement in edition.judgements}


def _key(judgement: Judgement) -> _Verdict:
    return judgement.goal, judgement.target, judgement.indicator, judgement.area_set, judgement.area_id
