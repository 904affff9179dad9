"""The words of the system as types. Values only: nothing here reads a file or computes an indicator."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, Self

import msgspec

from geo.errors import InputError, Problem

if TYPE_CHECKING:
    import geopandas as gpd


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Parent of everything people write in TOML: immutable, and an unknown field is refused."""


class Text(Value, kw_only=True):
    """Words in both languages of the interface, Danish first."""

    da: str
    en: str

    def in_(self, language: str) -> str:
        """The words in `language`, which is "da" or "en"."""
        return self.en if language == "en" else self.da


# --- time -------------------------------------------------------------------------------------------------------------

_PERIOD: Final = re.compile(r"(?P<year>\d{4})(?:(?:-?H(?P<half>[12]))|(?:-?Q(?P<quarter>[1-4]))|(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?")


class Period(msgspec.Struct, frozen=True, order=True):
    """A year, half-year, quarter, month or day; ordered by its first day, then by its length."""

    first: dt.date
    last: dt.date
    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2014`, `2014H1`, `2014Q3`, `2014-06` or `2014-06-01`. Raises InputError otherwise."""
        match = _PERIOD.fullmatch(text.strip())
        try:
            if match is None:
                raise ValueError(text)
            first, last = _span(match)
        except ValueError:
            raise InputError(Problem("", "a period that cannot be read", found=repr(text), expected="2014, 2014H1, 2014Q3, 2014-06 or 2014-06-01")) from None
        return cls(first=first, last=last, code=text.strip().replace("-H", "H").replace("-Q", "Q"))


def _span(match: re.Match[str]) -> tuple[dt.date, dt.date]:
    year = int(match["year"])
    if match["day"]:
        day = dt.date(year, int(match["month"]), int(match["day"]))
        return day, day
    if match["month"]:
        start, months = int(match["month"]), 1
    elif match["quarter"]:
        start, months = 3 * int(match["quarter"]) - 2, 3
    elif match["half"]:
        start, months = 6 * int(match["half"]) - 5, 6
    else:
        start, months = 1, 12
    after = dt.date(year + (start + months > 12), (start + months - 1) % 12 + 1, 1)
    return dt.date(year, start, 1), after - dt.timedelta(days=1)


# --- closed lists of words --------------------------------------------------------------------------------------------


class Status(StrEnum):
    """Whether a value is there, how firm it is, or why it is not there."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    ESTIMATED = "estimated"
    DEMO = "demo"
    MISSING = "missing"
    NOT_MEASURED = "not_measured"
    SUPPRESSED = "suppressed"
    UNCERTAIN = "uncertain"


HAS_VALUE: Final = frozenset({Status.FINAL, Status.PROVISIONAL, Status.ESTIMATED, Status.DEMO})
"""Statuses under which an observation shows a value; under all others value, numerator and denominator are absent."""


class Audience(StrEnum):
    """Who may see a part of an edition."""

    PUBLIC = "public"
    STAFF = "staff"
    SSP = "ssp"


class Verdict(StrEnum):
    """What can be said of a goal; the Danish words are in the interface."""

    ON_TRACK = "on_track"  # på vej
    OFF_TRACK = "off_track"  # ikke på vej
    REACHED = "reached"  # nået
    NOT_REACHED = "not_reached"  # ikke nået
    UNDECIDED = "undecided"  # kan ikke afgøres
    BREAK = "break"  # brud i serien


Kind = Literal["count", "share", "rate", "index"]
Direction = Literal["up", "down", "neither"]
Quality = Literal["official", "secondary", "demo"]

class Reason(StrEnum):
    """Why a value is absent or a verdict cannot be given; the words are in the interface."""

    NO_ROW = "no_row"  # the source has no row for this area and period
    NOT_ASKED = "not_asked"  # the source does not cover this area set or period
    SOURCE_BLANK = "source_blank"  # the source has the row but no value
    FEW = "few"  # a count or its complement below the threshold
    SMALL_GROUP = "small_group"  # the population is below the threshold
    FEW_ANSWERS = "few_answers"  # too few answers in a survey
    MISSING_PART = "missing_part"  # a part is missing, so the whole is
    NO_INDICATOR = "no_indicator"  # nobody measures the goal
    NO_BASELINE = "no_baseline"  # no value to compare with
    NO_LATEST = "no_latest"  # no value later than the baseline
    NO_INTERVAL = "no_interval"  # the doubt of the value is not known
    COVERS_TARGET = "covers_target"  # the interval lies on both sides of the target
    COVERS_NO_CHANGE = "covers_no_change"  # the interval of the change holds zero
    DEFINITION_BREAK = "definition_break"  # baseline and latest are of two definitions
    HIDDEN = "hidden"  # a value it needs is hidden from this audience


# --- where things come from -------------------------------------------------------------------------------------------


class Source(Value, kw_only=True):
    """A publication or file that figures come from."""

    id: str
    title: str
    producer: str
    url: str = ""
    licence: str = ""
    retrieved: dt.date
    quality: Quality
    note: str = ""


class Cite(Value, kw_only=True):
    """A place in a source: `locator` is a line, page, table or figure number."""

    source: str
    locator: str = ""


class Sidecar(Value, kw_only=True):
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


class AreaSetEdition(Value, kw_only=True):
    """Which area set a boundary file holds, and from when to when it is valid."""

    id: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    partition: bool = False


# --- areas ------------------------------------------------------------------------------------------------------------


class AreaSetKind(Value, kw_only=True):
    """One kind of area: its names, and how a foreign file of that kind is recognised. From `boundaries/sets.toml`.

    `role` is "areas" for sets that carry figures and "context" for land and water drawn for orientation.
    """

    id: str
    name: Text
    singular: Text
    role: Literal["areas", "context"] = "areas"
    order: int = 0
    note: Text | None = None
    profiles: tuple[ImportProfile, ...] = ()


class ImportProfile(Value, kw_only=True):
    """How the columns of a known foreign layer map to `area_id` and `name`.

    A file fits when it has every column of `columns` and none of `without`. `slug` makes the id from the name; `only` and
    `rename` take those rows whose id column has the given value and say what our area_id for it is.
    """

    columns: tuple[str, ...]
    without: tuple[str, ...] = ()
    id: str
    name: str
    slug: bool = False
    valid_from: dt.date
    rename: dict[str, str] = {}
    only_renamed: bool = False
    partition: bool = False
    title: str
    producer: str
    licence: str
    url: str = ""
    note_from: str = ""
    guess_column: str = ""


class AreaSet:
    """All areas of one kind in one edition, measured and checked.

    `areas` is a GeoDataFrame in EPSG:25832 (metres), one row an area, sorted by `area_id`, with the columns `area_id` (str,
    unique), `name` (str), `note` (str, "" when there is none) and `geometry` (valid, non-empty Polygon or MultiPolygon).
    """

    __slots__ = ("areas", "edition", "kind", "sidecar")

    def __init__(self, kind: AreaSetKind, edition: AreaSetEdition, sidecar: Sidecar, areas: gpd.GeoDataFrame) -> None:
        self.kind, self.edition, self.sidecar, self.areas = kind, edition, sidecar, areas

    @property
    def id(self) -> str:
        """The set's id, for example `bydel`."""
        return self.kind.id


# --- indicators -------------------------------------------------------------------------------------------------------


class Definition(Value, kw_only=True):
    """One version of what an indicator means, valid from a day to a day. A change of version is a break in the series."""

    version: str
    text: Text
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    cite: Cite | None = None


class PolicyBreak(Value, kw_only=True):
    """A class break that policy sets: a target, a legal threshold."""

    value: float
    label: Text


class RegisterMeasure(Value, kw_only=True):
    """How an indicator is counted in a register: rows where `where` holds are the denominator, those with `having` too the numerator."""

    register: str
    where: dict[str, tuple[str, ...]] = {}
    having: dict[str, tuple[str, ...]] = {}


class AssumedSample(Value, kw_only=True):
    """A sample size that the source does not give per area; intervals from it are marked as assumed."""

    n: dict[str, int]
    note: Text


class Indicator(Value, kw_only=True):
    """What is measured. Shares are in percent (0-100); rates are per `per`."""

    id: str
    name: Text
    kind: Kind
    unit: Text
    population: Text
    direction: Direction
    theme: str
    area_sets: tuple[str, ...]
    definitions: tuple[Definition, ...]
    rule: str
    per: int = 100
    decimals: int = 0
    order: int = 100
    demo: bool = False
    policy_breaks: tuple[PolicyBreak, ...] = ()
    register: RegisterMeasure | None = None
    assumed_sample: AssumedSample | None = None
    note: Text | None = None


# --- disclosure -------------------------------------------------------------------------------------------------------


class Threshold(Value, kw_only=True):
    """Primary suppression for one audience. Counts 1..min_count-1 and N-n in 1..min_count-1 are hidden."""

    min_count: int = 0
    min_denominator: int = 0
    min_answers: int = 0


class Rule(Value, kw_only=True):
    """A disclosure rule: thresholds per audience, and what they rest on."""

    id: str
    name: Text
    thresholds: dict[Audience, Threshold]
    cite: Cite | None = None
    note: Text | None = None


# --- goals ------------------------------------------------------------------------------------------------------------


class Baseline(Value, kw_only=True):
    """Where a goal starts. `period` is absent when the source does not date the value."""

    value: float | None = None
    period: str | None = None
    note: Text | None = None
    cite: Cite | None = None


class Target(Value, kw_only=True):
    """One reading of where a goal wants to be.

    unit: `level` (a value of the indicator), `percent` (relative change from the baseline), `percentage_points` (absolute
    change), `areas` (a number of areas), `direction` (only that it must move the right way), `parity` (a gap of zero).
    """

    id: str
    name: Text
    unit: Literal["level", "percent", "percentage_points", "areas", "direction", "parity"]
    value: float | None = None
    cite: Cite | None = None


class Goal(Value, kw_only=True):
    """A goal of the policy. `wording` is the official sentence, quoted; `question` is ours.

    `indicator` names the real measure, `demo_indicator` the made-up one that shows how the goal would be judged. A goal
    without `indicator` says "ikke målt" and names in `deliverer` who would have to measure it.
    """

    id: str
    policy: str
    name: Text
    question: Text
    wording: str
    direction: Direction
    deadline: dt.date | None
    targets: tuple[Target, ...]
    cite: Cite
    page: str = ""
    indicator: str | None = None
    demo_indicators: tuple[str, ...] = ()
    area_set: str = "kommune"
    area_ids: tuple[str, ...] = ()
    frozen_list: str | None = None
    baseline: Baseline | None = None
    deliverer: Text | None = None
    note: Text | None = None
    order: int = 100


# --- lists, plans, hotspots, calendar ---------------------------------------------------------------------------------


class Member(Value, kw_only=True):
    """An area on a list. `area_id` is absent where no area of ours stands for the name."""

    name: str
    area_set: str = "udsat_boligomraade"
    area_id: str | None = None
    extent: Literal["whole", "part", "unknown"] = "whole"
    note: Text | None = None


class ListEdition(Value, kw_only=True):
    """One edition of a list of areas; never changed afterwards. `complete` says whether all names are known."""

    id: str
    family: str
    name: Text
    published: str
    definition: Text
    members: tuple[Member, ...]
    cite: Cite
    count: int | None = None
    complete: bool = True
    note: Text | None = None


class Figure(Value, kw_only=True):
    """One figure of a programme with its unit and its place in a source. `value` is text where the source gives no number."""

    name: Text
    value: float | str
    unit: Text | None = None
    cite: Cite | None = None
    note: Text | None = None


class AreaRef(Value, kw_only=True):
    """A pointer to one area of one set."""

    area_set: str
    area_id: str


class Plan(Value, kw_only=True):
    """A helhedsplan whose name and area the sources give."""

    id: str
    name: str
    valid_from: str | None = None
    valid_to: str | None = None
    areas: tuple[AreaRef, ...] = ()
    figures: tuple[Figure, ...] = ()
    cite: Cite | None = None
    note: Text | None = None


class Evaluation(Value, kw_only=True):
    """One half-yearly evaluation of the plan programme."""

    period: str
    name: Text
    result: Text
    cite: Cite


class PlanProgramme(Value, kw_only=True):
    """The helhedsplan programme: its figures, evaluations and the plans that can be named."""

    figures: tuple[Figure, ...]
    evaluations: tuple[Evaluation, ...]
    plans: tuple[Plan, ...]
    note: Text


class Theme(Value, kw_only=True):
    """A theme of the hotspot programme and its number of initiatives."""

    no: int
    name: Text
    initiatives: int
    cite: Cite


class Informed(Value, kw_only=True):
    """Who is told about the hotspot programme, and how often."""

    who: Text
    rhythm: Text
    what: Text
    cite: Cite


class HotspotArea(Value, kw_only=True):
    """One hotspot with its start and its residents as the source counts them (approximate)."""

    area: AreaRef
    valid_from: str
    residents: int
    cite: Cite
    valid_to: str | None = None
    note: Text | None = None


class HotspotProgramme(Value, kw_only=True):
    """The hotspot programme of 2009."""

    areas: tuple[HotspotArea, ...]
    themes: tuple[Theme, ...]
    staff: tuple[Figure, ...]
    informed: tuple[Informed, ...]
    figures: tuple[Figure, ...]
    note: Text


class Event(Value, kw_only=True):
    """A recurring report: who sends what to whom, how often."""

    id: str
    name: Text
    sender: str
    recipient: str
    rhythm: Text
    content: Text
    dates: str = ""
    cite: Cite


class Contradiction(Value, kw_only=True):
    """Where the sources disagree with themselves, and what the service does about it."""

    id: str
    what: Text
    detail: Text
    treatment: Text
    cites: tuple[Cite, ...]


class Catalogue(Value, kw_only=True):
    """Everything people wrote down: what is measured, wanted, listed, planned, and by which rules it is protected."""

    sources: tuple[Source, ...]
    area_sets: tuple[AreaSetKind, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]
    goals: tuple[Goal, ...]
    lists: tuple[ListEdition, ...]
    plans: PlanProgramme
    hotspots: HotspotProgramme
    calendar: tuple[Event, ...]
    contradictions: tuple[Contradiction, ...]

    def indicator(self, id: str) -> Indicator | None:
        """The indicator of that id, or None."""
        return next((indicator for indicator in self.indicators if indicator.id == id), None)

    def goal(self, id: str) -> Goal | None:
        """The goal of that id, or None."""
        return next((goal for goal in self.goals if goal.id == id), None)

    def area_set(self, id: str) -> AreaSetKind | None:
        """The kind of area set of that id, or None."""
        return next((kind for kind in self.area_sets if kind.id == id), None)

    def source(self, id: str) -> Source | None:
        """The source of that id, or None."""
        return next((source for source in self.sources if source.id == id), None)


# --- what an edition holds --------------------------------------------------------------------------------------------

OBSERVATION_COLUMNS: Final = (
    "indicator", "definition", "area_set", "area_id", "period", "value", "numerator", "denominator", "n",
    "low", "high", "interval", "status", "reason", "quality", "source", "locator", "note",
)  # fmt: skip
"""The one table of figures, a row an observation: indicator x area x period.

`value`, `low`, `high` in the indicator's unit (shares in percent, 0-100); `numerator`, `denominator`, `n` (answers) are numbers of
persons or events; all six are float64 and NaN where absent. `interval` says how low and high came to be: "wilson", "assumed"
(Wilson with a sample size the source does not give per area), "count" (a full count: no sampling doubt), "none". All others are text, "" where there is none. Sorted by indicator,
area_set, area_id, period (as text of the code)."""


class Judgement(Value, kw_only=True):
    """The verdict on one reading of one goal, for one area or (area_id "") for the whole.

    `verdict` is None when nothing is measured. Values in the indicator's unit; `change` with its interval is latest minus baseline.
    """

    goal: str
    target: str
    indicator: str = ""
    area_set: str = ""
    area_id: str = ""
    demo: bool = False
    verdict: Verdict | None = None
    reason: Reason | None = None
    baseline: float | None = None
    baseline_period: str | None = None
    latest: float | None = None
    latest_period: str | None = None
    low: float | None = None
    high: float | None = None
    interval: str = "none"
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    target_value: float | None = None


class Breaks(Value, kw_only=True):
    """The class breaks of one indicator, frozen: the same for all periods, map, table, chart and API.

    Class i holds edges[i-1] <= value < edges[i]; there are len(edges) + 1 classes, at most five. `policy` are those edges that
    policy sets, with their label.
    """

    indicator: str
    edges: tuple[float, ...]
    policy: tuple[PolicyBreak, ...] = ()


class AreaInfo(Value, kw_only=True):
    """One area as the web needs it: `point` is a label point and `box` the bounds, in degrees (lon, lat); `km2` is measured in EPSG:25832."""

    area_id: str
    name: str
    point: tuple[float, float]
    box: tuple[float, float, float, float]
    km2: float
    note: str = ""


class AreaLayer(Value, kw_only=True):
    """One area set in an edition; its geometry lies in `areas/<id>.geojson` (EPSG:4326, 5 decimals, only the property `area_id`)."""

    id: str
    edition: AreaSetEdition
    title: str
    producer: str
    licence: str
    generalised: bool
    areas: tuple[AreaInfo, ...]
    role: Literal["areas", "context"] = "areas"
    url: str = ""
    retrieved: dt.date | None = None
    changed: str = ""


class Overlap(Value, kw_only=True):
    """How far two areas of different sets overlap, in percent (0-100) of the area of each, measured in EPSG:25832."""

    area_set: str
    area_id: str
    other_set: str
    other_id: str
    percent_of_area: float
    percent_of_other: float


class InputFile(Value, kw_only=True):
    """A file that went into an edition."""

    path: str
    kind: Literal["boundaries", "observations", "catalogue", "register"]
    sha256: str
    rows: int
    title: str = ""
    producer: str = ""
    url: str = ""
    licence: str = ""
    retrieved: dt.date | None = None
    changed: str = ""


class Leftover(Value, kw_only=True):
    """What a join could not pair. side "area": areas without a row; side "row": rows without an area. `names` holds area codes or reasons, never a person."""

    join: str
    area_set: str
    side: Literal["area", "row"]
    count: int
    names: tuple[str, ...] = ()
    indicator: str = ""
    period: str = ""


class Hidden(Value, kw_only=True):
    """How many cells of an indicator are hidden from an audience, by reason."""

    indicator: str
    area_set: str
    reason: Reason
    cells: int


class Manifest(Value, kw_only=True):
    """What an edition is made of. `as_of` is the newest `retrieved` among the inputs: an edition knows no clock."""

    id: str
    format: int
    as_of: dt.date
    files: dict[str, str]
    inputs: tuple[InputFile, ...]
    leftovers: tuple[Leftover, ...]
