"""Everything a map needs on any page: what can be chosen, what is shown now, and the one area looked at.

The macro in `templates/map/map.html` draws it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.figures import means
from geo.model.areas import AreaSetKind
from geo.model.indicators import Indicator
from geo.model.results import AreaLayer
from geo.model.vocabulary import Period, Text
from webmap.charts import illustrations
from webmap.charts.ground import minimap, projection
from webmap.edition import classes, marks, rows
from webmap.edition.marks import Marks
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_ID, CITY_SET, Question, periods_in_set
from webmap.edition.sources import SourceLine, sources
from webmap.language import wording
from webmap.maps.state import CITY_KEY, Row, State, state


@dataclass(frozen=True)
class MapOption:
    """One thing a control can choose."""

    id: str
    name: str
    selected: bool
    demo: bool = False


@dataclass(frozen=True)
class Panel:
    """One area beside the map, or the whole city when none is chosen (area_id "")."""

    row: Row
    area_id: str
    unit: str
    trend: Markup
    broken: bool
    tag: str
    city: Row | None


@dataclass(frozen=True)
class MapView:
    """One map with its controls, legend, table and sources, in one language. What it holds is words and addresses, nothing to compute.

    broken: what is to be said when the definition changed between periods, "" when it did not. hatched: whether the reader asked to
    see on the map which areas could fall in another class. colours: "" for what can be told, or `state.CLASSES`, as the reader asked.
    """

    reader: Reader
    indicator: Indicator
    layer: AreaLayer
    set_name: str
    set_singular: str
    indicators: tuple[MapOption, ...]
    area_sets: tuple[MapOption, ...]
    periods: tuple[MapOption, ...]
    means: tuple[MapOption, ...]
    state: State | None
    panel: Panel | None
    marks: Marks
    sources: tuple[SourceLine, ...]
    still: Markup
    box: str
    demo: bool
    selected: str = ""
    notice: str = ""
    broken: str = ""
    hatched: bool = False
    colours: str = ""

    @property
    def plain(self) -> bool:
        """Whether one figure and its chart say all: a map would have one colour."""
        return self.state is not None and self.state.plain

    @property
    def unit(self) -> str:
        """The unit that stands beside a large figure, "" for percent."""
        return wording.value_and_unit(0.0, self.indicator, self.reader.language)[1]

    @property
    def n_name(self) -> str:
        """Heading of the counts: answers of a survey, people of a register."""
        words = Text(da="Svar", en="Answers") if self.indicator.basis == "survey" else Text(da="Ud af", en="Out of")
        return words.in_(self.reader.language)

    @property
    def doubts(self) -> tuple[str, ...]:
        """The kinds of doubt among the figures of all periods, in words."""
        return classes.doubts(self.reader, self.indicator.id, self.layer.id)

    @property
    def designs(self) -> tuple[str, ...]:
        """Why the design effects behind the intervals were chosen, in words."""
        return classes.designs(self.reader, self.indicator.id, self.layer.id)

    @property
    def backdrop(self) -> tuple[AreaLayer, ...]:
        """The layers that are drawn for orientation, of each producer and licence one."""
        drawn = [layer for layer in self.reader.edition.layers.values() if layer.role == "context"]
        return tuple({(layer.producer, layer.licence): layer for layer in reversed(drawn)}.values())[::-1]

    @cached_property
    def points(self) -> Mapping[str, str]:
        """Label point of each area as "longitude,latitude" (degrees)."""
        return {area.area_id: f"{area.point[0]},{area.point[1]}" for area in self.layer.areas}

    @property
    def period(self) -> str:
        """Code of the period shown, "" when there is none."""
        return self.state.period if self.state else ""


def view(  # noqa: PLR0913 - the parts of a map's address, as they stand in the address bar
    reader: Reader,
    indicator: str,
    area_set: str = "",
    period: str = "",
    *,
    marked: Marks | None = None,
    selected: str = "",
    hatched: bool = False,
    colours: str = "",
) -> MapView:
    """Make one map. An empty area set or period means the one with most to show and the latest; a period without figures does too.

    Raises NotFoundError when the edition has no such indicator, area set or area.
    """
    measured = _measured(reader.edition, indicator)
    chosen = _area_set(reader.edition, measured, area_set)
    layer = _with(reader.edition.layers[chosen], selected)
    question = Question(reader, measured, chosen)
    codes, over = periods_in_set(reader.edition, indicator, chosen), means_of(reader.edition, indicator, chosen)
    shown = state(question, period if period in {*codes, *over} else codes[-1], colours) if codes else None
    tagged = marked if marked is not None else marks.of_map(reader, indicator, chosen)
    kind = reader.edition.catalogue.area_set(chosen)
    return MapView(
        reader=reader,
        indicator=measured,
        layer=layer,
        set_name=kind.name.in_(reader.language) if kind else layer.title,
        set_singular=wording.opening(kind.singular.in_(reader.language)) if kind else layer.title,
        indicators=indicator_options(reader, indicator),
        area_sets=_set_options(reader, measured, chosen),
        periods=tuple(MapOption(code, wording.period(code, reader.language), shown is not None and code == shown.period) for code in codes),
        means=tuple(MapOption(code, wording.mean(code, reader.language), shown is not None and code == shown.period) for code in over),
        state=shown,
        panel=_panel(question, shown, selected, tagged) if shown else None,
        marks=tagged,
        sources=sources(question, shown.period) if shown else (),
        still=_still(question, shown, tagged),
        box=",".join(f"{edge:.4f}" for edge in projection.extent(reader.edition)),
        demo=measured.demo or bool(shown and shown.demo),
        selected=selected,
        notice=_notice(period, shown, reader.language),
        broken=broken(question),
        hatched=hatched,
        colours=colours,
    )


def _measured(edition: Edition, indicator: str) -> Indicator:
    measured = edition.catalogue.indicator(indicator)
    if measured is None:
        raise NotFoundError(Problem(indicator, "no such indicator", expected=", ".join(known.id for known in edition.catalogue.indicators)))
    return measured


def _with(layer: AreaLayer, selected: str) -> AreaLayer:
    if selected and selected not in {area.area_id for area in layer.areas}:
        raise NotFoundError(Problem(selected, f"no such area in {layer.id}"))
    return layer


@lru_cache(maxsize=256)
def means_of(edition: Edition, indicator: str, area_set: str) -> tuple[str, ...]:
    """Codes of the means of half-years that are told of some area of the set; those of fewer half-years first, then oldest first."""
    measured = edition.catalogue.indicator(indicator)
    if measured is None or not measured.means:
        return ()
    there = rows.rows_of(edition, indicator, area_set)
    codes = there.loc[there["value"].notna(), "period"].unique().tolist()
    shown_means = [code for code in codes if means.is_mean(measured, code)]
    return tuple(sorted(shown_means, key=lambda code: (len(means.parts_of(code)), Period.parse(code))))


def _set_name(kind: AreaSetKind, areas: int, language: str) -> str:
    return kind.name.in_(language) if areas == 1 else f"{kind.name.in_(language)} ({areas})"


def _area_set(edition: Edition, indicator: Indicator, wanted: str) -> str:
    drawable = rows.drawable(edition)
    if wanted:
        if wanted not in drawable:
            raise NotFoundError(Problem(wanted, "no such area set in this edition", expected=", ".join(drawable)))
        return wanted
    ranked = sorted(
        (name for name in drawable if periods_in_set(edition, indicator.id, name)),
        key=lambda name: (name == CITY_SET, drawable.index(name)),
    )
    declared = [name for name in indicator.area_sets if name in drawable]
    return next(iter([*(name for name in declared if name in ranked and name != CITY_SET), *ranked, *declared, *drawable]))


def indicator_options(reader: Reader, chosen: str) -> tuple[MapOption, ...]:
    """Indicators that have something to show in some area set, figures from sources before made-up ones."""
    return tuple(
        MapOption(indicator.id, indicator.name.in_(reader.language), indicator.id == chosen, indicator.demo)
        for indicator in reader.edition.catalogue.listed
        if indicator.id == chosen or any(periods_in_set(reader.edition, indicator.id, name) for name in rows.drawable(reader.edition))
    )


def _set_options(reader: Reader, indicator: Indicator, chosen: str) -> tuple[MapOption, ...]:
    kinds = {kind.id: kind for kind in reader.edition.catalogue.area_sets}
    return tuple(
        MapOption(name, _set_name(kinds[name], len(reader.edition.layers[name].areas), reader.language), name == chosen)
        for name in rows.drawable(reader.edition)
        if name in kinds and (name == chosen or periods_in_set(reader.edition, indicator.id, name))
    )


def _notice(asked: str, shown: State | None, language: str) -> str:
    """Say that another period is shown than the one asked for; "" when there is nothing to say."""
    if shown is None or asked in ("", shown.period):
        return ""
    return Text(
        da=f"Der er ingen tal for den ønskede periode. Kortet viser {shown.period_name}.",
        en=f"There are no figures for the period you asked for. The map shows {shown.period_name}.",
    ).in_(language)


@lru_cache(maxsize=512)
def broken(question: Question) -> str:
    """Between which periods the definition changed, as a sentence: figures on either side cannot be compared. "" when it did not."""
    there = means.without(rows.rows_of(question.reader.edition, question.indicator.id, question.area_set), (question.indicator,))
    versions = there[there["value"].notna()].groupby("period")["definition"].first().to_dict()
    codes = sorted((str(code) for code in versions), key=Period.parse)
    changes = [(before, after) for before, after in itertools.pairwise(codes) if versions[before] != versions[after]]
    words = [
        f"{wording.period(before, question.reader.language)} – {wording.period(after, question.reader.language)}"
        for before, after in changes
    ]
    if not words:
        return ""
    return Text(
        da=f"Brud i serien: definitionen skiftede ({'; '.join(words)}). Tal før og efter kan ikke sammenlignes.",
        en=f"Break in the series: the definition changed ({'; '.join(words)}). Figures before and after cannot be compared.",
    ).in_(question.reader.language)


def _still(question: Question, shown: State | None, tagged: Marks) -> Markup:
    """The map as one picture, for pages without script and for the moment before the script draws it."""
    looks = {row.area_id: row.look for row in shown.rows} if shown else {}
    return minimap.mini_map(question.reader.edition, question.area_set, looks=looks, marked=tagged.tags.keys(), filling=True)


def _panel(question: Question, shown: State, selected: str, marks: Marks) -> Panel | None:
    city = shown.city
    selected = selected or (shown.rows[0].area_id if city is None and len(shown.rows) == 1 else "")
    row = next((row for row in shown.rows if row.area_id == selected), None) if selected else city
    if row is None:
        return None
    measured = question if selected else replace(question, area_set=CITY_SET)
    own_id = selected or CITY_ID
    own = illustrations.series(measured, own_id)
    return Panel(
        row=row,
        area_id=selected,
        unit=wording.value_and_unit(0.0, question.indicator, question.reader.language)[1],
        trend=illustrations.trend(measured, own_id, name=row.name),
        broken=len({point.definition for point in own.points if point.text != wording.NONE}) > 1,
        tag=marks.tags.get(selected, ""),
        city=city if selected and row.key != CITY_KEY else None,
    )
