"""What a page says, read as a person reads it: tables, cards, drawings, and JSON in it.

Nothing here knows a page: a table that somebody adds is read like the others, and a column that is not to be read is named in `_UNREAD`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from geo.editions.seen import Cell, Seen
from omraadekort.exposure.reading import pictures
from omraadekort.exposure.reading.nearest import SECTIONS, Context, ReadPage, Scope, links_in, numbers_in
from omraadekort.exposure.reading.orders import FEWEST, told_by_order
from omraadekort.exposure.reading.payloads import decoded, in_json, look
from omraadekort.exposure.reading.tree import Element, parse
from webmap.edition.rows import CITY_ID, CITY_SET
from webmap.maps.state import CITY_KEY

_UNREAD: Final = frozenset(
    {"periode", "period", "område", "area", "kilde", "source", "definition, når den skifter", "definition, when it changes"}
)
"""Headings whose digits are those of a date, of a code, or of a place in a source."""
_REMARKS: Final = frozenset({"small", "borrowed", "go", "above", "download", "trail-links", "tagline", "skip-link", "vh", "tag"})
"""Classes of remarks beside a figure, whose digits are those of a date, a source, or another area."""
_CITY_WORDS: Final = ("byen som helhed", "the city as a whole")
_APART: Final = ("h1", "h2", "h3", "svg", "table", "section", "dl", "form", "div", "ul", "details")
"""What is read by itself, or leads to other figures."""
_DATA: Final = re.compile(
    r"data-(?!key|name|navn|look|point|box|omraade|label|vis|period|set|cell|swap|text|address|layer|values|hele|raekke)"
)


def read(text: str, context: Context) -> Iterator[Seen]:
    """Every figure that a page tells, with what each place leaves it open to be."""
    page = ReadPage(parse(text), context)
    for table in page.top.named("table"):
        yield from _table(page, table)
    yield from _cards(page)
    yield from _moves(page)
    yield from pictures.drawings(page)
    yield from pictures.spoken(page)
    for script in page.top.named("script"):
        if "json" in script.get("type"):
            yield from in_json(context.where, decoded(script.text(()).encode()), page.names.city)


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(page: ReadPage, table: Element) -> Iterator[Seen]:
    rows = list(table.named("tr"))
    heads = [_cells_of(row) for row in rows if not any(cell.name == "td" for cell in _cells_of(row))]
    columns = [head.text() for head in heads[0]] if heads else []
    over = list(page.heading(table))
    caption = next((each.text() for each in table.named("caption")), "")
    above = [page.scope(caption), *over, page.own]
    ordered: list[Cell] = []
    for row in rows:
        cells = _cells_of(row)
        if any(cell.name == "td" for cell in cells):
            beside = _beside(page, row, cells)
            ordered += _row_keys(page, row, [beside, *above])[:1]
            yield from _row(page, row, cells, columns, [beside, *above])
    sorter = page.context.sorter.removeprefix("-")
    if sorter not in ("navn", "status"):
        yield from told_by_order(page.context.where, ordered, page.names.city, fewest=2 if sorter else FEWEST)


def _cells_of(row: Element) -> list[Element]:
    return [part for part in row.parts if isinstance(part, Element) and part.name in ("th", "td")]


def _beside(page: ReadPage, row: Element, cells: Sequence[Element]) -> Scope:
    """What a row is about: by its heading, by where that leads, by the code that it carries."""
    head = next((cell for cell in cells if cell.name == "th"), None)
    areas: list[tuple[str, str]] = []
    code = row.get("data-omraade") or (row.get("data-key") if row.get("data-key") != CITY_KEY else "")
    for area_set in page.area_sets if code else ():
        areas.append((area_set, page.names.city.by_key.get((area_set, code), code)))
    if row.get("data-key") == CITY_KEY:
        areas = [(CITY_SET, CITY_ID)]
    if head is None:
        return Scope(areas=areas)
    text = head.text()
    own = page.scope(text)
    leads = [*links_in(head)[1], *((page.area_sets[0], _last(a.get("href"))) for a in head.named("a") if "/distrikt/" in a.get("href"))][:1]
    parts = [part if isinstance(part, str) else part.text() for part in head.parts]
    called = page.in_sets([area for part in parts for area in page.names.areas_called(part)])
    return Scope(own.indicators, areas or leads or called or own.areas, own.periods)


def _last(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


def _row_keys(page: ReadPage, row: Element, scopes: Sequence[Scope]) -> list[Cell]:
    keys, _ = links_in(row)
    return keys or page.resolve(scopes)


def _row(page: ReadPage, row: Element, cells: Sequence[Element], columns: Sequence[str], scopes: Sequence[Scope]) -> Iterator[Seen]:
    where = page.context.where
    keys, _ = links_in(row)
    colour = row.get("data-look")
    for number, cell in enumerate(cells):
        if cell.name != "td":
            continue
        heading = cell.get("data-label") or (columns[number] if number < len(columns) else "")
        if heading.casefold() in _UNREAD:
            continue
        whole_city = heading.casefold() in _CITY_WORDS
        small = page.scope(" ".join(each.text() for each in cell.named("small")))
        column = Scope(page.scope(heading).indicators, (), page.names.periods_in(heading))
        own = Scope(areas=[(CITY_SET, CITY_ID)]) if whole_city else Scope(periods=small.periods)
        about = keys if keys and not whole_city else page.resolve([own, column, *_with_period(page, cells, columns), *scopes])
        yield from numbers_in(page, about, cell.text(), exact=cell.get("data-cell") in ("value", "interval", "n"))
        yield from _attributes(page, about, cell)
    row_keys = keys or page.resolve(scopes)
    if len(row_keys) == 1:
        yield from look(where, row_keys[0], colour, page.names.city)
        yield from _attributes(page, row_keys, row)


def _with_period(page: ReadPage, cells: Sequence[Element], columns: Sequence[str]) -> Iterator[Scope]:
    """The period that stands in a column of its own."""
    for cell, heading in zip(cells, columns, strict=False):
        if heading.casefold() in ("periode", "period"):
            yield Scope(periods=page.names.periods_in(cell.text()))


def _attributes(page: ReadPage, about: Sequence[Cell], element: Element) -> Iterator[Seen]:
    """Numbers in an element's data that are not known to be something else."""
    for name, text in element.attributes.items():
        if _DATA.match(name) or name in ("title", "value", "aria-valuenow"):
            yield from numbers_in(page, about, text, exact=False)


# --- cards ------------------------------------------------------------------------------------------------------------


def _cards(page: ReadPage) -> Iterator[Seen]:
    """Figures that stand large by themselves, or in words why they do not, each with what is beside it."""
    met: set[int] = set()
    for element in page.top.elements():
        if not {"big", "without"} & {*element.classes} or any(around.name in ("table", "form") for around in element.around()):
            continue
        card = next((around for around in element.around() if around.name in SECTIONS), element)
        if id(card) in met:
            continue
        met.add(id(card))
        about = _card_keys(page, card, element)
        for part in card.parts:
            if isinstance(part, Element) and not _REMARKS & {*part.classes} and part.name not in _APART:
                yield from numbers_in(page, about, part.text(), exact="big" in part.classes)
                yield from _attributes(page, about, part)
        for part in card.named("p"):
            if "small" in part.classes and part.text().casefold().startswith(_CITY_WORDS):
                yield from numbers_in(page, _whole(page, about), part.text(), exact=False)
        yield from _pairs_of_words(page, card, about)


def _whole(page: ReadPage, about: Sequence[Cell]) -> list[Cell]:
    """The whole city's figures that stand beside these."""
    return page.context.cells([cell[0] for cell in about], [(CITY_SET, CITY_ID)], [cell[3] for cell in about])


def _pairs_of_words(page: ReadPage, card: Element, about: Sequence[Cell]) -> Iterator[Seen]:
    """What a card says in a list of names and words: of its figure, or of the whole city; parts that tell of sources are left out."""
    for listed in card.named("dl"):
        parts = [part for part in listed.parts if isinstance(part, Element)]
        section = next((around for around in listed.around() if around.name == "section"), None)
        if section is not None and section is not card and section.get("aria-labelledby") != "spor-tal":
            continue
        heading = ""
        for part in parts:
            heading = part.text() if part.name == "dt" else heading
            if part.name == "dd" and heading.casefold() not in _UNREAD:
                city = heading.casefold() in _CITY_WORDS
                yield from numbers_in(page, _whole(page, about) if city else about, part.text(), exact=False)


def _card_keys(page: ReadPage, card: Element, element: Element) -> list[Cell]:
    keys, _ = links_in(card)
    if len(keys) == 1:
        return [cell for cell in keys if cell in page.names.city.rows]
    small = page.scope(" ".join(each.text() for each in card.named("small", "p") if each.name == "small" or "small" in each.classes))
    return page.resolve([Scope(periods=small.periods[:1]), *page.heading(element), page.own])


# --- changes in words --------------------------------------------------------------------------------------------------


def _moves(page: ReadPage) -> Iterator[Seen]:
    """Changes that stand in running words, each beside its area: they tell of that area's figures of the periods in the lead."""
    for around in page.top.elements():
        if "moves" not in around.classes:
            continue
        lead = page.scope(" ".join(part.text() for part in around.named("span") if "lead" in part.classes))
        for part in (part for part in around.named("span") if "move" in part.classes):
            areas = links_in(part)[1] or page.own.areas
            about = page.context.cells(lead.indicators or page.own.indicators, areas, lead.periods)
            yield from numbers_in(page, about, part.text(), exact=False)


def words(text: str) -> str:
    """All words of a page."""
    return parse(text).text(("script", "style"))
