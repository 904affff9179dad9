"""The proof: what it proves, what it catches, and what it does not say."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from geo.protection.certificate import Certificate, check
from geo.protection.jointmodel import Frame, Joint, exactly, published
from geo.protection.suppression import Suppression, suppress
from tests import cities
from tests.squares import HOUSING, STRIP, A, B, C, D, squares


def made(joint: Joint) -> tuple[Suppression, np.ndarray]:
    found = suppress(joint)
    return found, published(joint, found.hidden).low.copy()


def city(share: float = 0.01) -> Joint:
    rng = np.random.default_rng(5)
    town = cities.overlay(cities.Size(districts=3, small=60, housing=12, people=90_000), rng)
    return cities.joint(town, cities.trait(town, share, rng))


# --- what it proves ---------------------------------------------------------------------------------------------------


def test_two_tables_are_enough_for_the_strip() -> None:
    found, values = made(squares())
    assert check(found.certificate, squares(), exactly(values)) == ()
    strip = found.certificate.tables[:, STRIP]
    assert len(strip) == 2
    assert np.ptp(strip) >= 3
    assert not any(np.array_equal(table, squares().truth) for table in found.certificate.tables)


def test_it_needs_no_truth() -> None:
    found, values = made(squares())
    model = squares()
    assert check(found.certificate, Frame(model.cells, model.population), exactly(values)) == ()


def test_a_city_needs_a_handful_of_tables_and_milliseconds_and_none_is_the_truth() -> None:
    model = city()
    found, values = made(model)
    assert 2 <= len(found.certificate.tables) <= 8
    assert not np.any(np.all(found.certificate.tables == model.truth, axis=1))
    start = time.perf_counter()
    assert check(found.certificate, model, exactly(values)) == ()
    assert time.perf_counter() - start < 1  # a product takes a millisecond; the solver would take a second or more on a busy machine


def test_the_order_of_tables_says_nothing() -> None:
    tables = made(city())[0].certificate.tables
    assert np.array_equal(tables, tables[np.lexsort(tables.T[::-1])])


# --- what it catches --------------------------------------------------------------------------------------------------


def test_a_cell_unhidden_by_hand_is_caught() -> None:
    model = squares()
    found, values = made(model)
    for cell in np.flatnonzero(found.hidden):
        opened = values.copy()
        opened[cell] = model.counts[cell]
        problems = check(found.certificate, model, exactly(opened))
        assert [problem.what for problem in problems] == ["a table of the certificate does not reproduce a published cell"]
        assert problems[0].found == f"number {cell}"


def test_a_primary_cell_unhidden_in_a_city_is_always_caught() -> None:
    model = city()
    found, values = made(model)
    for cell in np.flatnonzero(model.primary):
        opened = values.copy()
        opened[cell] = model.counts[cell]
        assert check(found.certificate, model, exactly(opened))


def test_a_published_figure_changed_by_one_is_caught() -> None:
    model = squares()
    found, values = made(model)
    values[D] += 1
    assert check(found.certificate, model, exactly(values))


def test_hiding_more_than_needed_is_no_fault() -> None:
    found, values = made(squares())
    values[[A, B, C, D, HOUSING]] = np.nan
    assert check(found.certificate, squares(), exactly(values)) == ()


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda proof: replace(proof, tables=proof.tables[:1]), "does not spread a target far enough"),
        (lambda proof: replace(proof, tables=proof.tables[:0]), "does not spread a target far enough"),
        (lambda proof: replace(proof, tables=proof.tables - 400), "lies outside the population"),
        (lambda proof: replace(proof, tables=proof.tables[:, :-1]), "of another model"),
        (lambda proof: replace(proof, told=replace(proof.told, high=proof.told.low)), "breaks the rule in a hidden cell"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused(spoil, what: str) -> None:
    found, values = made(squares((9, 8, 11, 2, 7), primary=(C,)))
    spoiled: Certificate = spoil(found.certificate)
    assert any(what in problem.what for problem in check(spoiled, squares(), exactly(values)))


def test_figures_of_another_number_of_cells_are_refused() -> None:
    found, values = made(squares())
    assert "of another model" in check(found.certificate, squares(), exactly(values[:-1]))[0].what


def test_nothing_to_hide_needs_no_table() -> None:
    model = squares((9, 8, 11, 12, 7))
    found, values = made(model)
    assert not found.hidden.any()
    assert len(found.certificate.tables) == 0
    assert check(found.certificate, model, exactly(values)) == ()


def test_no_count_is_in_what_it_says() -> None:
    model = squares((9, 3, 11, 12, 77))
    found, values = made(model)
    values[D] += 1
    assert not any("77" in str(problem) or "78" in str(problem) for problem in check(found.certificate, model, exactly(values)))
