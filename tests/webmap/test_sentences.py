"""No sentence is written for one state of the data: the public pages of three editions, and what must hold where a sentence stands.

The editions are the embedded city, the same without its demo data, and one of real layers in which goals have figures. Each page is read
in both languages; a sentence that the edition contradicts is a fault. What only one state could say is said nowhere else: a note of the
catalogue that tells what is missing is a field of its own, which stands while it is missing.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from flask.testing import FlaskClient

from geo import pipeline
from geo.editions import edition as editions
from geo.editions.edition import Edition
from geo.files import workspace as workspaces
from geo.files.schema import HEADER
from geo.files.workspace import Workspace
from geo.inputs import catalogue, intake
from geo.model.goals import Goal
from geo.model.vocabulary import Audience, Period, Text, Verdict
from tests.readers.parsed import parse
from tests.towns import toytown
from webmap.app import create_app
from webmap.edition.demo import invented
from webmap.language import wording
from webmap.settings import Settings

ROOT: Final = Path(__file__).parent.parent.parent
SHARED: Final = ROOT.parent / "shared" / "boundaries"
LAYERS: Final = ("bydele_2025", "tryghedsdistrikter_13_from_kvarter2023", "kommune_0101_2025")
OPEN: Final = (None, Verdict.UNDECIDED, Verdict.BREAK)
SWITCH: Final = re.compile(
    r"Vis demodata|Show demo data|Opdigtede tal er slået fra\.|Invented figures are switched off\."
    r"|\d+ kort med opdigtede tal er slået fra\."
    r"|\d+ maps of invented figures are switched off\.|Opdigtede tal kan vise, hvordan målet ville blive gjort op\."
    r"|Invented figures can show how the goal would be accounted for\.|Der findes også opdigtede tal for området, .*? se ud\."
    r"|There are invented figures for the area too, .*? look like\."
)
"""What is said where demo data are switched off: that they are, and how they are switched on."""


@dataclass(frozen=True)
class ReadPage:
    """One page as somebody reads it: its words, and what its address says that it is about."""

    edition: Edition
    language: str
    address: str
    text: str

    @property
    def goal(self) -> Goal | None:
        """The goal that the page is about."""
        number = self.address.removeprefix("/en").removeprefix("/maal/").partition("/")[0]
        known = self.edition.catalogue
        return known.goal("2006-B2") if "/arbejdsmarked" in self.address else known.goal(f"M{number}") or known.goal(number)

    def values(self, indicators: tuple[str, ...], area_set: str = "", area_id: str = "") -> int:
        """How many values the edition has of these indicators; of all, where none is named."""
        table = self.edition.observations
        rows = table["indicator"].isin(indicators) if indicators else table["indicator"] != ""
        rows &= (table["area_set"] == area_set) if area_set else True
        rows &= (table["area_id"] == area_id) if area_id else True
        return int(table.loc[rows, "value"].notna().sum())

    def answers(self, goal: Goal) -> set[Verdict | None]:
        """The verdicts on the goal from figures of sources."""
        return {each.verdict for each in self.edition.judgements if each.goal == goal.id and not each.demo and not each.area_id}


@dataclass(frozen=True)
class Claim:
    """A sentence in both languages, as a pattern, and the fact of the edition that must hold where it stands."""

    said: str
    holds: Callable[[ReadPage], bool]


def _shows_demo(page: ReadPage) -> bool:
    return invented.inside(page.edition).any


def _unmeasured(page: ReadPage) -> bool:
    return page.goal is not None and page.values(page.goal.measures or ("",)) == 0


def _areas_unmeasured(page: ReadPage) -> bool:
    return page.goal is not None and page.values(page.goal.measures or ("",), page.goal.area_set) == 0


def _pooled(page: ReadPage) -> bool:
    return page.goal is not None and page.values(page.goal.measures) > 0 and page.values(page.goal.measures, page.goal.area_set) == 0


def _nothing_here(page: ReadPage) -> bool:
    area_set, _, area_id = page.address.removeprefix("/en").removeprefix("/omraade/").partition("/")
    real = tuple(each.id for each in page.edition.catalogue.indicators if not each.demo)
    return page.values(real, area_set, area_id) == 0


def _newest(page: ReadPage) -> bool:
    day = wording.date(page.edition.manifest.as_of, page.language)
    return re.search(rf"(tal hentet senest|figures last retrieved on) (?!{re.escape(day)})", page.text) is None


def _residents(page: ReadPage) -> bool:
    return any(pair.residents_status for pair in page.edition.overlaps)


CLAIMS: Final = (
    Claim(r"(?i)demodata|demo data|opdigt|invented|\(demo\)", _shows_demo),
    Claim(r"ingen af de tal, målet kræver, findes|none of the figures that the goal asks for exist", _unmeasured),
    Claim(r"Kilderne har ingen tal for områderne|The sources have no figures for the areas", _areas_unmeasured),
    Claim(r"Tallet er ét samlet tal for områderne|The figure is one pooled figure for the areas", _pooled),
    Claim(r"Vi har ikke fundet tal for området selv|The sources have no figures for this area itself", _nothing_here),
    Claim(r"Ingen tal er skjult i denne udgave|No figures are hidden in this edition", lambda page: not page.edition.hidden),
    Claim(r"Der er ingen lister i denne udgave|There are no lists in this edition", lambda page: not page.edition.catalogue.lists),
    Claim(r"tal hentet senest|figures last retrieved on", _newest),
    Claim(r"beboerne her bor også der|residents here live there", _residents),
)


def missing(known: Edition) -> Iterator[tuple[Goal, Text, bool]]:
    """What the catalogue says is missing: the goal, the words, and whether it may be said now."""
    for goal in known.catalogue.goals:
        judged = [each for each in known.judgements if each.goal == goal.id and not each.demo]
        table, deadline = known.observations, goal.deadline or dt.date.max
        rows = table[table["indicator"].isin(goal.measures) & (table["area_set"] == goal.area_set) & table["value"].notna()]
        early = any(Period.parse(code).first <= deadline for code in rows["period"].unique())
        decided = any(each.verdict not in OPEN for each in judged if not each.area_id)
        if goal.missing:
            yield goal, goal.missing, not early and not decided
        if goal.baseline and goal.baseline.missing:
            yield goal, goal.baseline.missing, all(each.baseline is None for each in judged)


# --- the three editions -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Real layers, no demo data, and figures of two goals from before their deadline. The figures are made up, and stated as a source's."""
    if not SHARED.is_dir():
        pytest.skip("needs the real layers in ../shared/boundaries beside the project")
    made = workspaces.create(tmp_path_factory.mktemp("real") / "var", default=ROOT)
    intake.boundaries(made, [SHARED / f"{name}.geojson" for name in LAYERS], retrieved=dt.date(2026, 11, 21))
    known = catalogue.read(made.data, made.boundaries)
    goal = known.goal("M5")
    assert goal is not None
    listed = next(each for each in known.lists if each.id == goal.frozen_list)
    places = sorted({each.area_id for each in listed.members if each.area_id})
    rows = [
        {"indicator": "tryg_nabolag", "area_set": "tryghedsdistrikt", "area_id": area, "period": year, "value": value, "n": "900"}
        for area in places
        for year, value in (("2010", "60"), ("2014", "80"))
    ]
    exposed = sorted(each["area_id"] for each in _areas(made))
    rows += [
        {
            "indicator": name,
            "area_set": "udsat_boligomraade",
            "area_id": area,
            "period": code,
            "value": value,
            "numerator": f"{value}0",
            "denominator": "1000",
        }
        for name in ("brug_dag", "brug_social", "brug_fritid")
        for area in exposed
        for code, value in (("2010H2", "40"), ("2014H2", "80"))
    ]
    indicators = made.data / "indicators.toml"
    indicators.write_text(indicators.read_text(encoding="utf-8").replace("valid_from = 2017-01-01", "valid_from = 2010-01-01", 1), "utf-8")
    path = made.data / "proeve" / "2026-11-21" / "tal.csv"
    path.parent.mkdir(parents=True)
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER)
    writer.writeheader()
    writer.writerows(
        dict.fromkeys(HEADER, "") | {"status": "final", "source": "kk-tryghed-2026", "locator": "til prøven"} | row for row in rows
    )
    path.write_text(out.getvalue(), encoding="utf-8")
    toytown.write_sidecar(path, retrieved=dt.date(2026, 11, 22))
    pipeline.build(made)
    return made


def _areas(made: Workspace) -> list[dict[str, str]]:
    layer = next((made.boundaries / "udsat_boligomraade").glob("*.geojson"))
    return [each["properties"] for each in json.loads(layer.read_text(encoding="utf-8"))["features"]]


@pytest.fixture(scope="module", params=["embedded", "without demo data", "real layers"])
def shown(request: pytest.FixtureRequest) -> tuple[FlaskClient, Edition]:
    """A client of one state, and the edition as that state has it."""
    place: Workspace = request.getfixturevalue("real" if request.param == "real layers" else "built")
    read = editions.read(place.editions, editions.current(place.editions), Audience.PUBLIC)
    on = request.param == "embedded"
    client = create_app(Settings(workspace=place.folder, demo_shown=on)).test_client()
    return client, read if on else invented.without(read, invented.inside(read))


def addresses(read: Edition) -> list[str]:
    """The public pages, each once: those of the menu, of every goal and its indicators, of every map, of some areas of each kind."""
    known = read.catalogue
    goals = [f"/maal/{goal.id.removeprefix('M') if goal.id[1:].isdigit() else goal.id}" for goal in known.goals if goal.id != "2006-B2"]
    of_goals = [f"/maal/{goal.id.removeprefix('M') if goal.id[1:].isdigit() else goal.id}/{name}" for goal in known.goals
                if goal.id != "2006-B2" for name in goal.indicators]  # fmt: skip
    areas = [f"/omraade/{layer.id}/{area.area_id}" for layer in read.layers.values() if layer.role == "areas" for area in layer.areas[:3]]
    drawn = {*read.observations.loc[read.observations["value"].notna(), "indicator"]}
    maps = [f"/kort/{each.id}" for each in known.indicators if each.id in drawn]
    plain = [
        "/",
        "/barometer",
        "/kort/",
        "/omraader",
        "/helhedsplaner",
        "/hotspots",
        "/data",
        "/om",
        "/arbejdsmarked",
        "/arbejdsmarked/udskrift",
    ]
    more = ["/indsatser", "/byindeks", "/diskrimination", "/lister/boligomraader", "/lister/tryghedsindeks", "/aendret", "/maal/5/udskrift"]
    return [*plain, *more, *goals, *of_goals, *maps, *areas]


def pages(client: FlaskClient, read: Edition) -> Iterator[ReadPage]:
    for address in addresses(read):
        for language, prefix in (("da", ""), ("en", "/en")):
            answer = client.get(f"{prefix}{address}", follow_redirects=True)
            if answer.status_code == 200:
                yield ReadPage(read, language, f"{prefix}{address}", words(answer.text))


def words(page: str) -> str:
    """What stands between the tags of a page's body, without what says that demo data are switched off."""
    body = parse(page).find("body")
    assert body is not None
    return SWITCH.sub("", " ".join(" ".join(body.itertext()).split()))


# --- what is held against them ------------------------------------------------------------------------------------------


def test_no_page_says_what_its_edition_contradicts(shown: tuple[FlaskClient, Edition]) -> None:
    client, read = shown
    false, met, count = [], set(), 0
    said_missing = list(missing(read))
    for page in pages(client, read):
        count += 1
        for claim in CLAIMS:
            if match := re.search(claim.said, page.text):
                met.add(claim.said)
                if not claim.holds(page):
                    false.append(f"{page.address}: {page.text[max(match.start() - 80, 0) : match.end() + 80]}")
        for goal, text, true in said_missing:
            if text.in_(page.language) in page.text:
                met.add(goal.id)
                if not true:
                    false.append(f"{page.address}: {text.in_(page.language)}")
    assert false == []
    assert count > 100
    assert CLAIMS[7].said in met, "the pages were read"


def test_what_is_missing_is_said_where_it_is(shown: tuple[FlaskClient, Edition]) -> None:
    """And not left out: a goal's page says what is missing for as long as it is."""
    client, read = shown
    for goal, text, true in missing(read):
        page = client.get(f"/maal/{goal.id.removeprefix('M') if goal.id[1:].isdigit() else goal.id}")
        assert (text.da in words(page.text)) is true, goal.id


def test_the_real_figures_answer_what_the_embedded_cannot(real: Workspace) -> None:
    """Else the third edition would say the same as the second, and the test could not fail."""
    read = editions.read(real.editions, editions.current(real.editions), Audience.PUBLIC)
    whole = {each.goal: each.verdict for each in read.judgements if not each.area_id and each.goal in {"M4", "M5"} and not each.indicator}
    assert whole["M4"] not in OPEN
    assert [true for _, _, true in missing(read)].count(False) >= 2
    assert not read.layers["tryghedsdistrikt"].generalised


STATE: Final = re.compile(
    r"(?i)\b(demo|opdigt|invented)|(tal|figures?)\b[^.]*\b(ikke fundet|not found|findes ikke)|har målt det endnu|measured it yet"
)
"""Words that are true of one state of the data."""


def test_the_catalogues_own_notes_are_true_in_every_state() -> None:
    """Demo data and what is missing have fields of their own; a source's own words are another's."""
    known = catalogue.read(ROOT / "data", ROOT / "boundaries")
    notes = [text for each in known.indicators if not each.demo for text in (each.note, *(one.text for one in each.definitions)) if text]
    notes += [text for goal in known.goals for text in (goal.note, goal.baseline.note if goal.baseline else None) if text]
    notes += [kind.note for kind in known.area_sets if kind.note and not (kind.frozen and kind.frozen.demo)]
    assert [each for text in notes for each in (text.da, text.en) if STATE.search(each)] == []
