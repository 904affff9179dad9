"""What the drawings of a page tell, and what it says of a whole map: trends, spreads, small maps, sentences and legends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.editions.seen import Cell, Seen
from omraadekort.exposure.reading import charts
from omraadekort.exposure.reading.nearest import SECTIONS, ReadPage, Scope, links_in, numbers_in
from omraadekort.exposure.reading.payloads import counts, sentence
from omraadekort.exposure.reading.tree import Element


def drawings(page: ReadPage) -> Iterator[Seen]:
    """What the drawings of a page tell: colours of small maps, points of trends, marks of spreads."""
    where, city = page.context.where, page.names.city
    for drawing in page.top.named("svg"):
        kinds = {*drawing.classes}
        if "mini" in kinds:
            yield from _small_map(page, drawing)
        if "spark" not in kinds or kinds & {"vej", "soejler"}:
            continue
        title = next((head.text(()) for head in drawing.named("title")), "")
        scopes = [page.scope(title), *_of_card(page, drawing), *page.heading(drawing)]
        keys = page.resolve([*scopes, page.own, Scope(periods=list(page.names.city_periods))])
        if "fordeling" in kinds:
            for of_map in dict.fromkeys((cell[0], cell[1], cell[3]) for cell in _on_maps(page, [*scopes, page.own])):
                yield from charts.spread(where, drawing, of_map, city)
        else:
            for series in dict.fromkeys(cell[:3] for cell in keys):
                yield from charts.trend(where, drawing, series, city)


def _of_card(page: ReadPage, drawing: Element) -> Iterator[Scope]:
    """What the links of the card that a drawing is in lead to, and what its headings call an area by."""
    card = next((around for around in drawing.around() if around.name in SECTIONS), None)
    if card is None:
        return
    keys, _ = links_in(card)
    if len(keys) == 1:
        yield Scope([keys[0][0]], [keys[0][1:3]], ())
    for head in card.named("h2", "h3"):
        words = head.text()
        yield Scope(page.names.indicators_in(words), page.in_sets(page.names.areas_called(words.partition(":")[0])), ())


def _on_maps(page: ReadPage, scopes: Sequence[Scope]) -> list[Cell]:
    """The figures of the maps that a drawing of all areas can be of."""
    areas = [area for area in page.names.city.area_names if area[0] in page.area_sets]
    return page.resolve([Scope(each.indicators, (), each.periods) for each in scopes] + [Scope(areas=areas)])


def _small_map(page: ReadPage, drawing: Element) -> Iterator[Seen]:
    """Colours of a small map that has a legend, and what it says of itself: one without words shows where, not how much."""
    where, label = page.context.where, drawing.get("aria-label")
    still = any("kort-stille" in around.classes for around in drawing.around())
    if not (label or still):
        return
    scopes = [page.own] if still else [page.scope(label), *page.heading(drawing), page.own]
    maps = list(dict.fromkeys((cell[0], cell[1], cell[3]) for cell in _on_maps(page, scopes)))
    if len(maps) == 1:
        yield from charts.colours(where, drawing, maps[0], page.names.city)
        yield from sentence(where, label, maps[0], page.names)
    for area in drawing.named("g"):
        code = area.get("data-omraade")
        places = [(area_set, code) for area_set in page.area_sets]
        about = page.context.cells(page.own.indicators, places, page.own.periods) if code else []
        yield from numbers_in(page, about, area.get("aria-label"), exact=False)


def spoken(page: ReadPage) -> Iterator[Seen]:
    """What a page of one map says of all its areas: its sentence and the counts of its legend."""
    maps = list(dict.fromkeys((cell[0], cell[1], cell[3]) for cell in _on_maps(page, [page.own])))
    if len(maps) != 1:
        return
    for element in page.top.elements():
        if element.get("data-text") == "sentence":
            yield from sentence(page.context.where, element.text(), maps[0], page.names)
    yield from counts(page.context.where, {"counts": _legend(page)}, maps[0], page.names.city)


def _legend(page: ReadPage) -> dict[str, str]:
    """The counts of a map's legend, by look."""
    lines = [line for ramp in page.top.named("ul") if "ramp" in ramp.classes for line in ramp.named("li")]
    legend: dict[str, str] = {}
    for line in lines:
        looks = [word for swatch in line.named("rect") for word in swatch.classes if word != "omraade"]
        said = [small.text() for small in line.named("small")]
        if looks and said:
            legend[looks[0]] = said[-1]
    return legend
