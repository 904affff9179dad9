"""Two maps beside each other: what may be said of them by hand, over HTTP, and as one does it in a browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import openpyxl
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from geo.editions.edition import Edition
from geo.files.workspace import Workspace
from tests.readers.browser import NARROW, WIDE, serving, visit
from tests.towns import maptown
from tests.towns.maptown import COMPARED_ROWS, HOSTILE, NAN, observation
from webmap.app import create_app
from webmap.charts import strip
from webmap.edition import classes
from webmap.edition.compared import differences
from webmap.edition.reader import Reader
from webmap.maps import pair
from webmap.settings import Settings

COMPARED = "/kort/sammenlign?a=tryg&b=tryg&pa=2011&pb=2012&inddeling=square"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("compare")
    maptown.publish(made / "editions", rows=COMPARED_ROWS)
    return made


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return maptown.publish(tmp_path_factory.mktemp("edition"), rows=COMPARED_ROWS)


@pytest.fixture(scope="module")
def client(folder: Path) -> FlaskClient:
    return create_app(Settings(workspace=folder)).test_client()


# --- by hand ------------------------------------------------------------------------------------------------------------


def test_only_a_change_whose_interval_leaves_out_zero_has_a_colour(edition: Edition) -> None:
    found = differences.changes(edition, "tryg", "square", "2011", "2012")
    assert {area: one.look for area, one in found.items()} == {
        "0101": differences.LESS, "0102": differences.SAME, "0103": classes.HIDDEN, "0104": differences.UNKNOWN,
    }  # fmt: skip
    fall = found["0101"].span
    assert fall is not None
    # 70 - 92, and the ends by Newcombe: sqrt(8^2 + 2^2) below, sqrt(7^2 + 1.5^2) above
    assert (fall.value, fall.low, fall.high) == pytest.approx((-22.0, -22 - (64 + 4) ** 0.5, -22 + (49 + 2.25) ** 0.5))


def test_a_hidden_figure_on_either_side_leaves_no_number(edition: Edition) -> None:
    for before, after in (("2010", "2011"), ("2011", "2012"), ("2012", "2010")):
        held = differences.changes(edition, "tryg", "square", before, after)["0103"]
        assert held == differences.Held(classes.HIDDEN)


def test_no_change_is_reckoned_across_a_break_or_from_what_was_not_measured(edition: Edition) -> None:
    found = differences.changes(edition, "tryg", "square", "2012", "2013")
    assert found["0101"] == differences.Held(differences.BROKEN)
    assert found["0102"] == differences.Held(classes.NOT_MEASURED)


def test_swapping_the_periods_swaps_the_sign_and_nothing_else(edition: Edition) -> None:
    there, back = (
        differences.changes(edition, "tryg", "square", "2011", "2012"),
        differences.changes(edition, "tryg", "square", "2012", "2011"),
    )
    turned = {differences.LESS: differences.MORE, differences.MORE: differences.LESS}
    assert {area: one.look for area, one in back.items()} == {area: turned.get(one.look, one.look) for area, one in there.items()}
    assert there["0101"].span
    assert back["0101"].span
    assert back["0101"].span.low == pytest.approx(-there["0101"].span.high)


def test_a_rate_without_a_number_of_events_has_no_known_doubt(edition: Edition) -> None:
    tryg = edition.catalogue.indicator("tryg")
    assert tryg is not None

    rate = msgspec.structs.replace(tryg, kind="rate", basis="register", per=1000)
    exact = observation(value=40.0, low=40.0, high=40.0, interval="count", numerator=NAN, denominator=NAN)
    known = observation(value=50.0, low=48.0, high=52.0, interval="poisson", numerator=500.0, denominator=NAN)
    assert differences.change(exact, known, rate).look == differences.UNKNOWN
    assert differences.change(known, exact, rate).look == differences.UNKNOWN
    assert differences.change({**known, "value": 40.0, "low": 38.0, "high": 42.0}, known, rate).look == differences.MORE


def test_every_area_has_one_look_and_the_legend_counts_them_all(edition: Edition) -> None:
    made = pair.pair(Reader(edition, "da"), pair.PairRequest("square", ("tryg", "tryg"), ("2011", "2012")))
    assert made.third is not None
    assert sum(int(key.count) for key in made.third.keys) == len(made.lines) == 4
    assert set(differences.CHANGE_LOOKS + differences.GAP_LOOKS) <= set(pair.SAID)


def test_the_spread_draws_every_figure_and_names_only_the_chosen(edition: Edition) -> None:
    tryg = edition.catalogue.indicator("tryg")
    assert tryg is not None
    drawn = strip.strip(Reader(edition, "da"), tryg, "square", "2012", chosen=("0101", "0103"))
    assert drawn.count('class="tit"') == 3  # 0103 is hidden
    assert drawn.count('class="prik"') == 1
    assert "Sydvest 70" in drawn
    assert "3 områder: 20" in drawn
    assert "1 uden et tal, der kan vises" in drawn
    assert "Nordvest" not in drawn
    assert strip.strip(Reader(edition, "en"), tryg, "kommune", "2010", chosen=("0101",)) == ""


# --- over HTTP ----------------------------------------------------------------------------------------------------------


def test_the_page_says_how_many_and_shows_the_table_without_script(client: FlaskClient) -> None:
    page = client.get(COMPARED).text
    assert "Tryg (2011) til Tryg (2012): tallet er sikkert ændret i 1 af 4 områder; for 1 er usikkerheden ikke kendt" in page
    assert page.count('type="checkbox" form="par"') == 4
    assert "tydeligt lavere" in page
    assert (
        page.count("dele udpeget 2010") + page.count("dele af området udpeget 2010") >= 2
    )  # what the dashed outline means, in both legends
    assert "<img" not in page
    assert HOSTILE not in page
    assert " style=" not in page


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    "query",
    ["", "?a=tryg", "?a=tryg&b=uden", "?a=uden&b=uden", "?a=tryg&pa=1066&pb=x", "?a=tryg&omraade=9999", "?inddeling=kommune&a=tryg"],
)
def test_what_an_address_leaves_open_or_gets_wrong_is_settled(client: FlaskClient, query: str, language: str) -> None:
    assert client.get(f"{language}/kort/sammenlign{query}").status_code == 200


@pytest.mark.parametrize("query", ["?a=nix", "?a=tryg&b=nix", "?a=tryg&inddeling=nix", "?a=tryg&inddeling=vand", f"?a={HOSTILE}"])
def test_what_there_is_not_is_said_to_be_missing(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/kort/sammenlign{query}")
    assert answer.status_code == 404
    assert HOSTILE not in answer.text


def test_two_indicators_have_no_change_map(client: FlaskClient) -> None:
    page = client.get("/kort/sammenlign?a=tryg&b=uden&inddeling=square").text
    assert "Ændring, der kan skelnes" not in page
    assert "Demodata" in page


def test_the_choice_is_what_is_downloaded(client: FlaskClient) -> None:
    answer = client.get(f"{COMPARED.replace('sammenlign', 'sammenlign.csv')}&omraade=0102&omraade=0103")
    rows = list(
        csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";" if ";" in answer.text.splitlines()[0] else ",")
    )
    assert {row["area_id"] for row in rows} == {"0102", "0103"}
    assert "=1+1" not in [value for row in rows for value in row.values()]


def books(client: FlaskClient, query: str) -> tuple[list[dict[str, str]], openpyxl.Workbook]:
    """The same choice as CSV and as a workbook."""
    rows = csv.DictReader(io.StringIO(client.get(f"/kort/sammenlign.csv{query}").text, newline=""))
    answer = client.get(f"/kort/sammenlign.xlsx{query}")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    return list(rows), openpyxl.load_workbook(io.BytesIO(answer.get_data()))


@pytest.mark.parametrize("query", ["?a=tryg&b=tryg&inddeling=square", "?a=tryg&b=uden&inddeling=square&omraade=0101&omraade=0104"])
def test_the_workbook_holds_the_rows_of_the_csv(client: FlaskClient, query: str) -> None:
    rows, book = books(client, query)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    cells = [dict(zip(heads, line, strict=True)) for line in sheet.iter_rows(min_row=2, values_only=True)]
    assert len(cells) == len(rows) > 4
    for cell, row in zip(cells, rows, strict=True):
        assert (cell["Indikator"], cell["Kode"]) == (row["indicator_name"], row["area_id"])
        assert cell["Værdi"] == (pytest.approx(float(row["value"])) if row["value"] else None)
        assert (cell["Demodata"] or "") == row["demo"]
        assert cell["Hvor tallet kommer fra"] == row["trace"]


def test_the_workbook_says_who_is_chosen_where_it_stands_and_what_is_made_up(client: FlaskClient) -> None:
    _, book = books(client, "?a=tryg&b=uden&inddeling=square&omraade=0102")
    assert book.sheetnames == ["Demodata", "Om tallene"]
    said = [(line[0].value, line[1].value) for line in book.worksheets[1].iter_rows()]
    assert [text for head, text in said if head == "Indikator"] == ["Tryg", "Uden"]
    link = dict(said)["Varigt link"]
    assert "omraade=0102" in link
    assert "udgave=" in link
    assert client.get(link).status_code == 200
    file = client.get("/kort/sammenlign.xlsx?a=tryg&b=uden&inddeling=square").headers["Content-Disposition"]
    assert "demodata_" in file
    assert books(client, "?a=tryg&inddeling=square")[1].sheetnames[0] == "Tal"


def test_no_text_of_the_workbook_is_a_formula_or_a_link(client: FlaskClient) -> None:
    _, book = books(client, "?a=tryg&b=tryg&inddeling=square")
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if cell.value == HOSTILE]
    assert not [cell for cell in cells if cell.hyperlink]


def test_there_are_files_in_the_formats_that_hold_more_than_one_map_and_no_other(client: FlaskClient) -> None:
    assert client.get("/kort/sammenlign.pdf").status_code == 404
    assert client.get("/kort/sammenlign.geojson").status_code == 404
    page = client.get(f"{COMPARED}&omraade=0101").text
    assert re.findall(r'href="(/kort/sammenlign\.[a-z]+)\?[^"]*omraade=0101[^"]*" download', page) == [
        "/kort/sammenlign.csv", "/kort/sammenlign.xlsx", "/kort/sammenlign.json",
    ]  # fmt: skip


def test_all_periods_stand_on_one_page_with_a_table(client: FlaskClient) -> None:
    page = client.get("/kort/tryg/perioder?inddeling=square").text
    assert re.findall(r"<h2>(\d{4})</h2>", page) == ["2010", "2011", "2012", "2013"]
    assert page.count('role="img" aria-label="20') == 4
    assert client.get("/kort/nix/perioder").status_code == 404


def test_where_nothing_can_be_drawn_the_page_of_periods_says_so_and_leads_on(built: Workspace) -> None:
    embedded = create_app(Settings(workspace=built.folder)).test_client()
    page = embedded.get("/kort/uden_arbejdsstyrken_ras/perioder?inddeling=kommune")
    assert page.status_code == 200
    assert "Der er ingen tal, der kan tegnes, i nogen periode." in page.text
    assert 'href="/kort/uden_arbejdsstyrken_ras?inddeling=kommune"' in page.text


# --- in a browser -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    with serving(create_app(Settings(workspace=folder))) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW, 320])
@pytest.mark.parametrize("path", [COMPARED, f"{COMPARED}&omraade=0101&omraade=0102", "/kort/tryg/perioder?inddeling=square"])
def test_the_pages_are_clean_at_every_width(browser: Browser, site: str, path: str, width: int) -> None:
    with visit(browser, site + path, width=width) as seen:
        assert seen.problems == []
        assert seen.overflow() == []
        assert seen.violations() == []


@pytest.mark.browser
def test_by_keyboard_one_walks_the_areas_and_chooses_and_goes_back(browser: Browser, site: str) -> None:
    with visit(browser, site + COMPARED) as seen:
        page = seen.page
        page.evaluate("() => { window.same = true }")
        page.locator("svg.large").first.locator("g[tabindex='0']").focus()
        page.keyboard.press("ArrowRight")
        area = page.evaluate("() => document.activeElement.dataset.omraade")
        expect(page.locator(f"svg.large g.peget[data-omraade='{area}']")).to_have_count(3)
        expect(page.locator(f"tr.peget[data-omraade='{area}']")).to_have_count(1)
        expect(page.locator("[data-laest]")).to_have_text(page.evaluate("() => document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("Enter")
        page.wait_for_url(f"**omraade={area}**")
        expect(page.locator("#udvalg-titel")).to_have_text("Valgte områder (1)")
        expect(page.locator(f"svg.large g.valgt[data-omraade='{area}'][aria-pressed=true]")).to_have_count(3)
        page.go_back()
        expect(page.locator("#udvalg-titel")).to_have_text("Valgte områder (0)")
        expect(page.locator("svg.large g.valgt")).to_have_count(0)
        assert page.evaluate("() => window.same")
        assert seen.problems == []


@pytest.mark.browser
def test_all_maps_zoom_together_and_the_address_keeps_it(browser: Browser, site: str) -> None:
    boxes = "() => [...document.querySelectorAll('svg.large')].map(one => one.getAttribute('viewBox'))"
    with visit(browser, site + COMPARED) as seen:
        whole = seen.page.evaluate(boxes)
        seen.page.get_by_role("button", name="Zoom ind på alle kort").click()
        zoomed = seen.page.evaluate(boxes)
        assert len(set(whole)) == len(set(zoomed)) == 1
        assert whole != zoomed
        address = seen.page.url
        assert "#udsnit=" in address
    with visit(browser, address) as seen:
        assert seen.page.evaluate(boxes) == zoomed
        seen.page.locator("svg.large").last.locator("g[tabindex='0']").focus()
        seen.page.keyboard.press("0")
        assert seen.page.evaluate(boxes) == whole


@pytest.mark.browser
def test_pointing_in_one_map_marks_the_area_in_all(browser: Browser, site: str) -> None:
    with visit(browser, site + COMPARED) as seen:
        seen.page.locator("svg.large").nth(1).locator("g[data-omraade='0101']").hover()
        expect(seen.page.locator("g.peget[data-omraade='0101']")).to_have_count(3)
        expect(seen.page.locator("[data-laest]")).to_contain_text("92")
        expect(seen.page.locator("[data-laest]")).to_contain_text("70")


@pytest.mark.browser
def test_without_script_the_table_chooses(browser: Browser, site: str) -> None:
    with visit(browser, site + COMPARED, script=False) as seen:
        seen.page.locator("tr[data-omraade='0102'] input").check()
        seen.page.get_by_role("button", name="Vis de valgte områder").click()
        seen.page.wait_for_url("**omraade=0102**")
        expect(seen.page.locator("#udvalg-titel")).to_have_text("Valgte områder (1)")
        expect(seen.page.locator("svg.large")).to_have_count(3)
