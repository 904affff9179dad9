"""There is one way to say something in two languages: a Text in code and data, `say` with both languages in a template."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from markupsafe import Markup

import webmap
from webmap.app import create_app
from webmap.language.translation import say, say_number, say_text

ROOT = Path(webmap.__path__[0])
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = [path for package in ("geo", "webmap") for path in sorted((ROOT.parent / package).rglob("*.py"))]
SPOKEN_OF_LANGUAGES = {ROOT / "urls.py", ROOT.parent / "geo" / "model" / "vocabulary.py"}
"""The only modules that ask which language it is: one writes addresses, the other chooses between the halves of a Text."""

NAMES = re.compile(r"Områdekort|CSV|XLSX|GeoJSON|JSON|PDF|SSP|SHA-256|sha256|nbsp")
"""Words that are the same in both languages."""


@pytest.fixture(scope="module")
def environment() -> Environment:
    return create_app().jinja_env


def calls(tree: nodes.Node) -> Iterator[nodes.Call]:
    return (call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name in {"say", "say_number"})


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", words))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_what_a_template_says_has_both_languages_and_the_same_values_in_both(environment: Environment, path: Path) -> None:
    for call in calls(environment.parse(path.read_text(encoding="utf-8"))):
        first = 1 if call.node.name == "say_number" else 0  # type: ignore[attr-defined]
        texts = [node.as_const() for node in call.args[first:]]
        pairs = [tuple(texts)] if first == 0 else texts
        given = {keyword.key for keyword in call.kwargs}
        assert len(pairs) == first + 1, texts
        for danish, english in pairs:
            assert danish.strip(), call.lineno
            assert english.strip(), danish
            assert placeholders(danish) == placeholders(english) or not given, danish
            assert not given or placeholders(danish) - {"num"} == given, danish


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_stands_in_a_template_in_one_language_alone(environment: Environment, path: Path) -> None:
    pieces = [value for _line, kind, value in environment.lex(path.read_text(encoding="utf-8")) if kind == "data"]
    markup = "\0".join(pieces)
    read_aloud = re.findall(r'(?:aria-label|title|alt|placeholder|data-label)="([^"]*)"', markup)
    seen = re.sub(r"<[^<>]*>", " ", re.sub(r'[a-z-]+="[^"]*"', "", markup))
    assert not re.findall(r"[^\W\d_]{2,}", NAMES.sub("", " ".join([seen, *read_aloud]))), path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT.parent)))
def test_no_module_chooses_words_by_asking_for_the_language(path: Path) -> None:
    if path in SPOKEN_OF_LANGUAGES:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else node.keys if isinstance(node, ast.Dict) else []
        constants = {side.value for side in sides if isinstance(side, ast.Constant)}
        assert not constants & {"da", "en"}, f"{path}:{node.lineno}"  # type: ignore[attr-defined]


def test_no_template_is_given_texts_under_a_name_that_says_nothing(environment: Environment) -> None:
    used = {
        name.name
        for path in TEMPLATES
        for name in environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Name)
        if name.name in {"w", "_", "gettext", "ngettext"}
    }
    assert used == set()


def test_words_keep_their_markup_and_what_is_put_into_them_is_escaped() -> None:
    with create_app().test_request_context("/en/"):
        assert say("<b>{name}</b> her", "<b>{name}</b> here", name="<i>") == Markup("<b>&lt;i&gt;</b> here")
        assert say("Gemt kl. {tid}", "Saved at {tid}") == "Saved at {tid}"
        assert say_text(None) == ""
        with pytest.raises(KeyError):
            say("{a}", "{b}", a=1)


@pytest.mark.parametrize(("number", "words"), [(0, "0 områder"), (1, "1 område"), (2, "2 områder")])
def test_a_number_chooses_its_own_words(number: int, words: str) -> None:
    with create_app().test_request_context("/"):
        assert say_number(number, ("{num} område", "{num} area"), ("{num} områder", "{num} areas")) == words
