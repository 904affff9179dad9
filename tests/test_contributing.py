"""CONTRIBUTING.md: its picture is that of the contracts, and its recipes do what they promise when somebody follows them to the letter."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.records import copies

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<what>[^\n]+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
RECIPES: dict[str, str] = dict(re.findall(r"^### (Add .+?)\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL))


@dataclass(frozen=True)
class Block:
    """A fenced block. what: what happens with it, after the name of its language. before: the words between it and the last block."""

    language: str
    what: str
    body: str
    before: str


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a text in their order."""
    made, last = [], 0
    for match in BLOCK.finditer(text):
        made.append(Block(match["language"], match["what"] or "", match["body"], text[last : match.start()]))
        last = match.end()
    return made


def apply(block: Block, folder: Path) -> str:
    """Do with a block what its first line says; returns the path of the file, below the folder."""
    how, rest = block.what.split("=", 1)
    name, where, line = re.match(r"(\S+)(?: (after|instead)=(.+))?$", rest).groups()  # type: ignore[union-attr]
    path = folder / name
    if how == "new":
        assert not path.exists(), f"{name} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")
    elif how == "append":
        path.write_text(path.read_text(encoding="utf-8") + ("\n\n" if path.suffix == ".py" else "\n") + block.body, encoding="utf-8")
    else:
        assert how == "in", block.what
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        places = [number for number, there in enumerate(lines) if there.strip() == line.strip()]
        assert len(places) == 1, f"{name} has the line {len(places)} times: {line}"
        kept = lines[places[0]] if where == "after" else ""
        path.write_text("".join([*lines[: places[0]], kept, block.body, *lines[places[0] + 1 :]]), encoding="utf-8")
    return str(name)


def run(commands: str, folder: Path) -> str:
    """Run shell commands in a folder as somebody would whose environment is active; what they wrote."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    here = {**os.environ, "PATH": path, "PYTHONPATH": str(folder)}
    answer = subprocess.run(["bash", "-euc", commands], cwd=folder, env=here, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-3000:]
    return answer.stdout + answer.stderr


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The tracked files in a repository of their own: some contracts ask git what there is."""
    folder = copies.of_tracked(ROOT, tmp_path / "clone")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("title", sorted(RECIPES))
def test_a_recipe_does_what_it_promises(title: str, clone: Path) -> None:
    said, written = "", list[str]()
    for block in blocks(RECIPES[title]):
        if block.language == "sh":
            said = run(block.body, clone)
        elif block.language == "text":
            assert said, "an answer before anything was run"
            assert not [line for line in block.body.splitlines() if line not in said], said
        else:
            name = apply(block, clone)
            assert f"`{name}`" in RECIPES[title], f"the words do not name {name}, and nobody sees the first line of a block"
            written.append(name)
    modules = " ".join(sorted({name for name in written if name.endswith(".py")}))
    if modules:
        run(f"ruff check {modules}\nruff format --check {modules}", clone)


def test_there_is_a_recipe_for_each_thing_that_is_often_added() -> None:
    assert set(RECIPES) == {"Add an indicator", "Add a page with a chart", "Add a download format", "Add a rule of disclosure"}


def test_every_recipe_ends_with_an_answer_that_is_looked_for() -> None:
    assert not [title for title, text in RECIPES.items() if [block.language for block in blocks(text)][-2:] != ["sh", "text"]]


def floors(package: str) -> list[set[str]]:
    """The floors of a package as its contract has them, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return [set(floor.split(" | ")) for contract in contracts if contract.get("containers") == [package] for floor in contract["layers"]]


@pytest.mark.parametrize("package", ["geo", "webmap"])
def test_the_picture_has_the_floors_of_the_contracts(package: str) -> None:
    (picture,) = (block.body for block in blocks(PAGE) if block.language == "text" and "webmap" in block.body and "geo" in block.body)
    columns = [line.split("|", 1) for line in picture.splitlines() if "|" in line]
    drawn = [set(sides[package == "geo"].split()) for sides in columns[1:]]
    assert [floor for floor in drawn if floor] == floors(package)


def test_an_empty_module_in_a_room_passes_the_checks_with_no_other_edit(clone: Path) -> None:
    added = ("geo/figures/shares.py", "webmap/charts/arrows.py")
    for name in added:
        assert not (clone / name).exists()
        (clone / name).write_text('"""Nothing yet."""\n', encoding="utf-8")
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ncheck: ")[1].split("\n.PHONY")[0]
    checks = re.findall(r"\$\(BIN\)/([\w-]+(?: [\w./-]+)*)", recipe)
    assert {check.split()[0] for check in checks} == {"ruff", "mypy", "lint-imports", "detect-secrets-hook"}
    for check in checks:
        of_files = check.startswith(("mypy", "detect-secrets-hook"))  # all of it takes them a minute, and says the same of these
        run(f"{check} {' '.join(added)}" if of_files else check, clone)


def test_a_module_that_reaches_above_its_room_does_not_pass(clone: Path) -> None:
    (clone / "geo" / "figures" / "shares.py").write_text(
        '"""Too high."""\n\nfrom geo.editions import edition as edition\n', encoding="utf-8"
    )
    with pytest.raises(AssertionError, match=r"geo\.figures\.shares"):
        run("lint-imports --no-cache", clone)


def test_every_test_of_the_fast_core_is_there() -> None:
    listed = re.search(r"^FAST := (.*?[^\\])$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert listed is not None
    folders = re.findall(r"\$\(addprefix (\S+),([^)]+)\)", listed[1])
    paths = [ROOT / f"{folder}{name}" for folder, names in folders for name in names.split()]
    assert len(paths) > 20
    assert not [path for path in paths if not path.exists()]
