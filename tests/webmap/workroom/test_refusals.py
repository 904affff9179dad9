"""What is wrong with a file in words: every message that has a Danish is still said, and a message without one is marked as English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.drafts.draft import FileFault
from geo.errors import Problem
from webmap.workroom import refusals
from webmap.workroom.danish import DANISH, EXPECTED

ROOT = Path(__file__).parents[3]
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("geo", "webmap/workroom")
    for path in (ROOT / folder).rglob("*.py")
    if path.name != "danish.py"
)


@pytest.mark.parametrize("words", sorted({**DANISH, **EXPECTED}))
def test_what_is_translated_is_still_said(words: str) -> None:
    assert words in SOURCES


def refusals_of_drafts() -> Iterator[str]:
    """The fixed words of every problem that drafts and the workroom themselves tell of."""
    for path in (path for folder in ("geo/drafts", "webmap/workroom") for path in (ROOT / folder).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Problem":
                yield from (each.value.value for each in call.keywords if each.arg == "expected" and isinstance(each.value, ast.Constant))


@pytest.mark.parametrize("words", sorted({*refusals_of_drafts()} - {"YYYY-MM-DD"}))
def test_what_drafts_expect_is_said_in_danish(words: str) -> None:
    assert words in EXPECTED


def test_a_fault_is_said_with_its_place() -> None:
    fault = FileFault(
        file="tal.csv", what="not a number", row=7, column="value", found="'halvfems'", expected="a number such as 12.5, or nothing"
    )
    danish = refusals.fault(fault, "da")
    assert (danish.where, danish.what, danish.given) == ("række 7, kolonnen value", "det er ikke et tal", "halvfems")
    assert danish.expected == "et tal som 12,5 eller ingenting"
    assert not danish.foreign
    english = refusals.fault(fault, "en")
    assert (english.where, english.what) == ("row 7, column value", "not a number")


def test_what_nobody_has_translated_is_marked_as_english() -> None:
    said = refusals.fault(FileFault(file="x", what="a fault of tomorrow", expected="a mend of tomorrow"), "da")
    assert (said.what, said.foreign, said.expected_foreign) == ("a fault of tomorrow", True, True)


def test_a_full_disk_is_said_in_both_languages() -> None:
    said = refusals.sentence(Problem("drafts", "the disk does not take it (No space left on device)"))
    assert said.da == "Disken tager ikke imod det (No space left on device)."
    assert said.en == "The disk does not take it (No space left on device)."
