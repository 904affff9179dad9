"""The plan programme and the hotspot programme in words: figures with their sources, areas that can be named, what is not known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.model.programmes import AreaRef, Chart, Evaluation, HotspotProgramme, Plan, PlanProgramme, RecurringReport
from geo.model.sources import Cite, Reported
from geo.model.vocabulary import Text
from webmap.charts import illustrations
from webmap.charts.bars import Bar, NamedBars, bars
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.printed import ProgrammeFigureLine, figure
from webmap.language.wording import by_name, years

_SEEN = frozenset({"helhedsplan", "helhedsplaner"})


@dataclass(frozen=True)
class ProgrammeCard:
    """A programme on the start page, named by the page it leads to. reported: what the city's papers say of it."""

    page: str
    name: Text
    question: Text
    reported: Reported | None
    text: str
    drawing: Markup


@dataclass(frozen=True)
class ChartLine:
    """Figures of one source and unit as a picture."""

    name: str
    unit: str
    note: str
    drawing: Markup
    cites: tuple[Cite, ...]


@dataclass(frozen=True)
class Named:
    """An area a programme names. `overlaps` says what else lies there, in percent of this area."""

    area_set: str
    area_id: str
    name: str
    when: str
    text: str
    note: str
    cite: Cite | None
    overlaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanLine:
    """A plan that the sources name."""

    plan: Plan
    when: str
    areas: tuple[Named, ...]
    figures: tuple[ProgrammeFigureLine, ...]
    note: str


@dataclass(frozen=True)
class PlansView:
    """The page of the plan programme."""

    note: str
    figures: tuple[ProgrammeFigureLine, ...]
    evaluations: tuple[Evaluation, ...]
    plans: tuple[PlanLine, ...]
    drawing: Markup
    events: tuple[RecurringReport, ...]
    generalised: bool
    charts: tuple[ChartLine, ...]


@dataclass(frozen=True)
class HotspotsView:
    """The page of the hotspot programme. `initiatives` is the sum over its themes."""

    programme: HotspotProgramme
    note: str
    areas: tuple[Named, ...]
    figures: tuple[ProgrammeFigureLine, ...]
    staff: tuple[ProgrammeFigureLine, ...]
    initiatives: int
    drawing: Markup
    events: tuple[RecurringReport, ...]
    generalised: bool


def cards(reader: Reader) -> tuple[ProgrammeCard, ...]:
    """The two programmes on the start page."""
    plan, hot = reader.edition.catalogue.plans, reader.edition.catalogue.hotspots
    first = [figure(printed, reader.language) for printed in plan.figures[:3]]
    names = [area.name for area in _hotspot_areas(reader)]
    return (
        ProgrammeCard(
            "areas.plans",
            Text(da="Helhedsplaner", en="Area plans"),
            Text(da="Hvordan går det med helhedsplanerne?", en="How are the area plans doing?"),
            plan.reported,
            ". ".join(f"{line.name}: {line.value}" for line in first) + ("." if first else ""),
            illustrations.of_areas(reader.edition, "udsat_boligomraade", _plan_areas(plan)),
        ),
        ProgrammeCard(
            "areas.hotspots",
            Text(da="Hotspots", en="Hotspots"),
            Text(da=f"Hvad sker der i {_and(names, 'og')}?", en=f"What happens in {_and(names, 'and')}?"),
            hot.reported,
            _themes(hot, reader.language),
            illustrations.of_areas(reader.edition, "hotspot", [area.area.area_id for area in hot.areas]),
        ),
    )


def plans(reader: Reader) -> PlansView:
    """Make the page of the plan programme."""
    programme = reader.edition.catalogue.plans
    return PlansView(
        note=programme.note.in_(reader.language),
        figures=tuple(figure(printed, reader.language) for printed in programme.figures),
        evaluations=programme.evaluations,
        plans=tuple(_plan(reader, plan) for plan in programme.plans),
        drawing=illustrations.of_areas(reader.edition, "udsat_boligomraade", _plan_areas(programme)),
        events=tuple(event for event in reader.edition.catalogue.calendar if "helhedsplan" in event.name.da.casefold()),
        generalised=_is_generalised(reader.edition, "udsat_boligomraade"),
        charts=tuple(_chart(chart, programme, reader.language) for chart in programme.charts),
    )


def hotspots(reader: Reader) -> HotspotsView:
    """Make the page of the hotspot programme."""
    programme = reader.edition.catalogue.hotspots
    return HotspotsView(
        programme=programme,
        note=programme.note.in_(reader.language),
        areas=_hotspot_areas(reader),
        figures=tuple(figure(printed, reader.language) for printed in programme.figures),
        staff=tuple(figure(printed, reader.language) for printed in programme.staff),
        initiatives=sum(theme.initiatives for theme in programme.themes),
        drawing=illustrations.of_areas(reader.edition, "hotspot", [area.area.area_id for area in programme.areas]),
        events=tuple(event for event in reader.edition.catalogue.calendar if "hotspot" in event.name.da.casefold()),
        generalised=_is_generalised(reader.edition, "hotspot"),
    )


def _is_generalised(edition: Edition, area_set: str) -> bool:
    return area_set in edition.layers and edition.layers[area_set].generalised


def named(edition: Edition, ref: AreaRef) -> str:
    """Name of an area, "" when the edition does not have it."""
    area = edition.area(ref.area_set, ref.area_id)
    return area.name if area else ""


def _plan(reader: Reader, plan: Plan) -> PlanLine:
    areas = tuple(
        Named(ref.area_set, ref.area_id, named(reader.edition, ref), "", "", "", None) for ref in plan.areas if named(reader.edition, ref)
    )
    figures = tuple(figure(printed, reader.language) for printed in plan.figures)
    return PlanLine(
        plan, years(plan.valid_from, plan.valid_to, reader.language), areas, figures, plan.note.in_(reader.language) if plan.note else ""
    )


def _chart(chart: Chart, programme: PlanProgramme, language: str) -> ChartLine:
    """Draw the figures that name the chart, in the order they are written in."""
    every = (*programme.figures, *(printed for plan in programme.plans for printed in plan.figures))
    drawn = [(printed, float(printed.value)) for printed in every if printed.chart == chart.id and not isinstance(printed.value, str)]
    groups = [
        NamedBars((printed.bar or printed.name).in_(language), [Bar(value, figure(printed, language).value)]) for printed, value in drawn
    ]
    unit = next((printed.unit.in_(language) for printed, _ in drawn if printed.unit), "")
    name, note = chart.name.in_(language), chart.note.in_(language) if chart.note else ""
    drawing = bars(groups, title=f"{name}, {unit}", whole=math.nan if chart.whole is None else chart.whole)
    return ChartLine(name, unit, note, drawing, tuple(dict.fromkeys(printed.cite for printed, _ in drawn if printed.cite)))


def _plan_areas(programme: PlanProgramme) -> list[str]:
    return [ref.area_id for plan in programme.plans for ref in plan.areas if ref.area_set == "udsat_boligomraade"]


def _hotspot_areas(reader: Reader) -> tuple[Named, ...]:
    about = Text(da="ca. {} beboere", en="about {} residents").in_(reader.language)
    areas = [
        Named(
            hotspot.area.area_set,
            hotspot.area.area_id,
            named(reader.edition, hotspot.area) or hotspot.area.area_id,
            years(hotspot.valid_from, hotspot.valid_to, reader.language),
            about.format(wording.number(hotspot.residents, decimals=0, language=reader.language)),
            hotspot.note.in_(reader.language) if hotspot.note else "",
            hotspot.cite,
            _overlaps(reader, hotspot.area),
        )
        for hotspot in reader.edition.catalogue.hotspots.areas
    ]
    return tuple(sorted(areas, key=lambda area: by_name(area.name)))


def _overlaps(reader: Reader, ref: AreaRef) -> tuple[str, ...]:
    several = {layer.id for layer in reader.edition.layers.values() if len(layer.areas) > 1}  # that it lies in the city goes without saying
    pairs = [o for o in reader.edition.overlaps if o.area_set == ref.area_set and o.area_id == ref.area_id and o.other_set in several]
    kinds = {kind.id: kind.singular.in_(reader.language) for kind in reader.edition.catalogue.area_sets}
    inside = Text(da="{} af området ligger i {} ({})", en="{} of the area lies in {} ({})").in_(reader.language)
    return tuple(
        inside.format(
            wording.number(o.percent_of_area, decimals=0, language=reader.language) + wording.percent_sign(reader.language),
            named(reader.edition, AreaRef(area_set=o.other_set, area_id=o.other_id)),
            kinds.get(o.other_set, o.other_set),
        )
        for o in pairs
    )


def _themes(programme: HotspotProgramme, language: str) -> str:
    """How many initiatives each theme has, and that nothing is said of what they do."""
    counts = [f"{theme.name.in_(language)} {theme.initiatives}" for theme in programme.themes]
    return Text(
        da=f"Initiativer: {', '.join(counts)}. Om de virker, siger kilderne ikke.",
        en=f"Initiatives: {', '.join(counts)}. Whether they work the sources do not say.",
    ).in_(language)


def _and(names: Sequence[str], word: str) -> str:
    return f" {word} ".join(filter(None, [", ".join(names[:-1]), names[-1] if names else ""]))
