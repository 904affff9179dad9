"""Complementary suppression: by hand, against every whole table there is, and on made-up cities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geo.protection.attackers import Attacker, attack
from geo.protection.certificate import check
from geo.protection.jointmodel import Joint, exactly, published, targets, told
from geo.protection.ordering import arranged
from geo.protection.suppression import Suppression, suppress
from tests import cities, enumeration
from tests.optimum import least_cost
from tests.squares import CITY, HOUSING, STRIP, A, B, C, D, flags, squares

# --- on paper ---------------------------------------------------------------------------------------------------------


def test_the_strip_is_protected_by_the_two_cheapest_squares() -> None:
    found = suppress(squares())  # A and B cost 1 + 2, the housing area 5
    assert found.hidden.tolist() == flags(A, B).tolist()
    assert found.cost == 3


def test_where_the_housing_area_is_cheap_it_goes_instead() -> None:
    model = squares()
    found = suppress(replace(model, cost=np.array([100.0, 1, 2, 3, 4, 2])))
    assert found.hidden.tolist() == flags(HOUSING).tolist()


def test_a_small_square_takes_another_with_it_and_the_city_stays() -> None:
    found = suppress(squares((9, 8, 11, 12, 3), primary=(D,)))
    assert found.hidden.tolist() == flags(A, D).tolist()


def test_what_a_rule_hides_alone_may_be_enough() -> None:
    found = suppress(squares((9, 8, 11, 2, 3), primary=(C, D)))
    assert found.hidden.tolist() == flags(C, D).tolist()
    assert found.cost == 0


def test_the_city_goes_only_where_nothing_else_helps() -> None:
    found = suppress(squares((9, 8, 11, 12, 3), primary=(D,), fixed=(A, B, C, HOUSING)))
    assert found.hidden.tolist() == flags(CITY, D).tolist()
    assert not found.unsafe


def test_an_older_edition_that_gives_it_away_is_named() -> None:
    found = suppress(squares(fixed=(A, HOUSING)))
    assert [(one.cell, one.variable, one.width) for one in found.unsafe] == [(-1, STRIP, 3)]
    assert set(found.unsafe[0].fixed) <= {A, HOUSING}
    assert not found.hidden.any()  # hiding would help nobody
    shown = suppress(squares((9, 8, 11, 12, 3), primary=(D,), fixed=(D,)))
    assert [(one.cell, one.fixed) for one in shown.unsafe if one.cell == D] == [(D, (D,))]


def test_a_rounded_share_says_less_and_hides_less() -> None:
    loose = suppress(squares(shown={HOUSING: (10, 14)}))
    assert not loose.hidden.any()  # the strip is 1 to 5
    tight = suppress(squares(shown={HOUSING: (11, 13)}))
    assert tight.hidden.any()  # 2 to 4 is narrower than 1 to 4


@pytest.mark.parametrize("cells", [0, 1, 2])
@pytest.mark.parametrize("variables", [0, 1, 3])
def test_a_city_without_figures_or_without_people_is_no_special_case(cells: int, variables: int) -> None:
    all_in_all = sparse.csr_array(np.ones((cells, variables), dtype=np.int64))
    people, few, none = np.full(variables, 30), np.full(variables, 2), np.zeros(cells, dtype=bool)
    found = safe(Joint(all_in_all, people, few, 5, none, none, np.ones(cells)))
    assert found.hidden.all() == (variables == 1 or cells == 0)  # one atom alone is told by its total; three hide each other


# --- by law -----------------------------------------------------------------------------------------------------------


@given(enumeration.joints())
def test_no_target_is_narrower_than_it_may_be_among_all_whole_tables(joint: Joint) -> None:
    found, rule, aims = suppress(joint), told(joint), targets(joint)
    assert not found.unsafe
    assert found.hidden[joint.primary].all()
    held = enumeration.possible(joint, published(joint, found.hidden), rule)
    low, high = enumeration.intervals(joint, held, aims).T
    assert np.all(high - low >= enumeration.widths(joint, aims, rule))


@given(enumeration.joints(), st.randoms(use_true_random=False))
def test_the_attackers_find_what_there_is_to_find_and_no_more(joint: Joint, random) -> None:
    hidden = joint.primary | np.array([random.random() < 0.3 for _ in joint.primary])
    out, rule, aims = published(joint, hidden), told(joint), targets(joint)
    needed = enumeration.widths(joint, aims, rule)
    found = attack(joint, hidden)
    for who, knows in ((Attacker.WHOLE, None), (Attacker.TOLD, rule)):
        true = enumeration.intervals(joint, enumeration.possible(joint, out, knows), aims)
        narrow = {
            (int(aims.cell[n]), int(aims.variable[n]), int(true[n, 0]), int(true[n, 1]))
            for n in np.flatnonzero(true[:, 1] - true[:, 0] < needed)
        }
        assert {(one.cell, one.variable, one.low, one.high) for one in found if one.attacker == who} == narrow
    by_lp = {(one.cell, one.variable) for one in found if one.attacker == Attacker.LP}
    assert by_lp <= {(one.cell, one.variable) for one in found if one.attacker == Attacker.WHOLE}


@settings(max_examples=50)
@given(enumeration.joints())
def test_the_certificate_proves_it_and_a_cell_unhidden_by_hand_is_caught(joint: Joint) -> None:
    found = suppress(joint)
    out = published(joint, found.hidden)
    assert check(found.certificate, joint, out) == ()
    for cell in np.flatnonzero(found.hidden):
        values = np.where(out.shown, out.low, np.nan)
        values[cell] = joint.counts[cell]
        caught = check(found.certificate, joint, exactly(values)) != ()
        still_hidden = found.hidden.copy()
        still_hidden[cell] = False
        assert caught or not attack(joint, still_hidden)


@settings(max_examples=50)
@given(enumeration.joints(with_fixed=True))
def test_what_older_editions_give_away_is_reported_with_who_is_to_blame(joint: Joint) -> None:
    found, rule, aims = suppress(joint), told(joint), targets(joint)
    assert not found.hidden[joint.fixed].any()
    out = published(joint, ~joint.fixed)
    low, high = enumeration.intervals(joint, enumeration.possible(joint, out, rule), aims).T
    lost = np.flatnonzero(high - low < enumeration.widths(joint, aims, rule))
    assert {(one.cell, one.variable) for one in found.unsafe} == {(int(aims.cell[n]), int(aims.variable[n])) for n in lost}
    assert all(one.fixed and joint.fixed[list(one.fixed)].all() for one in found.unsafe)
    assert check(found.certificate, joint, published(joint, found.hidden)) == ()


@settings(max_examples=50)
@given(enumeration.joints(), st.randoms(use_true_random=False))
def test_the_order_of_cells_and_variables_changes_nothing(joint: Joint, random) -> None:
    cells, variables = random.sample(range(len(joint.cost)), len(joint.cost)), random.sample(range(len(joint.truth)), len(joint.truth))
    one, other = suppress(joint), suppress(arranged(joint, np.array(cells), np.array(variables)))
    assert one.cost == other.cost
    assert one.hidden.sum() == other.hidden.sum()


@given(enumeration.joints(), st.integers(1, 3))
def test_nothing_is_hidden_where_nothing_is_sensitive(joint: Joint, least: int) -> None:
    big = replace(joint, population=joint.population * 20 + 40, truth=joint.truth + 20, least=least + 1, zero_hidden=False)
    found = suppress(replace(big, primary=np.zeros_like(joint.primary)))
    assert not found.hidden.any()
    assert len(found.certificate.tables) == 0


# --- cities -----------------------------------------------------------------------------------------------------------

TOWN = cities.Size(districts=4, small=80, housing=16, people=120_000)


def safe(model: Joint) -> Suppression:
    found = suppress(model)
    assert not found.unsafe
    assert attack(model, found.hidden) == ()
    assert check(found.certificate, model, published(model, found.hidden)) == ()
    assert found.hidden[model.primary].all()
    return found


@pytest.mark.parametrize("share", [0.03, 0.004, 0.0015])
@pytest.mark.parametrize("seed", range(5))
def test_nothing_hidden_in_a_city_can_be_solved_for(share: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    city = cities.overlay(TOWN, rng)
    found = safe(cities.joint(city, cities.trait(city, share, rng), zero_hidden=seed == 4))
    assert not found.hidden[0]  # the city's own figure stays


def test_hiding_only_what_the_rule_hides_would_not_be_enough() -> None:
    rng = np.random.default_rng(1)
    city = cities.overlay(TOWN, rng)
    model = cities.joint(city, cities.trait(city, 0.03, rng))
    assert {one.attacker for one in attack(model, model.primary)} == set(Attacker)


@pytest.mark.parametrize("share", [0.01, 0.004])
def test_two_years_and_their_mean_are_safe_together(share: float) -> None:
    rng = np.random.default_rng(2)
    city = cities.overlay(cities.Size(districts=2, small=30, housing=8, people=45_000), rng)
    model = cities.two_years(city, share, rng)
    found = safe(model)
    cells = len(model.cost) // 3
    alone = [suppress(cities.joint(city, part)).hidden for part in np.split(model.truth, 2)]
    apart = np.concatenate([*alone, model.primary[2 * cells :]])
    assert attack(model, apart), "years protected each by itself are given away by their mean, or this test says nothing"
    assert found.hidden.sum() > apart.sum()


def test_the_search_is_near_the_optimum() -> None:
    mine, best = 0.0, 0.0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        city = cities.overlay(cities.Size(districts=2, small=24, housing=9, people=36_000), rng)
        model = cities.joint(city, cities.trait(city, 0.012, rng))
        model = replace(model, cost=model.cost * rng.integers(1, 9, len(model.cost)))
        bound, cost = least_cost(model)
        assert bound == cost, "the optimum was not found in time"
        mine, best = mine + suppress(model).cost, best + cost
    assert best > 0
    assert best <= mine <= 1.05 * best


def test_small_districts_go_before_housing_areas_and_those_before_districts() -> None:
    rng = np.random.default_rng(7)
    city = cities.overlay(TOWN, rng)
    model = cities.joint(city, cities.trait(city, 0.02, rng))
    besides = model.cost[safe(model).hidden & ~model.primary]
    assert len(besides)
    assert set(besides) <= {cities.COSTS["small"], cities.COSTS["housing"]}
