"""Names say what a value is: nothing in the web or the program is called `found` or `one`, or by a metaphor that was given up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NO_NAMES = frozenset({"found", "one", "told", "turn", "turns", "hat", "hats", "door", "doorway", "looked"})
"""What says nothing of a value; and words for which the field has its own: a comparison, an audience, an access service, a log."""


def stored(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that a variable, a parameter, an attribute of a class, a function or an exception is given, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler) and node.name:
            yield node.name, node.lineno


@pytest.mark.parametrize("package", ["webmap", "omraadekort"])
def test_no_name_is_one_that_says_nothing(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for name, line in stored(ast.parse(path.read_text(encoding="utf-8")))
        if name in NO_NAMES
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "found = 1",
        "def f(one): ...",
        "lambda one: one",
        "[one for one in ()]",
        "class Named:\n    found: int",
        "if found := 1: ...",
        "def looked(): ...",
        "try: ...\nexcept ValueError as found: ...",
    ],
)
def test_the_check_sees_every_way_to_give_a_name(text: str) -> None:
    assert {name for name, _ in stored(ast.parse(text))} & NO_NAMES
