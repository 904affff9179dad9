"""Nothing lies in the packages that no command, no request and no notebook ever gets to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PACKAGES: Final = ("geo", "webmap", "omraadekort")
STARTS: Final = ("omraadekort/__main__.py", "omraadekort/cli.py", "wsgi.py", "webmap/app.py", "geo/__init__.pyi")
"""The commands, the application, and what `import geo` gives an analyst."""

EXCEPTIONS: Final = {
    "webmap.reviews.store.migrations.env": "alembic runs it from its path; webmap.reviews.store.database names the folder",
    "webmap.reviews.store.migrations.versions.r0001_tables": "alembic reads the folder of versions",
    "webmap.reviews.store.migrations.versions.r0002_guards": "alembic reads the folder of versions",
    "webmap.reviews.store.migrations.versions.r0003_corrections": "alembic reads the folder of versions",
    "webmap.reviews.store.migrations": "the package of what alembic runs",
    "webmap.reviews.store.migrations.versions": "the package of what alembic runs",
}


def dotted(path: Path) -> str:
    """The name that a file of the packages is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES: Final = {dotted(path): path for package in PACKAGES for path in (ROOT / package).rglob("*.py")}


def running(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, but for what only a type checker imports."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield from running(child)


def imported(path: Path) -> set[str]:
    """Modules of the packages that a file imports, wherever in it the import stands, with the packages around them."""
    names: set[str] = set()
    home = dotted(path).split(".")
    for node in running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            below = home if path.stem == "__init__" else home[:-1]
            around = [*below[: len(below) - node.level + 1], *filter(None, [node.module])] if node.level else [node.module or ""]
            names |= {".".join(around), *(".".join([*around, alias.name]) for alias in node.names)}
    return {".".join(parts[:end]) for parts in (name.split(".") for name in names) for end in range(1, len(parts) + 1)} & set(FILES)


def reached(starts: tuple[str, ...]) -> set[str]:
    """All modules that imports lead to from some files, the files among them."""
    waiting = [ROOT / start for start in starts]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += [FILES[name] for name in imported(path)]
    return {dotted(path) for path in seen if path.suffix == ".py"}


def test_every_module_is_reached_from_a_command_the_application_or_the_library() -> None:
    assert sorted(set(FILES) - reached(STARTS) - set(EXCEPTIONS)) == []


def test_every_exception_is_a_module_that_is_not_reached() -> None:
    assert set(EXCEPTIONS) <= set(FILES) - reached(STARTS)


def test_a_module_that_nothing_imports_would_be_seen() -> None:
    assert "geo.analysis.places" in reached(("geo/__init__.pyi",))
    assert "geo.analysis.places" not in reached(("webmap/app.py",))
    assert "geo.spatial.weights" not in reached(("wsgi.py",))
