"""The words of the map pages in both languages, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.model.vocabulary import Text

WORDS: Final[Mapping[str, Text]] = {
    "indicator": Text(da="Indikator", en="Indicator"),
    "area_set": Text(da="Inddeling", en="Areas"),
    "period": Text(da="Periode", en="Period"),
    "show": Text(da="Vis", en="Show"),
    "controls": Text(da="Vælg, hvad kortet viser", en="Choose what the map shows"),
    "map_of": Text(da="Kort", en="Map"),
    "legend": Text(da="Signaturforklaring", en="Legend"),
    "zoom_in": Text(da="Zoom ind", en="Zoom in"),
    "zoom_out": Text(da="Zoom ud", en="Zoom out"),
    "map_help": Text(
        da="Piletaster går fra område til område, Page Down gennem dem alle, Enter vælger. Skift og en piletast flytter kortet, "
        "plus og minus zoomer. Alle kortets tal står i tabellen under kortet.",
        en="Arrow keys go from area to area, Page Down through all of them, Enter chooses. Shift and an arrow key move the map, "
        "plus and minus zoom. All figures of the map are in the table below it.",
    ),
    "find_on_map": Text(da="Find på kortet", en="Find on the map"),
    "not_on_map": Text(da="Intet område på kortet hedder det.", en="No area on the map has that name."),
    "fit_all": Text(da="Hele byen", en="The whole city"),
    "fit_chosen": Text(da="Zoom til området", en="Zoom to the area"),
    "fullscreen": Text(da="Fuld skærm", en="Full screen"),
    "several": Text(da="Vælg flere områder", en="Choose several areas"),
    "here": Text(da="Hvad ligger her?", en="What is here?"),
    "same_table": Text(da="De samme tal som tabel", en="The same figures as a table"),
    "value": Text(da="Værdi", en="Value"),
    "interval": Text(da="95 % interval", en="95% interval"),
    "answers": Text(da="Svar", en="Answers"),
    "out_of": Text(da="Ud af", en="Out of"),
    "status": Text(da="Status", en="Status"),
    "on_map": Text(da="Vis på kortet", en="Show on the map"),
    "city": Text(da="Byen som helhed", en="The city as a whole"),
    "city_short": Text(da="byen", en="the city"),
    "hidden": Text(da="skjult af hensyn til diskretion", en="hidden to protect people"),
    "not_measured": Text(da="ikke målt", en="not measured"),
    "too_uncertain": Text(da="for usikkert til at vise", en="too uncertain to show"),
    "hatch": Text(da="Skravér dem", en="Hatch them"),
    "unhatch": Text(da="Fjern skraveringen", en="Remove the hatching"),
    "status_origin": Text(da="Status og kilde", en="Status and origin"),
    "origin": Text(da="Hvor tallet kommer fra", en="Where the figure came from"),
    "class": Text(da="Klasse", en="Class"),
    "demo": Text(
        da="Demodata: opdigtede tal, der viser, hvordan opgørelsen virker", en="Demo data: invented figures that show how it works"
    ),
    "demo_short": Text(da="Demodata", en="Demo data"),
    "demo_about": Text(
        da="Tallene på dette kort er opdigtede og viser kun, hvordan opgørelsen virker.",
        en="The figures on this map are invented and only show how it works.",
    ),
    "generalised": Text(da="Generaliserede grænser", en="Generalised boundaries"),
    "download": Text(da="Hent tallene", en="Download the figures"),
    "source": Text(da="Kilde", en="Source"),
    "sources": Text(da="Kilder", en="Sources"),
    "boundaries": Text(da="Grænser", en="Boundaries"),
    "retrieved": Text(da="hentet", en="retrieved"),
    "secondary": Text(da="gengivet efter en anden kilde", en="quoted from a secondary source"),
    "definition": Text(da="Hvad tallet betyder", en="What the figure means"),
    "doubts": Text(da="Slags usikkerhed", en="Kind of uncertainty"),
    "assumed": Text(da="* Interval med et antaget antal svar", en="* Interval with an assumed number of answers"),
    "design": Text(da="Designeffekt", en="Design effect"),
    "area_page": Text(da="Områdets side", en="The area's page"),
    "pick": Text(
        da="Vælg et område på kortet eller i tabellen for at se dets tal ved siden af byens.",
        en="Choose an area on the map or in the table to see its figure beside the city's.",
    ),
    "unpick": Text(da="Tilbage til hele byen", en="Back to the whole city"),
    "trend": Text(da="Udvikling", en="Trend"),
    "break_drawn": Text(
        da="Den lodrette streg viser et brud: definitionen er ændret.", en="The vertical line marks a break: the definition changed."
    ),
    "means": Text(da="Gennemsnit, hvor halvår er skjult", en="Means, where half-years are hidden"),
    "one_period": Text(da="Der findes kun tal for denne periode.", en="There are figures for this period only."),
    "no_values": Text(
        da="Der er ingen tal for denne indikator i denne inddeling. Vælg en anden inddeling.",
        en="There are no figures for this indicator in these areas. Choose other areas.",
    ),
    "has_values": Text(da="Der er tal i disse inddelinger:", en="There are figures in these areas:"),
    "no_city": Text(da="Der er intet tal at vise her.", en="There is no figure to show here."),
    "no_script": Text(
        da="Uden JavaScript vises kortet som et fast billede; alt andet virker.",
        en="Without JavaScript the map is a still picture; everything else works.",
    ),
    "not_drawn": Text(
        da="Kortet kunne ikke hentes. Tallene står i tabellen.", en="The map could not be loaded. The figures are in the table."
    ),
    "edition": Text(da="Udgave", en="Edition"),
    "all_maps": Text(da="Kort", en="Maps"),
    "all_maps_lead": Text(
        da="Vælg, hvad du vil se på kortet. Hvert kort viser tallet, dets usikkerhed og hvor det kommer fra.",
        en="Choose what to see on the map. Each map shows the figure, its uncertainty and where it comes from.",
    ),
    "real": Text(da="Tal fra kilder", en="Figures from sources"),
    "made_up": Text(da="Demodata", en="Demo data"),
    "city_only": Text(da="Kun for hele byen", en="For the whole city only"),
    "city_only_about": Text(
        da="Disse tal findes ikke for mindre områder; siden viser udviklingen for hele byen.",
        en="These figures do not exist for smaller areas; the page shows the trend for the whole city.",
    ),
}
"""Every fixed text of the map pages; sentences with figures in them are made in `webmap.maps.view`."""


def words(language: str) -> dict[str, str]:
    """Return all fixed texts in one language."""
    return {name: text.in_(language) for name, text in WORDS.items()}
