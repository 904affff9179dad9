"""The plan programme and the hotspot programme in words: figures with their sources, areas that can be named, what is not known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from geo.editions.edition import Edition
from geo.model.programmes import AreaRef, Chart, Evaluation, HotspotProgramme, Plan, PlanProgramme, ProgrammeFigure, RecurringReport
from geo.model.sources import Cite, Reported
from geo.model.vocabulary import Text
from webmap.charts import illustrations
from webmap.charts.bars import Bar, NamedBars, bars
from webmap.language import wording
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
class ProgrammeFigureLine:
    """A figure of a programme: value and unit in words, and where it stands."""

    name: str
    value: str
    note: str
    cite: Cite | None


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


def cards(edition: Edition, language: str) -> tuple[ProgrammeCard, ...]:
    """The two programmes on the start page."""
    plan, hot = edition.catalogue.plans, edition.catalogue.hotspots
    first = [figure(one, language) for one in plan.figures[:3]]
    names = [area.name for area in _hotspot_areas(edition, language)]
    return (
        ProgrammeCard(
            "areas.plans",
            Text(da="Helhedsplaner", en="Area plans"),
            Text(da="Hvordan går det med helhedsplanerne?", en="How are the area plans doing?"),
            plan.reported,
            ". ".join(f"{line.name}: {line.value}" for line in first) + ("." if first else ""),
            illustrations.of_areas(edition, "udsat_boligomraade", _plan_areas(plan)),
        ),
        ProgrammeCard(
            "areas.hotspots",
            Text(da="Hotspots", en="Hotspots"),
            Text(da=f"Hvad sker der i {_and(names, 'og')}?", en=f"What happens in {_and(names, 'and')}?"),
            hot.reported,
            _themes(hot, language),
            illustrations.of_areas(edition, "hotspot", [area.area.area_id for area in hot.areas]),
        ),
    )


def plans(edition: Edition, language: str) -> PlansView:
    """Make the page of the plan programme."""
    programme = edition.catalogue.plans
    return PlansView(
        note=programme.note.in_(language),
        figures=tuple(figure(one, language) for one in programme.figures),
        evaluations=programme.evaluations,
        plans=tuple(_plan(edition, plan, language) for plan in programme.plans),
        drawing=illustrations.of_areas(edition, "udsat_boligomraade", _plan_areas(programme)),
        events=tuple(event for event in edition.catalogue.calendar if "helhedsplan" in event.name.da.casefold()),
        generalised=_is_generalised(edition, "udsat_boligomraade"),
        charts=tuple(_chart(chart, programme, language) for chart in programme.charts),
    )


def hotspots(edition: Edition, language: str) -> HotspotsView:
    """Make the page of the hotspot programme."""
    programme = edition.catalogue.hotspots
    return HotspotsView(
        programme=programme,
        note=programme.note.in_(language),
        areas=_hotspot_areas(edition, language),
        figures=tuple(figure(one, language) for one in programme.figures),
        staff=tuple(figure(one, language) for one in programme.staff),
        initiatives=sum(theme.initiatives for theme in programme.themes),
        drawing=illustrations.of_areas(edition, "hotspot", [area.area.area_id for area in programme.areas]),
        events=tuple(event for event in edition.catalogue.calendar if "hotspot" in event.name.da.casefold()),
        generalised=_is_generalised(edition, "hotspot"),
    )


def _is_generalised(edition: Edition, area_set: str) -> bool:
    return area_set in edition.layers and edition.layers[area_set].generalised


def figure(one: ProgrammeFigure, language: str) -> ProgrammeFigureLine:
    """A programme's figure in words; a value that the source gives as text stays as it is."""
    if isinstance(one.value, str):
        value = one.value
    else:
        places = 0 if float(one.value).is_integer() else len(f"{one.value:.6f}".rstrip("0").split(".")[1])
        value = wording.number(one.value, decimals=places, language=language)
    unit = f" {one.unit.in_(language)}" if one.unit else ""
    return ProgrammeFigureLine(one.name.in_(language), value + unit, one.note.in_(language) if one.note else "", one.cite)


def named(edition: Edition, ref: AreaRef) -> str:
    """Name of an area, "" when the edition does not have it."""
    area = edition.area(ref.area_set, ref.area_id)
    return area.name if area else ""


def _plan(edition: Edition, plan: Plan, language: str) -> PlanLine:
    areas = tuple(Named(ref.area_set, ref.area_id, named(edition, ref), "", "", "", None) for ref in plan.areas if named(edition, ref))
    figures = tuple(figure(one, language) for one in plan.figures)
    return PlanLine(plan, years(plan.valid_from, plan.valid_to, language), areas, figures, plan.note.in_(language) if plan.note else "")


def _chart(chart: Chart, programme: PlanProgramme, language: str) -> ChartLine:
    """Draw the figures that name the chart, in the order they are written in."""
    every = (*programme.figures, *(one for plan in programme.plans for one in plan.figures))
    drawn = [(one, float(one.value)) for one in every if one.chart == chart.id and not isinstance(one.value, str)]
    groups = [NamedBars((one.bar or one.name).in_(language), [Bar(value, figure(one, language).value)]) for one, value in drawn]
    unit = next((one.unit.in_(language) for one, _ in drawn if one.unit), "")
    name, note = chart.name.in_(language), chart.note.in_(language) if chart.note else ""
    drawing = bars(groups, title=f"{name}, {unit}", whole=math.nan if chart.whole is None else chart.whole)
    return ChartLine(name, unit, note, drawing, tuple(dict.fromkeys(one.cite for one, _ in drawn if one.cite)))


def _plan_areas(programme: PlanProgramme) -> list[str]:
    return [ref.area_id for plan in programme.plans for ref in plan.areas if ref.area_set == "udsat_boligomraade"]


def _hotspot_areas(edition: Edition, language: str) -> tuple[Named, ...]:
    about = Text(da="ca. {} beboere", en="about {} residents").in_(language)
    found = [
        Named(
            one.area.area_set,
            one.area.area_id,
            named(edition, one.area) or one.area.area_id,
            years(one.valid_from, one.valid_to, language),
            about.format(wording.number(one.residents, decimals=0, language=language)),
            one.note.in_(language) if one.note else "",
            one.cite,
            _overlaps(edition, one.area, language),
        )
        for one in edition.catalogue.hotspots.areas
    ]
    return tuple(sorted(found, key=lambda area: by_name(area.name)))


def _overlaps(edition: Edition, ref: AreaRef, language: str) -> tuple[str, ...]:
    several = {layer.id for layer in edition.layers.values() if len(layer.areas) > 1}  # that it lies in the city goes without saying
    pairs = [o for o in edition.overlaps if o.area_set == ref.area_set and o.area_id == ref.area_id and o.other_set in several]
    kinds = {kind.id: kind.singular.in_(language) for kind in edition.catalogue.area_sets}
    inside = Text(da="{} af området ligger i {} ({})", en="{} of the area lies in {} ({})").in_(language)
    return tuple(
        inside.format(
            wording.number(o.percent_of_area, decimals=0, language=language) + wording.percent_sign(language),
            named(edition, AreaRef(area_set=o.other_set, area_id=o.other_id)),
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
