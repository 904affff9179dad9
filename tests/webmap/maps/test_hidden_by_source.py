"""Figures that their source hides: they look hidden, and it is said who hides them."""

from __future__ import annotations

from webmap.edition import classes as area_classes
from webmap.edition import differences
from webmap.language import wording


def test_a_figure_that_its_source_hides_looks_hidden_and_says_by_whom() -> None:
    row = {"status": "hidden_by_source", "reason": "hidden_at_source", "value": float("nan")}
    assert area_classes.look(None, row) == area_classes.HIDDEN
    assert wording.status(row, "da") == "skjult i kilden: kilden viser ikke tallet"
    assert wording.status(row, "en") == "hidden by the source: the source does not show the figure"


def test_what_is_hidden_on_one_side_is_not_held_against_the_other() -> None:
    shown = {"status": "final", "value": 5.0}
    assert differences._lacking(shown, {"status": "hidden_by_source"}) == area_classes.HIDDEN
