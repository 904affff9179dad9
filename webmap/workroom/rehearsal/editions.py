"""The two editions of a rehearsal, from the draft's copy or, once it is published, from where all editions lie."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from geo.drafts import kept
from geo.drafts.draft import Draft
from geo.editions import edition as editions
from geo.editions.edition import Edition
from geo.errors import EditionError
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.changes.comparing import EditionPair
from webmap.workroom.request import folder


def pair(draft: Draft, audience: Audience) -> EditionPair | None:
    """The edition that is shown and the one that was rehearsed; None when one of them is not kept any more."""
    if draft.rehearsed is None:
        return None
    places = (kept.copy_of(folder(draft.id)) / "editions", urls.settings().editions)
    old, new = (_read(places, edition_id, audience) for edition_id in (draft.rehearsed.before, draft.rehearsed.now))
    return None if old is None or new is None else EditionPair(old, new, new)


def _read(places: tuple[Path, ...], id: str, audience: Audience) -> Edition | None:
    for place in places:
        if (place / id / "manifest.json").is_file():
            try:
                return _edition(place, id, audience)
            except EditionError:
                continue
    return None


@lru_cache(maxsize=6)
def _edition(place: Path, id: str, audience: Audience) -> Edition:
    return editions.read(place, id, audience)
