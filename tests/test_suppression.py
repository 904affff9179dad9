"""Complementary suppression: by hand, against every whole table there is, and on made-up cities."""

from __future__ import annotations

import numpy as np
import pytest

from geo.attackers import attack
from geo.certificate import check
from geo.jointmodel import published
from geo.suppression import suppress
from tests import cities


@pytest.mark.parametrize("share", [0.03, 0.004, 0.0015])
def test_nothing_hidden_in_a_city_can_be_solved_for(share: float) -> None:
    rng = np.random.default_rng(1)
    city = cities.overlay(cities.Size(districts=4, small=80, housing=16, people=120_000), rng)
    model = cities.joint(city, cities.trait(city, share, rng))
    found = suppress(model)
    assert not found.unsafe
    assert attack(model, found.hidden) == ()
    assert check(found.certificate, model, published(model, found.hidden)) == ()
    assert found.hidden[model.primary].all()
