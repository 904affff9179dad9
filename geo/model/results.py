"""What the analysis makes and what an edition holds, as types: observations, judgements, class breaks, layers, the manifest."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from geo.model.areas import AreaSetEdition, Geometry
from geo.model.indicators import PolicyBreak
from geo.model.vocabulary import Reason, Value, Verdict

OBSERVATION_COLUMNS: Final = (
    "indicator", "definition", "area_set", "area_id", "period", "value", "numerator", "denominator", "n",
    "low", "high", "interval", "status", "reason", "quality", "source", "locator", "note", "file", "row", "weights",
)  # fmt: skip
"""The one table of figures, a row an observation: indicator x area x period.

`value`, `low`, `high` are in the indicator's unit (shares in percent, 0-100); `numerator`, `denominator` and `n` (answers) are
numbers of persons or events. These six are float64 and NaN where absent; all others are text, "" where there is none. Sorted by
indicator, area_set, area_id and period (as text of the code).

`interval` is a word of INTERVALS: how low and high were made, and so what kind of doubt they express.

`file` is the path of the input file that the row came from, as the manifest lists it, and `row` its row there (the header is row 1);
a count of a register has a file and no row, an area that no file has a row for has neither. `weights` names the weights that a
count was moved between area sets with, "" where it was counted or published in the area itself.
"""


INTERVALS: Final = (
    "wilson",  # a survey: sampling, as of a simple random sample of n (Wilson 1927)
    "wilson_design",  # a survey: sampling, Wilson with n / design effect
    "wilson_cautious",  # a survey: sampling, Wilson with n / the design effect that we chose for the kind of survey
    "assumed",  # a survey: Wilson from a sample size that the source does not give for the area, and the design effect chosen, if any
    "chance",  # a register: an exact count of that day; how far chance alone moves a group of that size (Wilson)
    "noise",  # a register: as "chance", and besides the noise that its counts were changed by to protect
    "poisson",  # events: how far chance alone moves so many (exact, Garwood 1936)
    "published",  # the source printed the interval
    "count",  # everyone is counted, low = high = value: no sampling, and no counts from which chance could be estimated
    "areas",  # a number of areas: those surely in the category to those possibly in it
    "bounds",  # apportioned from other areas: the least and the most, however people live spread within them
    "none",  # nothing is known of the doubt
)
"""The kinds of doubt."""

CAUTIOUS: Final = ("wilson_cautious", "assumed")
"""Those that a design effect chosen for the source of a survey may have widened."""


class Step(Value, frozen=True, kw_only=True):
    """One figure between a goal's baseline and its deadline, in the indicator's unit.

    required: what the straight line from the baseline to the target asks for at the end of the period. It is None when the baseline
    has no date, when the target is not a number, and after a break in the series. low, high: the 95 percent interval, None where it
    is not known.
    """

    period: str
    value: float
    low: float | None = None
    high: float | None = None
    definition: str = ""
    required: float | None = None


class PartVerdict(Value, frozen=True, kw_only=True):
    """The verdict on one part of a goal that has several, as the goal's own verdict was made of it.

    decides: False where a part went the wrong way by its own interval, but is not sure enough among the parts that are tested at
    once: such a part leaves the goal open (geo.conclusions.together).
    """

    indicator: str
    verdict: Verdict | None = None
    reason: Reason | None = None
    decides: bool = True


class Judgement(Value, frozen=True, kw_only=True):
    """The verdict on one target of one goal, for one area, or for all its areas together (area_id "").

    `verdict` is None when nothing is measured. Values are in the indicator's unit (numbers of areas for a goal that counts areas),
    each with the 95 percent interval that it is judged by. change: latest minus baseline. ratio: latest divided by baseline, of
    rates. required: what is asked of the latest figure: the value of the straight line before the deadline, the target from the
    deadline on, None before the deadline when the baseline has no date. gap: latest minus required, or minus the target where there
    is no line. bridges: the changes of definition that the baseline was carried over, as "before → after"; `baseline` is then the
    value that was carried over. Of a goal that is answered from lists: newcomers are the names that were not on the first list, and
    compared_until is the last list that they were looked for on, whose criteria are those of the first.
    parts: of a goal with several measures, the verdicts that this one was made of, in the goal's order; `indicator` is then "" and
    there are no figures, because the parts have units of their own.
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
    required: float | None = None
    gap: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    bridges: tuple[str, ...] = ()
    newcomers: tuple[str, ...] = ()
    compared_until: str | None = None
    course: tuple[Step, ...] = ()
    parts: tuple[PartVerdict, ...] = ()


class Redraw(Value, frozen=True, kw_only=True):
    """The change of one figure of an area that was redrawn, split in two parts: change = residents + line, in the indicator's unit.

    It runs from the outline of `frozen_set` in the period `before` to the outline of `area_set` in the period `after`. old_* and
    new_* are the figure on the old and on the new outline. All are None where `reason` says why the change cannot be split.
    """

    indicator: str
    area_set: str
    area_id: str
    frozen_set: str
    before: str
    after: str
    demo: bool = False
    reason: Reason | None = None
    old_before: float | None = None
    old_after: float | None = None
    new_before: float | None = None
    new_after: float | None = None
    change: float | None = None
    residents: float | None = None
    line: float | None = None


class Breaks(Value, frozen=True, kw_only=True):
    """The class breaks of one indicator, fixed for all periods and used alike by map, table, chart and API.

    Class i holds edges[i-1] <= value < edges[i]. There are len(edges) + 1 classes, at most five. `policy` are the edges that policy
    sets, with their labels.
    """

    indicator: str
    edges: tuple[float, ...]
    policy: tuple[PolicyBreak, ...] = ()


class AreaInfo(Value, frozen=True, kw_only=True):
    """One area as the web needs it.

    `point` is a label point and `box` the bounds, in degrees (lon, lat); `km2` is measured in EPSG:25832. `members`: of a group, the codes
    of its members in the set that its layer is made `of`.
    """

    area_id: str
    name: str
    point: tuple[float, float]
    box: tuple[float, float, float, float]
    km2: float
    note: str = ""
    members: tuple[str, ...] = ()


class AreaLayer(Value, frozen=True, kw_only=True):
    """One area set in an edition; its geometry lies in `areas/<id>.geojson` (EPSG:4326, 5 decimals, only the property `area_id`).

    `of`: of a set of groups, the set whose areas are its members.
    """

    id: str
    edition: AreaSetEdition
    title: str
    producer: str
    licence: str
    generalised: bool
    areas: tuple[AreaInfo, ...]
    role: Literal["areas", "context"] = "areas"
    geometry: Geometry = "polygons"
    url: str = ""
    retrieved: dt.date | None = None
    changed: str = ""
    of: str = ""


class Overlap(Value, frozen=True, kw_only=True):
    """How far two areas of different sets overlap, in percent (0-100) of the area of each, measured in EPSG:25832.

    Percent of residents is whole, and None where no register knows both sets, nobody lives there, or few people would be disclosed;
    `residents_status` is a word of Status (demo when the residents are made up), "" where there is no percent of residents.
    """

    area_set: str
    area_id: str
    other_set: str
    other_id: str
    percent_of_area: float
    percent_of_other: float
    percent_of_residents: int | None = None
    percent_of_other_residents: int | None = None
    residents_status: str = ""


class InputFile(Value, frozen=True, kw_only=True):
    """A file that went into an edition."""

    path: str
    kind: Literal["boundaries", "observations", "catalogue", "register", "places"]
    sha256: str
    rows: int
    title: str = ""
    producer: str = ""
    url: str = ""
    licence: str = ""
    retrieved: dt.date | None = None
    changed: str = ""


class Leftover(Value, frozen=True, kw_only=True):
    """What a join could not pair: areas without a row, or rows without an area.

    `names` holds area codes or reasons, never anything about a person. count: how many there are. It is None for the rows of a
    register, which are people: it is published that there are such rows but not how many, because their number, together with the
    published figures, could disclose something about a few people.
    """

    join: str
    area_set: str
    side: Literal["area", "row"]
    count: int | None
    names: tuple[str, ...] = ()
    indicator: str = ""
    period: str = ""


class Hidden(Value, frozen=True, kw_only=True):
    """How many cells of an indicator are hidden from an audience, by reason."""

    indicator: str
    area_set: str
    reason: Reason
    cells: int


class Manifest(Value, frozen=True, kw_only=True):
    """What an edition is made of.

    `as_of` is the newest `retrieved` among the inputs; the time of the build is not recorded, so the same inputs give the same
    edition. `files` and `inputs` hold the SHA-256 of every file that came out and went in; `program` is the version that built it.
    """

    id: str
    format: int
    program: str = ""
    as_of: dt.date
    files: dict[str, str]
    inputs: tuple[InputFile, ...]
    leftovers: tuple[Leftover, ...]
