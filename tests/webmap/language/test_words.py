"""Danish that a neighbour would say: no sentence of the program has a word that docs/language.md advises against."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import webmap
from webmap.app import create_app

ROOT = Path(webmap.__path__[0]).parent
TABLE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8").partition("## Ord, vi ikke bruger")[2]
AVOIDED = [word.strip() for row in re.findall(r"^\| (?!Skriv ikke|---)([^|]+) \|", TABLE, re.MULTILINE) for word in row.split(",")]
MODULES = [path for package in ("geo", "webmap") for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.fixture(scope="module")
def environment() -> Environment:
    return create_app().jinja_env


def text_of(node: ast.AST) -> str:
    """The words of a string, also of one with values in it."""
    return "…".join(part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def danish_of_modules() -> Iterator[tuple[str, str]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from ((f"{path.relative_to(ROOT)}:{node.lineno}", text_of(key.value)) for key in node.keywords if key.arg == "da")
    labels = (ROOT / "geo" / "inputs" / "entries").rglob("*.py")
    yield from ((str(path.relative_to(ROOT)), text_of(ast.parse(path.read_text(encoding="utf-8")))) for path in labels)


def danish_of_data() -> Iterator[tuple[str, str]]:
    """What files of the embedded city say in Danish; English, quotations and remarks for whoever edits them are left out."""
    for path in [*(ROOT / "data").rglob("*.toml"), *(ROOT / "boundaries").rglob("*.toml")]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            said = re.sub(r'\ben = "(?:[^"\\]|\\.)*"', "", line)
            if not line.startswith(("#", "wording", "disclosure")):
                yield f"{path.relative_to(ROOT)}:{number}", said


def danish_of_templates(environment: Environment) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "webmap" / "templates").rglob("*.html")):
        for call in environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in {"say", "say_number"}:
                texts = [node.as_const() for node in call.args[1 if call.node.name == "say_number" else 0 :]]
                danish = texts[:1] if call.node.name == "say" else [pair[0] for pair in texts]
                yield from ((f"{path.name}:{call.lineno}", text) for text in danish)


def test_the_table_of_words_is_read() -> None:
    assert {"hensyn til diskretion", "holdt op mod", "skelnes fra"} <= set(AVOIDED)


def test_no_danish_sentence_has_a_word_to_avoid(environment: Environment) -> None:
    every = [*danish_of_modules(), *danish_of_templates(environment), *danish_of_data()]
    assert len(every) > 2000  # all of them are read, not a few
    pattern = re.compile("|".join(rf"\b{re.escape(word)}" for word in AVOIDED), re.IGNORECASE)
    avoided = {(place, match[0]): text for place, text in every for match in pattern.finditer(text)}
    assert not avoided
