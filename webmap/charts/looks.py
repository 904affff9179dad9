"""The style sheets' rules for a drawing that leaves the page: a picture that is downloaded has its colours in itself.

Read from the style sheets, so that a picture never looks otherwise than the page that it was taken from.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

_STATIC: Final = Path(__file__).parent.parent / "static"
_SHEETS: Final = ("omraadekort.css", "map.css", "pair.css", "barometer.css")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE: Final = re.compile(r"--([\w-]+)\s*:\s*([^;}]+)")
_USED: Final = re.compile(r"var\(--([\w-]+)\)")
_ELSEWHERE: Final = re.compile(r"[:\[#>~+*]|^(?!.*\.)")
"""Selectors that a picture has no use for: of states, attributes and ids, and those without a class."""
_CLASS: Final = re.compile(r"\.([\w-]+)")
_DRAWN: Final = re.compile(r"fill|stroke|font|opacity|text-anchor|paint-order|background")


@lru_cache(maxsize=1)
def _sheet() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Selectors and declarations of every rule outside `@media`, with colours in place of variables."""
    text = "".join(_COMMENT.sub("", (_STATIC / name).read_text(encoding="utf-8")) for name in _SHEETS)
    variables = dict(_VARIABLE.findall(text))
    rules = []
    for selectors, declarations in _RULE.findall(_without_media(text)):
        wanted = "; ".join(part.strip() for part in declarations.split(";") if _DRAWN.match(part.strip()))
        if wanted:
            rules.append((tuple(part.strip() for part in selectors.split(",")), _plain(wanted, variables)))
    return tuple(rules)


def _without_media(text: str) -> str:
    """The sheet without its conditional parts, whose braces are nested."""
    kept, depth, skipping = [], 0, False
    for part in re.split(r"(@media[^{]*\{|[{}])", text):
        if part.startswith("@media"):
            skipping, depth = True, 1
        elif skipping:
            depth += {"{": 1, "}": -1}.get(part, 0)
            skipping = depth > 0
        else:
            kept.append(part)
    return "".join(kept)


def _plain(declarations: str, variables: dict[str, str]) -> str:
    while (used := _USED.search(declarations)) is not None:
        declarations = declarations.replace(used[0], variables.get(used[1], "none").strip())
    return declarations


def style_of(drawing: str) -> str:
    """Return the rules, as CSS, that say how the classes in a drawing look. drawing: SVG."""
    drawn = {name for names in re.findall(r'class="([^"]*)"', drawing) for name in names.split()}
    lines = []
    for selectors, declarations in _sheet():
        fitting = [each for each in selectors if not _ELSEWHERE.search(each) and set(_CLASS.findall(each)) <= drawn]
        if fitting:
            lines.append(f"{', '.join(fitting)} {{ {declarations} }}")
    return "\n".join(lines)
