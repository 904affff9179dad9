"""Nothing of the papers is lost: each fact of `tests/facts/papers.csv` stands on its page, in its row, and in the API where it has a place.

The facts were drawn from the papers, not from what the program shows. `beside` names the row of a table or the name of a figure that the
value stands in; `api_value` is the same as a program reads it: `row|year|amount` of the economy, `sum|printed|computed` of a wrong sum.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from geo.files.workspace import Workspace
from tests.readers.parsed import parse
from webmap.app import create_app
from webmap.settings import Settings

FILE = Path(__file__).parents[2] / "facts" / "papers.csv"
with FILE.open(encoding="utf-8", newline="") as stream:
    FACTS = list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def client(built: Workspace) -> FlaskClient:
    return create_app(Settings(workspace=built.folder)).test_client()


@pytest.fixture(scope="module")
def pages(client: FlaskClient) -> dict[str, Element]:
    return {address: parse(client.get(address).get_data(as_text=True)) for address in sorted({fact["page"] for fact in FACTS})}


@pytest.fixture(scope="module")
def answers(client: FlaskClient) -> dict[str, str]:
    return {address: client.get(address).get_data(as_text=True) for address in sorted({fact["api"] for fact in FACTS} - {""})}


def text_of(element: Element) -> str:
    """The text of an element, a space between what stands on lines of its own."""
    return " ".join(" ".join(element.itertext()).split())


def rows(page: Element) -> Iterator[str]:
    """What stands together on a page: rows of tables, and a name with its figure."""
    yield from (" ".join(text_of(cell) for cell in row) for row in page.iter("tr"))
    for facts in page.iter("dl"):
        children = list(facts)
        yield from (f"{text_of(name)} {text_of(figure)}" for name, figure in zip(children[::2], children[1::2], strict=False))


def stands(fact: dict[str, str], page: Element) -> bool:
    value, beside = plain(fact["value"]), plain(fact["beside"])
    if not beside:
        return value in plain(text_of(page))
    if beside == "sum":
        return any(set(value.split()) <= set(row.split()) for row in map(plain, rows(page)))
    return any(beside in row and f" {value} " in f" {row.replace(beside, ' ', 1)} " for row in map(plain, rows(page)))


def plain(text: str) -> str:
    """A text with single, common spaces, and without the signs that only the paper's own layout has."""
    return " ".join(text.replace("\u00a0", " ").replace("–", " ").split())


def is_told(fact: dict[str, str], answer: str) -> bool:
    value = fact["api_value"]
    if value.startswith("sum|"):
        printed, computed = (float(part) for part in value.split("|")[1:])
        return any(
            (one["printed"], one["computed"]) == (printed, computed) for table in json.loads(answer)["economy"] for one in table["sums"]
        )
    if value.count("|") == 2:
        line, year, amount = value.split("|")
        return any((row["row"], row["year"], row["printed"]) == (line, year, amount) for row in csv.DictReader(io.StringIO(answer)))
    said = json.dumps(json.loads(answer), ensure_ascii=False) if answer.startswith("{") else answer.replace("\r\n ", "")
    return plain(value) in plain(said.replace("\\n", " ").replace('\\"', '"'))


def test_there_are_enough_facts_of_all_five_papers() -> None:
    assert len(FACTS) >= 250
    assert {fact["paper"] for fact in FACTS} == {"kk-000", "kk-001", "kk-002", "kk-003", "kk-004"}


@pytest.mark.parametrize("address", sorted({fact["page"] for fact in FACTS}))
def test_every_fact_stands_on_its_page(pages: dict[str, Element], address: str) -> None:
    lost = [
        f"{fact['place']}: {fact['beside']} {fact['value']}"
        for fact in FACTS
        if fact["page"] == address and not stands(fact, pages[address])
    ]
    assert lost == []


@pytest.mark.parametrize("address", sorted({fact["api"] for fact in FACTS} - {""}))
def test_every_fact_stands_in_the_api(answers: dict[str, str], address: str) -> None:
    lost = [f"{fact['place']}: {fact['api_value']}" for fact in FACTS if fact["api"] == address and not is_told(fact, answers[address])]
    assert lost == []


def test_a_fact_that_is_nowhere_is_lost(pages: dict[str, Element]) -> None:
    fact = {"value": "6,8", "beside": "2.1 Jobpatruljer"}
    assert not stands(fact, pages["/oekonomi"])
    assert stands({"value": "6,9", "beside": "2.1 Jobpatruljer"}, pages["/oekonomi"])
    assert not stands({"value": "24,6", "beside": "2.1 Jobpatruljer"}, pages["/oekonomi"])
