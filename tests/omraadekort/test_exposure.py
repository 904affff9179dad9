"""What is served, read as a stranger does: every route is asked, nothing is found where nothing is, and unknown pages are read too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import request

from geo.editions import edition
from geo.editions.edition import Edition
from geo.editions.seen import Seen, as_table, by_cell, differing
from geo.errors import EditionError, Problem
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from omraadekort.exposure import gaps, routes, silent
from omraadekort.exposure.choices import Ask, Choices, sample
from omraadekort.exposure.reading import markup, paper, tree
from omraadekort.exposure.reading.names import City, Names
from omraadekort.exposure.reading.numbers import written
from omraadekort.exposure.stranger import addresses, read_as_stranger
from omraadekort.exposure.visitors import visit
from tests.towns import webtown
from tests.towns.leaktown import HIDDEN, reading, settings, web
from webmap.app import create_app
from webmap.edition import chosen
from webmap.settings import Settings

__all__ = ["web"]


# --- which addresses --------------------------------------------------------------------------------------------------


def test_every_route_is_asked_or_said_to_show_no_figure(tmp_path: Path) -> None:
    app = create_app(Settings(workspace=tmp_path))
    pages = {gaps.page_of(rule) for rule in app.url_map.iter_rules()}
    assert gaps.unlisted(app) == []
    assert {*routes.SHOWN} | {*silent.SILENT} == pages
    assert not {*routes.SHOWN} & {*silent.SILENT}
    assert all(silent.SILENT.values())


def test_a_new_route_is_a_finding(tmp_path: Path) -> None:
    app = create_app(Settings(workspace=tmp_path))
    app.add_url_rule("/nyt", endpoint="new.page", view_func=lambda: "7")
    assert gaps.unlisted(app) == ["new.page"]


def test_a_parameter_that_no_address_gives_is_found(web: Edition, tmp_path: Path) -> None:
    visitor = visit(settings(web), web.id, Audience.PUBLIC, tmp_path / "copy", parts=[*Audience], clock=0.0)
    visitor.app.view_functions["front.about"] = lambda: request.args.get("skala", "") or "om"
    visitor.ask("/om")
    assert gaps.ungiven(visitor.asked, {}) == [("front.about", "skala")]
    assert gaps.ungiven(visitor.asked, {"front.about": {"skala"}}) == []


def test_some_addresses_of_each_kind_are_asked_and_those_of_hidden_figures(web: Edition) -> None:
    asks = [Ask({"n": str(n)}, area_id=f"{n:04}", kind="even" if n % 2 == 0 else "odd") for n in range(400)]
    chosen = sample(asks, Choices(web), 20)
    numbers = [int(str(ask.parameters["n"])) for ask in chosen]
    assert len(chosen) == 20
    assert {0, 1, 398, 399} <= {*numbers}
    assert 103 in numbers


# --- nothing where nothing is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", list(Audience))
def test_nothing_is_found_where_nothing_leaks_and_every_figure_is_read(web: Edition, audience: Audience) -> None:
    steps: list[tuple[int, int]] = []
    found = read_as_stranger(settings(web), web.id, audience, progress=lambda _step, done, of: steps.append((done, of)))
    own = webtown.uncovered(web.observations, webtown.INSIDE[audience]) if audience in webtown.INSIDE else web.observations
    assert found.findings == ()
    assert len(found.table) == int(own["value"].notna().sum())
    assert {*found.table.columns} == {
        "indicator", "area_set", "area_id", "period", "value", "numerator", "denominator", "n", "low", "high", "where",
    }  # fmt: skip
    assert [done for done, _ in steps] == list(range(len(found.documents)))
    kinds = {each.where.split("?")[0].rpartition(".")[2] for each in found.seen if "." in each.where.split("?")[0]}
    assert {"json", "csv", "xlsx", "geojson"} <= kinds
    assert {"kort", "omraade", "kilde"} <= {each.where.split("/")[1] for each in found.seen}


def test_the_figures_of_a_round_are_read(built: Workspace) -> None:
    found = read_as_stranger(Settings(workspace=built.folder), edition.current(built.editions), Audience.STAFF, pages=["reviews.page"])
    assert found.findings == ()
    assert {each.cell[1] for each in found.seen} >= {"udsat_boligomraade"}


def test_every_address_of_the_embedded_city_finds_a_route(built: Workspace, tmp_path: Path) -> None:
    """No kind of address is forgotten because the toy town has nothing to show there."""
    read = edition.read(built.editions, edition.current(built.editions), Audience.PUBLIC)
    visitor = visit(Settings(workspace=built.folder), read.id, Audience.PUBLIC, tmp_path / "copy", parts=[*Audience], clock=0.0)
    choices = Choices(read, resources={"areas": (["json"], ["area_set"])})
    chosen, left_out = addresses(visitor.app, choices, every=False)
    assert left_out > 0
    signed_in = {page for page in routes.SHOWN if page.startswith(("ssp.", "reviews."))}
    assert {each.page for each in chosen} >= {*routes.SHOWN} - signed_in
    routes_of = visitor.app.url_map.bind("localhost")
    assert all(routes_of.match(each.address.partition("?")[0]) for each in chosen)
    assert not [each.address for each in chosen[::40] if visitor.ask(each.address).status not in (200, 401, 403)]


def test_the_workspace_is_left_alone(web: Edition) -> None:
    before = sorted(path.as_posix() for path in settings(web).workspace.rglob("*"))
    reading(web, "front.start", "reviews.rounds", audience=Audience.STAFF)
    assert sorted(path.as_posix() for path in settings(web).workspace.rglob("*")) == before


# --- pages that nobody has written yet ---------------------------------------------------------------------------------

PAGES = {
    "a table of another kind": "<h2>Tryg, 2010</h2><table><tr><th>Sted<th>Andel</tr><tr><th scope=row>Nordvest<td>73 %</tr></table>",
    "periods as columns": "<table><caption>Tryg</caption><tr><th><th>2010</tr><tr><th scope=row>Nordvest<td>73</tr></table>",
    "indicators as columns, the area in a link": (
        '<h1>2010</h1><table><tr><th><th>Tryg</tr><tr><th scope=row><a href="/omraade/square/0103">Se</a><td>73</tr></table>'
    ),
    "data in an attribute": '<table><tr data-tal="73"><th>Se<td><a href="/kilde/e/tryg/square/0103/2010">hvor</a></tr></table>',
    "a card": '<ul><li><h3>Tryg</h3><p class="big">73 %</p><a href="/kilde/e/tryg/square/0103/2010">hvor</a></li></ul>',
    "JSON in the page": (
        '<script type="application/json">[{"indicator":"tryg","area_set":"square","area_id":"0103","period":"2010","value":73}]</script>'
    ),
    "a list in order": "<h2>Tryg, 2010</h2><table>"
    + "".join(f"<tr><th scope=row>{name}<td>–</tr>" for name in ("Sydøst", "Nordvest", "Sydvest"))
    + "</table>",
}


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES.keys())
def test_a_page_that_nobody_knows_is_read_by_what_stands_nearest(web: Edition, text: str) -> None:
    sorter = "vaerdi" if "–" in text else ""
    context = markup.Context("/ny", Names(City(web), "da"), area_sets=("square",), sorter=sorter)
    told = [each for each in markup.read(text, context) if each.cell == HIDDEN]
    assert told
    assert {each.what for each in differing(by_cell(web.observations), told)} >= {"a number of a figure that is hidden: value"}


def test_an_edition_that_the_service_refuses_is_one_finding(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any, **_more: Any) -> Edition:
        raise EditionError(Problem(web.id, "the proofs do not hold"))

    monkeypatch.setattr(chosen, "edition", refuse)
    assert [each.what for each in reading(web).findings] == ["the service does not show this edition: 500"]


# --- parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "numbers"),
    [
        ("89 %", "da", [89.0]),
        ("1.234,5 af 2.000", "da", [1234.5, 2000.0]),
        ("1,234.5 of 2,000", "en", [1234.5, 2000.0]),
        ("−2,6 procentpoint", "da", [-2.6]),
        ("85–92 %", "da", [85.0, 92.0]),
        ("Nordvest (square 0103), P154", "da", []),
    ],
)
def test_numbers_are_read_back(text: str, language: str, numbers: list[float]) -> None:
    assert [round((low + high) / 2, 6) for low, high in written(text, language)] == numbers


def test_a_rounded_number_leaves_half_of_its_last_digit_open() -> None:
    ((low, high),) = written("88,7", "da")
    assert (round(low, 6), round(high, 6)) == (88.65, 88.75)


def test_numbers_that_agree_are_one_row_and_others_have_their_own() -> None:
    cell = ("a", "b", "c", "2010")
    seen = [Seen("x", cell, {"value": 1.0}), Seen("y", cell, {"value": 1.0 + 1e-12, "n": 3.0}), Seen("z", cell, {"value": 2.0})]
    table = as_table(seen)
    assert table[["value", "where"]].to_numpy().tolist() == [[1.0, "x"], [2.0, "z"]]
    assert table["n"].fillna(-1).tolist() == [3.0, -1.0]


def test_a_page_that_is_not_well_formed_is_read() -> None:
    top = tree.parse("<table><tr><th>A<td class=n>7<tr></table><p>x<br>y</p></div>")
    assert [cell.text() for cell in top.named("td")] == ["7"]
    assert [line.text() for line in top.named("p")] == ["x y"]


def test_the_words_of_a_pdf_are_read(web: Edition, tmp_path: Path) -> None:
    visitor = visit(settings(web), web.id, Audience.STAFF, tmp_path / "copy", parts=[*Audience], clock=1_000_000_000.0)
    body = visitor.ask("/gennemgang/2001H2/gennemgang.pdf").body
    assert "Gennemgang 2. halvår 2001" in paper.text(body)
