"""The outside attacker on one city: it finds nothing of what the real command line publishes, and finds what is unhidden by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bench.stranger import attack, plant
from bench.stranger.__main__ import Built, built
from bench.stranger.attack import Attacked
from bench.stranger.city import random_city
from bench.stranger.worlds import ContradictionError, Row, Worlds

SEED = 4


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The first edition of one city."""
    return built(SEED, tmp_path_factory.mktemp("stranger") / "city", steps=())


def test_nothing_of_a_city_is_narrowed_for_the_public(city: Built) -> None:
    attacked = Attacked(city.states, city.editions)
    shown = city.editions[0].tables["public"]["denominator"].notna()
    assert not city.refused
    assert 0 < shown.sum() < len(shown)
    assert attack.attack(attacked, audiences=["public"]) == []


def test_a_figure_unhidden_by_hand_is_found(city: Built) -> None:
    unhidden, caught = plant.planted(Attacked(city.states, city.editions), 3)
    assert unhidden == caught > 0


def test_a_table_that_says_more_people_than_there_are_is_a_contradiction(city: Built) -> None:
    shown = city.editions[0].tables["public"]
    first = shown.index[shown["denominator"].notna()][0]
    shown = shown.copy()
    shown.loc[first, "denominator"] += 1
    edition = city.editions[0]
    told = type(edition)({**edition.tables, "public": shown}, edition.unknown, edition.unplaced)
    with pytest.raises(ContradictionError, match="denominator"):
        attack.attack(Attacked(city.states, [told]), audiences=["public"])


def test_a_city_is_the_same_each_time() -> None:
    assert random_city(SEED).people.equals(random_city(SEED).people)
    assert random_city(SEED).measures == random_city(SEED).measures


def test_whole_numbers_are_narrower_than_fractions() -> None:
    # x + y + z is 4 and each pair sums to an even 2u: halves would do, whole people must all be even or all odd
    even = [Row(np.array([first, second]), 2, 2, "pair") for first, second in ((0, 1), (1, 2), (0, 2))]
    worlds = Worlds(even, np.array([1, 1, 1]))
    assert worlds.narrowed([np.array([0])], [1])[0].low == 1
    three = Worlds([Row(np.array([0, 1, 1]), 1, 3, "x + 2y"), Row(np.array([0, 2, 2]), 2, 2, "x + 2z")], np.array([0, 1, 1]))
    ranged = three.narrowed([np.array([0])], [2])
    assert ranged == {}  # nobody or two; in between only fractions of z
