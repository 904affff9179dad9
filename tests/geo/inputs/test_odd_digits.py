"""Digits of other scripts, and numbers of hundreds of digits: told in words wherever a number is read, and never a traceback."""

from __future__ import annotations

import pytest

from geo.errors import GeoError, InputError
from geo.files.schema import NUMBERS
from geo.inputs import catalogue, intake
from tests.geo.inputs.conftest import town
from tests.records.imports import changed, csv_refused, place
from tests.towns import toytown

__all__ = ["town"]  # the fixture of those tests


DIGITS = ("\u0668\u0668", "\uff18\uff18", "8\u00b2", "\u0968\u0969", "1_000", "0x10", "1e3", "infinity", "+5")


@pytest.mark.parametrize("text", DIGITS)
@pytest.mark.parametrize("column", NUMBERS)
def test_digits_of_other_scripts_are_no_number(town: toytown.Workspace, column: str, text: str) -> None:
    problem = csv_refused(town, changed(column, text))
    assert (*place(problem), problem.what) == ("figures.csv", 3, column, "not a number")


@pytest.mark.parametrize("text", ["9" * 400, "-" + "9" * 400, "0." + "1" * 400, "9" * 5000])
@pytest.mark.parametrize("column", NUMBERS)
def test_numbers_of_hundreds_of_digits_are_told(town: toytown.Workspace, column: str, text: str) -> None:
    problem = csv_refused(town, changed(column, text))
    assert (*place(problem), problem.what) == ("figures.csv", 3, column, "a number with too many digits")
    assert len(str(problem)) < 300


def test_periods_in_digits_of_other_scripts_are_told(town: toytown.Workspace) -> None:
    problem = csv_refused(town, changed("period", "\uff12\uff10\uff12\uff17"))
    assert (*place(problem), problem.what) == ("figures.csv", 3, "period", "a period that cannot be read")


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5000, "1e400"])
def test_a_number_of_hundreds_of_digits_in_the_catalogue_is_told(town: toytown.Workspace, number: str) -> None:
    path = town.data / "indicators.toml"
    path.write_text(path.read_text("utf-8").replace('theme = "t"', f'theme = "t"\norder = {number}', 1), "utf-8")
    with pytest.raises(GeoError, match=r"indicators\.toml") as caught:
        catalogue.read(town.data, town.boundaries)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("number", ["9" * 400, "9" * 5000])
def test_a_coordinate_of_hundreds_of_digits_is_told(town: toytown.Workspace, number: str) -> None:
    path = town.folder.parent / "layer.geojson"
    ring = f"[[{number},1],[1,2],[2,2],[{number},1]]"
    feature = f'{{"type":"Feature","properties":{{"kode":"a","navn":"A"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'
    path.write_text(f'{{"type":"FeatureCollection","features":[{feature}]}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"layer\.geojson"):
        intake.boundaries(town, [path])
