"""Pages and files of the maps: `/kort/`, `/kort/<indicator>`, and per edition the scripts, values and downloads that never change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
import pandas as pd
from flask import Blueprint, Response, abort, redirect, render_template, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse
from xstatic.pkg import leaflet

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.vocabulary import Audience
from webmap import urls
from webmap.access import gate, log_figures
from webmap.edition import chosen, classes
from webmap.edition import rows as edition_rows
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_SET, Question
from webmap.figures import records as figure_records
from webmap.figures.formats import listed
from webmap.figures.formats.table import FigureTable, boundaries
from webmap.language import wording
from webmap.maps import links, pair, scripts, view
from webmap.maps.compare import addresses, figure_table, log_pair, parse, small_multiples
from webmap.maps.state import CITY_KEY, Row, State, state
from webmap.maps.view import MapView

blueprint = Blueprint("maps", __name__)

FOREVER: Final = "public, max-age=31536000, immutable"
"""Shapes under an edition's id and the program's mark (`urls.program`) never change; nor does a version of Leaflet."""

ASKED_AGAIN: Final = "public, no-cache"
"""What is made by the program as it is today: kept, and asked for again with the hash of its bytes each time."""

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
    return _kept(_ground(chosen.edition(edition_id, Audience.PUBLIC), scripts.tiles()), "text/javascript; charset=utf-8")


@blueprint.get("/udgave/<edition_id>/kort/orientering.js")
def orientation(edition_id: str) -> Response:
    """Roads, rails, parks, stations and names of places, as Folium writes them."""
    return _kept(_orientation(chosen.edition(edition_id, Audience.PUBLIC)), "text/javascript; charset=utf-8")


@blueprint.get("/udgave/<edition_id>/kort/<area_set>.js")
def layer(edition_id: str, area_set: str) -> Response:
    """One area set's shapes, as Folium writes them."""
    return _kept(_layer(chosen.edition(edition_id, Audience.PUBLIC), area_set), "text/javascript; charset=utf-8")


@blueprint.get("/udgave/<edition_id>/tal/<indicator>/<area_set>.json")
def values(edition_id: str, indicator: str, area_set: str) -> Response:
    """All periods of one map in words, so that the browser only looks them up."""
    reader = chosen.reader(edition_id, chosen.part())
    log_figures(area=area_set, indicator=indicator, figures=edition_rows.count(reader.edition, indicator, area_set))
    asked = links.colours(request.args.get("farver", ""))
    return _kept(_values(reader, indicator, area_set, asked), "application/json; charset=utf-8", while_marked=gate.SHARED)


@blueprint.get("/udgave/<edition_id>/hent/<indicator>/<area_set>.<kind>")
def download(edition_id: str, indicator: str, area_set: str, kind: str) -> Response:
    """The figures of one map in a format of `FORMATS`: all periods, or one in a format that holds one."""
    rendering = listed.named(kind)
    reader = chosen.reader(edition_id, chosen.part())
    asked = request.args.get("periode", "") if rendering.one_map else ""
    made = view.view(reader, indicator, area_set, asked)
    rows = edition_rows.rows_of(reader.edition, indicator, area_set, made.period if rendering.one_map else None)
    log_figures(area=area_set, indicator=indicator, figures=int(rows["value"].notna().sum()))
    answer = Response(rendering.write(_table(made, rows)), content_type=rendering.content_type)
    answer.headers["Cache-Control"] = gate.SHARED  # `serving.costly` names it for comparing
    name = f"{_file_name(made)}_{made.period}" if rendering.one_map else _file_name(made)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


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


@lru_cache(maxsize=16)
def _orientation(edition: Edition) -> str:
    return scripts.orientation_script(edition)


@lru_cache(maxsize=64)
def _layer(edition: Edition, area_set: str) -> str:
    return scripts.layer_script(edition, area_set)


@lru_cache(maxsize=256)
def _values(reader: Reader, indicator: str, area_set: str, colours: str) -> bytes:
    measured = reader.edition.catalogue.indicator(indicator)
    if measured is None or area_set not in edition_rows.drawable(reader.edition):
        raise NotFoundError(Problem(f"{indicator}/{area_set}", "no such indicator or area set in this edition"))
    question = Question(reader, measured, area_set)
    codes = (*edition_rows.periods_in_set(reader.edition, indicator, area_set), *view.means_of(reader.edition, indicator, area_set))
    return msgspec.json.encode(
        {"edition": reader.edition.id, "periods": {code: _payload(question, state(question, code, colours)) for code in codes}}
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
            "lacking": now.lacking,
        },
        "counts": {key.look: key.count for key in (*now.classes, *now.keys)} | {classes.UNCERTAIN: str(now.tally.uncertain)},
        "words": {key.look: key.label for key in now.classes},
        "rows": rows,
        "plain": now.plain,
        "against": now.against,
    }


def _row_payload(row: Row) -> dict[str, str]:
    return {
        "look": row.look,
        "value": row.value,
        "interval": row.interval,
        "n": row.n,
        "status": row.status,
        "doubt": row.doubt,
        "stands": row.stands,
    }


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
    kept |= {"farver": asked["farver"]} if links.colours(asked.get("farver", "")) else {}
    kept |= {"tvivl": "1"} if asked.get("tvivl") == "1" else {}
    return links.endpoint("maps.page", urls.language(), indicator=indicator, **kept)


def _kept(content: str | bytes, content_type: str, *, while_marked: str = FOREVER) -> Response:
    """What a map is drawn with, kept under the mark of this program, and asked for again under another or none.

    while_marked: how long it is kept. Shapes for ever; figures for minutes, because their edition may be withdrawn.
    """
    answer = Response(content, content_type=content_type)
    answer.headers["Cache-Control"] = while_marked if request.args.get("v") == urls.program() else ASKED_AGAIN
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _table(made: MapView, rows: pd.DataFrame) -> FigureTable:
    """Rows of a map with what the map says of them."""
    return FigureTable(
        reader=made.reader,
        name="observations",
        columns=figure_records.COLUMNS,
        records=tuple(figure_records.records(made.reader, rows, root=request.script_root)),
        indicators=(made.indicator,),
        area_set=made.layer.id,
        set_name=made.set_name,
        boundaries=boundaries([made.layer]),
        sources=made.sources,
        demo=made.demo,
        link=links.map_page(made),
    )


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


@blueprint.get("/kort/sammenlign.<kind>")
def download_pair(kind: str) -> Response:
    """The chosen areas of both maps (all, when none is chosen), all periods, in a format of `FORMATS` that holds more than one map."""
    rendering = listed.named(kind)
    if rendering.one_map:
        abort(404)
    reader = chosen.reader()
    made = pair.pair(reader, parse(request.args))
    log_pair(made)
    name = f"{'demodata_' if made.demo else ''}valgte_omraader_{reader.edition.id}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": gate.SHARED}
    return Response(rendering.write(figure_table(made)), content_type=rendering.content_type, headers=headers)


@blueprint.get("/kort/<indicator>/perioder")
def periods(indicator: str) -> str:
    """All periods of one indicator as small maps with the same classes."""
    reader = chosen.reader()
    colours = links.colours(request.args.get("farver", ""))
    return render_template("periods.html", **small_multiples(reader, indicator, request.args.get("inddeling", ""), colours))
