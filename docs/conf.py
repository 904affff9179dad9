"""The site of the documents: these pages, and the reference made from the docstrings of `geo`. `make docs` builds it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

project = "Områdekort"
project_copyright = "MIT licence"
language = "en"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
exclude_patterns = ["_build", "screenshots/make.py", "pictures"]
html_theme = "furo"
html_title = "Områdekort"
html_static_path: list[str] = []
templates_path: list[str] = []

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

suppress_warnings = [
    "myst.xref_missing",  # links to files outside docs/ work in the repository; tests/test_contracts.py follows them all
    "misc.highlighting_failure",  # the pictures drawn by mermaid are shown as their text here
]
