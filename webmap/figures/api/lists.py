"""The resource `lists`: every edition of every list with its members, as it was published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from geo.model.catalogue import ListEdition
from geo.model.vocabulary import Period
from webmap.edition.reader import Reader
from webmap.figures.api.parameters import one_of
from webmap.figures.formats import csv_text

_COLUMNS: Final = (
    "list", "family", "list_name", "published", "criteria", "need", "count", "all_names_known", "member", "area_set", "area_id", "extent",
    "source", "locator", "edition",
)  # fmt: skip


def as_json(reader: Reader) -> bytes:
    """The lists asked for, whole."""
    return msgspec.json.encode({"edition": reader.edition.id, "lists": _asked(reader)})


def as_csv(reader: Reader) -> str:
    """A row a member. A list of which no name is known, and one that nobody is on, have a row without a member."""
    return csv_text.text((record for listed in _asked(reader) for record in _records(reader, listed)), _COLUMNS)


def _asked(reader: Reader) -> list[ListEdition]:
    """The lists that the parameters ask for, oldest first. Raises ApiError for a list, a family or a day that is not there."""
    known = reader.edition.catalogue.lists
    wanted = one_of("list", tuple(listed.id for listed in known))
    family = one_of("family", tuple(dict.fromkeys(listed.family for listed in known)))
    published = one_of("published", tuple(dict.fromkeys(Period.parse(listed.published).code for listed in known)))
    asked = [
        listed
        for listed in known
        if wanted in ("", listed.id) and family in ("", listed.family) and published in ("", Period.parse(listed.published).code)
    ]
    return sorted(asked, key=lambda listed: (Period.parse(listed.published), listed.family, listed.id))


def _records(reader: Reader, listed: ListEdition) -> Iterator[dict[str, Any]]:
    of_list = {
        "list": listed.id,
        "family": listed.family,
        "list_name": listed.name.in_(reader.language),
        "published": listed.published,
        "criteria": listed.criteria,
        "need": listed.need,
        "count": listed.count,
        "all_names_known": "yes" if listed.complete else "no",
        "source": listed.cite.source,
        "locator": listed.cite.locator,
        "edition": reader.edition.id,
    }
    empty = dict.fromkeys(("member", "area_set", "area_id", "extent"), "")
    for member in listed.members:
        yield of_list | {"member": member.name, "area_set": member.area_set, "area_id": member.area_id, "extent": member.extent}
    if not listed.members:
        yield of_list | empty
