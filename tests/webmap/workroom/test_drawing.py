"""An area that is drawn, or whose corners are written, becomes a layer of the draft; what is wrong is said and nothing typed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.errors import DraftError
from geo.files.workspace import Workspace
from tests.readers.parsed import parse
from tests.readers.signed import token
from tests.towns.drafttown import app_of, begin, data_person, draft_of, work, write
from webmap.workroom.drawing import outline

CORNERS = "12.5412 55.6921\n12,5450;55,6921\n12.5450 55.6950\n12.5412 55.6950\n"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return write(tmp_path)


@pytest.fixture
def app(place: Workspace) -> Flask:
    return app_of(place)


@pytest.fixture
def dana(app: Flask) -> FlaskClient:
    return data_person(app)


def form(dana: FlaskClient, own: str, **more: str) -> dict[str, str]:
    typed = {"slags": "square", "kode": "0199", "navn": "Tegnet", "dag": "2026-11-28", "hvem": "Dana", "omrids": CORNERS}
    return {"csrf": token(dana.get(f"/arbejdsrum/{own}/tegn")), **typed, **more}


def test_corners_with_points_and_commas_are_a_ring() -> None:
    area = outline.drawn(" 0199 ", "Tegnet  her", CORNERS + "12.5412 55.6921\n")
    assert (area.area_id, area.name, area.corners[1], len(area.corners)) == ("0199", "Tegnet her", (12.545, 55.6921), 4)
    assert area.layer().count(b"12.5412") == 3


@pytest.mark.parametrize(
    ("code", "name", "corners", "row", "what"),
    [
        ("0199", "x", "12.5 55.7\n55.7 12.5\n12.6 55.7", 2, "no corner"),
        ("0199", "x", "12.5 55.7\n<b> 1\n12.6 55.7", 2, "no corner"),
        ("0199", "x", "12.5 55.7\n12.6 55.7", None, "too few"),
        ("../x", "x", CORNERS, None, "a code with other signs"),
        ("0199", "  ", CORNERS, None, "a name is missing"),
    ],
)
def test_what_is_no_area_is_refused_with_its_line(code: str, name: str, corners: str, row: int | None, what: str) -> None:
    with pytest.raises(DraftError, match=what) as refused:
        outline.drawn(code, name, corners)
    assert refused.value.problems[0].row == row


def test_a_drawn_area_is_read_into_the_draft(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    page = dana.get(f"/arbejdsrum/{own}/tegn")
    assert parse(page.text).find(".//main//svg").get("data-oest")
    answer = dana.post(f"/arbejdsrum/{own}/tegn", data=form(dana, own))
    assert answer.status_code in {302, 303}, answer.text
    work(place, own)
    [file] = draft_of(place, own).files
    assert (file.name, file.kind, file.answers["add"]) == ("0199.geojson", "areas", "yes")
    assert file.preview is not None
    assert file.preview.kind == "areas"


def test_what_was_typed_stands_there_again(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    answer = dana.post(f"/arbejdsrum/{own}/tegn", data=form(dana, own, omrids="12.5 55.7\nher"))
    assert answer.status_code == 422
    assert "linje er ikke et hjørne" in answer.text
    assert "12.5 55.7\nher" in answer.text
    assert 'value="Tegnet"' in answer.text
    assert not draft_of(place, own).files
