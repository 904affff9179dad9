"""Every public address that a reader can come to, found as a reader finds it: by following links and trying the controls of forms.

Pages that somebody adds are found without being listed anywhere. What has no end, or hardly one, is left out: a search for words
that a person types, a map with one of its areas picked, the origin of every single figure.

The program has no other crawler: `exposure` follows no links but asks every route, so that it also reads what nothing leads to.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.test import TestResponse

from webmap.serving.pagestore import in_order

START: Final = ("/", "/en/")
UNFOLLOWED: Final = frozenset({"omraade", "tvivl", "farver", "sorter", "q", "next", "fra", "mod", "demo"})
"""Parameters that are not followed: an area picked, doubt, the second view of a map, another order of a table, a search, where
one came from, two editions, two lists, and the switch of demo data, which makes every page once more."""
UNFOLLOWED_PATHS: Final = (
    "/hent/",
    "/billede/",
    "/kurve/",
    "/fordeling/",
    "/vej/",
    "/kilde/",
    "/api/",
    "/find/",
    "/log-ind",
    "/foelg",
    "/kort/sammenlign",
    ".atom",
)
"""Parts of addresses that are not followed: downloads and pictures, the origin of each figure, what programs ask for, signing in, following
by e-mail, two maps of many.

Feeds are for programs, and name the server that was asked.
"""
_UNTRIED: Final = frozenset({"indikator"})
"""Controls that are not tried: every map stands in the list of maps, so that its own controls are enough."""

_ADDRESS: Final = re.compile(r'\s[a-z-]+="(/(?!/)[^"#]*)')
"""Our templates quote every attribute, and Jinja encodes what it puts there."""
_FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)

Get = Callable[[str], TestResponse]


def answers(get: Get, *, most: int) -> Iterator[tuple[str, TestResponse]]:
    """Ask for every address once, at most `most` of them; pages without a query come first, then what is pinned or changed.

    Addresses that differ in the order of their parameters are one. Yields address and answer, whatever its status; redirects too.
    """
    plain, asked = deque(START), deque[str]()
    seen = {f"{address}?" for address in START}
    while (plain or asked) and most > 0:
        address = plain.popleft() if plain else asked.popleft()
        answer = get(address)
        most -= 1
        yield address, answer
        for link in leads(answer):
            path, _, query = link.partition("?")
            if (ordered := f"{path}?{in_order(query)}") not in seen:
                seen.add(ordered)
                (asked if query else plain).append(link)


def leads(answer: TestResponse) -> Iterator[str]:
    """Addresses that an answer leads to: where it redirects, its links, what it loads, and its forms with one control changed."""
    if answer.location:
        yield from (answer.location,) if answer.location.startswith("/") and followed(answer.location) else ()
    elif answer.status_code == 200 and answer.mimetype == "text/html":
        text = answer.text
        for match in _ADDRESS.finditer(text):
            address = html.unescape(match[1])
            if followed(address):
                yield address
        for form in _FORM.findall(text):
            yield from filter(followed, _choices(form))


def followed(address: str) -> bool:
    """Whether an address is one of the many that are asked for again and again, rather than one of very many that are not."""
    parts = urlsplit(address)
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return not names & UNFOLLOWED and not any(part in parts.path for part in UNFOLLOWED_PATHS)


class _Controls(HTMLParser):
    """The controls of one form in their order: each with the value it has and the values it could have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.method, self.action, self.name, self.typed = "get", "", "", False
        self.values: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        kind = has.get("type", "text")
        if tag == "form":
            self.method, self.action = has.get("method", "get").lower(), has.get("action", "")
        elif tag == "textarea" or (tag == "input" and kind in ("text", "search", "password", "email")):
            self.typed = True
        elif tag == "select":
            self.name = has.get("name", "")
        elif tag == "option":
            self._offer(self.name, has.get("value", ""), chosen="selected" in has)
        elif tag == "input" and kind in ("radio", "checkbox", "hidden") and has.get("name"):
            self._offer(has["name"], has.get("value", "on"), chosen=kind == "hidden" or "checked" in has)

    def _offer(self, name: str, value: str, *, chosen: bool) -> None:
        first = name not in self.options
        self.options.setdefault(name, []).append(value)
        if chosen or (first and name == self.name):  # a list shows its first option when none is selected
            self.values[name] = value


def _choices(form: str) -> Iterator[str]:
    """Addresses that a form without free text can be sent to with one of its controls changed, as a browser writes them."""
    controls = _Controls()
    controls.feed(form)
    if controls.method != "get" or controls.typed or not controls.action.startswith("/") or UNFOLLOWED & controls.values.keys():
        return
    for name, value in ((name, value) for name, options in controls.options.items() if name not in _UNTRIED for value in options):
        sent = {
            option: value if option == name else controls.values[option]
            for option in controls.options
            if option == name or option in controls.values
        }
        yield f"{controls.action}?{urlencode({key: text for key, text in sent.items() if text})}"
