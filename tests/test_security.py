"""The page that sets the program beside the ASVS: every requirement once, and every test that it names is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from webmap.app import create_app
from webmap.settings import Settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
REQUIRED = [line.split()[0] for line in (ROOT / "tests" / "facts" / "asvs-5.0.0-levels-1-2.txt").read_text("utf-8").splitlines()]
ROWS = re.findall(r"^\| (V[\dV., –]+) \| (yes|partly|\*\*no\*\*|operator|–) \| (.+) \|$", PAGE, re.MULTILINE)


def named(cell: str) -> Iterator[str]:
    """The requirements of a row; `V7.3.1–V7.3.2` are all from one to the other."""
    for part in cell.split(", "):
        first, _, last = part.partition("–")
        chapter, _, number = first.rpartition(".")
        yield from (f"{chapter}.{n}" for n in range(int(number), int((last or first).rpartition(".")[2]) + 1))


def test_every_requirement_of_levels_1_and_2_has_its_row_once() -> None:
    counted = Counter(requirement for cell, _, _ in ROWS for requirement in named(cell))
    assert [*counted.elements()] == [*counted]
    assert set(counted) == set(REQUIRED)
    assert len(REQUIRED) == 253


def test_every_test_that_is_named_is_there() -> None:
    missing = []
    for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE):
        file = ROOT / path
        if not file.is_file() or not re.search(rf"^def {name}\(", file.read_text("utf-8"), re.MULTILINE):
            missing.append(f"{path}::{name}")
    assert not missing


def test_what_is_not_so_is_gathered_at_the_end() -> None:
    end = PAGE.split("## What is not so", 1)[1]
    gathered = {requirement for cell in re.findall(r"V\d+\.\d+\.\d+(?:–V\d+\.\d+\.\d+)?", end) for requirement in named(cell)}
    refused = {requirement for cell, word, _ in ROWS for requirement in named(cell) if word == "**no**"}
    assert refused <= gathered


def test_a_trace_is_refused(tmp_path: Path) -> None:
    client = create_app(Settings(workspace=tmp_path)).test_client()
    for path in ("/om", "/log-ind", "/api/v1/", "/healthz", "/static/map.js"):
        assert client.open(path, method="TRACE").status_code == 405, path


def test_headers_of_every_answer(tmp_path: Path) -> None:
    client = create_app(Settings(workspace=tmp_path)).test_client()
    for path in ("/om", "/log-ind", "/api/v1/", "/healthz", "/static/map.js", "/nowhere"):
        answer = client.get(path, base_url="https://localhost", headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", path
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")], path
