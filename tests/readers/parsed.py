"""A page as a tree, with the standard library only. Fails on a tag that is closed in the wrong order: the pages are well-formed."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder, self.open = TreeBuilder(), [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes what is not open"
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        if len(self.open) > 1:
            self.builder.data(data)


def parse(text: str) -> Element:
    """The <html> element of a page."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    assert parser.open == [""], f"{parser.open} never closed"
    return parser.builder.close()


def words(element: Element) -> str:
    """The text of an element with single spaces."""
    return " ".join("".join(element.itertext()).split())


def all_of(page: Element, name: str) -> list[str]:
    """Every value of an attribute on a page."""
    return [element.attrib[name] for element in page.iter() if name in element.attrib]


def links(element: Element) -> list[str]:
    """Addresses of all links."""
    return [one.attrib["href"] for one in element.iter("a") if "href" in one.attrib]
