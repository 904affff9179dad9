"""The pages of lists and of the safety index, in a town of invented areas: what is told by name, what is broken, what is not known."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo.editions import edition
from geo.model.programmes import AreaRef
from geo.model.vocabulary import Audience
from tests.readers.parsed import parse
from tests.towns import listtown
from tests.towns.listtown import EARLIER, FIVE, LATER, MOVED, housing, index
from tests.towns.toytown import text
from webmap.app import create_app
from webmap.reviews.subjects import Subject, facts
from webmap.settings import Settings


def said(client: FlaskClient, path: str) -> str:
    """What stands in the main part of a page, cells and lines apart."""
    text = " ".join(" ".join(parse(client.get(path).text).find(".//main").itertext()).split())
    return text.replace(" ,", ",").replace(" :", ":").replace(" .", ".")


SEVERAL = [
    housing("2010"),
    housing("2012", (FIVE[0], FIVE[1])),
    housing("2013", (), complete=False, count=4),
    housing("2014", (FIVE[0], ("Nygården", None)), criteria="nye"),
    *index("2012", EARLIER),
    *index("2014", LATER),
    *index("2015", LATER, criteria="andre"),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    town = listtown.write(tmp_path_factory.mktemp("lists") / "town", lists=SEVERAL)
    return create_app(Settings(workspace=town.folder)).test_client()


@pytest.fixture(scope="module")
def read(client: FlaskClient) -> Callable[[str], str]:
    return partial(said, client)


def test_all_lists_stand_in_time_with_the_break_between_them(read: Callable[[str], str]) -> None:
    page = read("/boligomraader")
    assert "Fra fem til fem." in page
    assert "Ingen nye på listen til og med 2013; fra 2014 gælder andre kriterier." in page
    assert page.index("Gårde 2012") < page.index("Brud: nye kriterier.") < page.index("Gårde 2014")
    assert "4 efter kilden; ikke alle navne kendes" in page
    assert "Midtgården, Vestgården og Østgården" in page  # who left in 2012
    assert "No new ones" not in page
    assert "Cannot be decided: not all names since 2010 are known." in read("/en/boligomraader")


def test_a_list_names_who_is_on_it_and_who_has_no_outline(read: Callable[[str], str]) -> None:
    page = read("/boligomraader/gaarde-2010")
    names = [page.index(name) for name in ("Midtgården", "Nordgården", "Sydgården", "Vestgården", "Østgården")]
    assert names == sorted(names)
    assert "Midtgården hele området ikke tegnet: vi har ingen grænser for området" in page
    assert "1 navn er ikke tegnet" in page
    assert "Reglen 2010 Survey, p. 2" in page


def test_two_lists_are_held_against_each_other_by_name(read: Callable[[str], str]) -> None:
    page = read("/boligomraader/gaarde-2012")
    assert "Siden Gårde 2010 (2010): Kommet på Ingen. Gået af Midtgården Vestgården Østgården På begge Nordgården Sydgården" in page
    assert "Kommet på Kan ikke siges" in read("/boligomraader/gaarde-2013?mod=gaarde-2012")
    other = read("/boligomraader/gaarde-2014?mod=gaarde-2012")
    assert "Brud: definitionen er ændret undervejs. At et område er kommet på" in other
    assert "Kommet på Nygården Gået af Sydgården" in other
    assert "Fra denne liste til Gårde 2014 (2014)" in read("/boligomraader/gaarde-2012?mod=gaarde-2014")


@pytest.mark.parametrize(
    "path",
    [
        "/boligomraader/intet", "/boligomraader/indeks-2012-markant", "/boligomraader/gaarde-2012?mod=gaarde-2012",
        "/boligomraader/gaarde-2012?mod=indeks-2012-markant", "/tryghedsindeks/2011", "/tryghedsindeks/x", "/tryghedsindeks/2012?mod=2012",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_index_counts_the_districts_of_each_effort(read: Callable[[str], str]) -> None:
    page = read("/tryghedsindeks")
    assert "2012 6 6 12 11" in page
    assert "2014 2 4 18 11" in page
    assert "Ja · Nået: 12 områder → 6 områder" in page
    assert "Har du indekset?" not in page  # all of them are whole


def test_an_edition_tells_its_districts_by_effort_with_what_the_index_was(read: Callable[[str], str]) -> None:
    page = read("/tryghedsindeks/2012")
    assert "Alle 35 distrikter, efter den indsats de har behov for." in page
    assert "Markant indsats (6) Distrikt 01, indeks 41 Distrikt 02, indeks 42 Distrikt 03, indeks 43 Distrikt 04 Distrikt 05" in page
    assert "Hvem flyttede" not in page


def test_who_moved_is_told_by_name(read: Callable[[str], str]) -> None:
    page = read("/tryghedsindeks/2014")
    assert "Markant indsats 6 2 Intensiveret indsats 6 4 Almindelig indsats 12 18 Ingen indsats 11 11 10 distrikter flyttede" in page
    moved = page[page.index("10 distrikter flyttede") :]
    assert [name for name in MOVED if name in moved] == list(MOVED)
    assert "Distrikt 03 Markant indsats Intensiveret indsats" in moved
    assert "Distrikt 02" not in moved
    assert "Brud:" not in page


def test_other_limits_are_told_as_a_break(read: Callable[[str], str]) -> None:
    assert "Brud: definitionen er ændret undervejs. Et distrikt kan have fået en anden indsats" in read("/tryghedsindeks/2015")
    assert "Brud:" in read("/tryghedsindeks/2012?mod=2015")


def test_an_edition_of_which_a_list_is_missing_says_what_and_judges_nothing(tmp_path: Path) -> None:
    later = [listed for listed in index("2014", LATER) if listed.need != "intensiveret"]
    town = listtown.write(tmp_path / "town", lists=[housing("2010"), *index("2012", EARLIER), *later])
    client = create_app(Settings(workspace=town.folder)).test_client()
    page = said(client, "/tryghedsindeks/2014")
    assert "Kan ikke afgøres endnu Ikke alle navne kendes på listen over intensiveret indsats i 2014." in page
    assert "Intensiveret indsats Kendes ikke." in page
    assert "Hvem der flyttede, kan ikke siges" in page
    assert "Har du indekset?" in client.get("/tryghedsindeks").text


def test_lists_can_be_taken_away_as_csv_and_json(client: FlaskClient) -> None:
    csv = client.get("/api/v1/lists.csv?list=gaarde-2012").text.splitlines()
    assert [line.split(",")[8] for line in csv[1:]] == ["Nordgården", "Sydgården"]
    unknown = client.get("/api/v1/lists.csv?list=gaarde-2013").text.splitlines()
    assert unknown[1].split(",")[4:9] == ["gamle", "", "4", "no", ""]
    whole = client.get("/api/v1/lists.json?family=tryghedsindeks&published=2014").json
    assert whole is not None
    assert sum(len(listed["members"]) for listed in whole["lists"]) == 35
    assert client.get("/api/v1/lists?list=x").status_code == 400
    goals = client.get("/api/v1/goals").json
    assert goals is not None
    (judged,) = next(goal["judgements"] for goal in goals["goals"] if goal["id"] == "INDEKS")
    assert (judged["verdict"], judged["baseline"], judged["latest"]) == ("reached", 12, 6)


def test_the_review_of_an_area_tells_the_answer_from_lists(tmp_path: Path) -> None:
    town = listtown.write(
        tmp_path / "town", lists=[housing("2010"), housing("2014", (FIVE[0], ("Nygården", None))), *index("2012", EARLIER)]
    )
    public = edition.read(town.editions, edition.current(town.editions), Audience.PUBLIC)
    area = Subject("square", "0101", text("Sydgården"), text("område"), (AreaRef(area_set="square", area_id="0101"),))
    (line,) = [line for line in facts(public, area, before=None).goals if line.name.da == "Gårde"]
    assert (line.verdict.da, line.why.da, line.why.en) == ("Ikke nået", "nye på listen: Nygården", "new on the list: Nygården")


def test_readers_are_led_to_the_lists(client: FlaskClient) -> None:
    for path in ("/", "/omraader"):
        page = client.get(path).text
        assert 'href="/boligomraader"' in page
        assert 'href="/tryghedsindeks"' in page
    area = client.get("/omraade/square/0101").text
    assert 'href="/boligomraader/gaarde-2010"' in area
    assert 'href="/tryghedsindeks/2014"' in area
