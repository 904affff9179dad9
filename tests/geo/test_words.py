"""What names and docstrings of `geo` owe to a first reader: a name says what it holds, a docstring what goes in and what is raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import geo

ROOT = Path(geo.__file__).parent
MODULES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}
HIDES_WHAT_IT_HOLDS = {"found", "one"}
METAPHORS = {"told", "turn", "spot", "spots", "door", "hinge", "hat", "vault"}
KEPT = {
    ("errors.py", "found"): "the words beside `expected`: what was found in a file",
    ("drafts/draft.py", "found"): "the same in FileFault, which is a problem that can be kept",
    ("figures/multiple.py", "told"): "the field of Control, which pages read",
}
ARRAYS = re.compile(r"ndarray|NDArray|\b(?:Ints|Floats|Bools|Numbers|Integers)\b|DataFrame|Series")
WITH_EXAMPLES = {
    "conclusions/classify.py": {"class_of", "edges"},
    "conclusions/redraws.py": {"split"},
    "figures/differences.py": {"apart", "ratio"},
    "figures/indicators.py": {"wilson", "poisson"},
    "figures/means.py": {"windows"},
    "figures/multiple.py": {"stand_out"},
    "figures/smoothing.py": {"empirical_bayes"},
    "inputs/areagroups.py": {"slug"},
    "model/periods.py": {"read"},
    "model/ratios.py": {"of_counts"},
    "model/rounding.py": {"half_up"},
    "model/vocabulary.py": {"Period.parse"},
    "spatial/crs.py": {"point_to_show", "points_to_measure"},
    "spatial/gazetteer.py": {"plain"},
    "spatial/interpolation.py": {"apportion"},
    "spatial/weights.py": {"by_area"},
}
"""Besides those of `import geo`: functions that an analyst would call by themselves."""


class Public(NamedTuple):
    """A function or method that other modules may call."""

    module: str
    name: str
    node: ast.FunctionDef
    text: str


def public_functions() -> Iterator[Public]:
    for module, tree in MODULES.items():
        for node in tree.body:
            inside = [("", node)] if isinstance(node, ast.FunctionDef) else []
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                inside = [(f"{node.name}.", method) for method in node.body if isinstance(method, ast.FunctionDef)]
            for before, function in inside:
                if not function.name.startswith("_"):
                    yield Public(module, before + function.name, function, ast.get_docstring(function) or "")


FUNCTIONS = tuple(public_functions())


def raised_by(function: Public) -> set[str]:
    """The errors that a function raises itself: by their class, or by a function of its module that returns one."""
    returns = {
        node.name: node.returns.id
        for node in MODULES[function.module].body
        if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name)
    }
    calls = [
        node.exc.func.id
        for node in ast.walk(function.node)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    ]
    named = {returns.get(name, name) for name in calls}
    return {name for name in named if name[0].isupper()}


def arrays_of(function: Public) -> set[str]:
    """The parameters that are arrays, tables or series."""
    arguments = [*function.node.args.posonlyargs, *function.node.args.args, *function.node.args.kwonlyargs]
    return {argument.arg for argument in arguments if argument.annotation and ARRAYS.search(ast.unparse(argument.annotation))}


def stored(tree: ast.Module) -> Iterator[str]:
    """Every name that something is kept under: variables, parameters, fields and functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef):
            yield node.name.lstrip("_")


def test_there_are_many_functions_to_look_at() -> None:
    assert len(FUNCTIONS) > 400


def test_every_module_and_public_function_has_a_docstring() -> None:
    assert not [module for module, tree in MODULES.items() if not ast.get_docstring(tree)]
    assert not [f"{function.module}: {function.name}" for function in FUNCTIONS if not function.text]


def test_a_docstring_names_what_the_function_raises() -> None:
    assert {name for function in FUNCTIONS for name in raised_by(function)} >= {"InputError", "CrsError", "EditionError", "ValueError"}
    silent = {
        f"{function.module}: {function.name}": missing
        for function in FUNCTIONS
        if (missing := {name for name in raised_by(function) if name not in function.text})
    }
    assert not silent


def test_a_docstring_says_what_arrays_and_tables_hold() -> None:
    assert sum(bool(arrays_of(function)) for function in FUNCTIONS) > 100
    silent = {
        f"{function.module}: {function.name}": missing
        for function in FUNCTIONS
        if (missing := {name for name in arrays_of(function) if not re.search(rf"\b{name}\b", function.text)})
    }
    assert not silent


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_what_an_analyst_would_call_has_an_example(module: str) -> None:
    with_one = {function.name for function in FUNCTIONS if function.module == module and ">>>" in function.text}
    assert with_one >= WITH_EXAMPLES[module]


@pytest.mark.parametrize("forbidden", [HIDES_WHAT_IT_HOLDS, METAPHORS], ids=["found and one", "metaphors"])
def test_a_name_says_what_it_holds(forbidden: set[str]) -> None:
    named = {(module, name) for module, tree in MODULES.items() for name in stored(tree) if name in forbidden}
    assert named <= KEPT.keys()
    assert {key for key in KEPT if key[1] in forbidden} <= named, "a name that is gone need not be excused"
