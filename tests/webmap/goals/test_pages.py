"""What goal pages tell of the way to a goal: required and measured, breaks, counted areas, redraws; and that rounding hides no side."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.editions import edition as store
from geo.editions.edition import Edition
from geo.files.workspace import Workspace
from geo.model.goals import Category
from geo.model.vocabulary import Audience
from tests.records.single import indicator
from tests.towns import webtown
from webmap.app import create_app
from webmap.charts import goalpath
from webmap.charts.axis import ValueAxis
from webmap.charts.goalpath import RequiredPath
from webmap.charts.svg import Mark
from webmap.edition import redraws
from webmap.edition.reader import Reader
from webmap.goals import view as goals_view
from webmap.language.quantities import Measure
from webmap.settings import Settings

SHARE = Measure(indicator(decimals=1), areas=False, language="da")
AREAS = Measure(indicator(), areas=True, language="da")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("goals") / "var"


@pytest.fixture(scope="module")
def town(folder: Path) -> Edition:
    return webtown.publish(folder / "editions")


def page(folder: Path, town: Edition, path: str) -> str:
    assert town
    return create_app(Settings(workspace=folder)).test_client().get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "asked", "heading"),
    [
        ("/arbejdsmarked", "kræver målet", "Udviklingen og målet"),
        ("/en/arbejdsmarked", "the goal asks for", "The development and the target"),
    ],
)
def test_the_required_way_is_told_in_words_drawing_and_table(folder: Path, town: Edition, path: str, asked: str, heading: str) -> None:
    words = page(folder, town, path)
    assert heading in words
    assert words.count(asked) == 2  # one sentence a reading
    assert words.count('class="krav krav') == 2
    assert 'class="brud"' in words
    assert "1 → 2" in words


def test_a_redraw_is_told_on_the_areas_page_and_a_hidden_one_says_so(folder: Path, town: Edition) -> None:
    words = page(folder, town, "/omraade/square/0102").replace("\u00a0", " ")
    assert "−2,2 procentpoint" in words or "−2,3 procentpoint" in words
    assert "−2,8 procentpoint" in words or "−2,7 procentpoint" in words
    assert "Et nødvendigt tal er skjult" in words
    assert "Omtegning" not in page(folder, town, "/omraade/square/0103")


def test_an_invented_outline_says_that_it_is(built: Workspace) -> None:
    """The embedded demo redraw stands under the demo data, with its word, and never as a real one."""
    client = create_app(Settings(workspace=built.folder)).test_client()
    words = client.get("/omraade/udsat_boligomraade/bispeparken").get_data(as_text=True)
    before, after = words.split('id="demo"')
    assert "omtegning" not in before.split("<main")[1].lower().replace("før en opdigtet omtegning (demo)", "")
    assert "Det gamle omrids er opdigtet" in after
    told = store.read(built.editions, store.current(built.editions), Audience.PUBLIC)
    assert [one.demo for one in told.redraws] == [True]
    listed = next(one for one in told.catalogue.lists if any(member.area_id == "bispeparken" for member in one.members))
    member = next(member for member in listed.members if member.area_id == "bispeparken")
    assert "tegnet om" not in redraws.certainty(Reader(told, "da"), listed, member)


def test_parts_of_are_not_resolved_and_say_so(town: Edition) -> None:
    listed = next(one for one in town.catalogue.lists if one.id == "list-2010")
    told = {member.extent: redraws.certainty(Reader(town, "da"), listed, member) for member in listed.members}
    assert "ved ikke, hvor stor en del" in told["part"]
    view = goals_view.goal_view(Reader(town, "da"), next(one for one in town.catalogue.goals if one.id == "M5"), "")
    assert all(place.certainty for place in view.places)


def test_numbers_of_areas_are_written_as_areas() -> None:
    assert (AREAS.value(3.0), AREAS.exact(2.5), AREAS.span(1.0, 4.0)) == ("3\u00a0områder", "2,5\u00a0områder", "1–4\u00a0områder")
    assert AREAS.apart((-2.0, -4.0, 1.0)) == "−2 (−4 til +1)"
    goal = webtown.goal("x", category=Category(name=webtown.text("x"), below=1.0))
    assert Measure.of(goal, indicator(), "da") == AREAS


@given(st.floats(0, 100), st.floats(0, 100))
def test_rounding_never_puts_a_target_and_a_figure_on_one_another(value: float, aim: float) -> None:
    """A target is written so finely that a figure that misses it by a hundredth does not look like it."""
    if abs(value - aim) >= 0.01 and not math.isclose(round(value, 1), aim):
        assert SHARE.exact(aim) != SHARE.value(value) or round(aim, 1) != aim


@given(st.floats(-1, 1).filter(lambda x: x != 0))
def test_a_side_is_never_lost_in_rounding(end: float) -> None:
    assert SHARE.apart((end, None, None)).startswith("−" if end < 0 else "+")


def test_a_full_count_has_no_span_to_tell() -> None:
    assert SHARE.apart((2.6, 2.6, 2.6)) == "+2,6\u00a0procentpoint"


def test_the_drawing_breaks_at_a_definition_and_keeps_the_line_apart() -> None:
    marks = [Mark(dt.date(2010 + n, 12, 31), 50.0 + n, 48.0, 55.0, "1" if n < 2 else "2") for n in range(4)]
    lines = [RequiredPath(((dt.date(2010, 12, 31), 50.0), (dt.date(2014, 12, 31), aim)), f"{aim}") for aim in (60.0, 60.1)]
    drawn = str(
        goalpath.draw(marks, lines, title="<b>", description="x", ends=("2010", "2014"), axis=ValueAxis("{:g}".format, "{:g}".format, 1.0))
    )
    assert drawn.count('class="linje"') == 2
    assert drawn.count('class="brud"') == 1
    assert "&lt;b&gt;" in drawn
    heights = [float(part.split('y="')[1].split('"')[0]) for part in drawn.split("<text ")[1:3]]
    assert abs(heights[0] - heights[1]) >= 15
