"""Pages and files of the maps: `/kort/`, `/kort/<indicator>`, and per edition the scripts, values and downloads that never change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from flask import Blueprint, Response, abort, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse
from xstatic.pkg import leaflet

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import log_figures
from webmap.edition import chosen, classes
from webmap.edition import rows as edition_rows
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET, Question
from webmap.figures import records as figure_records
from webmap.figures import workbook
from webmap.figures.workbook import CoverSheet, boundaries
from webmap.language import wording
from webmap.maps import links, pair, scripts, view
from webmap.maps.compare import addresses, book, log_pair, parse, records, small_multiples
from webmap.maps.state import CITY_KEY, Row, State, state
from webmap.maps.view import MapView


def of_map(made: MapView, *, link: str) -> CoverSheet:
    """The cover of one map's figures."""
    return CoverSheet(made.reader, (made.indicator,), made.set_name, boundaries(made.layer), made.sources, made.demo, link)


blueprint = Blueprint("maps", __name__)

FOREVER: Final = "public, max-age=31536000, immutable"
"""What lies under an edition's id never changes."""

_LEAFLET_FILES: Final = frozenset({"leaflet.js", "leaflet.css"})


@blueprint.get("/kort/")
def index() -> str | AnyResponse:
    """List every map that has something to show; with `indikator` (the form without script) go to that map."""
    reader = chosen.reader(request.args.get("udgave"))
    if "indikator" in request.args:
        return redirect(_settled(reader.edition, request.args))
    groups: dict[str, list[MapView]] = {"real": [], "made_up": [], "city_only": []}
    for card in _cards(reader):
        groups["city_only" if card.layer.id == CITY_SET else "made_up" if card.demo else "real"].append(card)
    return render_template("map/index.html", groups=groups)


@blueprint.get("/kort/<indicator>")
def page(indicator: str) -> str:
    """One map; everything it shows is in its address."""
    reader, asked = chosen.reader(request.args.get("udgave")), request.args
    made = links.view(reader, indicator, asked.get("inddeling", ""), asked.get("periode", ""), selected=asked.get("omraade", ""))
    log_figures(area=made.view.layer.id, indicator=indicator, figures=edition_rows.count(reader.edition, indicator, made.view.layer.id))
    goals = [goal for goal in reader.edition.catalogue.goals if indicator in goal.indicators]
    return render_template("map/page.html", m=made, goals=goals, title=_title(made.view))


@blueprint.get("/udgave/<edition_id>/kort/grund.js")
def ground(edition_id: str) -> Response:
    """The empty map with land and water, as Folium writes it."""
    return _kept(_ground(chosen.edition(edition_id, Audience.PUBLIC), scripts.tiles()), "text/javascript")


@blueprint.get("/udgave/<edition_id>/kort/<area_set>.js")
def layer(edition_id: str, area_set: str) -> Response:
    """One area set's shapes, as Folium writes them."""
    return _kept(_layer(chosen.edition(edition_id, Audience.PUBLIC), area_set), "text/javascript")


@blueprint.get("/udgave/<edition_id>/tal/<indicator>/<area_set>.json")
def values(edition_id: str, indicator: str, area_set: str) -> Response:
    """All periods of one map in words, so that the browser only looks them up."""
    reader = chosen.reader(edition_id, chosen.part())
    log_figures(area=area_set, indicator=indicator, figures=edition_rows.count(reader.edition, indicator, area_set))
    return _kept(_values(reader, indicator, area_set), "application/json")


@blueprint.get("/udgave/<edition_id>/hent/<indicator>/<area_set>.csv")
def download_csv(edition_id: str, indicator: str, area_set: str) -> Response:
    """All periods of one map as CSV."""
    made, records = _all_periods(edition_id, indicator, area_set)
    return _download(figure_records.csv_text(records), "text/csv", f"{_file_name(made)}.csv")


@blueprint.get("/udgave/<edition_id>/hent/<indicator>/<area_set>.xlsx")
def download_xlsx(edition_id: str, indicator: str, area_set: str) -> Response:
    """All periods of one map as a workbook with its sources."""
    made, records = _all_periods(edition_id, indicator, area_set)
    book = workbook.xlsx(of_map(made, link=links.map_page(made)), records)
    return _download(book, workbook.MEDIA_TYPE, f"{_file_name(made)}.xlsx")


@blueprint.get("/udgave/<edition_id>/hent/<indicator>/<area_set>.geojson")
def download_geojson(edition_id: str, indicator: str, area_set: str) -> Response:
    """One period of one map as GeoJSON."""
    reader = chosen.reader(edition_id, chosen.part())
    made = view.view(reader, indicator, area_set, request.args.get("periode", ""))
    rows = edition_rows.rows_of(reader.edition, indicator, area_set, made.period)
    log_figures(area=area_set, indicator=indicator, figures=int(rows["value"].notna().sum()))
    text = figure_records.geojson_text(reader.edition, area_set, figure_records.records(reader, rows, root=request.script_root))
    return _download(text, "application/geo+json", f"{_file_name(made)}_{made.period}.geojson")


@blueprint.get(f"/static/leaflet/{links.LEAFLET_VERSION}/<name>")
def leaflet_file(name: str) -> Response:
    """Leaflet from its package; only the files that a map needs."""
    if name not in _LEAFLET_FILES:
        abort(404)
    answer = send_from_directory(Path(leaflet.BASE_DIR), name)
    answer.headers["Cache-Control"] = FOREVER
    return answer


# --- what is kept, because an edition never changes ---------------------------------------------------------------------


@lru_cache(maxsize=16)
def _ground(edition: Edition, tiles: scripts.Tiles | None) -> str:
    return scripts.ground_script(edition, tiles=tiles)


@lru_cache(maxsize=64)
def _layer(edition: Edition, area_set: str) -> str:
    return scripts.layer_script(edition, area_set)


@lru_cache(maxsize=256)
def _values(reader: Reader, indicator: str, area_set: str) -> bytes:
    measured = reader.edition.catalogue.indicator(indicator)
    if measured is None or area_set not in edition_rows.drawable(reader.edition):
        raise NotFoundError(Problem(f"{indicator}/{area_set}", "no such indicator or area set in this edition"))
    question = Question(reader, measured, area_set)
    codes = (*edition_rows.periods_in_set(reader.edition, indicator, area_set), *view.means_of(reader.edition, indicator, area_set))
    return msgspec.json.encode(
        {"edition": reader.edition.id, "periods": {code: _payload(question, state(question, code)) for code in codes}}
    )


@lru_cache(maxsize=8)
def _cards(reader: Reader) -> tuple[MapView, ...]:
    return tuple(view.view(reader, option.id) for option in view.indicator_options(reader, ""))


def _payload(question: Question, now: State) -> dict[str, Any]:
    rows = {row.key: _row_payload(row) for row in now.rows}
    if now.city:
        rows[CITY_KEY] = _row_payload(now.city)
    return {
        "title": f"{_title_of(question, now)} – Områdekort",
        "texts": {
            "sentence": now.sentence,
            "caption": now.caption,
            "city": f"{now.city.value} ({now.city.interval})" if now.city else wording.NONE,
            "doubt": now.doubt,
        },
        "counts": {key.look: key.count for key in (*now.classes, *now.keys)} | {classes.UNCERTAIN: str(now.tally.uncertain)},
        "rows": rows,
    }


def _row_payload(row: Row) -> dict[str, str]:
    return {"look": row.look, "value": row.value, "interval": row.interval, "n": row.n, "status": row.status, "doubt": row.doubt}


def _title(made: MapView) -> str:
    return _title_of(Question(made.reader, made.indicator, made.layer.id), made.state)


def _title_of(question: Question, now: State | None) -> str:
    name = question.indicator.name.in_(question.reader.language)
    return f"{name}, {now.period_name}" if now else name


def _settled(edition: Edition, asked: Mapping[str, str]) -> str:
    """The address of what the form asked for, without what the new choice does not have: a set, a period or an area it lacks."""
    indicator = asked["indikator"]
    area_set = asked.get("inddeling", "")
    codes = edition_rows.periods_in_set(edition, indicator, area_set)
    kept = {"udgave": edition.id}
    if codes:
        areas = {area.area_id for area in edition.layers[area_set].areas}
        kept |= {"inddeling": area_set}
        every = {*codes, *view.means_of(edition, indicator, area_set)}
        kept |= {"periode": asked["periode"]} if asked.get("periode") in every else {}
        kept |= {"omraade": asked["omraade"]} if asked.get("omraade") in areas else {}
    kept |= {"sorter": asked["sorter"]} if asked.get("sorter") else {}
    kept |= {"tvivl": "1"} if asked.get("tvivl") == "1" else {}
    return links.endpoint("maps.page", urls.language(), indicator=indicator, **kept)


def _kept(content: str | bytes, kind: str) -> Response:
    answer = Response(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Cache-Control"] = FOREVER
    return answer


def _download(text: str | bytes, kind: str, name: str) -> Response:
    answer = _kept(text, kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _all_periods(edition_id: str, indicator: str, area_set: str) -> tuple[MapView, Iterator[Mapping[str, Any]]]:
    """A map and all its figures as records of `tables.COLUMNS`, noted in the access log."""
    reader = chosen.reader(edition_id, chosen.part())
    log_figures(area=area_set, indicator=indicator, figures=edition_rows.count(reader.edition, indicator, area_set))
    rows = edition_rows.rows_of(reader.edition, indicator, area_set)
    made = view.view(reader, indicator, area_set, "")
    return made, figure_records.records(reader, rows, root=request.script_root)


def _file_name(made: MapView) -> str:
    """A file name of plain letters; made-up figures say so in it."""
    plain = re.sub(r"[^a-z0-9_-]", "", f"{made.indicator.id}_{made.layer.id}_{made.reader.edition.id}".lower())
    return f"demodata_{plain}" if made.demo else plain


@blueprint.get("/kort/sammenlign")
def side_by_side() -> str:
    """Two periods or two indicators side by side, with what changed for sure."""
    reader = chosen.reader()
    made = pair.pair(reader, parse(request.args))
    log_pair(made)
    return render_template("compare.html", p=made, **addresses(made, "maps.side_by_side"))


@blueprint.get("/kort/sammenlign.<any(csv, xlsx):kind>")
def download_pair(kind: str) -> Response:
    """The chosen areas of both maps (all, when none is chosen), all periods, as CSV or as a workbook with its sources."""
    reader = chosen.reader()
    made = pair.pair(reader, parse(request.args))
    log_pair(made)
    content, media = book(made), workbook.MEDIA_TYPE
    if kind == "csv":
        content, media = figure_records.csv_text(records(made)).encode(), "text/csv; charset=utf-8"
    name = f"{'demodata_' if made.demo else ''}valgte_omraader_{reader.edition.id}.{kind}"
    return Response(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.get("/kort/<indicator>/perioder")
def periods(indicator: str) -> str:
    """All periods of one indicator as small maps with the same classes."""
    reader = chosen.reader()
    return render_template("periods.html", **small_multiples(reader, indicator, request.args.get("inddeling", "")))
