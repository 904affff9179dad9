"""The map town with all that pages tell of: goals in every state, a frozen list, plans, hotspots, overlaps, leftovers; hostile words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pandas as pd

from geo.disclosure.protect import Protected
from geo.editions import edition
from geo.editions.contents import AudiencePart, Contents
from geo.editions.edition import Edition
from geo.model.catalogue import Catalogue, Contradiction
from geo.model.efforts.actions import ActionPlan, PlanSection
from geo.model.efforts.effort import Effort, EffortStatus, Facility, Location, Outcome
from geo.model.efforts.money import EconomyRow, EconomyTable
from geo.model.efforts.signed import ApprovedForm, NextStep, SignedReview
from geo.model.goals import Baseline, Goal, Target
from geo.model.programmes import (
    AreaRef,
    Cofinancing,
    Evaluation,
    HotspotArea,
    HotspotProgramme,
    Informed,
    Plan,
    PlanProgramme,
    ProgrammeFigure,
    Theme,
)
from geo.model.reported.cityindex import CityScore, IndexDimension
from geo.model.reported.discrimination import GROUNDS, PLACES, ShownCases
from geo.model.results import OBSERVATION_COLUMNS, Hidden, InputFile, Judgement, Leftover, Overlap, Redraw, Step
from geo.model.rules import Rule, Threshold
from geo.model.sources import Cite
from geo.model.vocabulary import Audience, Reason, Text, Verdict
from tests.towns import maptown
from tests.towns.maptown import BREAKS, HOSTILE, ROWS

CITE = Cite(source="survey", locator=HOSTILE)
UP = Target(id="up", name=Text(da="Skal stige", en="Must rise"), unit="direction")


def text(da: str, en: str = "") -> Text:
    return Text(da=da, en=en or f"{da} (en)")


def goal(name: str, **changes: object) -> Goal:
    plain = {
        "id": name, "policy": "2011-2014", "name": text(f"Mål {name}"), "question": text(f"Er {name} nået?"), "wording": HOSTILE,
        "direction": "up", "deadline": dt.date(2014, 12, 31), "targets": (UP,), "cite": CITE, "area_set": "square",
    }  # fmt: skip
    return Goal(**(plain | changes))  # type: ignore[arg-type]


READINGS = (
    Target(id="pct", name=text("Læst som 10 procent", "Read as 10 percent"), unit="percent", value=-10.0),
    Target(id="pp", name=text("Læst som 10 procentpoint", "Read as 10 percentage points"), unit="percentage_points", value=-10.0),
)
GOALS = (
    goal("M4", demo_indicators=("uden",), deliverer=text(HOSTILE)),
    goal("M5", indicator="tryg", frozen_list="list-2010", baseline=Baseline(note=text("ikke fundet"))),
    goal("M1"),
    goal("M7", indicator="tryg", area_set="kommune", area_ids=("0101",)),
    goal("2006-B2", policy="2006-2010", indicator="tryg", targets=READINGS, direction="down", deadline=dt.date(2011, 12, 31)),
)
JUDGEMENTS = (
    Judgement(goal="M4", target="up", indicator="uden", area_set="square", demo=True, verdict=Verdict.REACHED, latest=40.0),
    Judgement(goal="M5", target="up", indicator="tryg", area_set="square", verdict=Verdict.UNDECIDED, reason=Reason.NO_BASELINE),
    Judgement(goal="M5", target="up", indicator="tryg", area_set="square", area_id="0102", verdict=Verdict.UNDECIDED, reason=Reason.HIDDEN),
    Judgement(
        goal="M7", target="up", indicator="tryg", area_set="kommune", verdict=Verdict.UNDECIDED, reason=Reason.COVERS_NO_CHANGE,
        baseline=65.0, latest=66.0, latest_period="2011", low=61.0, high=71.0, interval="wilson", change=1.0,
    ),
    Judgement(goal="M1", target="up", reason=Reason.NO_INDICATOR),
    *(
        Judgement(
            goal="2006-B2", target=target, indicator="tryg", area_set="square", verdict=verdict, baseline=49.5, latest=42.1,
            latest_period="2011", low=40.0, high=44.0, interval="wilson", change=-7.4, change_low=-9.0, change_high=-5.8, target_value=aim,
            required=aim, gap=42.1 - aim, gap_low=40.0 - aim, gap_high=44.0 - aim, bridges=("1 → 2",),
            course=(
                Step(period="2009", value=49.5, low=47.0, high=52.0, definition="1", required=49.5),
                Step(period="2010", value=45.0, definition="1", required=(49.5 + aim) / 2),
                Step(period="2011", value=42.1, low=40.0, high=44.0, definition="2"),
            ),
        )
        for target, verdict, aim in (("pct", Verdict.REACHED, 44.55), ("pp", Verdict.NOT_REACHED, 39.5))
    ),
)  # fmt: skip


INSIDE = {Audience.STAFF: 73.0, Audience.SSP: 34.0}
"""What the inner circles read where the public reads that a figure is hidden: a number that stands nowhere else."""


REDRAWS = (
    Redraw(
        indicator="tryg", area_set="square", area_id="0102", frozen_set="square", before="2010", after="2011", old_before=25.0,
        old_after=22.5, new_before=22.0, new_after=20.0, change=-5.0, residents=-2.25, line=-2.75,
    ),
    Redraw(indicator="uden", area_set="square", area_id="0102", frozen_set="square", before="2010", after="2011", reason=Reason.HIDDEN),
)  # fmt: skip


PLACE = AreaRef(area_set="square", area_id="0102")
WORDS = dict.fromkeys(("title", "economy", "origin", "target_group", "activities", "aim", "contribution", "follow_up"), HOSTILE)
SAID = EffortStatus(period="2009H1", text=HOSTILE, by=HOSTILE, cite=CITE)
EFFORTS = (
    Effort(
        id="hjaelp", no="2.1", name=text(HOSTILE), committee="SUD", owner=HOSTILE, statuses=(SAID,), goals=("M4", "M5"), areas=(PLACE,),
        financed={"2009": 2.5}, cofinanced={"2010": 0.25}, cite=CITE, note=text(HOSTILE), **WORDS,
    ),
    Effort(id="tom", name=text("Tom indsats"), kind="action", unfinanced={"2011": 1.0}),
    Effort(
        id="projekt", name=text("Et projekt"), kind="project", applicant=HOSTILE, areas=(PLACE,), valid_from="2008", valid_to="2009",
        outcome=Outcome(decision="ended", decided=dt.date(2010, 1, 31), reason=HOSTILE),
    ),
    Effort(id="venter", name=text("Et projekt til"), kind="project", areas=(PLACE,), valid_from="2008", valid_to="2009"),
)  # fmt: skip
MONEY = EconomyTable(
    id="penge", name=text(HOSTILE), years=("2009", "2010"), grand="ALT", cite=CITE, note=text(HOSTILE),
    rows=(
        EconomyRow(no="2.1", name=text(HOSTILE), within="ALT", effort="hjaelp", amounts={"2009": 6.9}, total=6.9, note=text(HOSTILE)),
        EconomyRow(no="2.2", name=text("Anden"), within="ALT", amounts={"2009": 1.0, "2010": 2.0}, total=3.0),
        EconomyRow(no="ALT", name=text("I alt"), amounts={"2009": 9.9, "2010": 2.0}, total=9.9),
    ),
)  # fmt: skip
ACTIONS = ActionPlan(
    id="plan", committee="SUD", version=HOSTILE, name=text(HOSTILE), aim=HOSTILE, decided=dt.date(2010, 5, 5), decision=HOSTILE,
    sections=(PlanSection(name=text("Ligebehandling"), text=HOSTILE, cite=CITE),), efforts=("tom",), cite=CITE, note=text(HOSTILE),
)  # fmt: skip
DIMENSIONS = (
    IndexDimension(id="velkomst", name=text(HOSTILE), text=text(HOSTILE), low=0.0, high=100.0, cite=CITE, note=text(HOSTILE)),
    IndexDimension(id="uden", name=text("Uden skala"), cite=CITE),
)
SCORES = (
    CityScore(id="k11", city="København", year=2011, values={"velkomst": 60.5}, cite=CITE),
    CityScore(id="k12", city="København", year=2012, values={"velkomst": 58.0}, cite=CITE, note=text(HOSTILE)),
    CityScore(id="x12", city=HOSTILE, year=2012, values={"velkomst": 71.0}, cite=CITE),
)
CASES = (
    ShownCases(
        id="web-09",
        measure="website",
        year=2009,
        total=40,
        grounds=dict.fromkeys(GROUNDS) | {"religion": 25},
        places=dict.fromkeys(PLACES, 0) | {"work": 40},
        cite=CITE,
        note=text(HOSTILE),
    ),
    ShownCases(id="b-09", measure="ombudsman", year=2009, cite=CITE, note=text(HOSTILE)),
)
REVIEW = SignedReview(
    id="2010H1.helhedsplan.p", period="2010H1", subject_set="helhedsplan", subject_id="p", name=text(HOSTILE), assessment=HOSTILE,
    decision=HOSTILE, owner=HOSTILE, due=HOSTILE, steps=(NextStep(text=HOSTILE, owner=HOSTILE, due="2010-12-31", status=text("I gang")),),
    departments=("Socialforvaltningen",), signed=dt.date(2010, 6, 30), digest="ab" * 32,
)  # fmt: skip
FORM = ApprovedForm(
    id="2010H1.tom", period="2010H1", effort="tom", department="Socialforvaltningen", title=HOSTILE, aim="Flere i job",
    status="Fire nye <i>forløb</i>", approved=dt.date(2010, 7, 3), digest="cd" * 32,
)  # fmt: skip
OFFER = Facility(id="hus", name=HOSTILE, kind="leisure", point=Location(lon=12.55, lat=55.69), address=HOSTILE, cite=CITE)


def catalogue() -> Catalogue:
    """The map town's catalogue with the goals above and a plan, a hotspot and a contradiction in hostile words."""
    figure = ProgrammeFigure(name=text("Planer"), value=3.5, unit=text("mio. kr."), cite=CITE, note=text(HOSTILE))
    where = AreaRef(area_set="square", area_id="0102")
    plan = Plan(
        id="p", name=HOSTILE, valid_from="2010", valid_to="2011", areas=(where,), figures=(figure,), cite=CITE, note=text(HOSTILE),
        partner=HOSTILE, grant=5_000_000.0, approved=dt.date(2010, 1, 1), started=dt.date(2010, 3, 2),
        cofinancing=Cofinancing(promised_kr=1_000_000.0, delivered_kr=250_000.0, promised_hours=900.0),
        evaluations=(Evaluation(period="2010H2", name=text("Første"), result=text(HOSTILE), cite=CITE),),
    )  # fmt: skip
    waiting = Evaluation(period="2009H1", name=text("Anden"), result=text("Planlagt."), cite=CITE)
    hot = HotspotArea(area=where, valid_from="2009-02-02", residents=1300, cite=CITE, note=text(HOSTILE))
    return msgspec.structs.replace(
        maptown.catalogue(),
        goals=GOALS,
        rules=(Rule(id="open", name=text("Åben"), thresholds={Audience.PUBLIC: Threshold(min_answers=50)}),),
        plans=PlanProgramme(figures=(figure,), evaluations=(waiting,), plans=(plan,), note=text(HOSTILE)),
        hotspots=HotspotProgramme(
            areas=(hot,), themes=(Theme(no=1, name=text("Tryghed"), initiatives=6, cite=CITE),), staff=(figure,),
            informed=(Informed(who=text("Rådet"), rhythm=text("årligt"), what=text(HOSTILE), cite=CITE),), figures=(figure,),
            note=text("note"),
        ),
        efforts=EFFORTS, economy=(MONEY,), action_plans=(ACTIONS,), facilities=(OFFER,), dimensions=DIMENSIONS,
        city_scores=SCORES, shown_cases=CASES, reviews=(REVIEW,), status_forms=(FORM,),
        contradictions=(Contradiction(id="1", what=text(HOSTILE), detail=text(HOSTILE), treatment=text("vises"), cites=(CITE,)),),
    )  # fmt: skip


def uncovered(table: pd.DataFrame, value: float) -> pd.DataFrame:
    """The town's figures as an inner circle reads them: the hidden one is there."""
    seen = {"value": value, "low": value - 5, "high": value + 5, "status": "final", "reason": "", "interval": "wilson"}
    return table.assign(**{name: table[name].mask(table["status"] == "suppressed", found) for name, found in seen.items()})


def publish(editions: Path, *, as_of: dt.date = maptown.DAY, known: Catalogue | None = None) -> Edition:
    """Write the town's edition and make it the current one. Another day of retrieval, or another catalogue, makes another edition."""
    table = pd.DataFrame(ROWS, columns=list(OBSERVATION_COLUMNS)).sort_values(["indicator", "area_set", "area_id", "period"])
    hidden = (Hidden(indicator="tryg", area_set="square", reason=Reason.FEW_ANSWERS, cells=1),)
    parts = [AudiencePart(Protected(Audience.PUBLIC, table, hidden), JUDGEMENTS, {"tryg": BREAKS}, REDRAWS)]
    parts += [
        AudiencePart(Protected(audience, uncovered(table, value), ()), JUDGEMENTS, {"tryg": BREAKS}) for audience, value in INSIDE.items()
    ]
    contents = Contents(
        catalogue=known or catalogue(),
        layers=maptown.town_layers(),
        overlaps=(
            Overlap(area_set="square", area_id="0102", other_set="kommune", other_id="0101", percent_of_area=100.0, percent_of_other=25.0),
            Overlap(area_set="kommune", area_id="0101", other_set="square", other_id="0102", percent_of_area=25.0, percent_of_other=100.0),
        ),
        parts=parts,
        inputs=[InputFile(path=HOSTILE, kind="observations", sha256="0", rows=len(ROWS), title=HOSTILE, retrieved=as_of)],
        leftovers=(Leftover(join="by code", area_set="square", side="row", count=1, names=(HOSTILE,), indicator="tryg", period="2010"),),
    )
    return edition.read(editions, edition.publish(editions, contents).id, Audience.PUBLIC)
