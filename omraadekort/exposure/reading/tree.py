"""A page as a tree of elements, and the few questions that are asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Final, Union

_EMPTY: Final = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
"""Elements that have no end."""

_CELL: Final = ("td", "th")
_TERM: Final = ("dt", "dd")
_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "td": _CELL, "th": _CELL, "tr": (*_CELL, "tr"), "li": ("li",), "dt": _TERM, "dd": _TERM, "option": ("option",),
}  # fmt: skip
"""Elements whose start ends others that were left open."""
_BOUNDS: Final = frozenset({"table", "ul", "ol", "dl", "select", "form", "svg"})
"""Elements that such a start does not reach out of."""

Part = Union["Element", str]


class Element:
    """One element: its name, its attributes, what is in it, and what it is in (None at the top)."""

    __slots__ = ("attributes", "inside", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str], inside: Element | None) -> None:
        self.name, self.attributes, self.inside = name, attributes, inside
        self.parts: list[Part] = []

    def get(self, name: str) -> str:
        """An attribute, "" when it is not there."""
        return self.attributes.get(name, "")

    @property
    def classes(self) -> list[str]:
        """The words of its class."""
        return self.get("class").split()

    def elements(self) -> Iterator[Element]:
        """All elements in it, itself first, in the order of the page."""
        waiting: list[Element] = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [part for part in reversed(element.parts) if isinstance(part, Element)]

    def named(self, *names: str) -> Iterator[Element]:
        """The elements in it with one of these names."""
        return (element for element in self.elements() if element.name in names)

    def around(self) -> Iterator[Element]:
        """What it is in, the nearest first."""
        element = self.inside
        while element is not None:
            yield element
            element = element.inside

    def text(self, without: tuple[str, ...] = ("svg", "script", "style")) -> str:
        """The words in it, without those in elements of these names, single spaces between."""
        return " ".join(" ".join(self._words(without)).split())

    def _words(self, without: tuple[str, ...]) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif part.name not in without:
                yield from part._words(without)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = self.here = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_open(_ENDS.get(tag, ()))
        made = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.parts.append(made)
        if tag not in _EMPTY:
            self.here = made

    def _end_open(self, names: tuple[str, ...]) -> None:
        """End the outermost open element of these names, inside the nearest bound."""
        place: Element | None = self.here
        while names and place is not None and place.inside is not None and place.name not in _BOUNDS:
            if place.name in names:
                self.here = place.inside
            place = place.inside

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.parts.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        place: Element | None = self.here
        while place is not None and place.name != tag:
            place = place.inside
        if place is not None and place.inside is not None:
            self.here = place.inside

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.here.parts.append(data)


def parse(text: str) -> Element:
    """Read a page. What is not well formed is read as far as it can be."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.top
