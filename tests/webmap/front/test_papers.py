"""What the start page says first is what the policy's own papers say: read from the page, and held against the facts taken from them."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from geo.editions import edition
from geo.editions.edition import Edition
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from tests.readers.parsed import links, parse
from tests.readers.parsed import words as text_of
from webmap.app import create_app
from webmap.settings import Settings

FACTS = Path(__file__).parent.parent.parent / "facts" / "goals.csv"
"""What the five policy papers say of each goal: target, baseline, latest figure; "" where they say nothing."""
POLICY = ("kk-000", "kk-001", "kk-002", "kk-003", "kk-004")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
NO_FIGURES = (
    "uden tal",
    "ingen tal",
    "ikke, hvor",
    "ingen placering",
    "uden udgangspunkt",
    "without figures",
    "no figures",
    "no place",
    "does not say",
)


def facts() -> dict[str, list[dict[str, str]]]:
    """The facts by goal; the two readings of one goal together."""
    found: dict[str, list[dict[str, str]]] = {}
    with FACTS.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["goal_id"].removesuffix("a").removesuffix("b") if "-B2" in row["goal_id"] else row["goal_id"], []).append(
                row
            )
    return found


def said_numbers(words: str) -> set[float]:
    """The numbers of a sentence, but for years and days."""
    bare = re.sub(r"\d+\. (januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)|20\d\d", "", words)
    return {float(number.replace(",", ".")) for number in NUMBER.findall(bare)}


def known_numbers(rows: list[dict[str, str]]) -> set[float]:
    told = " ".join(row[name] for row in rows for name in ("target", "baseline", "latest"))
    return {float(number) for number in NUMBER.findall(told)}


@pytest.fixture(scope="module")
def public(built: Workspace) -> Edition:
    return edition.read(built.editions, edition.current(built.editions), Audience.PUBLIC)


@pytest.fixture(scope="module")
def client(built: Workspace) -> FlaskClient:
    return create_app(Settings(workspace=built.folder)).test_client()


@pytest.fixture(scope="module")
def main(client: FlaskClient) -> Element:
    found = parse(client.get("/").text).find(".//main")
    assert found is not None
    return found


def entries(main: Element) -> dict[str, Element]:
    """The cards and rows of the start page by the address they lead to."""
    found = [one for one in main.iter("li") if "card" in one.get("class", "")] + [
        one for one in main.iter("tr") if one.find("td") is not None
    ]
    return {next(address for address in links(one) if "/data" not in address): one for one in found}


def address(goal: str) -> str:
    return "/arbejdsmarked" if goal == "2006-B2" else f"/maal/{goal[1:] if goal[1:].isdigit() else goal}"


def papers_of(entry: Element) -> str:
    """What an entry says that the papers say, without the place where they say it."""
    said = next(one for one in entry.iter() if one.get("class") == "papers")
    return " ".join(filter(None, [said.text, *(f"{one.text} {one.tail}" if one.tag == "b" else one.tail for one in said)])).strip()


def in_words(entry: Element) -> str:
    """The words of an entry, without its drawing, which shows what came later too."""
    return " ".join(text_of(one) for one in entry.iter() if one.get("class") == "word")


def test_every_goal_of_the_facts_is_on_the_page_and_answered_by_its_papers(main: Element, public: Edition) -> None:
    on_page = entries(main)
    for goal, rows in facts().items():
        words = papers_of(on_page[address(goal)])
        assert said_numbers(words) <= known_numbers(rows), f"{goal}: {words}"
        latest = {float(number) for row in rows for number in NUMBER.findall(row["latest"])}
        assert latest <= said_numbers(words), f"{goal}: the papers' latest figure is not said"
        if not latest:
            first = {float(number) for row in rows for number in NUMBER.findall(row["baseline"])}
            assert first <= said_numbers(words)
            assert first or goal == "M3" or any(part in words for part in NO_FIGURES), f"{goal}: {words}"
        found = public.catalogue.goal(goal)
        assert found is not None
        assert found.reported is not None
        assert found.reported.cite.source in POLICY
        assert public.catalogue.source(found.reported.cite.source) is not None
        assert found.reported.cite.locator


def test_the_papers_stand_before_what_we_have_worked_out(main: Element) -> None:
    for entry in entries(main).values():
        classes = [one.get("class", "") for one in entry.iter()]
        worked_out = [number for number, name in enumerate(classes) if name in {"verdict", "sum", "small"}]
        assert not worked_out or classes.index("papers") < worked_out[0]


def test_no_figure_from_elsewhere_stands_as_the_answer_to_a_policy_goal(main: Element) -> None:
    """Ten areas on the list of 2010 is another source's figure by another definition, and no answer to a goal of 2006."""
    on_page = entries(main)
    for goal, rows in facts().items():
        for one in on_page[address(goal)].iter():
            if one.get("class") == "sum":
                assert said_numbers(text_of(one).split(",  ")[0].split("(")[0]) <= known_numbers(rows), goal
    listed = in_words(on_page["/maal/2006-B1"])
    assert "Fra 5 til 2 udsatte boligområder i marts 2008" in listed
    assert re.search(r"\b10\b", listed) is None  # the year 2010 is no figure


def test_the_programmes_are_headed_by_their_papers_too(main: Element, public: Edition) -> None:
    on_page = entries(main)
    plans, hotspots = (papers_of(on_page[path]) for path in ("/helhedsplaner", "/hotspots"))
    assert "endnu vanskeligt at vurdere effekterne" in plans
    assert "mangler" not in in_words(on_page["/helhedsplaner"])  # that an evaluation is lacking is said by no paper
    assert "Iværksat 2. februar 2009 med 4 temaer" in hotspots
    assert "32" not in in_words(on_page["/hotspots"])  # our own sum
    for one in (public.catalogue.plans.reported, public.catalogue.hotspots.reported):
        assert one is not None
        assert one.cite.source in POLICY


def test_in_english_too(client: FlaskClient) -> None:
    page = client.get("/en/").text
    assert page.count('class="papers"') == len(facts()) + 3  # the goals, Sikker By's, and the two programmes
    assert "From 5 to 2 exposed housing areas in March 2008" in page


def test_before_the_deadline_nothing_is_answered_with_yes_or_no(client: FlaskClient, public: Edition) -> None:
    """59.9 percent in August 2008, and nobody says how sure that is: whether it is on its way to 64 at the end of 2010 cannot be told."""
    found = [one for one in public.judgements if one.goal == "2006-H"]
    assert {one.verdict for one in found} == {"undecided"}
    for language, answer in (("", "Ja"), ("/en", "Yes")):
        main = parse(client.get(f"{language}/maal/2006-H").text).find(".//main")
        assert main is not None
        verdicts = [text_of(one) for one in main.iter("span") if one.get("class") == "verdict"]
        assert verdicts
        assert not any(one.startswith(answer) or answer in one.split() for one in verdicts)
