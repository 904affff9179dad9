"""A hidden figure planted in every format that the service writes, and found there by reading what is served."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pandas as pd
import pytest

from geo.editions.edition import Edition
from geo.model.vocabulary import Audience
from tests.readers.tabbed import TABBED, UNREADABLE
from tests.towns import webtown
from tests.towns.leaktown import HIDDEN, SHOWN, leaks, reading, web
from tests.towns.maptown import ROWS
from webmap import access, urls
from webmap.areas import profile
from webmap.charts import illustrations, strip, trend
from webmap.edition import chosen, classes
from webmap.figures import modelled, origins, records
from webmap.figures.api import resources
from webmap.figures.formats import csv_text, listed
from webmap.goals import movement, verdicts
from webmap.maps import against, sorting, standingtexts, state
from webmap.maps import pages as maps
from webmap.maps.pictures import pages as pictures
from webmap.reviews.paper import document

__all__ = ["web"]


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
        ("api.resource", "xlsx"),
        ("api.resource", "geojson"),
        *(("maps.download", each.ending) for each in listed.FORMATS),
        *(("maps.download_pair", each.ending) for each in listed.holding(records.COLUMNS, one_map=False)),
    ],
)
def test_in_a_file(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str, ending: str) -> None:
    plant(monkeypatch, records, "records", leaky_records)
    places = [each.where.split("?")[0] for each in leaks(reading(web, page)) if each.what.endswith(": n")]
    assert [place for place in places if place.endswith(f".{ending}")]


@pytest.mark.parametrize("media", [TABBED.media, "application/x-nojson"])  # the second looks like JSON, and is none
def test_in_a_format_that_was_put_on_the_list(web: Edition, monkeypatch: pytest.MonkeyPatch, media: str) -> None:
    monkeypatch.setattr(listed, "FORMATS", (*listed.FORMATS, replace(TABBED, media=media)))
    clean = reading(web, "maps.download")
    assert clean.findings == ()
    assert [each for each in clean.seen if each.where.endswith(".tsv")]
    plant(monkeypatch, records, "records", leaky_records)
    places = {each.where.split("?")[0] for each in leaks(reading(web, "maps.download", "maps.download_pair", "api.resource"))}
    assert {place.rpartition("/")[2] for place in places} >= {"square.tsv", "sammenlign.tsv", "observations.tsv"}


def test_a_format_that_cannot_be_read_back_is_a_finding(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "FORMATS", (UNREADABLE,))
    told = reading(web, "maps.download").findings
    assert {each.what for each in told} == {"a file whose figures cannot be read back"}
    assert all(".tsv" in each.where for each in told)


def test_a_part_of_a_file_that_is_left_out_is_a_finding(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, records, "records", lambda records, *_: list(records)[1:])
    kinds = {each.where.split("?")[0].rpartition(".")[2] for each in reading(web, "maps.download").findings if "read back" in each.what}
    assert kinds == {each.ending for each in listed.FORMATS}


def test_a_file_of_another_part_than_its_address_names(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Staff who ask for the public's file are given their own: to be held against what the public may read."""
    monkeypatch.setattr(chosen, "part", access.audience)
    told = {each.where for each in reading(web, "maps.download", "maps.values", audience=Audience.STAFF).findings if "hidden" in each.what}
    assert any("/hent/" in where for where in told)
    assert any("/tal/" in where for where in told)


def test_a_field_that_nobody_knows_in_a_file(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(
        monkeypatch,
        records,
        "records",
        lambda records, *_: (each | {"rest": 41 if each["status"] == "suppressed" else None} for each in records),
    )
    assert {each.what for each in leaks(reading(web, "api.resource"))} >= {"a number of a figure that is hidden: rest"}


def test_a_class_in_a_file(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_classes", lambda *_row: {"class": 2, "class_low": 1, "class_high": 2})
    assert leaks(reading(web, "api.resource"))


def test_modelled(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    key = dict(zip(("indicator", "area_set", "area_id", "period"), HIDDEN, strict=True))
    plant(monkeypatch, modelled, "records", lambda records, *_: [*records, dict.fromkeys(modelled.COLUMNS) | key | {"modelled": 72.5}])
    told = leaks(reading(web, "api.resource"))
    assert {each.where.split("?")[0] for each in told} == {"/api/v1/modelled.json", "/api/v1/modelled.csv", "/api/v1/modelled.geojson"}


def worded(row: state.Row, *_given: Any) -> state.Row:
    return replace(row, value="73 %") if classes.HIDDEN in row.look else row


@pytest.mark.parametrize("page", ["maps.values", "maps.page", "maps.side_by_side", "maps.periods", "goals.goal"])
def test_in_words(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    plant(monkeypatch, state, "_row", worded)
    told = leaks(reading(web, page))
    assert told
    if page == "maps.side_by_side":  # areas chosen together are asked for too
        assert any("omraade=" in each.where for each in told)


@pytest.mark.parametrize("page", ["maps.values", "maps.page", "maps.side_by_side", "maps.periods"])
def test_in_a_colour(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    plant(monkeypatch, classes, "look", lambda look, *_: "k2" if look == classes.HIDDEN else look)
    assert leaks(reading(web, page))


@pytest.mark.parametrize("page", ["maps.values", "maps.page"])
@pytest.mark.parametrize("side", [against.DARK, against.SAND, against.LIGHT])
def test_in_the_side_of_the_city_that_an_area_lies_on(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str, side: str) -> None:
    plant(monkeypatch, against, "_gap", lambda look, *_: side if look == classes.HIDDEN else look)
    against.standing.cache_clear()
    assert leaks(reading(web, page))
    against.standing.cache_clear()


def test_in_the_counts_of_what_can_be_told(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, standingtexts, "legend", lambda lines, *_: [(lines[0][0], lines[0][1], lines[0][2] + 1), *lines[1:]])
    assert {each.where.split("/")[1] for each in leaks(reading(web, "maps.page", "maps.values"))} >= {"kort", "udgave"}


def test_in_the_counts_of_a_legend(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_more(keys: tuple[state.Key, ...], *_given: Any) -> tuple[state.Key, ...]:
        return (replace(keys[0], count="7 områder"), *keys[1:])

    plant(monkeypatch, state, "_classes", one_more)
    assert {each.where.split("/")[1] for each in leaks(reading(web, "maps.page", "maps.values"))} >= {"kort", "udgave"}


def test_in_a_sentence_over_the_map(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, state, "_values", lambda values, *_: pd.concat([values, pd.Series([97.0])]))
    assert {each.where.split("/")[1] for each in leaks(reading(web, "maps.page", "maps.values"))} >= {"kort", "udgave"}


@pytest.mark.parametrize("page", ["front.area_sheet", "areas.area"])
def test_on_a_card_and_on_paper(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    rows = [row for row in [*ROWS, *SHOWN] if not (row["area_id"] == "0103" and row["period"] in ("2011", "2012"))]
    monkeypatch.setattr(webtown, "ROWS", rows)  # the hidden figure is the newest, which a card is about
    shutil.rmtree(web.folder.parent)
    read = webtown.publish(web.folder.parent)
    plant(monkeypatch, profile, "_card", lambda card, *_: card and (replace(card, value="73 %", look="") if card.look else card))
    assert leaks(reading(read, page))


def test_on_the_page_of_where_it_comes_from(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, origins, "view", lambda view, *_: replace(view, gap="", value="73 %") if view.gap else view)
    assert leaks(reading(web, "figures.origin"))


@pytest.mark.parametrize("page", ["areas.area", "pictures.curve"])
def test_in_a_chart_by_its_coordinates_alone(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    def drawn(series: trend.Series, *_given: Any, **_more: Any) -> trend.Series:
        points = [replace(point, value=73.0) if point.label == "2010" and math.isnan(point.value) else point for point in series.points]
        return replace(series, points=points)

    kept = illustrations.series
    monkeypatch.setattr(illustrations, "series", lambda *given, **more: drawn(kept(*given, **more)))
    told = [each for each in reading(web, page).seen if each.cell == HIDDEN]
    assert told
    assert all(low - 1 <= 73 <= high + 1 for each in told for low, high in each.bounds.values())


def test_in_the_words_of_a_picture(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, pictures, "spoken", lambda said, row: f"{row.name}: 73 %" if classes.HIDDEN in row.look else said)
    assert leaks(reading(web, "pictures.map_picture"))


def test_in_a_spread_over_the_areas(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_hidden(found: dict[str, Any], *given: Any) -> dict[str, Any]:
        _, _, area_set, period = given
        return found | ({"0103": {"value": 73.0, "low": math.nan, "high": math.nan}} if period == "2010" and area_set == "square" else {})

    plant(monkeypatch, strip, "_shown", with_hidden)
    told = [each for each in reading(web, "maps.side_by_side").seen if each.cell == HIDDEN and "omraade=" in each.where]
    assert any(low <= 73 <= high for each in told for low, high in each.bounds.values())


def test_by_the_order_of_a_table(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, sorting, "columns", lambda _columns, _audience: sorting.COLUMNS)  # as if the public could sort by value again
    plant(monkeypatch, sorting, "_size", lambda size, row, *_: 65.0 if row["status"] == "suppressed" else size)
    told = [each for each in reading(web, "maps.page").seen if each.cell == HIDDEN]
    assert told
    assert all("sorter=" in each.where for each in told)
    assert {each.bounds["value"] for each in told if "value" in each.bounds} == {(50.0, 80.0)}


def test_in_an_answer_to_a_goal(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(goal: dict[str, Any], *_given: Any) -> dict[str, Any]:
        known = [{**{name: getattr(each, name) for name in each.__struct_fields__}, "latest": 73.0} for each in goal["judgements"]]
        return goal | {"judgements": known}

    plant(monkeypatch, resources, "_goal", told)
    assert [each for each in reading(web, "api.resource").findings if "answer to a goal" in each.what]


def test_in_a_word_of_an_answer(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(
        monkeypatch,
        verdicts,
        "by_area",
        lambda areas, *_: tuple(tuple(replace(each, shape="tick", verdict="Nået") for each in lines) for lines in areas),
    )
    assert [each for each in reading(web, "goals.goal").findings if "answer to a goal" in each.what]


@pytest.mark.parametrize("page", ["goals.goal", "front.goal_sheet", "areas.area", "front.area_sheet"])
def test_in_a_change_in_words(web: Edition, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    rows = [row for row in [*ROWS, *SHOWN] if row["period"] not in ("2009", "2011")]  # the hidden figure is the one before the newest
    monkeypatch.setattr(webtown, "ROWS", rows)
    goals = (msgspec.structs.replace(goal, frozen_list=None) if goal.id == "M5" else goal for goal in webtown.GOALS)  # of all squares
    monkeypatch.setattr(webtown, "GOALS", tuple(goals))
    judged = next(each for each in webtown.JUDGEMENTS if (each.goal, each.area_id) == ("M5", "0102"))
    monkeypatch.setattr(webtown, "JUDGEMENTS", (*webtown.JUDGEMENTS, msgspec.structs.replace(judged, area_id="0103")))
    shutil.rmtree(web.folder.parent)
    read = webtown.publish(web.folder.parent)
    assert not leaks(reading(read, page))
    fell = {"change": "−9,0 procentpoint (−12,0 til −6,0)", "look": "mindre"}
    plant(monkeypatch, movement, "_area", lambda area, *_: area if area.change else replace(area, **fell))
    assert leaks(reading(read, page))


def test_in_the_file_of_a_round(web: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading(web, "reviews.page", "reviews.round", "reviews.export", audience=Audience.STAFF).findings == ()
    plant(monkeypatch, document, "_said", lambda words, *_: f"{words} 9876,5")
    kept = document._known
    monkeypatch.setattr(document, "_known", lambda *given: [*kept(*given), document.Passage(kind="quiet", text="9876,5")])
    found = reading(web, "reviews.page", "reviews.round", "reviews.export", audience=Audience.STAFF).findings
    assert {each.where for each in found} >= {"gennemgang.pdf"}


@pytest.mark.parametrize("audience", list(Audience))
def test_a_page_that_depends_on_another_audiences_files(web: Edition, monkeypatch: pytest.MonkeyPatch, audience: Audience) -> None:
    """The public's page counts what staff reads, staff's what SSP reads, and the other way round."""
    other = Audience.SSP if audience is Audience.STAFF else Audience.STAFF
    kept = chosen.part

    def peeking() -> Audience:
        folder = urls.settings().editions / web.id / other.value
        monkeypatch.setattr(maps, "FOREVER", f"{folder.is_dir()}")
        return kept()

    monkeypatch.setattr(chosen, "part", peeking)
    written = csv_text.text
    monkeypatch.setattr(csv_text, "text", lambda *given: written(*given).replace("\r\n", f",{maps.FOREVER}\r\n", 1))
    found = reading(web, "maps.download", audience=audience).findings
    assert {each.what for each in found} == {"a page that depends on more than its audience's files"}
