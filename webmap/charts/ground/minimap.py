"""Area sets drawn on the server as inline SVG: small beside the words, or large enough to point at.

Classes and presentation attributes only: the Content-Security-Policy allows no style attribute.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
import shapely
from markupsafe import Markup

from geo.editions.edition import Edition
from webmap.charts.ground import projection, surroundings
from webmap.charts.ground.projection import Drawn, Window, across, down, paths, shape


def mini_map(  # noqa: PLR0913 - what is drawn, how it looks, and where it stands
    edition: Edition,
    area_set: str,
    *,
    looks: Mapping[str, str] | None = None,
    marked: Collection[str] = (),
    label: str = "",
    filling: bool = False,
) -> Markup:
    """Draw an area set small, on the city and the land around it.

    looks: CSS classes by area id, as `webmap.edition.classes` gives them; areas without one are plain land. marked: area ids that the
    policy points at. filling: whether it fills a frame of any proportion, and needs land at its sides. Without a label the drawing is
    hidden from screen readers: the words stand beside it.
    """
    place = surroundings.around(edition) if filling else projection.window(edition)
    return _framed(edition, _ground(edition, area_set, looks or {}, marked, place), label)


def ground(edition: Edition, area_set: str) -> Markup:
    """Draw an area set large, on the borders of those that cover the city, to draw on.

    Its `data-oest` and `data-nord` say by what a degree east and a degree north are multiplied.
    """
    place = projection.window(edition)
    under = [layer.id for layer in edition.layers.values() if layer.role == "areas" and layer.edition.partition and layer.id != area_set]
    cover = [shape("omraade tom", drawn) for name in under for drawn in paths(edition.folder, name).values()]
    own = [shape("omraade k2", drawn) for drawn in paths(edition.folder, area_set).values()]
    parts = Markup().join(
        [surroundings.land(edition, area_set, place), *cover, *own, surroundings.water(edition), surroundings.over(edition, place)]
    )
    frame = Markup('<svg class="mini large" viewBox="{}" data-oest="{}" data-nord="{}" aria-hidden="true" focusable="false">{}</svg>')
    return frame.format(projection.view_box(place), f"{across(1):.6f}", f"{down(1):.6f}", parts)


def located(edition: Edition, area_set: str, point: tuple[float, float]) -> Markup:
    """Draw an area set small with a dot at a point (longitude, latitude); hidden from screen readers: the words stand beside it."""
    dot = Markup('<circle class="here" cx="{}" cy="{}" r="34"/>').format(f"{across(point[0]):.0f}", f"{down(point[1]):.0f}")
    return _framed(edition, [*_ground(edition, area_set, {}, (), projection.window(edition)), dot], "")


def pointed(  # noqa: PLR0913 - what is drawn, how it looks, and what it is called
    edition: Edition,
    area_set: str,
    *,
    looks: Mapping[str, str],
    names: Mapping[str, str],
    label: str,
    marked: Collection[str] = (),
    over: Mapping[str, str] | None = None,
    signs: Mapping[str, str] | None = None,
) -> Markup:
    """Draw an area set large, each area with its id, a name for screen readers and a place for the keyboard.

    looks and names: CSS classes and spoken words by area id. over: hotspots to draw on top as outlines, their classes by id. signs: by
    area id, what stands on it.
    """
    areas, place = paths(edition.folder, area_set), projection.window(edition)
    spots = paths(edition.folder, "hotspot") if over and "hotspot" in edition.layers else {}
    order = sorted(areas, key=lambda area: (area in marked, area))
    parts = [surroundings.land(edition, area_set, place), surroundings.water(edition)]
    parts += [
        _named(f"omraade {looks.get(area, 'tom')}{' maerket' if area in marked else ''}", area, names[area], areas[area]) for area in order
    ]
    parts += [shape(f"ring {classes}", spots[area]) for area, classes in (over or {}).items() if area in spots]
    parts.append(surroundings.over(edition, place))
    parts += [_sign(area.point, (signs or {})[area.area_id]) for area in edition.layers[area_set].areas if area.area_id in (signs or {})]
    frame = Markup('<svg class="mini large" viewBox="{0}" data-hele="{0}" role="group" aria-label="{1}" focusable="false">{2}</svg>')
    return frame.format(projection.view_box(place), label, Markup().join(parts))


def _sign(point: tuple[float, float], sign: str) -> Markup:
    frame = Markup('<text class="sign" x="{}" y="{}" text-anchor="middle" dominant-baseline="central" aria-hidden="true">{}</text>')
    return frame.format(f"{across(point[0]):.0f}", f"{down(point[1]):.0f}", sign)


def _named(look: str, area: str, name: str, drawn: Drawn) -> Markup:
    spot = Markup()
    if drawn.tiny:
        spot = Markup('<circle cx="{}" cy="{}" r="26"/>').format(f"{drawn.middle[0]:.0f}", f"{drawn.middle[1]:.0f}")
    frame = Markup('<g class="{}" data-omraade="{}" role="img" aria-label="{}" tabindex="-1"><path d="{}"/>{}</g>')
    return frame.format(look, area, name, drawn.path, spot)


def _ground(edition: Edition, area_set: str, looks: Mapping[str, str], marked: Collection[str], place: Window) -> list[Markup]:
    areas = paths(edition.folder, area_set)
    order = sorted(areas, key=lambda area: (area in marked, area))  # marked areas last, so that no neighbour covers their border
    classes = {area: f"omraade {looks.get(area, 'tom')}{' maerket' if area in marked else ''}" for area in order}
    shapes = [shape(classes[area], areas[area]) for area in order]
    tiny = [_spot(f"{classes[area]} punkt", areas[area]) for area in order if areas[area].tiny]
    return [surroundings.land(edition, area_set, place), *shapes, surroundings.water(edition), surroundings.over(edition, place), *tiny]


def _framed(edition: Edition, parts: Sequence[Markup], label: str) -> Markup:
    role = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    frame = Markup('<svg class="mini" viewBox="{}" {} focusable="false">{}</svg>')
    return frame.format(projection.view_box(projection.window(edition)), role, Markup().join(parts))


def _spot(look: str, drawn: Drawn) -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="26"/>').format(look, f"{drawn.middle[0]:.0f}", f"{drawn.middle[1]:.0f}")


def outlines(layer: str) -> Markup:
    """Draw a layer that no edition has yet, alone. layer: GeoJSON in EPSG:4326; nothing is drawn of one without outlines.

    Hidden from screen readers: the words stand beside it.
    """
    features = [feature["geometry"] for feature in msgspec.json.decode(layer)["features"] if feature["geometry"]]
    shapes = [made for made in (shapely.from_geojson(msgspec.json.encode(each)) for each in features) if made.geom_type.endswith("Polygon")]
    if not shapes:
        return Markup()
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    parts = [shape("omraade k2", projection.draw(msgspec.json.decode(shapely.to_geojson(made)))) for made in shapes]
    left, top, wide, high = across(west), down(north), across(east) - across(west), down(south) - down(north)
    around = f"{left - 0.03 * wide:.0f} {top - 0.03 * high:.0f} {1.06 * wide:.0f} {1.06 * high:.0f}"
    return Markup('<svg class="mini" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>').format(around, Markup().join(parts))
