"""Where the parts of a map are: a map of `webmap.maps.view` with its addresses, which only a request knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import request, url_for
from xstatic.pkg import leaflet

from geo.model.vocabulary import Audience, Text
from webmap import urls as urls_webmap
from webmap.edition.marks import Marks
from webmap.edition.reader import Reader
from webmap.edition.rows import CITY_ID, CITY_SET
from webmap.figures import records
from webmap.figures.formats import listed
from webmap.maps import scripts, sorting
from webmap.maps import view as map_view
from webmap.maps.sorting import BY_NAME, Sort
from webmap.maps.state import CLASSES, Row
from webmap.maps.view import MapView

PICTURES: Final = ("svg", "png")
"""Endings of pictures."""
LEAFLET_VERSION: Final[str] = leaflet.VERSION


@dataclass(frozen=True)
class Download:
    """A file of figures that a page offers. label: of its button; of_period: whether it changes with the period that is chosen."""

    label: str
    address: str
    of_period: bool = False


@dataclass(frozen=True)
class Addresses:
    """Addresses of one map. pictures, curves: the map, and the curve beside it, as pictures to take away.

    `pages` and `picks` are by area id: the area's own page, and this map with the area chosen.

    elsewhere: names and addresses of the area sets that the indicator has figures in, when this one has none. origins: by row key,
    where each figure came from. hatch: this map with the areas in doubt hatched, or no longer. colours: name and address of
    each view of the map, and whether it is the one shown; none where there is one view. sorts: by column, this map
    with its table sorted by it. several: where several of its areas can be chosen, "" where it has no figures or one area.
    demo: the word of the switch of demo data.
    """

    form: str
    find: str
    here: str
    whole: str
    ground: str
    orientation: str
    layer: str
    values: str
    downloads: tuple[Download, ...]
    pictures: tuple[Download, ...]
    curves: tuple[Download, ...]
    leaflet_js: str
    leaflet_css: str
    pages: Mapping[str, str]
    picks: Mapping[str, str]
    elsewhere: tuple[tuple[str, str], ...]
    origins: Mapping[str, str]
    hatch: str
    method: str
    colours: tuple[tuple[str, str, bool], ...]
    sorts: Mapping[str, str]
    several: str
    demo: str


@dataclass(frozen=True)
class AddressedView:
    """What the macros in `map/map.html` take. choose: whether indicator and set can be changed.

    rows: those of the table, in the order that is asked for.
    """

    view: MapView
    urls: Addresses
    sort: Sort
    rows: tuple[Row, ...]
    choose: bool
    tiles: bool


def view(  # noqa: PLR0913 - the parts of a map's address, as they stand in the address bar
    reader: Reader,
    indicator: str,
    area_set: str = "",
    period: str = "",
    *,
    marked: Marks | None = None,
    selected: str = "",
    page: str = "",
) -> AddressedView:
    """Make a map for a template, inside a request.

    page: path of the page that the map is part of, for example `/maal/5`; that page is asked again, with `periode` and `omraade`,
    when the reader changes them. Without it the map is the page `/kort/<indicator>` and indicator and area set can be changed too.
    Raises NotFoundError when the edition has no such indicator, area set or area.
    """
    hatched = request.args.get("tvivl") == "1"
    asked = colours(request.args.get("farver", ""))
    made = map_view.view(reader, indicator, area_set, period, marked=marked, selected=selected, hatched=hatched, colours=asked)
    sort = sorting.parse(request.args.get("sorter", ""), reader.audience)
    urls = _addresses(made, page, sort)
    return AddressedView(made, urls, sort, sorting.rows(made, sort), choose=not page, tiles=scripts.tiles() is not None)


def colours(asked: str) -> str:
    """The view of a map that an address asks for: CLASSES, or "" for what can be told, which is also for a word that is no view."""
    return asked if asked == CLASSES else ""


def map_page(  # noqa: PLR0913 - the parts of a map's address, as they stand in the address bar
    made: MapView, *, area: str = "", page: str = "", hatched: bool | None = None, sort: Sort = BY_NAME, colours: str | None = None
) -> str:
    """Address of a map as it is now, with one area chosen or none; the edition's id makes it show the same figures for ever."""
    state = {"inddeling": "" if page else made.layer.id, "periode": made.period, "udgave": made.reader.edition.id, "omraade": area}
    state["tvivl"] = "1" if (made.hatched if hatched is None else hatched) else ""
    state["farver"] = made.colours if colours is None else colours
    state["sorter"] = sort.code
    state[urls_webmap.DEMO] = urls_webmap.demo_word()
    path = page or endpoint("maps.page", made.reader.language, indicator=made.indicator.id, demo=None)
    return f"{path}?{urlencode({name: value for name, value in state.items() if value})}"


def endpoint(route: str, language: str, **parts: str | None) -> str:
    """Address of one of our routes in a language: the English ones are the same, registered once more."""
    return url_for(urls_webmap.endpoint(route, language), **parts)  # type: ignore[arg-type]


def _addresses(made: MapView, page: str, sort: Sort) -> Addresses:
    language, area_set = made.reader.language, made.layer.id
    areas = [area.area_id for area in made.layer.areas]
    place = {"edition_id": made.reader.edition.id, "area_set": area_set}
    named = {} if made.reader.edition.audience is Audience.PUBLIC else {"del": made.reader.edition.audience.value}
    figures = {**place, "indicator": made.indicator.id, **named}
    painted = {"farver": made.colours} if made.colours else {}
    return Addresses(
        form=page or endpoint("maps.index", language, demo=None),
        find=urls_webmap.link("areas.where"),
        here=map_page(made, area=made.selected, page=page, sort=sort),
        whole=map_page(made, page=page, sort=sort),
        ground=endpoint("maps.ground", "da", edition_id=made.reader.edition.id, v=urls_webmap.program()),
        orientation=endpoint("maps.orientation", "da", edition_id=made.reader.edition.id, v=urls_webmap.program()),
        layer=endpoint("maps.layer", "da", **place, v=urls_webmap.program()),
        values=endpoint("maps.values", language, **figures, **painted, v=urls_webmap.program()),
        downloads=_downloads(made, figures),
        pictures=_pictures(made, None),
        curves=_pictures(made, made.panel.area_id if made.panel else ""),
        leaflet_js=endpoint("maps.leaflet_file", "da", name="leaflet.js"),
        leaflet_css=endpoint("maps.leaflet_file", "da", name="leaflet.css"),
        pages={area: urls_webmap.link("areas.area", area_set=area_set, area_id=area) for area in areas},
        picks={area: map_page(made, area=area, page=page, sort=sort) for area in areas},
        elsewhere=() if made.state or page else _elsewhere(made),
        origins=_origins(made),
        hatch=map_page(made, area=made.selected, page=page, hatched=not made.hatched, sort=sort),
        method=urls_webmap.link("front.about"),
        colours=_colours(made, page, sort),
        sorts={
            column: map_page(made, area=made.selected, page=page, sort=sort.after(column))
            for column in sorting.columns(made.reader.audience)
        },
        several=_several(made),
        demo=urls_webmap.demo_word(),
    )


def _downloads(made: MapView, figures: Mapping[str, str]) -> tuple[Download, ...]:
    """The map's figures in every format. figures: the parameters that name them."""
    return tuple(
        Download(each.label, endpoint("maps.download", made.reader.language, **figures, kind=each.ending, **shown), of_period=each.one_map)
        for each in listed.holding(records.COLUMNS, one_map=True)
        for shown in [{"periode": made.period} if each.one_map else {}]
    )


def _colours(made: MapView, page: str, sort: Sort) -> tuple[tuple[str, str, bool], ...]:
    """The two views of a map that can tell something of its areas."""
    if made.state is None or made.plain or made.state.lacking or not made.state.rows or not any(row.stands for row in made.state.rows):
        return ()
    language = made.reader.language
    first = made.state.against or Text(da="Mod byen", en="Against the city").in_(language)
    named = {"": first, CLASSES: Text(da="Værdier i klasser", en="Values in classes").in_(language)}
    return tuple(
        (name, map_page(made, area=made.selected, page=page, sort=sort, colours=code), code == made.colours) for code, name in named.items()
    )


def _pictures(made: MapView, area_id: str | None) -> tuple[Download, ...]:
    """The map as a picture, in the view that is shown, or with an area id its curve; none where there is none."""
    here = {"edition_id": made.reader.edition.id, "indicator": made.indicator.id}
    if area_id is None:
        named = {**here, "area_set": made.layer.id, "periode": made.period} | ({"farver": made.colours} if made.colours else {})
        files = [(kind, endpoint("pictures.map_picture", made.reader.language, **named, kind=kind)) for kind in PICTURES]
        return tuple(Download(kind.upper(), address, of_period=True) for kind, address in files)
    if made.panel is None or not made.panel.trend:
        return ()
    place = {"area_set": made.layer.id, "area_id": area_id} if area_id else {"area_set": CITY_SET, "area_id": CITY_ID}
    return tuple(Download(kind.upper(), endpoint("pictures.curve", made.reader.language, **here, **place, kind=kind)) for kind in PICTURES)


def _several(made: MapView) -> str:
    if not made.state or len(made.layer.areas) < 2:
        return ""
    chosen = {"omraade": made.selected} if made.selected else {}
    return urls_webmap.link("maps.side_by_side", a=made.indicator.id, inddeling=made.layer.id, **chosen)


def _origins(made: MapView) -> dict[str, str]:
    rows = made.state.rows if made.state else ()
    city = made.state.city if made.state else None
    places = [(row.key, made.layer.id, row.area_id) for row in rows] + ([(city.key, CITY_SET, city.area_id)] if city else [])
    kept = {"edition_id": made.reader.edition.id, "indicator": made.indicator.id, "period": made.period}
    return {
        key: endpoint("figures.origin", made.reader.language, area_set=area_set, area_id=area, **kept) for key, area_set, area in places
    }


def _elsewhere(made: MapView) -> tuple[tuple[str, str], ...]:
    page = {"indicator": made.indicator.id, "udgave": made.reader.edition.id}
    return tuple(
        (option.name, endpoint("maps.page", made.reader.language, inddeling=option.id, **page))
        for option in made.area_sets
        if not option.selected
    )
