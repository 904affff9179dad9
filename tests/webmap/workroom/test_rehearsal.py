"""The rehearsal as it is read: the toy town's changes worked out by hand, for each audience, in both languages, as a map and as JSON."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import msgspec
import pikepdf
import pytest
from flask.testing import FlaskClient

from geo.editions.comparison import Changes
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from tests.towns.drafttown import HEADER, app_of, begin, bring, data_person, draft_of, rehearsed, send, work, write
from webmap.edition.reader import Reader
from webmap.workroom.rehearsal import document
from webmap.workroom.rehearsal import pages as rehearsal_pages
from webmap.workroom.rehearsal import view as rehearsal_view

REVISED = f"{HEADER}\ntryg,square,0101,2011,60,,,100,,,final,survey,,\ntryg,square,0104,2013,90,,,100,,,final,survey,,\n"
"""South-west 2011 was 85 percent and is 60: 25 points less. North-east
has a figure of 2013 for the first time; only the square west of it was measured then."""


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return write(tmp_path)


@pytest.fixture
def dana(place: Workspace) -> FlaskClient:
    return data_person(app_of(place))


def page_of(client: FlaskClient, id: str, query: str = "", prefix: str = "") -> str:
    answer = client.get(f"{prefix}/arbejdsrum/{id}/proeve{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(answer.get_data(as_text=True)))


def rows(page: str) -> list[list[str]]:
    """The rows of the table of figures, as text."""
    table = page.split('id="tal"')[1].split("</table>", maxsplit=1)[0].split("<tbody>")[1]
    return [
        [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in table.split("</tr>")[:-1]
    ]


def test_figures_are_told_from_what_to_what_and_by_how_much(dana: FlaskClient, place: Workspace) -> None:
    own = rehearsed(dana, place, ("rettet.csv", REVISED))
    page = page_of(dana, own)
    assert "1 tal er nyt, 1 er rettet." in page
    assert rows(page) == [
        ["Sydvest", "Tryg, 2011", "85 %", "60 %", "−25,0 procentpoint", "50–69 %", "rettet"],  # Wilson of 60 of 100: 50.2-69.1
        ["Nordøst", "Tryg, 2013", "ikke målt", "90 %", "", "83–94 %", "nyt"],  # Wilson of 90 of 100: 82.6-94.5
    ]
    english = rows(page_of(dana, own, prefix="/en"))
    assert english[0] == ["Sydvest", "Tryg, 2011", "85%", "60%", "−25.0 percentage points", "50–69%", "revised"]
    assert [row[0] for row in rows(page_of(dana, own, "?hvad=new"))] == ["Nordøst"]


def test_the_map_is_as_it_is_as_it_would_be_and_only_what_changes(dana: FlaskClient, place: Workspace) -> None:
    own = rehearsed(dana, place, ("rettet.csv", REVISED))
    page = page_of(dana, own)  # a revised figure is told before a new one
    assert re.search(r'<g class="omraade c-rettet" data-omraade="0101" role="img" aria-label="Sydvest: 85 % → 60 %, rettet"', page)
    assert re.search(r'<g class="omraade tom" data-omraade="0102" role="img" aria-label="Sydøst"', page)
    assert "± rettet (1)" in page
    before, after = (page_of(dana, own, f"?kort=tryg/square/2011&visning={shown}") for shown in ("foer", "efter"))
    looks = [re.search(r'<g class="omraade ([^"]*)" data-omraade="0101"', shown)[1] for shown in (before, after)]
    assert looks[0].split()[0] != looks[1].split()[0]
    other = page_of(dana, own, "?kort=tryg/square/2013")
    assert 'aria-label="Nordøst: ikke målt → 90 %, nyt"' in other


@pytest.mark.parametrize("query", ["?kort=%3Cscript%3E", "?hvad=alt&visning=kaos", "?kort=tryg/square/1999", "?hvad=%00"])
def test_what_an_address_asks_for_in_vain_is_passed_over(dana: FlaskClient, place: Workspace, query: str) -> None:
    own = rehearsed(dana, place, ("rettet.csv", REVISED))
    assert "Tal for tal" in page_of(dana, own, query) or "hvad" in query


def test_a_stricter_rule_hides_from_the_public_what_staff_still_read(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    form = {"felt:thresholds.public.min_answers": "150", "felt:id": "open", "felt:name.da": "Åben", "felt:name.en": "Åben"}
    assert send(dana, own, "katalog/rule/open", **form).status_code == 303
    [entry] = work(place, own).entries
    assert entry.outcome is not None
    assert entry.outcome.state == "written", entry.outcome.problems
    send(dana, own, "arbejde", hvad="rehearse")
    assert work(place, own).ready
    public, staff = page_of(dana, own), page_of(dana, own, "?for=staff")
    assert "6 tal er skjult nu." in public  # the six figures of the survey that have a value, of 100 answers each
    assert "felter skjules" in public
    assert ["Sydvest", "Tryg, 2010", "80 %", "skjult for at beskytte enkeltpersoner"] in [row[:4] for row in rows(public)]
    assert "for få svar" in public
    assert "skjult nu" not in staff


def test_the_json_is_what_the_page_tells_of(dana: FlaskClient, place: Workspace) -> None:
    own = rehearsed(dana, place, ("rettet.csv", REVISED))
    made = msgspec.json.decode(dana.get(f"/arbejdsrum/{own}/proeve.json").get_data(), type=Changes)
    assert made.audience is Audience.PUBLIC
    assert {(figure.area_id, figure.kind, figure.by) for figure in made.figures} == {("0101", "revised", -25.0), ("0104", "new", None)}
    assert dana.get(f"/arbejdsrum/{begin(dana, place)}/proeve.json").status_code == 404


def test_a_rehearsal_of_something_else_cannot_be_signed(dana: FlaskClient, place: Workspace) -> None:
    own = rehearsed(dana, place, ("rettet.csv", REVISED))
    assert "Skriv under og udgiv" in page_of(dana, own)
    bring(dana, own, ("mere.csv", REVISED.replace("2013", "2014")))
    work(place, own)
    page = page_of(dana, own)
    assert "Prøv igen, før du skriver under." in page
    assert "Hvorfor udgives det?" not in page
    assert not draft_of(place, own).ready


def test_where_the_editions_are_gone_the_draft_can_still_be_looked_at(
    dana: FlaskClient, place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = rehearsed(dana, place, ("rettet.csv", REVISED))
    monkeypatch.setattr(rehearsal_pages.editions, "pair", lambda _draft, _audience: None)
    assert "Udgaverne bag prøven er ikke gemt mere." in page_of(dana, own)


@pytest.mark.parametrize(("prefix", "language", "words"), [("", "da", "rettet"), ("/en", "en", "revised")])
def test_the_paper_is_tagged_in_its_language_and_the_same_each_time(
    dana: FlaskClient, place: Workspace, prefix: str, language: str, words: str
) -> None:
    own = rehearsed(dana, place, ("rettet.csv", REVISED))
    address = f"{prefix}/arbejdsrum/{own}/proeve.pdf"
    first = dana.get(address).get_data()
    assert first == dana.get(address).get_data()
    with pikepdf.open(io.BytesIO(first)) as paper:
        assert str(paper.Root.Lang) == language
        assert paper.Root.MarkInfo.Marked
    draft, changes = draft_of(place, own), rehearsal_pages.of_audience
    assert draft.rehearsed is not None
    with app_of(place).test_request_context(f"{prefix}/"):
        compared = rehearsal_pages.editions.pair(draft, Audience.PUBLIC)
        assert compared is not None
        view = rehearsal_view.view(changes(own, Audience.PUBLIC), compared, Reader(compared.new, language), {})
        made = document.document(draft, view, Audience.PUBLIC, language)
    [table] = [block for block in made.blocks if block.kind == "table"]
    assert [row[0] for row in table.rows[1:]] == ["Sydvest", "Nordøst"]
    assert table.rows[1][-1] == words
    assert dana.get(f"{address}?for=ssp").status_code == 403


def test_what_people_named_is_text_on_paper(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place, title='#import "x": * \U0001f600 $1$')
    bring(dana, own, ("#eval.csv", REVISED))
    work(place, own)
    send(dana, own, "arbejde", hvad="rehearse")
    assert work(place, own).ready
    assert dana.get(f"/arbejdsrum/{own}/proeve.pdf").get_data().startswith(b"%PDF")
