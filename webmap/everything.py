"""Everything that a reader without a role can be sent of an edition, as documents: what `omraadekort audit` looks into.

Pages are found as a reader finds them, link by link; files of maps, downloads and the API by their addresses. Of the pages that say
where a figure came from, those of hidden figures are taken.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urldefrag, urlencode, urljoin

from flask.testing import FlaskClient

from geo.edition import Edition
from geo.words import Status
from webmap import looks
from webmap.app import create_app
from webmap.settings import Settings
from webmap.tables import trace_path

Figure = tuple[str, str, str, str]
"""Indicator, area set, area id, period."""

NUMBERS: Final = ("value", "low", "high", "numerator", "denominator", "n")
CLASSES: Final = ("class", "class_low", "class_high")
MOST_PAGES: Final = 120
"""Pages that are followed: every map has a page for each choice, thousands in all, cut from one cloth."""

_LINK: Final = re.compile(r'(?:href|src)="([^"]+)"')
_SKIPPED: Final = ("/kilde/", "/en/kilde/", "/static/", "/udgave/", "/api/")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True)
class Document:
    """One answer of the service."""

    address: str
    media: str
    body: bytes


def documents(settings: Settings, edition: Edition, *, most: int = MOST_PAGES) -> Iterator[Document]:
    """Ask the service for everything, as one reader after the other would. edition: the public part of the current edition."""
    client = create_app(settings).test_client()
    for address in (*_files(edition), *_api(), *_origins(edition)):
        yield _ask(client, address)
    yield from _pages(client, most)


def figures(document: Document, edition: Edition) -> Iterator[tuple[Figure, dict[str, float]]]:
    """Every figure with the numbers that stand beside it in a payload: the API's JSON, GeoJSON and CSV, downloads, values of maps."""
    if document.media.endswith("json"):
        yield from _in_json(json.loads(document.body))
    elif document.media == "text/csv":
        rows = csv.DictReader(io.StringIO(document.body.decode("utf-8-sig")))
        yield from (found for row in rows if (found := _figure(row)))
    if "/tal/" in document.address:
        yield from _in_map(document, edition)


def _files(edition: Edition) -> Iterator[str]:
    """Scripts of shapes, values and downloads of every map."""
    start = f"/udgave/{edition.id}"
    yield f"{start}/kort/grund.js"
    table = edition.observations
    for area_set in sorted(set(table["area_set"]) & set(edition.layers)):
        yield f"{start}/kort/{area_set}.js"
        for indicator in sorted(set(table.loc[table["area_set"] == area_set, "indicator"])):
            yield f"{start}/tal/{indicator}/{area_set}.json"
            yield f"{start}/hent/{indicator}/{area_set}.csv"
            rows = looks.rows_of(edition, indicator, area_set)
            periods = {*rows.loc[rows["status"] == Status.SUPPRESSED.value, "period"], rows["period"].max()}
            yield from (f"{start}/hent/{indicator}/{area_set}.geojson?periode={period}" for period in sorted(periods))


def _api() -> Iterator[str]:
    for resource, endings in (
        ("observations", ("json", "csv")),
        ("goals", ("json", "csv")),
        ("areas", ("json", "csv", "geojson")),
        ("indicators", ("json", "csv")),
        ("sources", ("json", "csv")),
        ("breaks", ("json",)),
    ):
        yield from (f"/api/v1/{resource}.{ending}" for ending in endings)


def _origins(edition: Edition) -> Iterator[str]:
    table = edition.observations
    hidden = table[table["status"] == Status.SUPPRESSED.value]
    for row in hidden.to_dict("records"):
        yield trace_path(edition.id, row, "da")
        yield "/api/v1/trace?" + urlencode({name: row[name] for name in ("indicator", "area_set", "area_id", "period")})


def _pages(client: FlaskClient, most: int) -> Iterator[Document]:
    """Pages, nearest to the front page first, in both languages."""
    waiting, met = deque(["/", "/en/"]), {"/", "/en/"}
    while waiting and most:
        found = _ask(client, waiting.popleft())
        if found.media != "text/html":
            continue
        most -= 1
        yield found
        for link in _LINK.findall(found.body.decode()):
            address = urldefrag(urljoin(found.address, html.unescape(link)))[0]
            if address.startswith("/") and not address.startswith(("//", *_SKIPPED)) and address not in met:
                met.add(address)
                waiting.append(address)


def _ask(client: FlaskClient, address: str) -> Document:
    answer = client.get(address, follow_redirects=True)
    return Document(address, answer.mimetype or "", answer.get_data())


def _in_json(part: Any) -> Iterator[tuple[Figure, dict[str, float]]]:
    if isinstance(part, dict):
        if found := _figure(part):
            yield found
        for inner in part.values():
            yield from _in_json(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _in_json(inner)


def _figure(row: dict[str, Any]) -> tuple[Figure, dict[str, float]] | None:
    if not {"indicator", "area_set", "area_id", "period"} <= row.keys():
        return None
    numbers = {name: float(row[name]) for name in NUMBERS if row.get(name) not in (None, "")}
    if "value" not in numbers and any(row.get(name) not in (None, "") for name in CLASSES):
        numbers["value"] = float("inf")  # a class narrows a value that is not there
    return (row["indicator"], row["area_set"], row["area_id"], row["period"]), numbers


def _in_map(document: Document, edition: Edition) -> Iterator[tuple[Figure, dict[str, float]]]:
    """What a map says in words of hidden figures, when there is a number in it (as infinity: no figure is that)."""
    *_, indicator, area_set = document.address.removesuffix(".json").split("/")
    rows = looks.rows_of(edition, indicator, area_set)
    for row in rows[rows["status"] == Status.SUPPRESSED.value].to_dict("records"):
        said = json.loads(document.body)["periods"].get(row["period"], {}).get("rows", {}).get(row["area_id"], {})
        if any(_DIGIT.search(str(said.get(name, ""))) for name in ("value", "interval", "n")):
            yield (indicator, area_set, row["area_id"], row["period"]), {"value": float("inf")}
