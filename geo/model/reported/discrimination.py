"""Cases of discrimination in a year: as somebody brings them, and as an edition shows them after disclosure control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from geo.model.sources import Cite
from geo.model.vocabulary import Text, Value

Ground = Literal["age", "disability", "gender", "origin", "politics", "ethnicity", "religion", "sexuality", "unknown"]
PlaceKind = Literal["work", "housing", "education", "authority", "shop", "nightlife", "transport", "street", "other", "unknown"]

GROUNDS: Final[Mapping[Ground, Text]] = {
    "age": Text(da="alder", en="age"),
    "disability": Text(da="handicap", en="disability"),
    "gender": Text(da="køn", en="gender"),
    "origin": Text(da="national eller social oprindelse", en="national or social origin"),
    "politics": Text(da="politisk anskuelse", en="political opinion"),
    "ethnicity": Text(da="race, hudfarve eller etnisk oprindelse", en="race, colour or ethnic origin"),
    "religion": Text(da="religion eller tro", en="religion or belief"),
    "sexuality": Text(da="seksuel orientering", en="sexual orientation"),
    "unknown": Text(da="ikke oplyst", en="not stated"),
}
"""The eight grounds of the policy of 2011-2014 (kk-001, l. 76), and that none was stated."""
PLACES: Final[Mapping[PlaceKind, Text]] = {
    "work": Text(da="arbejdsplads", en="place of work"),
    "housing": Text(da="bolig", en="housing"),
    "education": Text(da="skole og uddannelse", en="school and education"),
    "authority": Text(da="offentlig myndighed", en="public authority"),
    "shop": Text(da="butik og service", en="shop and service"),
    "nightlife": Text(da="natteliv", en="nightlife"),
    "transport": Text(da="transport", en="transport"),
    "street": Text(da="gade og byrum", en="street and public space"),
    "other": Text(da="et andet sted", en="another place"),
    "unknown": Text(da="ikke oplyst", en="not stated"),
}
"""Kinds of places. The papers name none; the list is ours."""


class CaseYear(Value, frozen=True, kw_only=True):
    """The cases of one measure in one year, unprotected: it never leaves the workspace.

    measure: `website` counts what was registered on the city's website, `ombudsman` the cases of the borgerrådgiver. grounds, places:
    each case once; a kind that is not there has none. Empty where the cases are not divided.
    """

    id: str
    measure: Literal["website", "ombudsman"]
    year: int
    total: int
    grounds: dict[Ground, int] = {}
    places: dict[PlaceKind, int] = {}
    cite: Cite
    note: Text | None = None


class ShownCases(Value, frozen=True, kw_only=True):
    """The same as every reader may see it (geo.disclosure.cases). Counts are None where they are hidden.

    withheld: the division is not shown, because another edition that is out shows other figures of the year.
    """

    id: str
    measure: Literal["website", "ombudsman"]
    year: int
    total: int | None = None
    grounds: dict[Ground, int | None] = {}
    places: dict[PlaceKind, int | None] = {}
    withheld: bool = False
    cite: Cite
    note: Text | None = None
