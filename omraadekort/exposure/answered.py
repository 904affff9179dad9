"""One answer of the service: what its address says that it is about, and every figure in it, by the kind of file that it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from geo.editions.edition import Edition
from geo.editions.seen import Finding, Seen
from geo.errors import NotFoundError
from geo.model.goals import Goal
from geo.model.vocabulary import Audience
from omraadekort.exposure import answers
from omraadekort.exposure.reading import markup, payloads
from omraadekort.exposure.reading.names import City, Names
from omraadekort.exposure.reading.nearest import Context
from omraadekort.exposure.visitors import Reply
from webmap.figures.formats import listed
from webmap.goals import view

_GOALS: Final = frozenset({"goals.goal", "goals.labour", "front.goal_sheet"})
_LABOUR: Final = "2006-B2"
_PROPERTIES: Final = re.compile(r'"properties":\s*(\{[^{}]*\})')
_FILES: Final = frozenset({"api.resource", "editions.changes"})
"""Answers for programs, which name the part that they are made of."""
_SHAPES: Final = frozenset({"area_id"})


@dataclass(frozen=True)
class AnswerReader:
    """Somebody who knows an edition as each part of it is shown. parts: the edition by the audience whose part it is."""

    parts: Mapping[Audience, Edition]
    own: Audience
    adapter: MapAdapter

    @cached_property
    def names(self) -> Mapping[tuple[Audience, str], Names]:
        """What things are called, by part and language."""
        cities = {part: City(edition) for part, edition in self.parts.items()}
        return {(part, language): Names(city, language) for part, city in cities.items() for language in ("da", "en")}

    def part(self, document: Reply, page: str) -> Audience:
        """The part of the edition that an answer is made of: files name it, pages are made of that of whoever looks."""
        asked = self.asked(document.address)
        if page in _FILES or (page.startswith("maps.") and "edition_id" in asked):
            named = str(asked.get("audience" if page in _FILES else "del", Audience.PUBLIC.value))
            return Audience(named) if named in {part.value for part in self.parts} else self.own
        return self.own

    def asked(self, address: str) -> dict[str, Any]:
        """The parameters of an address, of its path and of its query; a query's as text, those given more than once as a list."""
        parts = urlsplit(address)
        try:
            _, values = self.adapter.match(parts.path)
        except HTTPException:
            values = {}
        query = {name: several[0] if len(several) == 1 else several for name, several in parse_qs(parts.query).items()}
        return {**query, **values}

    def seen(self, document: Reply, page: str) -> Iterator[Seen]:
        """Every figure in an answer."""
        where, asked = document.address, self.asked(document.address)
        language = "en" if where.startswith("/en/") or asked.get("lang") == "en" else "da"
        names = self.names[self.part(document, page), language]
        content = payloads.decoded(document.body) if document.media.endswith("json") else None
        if document.media in ("text/html", "image/svg+xml"):  # a PNG is drawn from the SVG of the same address
            yield from markup.read(document.body.decode(), self._context(page, where, names))
        elif content is not None:
            if page == "maps.values":
                yield from payloads.in_values(where, content, names, asked["indicator"], asked["area_set"])
            yield from payloads.in_json(where, content, names.city)
        else:
            for kind in (each for each in listed.FORMATS if each.media == document.media):
                yield from payloads.in_format(where, document.body, kind, names.city)

    def findings(self, document: Reply, page: str) -> Iterator[Finding]:
        """What is wrong in an answer beside numbers: answers to goals, properties of shapes, and files that cannot be read back."""
        where, read = document.address, self.parts[self.part(document, page)]
        if page == "maps.download":
            yield from self._unread(document)
        if document.media.endswith("json"):
            yield from answers.in_file(where, payloads.decoded(document.body), read)
        elif document.media == "text/html" and page in _GOALS:
            goal = self._goal(self.asked(where), read)
            language = "en" if where.startswith("/en/") else "da"
            if goal is not None:
                yield from answers.on_page(where, document.body.decode(), goal, self.names[self.own, language])
        elif document.media == "text/javascript":
            yield from _more_properties(document)

    def _unread(self, document: Reply) -> Iterator[Finding]:
        """A download in which a figure of its map is not found again."""
        where, asked = document.address, self.asked(document.address)
        of_map = (str(asked["indicator"]), str(asked["area_set"]), str(asked.get("periode", "")))
        city = self.names[self.part(document, "maps.download"), "da"].city
        yield from payloads.missing(where, document.body, listed.named(str(asked["kind"])), of_map, city)

    def _context(self, page: str, where: str, names: Names) -> Context:
        """What an address says that its page is about."""
        asked, edition = self.asked(where), names.city.edition
        indicators = [asked[name] for name in ("indicator", "indikator", "a", "b", "oplevet") if asked.get(name)]
        periods = [asked[name] for name in ("period", "periode", "pa", "pb") if asked.get(name)]
        sets = [asked[name] for name in ("area_set", "inddeling") if asked.get(name)]
        areas = [(asked["area_set"], asked["area_id"])] if {"area_set", "area_id"} <= asked.keys() else []
        goal = self._goal(asked, edition) if page in _GOALS else None
        if goal is not None:
            indicators, sets = indicators or [view.shown_first(edition, goal)], [goal.area_set]
        if "subject_id" in asked:  # the period is the round's
            areas, sets, periods = [(asked["subject_set"], asked["subject_id"])], [], []
        if "area_id" in asked and not areas:  # a district: its set is not in the address
            layers = [layer for layer in edition.layers.values() if layer.role == "areas"]
            areas = [(layer.id, asked["area_id"]) for layer in layers if any(area.area_id == asked["area_id"] for area in layer.areas)]
            sets = [area_set for area_set, _ in areas]
        return Context(where, names, tuple(indicators), tuple(sets), tuple(areas), tuple(periods), str(asked.get("sorter", "")))

    def _goal(self, asked: Mapping[str, Any], read: Edition) -> Goal | None:
        number = str(asked.get("number", _LABOUR)).removeprefix("M")
        try:
            return view.find(read, number)
        except NotFoundError:
            return None


def _more_properties(document: Reply) -> Iterator[Finding]:
    """Properties of shapes in a script that are not on the list: a map needs their codes alone."""
    more: set[str] = set()
    for match in _PROPERTIES.finditer(document.body.decode()):
        more |= {*json.loads(match[1])} - _SHAPES
    if more:
        yield Finding(document.address, f"properties that are on no list: {', '.join(sorted(more))}")
