"""The site of the documents: built without a warning, its notebook run, and nothing in it fetched from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FETCHED = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=\"(?:https?:)?//", re.IGNORECASE)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        "-d",
        folder / "trees",
        ROOT / "docs",
        folder / "html",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_the_reference_is_made_from_the_docstrings(site: Path) -> None:
    page = (site / "reference.html").read_text(encoding="utf-8")
    for name in ("read_areas", "protect", "compare", "CrsError"):
        assert f".{name}" in page


def test_the_notebook_ran_and_its_table_hides_something(site: Path) -> None:
    page = (site / "notebooks" / "register-to-table.html").read_text(encoding="utf-8")
    assert "suppressed" in page
    assert "Traceback" not in page


def test_no_page_of_the_site_fetches_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    assert not [page.name for page in pages if FETCHED.search(page.read_text(encoding="utf-8"))]
