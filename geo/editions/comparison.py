"""What differs between two editions that one audience may read, as types that are written to JSON as they stand. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from geo.model.results import InputFile, Leftover
from geo.model.vocabulary import Audience, Reason, Verdict

FigureKind = Literal["new", "revised", "lost", "hidden", "shown", "other_reason", "other_origin"]
"""How a figure differs.

new: it has a value, and had none that was hidden. revised: it has a value and had one, and what a reader is told of it differs.
lost: it had a value and has none, for another reason than protection. hidden: it is hidden now and was not, whether it had a value
or not. shown: it was hidden and has a value. other_reason: there is no value in both, and the status or the reason differs.
other_origin: nothing of these, but its source, the place in the source, its quality or its note differs.
"""
EntryKind = Literal["new", "gone", "changed"]
Part = Literal[
    "source", "area_set", "indicator", "rule", "goal", "list", "plan", "plan_programme", "hotspot", "hotspot_programme", "report",
    "contradiction", "effort", "economy", "action_plan", "facility", "dimension", "city_score", "cases", "review", "status_form",
]  # fmt: skip
"""The parts of the catalogue. The two programmes are what stands beside their plans and hotspots, and have the id ""."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Parent of what is said of two editions: it cannot be changed once made, and every field is written, absent ones as null."""


class Told(Compared, frozen=True, kw_only=True):
    """What a reader is told of one figure in one edition. Numbers are in the indicator's unit, None where absent.

    status is "" where the edition has no row of the figure.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: float | None = None
    status: str = ""
    reason: str = ""
    definition: str = ""
    interval: str = ""
    source: str = ""
    locator: str = ""
    quality: str = ""
    note: str = ""


class FigureChange(Compared, frozen=True, kw_only=True):
    """One figure that differs. by: value now minus value before, None unless both are there and follow one definition."""

    indicator: str
    area_set: str
    area_id: str
    period: str
    kind: FigureKind
    before: Told
    now: Told
    by: float | None = None


class AreaChange(Compared, frozen=True, kw_only=True):
    """An area that has figures of indicators of which it had none in any period, or has none any more. Ids of indicators, sorted."""

    area_set: str
    area_id: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class Conclusion(Compared, frozen=True, kw_only=True):
    """What was concluded on a target in one edition, and the figure that it was concluded from, in the indicator's unit."""

    verdict: Verdict | None
    reason: Reason | None
    latest: float | None
    latest_period: str | None
    low: float | None
    high: float | None
    required: float | None


class VerdictChange(Compared, frozen=True, kw_only=True):
    """A verdict, or the reason why there is none, that differs. area_id "" is all areas of the goal together.

    before, now: None where an edition does not judge that target of that goal in that area.
    """

    goal: str
    target: str
    indicator: str
    area_set: str
    area_id: str
    demo: bool
    before: Conclusion | None
    now: Conclusion | None


class ChangedField(Compared, frozen=True, kw_only=True):
    """A field of an entry that differs, with what stood and what stands there in the words of JSON."""

    name: str
    before: Any
    now: Any


class EntryChange(Compared, frozen=True, kw_only=True):
    """An entry of the catalogue that came, went or changed. fields: those that differ, none of an entry that came or went.

    came, went: names of the members of a list, or "<area set>/<area id>" of a plan, that only one of the two has.
    """

    part: Part
    id: str
    kind: EntryKind
    fields: tuple[ChangedField, ...] = ()
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


class BreaksChange(Compared, frozen=True, kw_only=True):
    """The edges between the colour classes of an indicator, in its unit; None where an edition has no classes of it."""

    indicator: str
    before: tuple[float, ...] | None
    now: tuple[float, ...] | None


class LayerChange(Compared, frozen=True, kw_only=True):
    """An area set whose areas or description differ. Codes of areas, sorted.

    redrawn: areas of both whose published outline differs. renamed: areas of both with another name. fields: what else of its
    description differs, as `AreaLayer` names it.
    """

    area_set: str
    kind: EntryKind
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    redrawn: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


class LeftoverChange(Compared, frozen=True, kw_only=True):
    """What a join left over that differs; None where it left nothing over."""

    before: Leftover | None
    now: Leftover | None


class InputChange(Compared, frozen=True, kw_only=True):
    """A file that went into one of the two editions only, or with other bytes; None where it did not go in."""

    before: InputFile | None
    now: InputFile | None


class Changes(Compared, frozen=True, kw_only=True):
    """What differs from the edition `before` to the edition `now` for one audience. Everything is sorted by its key."""

    before: str
    now: str
    audience: Audience
    figures: tuple[FigureChange, ...]
    areas: tuple[AreaChange, ...]
    verdicts: tuple[VerdictChange, ...]
    entries: tuple[EntryChange, ...]
    breaks: tuple[BreaksChange, ...]
    layers: tuple[LayerChange, ...]
    leftovers: tuple[LeftoverChange, ...]
    inputs: tuple[InputChange, ...]

    def entries_of(self, part: Part) -> tuple[EntryChange, ...]:
        """Return the entries of one part of the catalogue that differ."""
        return tuple(entry for entry in self.entries if entry.part == part)

    @property
    def counts(self) -> Mapping[FigureKind, int]:
        """How many figures differ in each way; ways in which none does are 0."""
        counts = dict.fromkeys(FIGURE_KINDS, 0)
        for figure in self.figures:
            counts[figure.kind] += 1
        return counts

    @property
    def nothing(self) -> bool:
        """Whether what a reader can see is the same; the files that it was read from may differ."""
        return not (self.figures or self.verdicts or self.entries or self.breaks or self.layers or self.leftovers)


FIGURE_KINDS: Final[tuple[FigureKind, ...]] = ("new", "revised", "lost", "hidden", "shown", "other_reason", "other_origin")
