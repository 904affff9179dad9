"""Maps: nothing but ids and geometry passes through Folium, the same bytes each time, one look for each kind of gap, words that agree."""

import datetime as dt
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geo.editions.edition import Edition
from geo.errors import NotFoundError
from tests.towns.maptown import HOSTILE, publish
from webmap import urls
from webmap.app import create_app
from webmap.charts import trend
from webmap.charts.axis import ValueAxis
from webmap.charts.ground import minimap
from webmap.edition import classes as area_classes
from webmap.edition import marks
from webmap.edition.reader import Reader
from webmap.edition.rows import Question
from webmap.language import wording
from webmap.language.wording import by_name
from webmap.maps import scripts
from webmap.maps import view as map_view
from webmap.maps.state import state
from webmap.settings import Settings


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("town")


@pytest.fixture(scope="module")
def town(workspace: Path) -> Edition:
    return publish(workspace / "editions")


@pytest.fixture(scope="module")
def client(workspace: Path, town: Edition) -> FlaskClient:
    assert town
    return create_app(Settings(workspace=workspace)).test_client()


# --- Folium -----------------------------------------------------------------------------------------------------------


def test_the_same_edition_gives_the_same_bytes_each_time(town: Edition) -> None:
    assert scripts.layer_script(town, "square") == scripts.layer_script(town, "square")
    assert scripts.ground_script(town) == scripts.ground_script(town)


@pytest.mark.parametrize("script", ["ground", "layer"])
def test_a_script_holds_ids_and_geometry_and_no_address(town: Edition, script: str) -> None:
    text = scripts.ground_script(town).partition("window.kortsteder")[0] if script == "ground" else scripts.layer_script(town, "square")
    assert "http" not in text
    assert "Sydvest" not in text
    assert "onerror" not in text
    assert set(re.findall(r'"properties": (\{[^}]*\})', text)) <= {
        f'{{"area_id": "{area}"}}' for area in ("0101", "0102", "0103", "0104", "so", "nabo1")
    }


def test_a_script_is_one_that_a_browser_can_read(town: Edition, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node to read the script with; the browser tests load it")
    file = tmp_path / "lag.js"
    file.write_text(scripts.ground_script(town) + scripts.layer_script(town, "square"), encoding="utf-8")
    assert subprocess.run([node, "--check", file], check=False).returncode == 0


def test_water_lies_over_the_areas_and_the_city_under_them(town: Edition) -> None:
    text = scripts.ground_script(town)
    assert text.index("geo_json_kommune = ") < text.index("geo_json_vand = ")
    assert "pane_vand.style.zIndex = 450" in text
    assert "geo_json_square" not in text


def test_a_tile_server_is_named_as_text(town: Edition) -> None:
    text = scripts.ground_script(town, tiles=scripts.Tiles("https://tiles.example/{z}/{x}/{y}.png", HOSTILE))
    assert "${alert" not in text
    assert "<img" not in text
    assert "https://tiles.example/{z}/{x}/{y}.png" in text


@pytest.mark.parametrize("area_set", ["vand", "nowhere", "../etc", "square`"])
def test_only_sets_with_figures_are_drawn(town: Edition, area_set: str) -> None:
    with pytest.raises(NotFoundError):
        scripts.layer_script(town, area_set)


@given(st.text())
def test_what_passes_through_folium_is_inert(text: str) -> None:
    assert not set("`$\\<>\"'{}\n\r") & set(scripts.inert(text))


# --- looks ------------------------------------------------------------------------------------------------------------


def test_each_kind_of_gap_has_its_own_look(town: Edition) -> None:
    assert area_classes.looks(town, "tryg", "square", "2010") == {"0101": "k4", "0102": "k2 usikker", "0103": "skjult", "0104": "umaalt"}


def test_an_area_without_a_row_is_not_measured(town: Edition) -> None:
    assert set(area_classes.looks(town, "beboere", "square", "2010").values()) == {"umaalt"}


def test_a_single_area_has_no_classes(town: Edition) -> None:
    assert area_classes.looks(town, "tryg", "kommune", "2010") == {"0101": area_classes.ONE_CLASS}


@given(st.integers(2, 5))
def test_classes_look_different_and_use_the_whole_scale(classes: int) -> None:
    names = [area_classes.class_look(number, classes) for number in range(classes)]
    assert len(set(names)) == classes
    assert names == sorted(names)
    assert {names[0], names[-1]} == {"k1", "k5"}


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "da",
            "I 2010 har 2 af 4 områder et tal: 50–80 %; byen som helhed på 65 % (60–70 %). I 1 område er usikkerheden så stor, at "
            "farven kunne være en anden. 1 er skjult for at beskytte enkeltpersoner. 1 er ikke målt.",
        ),
        (
            "en",
            "In 2010 2 of 4 areas have a figure: 50–80%; the city as a whole at 65% (60–70%). In 1 area the uncertainty is so large "
            "that the colour could be another. 1 hidden to protect people. 1 not measured.",
        ),
    ],
)
def test_the_sentence_says_what_the_map_shows(town: Edition, language: str, sentence: str) -> None:
    indicator = town.catalogue.indicator("tryg")
    assert indicator is not None
    assert state(Question(Reader(town, language), indicator, "square"), "2010").sentence.replace("\u00a0", " ") == sentence


def test_class_counts_add_up_to_the_areas(town: Edition) -> None:
    seen = area_classes.looks(town, "tryg", "square", "2010")
    tally = area_classes.tally(seen, demo=0)
    assert sum(part.count for part in area_classes.ranges(town.breaks["tryg"], seen)) == tally.shown == 2
    assert (tally.hidden, tally.not_measured, tally.uncertain, tally.areas) == (1, 1, 1, 4)


def test_demo_is_said_wherever_it_is_shown(town: Edition, client: FlaskClient) -> None:
    view = map_view.view(Reader(town, "da"), "uden", "square")
    assert view.demo
    assert {row.status for row in view.state.rows} == {"Demodata"}  # type: ignore[union-attr]
    answer = client.get(f"/udgave/{town.id}/hent/uden/square.csv")
    assert "demodata" in answer.headers["Content-Disposition"]
    assert answer.text.count("Demodata") == 4
    assert "Demodata" in client.get("/kort/uden").text


def test_periods_are_words_in_both_languages() -> None:
    assert [wording.period(code, "da") for code in ("2014", "2014H1", "2014Q3", "2014-06")] == [
        "2014",
        "1. halvår 2014",
        "3. kvartal 2014",
        "juni 2014",
    ]
    assert [wording.period(code, "en") for code in ("2014H2", "2014Q3")] == ["second half of 2014", "Q3 2014"]
    school_year = "2013-08--2014-07"
    assert [wording.period(school_year, language) for language in ("da", "en")] == ["skoleåret 2013/14", "school year 2013/14"]
    assert wording.date(dt.date(2026, 11, 21), "da") == "21. november 2026"


def test_numbers_have_the_separators_of_the_language() -> None:
    assert wording.number(1234.5, decimals=1, language="da") == "1.234,5"
    assert wording.number(1234.5, decimals=1, language="en") == "1,234.5"
    assert wording.number(float("nan"), decimals=1, language="da") == "–"


def test_names_are_sorted_as_danish_sorts_them() -> None:
    assert sorted(["Østerbro", "Ærø", "Zoo", "Ådal", "amager"], key=by_name) == ["amager", "Zoo", "Ærø", "Østerbro", "Ådal"]


def test_parts_of_an_area_that_were_marked_are_said_to_be_parts(town: Edition) -> None:
    found = marks.of_map(Reader(town, "da"), "tryg", "square")
    assert found.tags == {"0102": "dele udpeget 2010"}
    assert found.label == "dele af området udpeget 2010"


def test_a_period_without_figures_is_not_passed_over_in_silence(town: Edition) -> None:
    view = map_view.view(Reader(town, "da"), "tryg", "square", "1999")
    assert view.period == "2011"
    assert "2011" in view.notice


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags_of(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(page)
    return parser.found


# --- pages and files --------------------------------------------------------------------------------------------------


def test_the_page_holds_what_the_values_file_would_put_there(town: Edition, client: FlaskClient) -> None:
    stored = client.get(f"/udgave/{town.id}/tal/tryg/square.json").get_json()["periods"]
    for code in ("2010", "2011"):
        page = client.get(f"/kort/tryg?inddeling=square&periode={code}").text
        assert stored[code]["texts"]["sentence"] in page
        for key, row in stored[code]["rows"].items():
            if key != "by":
                assert f'data-key="{key}"' in page
                assert f'data-look="{row["look"]}"' in page
            assert all(words in page for words in (row["value"], row["interval"], row["status"]))


def test_names_from_outside_are_text(town: Edition, client: FlaskClient) -> None:
    for path in ("/kort/", "/kort/tryg", "/en/kort/tryg?omraade=0104", f"/udgave/{town.id}/kort/square.js"):
        text = client.get(path).text
        assert "<img src=x" not in text, path
        assert 'href="javascript' not in text, path


def test_the_page_needs_no_inline_script_style_or_foreign_address(client: FlaskClient) -> None:
    page = client.get("/kort/tryg?omraade=0101").text
    tags = tags_of(page)
    assert not [name for name, _ in tags if name == "style"]
    assert not [(name, key) for name, given in tags for key in given if key == "style" or key.startswith("on")]
    assert all("src" in given for name, given in tags if name == "script")
    assert not re.findall(r'(?:src|action|data-\w+)="(?:https?:)?//', page)


def test_shapes_of_an_edition_may_be_kept_for_ever_and_its_figures_for_minutes(town: Edition, client: FlaskClient) -> None:
    """An edition may be withdrawn, and a cache between us and its readers hears of that only when it asks again."""
    for path in ("kort/grund.js", "kort/square.js"):
        assert "immutable" in client.get(f"/udgave/{town.id}/{path}?v={urls.program()}").headers["Cache-Control"]
    figures = f"/udgave/{town.id}/tal/tryg/square.json?v={urls.program()}"
    answer = client.get(figures)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert client.get(figures, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_download_is_kept_for_minutes_and_then_compared(town: Edition, client: FlaskClient) -> None:
    """Its bytes depend on the program too, unlike its address."""
    for path in ("hent/tryg/square.csv", "hent/tryg/square.xlsx", "hent/tryg/square.geojson?periode=2010"):
        first = client.get(f"/udgave/{town.id}/{path}")
        assert first.headers["Cache-Control"] == "public, max-age=300"
        assert client.get(f"/udgave/{town.id}/{path}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "path",
    ["/kort/nowhere", "/kort/tryg?inddeling=nowhere", "/kort/tryg?inddeling=vand", "/kort/tryg?inddeling=square&omraade=9999",
     "/static/leaflet/1.9.3/images/layers.png", "/static/leaflet/1.9.3/..%2f__init__.py"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_form_without_script_keeps_what_the_new_map_has_and_drops_the_rest(town: Edition, client: FlaskClient) -> None:
    kept = client.get("/kort/?indikator=tryg&inddeling=square&periode=2010&omraade=0102").headers["Location"]
    assert kept == f"/kort/tryg?udgave={town.id}&inddeling=square&periode=2010&omraade=0102"
    dropped = client.get("/kort/?indikator=uden&inddeling=kommune&periode=2010&omraade=0102").headers["Location"]
    assert dropped == f"/kort/uden?udgave={town.id}"
    assert client.get("/en/kort/?indikator=tryg").headers["Location"].startswith("/en/kort/tryg")


def test_downloads_carry_no_formula_and_no_note(town: Edition, client: FlaskClient) -> None:
    text = client.get(f"/udgave/{town.id}/hent/tryg/square.csv").get_data()
    assert not text.startswith(b"\xef\xbb\xbf")
    assert "onerror" not in text.decode().replace(HOSTILE.replace('"', '""'), "")  # only as the name and the title it is
    assert not re.search(r'(?m)(?:^|,)"?[=+@]', text.decode())
    shapes: Any = json.loads(client.get(f"/udgave/{town.id}/hent/tryg/square.geojson?periode=2010").text)
    values = {feature["properties"]["area_id"]: feature["properties"]["value"] for feature in shapes["features"]}
    assert values == {"0101": 80.0, "0102": 50.0, "0103": None, "0104": None}


def test_a_map_without_figures_says_so_and_where_there_are_some(client: FlaskClient) -> None:
    page = client.get("/kort/uden?inddeling=kommune").text
    assert "Der er ingen tal for denne indikator i denne inddeling" in page
    assert "/kort/uden?inddeling=square" in page
    assert "<table" not in page


# --- drawings ---------------------------------------------------------------------------------------------------------


def point(year: int, value: float, *, definition: str = "1") -> trend.TrendPoint:
    return trend.TrendPoint(dt.date(year, 1, 1), value, value - 2, value + 2, definition, str(year), f"{value} %")


def test_a_trend_breaks_where_a_value_is_missing_and_where_the_definition_changes() -> None:
    gap = trend.TrendPoint(dt.date(2012, 1, 1), float("nan"), float("nan"), float("nan"), "", "2012", "–")
    series = [
        point(2010, 10),
        point(2011, 12),
        gap,
        point(2013, 9),
        point(2014, 8),
        point(2015, 8, definition="2"),
        point(2016, 7, definition="2"),
    ]
    drawn = trend.spark(trend.Series(series), title="<b>", axis=ValueAxis("{:g}".format, "{:g}".format, 1.0))
    assert drawn.count('class="linje"') == 3
    assert drawn.count('class="brud"') == 1
    assert "&lt;b&gt;" in drawn
    assert "style=" not in drawn


def test_a_trend_without_a_value_is_not_drawn() -> None:
    nothing = trend.TrendPoint(dt.date(2012, 1, 1), float("nan"), float("nan"), float("nan"), "", "2012", "–")
    assert trend.spark(trend.Series([nothing]), title="x", axis=ValueAxis("{:g}".format, "{:g}".format, 1.0)) == ""


def test_a_mini_map_draws_every_area_and_hides_from_screen_readers_unless_named(town: Edition) -> None:
    drawn = minimap.mini_map(town, "square", marked=["0102"])
    assert drawn.count("omraade") == 4
    assert drawn.count("maerket") == 1
    assert 'aria-hidden="true"' in drawn
    assert 'aria-label="&lt;x"' in minimap.mini_map(town, "square", label="<x")
