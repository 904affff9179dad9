"""The web town in three editions: a corrected figure and a new period, then a hidden figure, a lost one, a plan more, a list gone."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pandas as pd

from geo.disclosure.protect import Protected
from geo.editions import edition
from geo.editions.contents import AudiencePart, Contents
from geo.editions.edition import Edition
from geo.model.catalogue import Catalogue
from geo.model.results import OBSERVATION_COLUMNS, InputFile, Judgement
from geo.model.vocabulary import Audience, Reason, Verdict
from tests.towns import maptown, webtown
from tests.towns.maptown import BREAKS, ROWS, absent, observation

DAYS = (dt.date(2020, 1, 1), dt.date(2020, 7, 1), dt.date(2021, 1, 1))
"""The day of the newest input of each edition."""
PLAN = "Ny & <b>god</b>"
HIDDEN_NOW = {Audience.PUBLIC: (48.0, 55.0), Audience.STAFF: (), Audience.SSP: (48.0, 55.0)}
"""What the first two editions tell of 0102 in 2011, by the audience that is not shown it in the third."""

Key = tuple[str, str, str, str]


def changed(rows: Sequence[dict[str, object]], changes: Mapping[Key, dict[str, object]]) -> list[dict[str, object]]:
    """Rows with some of them replaced; those of keys that none has come after them."""
    made = {(row["indicator"], row["area_set"], row["area_id"], row["period"]): row for row in rows}
    return [*(made | changes).values()]


FIRST = list(ROWS)
SECOND = changed(
    FIRST,
    {
        ("tryg", "square", "0102", "2011"): observation(area_id="0102", period="2011", value=55.0, low=52.0, high=58.0),
        ("tryg", "square", "0101", "2012H1"): observation(area_id="0101", period="2012H1", value=81.0),
        ("tryg", "square", "0104", "2012H1"): observation(area_id="0104", period="2012H1", value=62.0, low=55.0, high=69.0),
    },
)
THIRD = changed(
    SECOND,
    {
        ("tryg", "square", "0102", "2011"): absent(area_id="0102", period="2011", status="suppressed", reason="few_answers"),
        ("tryg", "square", "0104", "2011"): absent(area_id="0104", period="2011", status="missing", reason="no_row"),
        ("uden", "square", "0101", "2010"): observation(
            indicator="uden", area_id="0101", value=12.0, low=float("nan"), high=float("nan"), interval="none", status="demo"
        ),
    },
)


def judged(whole: Verdict, area: Verdict, *, why: Reason | None = None, area_why: Reason | None = None) -> tuple[Judgement, ...]:
    """The answers to M5: for all areas together, and for 0102, which rests on its figure of 2011."""
    about = {"goal": "M5", "target": "up", "indicator": "tryg", "area_set": "square"}
    return (
        Judgement(**about, verdict=whole, reason=why, latest=70.0, latest_period="2010"),
        Judgement(**about, area_id="0102", verdict=area, reason=area_why, latest=55.0, latest_period="2011"),
    )


JUDGED = (
    judged(Verdict.UNDECIDED, Verdict.UNDECIDED, why=Reason.NO_BASELINE, area_why=Reason.COVERS_NO_CHANGE),
    judged(Verdict.REACHED, Verdict.NOT_REACHED),
    judged(Verdict.REACHED, Verdict.UNDECIDED, area_why=Reason.HIDDEN),
)


def catalogue(number: int) -> Catalogue:
    """The catalogue of an edition: the third has a plan more, a hotspot that ended, no list, and a later deadline of M5."""
    known = webtown.catalogue()
    if number < 2:
        return known
    plan = msgspec.structs.replace(known.plans.plans[0], id="ny", name=PLAN)
    ended = msgspec.structs.replace(known.hotspots.areas[0], valid_to="2012-01-01")
    goals = tuple(
        msgspec.structs.replace(goal, deadline=dt.date(2016, 12, 31), frozen_list=None, area_ids=("0102",)) if goal.id == "M5" else goal
        for goal in known.goals
    )
    return msgspec.structs.replace(
        known,
        plans=msgspec.structs.replace(known.plans, plans=(*known.plans.plans, plan)),
        hotspots=msgspec.structs.replace(known.hotspots, areas=(ended,)),
        lists=(),
        goals=goals,
    )


def publish(editions: Path, number: int, *, rows: Sequence[dict[str, object]] | None = None, as_of: dt.date | None = None) -> Edition:
    """Write the edition of that number, from 0, make it the current one, and read it as the public does.

    The staff read the hidden figures of the third. rows: other ones than the edition's; as_of: another day.
    """
    table = _table((FIRST, SECOND, THIRD)[number] if rows is None else rows)
    inside = _table(changed(THIRD, {("tryg", "square", "0102", "2011"): SECOND[6]})) if number == 2 else table
    tables = {Audience.PUBLIC: table, Audience.STAFF: inside, Audience.SSP: table}
    contents = Contents(
        catalogue=catalogue(number),
        layers=maptown.town_layers(),
        overlaps=(),
        parts=[AudiencePart(Protected(who, of, ()), JUDGED[number], {"tryg": BREAKS}) for who, of in tables.items()],
        inputs=[InputFile(path="x.csv", kind="observations", sha256="0", rows=len(table), retrieved=as_of or DAYS[number])],
        leftovers=(),
    )
    made = edition.publish(editions, contents)
    written = dt.datetime.combine(made.as_of, dt.time(), dt.UTC).timestamp()
    os.utime(editions / made.id / "manifest.json", (written, written))
    return edition.read(editions, made.id, Audience.PUBLIC)


def publish_all(editions: Path) -> tuple[Edition, Edition, Edition]:
    """Write all three; the third is current."""
    first, second, third = (publish(editions, number) for number in range(3))
    return first, second, third


def _table(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS)).sort_values(["indicator", "area_set", "area_id", "period"])
