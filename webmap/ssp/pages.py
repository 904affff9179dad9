"""The SSP room: what its figures are for, before any figure; then perceived safety beside what is reported, and one district at a time.

The table of access lets in who looks as SSP. Figures of whole areas only: no incident is in an edition.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.model.vocabulary import Text
from webmap import urls
from webmap.access import log_figures, needs
from webmap.edition import chosen as chosen_edition
from webmap.edition import rows
from webmap.language import wording
from webmap.maps import pair
from webmap.maps.compare import downloads, log_pair
from webmap.maps.pair import PairRequest
from webmap.maps.pairtexts import FIGURES, controlled
from webmap.maps.view import MapOption
from webmap.ssp import hotspots, safety
from webmap.ssp.safety import Twosome

blueprint = Blueprint("ssp", __name__)


@blueprint.get("/ssp")
@needs("ssp")
def start() -> str:
    """What the figures are for and what they do not show."""
    return render_template("ssp/start.html")


@blueprint.get("/ssp/tryghed")
@needs("ssp")
def safety_map() -> str:
    """Perceived safety and reported crime in the same areas, what they say together, and the hotspots of that time.

    Of each figure the newest period that can answer; or, where the address names it, a period that both have.
    """
    reader, asked = chosen_edition.reader(), request.args
    twosomes = safety.twosomes(reader.edition)
    if not twosomes:
        return render_template("ssp/safety.html", p=None)
    two = next((twosome for twosome in twosomes if twosome.felt.id == asked.get("oplevet")), twosomes[0])
    period = asked.get("periode", "")
    period = period if period in two.periods else ""
    chosen = tuple(dict.fromkeys(asked.getlist("omraade")))
    names = (two.felt.id, two.reported.id)
    made = pair.pair(reader, PairRequest(two.area_set, names, (period, period) if period else two.newest, chosen, gap=True, hotspots=True))
    log_pair(made, hotspots.indicators(reader.edition, two.area_set, safety.THEME))
    groups = hotspots.groups(reader, two.area_set, safety.THEME)
    return render_template(
        "ssp/safety.html",
        p=made,
        groups=groups,
        control=controlled(hotspots.control(groups), FIGURES, reader.language),
        two=two,
        **_choices(twosomes, two, period, reader.language),
        **_links(made, period),
    )


@blueprint.get("/ssp/distrikt/<area_id>")
@needs("ssp")
def district(area_id: str) -> str:
    """One district: trend and interval, its neighbours and the city."""
    reader = chosen_edition.reader()
    two = _first(reader.edition)
    also = hotspots.indicators(reader.edition, two.area_set, safety.THEME)
    names = dict.fromkeys((two.felt.id, two.reported.id, *(indicator.id for indicator in also)))
    log_figures(
        area=f"{two.area_set}/{area_id}",
        indicator=" ".join(names),
        figures=sum(rows.count(reader.edition, name, two.area_set) for name in names),
    )
    made = safety.district(reader, two, area_id)
    here = hotspots.groups_in(reader, two.area_set, safety.THEME, area_id)
    areas = reader.edition.layers[two.area_set].areas
    return render_template("ssp/district.html", d=made, two=two, areas=areas, here_id=area_id, groups=here)


def _first(edition: Edition) -> Twosome:
    twosomes = safety.twosomes(edition)
    if not twosomes:
        raise NotFoundError(Problem("tryghed", "no perceived and reported figures of the same areas and period"))
    return twosomes[0]


def _choices(twosomes: tuple[Twosome, ...], two: Twosome, period: str, language: str) -> dict[str, object]:
    return {
        "felt": tuple(
            dict.fromkeys(
                MapOption(twosome.felt.id, twosome.felt.name.in_(language), twosome.felt.id == two.felt.id) for twosome in twosomes
            )
        ),
        "periods": _periods(two, period, language),
    }


def _periods(two: Twosome, period: str, language: str) -> tuple[MapOption, ...]:
    """The newest of each figure first, which is a choice of its own where they are not of one period; then the periods that both have."""
    shared = [MapOption(code, wording.period(code, language), code == (period or two.newest[0])) for code in two.periods]
    if two.newest == (two.periods[-1], two.periods[-1]):
        return tuple(shared)
    words = Text(da="De nyeste: {} og {}", en="The newest: {} and {}").in_(language)
    newest = MapOption("", words.format(*(wording.period(code, language) for code in two.newest)), not period)
    return (newest, *(MapOption(option.id, option.name, option.id == period) for option in shared))


def _links(made: pair.Pair, period: str) -> dict[str, object]:
    felt = made.sides[0]
    return {
        "form": urls.link("ssp.safety_map"),
        "whole": urls.link("ssp.safety_map", oplevet=felt.indicator.id, periode=period or None),
        "downloads": downloads(made),
    }
