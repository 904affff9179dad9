"""Modelled shares: by hand, and the laws of shrinking."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.figures.smoothing import empirical_bayes

AREAS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)).filter(lambda pair: sum(pair) > 0), min_size=3, max_size=15)


def drawn(areas: list[tuple[int, int]]) -> tuple[pd.Series, pd.Series]:
    n = pd.Series([float(k + m) for k, m in areas])
    return pd.Series([100.0 * k / (k + m) for k, m in areas]), n


def test_by_hand() -> None:
    """Three areas of 100 with 10, 20 and 30 percent: m = 0.2, s2 = 0.02/3, A = 0.02/3 - 0.16/100, drawn by A / (A + 0.0016) = 0.76."""
    found = empirical_bayes(pd.Series([10.0, 20.0, 30.0]), pd.Series([100.0] * 3))
    assert found.tolist() == [pytest.approx(12.4), pytest.approx(20.0), pytest.approx(27.6)]


def test_differences_that_chance_explains_are_drawn_away_altogether() -> None:
    assert empirical_bayes(pd.Series([18.0, 20.0, 22.0]), pd.Series([50.0] * 3)).tolist() == [pytest.approx(20.0)] * 3


@given(AREAS)
def test_a_modelled_share_lies_between_its_own_and_the_common_one(areas: list[tuple[int, int]]) -> None:
    share, n = drawn(areas)
    level = (share * n).sum() / n.sum()
    for own, modelled in zip(share, empirical_bayes(share, n), strict=True):
        assert min(own, level) - 1e-9 <= modelled <= max(own, level) + 1e-9


@given(AREAS, st.integers(1, 300))
def test_of_two_areas_with_the_same_share_the_smaller_is_drawn_further(areas: list[tuple[int, int]], small: int) -> None:
    share, n = drawn([*areas, (small, 0), (10 * small, 0)])
    level = (share * n).sum() / n.sum()
    found = empirical_bayes(share, n)
    assert abs(found.iloc[-2] - level) <= abs(found.iloc[-1] - level) + 1e-9


@given(AREAS)
def test_what_is_hidden_is_not_in_it_and_gets_nothing(areas: list[tuple[int, int]]) -> None:
    share, n = drawn(areas)
    hidden = pd.Series([float("nan")])
    found = empirical_bayes(pd.concat([share, hidden], ignore_index=True), pd.concat([n, hidden], ignore_index=True))
    assert found[:-1].tolist() == empirical_bayes(share, n).tolist()
    assert pd.isna(found.iloc[-1])


@pytest.mark.parametrize("known", [0, 1, 2])
def test_too_few_areas_have_no_common_level(known: int) -> None:
    share = pd.Series([50.0] * known + [float("nan")] * (4 - known))
    assert empirical_bayes(share, pd.Series([100.0] * 4)).isna().all()
