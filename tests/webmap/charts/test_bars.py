"""Amounts as bars, by hand: one scale that begins at zero, what is missing is said and never zero, and nothing typed becomes markup."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import msgspec
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from geo.editions.edition import Edition
from geo.inputs import consistency
from geo.model.programmes import Chart, Plan, PlanProgramme, ProgrammeFigure
from tests.readers.parsed import parse
from tests.towns import webtown
from tests.towns.maptown import HOSTILE
from tests.towns.toytown import text
from webmap.areas import programmes
from webmap.charts.bars import Bar, NamedBars, bars
from webmap.edition.reader import Reader
from webmap.reviews import funding
from webmap.reviews.paper import document
from webmap.reviews.writing import Money, Writing

FULL = 317.0


def widths(drawn: str, look: str = "column") -> list[float]:
    """Widths of the bars, in the drawing's own units."""
    return [float(width) for width in re.findall(rf'<rect class="{look}[^"]*"[^>]* width="([\d.]+)"', drawn)]


# --- the drawing --------------------------------------------------------------------------------------------------------


def test_bars_are_as_long_as_their_amounts() -> None:
    drawn = bars([NamedBars("A", [Bar(100, "100 kr."), Bar(25, "25 kr.")]), NamedBars("B", [Bar(0, "0 kr.")])], title="Penge")
    assert widths(drawn) == [FULL, pytest.approx(FULL / 4, abs=0.1), 0.0]
    assert "<title>Penge</title><desc>A: 100 kr., 25 kr.; B: 0 kr.</desc>" in drawn


def test_a_missing_amount_has_a_dashed_line_and_no_bar() -> None:
    drawn = bars([NamedBars("A", [Bar(5, "lovet 5"), Bar(math.nan, "leveret: ikke oplyst")])], title="t")
    assert len(widths(drawn)) == 1
    assert drawn.count('class="mangler"') == 1
    assert drawn.count("leveret: ikke oplyst") == 2  # in the drawing and in its description


def test_without_an_amount_there_is_no_drawing() -> None:
    assert bars([], title="t") == ""
    assert bars([NamedBars("A", [Bar(math.nan, "ikke oplyst")])], title="t") == ""


def test_parts_of_a_whole_stand_in_its_frame_and_nothing_is_cut_that_is_more() -> None:
    drawn = bars([NamedBars("A", [Bar(75, "75")]), NamedBars("B", [Bar(12.5, "12,5")])], title="t", whole=100)
    assert widths(drawn, "ramme") == [FULL, FULL]
    assert widths(drawn) == [pytest.approx(0.75 * FULL, abs=0.1), pytest.approx(0.125 * FULL, abs=0.1)]
    assert widths(bars([NamedBars("A", [Bar(125, "125")])], title="t", whole=100)) == [FULL]


def test_only_zeros_are_drawn_as_zeros() -> None:
    assert widths(bars([NamedBars("A", [Bar(0, "0")])], title="t")) == [0.0]


def test_a_name_is_text_and_a_long_one_is_whole_in_the_description() -> None:
    long = f"{HOSTILE} {'x' * 60}"
    drawn = bars([NamedBars(long, [Bar(1, HOSTILE)])], title=HOSTILE)
    tree = parse(f"<div>{drawn}</div>")
    assert tree.findall(".//img") == tree.findall(".//script") == []
    (told,) = [one.text for one in tree.iter() if one.tag.endswith("desc")]
    assert told == f"{long}: {HOSTILE}"
    (name,) = [one.text for one in tree.iter() if one.attrib.get("class") == "group"]
    assert name is not None
    assert name.endswith("…")
    assert long.startswith(name[:-1].rstrip())


@given(st.lists(st.floats(min_value=0, max_value=1e12), min_size=2, max_size=20))
def test_a_larger_amount_never_has_a_shorter_bar(amounts: list[float]) -> None:
    found = widths(bars([NamedBars("A", [Bar(one, "x") for one in amounts])], title="t"))
    assert len(found) == len(amounts)
    ordered = sorted(zip(amounts, found, strict=True))
    assert all(one[1] <= other[1] for one, other in pairwise(ordered))
    assert max(found) <= FULL


# --- what the team typed in -----------------------------------------------------------------------------------------------


def row(id: str, unit: str, promised: str, delivered: str, what: str = "Projektleder") -> Money:
    return Money(id=id, what=what, unit=unit, promised=promised, delivered=delivered, source="Aftalen")


def drawn(app: Flask, *rows: Money, path: str = "/", language: str = "da") -> funding.Funding:
    with app.test_request_context(path):
        return funding.funding(Writing(money=rows), language)


def test_kroner_and_hours_are_two_drawings_each_with_its_own_scale(app: Flask) -> None:
    found = drawn(app, row("a", "kr", "1.250.000", "625.000"), row("b", "hours", "1200", "300"))
    assert [picture.unit for picture in found.pictures] == ["kroner", "timer"]
    assert [widths(picture.drawing) for picture in found.pictures] == [
        [FULL, pytest.approx(FULL / 2, abs=0.1)], [FULL, pytest.approx(FULL / 4, abs=0.1)],
    ]  # fmt: skip
    assert found.pictures[0].sums == ("Lovet i alt: 1.250.000 kroner", "Leveret i alt: 625.000 kroner")


def test_what_is_not_delivered_yet_is_not_zero(app: Flask) -> None:
    (found,) = drawn(app, row("a", "kr", "100", ""), row("b", "kr", "50,50", "0")).pictures
    assert "Leveret: ikke oplyst" in found.drawing
    assert "Leveret: 0 kroner" in found.drawing
    assert found.drawing.count('class="mangler"') == 1
    assert found.sums == ("Lovet i alt: 150,50 kroner", "Leveret i alt: kan ikke siges, for 1 af 2 beløb mangler")


def test_what_cannot_be_read_is_said_and_not_drawn(app: Flask) -> None:
    (found,) = drawn(app, row("a", "kr", "en del", "100")).pictures
    assert "Lovet: kan ikke læses som et beløb" in found.drawing
    assert widths(found.drawing) == [FULL]
    (nothing,) = drawn(app, row("a", "kr", "en del", "")).pictures
    assert nothing.drawing == ""
    assert [bar.words for bar in nothing.rows[0].bars] == ["Lovet: kan ikke læses som et beløb", "Leveret: ikke oplyst"]


def test_a_row_without_a_unit_is_counted_and_no_money_is_no_picture(app: Flask) -> None:
    found = drawn(app, row("a", "", "100", "100"), row("b", "kroner", "1", "1"))
    assert (found.pictures, found.undrawn, bool(found)) == ((), 2, True)
    assert not drawn(app)


def test_in_english_the_words_and_numbers_are(app: Flask) -> None:
    (found,) = drawn(app, row("a", "hours", "1.200", ""), path="/en/", language="en").pictures
    assert "Promised: 1,200 hours" in found.drawing
    assert "Delivered: not stated" in found.drawing


def test_on_paper_the_bars_have_the_same_lengths_and_a_missing_one_has_none(app: Flask) -> None:
    content = Writing(money=(row("a", "kr", "200", ""), row("b", "kr", "50", "0", what="Gadeplan"), row("c", "hours", "", "ti")))
    with app.test_request_context("/"):
        blocks = list(document._drawn(content, "da"))
    assert [block.kind for block in blocks] == ["quiet", "bars"]  # of hours there is nothing to draw
    assert [tuple(cells) for cells in blocks[1].rows] == [
        ("Projektleder", "Lovet: 200 kroner", "1.0000", "lovet"), ("", "Leveret: ikke oplyst", "", "leveret"),
        ("Gadeplan", "Lovet: 50 kroner", "0.2500", "lovet"), ("", "Leveret: 0 kroner", "0.0000", "leveret"),
    ]  # fmt: skip
    assert "Leveret i alt: kan ikke siges" in blocks[0].text


# --- the figures of the sources ---------------------------------------------------------------------------------------------


def figure(name: str, value: float | str, chart: str, unit: str = "kr.") -> ProgrammeFigure:
    return ProgrammeFigure(name=text(name), value=value, unit=text(unit), chart=chart)


def programme(*figures: ProgrammeFigure, charts: tuple[Chart, ...] = (Chart(id="c", name=text("Penge")),)) -> PlanProgramme:
    return PlanProgramme(figures=figures, evaluations=(), plans=(), note=text("n"), charts=charts)


def test_figures_that_name_a_chart_are_drawn_in_it_those_of_plans_too(tmp_path: object) -> None:
    edition: Edition = webtown.publish(tmp_path / "editions")  # type: ignore[operator]
    plans = programme(figure("A", 4.0, "c"), figure("alene", 9.0, ""))
    plan = Plan(id="p", name="P", figures=(figure("B", 1.0, "c"),))
    changed = msgspec.structs.replace(edition.catalogue, plans=msgspec.structs.replace(plans, plans=(plan,)))
    object.__setattr__(edition, "catalogue", changed)
    (found,) = programmes.plans(Reader(edition, "da")).charts
    assert widths(found.drawing) == [FULL, pytest.approx(FULL / 4, abs=0.1)]
    assert "alene" not in found.drawing


@pytest.mark.parametrize(
    ("plans", "what"),
    [
        (programme(figure("A", 1.0, "nix"), figure("B", 1.0, "c")), "a figure in no chart"),
        (programme(figure("A", "fem", "c")), "a figure that cannot be drawn"),
        (programme(figure("A", -1.0, "c")), "a figure that cannot be drawn"),
        (programme(figure("A", 1.0, "c"), figure("B", 1.0, "c", "timer")), "a chart that is not of one unit"),
        (programme(figure("A", 1.0, "")), "a chart that is not of one unit"),
    ],
)
def test_a_chart_that_would_mislead_is_refused(plans: PlanProgramme, what: str) -> None:
    assert [problem.what for problem in consistency.in_plans(plans, file="data/plans.toml")] == [what]


def test_a_chart_of_one_unit_is_taken() -> None:
    assert list(consistency.in_plans(programme(figure("A", 1.0, "c"), figure("B", 0.0, "c")), file="x")) == []
