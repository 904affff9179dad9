"""A reader is an edition and a language in one value, and no function of the web takes the two apart."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest

from geo.model.vocabulary import Audience
from tests.towns import maptown
from webmap.edition.reader import Reader

ROOT = Path(__file__).parent.parent.parent


def apart(function: ast.FunctionDef) -> bool:
    """Whether a function takes an edition and a language as two parameters."""
    parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    typed = {ast.unparse(each.annotation) for each in parameters if each.annotation}
    return "Edition" in typed and any(each.arg == "language" for each in parameters)


@pytest.mark.parametrize("package", ["webmap", "omraadekort"])
def test_no_function_takes_an_edition_and_a_language_apart(package: str) -> None:
    functions = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and apart(node)
    ]
    assert functions == []


def test_the_check_sees_a_function_that_takes_them_apart() -> None:
    (function,) = ast.parse("def view(edition: Edition, *, language: str) -> str: ...").body
    assert isinstance(function, ast.FunctionDef)
    assert apart(function)


def test_a_reader_is_the_key_of_a_cache_by_the_edition_that_is_read_and_the_language(tmp_path: Path) -> None:
    public = maptown.publish(tmp_path)
    staff = dataclasses.replace(public, audience=Audience.STAFF)
    assert Reader(public, "da") == Reader(public, "da")
    assert len({Reader(public, "da"), Reader(public, "da"), Reader(public, "en"), Reader(staff, "da")}) == 3
    assert [Reader(part, "da").audience for part in (public, staff)] == [Audience.PUBLIC, Audience.STAFF]


def test_a_reader_cannot_be_changed(tmp_path: Path) -> None:
    reader = Reader(maptown.publish(tmp_path), "da")
    with pytest.raises(dataclasses.FrozenInstanceError):
        reader.language = "en"  # type: ignore[misc]
