"""What can be solved for, on paper; and published figures that cannot all be true."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.errors import InputError
from geo.protection.attackers import Attacker, Narrowed, attack, narrowed, undeniable
from geo.protection.jointmodel import Frame, Joint, Published, Targets, Told, exactly, published, targets, told
from geo.protection.polytope import contradiction
from tests import cities
from tests.squares import CITY, HOUSING, STRIP, A, B, C, D, flags, squares


def by(found: tuple[Narrowed, ...]) -> dict[Attacker, tuple[int, int]]:
    return {one.attacker: (one.low, one.high) for one in found}


# --- on paper ---------------------------------------------------------------------------------------------------------


def test_a_difference_of_two_areas_gives_the_strip_away() -> None:
    found = attack(squares(), flags())
    assert by(found) == {Attacker.LP: (3, 3), Attacker.WHOLE: (3, 3), Attacker.TOLD: (3, 3)}
    assert {(one.cell, one.variable, one.width) for one in found} == {(-1, STRIP, 3)}


def test_hiding_one_square_does_not_help_because_the_city_gives_it_back() -> None:
    assert by(attack(squares(), flags(A)))[Attacker.LP] == (3, 3)


def test_hiding_two_squares_or_the_housing_area_does() -> None:
    assert attack(squares(), flags(A, B)) == ()
    assert attack(squares(), flags(A, D)) == ()
    assert attack(squares(), flags(HOUSING)) == ()


def test_a_hidden_square_is_what_the_others_leave_of_the_city() -> None:
    found = attack(squares((9, 8, 11, 12, 3), primary=(D,)), flags(D))
    assert by(found) == {Attacker.LP: (3, 3), Attacker.WHOLE: (3, 3), Attacker.TOLD: (3, 3)}


def test_who_is_told_which_cells_are_primary_knows_more() -> None:
    # C + D = 5, and both are hidden: 0 to 5 for whom it was not told, 1 to 4 for whom it was. Neither is tighter than 1 to 4.
    assert attack(squares((9, 8, 11, 2, 3), primary=(C, D)), flags(C, D)) == ()
    # C + D = 4, and D = 0 may be shown by the rule, so it is hidden for C alone. C is 1 to 4 whoever asks.
    assert attack(squares((9, 8, 11, 4, 0), primary=(C,)), flags(C, D)) == ()
    # C + D = 3: 0 to 3 for whom it was not told; but one who was told knows 1 to 2.
    found = attack(squares((9, 8, 11, 1, 2), primary=(C, D)), flags(C, D))
    assert by(found) == {Attacker.TOLD: (1, 2)}
    assert {one.cell for one in found} == {C, D}


def test_a_class_on_the_map_narrows_a_hidden_cell_and_counts_with_what_was_told() -> None:
    model = squares((9, 8, 11, 2, 3), primary=(C, D))
    values = model.counts.astype(float)
    low, high = values.copy(), values.copy()
    low[[C, D]], high[[C, D]] = 2, 100  # the colour says: two or more
    found = narrowed(model, Published(low, high), targets(model), told(model))
    assert by(found) == {Attacker.LP: (2, 3), Attacker.WHOLE: (2, 3), Attacker.TOLD: (2, 3)}
    low[[C, D]], high[[C, D]] = 0, 4
    assert narrowed(model, Published(low, high), targets(model), told(model)) == ()


def test_what_the_rule_alone_gives_away_is_no_finding() -> None:
    # A square of two blocks, all three below five: each block is at least 1 and both together at most 4, so none is above 3.
    blocks = Joint(
        sparse.csr_array(np.array([[1, 1], [1, 0], [0, 1]])),
        np.array([50, 50]),
        np.array([1, 2]),
        5,
        np.ones(3, dtype=bool),
        np.zeros(3, dtype=bool),
        np.ones(3),
    )
    aims, rule = targets(blocks), told(blocks)
    assert aims.cell.tolist() == [0, 1, 2]
    assert undeniable(blocks, aims, rule).tolist() == [2, 2, 2]
    assert attack(blocks, np.ones(3, dtype=bool)) == ()


def test_people_are_whole_and_that_can_tell() -> None:
    # Of three people at most one of each two has the trait, so at most one of the three: in broken numbers it could be one and a half.
    # Twice that, and one person more; three have the trait in all, so the one has it. In broken numbers none of it is sure.
    pairs = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]])
    sums = np.zeros((7, 7), dtype=np.int64)
    sums[:3, :3], sums[3:6, 3:6], sums[6] = pairs, pairs, 1
    frame = Frame(sparse.csr_array(sums), np.ones(7, dtype=np.int64))
    out = Published(np.array([0.0] * 6 + [3]), np.array([1.0] * 6 + [3]))
    aims = Targets(np.array([-1]), np.array([6]), np.array([1]))
    found = narrowed(frame, out, aims, Told(np.zeros(7, dtype=np.int64), frame.people))
    assert by(found) == {Attacker.WHOLE: (1, 1), Attacker.TOLD: (1, 1)}


# --- against another way of asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.03, 0.01])
def test_in_a_city_a_solver_asked_anew_each_time_says_the_same(share: float) -> None:
    rng = np.random.default_rng(3)
    city = cities.overlay(cities.Size(districts=3, small=36, housing=12, people=54_000), rng)
    model = cities.joint(city, cities.trait(city, share, rng))
    aims, rule, out = targets(model), told(model), published(model, model.primary)
    low, high = (np.where(out.shown, said, bound) for said, bound in ((out.low, rule.low), (out.high, rule.high)))
    within = LinearConstraint(model.cells, low, high)
    rows = aims.rows(model).toarray()
    needed = undeniable(model, aims, rule)
    expected = set()
    for number, row in enumerate(rows):
        ends = [milp(sign * row, constraints=within, bounds=Bounds(0, model.population), integrality=np.ones(len(row))) for sign in (1, -1)]
        least, most = round(ends[0].fun), round(-ends[1].fun)
        if most - least < needed[number]:
            expected.add((int(aims.cell[number]), int(aims.variable[number]), least, most))
    found = attack(model, model.primary)
    assert {(one.cell, one.variable, one.low, one.high) for one in found if one.attacker == Attacker.TOLD} == expected
    assert expected


# --- figures that cannot all be true ----------------------------------------------------------------------------------


def test_published_figures_that_disagree_are_named_and_no_others() -> None:
    model = squares()
    values = model.counts.astype(float)
    values[CITY] += 1
    with pytest.raises(InputError, match=r"published figures disagree with each other; found cells 0, 1, 2, 3, 4;"):
        narrowed(model, exactly(values), targets(model), told(model))


def test_each_of_the_cells_named_is_needed_for_the_contradiction() -> None:
    model = squares()
    low = model.counts.copy()
    low[CITY] += 1
    named = contradiction(model, low, low)
    for cell in named:
        loose = np.isin(np.arange(6), [one for one in named if one != cell])
        assert contradiction(model, np.where(loose, low, 0), np.where(loose, low, model.people)) == ()
    assert contradiction(model, model.counts, model.counts) == ()


@pytest.mark.parametrize("value", [-1.0, 401.0])
def test_a_published_count_that_nobody_could_have_is_named(value: float) -> None:
    model = squares()
    values = model.counts.astype(float)
    values[CITY] = value
    with pytest.raises(InputError, match="found cells 0"):
        narrowed(model, exactly(values), targets(model), told(model))


def test_a_published_count_that_is_no_whole_number_is_named() -> None:
    model = squares()
    values = model.counts.astype(float)
    values[A] = 9.5
    with pytest.raises(InputError, match="found cells 1"):
        narrowed(model, exactly(values), targets(model), told(model))
