"""Pages that put maps beside each other: two of them with what they say together, and all periods of one as small pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from geo.model.indicators import Indicator
from webmap import urls
from webmap.access import log_figures
from webmap.charts.ground import minimap
from webmap.edition import rows as edition_rows
from webmap.edition import sources
from webmap.edition.reader import Reader
from webmap.edition.rows import Question
from webmap.figures import records as figure_records
from webmap.figures.formats import listed
from webmap.figures.formats.table import FigureTable, boundaries
from webmap.maps import against, pair, standingtexts, view
from webmap.maps.links import Download
from webmap.maps.pair import PairRequest
from webmap.maps.state import CLASSES, Key, State, state
from webmap.maps.view import MapView


@dataclass(frozen=True)
class PeriodMap:
    """One period as a small map. said: how many areas have each look, in words."""

    state: State
    map: Markup
    said: str


def small_multiples(reader: Reader, indicator: str, area_set: str, colours: str = "") -> dict[str, object]:
    """What the page of all periods needs; no pictures where nothing can be drawn.

    colours: as a map has them. What can be told is shown where it can in every period; else all show classes, and it is said why.
    Raises NotFoundError when there is no such indicator or area set.
    """
    made = view.view(reader, indicator, area_set, "", colours=CLASSES)
    if made.state is None:
        return {"view": made, "pictures": [], "table": []}
    question = Question(reader, made.indicator, made.layer.id)
    log_figures(area=made.layer.id, indicator=indicator, figures=edition_rows.count(reader.edition, indicator, made.layer.id))
    sides_of = [state(question, option.id, "") for option in made.periods]
    lacking = next((now.lacking for now in sides_of if not now.against), "")
    single = len(made.layer.areas) == 1
    shown = CLASSES if any(not now.against for now in sides_of) else colours
    states = sides_of if shown != CLASSES else [state(question, option.id) for option in made.periods]
    pictures = [
        PeriodMap(
            now,
            minimap.mini_map(
                reader.edition, made.layer.id, looks={row.area_id: row.look for row in now.rows}, label=f"{now.period_name}. {now.sentence}"
            ),
            _counted(question, now) if now.against else now.doubt,
        )
        for now in states
    ]
    return {
        "view": made,
        "pictures": pictures,
        "table": list(zip(*(now.rows for now in states), strict=True)),
        "classes": _legend(question, states) if states[-1].against else states[-1].classes,
        "told": bool(states[-1].against),
        "lacking": "" if single else lacking,
        "other": "" if single or lacking else _other(made, shown),
    }


def _other(made: MapView, shown: str) -> str:
    """Address of the other view of the same page."""
    other = {} if shown == CLASSES else {"farver": CLASSES}
    return urls.link("maps.periods", indicator=made.indicator.id, inddeling=made.layer.id, **other)


def _lines(question: Question, now: State) -> list[tuple[str, str, int]]:
    stands = against.standing(question.reader.edition, question.indicator.id, question.area_set, now.period)
    return standingtexts.counted(stands, question.indicator, question.reader.language)


def _legend(question: Question, states: Sequence[State]) -> tuple[Key, ...]:
    """What can be told in some period."""
    drawn = {row.look for now in states for row in now.rows}
    return tuple(Key(look, words, str(count)) for look, words, count in _lines(question, states[-1]) if look in drawn)


def _counted(question: Question, now: State) -> str:
    """How many areas of one period have each look: `2 sikkert under byen · 11 kan ikke skelnes fra byen`."""
    return " · ".join(f"{count} {words}" for _, words, count in _lines(question, now) if count)


def downloads(made: pair.Pair) -> tuple[Download, ...]:
    """The chosen figures (all, when none is chosen) in every format that holds more than one map."""
    chosen = [line.area_id for line in made.chosen]
    return tuple(
        Download(each.label, urls.link("maps.download_pair", kind=each.ending, **_asked(made), omraade=chosen))
        for each in listed.holding(figure_records.COLUMNS, one_map=False)
    )


def parse(asked: MultiDict[str, str]) -> PairRequest:
    """Read what an address asks for."""
    return PairRequest(
        area_set=asked.get("inddeling", ""),
        indicators=(asked.get("a", ""), asked.get("b", "")),
        periods=(asked.get("pa", ""), asked.get("pb", "")),
        chosen=tuple(dict.fromkeys(asked.getlist("omraade"))),
    )


def log_pair(made: pair.Pair, also: Sequence[Indicator] = ()) -> None:
    """Tell the access log which figures were looked at. also: indicators that stand on the page beside those of the maps."""
    names = list(dict.fromkeys(indicator.id for indicator in (*_indicators(made), *also)))
    figures = sum(edition_rows.count(made.reader.edition, name, made.area_set) for name in names)
    log_figures(area=made.area_set, indicator=" ".join(names), figures=figures)


def _indicators(made: pair.Pair) -> tuple[Indicator, ...]:
    """Those of both maps, each once."""
    return tuple({side.indicator.id: side.indicator for side in made.sides}.values())


def _records(made: pair.Pair) -> Iterator[dict[str, Any]]:
    """The figures of the chosen areas (all, when none is chosen) in all periods, of one indicator after the other."""
    wanted = {line.area_id for line in made.chosen or made.lines}
    for indicator in _indicators(made):
        rows = edition_rows.rows_of(made.reader.edition, indicator.id, made.area_set)
        yield from figure_records.records(made.reader, rows[rows["area_id"].isin(wanted)], root=request.script_root)


def figure_table(made: pair.Pair) -> FigureTable:
    """The figures of a pair as a table, of the chosen areas or of all."""
    edition, indicators = made.reader.edition, _indicators(made)
    questions = (Question(made.reader, indicator, made.area_set) for indicator in indicators)
    return FigureTable(
        reader=made.reader,
        name="observations",
        columns=figure_records.COLUMNS,
        records=tuple(_records(made)),
        indicators=indicators,
        area_set=made.area_set,
        set_name=made.set_name,
        boundaries=boundaries([edition.layers[made.area_set]]),
        sources=tuple(dict.fromkeys(source for question in questions for source in sources.sources(question))),
        demo=made.demo,
        link=urls.link("maps.side_by_side", **_asked(made), omraade=[line.area_id for line in made.chosen], udgave=edition.id),
    )


def addresses(made: pair.Pair, page: str) -> dict[str, object]:
    """Addresses that the page of a pair links to, by what they are for; page: that of this pair."""
    now = _asked(made)
    return {
        "downloads": downloads(made),
        "swapped": urls.link(page, **{**now, "a": now["b"], "b": now["a"], "pa": now["pb"], "pb": now["pa"]}),
        "whole": urls.link(page, **now),
        "form": urls.link(page),
    }


def _asked(made: pair.Pair) -> dict[str, str]:
    """The parameters of an address that asks for these two maps."""
    first, second = made.sides
    return {
        "inddeling": made.area_set, "a": first.indicator.id, "pa": first.state.period,
        "b": second.indicator.id, "pb": second.state.period,
    }  # fmt: skip
