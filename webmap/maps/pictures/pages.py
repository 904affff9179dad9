"""Pictures to take away: a map, a curve, a spread, as SVG and PNG, each with title, source, edition and the mark of made-up figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from flask import Blueprint, Response, abort, get_template_attribute, request
from markupsafe import Markup

from geo.errors import NotFoundError, Problem
from geo.model.vocabulary import Status, Text
from webmap.access import gate, log_figures
from webmap.charts import illustrations, strip
from webmap.charts.ground import minimap
from webmap.charts.picture import Line, PictureWords, picture
from webmap.edition import chosen, sources
from webmap.edition import rows as edition_rows
from webmap.edition.compared import differences
from webmap.edition.reader import Reader
from webmap.edition.rows import Question
from webmap.edition.sources import SourceLine
from webmap.language import wording
from webmap.maps import links, view
from webmap.maps.state import Row, State
from webmap.maps.view import MapView
from webmap.paper import png

blueprint = Blueprint("pictures", __name__)

KINDS: Final = {"svg": "image/svg+xml", "png": png.MEDIA_TYPE}
"""Endings of pictures, with their media types."""

_MOST_BESIDE: Final = 20
"""So many areas have their figure beside the map; of more the table has them."""
_MADE_UP: Final = Text(
    da="Demodata: opdigtede tal, der viser, hvordan opgørelsen virker", en="Demo data: invented figures that show how it works"
)


@blueprint.get("/udgave/<edition_id>/billede/<indicator>/<area_set>.<kind>")
def map_picture(edition_id: str, indicator: str, area_set: str, kind: str) -> Response:
    """One map as a picture, in the view and the period that the address asks for."""
    reader, asked = _reader(edition_id, kind), request.args
    made = view.view(reader, indicator, area_set, asked.get("periode", ""), colours=links.colours(asked.get("farver", "")))
    if made.state is None:
        raise NotFoundError(Problem(f"{indicator}/{area_set}", "no figures to draw"))
    log_figures(area=area_set, indicator=indicator, figures=edition_rows.count(reader.edition, indicator, area_set))
    return answer(_map(made, made.state), _words_of_map(made, made.state), kind, f"{indicator}_{area_set}_{made.period}")


@blueprint.get("/udgave/<edition_id>/kurve/<indicator>/<area_set>/<area_id>.<kind>")
def curve(edition_id: str, indicator: str, area_set: str, area_id: str, kind: str) -> Response:
    """The trend of one area as a picture."""
    reader = _reader(edition_id, kind)
    measured, area = differences.measured(reader.edition, indicator), reader.edition.area(area_set, area_id)
    if area is None:
        raise NotFoundError(Problem(f"{area_set}/{area_id}", "no such area in this edition"))
    question = Question(reader, measured, area_set)
    drawing = illustrations.trend(question, area_id)
    if not drawing:
        raise NotFoundError(Problem(f"{indicator}/{area_set}/{area_id}", "figures of two periods are needed for a curve"))
    shown = edition_rows.of_area(reader.edition, indicator, area_set, area_id)
    log_figures(area=f"{area_set}/{area_id}", indicator=indicator, figures=len(shown))
    notes = [
        _CURVE.in_(reader.language),
        view.broken(question) and f"{_BREAK.in_(reader.language)} {view.broken(question)}",
        _assumed(question),
    ]
    words = PictureWords(
        title=f"{measured.name.in_(reader.language)}: {area.name}",
        answer="",
        caption=f"{measured.unit.in_(reader.language)} · {measured.population.in_(reader.language)}",
        demo=demo_words(reader, measured.demo or any(row["status"] == Status.DEMO for row in shown)),
        legend=(),
        notes=tuple(filter(None, notes)),
        foot=foot(reader, sources.sources(question)),
    )
    return answer(drawing, words, kind, f"{indicator}_{area_set}_{area_id}")


@blueprint.get("/udgave/<edition_id>/fordeling/<indicator>/<area_set>.<kind>")
def spread(edition_id: str, indicator: str, area_set: str, kind: str) -> Response:
    """Where the areas that the address names lie among all of them, as a picture."""
    reader = _reader(edition_id, kind)
    made = view.view(reader, indicator, area_set, request.args.get("periode", ""))
    drawing = strip.strip(reader, made.indicator, made.layer.id, made.period, chosen=tuple(dict.fromkeys(request.args.getlist("omraade"))))
    if made.state is None or not drawing:
        raise NotFoundError(Problem(f"{indicator}/{area_set}", "figures of two areas are needed for a spread"))
    log_figures(area=area_set, indicator=indicator, figures=edition_rows.count(reader.edition, indicator, area_set))
    words = PictureWords(
        title=f"{_SPREAD.in_(reader.language)}: {made.indicator.name.in_(reader.language)}",
        answer="",
        caption=made.state.caption,
        demo=demo_words(reader, made.demo),
        legend=(),
        notes=(_MARKS.in_(reader.language), *_assumed_notes(made)),
        foot=foot(reader, made.sources),
    )
    return answer(drawing, words, kind, f"{indicator}_{area_set}_{made.period}")


_CURVE: Final = Text(
    da="Linjen er tallet og båndet dets 95 %-interval; den stiplede linje er byen som helhed.",
    en="The line is the figure and the band its 95% interval; the dashed line is the city as a whole.",
)
_BREAK: Final = Text(da="Den lodrette prikkede streg:", en="The dotted upright line:")
_SPREAD: Final = Text(da="Fordelingen på områderne", en="Spread over the areas")
_MARKS: Final = Text(
    da="Hver lodret streg er et område; et punkt med en vandret streg er et valgt område med dets 95 %-interval.",
    en="Each upright line is an area; a dot with a level line is a chosen area with its 95% interval.",
)


def _reader(edition_id: str, kind: str) -> Reader:
    if kind not in KINDS:
        abort(404)
    return chosen.reader(edition_id)


def _map(made: MapView, now: State) -> Markup:
    """The map, or where it would have one colour, the curve of its one figure."""
    if made.plain and made.panel and made.panel.trend:
        return made.panel.trend
    names = {row.area_id: spoken(row) for row in now.rows}
    looks = {row.area_id: row.look for row in now.rows}
    return minimap.pointed(made.reader.edition, made.layer.id, looks=looks, names=names, label=now.caption, marked=made.marks.tags.keys())


def spoken(row: Row) -> str:
    """An area with its figure, as words beside its shape."""
    value = f"{row.value} ({row.interval})" if row.interval != wording.NONE else row.status
    return f"{row.name}: {value}{'; ' + row.stands if row.stands else ''}"


def _words_of_map(made: MapView, now: State) -> PictureWords:
    language = made.reader.language
    legend = [Line(f"{key.label} · {key.count}", key.look) for key in (*now.classes, *now.keys) if not key.folded] if not made.plain else []
    if made.marks.label and not made.plain:
        legend.append(Line(made.marks.label, "tom maerket"))
    beside = [Line(row.name if row.value != wording.NONE else f"{row.name} ({row.status})", row.look, row.value) for row in now.rows]
    boundaries = Text(da="Grænser", en="Boundaries").in_(language)
    return PictureWords(
        title=made.indicator.name.in_(language),
        answer=now.sentence,
        caption=now.caption,
        demo=demo_words(made.reader, made.demo),
        legend=tuple(legend),
        notes=tuple(filter(None, (now.doubt, now.lacking, made.broken, *_assumed_notes(made)))),
        foot=(*foot(made.reader, made.sources), f"{boundaries}: {made.layer.title} · {made.layer.producer} · {made.layer.licence}"),
        beside=tuple(beside) if not made.plain and len(beside) <= _MOST_BESIDE else (),
    )


def _assumed_notes(made: MapView) -> tuple[str, ...]:
    return tuple(filter(None, (_assumed(Question(made.reader, made.indicator, made.layer.id)),)))


def _assumed(question: Question) -> str:
    sample = question.indicator.assumed_sample
    return f"* {sample.note.in_(question.reader.language)}" if sample else ""


def demo_words(reader: Reader, demo: bool) -> str:
    """The mark of made-up figures; "" where none is."""
    return _MADE_UP.in_(reader.language) if demo else ""


def foot(reader: Reader, lines: Sequence[SourceLine]) -> tuple[str, ...]:
    """Where the figures come from, and the edition that they stand in."""
    source, retrieved, edition = (
        words.in_(reader.language)
        for words in (Text(da="Kilde", en="Source"), Text(da="hentet", en="retrieved"), Text(da="udgave", en="edition"))
    )
    named = (f"{source}: {line.title} · {line.producer} · {retrieved} {line.retrieved}" for line in lines)
    return (*named, f"Områdekort · {edition} {reader.edition.id}")


def answer(drawing: Markup, words: PictureWords, kind: str, name: str) -> Response:
    """A drawing as a file to save."""
    text = picture(drawing, words, patterns=_patterns())
    response = Response(png.drawn(text) if kind == "png" else text, content_type=KINDS[kind])
    response.headers["Cache-Control"] = gate.SHARED
    plain = re.sub(r"[^a-z0-9_-]", "", name.lower())
    response.headers["Content-Disposition"] = f'attachment; filename="{"demodata_" if words.demo else ""}{plain}.{kind}"'
    return response


@lru_cache(maxsize=1)
def _patterns() -> Markup:
    """Hatch and dots, as every page has them."""
    drawn = str(get_template_attribute("map/map.html", "patterns")())
    return Markup("".join(re.findall(r"<pattern.*?</pattern>", drawn, re.DOTALL)))  # noqa: S704 - our own template
