"""Cubes add up in any order; places are combinations of areas; profiles are what a question tells apart."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.model.indicators import RegisterMeasure
from geo.registers import coding, cube
from geo.registers.cube import Cube, CubeLine, CubeQuestion, Kinds
from geo.registers.locations import Places
from geo.spatial import cells
from tests.towns.registertown import CODES, FIND, QUESTION, SOUTH, SQUARES, WEST, same

SIDES = st.dictionaries(st.sampled_from(["2010", "2011", ""]), st.lists(st.integers(0, 99), min_size=4, max_size=4), max_size=3)


ROWS = Kinds((CubeLine("rows"),), np.array([[1]]), np.array([0]))


def made(sides: dict[str, list[int]]) -> Cube:
    return Cube(ROWS, {period: {cube.ALL: np.array(rows).reshape(4, 1)} for period, rows in sides.items()})


@given(SIDES, SIDES, SIDES)
def test_cubes_add_up_in_any_order(one: dict[str, list[int]], two: dict[str, list[int]], three: dict[str, list[int]]) -> None:
    a, b, c = made(one), made(two), made(three)
    assert same((a + b) + c, a + (c + b))
    assert same(a + made({}), a)
    assert (a + b).rows == a.rows + b.rows


def test_cubes_of_different_questions_do_not_add() -> None:
    with pytest.raises(ValueError, match="different questions"):
        made({}) + Cube(Kinds((), np.zeros((1, 0), np.int64), np.array([0])), {})


def test_a_place_is_the_areas_that_a_point_is_in() -> None:
    rng = np.random.default_rng(5)
    x, y = WEST + rng.integers(-2, 23, 4000) * 100.0, SOUTH + rng.integers(-2, 23, 4000) * 100.0
    places = Places(FIND, QUESTION.areas)
    place = np.concatenate([places.of_points(x[:7], y[:7]), places.of_points(x[7:], y[7:])])
    for name, shapes in SQUARES.items():
        shares = places.shares()[name].toarray()[: len(shapes), place].astype(bool)
        inside = np.array([shapely.intersects_xy(shape, x, y) for shape in shapes])
        assert (shares == (inside & (np.cumsum(inside, axis=0) == 1) if name == "square" else inside)).all()


def test_a_point_in_many_overlapping_areas_is_in_all_of_them() -> None:
    sides = np.arange(1, 40)
    cover = cells.cover([np.array([shapely.box(0, 0, side, side) for side in sides])], partition=[False])
    places = Places(lambda x, y: cells.find(cover, x, y), {"nested": len(sides)})
    x = np.arange(0, 45, 0.25)
    place = places.of_points(x, x)
    assert (places.shares()["nested"].toarray()[: len(sides), place] == (x <= sides[:, None])).all()


def test_words_that_no_indicator_tells_apart_are_one_profile() -> None:
    found = coding.coding(QUESTION, CODES, file="town")
    ages = found.parts["age"]
    assert len({ages["child"], ages["adult"], ages["old"], found.unknown["age"]}) == 4
    assert found.parts["work"]["yes"] == found.parts["work"][""] != found.parts["work"]["no"]
    assert found.profiles == 4 * 3


def test_a_question_without_a_condition_counts_all() -> None:
    found = coding.coding(CubeQuestion({}, {}), CODES, file="town")
    assert (found.profiles, found.lines, found.kinds.worth.tolist()) == (1, (CubeLine("rows"),), [[1]])


def test_too_many_kinds_of_rows_are_refused() -> None:
    codes = {f"c{number}": tuple(map(str, range(30))) for number in range(5)}
    asked = [(column, word) for column, words in codes.items() for word in words]
    measures = {f"{column}-{word}": RegisterMeasure(register="", where={column: (word,)}) for column, word in asked}
    with pytest.raises(InputError, match="too many kinds"):
        coding.coding(CubeQuestion(measures, {}), codes, file="town")
