"""Who may see what: role x page x field, in one place. What is not here is refused.

A page is the endpoint of a view (`front.start`), or the name that the view was given by `@needs`. The English address of a
page is the same page. docs/access.md shows the table; a test compares them, and another tries every cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from geo.model.vocabulary import Audience
from webmap.roles import Role


class Field(StrEnum):
    """What there is on a page that not everybody may see or do."""

    OPEN = "open"  # the page itself
    WRITE = "write"  # anything but GET and HEAD
    STAFF = "figures.staff"  # figures from the staff part of an edition
    SSP = "figures.ssp"  # figures from the ssp part
    NOTES = "notes"  # what colleagues wrote
    PEOPLE = "people"  # names of colleagues: owners, signatures, authors
    SIGN = "sign"  # put one's name under a round, or approve a form
    EXPORT = "export"  # take the page away as PDF or spreadsheet
    PUBLISH = "publish"  # choose the edition that everybody sees


PART: Final[Mapping[Audience, Field]] = {Audience.STAFF: Field.STAFF, Audience.SSP: Field.SSP}
"""The field that guards a part of an edition; the public part has none."""

Cells = Mapping[Field, frozenset[Role]]

_ALL: Final = frozenset(Role)
_STAFF: Final = frozenset({Role.STAFF})
_SSP: Final = frozenset({Role.SSP})
_ADMIN: Final = frozenset({Role.ADMIN})
_DATA: Final = frozenset({Role.DATA})
_DEPARTMENT: Final = frozenset({Role.DEPARTMENT})
_SECRETARIAT: Final = frozenset({Role.SECRETARIAT})

_FIGURES: Final[Cells] = {Field.OPEN: _ALL, Field.STAFF: _STAFF, Field.SSP: _SSP}
_PLAIN: Final[Cells] = {Field.OPEN: _ALL}
_FORM: Final[Cells] = {Field.OPEN: _ALL, Field.WRITE: _ALL}

TABLE: Final[Mapping[str, Cells]] = {
    # --- pages that read figures: everybody opens them, the audience decides the part
    "front.start": _FIGURES,
    "goals.goal": _FIGURES,
    "goals.labour": _FIGURES,
    "goals.way": _FIGURES,
    "barometer.page": _FIGURES,
    "areas.plans": _FIGURES,
    "areas.plan": _FIGURES,
    "areas.review": _FIGURES,
    "areas.hotspots": _FIGURES,
    "areas.hotspot_report": _FIGURES,
    "lists.housing_lists": _FIGURES,
    "lists.housing_list": _FIGURES,
    "lists.index": _FIGURES,
    "lists.index_edition": _FIGURES,
    "measured.city_index": _FIGURES,
    "measured.discrimination_page": _FIGURES,
    "areas.areas": _FIGURES,
    "areas.area": _FIGURES,
    "areas.where": _FIGURES,
    "efforts.listing": _FIGURES,
    "efforts.projects": _FIGURES,
    "efforts.effort": _FIGURES,
    "efforts.economy": _FIGURES,
    "efforts.plans": _FIGURES,
    "efforts.calendar": _PLAIN,
    "efforts.calendar_feed": _PLAIN,
    "efforts.status": _FIGURES,
    "efforts.status_file": _FIGURES,
    "changes.page": _FIGURES,
    "changes.city_feed": _PLAIN,
    "changes.indicator_feed": _PLAIN,
    "changes.area_feed": _PLAIN,
    "editions.editions": _PLAIN,
    "editions.changes": _FIGURES,
    "front.goal_sheet": _FIGURES,
    "front.area_sheet": _FIGURES,
    "areas.suggest": _FIGURES,
    "figures.sources": _FIGURES,
    "maps.index": _FIGURES,
    "maps.page": _FIGURES,
    "maps.values": _FIGURES,
    "maps.download": _FIGURES,
    "maps.side_by_side": _FIGURES,
    "maps.download_pair": _FIGURES,
    "maps.periods": _FIGURES,
    "pictures.map_picture": _FIGURES,
    "pictures.curve": _FIGURES,
    "pictures.spread": _FIGURES,
    "figures.origin": _FIGURES,
    "api.index": _FIGURES,
    "api.resource": _FIGURES,
    # --- what holds no figure
    "front.about": _PLAIN,
    "front.glossary_page": _PLAIN,
    "front.accessibility": _PLAIN,
    "front.statement": _PLAIN,
    "maps.ground": _PLAIN,
    "maps.orientation": _PLAIN,
    "maps.layer": _PLAIN,
    "maps.leaflet_file": _PLAIN,
    "static": _PLAIN,
    "healthz": _PLAIN,
    "livez": _PLAIN,
    # --- signing in
    "access.login": _FORM,
    "access.provider": _PLAIN,
    "access.returned": _PLAIN,
    "access.logout": _FORM,
    "access.purpose": _FORM,
    # --- following by e-mail
    "follow.page": _FORM,
    "follow.sent": _PLAIN,
    "follow.confirm": _FORM,
    "follow.stop": _FORM,
    # --- rooms
    "ssp": {Field.OPEN: _SSP, Field.SSP: _SSP, Field.EXPORT: _SSP},
    "review": {
        Field.OPEN: _STAFF | _ADMIN,
        Field.STAFF: _STAFF,
        Field.NOTES: _STAFF | _ADMIN,
        Field.PEOPLE: _STAFF | _ADMIN,
        Field.EXPORT: _STAFF | _ADMIN,
        Field.WRITE: _STAFF,
        Field.SIGN: _STAFF,
    },
    "status": {
        Field.OPEN: _DEPARTMENT | _SECRETARIAT,
        Field.NOTES: _DEPARTMENT | _SECRETARIAT,
        Field.PEOPLE: _DEPARTMENT | _SECRETARIAT,
        Field.WRITE: _DEPARTMENT | _SECRETARIAT,
        Field.SIGN: _SECRETARIAT,
    },
    "workroom": {
        Field.OPEN: _DATA,
        Field.WRITE: _DATA,
        Field.STAFF: _DATA,
        Field.SSP: _SSP,
        Field.NOTES: _DATA,
        Field.PEOPLE: _DATA,
        Field.SIGN: _DATA,
        Field.EXPORT: _DATA,
        Field.PUBLISH: _DATA,
    },
    "workroom.files": {Field.OPEN: _DATA, Field.WRITE: _DATA},
    "publish": {Field.OPEN: _ADMIN, Field.WRITE: _ADMIN, Field.PUBLISH: _ADMIN},
}
"""The table. A field that a page does not name is nobody's."""

BY_ADDRESS: Final = frozenset({"follow.stop"})
"""Pages that take a form without a token of the session: a mail program that sends it has no cookie (RFC 8058), and the address holds a
secret that only the letter told."""

_NOBODY: Final[Cells] = {}


def allowed(page: str, field: Field = Field.OPEN) -> frozenset[Role]:
    """Roles that a cell lets in; none for a page or a field that the table does not know."""
    return TABLE.get(page, _NOBODY).get(field, frozenset())


def may(roles: frozenset[Role], page: str, field: Field = Field.OPEN) -> bool:
    """Whether one of these roles in effect may."""
    return bool(roles & allowed(page, field))


def restricted(page: str) -> bool:
    """Whether a page is closed to the public, so that every look at it is kept in the access log."""
    return Role.PUBLIC not in allowed(page)


def markdown() -> str:
    """The table as docs/access.md shows it."""
    fields = list(Field)
    lines = ["| page | " + " | ".join(f"`{field}`" for field in fields) + " |", "|---" * (len(fields) + 1) + "|"]
    for page, cells in TABLE.items():
        lines.append(f"| `{page}` | " + " | ".join(_cell(cells.get(field)) for field in fields) + " |")
    return "\n".join(lines)


def _cell(roles: frozenset[Role] | None) -> str:
    if not roles:
        return "–"
    return "all" if roles == _ALL else " ".join(role for role in Role if role in roles)
