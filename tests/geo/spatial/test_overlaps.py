"""Overlaps in percent of residents, counted on paper."""

from __future__ import annotations

import numpy as np

from geo.model.vocabulary import Status
from geo.spatial.overlaps import Residents, overlaps
from tests.records.districts import ESTATE, TOWN
from tests.records.squares import found


def lived(estate_west: float, estate_east: float, *, least: int = 5) -> dict[tuple[str, str], tuple[float | None, float | None, str]]:
    """Points: the estate's part in the west, its part in the east, the rest of west, the rest of east."""
    residents = Residents(
        people=np.array([estate_west, estate_east, 100.0, 300.0]),
        located={"district": found((0, 1), (1, 0), (2, 1), (3, 0)), "estate": found((0, 0), (1, 0))},
        status=Status.DEMO,
        least=least,
    )
    pairs = overlaps({"district": TOWN, "estate": ESTATE}, residents=residents)
    return {(o.area_id, o.other_id): (o.percent_of_residents, o.percent_of_other_residents, o.residents_status) for o in pairs}


def test_overlaps_in_percent_of_residents() -> None:
    # TOWN's areas stand in the order west, east: number 0 is west
    shared = lived(60, 40)
    assert shared["across", "west"] == (40, round(100 * 40 / 340), "demo")
    assert shared["east", "across"] == (round(100 * 60 / 160), 60, "demo")


def test_a_percent_that_would_tell_how_many_few_are_is_hidden() -> None:
    shared = lived(60, 3)
    assert shared["across", "west"] == (None, None, "")
    assert shared["across", "east"] == (None, None, "")  # the rest of the estate is the few
    assert lived(60, 0)["across", "east"] == (100, round(100 * 60 / 160), "demo")


def test_without_a_register_residents_are_unknown() -> None:
    assert {o.percent_of_residents for o in overlaps({"district": TOWN, "estate": ESTATE})} == {None}
