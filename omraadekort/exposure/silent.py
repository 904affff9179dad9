"""Every route that shows no figure, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_COUNTS: Final = "says how many figures differ between editions, and no value of any"
_WRITES: Final = "changes something, and answers with a page that is read by its own address"

_DRAFTS: Final = "what is not published, for those alone who answer for the data; who reads pages is refused"
_WORKROOM: Final = (
    "begin", "catalogue", "choose", "discard", "draft", "drafts", "draw", "drawn", "entry", "figure",
    "figure_typed", "history", "propose", "publish", "rehearsal",
    "rehearsal_json", "rehearsal_pdf", "roll_back", "sign", "stop", "take_out", "upload", "work",
)  # fmt: skip
_DRAFTS_API: Final = (
    "begin", "bring", "cancel", "changes", "choose", "discard", "draft", "forms", "history", "listing", "propose", "publications",
    "roll_back", "sign", "take_out", "work",
)  # fmt: skip

_FORMS: Final = (
    "forms", "form", "form_begin", "form_save", "form_draft", "form_send", "form_return", "form_approve", "form_history", "form_merge",
    "form_settle", "report", "report_remark", "report_approve",
)  # fmt: skip
_STATUS: Final = "what departments write in words of their efforts, for those alone who write and approve it"

SILENT: Final[Mapping[str, str]] = {
    "static": "files of the program, the same in every city",
    "healthz": "whether the server works",
    "livez": "whether the server answers",
    "maps.leaflet_file": "files of Leaflet",
    "access.login": "a form without figures",
    "access.provider": "leads to another service",
    "access.returned": "leads back from another service",
    "access.logout": "a form without figures",
    "access.purpose": "a form without figures",
    **{f"follow.{name}": "a form without figures" for name in ("page", "sent", "confirm", "stop")},
    "efforts.calendar": "what is due when, and no figure",
    "efforts.calendar_feed": "what is due when, and no figure",
    "changes.city_feed": _COUNTS,
    "changes.indicator_feed": _COUNTS,
    "changes.area_feed": _COUNTS,
    "editions.editions": "names editions and their days",
    "front.statement": "leads to the accessibility statement",
    "front.editions_to_publish": "names editions; for administrators, who read no figures",
    "reviews.merge": "two texts that people wrote",
    "reviews.start": _WRITES,
    "reviews.save": _WRITES,
    "reviews.draft": _WRITES,
    "reviews.settle": _WRITES,
    "reviews.add": _WRITES,
    "reviews.sign": _WRITES,
    "reviews.rename": _WRITES,
    "reviews.move": _WRITES,
    "reviews.cancel": _WRITES,
    "reviews.release": _WRITES,
    **{f"reviews.{name}": _STATUS for name in _FORMS},
    "front.publish": _WRITES,
    "front.withdraw": _WRITES,
    **{f"workroom.{name}": _DRAFTS for name in _WORKROOM},
    **{f"drafts.{name}": _DRAFTS for name in _DRAFTS_API},
}
"""Routes that show no figure, and why."""
