"""Areas as types: sets and their editions, how a foreign layer of a set is recognised, and the sidecar beside every file."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from geo.model.vocabulary import Text, Value

if TYPE_CHECKING:
    import geopandas as gpd


Geometry = Literal["polygons", "lines", "points"]
"""What the features of a layer are, each of one part or of several."""


@lru_cache(maxsize=1 << 14)
def name_key(name: str) -> str:
    """Return a name as it is compared: letters composed, small, single spaces, without signs that nobody sees.

    >>> name_key("  Brønshøj -  Husum ") == name_key("BRØNSHØJ-HUSUM")
    True
    """
    seen = "".join(sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(seen.casefold().split()).replace(" - ", "-").replace(" -", "-").replace("- ", "-")


class Sidecar(Value, frozen=True, kw_only=True):
    """The provenance that stands beside every file, as `<file stem>.toml`."""

    title: str
    producer: str
    licence: str
    retrieved: dt.date
    sha256: str
    changed: str
    url: str = ""
    generalised: bool = False
    area_set: AreaSetEdition | None = None
    overlap: dict[str, object] | None = None
    register: Register | None = None


class Register(Value, frozen=True, kw_only=True):
    """How a register is written, the table `[register]` of its sidecar: what its columns are called, and what they may hold.

    crs: the coordinate reference system of x and y (x is easting or longitude), for example "EPSG:25832". A register without x
    and y in its rows has an `address` in each, and `addresses` names the file beside it with the columns address, x and y, one
    row an address. codes: every coded column that an indicator may ask for, with all its words; a row with another word is
    counted as unknown. every: what the periods are gathered to (a day of an incident to its half-year); "" takes them as they are.
    person: the column that names the person of a row, where there is such a column; a person who stands twice in a period is refused.
    "" says that rows are events. most_left_out: the part of the rows (0 to 1) that may be counted for no figure for one reason: a word
    that is not declared, no period, no coordinate, outside all areas. Above it a build stops.
    """

    crs: str
    period: str = "period"
    x: str = "x"
    y: str = "y"
    address: str = ""
    addresses: str = ""
    codes: dict[str, tuple[str, ...]] = {}
    every: Literal["", "month", "quarter", "half", "year"] = ""
    person: str = "person"
    most_left_out: float = 0.25


class AreaSetEdition(Value, frozen=True, kw_only=True):
    """Which area set a boundary file holds, and from when to when it is valid."""

    id: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    partition: bool = False


class Frozen(Value, frozen=True, kw_only=True):
    """A frozen area set: it keeps the outlines that another set had before it was redrawn. The area codes are the same in both.

    area_set: the id of the set that was redrawn. until: the first day on which the old outlines were no longer valid. demo: the
    outlines are invented, so every figure that is counted in them is demo data too.
    """

    area_set: str
    until: dt.date
    demo: bool = False


class NamedGroup(Value, frozen=True, kw_only=True):
    """A group of areas: its code, its name, and the codes of its members."""

    id: str
    name: str
    members: tuple[str, ...]


class Groups(Value, frozen=True, kw_only=True):
    """How a set of groups is made from the areas of another set: from a list, or from a column of that set's layer.

    area_set: the id of the set that is grouped. column: the column of its layer; areas with the same text in it form one group.
    group: the list. Exactly one of `column` and `group` is given.
    """

    area_set: str
    column: str = ""
    group: tuple[NamedGroup, ...] = ()


class AreaSetKind(Value, frozen=True, kw_only=True):
    """One kind of area: its names, and how a layer of that kind from elsewhere is recognised. One entry of `boundaries/sets.toml`.

    `role` is "areas" for sets that carry figures and "context" for land and water that is drawn for orientation only. A set with
    `frozen` holds the outlines that another set had before it was redrawn: it is counted, protected and drawn as a set of its own. So
    is a set with `groups`; it has no file of its own, because its areas are groups of the areas of another set. `geometry`: what the
    features of its files are; only sets that are drawn for orientation may hold lines or points. Raises ValueError for any other.
    """

    id: str
    name: Text
    singular: Text
    role: Literal["areas", "context"] = "areas"
    geometry: Geometry = "polygons"
    order: int = 0
    note: Text | None = None
    frozen: Frozen | None = None
    groups: Groups | None = None
    profiles: tuple[ImportProfile, ...] = ()

    def __post_init__(self) -> None:
        if self.geometry != "polygons" and self.role != "context":
            raise ValueError(f'{self.geometry} carry no figures: the set needs role = "context"')


class ImportProfile(Value, frozen=True, kw_only=True):
    """How the columns of a known foreign layer map to `area_id` and `name`.

    A file fits when it has every column of `columns` and none of `without`. `slug` makes the id from the name; `only` and
    `rename` take those rows whose id column has the given value and say what our area_id for it is. With `dissolve`, rows that
    share an id become one area (some layers cut an area in pieces that have the same name). `group_from` is a column that is kept as
    `group`, so that a set of groups can be made by it. `named_only` leaves out features whose id column is empty.
    `digits`: how many a code has; leading zeros that were lost are put back.
    """

    columns: tuple[str, ...]
    without: tuple[str, ...] = ()
    id: str
    name: str
    slug: bool = False
    digits: int = 0
    valid_from: dt.date
    rename: dict[str, str] = {}
    only_renamed: bool = False
    named_only: bool = False
    dissolve: bool = False
    partition: bool = False
    title: str
    producer: str
    licence: str
    url: str = ""
    note_from: str = ""
    guess_column: str = ""
    group_from: str = ""


class AreaSet:
    """All areas of one kind in one edition, measured and checked.

    `areas` is a GeoDataFrame in EPSG:25832 (metres), one row an area, sorted by `area_id`, with the columns `area_id` (str,
    unique), `name` (str), `note` (str, "" when there is none) and `geometry` (valid, not empty; polygons, but where its kind says lines or
    points).
    `members`: of a set of groups, the codes of each group's members in the set it is made of.
    """

    __slots__ = ("areas", "edition", "kind", "members", "sidecar")

    def __init__(
        self,
        kind: AreaSetKind,
        edition: AreaSetEdition,
        sidecar: Sidecar,
        areas: gpd.GeoDataFrame,
        members: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.kind, self.edition, self.sidecar, self.areas, self.members = kind, edition, sidecar, areas, members or {}

    @property
    def id(self) -> str:
        """The set's id, for example `bydel`."""
        return self.kind.id
