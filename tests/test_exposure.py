"""What is served, read as a stranger does: every route is asked, nothing is found where nothing is, and a leak in any format is."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flask import request

from geo import edition
from geo.edition import Edition
from geo.errors import EditionError, Problem
from geo.seen import Finding, Seen, as_table, by_cell, differing
from geo.words import Audience
from geo.workspace import Workspace
from tests import webtown
from tests.maptown import ROWS, absent, observation
from webmap import api, distribution, drawings, figures, kort, looks, mapstate, modelled, origins, profile, shown, sorting, tables, verdicts
from webmap.app import create_app
from webmap.exposure import Reading, markup, paper, read_as_stranger, routes, tree
from webmap.exposure.choices import Ask, Choices, sample
from webmap.exposure.names import City, Names
from webmap.exposure.numbers import written
from webmap.exposure.reading import addresses
from webmap.exposure.visitors import visit
from webmap.reviews import document
from webmap.settings import Settings

HIDDEN = ("tryg", "square", "0103", "2010")
SHOWN = [
    observation(area_id="0103", period="2009", value=60.0, low=52.0, high=67.0),
    observation(area_id="0103", period="2012", value=64.0, low=56.0, high=71.0),
    observation(area_id="0104", period="2009", value=55.0, low=50.0, high=60.0),
    absent(area_id="0104", period="2012", status="missing", reason="no_row"),
    *(
        observation(area_id=area, period=period, value=85.0, low=80.0, high=89.0)
        for area in ("0101", "0102")
        for period in ("2009", "2012")
    ),
]
"""So that the area whose figure of 2010 is hidden has a trend around it."""


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setattr(webtown, "ROWS", [*ROWS, *SHOWN])
    return webtown.publish(tmp_path / "editions")


def settings(read: Edition) -> Settings:
    return Settings(workspace=read.folder.parent.parent)


def reading(read: Edition, *pages: str, audience: Audience = Audience.PUBLIC) -> Reading:
    return read_as_stranger(settings(read), read.id, audience, pages=pages)


def leaks(found: Reading) -> list[Finding]:
    """Findings about the hidden figure."""
    indicator, area_set, area_id, period = HIDDEN
    here = (indicator, period, f"{area_set}/{area_id}")
    return [one for one in found.findings if (one.indicator, one.period, one.area) == here and "hidden" in one.what]


# --- which addresses --------------------------------------------------------------------------------------------------


def test_every_route_is_asked_or_said_to_show_no_figure(tmp_path: Path) -> None:
    app = create_app(Settings(workspace=tmp_path))
    pages = {routes.page_of(rule) for rule in app.url_map.iter_rules()}
    assert routes.unlisted(app) == []
    assert {*routes.SHOWN} | {*routes.SILENT} == pages
    assert not {*routes.SHOWN} & {*routes.SILENT}
    assert all(routes.SILENT.values())


def test_a_new_route_is_a_finding(tmp_path: Path) -> None:
    app = create_app(Settings(workspace=tmp_path))
    app.add_url_rule("/nyt", endpoint="new.page", view_func=lambda: "7")
    assert routes.unlisted(app) == ["new.page"]


def test_a_parameter_that_no_address_gives_is_found(web: Edition, tmp_path: Path) -> None:
    visitor = visit(settings(web), web.id, Audience.PUBLIC, tmp_path / "copy", parts=[*Audience], clock=0.0)
    visitor.app.view_functions["pages.about"] = lambda: request.args.get("skala", "") or "om"
    visitor.ask("/om")
    assert routes.ungiven(visitor.asked, {}) == [("pages.about", "skala")]
    assert routes.ungiven(visitor.asked, {"pages.about": {"skala"}}) == []


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
    kinds = {one.where.split("?")[0].rpartition(".")[2] for one in found.seen if "." in one.where.split("?")[0]}
    assert {"json", "csv", "xlsx", "geojson"} <= kinds
    assert {"kort", "omraade", "kilde"} <= {one.where.split("/")[1] for one in found.seen}


def test_the_figures_of_a_round_are_read(built: Workspace) -> None:
    found = read_as_stranger(Settings(workspace=built.folder), edition.current(built.editions), Audience.STAFF, pages=["reviews.page"])
    assert found.findings == ()
    assert {one.cell[1] for one in found.seen} >= {"udsat_boligomraade"}


def test_every_address_of_the_embedded_city_finds_a_route(built: Workspace, tmp_path: Path) -> None:
    """No kind of address is forgotten because the toy town has nothing to show there."""
    read = edition.read(built.editions, edition.current(built.editions), Audience.PUBLIC)
    visitor = visit(Settings(workspace=built.folder), read.id, Audience.PUBLIC, tmp_path / "copy", parts=[*Audience], clock=0.0)
    choices = Choices(read, resources={"areas": (["json"], ["area_set"])})
    chosen, left_out = addresses(visitor.app, choices, every=False)
    assert left_out > 0
    signed_in = {page for page in routes.SHOWN if page.startswith(("ssp.", "reviews."))}
    assert {one.page for one in chosen} >= {*routes.SHOWN} - signed_in
    assert not [one.address for one in chosen[::40] if visitor.ask(one.address).status not in (200, 401, 403)]


def test_the_workspace_is_left_alone(web: Edition) -> None:
    before = sorted(path.as_posix() for path in settings(web).workspace.rglob("*"))
    reading(web, "pages.start", "reviews.rounds", audience=Audience.STAFF)
    assert sorted(path.as_posix() for path in settings(web).workspace.rglob("*")) == before


# --- a leak in any format ---------------------------------------------------------------------------------------------


def plant(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, change: Callable[..., Any]) -> None:
    """Put a function of a module in another's hands: `change` is given what it returned and what it was given."""
    kept = getattr(module, name)
    kept = getattr(kept, "__wrapped__", kept)  # what was remembered by a cache before must not be given
    monkeypatch.setattr(module, name, lambda *given, **more: change(kept(*given, **more), *given))


def leaky_records(records: Iterator[dict[str, Any]], *_given: Any) -> Iterator[dict[str, Any]]:
    for record in records:
        yield record | ({"n": 41.0} if record["status"] == "suppressed" else {})


@pytest.mark.parametrize(
    ("page", "ending"),
    [
        ("api.resource", "json"),
        ("api.resource", "csv"),
        ("kort.download_csv", "csv"),
        ("kort.download_xlsx", "xlsx"),
        ("kort.download_geojson", "geojson"),
        ("compare.download", "csv"),
        ("compare.download", "xlsx"),
    ],
)
def test_in_a_file(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str, ending: str) -> None:
    plant(monkeypatch, tables, "records", leaky_records)
    places = [one.where.split("?")[0] for one in leaks(reading(web, page)) if one.what.endswith(": n")]
    assert [place for place in places if place.endswith(f".{ending}")]


def test_a_field_that_nobody_knows_in_a_file(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(
        monkeypatch,
        tables,
        "records",
        lambda records, *_: (one | {"rest": 41 if one["status"] == "suppressed" else None} for one in records),
    )
    assert {one.what for one in leaks(reading(web, "api.resource"))} >= {"a number of a figure that is hidden: rest"}


def test_a_class_in_a_file(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_classes", lambda *_row: {"class": 2, "class_low": 1, "class_high": 2})
    assert leaks(reading(web, "api.resource"))


def test_modelled(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    key = dict(zip(("indicator", "area_set", "area_id", "period"), HIDDEN, strict=True))
    plant(monkeypatch, modelled, "records", lambda records, *_: [*records, dict.fromkeys(modelled.COLUMNS) | key | {"modelled": 72.5}])
    told = leaks(reading(web, "api.resource"))
    assert {one.where.split("?")[0] for one in told} == {"/api/v1/modelled.json", "/api/v1/modelled.csv"}


def worded(row: mapstate.Row, *_given: Any) -> mapstate.Row:
    return replace(row, value="73 %") if looks.HIDDEN in row.look else row


@pytest.mark.parametrize("page", ["kort.values", "kort.page", "compare.page", "compare.periods", "pages.goal"])
def test_in_words(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    plant(monkeypatch, mapstate, "_row", worded)
    told = leaks(reading(web, page))
    assert told
    if page == "compare.page":  # areas chosen together are asked for too
        assert any("omraade=" in one.where for one in told)


@pytest.mark.parametrize("page", ["kort.values", "kort.page", "compare.page", "compare.periods"])
def test_in_a_colour(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    plant(monkeypatch, looks, "look", lambda look, *_: "k2" if look == looks.HIDDEN else look)
    assert leaks(reading(web, page))


def test_in_the_counts_of_a_legend(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_more(keys: tuple[mapstate.Key, ...], *_given: Any) -> tuple[mapstate.Key, ...]:
        return (replace(keys[0], count="7 områder"), *keys[1:])

    plant(monkeypatch, mapstate, "_classes", one_more)
    assert {one.where.split("/")[1] for one in leaks(reading(web, "kort.page", "kort.values"))} >= {"kort", "udgave"}


def test_in_a_sentence_over_the_map(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, mapstate, "_values", lambda values, *_: pd.concat([values, pd.Series([97.0])]))
    assert {one.where.split("/")[1] for one in leaks(reading(web, "kort.page", "kort.values"))} >= {"kort", "udgave"}


@pytest.mark.parametrize("page", ["onepage.area", "pages.area"])
def test_on_a_card_and_on_paper(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    rows = [row for row in [*ROWS, *SHOWN] if not (row["area_id"] == "0103" and row["period"] in ("2011", "2012"))]
    monkeypatch.setattr(webtown, "ROWS", rows)  # the hidden figure is the newest, which a card is about
    shutil.rmtree(web.folder.parent)
    read = webtown.publish(web.folder.parent)
    plant(monkeypatch, profile, "_card", lambda card, *_: card and (replace(card, value="73 %", look="") if card.look else card))
    assert leaks(reading(read, page))


def test_on_the_page_of_where_it_comes_from(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, origins, "view", lambda view, *_: replace(view, gap="", value="73 %") if view.gap else view)
    assert leaks(reading(web, "kilde.page"))


def test_in_a_chart_by_its_coordinates_alone(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(series: figures.Series, *_given: Any, **_more: Any) -> figures.Series:
        points = [replace(point, value=73.0) if point.label == "2010" and math.isnan(point.value) else point for point in series.points]
        return replace(series, points=points)

    kept = drawings.series
    monkeypatch.setattr(drawings, "series", lambda *given, **more: drawn(kept(*given, **more)))
    told = [one for one in reading(web, "pages.area").seen if one.cell == HIDDEN]
    assert told
    assert all(low - 1 <= 73 <= high + 1 for one in told for low, high in one.bounds.values())


def test_in_a_spread_over_the_areas(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_hidden(found: dict[str, Any], *given: Any) -> dict[str, Any]:
        _, _, area_set, period = given
        return found | ({"0103": {"value": 73.0, "low": math.nan, "high": math.nan}} if period == "2010" and area_set == "square" else {})

    plant(monkeypatch, distribution, "_shown", with_hidden)
    told = [one for one in reading(web, "compare.page").seen if one.cell == HIDDEN and "omraade=" in one.where]
    assert any(low <= 73 <= high for one in told for low, high in one.bounds.values())


def test_by_the_order_of_a_table(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, sorting, "_size", lambda size, row, *_: 65.0 if row["status"] == "suppressed" else size)
    told = [one for one in reading(web, "kort.page").seen if one.cell == HIDDEN]
    assert told
    assert all("sorter=" in one.where for one in told)
    assert {one.bounds["value"] for one in told if "value" in one.bounds} == {(50.0, 80.0)}


def test_in_an_answer_to_a_goal(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(goal: dict[str, Any], *_given: Any) -> dict[str, Any]:
        known = [{**{name: getattr(one, name) for name in one.__struct_fields__}, "latest": 73.0} for one in goal["judgements"]]
        return goal | {"judgements": known}

    plant(monkeypatch, api, "_goal", told)
    assert [one for one in reading(web, "api.resource").findings if "answer to a goal" in one.what]


def test_in_a_word_of_an_answer(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(
        monkeypatch,
        verdicts,
        "by_area",
        lambda areas, *_: tuple(tuple(replace(one, shape="tick", verdict="Nået") for one in lines) for lines in areas),
    )
    assert [one for one in reading(web, "pages.goal").findings if "answer to a goal" in one.what]


def test_in_the_file_of_a_round(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading(web, "reviews.page", "reviews.round", "reviews.export", audience=Audience.STAFF).findings == ()
    plant(monkeypatch, document, "_said", lambda words, *_: f"{words} 9876,5")
    kept = document._known
    monkeypatch.setattr(document, "_known", lambda *given: [*kept(*given), document.Block(kind="quiet", text="9876,5")])
    found = reading(web, "reviews.page", "reviews.round", "reviews.export", audience=Audience.STAFF).findings
    assert {one.where for one in found} >= {"gennemgang.pdf"}


@pytest.mark.parametrize("audience", list(Audience))
def test_a_page_that_depends_on_another_audiences_files(web: Edition, monkeypatch: pytest.MonkeyPatch, audience: Audience) -> None:
    """The public's page counts what staff reads, staff's what SSP reads, and the other way round."""
    other = Audience.SSP if audience is Audience.STAFF else Audience.STAFF
    kept = shown.part

    def peeking() -> Audience:
        folder = shown.settings().editions / web.id / other.value
        monkeypatch.setattr(kort, "FOREVER", f"{folder.is_dir()}")
        return kept()

    monkeypatch.setattr(shown, "part", peeking)
    monkeypatch.setattr(tables, "csv_text", lambda *_: kort.FOREVER)
    found = reading(web, "kort.download_csv", audience=audience).findings
    assert {one.what for one in found} == {"a page that depends on more than its audience's files"}


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
    told = [one for one in markup.read(text, context) if one.cell == HIDDEN]
    assert told
    assert {one.what for one in differing(by_cell(web.observations), told)} >= {"a number of a figure that is hidden: value"}


def test_an_edition_that_the_service_refuses_is_one_finding(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any, **_more: Any) -> Edition:
        raise EditionError(Problem(web.id, "the proofs do not hold"))

    monkeypatch.setattr(shown, "edition", refuse)
    assert [one.what for one in reading(web).findings] == ["the service does not show this edition: 500"]


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
