"""A map of change marks what stands out of all its areas, and says how many false ones to expect."""

from __future__ import annotations

from pathlib import Path

from geo.files.workspace import Workspace
from tests.towns import maptown
from tests.towns.maptown import COMPARED_ROWS, observation
from webmap.app import create_app
from webmap.edition.compared import differences
from webmap.settings import Settings

BORDERLINE = [
    *(observation(area_id=f"010{n}", period="2010", value=50.0, low=45.0, high=55.0) for n in range(1, 5)),
    # 7.1 points would leave out zero alone (sqrt(5^2 + 5^2)); among four areas Benjamini and Hochberg ask for p <= 0.0125 of the smallest
    observation(area_id="0101", period="2011", value=57.5, low=52.5, high=62.5),
    *(observation(area_id=f"010{n}", period="2011", value=51.0, low=46.0, high=56.0) for n in range(2, 5)),
]


def test_what_stands_out_by_itself_alone_has_no_colour_and_is_said_to(tmp_path: Path) -> None:
    made = maptown.publish(tmp_path / "editions", rows=BORDERLINE)
    held = differences.changes(made, "tryg", "square", "2010", "2011")["0101"]
    assert held.span is not None
    assert held.span.low > 0
    assert (held.look, held.alone) == (differences.SAME, True)
    assert (
        differences.changed(made, "tryg", "square", "0101", ("2010", "2011")).look == differences.MORE
    )  # one area alone keeps its interval
    address = "/kort/sammenlign?a=tryg&b=tryg&pa=2010&pb=2011&inddeling=square"
    client = create_app(Settings(workspace=tmp_path)).test_client()
    page = client.get(address).text
    assert "tallet er sikkert ændret i 0 af 4 områder" in page
    assert "skiller sig ud set for sig selv, men ikke blandt alle" in page
    assert (
        "4 områder er prøvet på én gang, og 0 skiller sig ud, når der tages højde for det; af dem må man vente, at højst 0,0 er falske. "
        "Hver for sig ville 1 skille sig ud; 0,2 ville gøre det ved et tilfælde alene." in page
    )
    assert "4 areas were tested at once, and 0 stand out" in client.get(f"/en{address}").text


def test_a_clear_change_stands_out_of_all(tmp_path: Path) -> None:
    edition = maptown.publish(tmp_path, rows=COMPARED_ROWS)
    found = differences.control(differences.changes(edition, "tryg", "square", "2011", "2012").values())
    assert (found.tested, found.alone, found.told) == (2, 1, 1)  # one hidden, one whose doubt is not known


def test_a_goals_list_of_areas_says_how_many_are_judged(built: Workspace) -> None:
    """Each verdict keeps its own interval; the page says what their number means."""
    client = create_app(Settings(workspace=built.folder)).test_client()
    page = client.get("/maal/5/demo_tryg").text
    assert "Hvert område er dømt for sig. 6 områder er prøvet på én gang" in page
    assert "Each area is judged by itself. 6 areas were tested at once" in client.get("/en/maal/5/demo_tryg").text
    assert "er dømt for sig" not in client.get("/maal/5").text  # no area has a baseline: nothing is tested
