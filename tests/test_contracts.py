"""What holds for the whole repository: layers, provenance, names, and what may never be in a tracked file."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from geo.version import VERSION
from webmap.access import table as access_table
from webmap.settings import OPTIONS, PREFIX, Settings

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "boundaries"
READ_BY_THE_WEB = {"errors", "model", "files", "figures", "spatial", "conclusions", "editions", "drafts"}
"""Rooms of `geo` that the web may use; which of their modules it may not, however long the way, stands in the contracts."""
PACKAGES = ("geo", "webmap", "omraadekort")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LONGEST = {"geo": 300, "webmap": 300, "omraadekort": 300, "": 340}
FULLEST = 12
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base", "manager"}
MACHINE = re.compile(
    r"/(?:work|root|home|tmp|Users|opt)/[a-z.]|[\w.-]*(?:pypi|pythonhosted|devpi|artifactory|nexus)[\w-]*\.(?:org|com|net|io|local)"
)
THIRD_PARTY = re.compile(
    r"(?:cdn|unpkg|jsdelivr|jquery|bootstrapcdn|googleapis|gstatic|stackpath|openstreetmap|fontawesome)[\w.-]*\.(?:com|net|org)"
)


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows, or would on the next `git add`: what may be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(paths: list[Path]) -> Iterator[tuple[str, int, str]]:
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            yield path.relative_to(ROOT).as_posix(), number, line


def offences(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [f"{name}:{number}: {match[0]}" for name, number, line in text_of(paths) if (match := pattern.search(line))]


def imports_of(path: Path) -> set[str]:
    """Modules and names that a file imports: of `from geo.model import goals` geo.model and geo.model.goals."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


# --- layers -----------------------------------------------------------------------------------------------------------


def test_the_layers_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-1000:]


def layers_of(container: str) -> list[str]:
    """The floors of a package as its contract has them, the highest first, rooms of one floor with ` | ` between them."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    return [floor for contract in contracts if contract.get("containers") == [container] for floor in contract["layers"]]


@pytest.mark.parametrize("container", ["geo", "webmap"])
def test_the_page_on_architecture_has_the_floors_of_the_contracts(container: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.split(f"### Floors of `{container}`", 1)[1].split("\n#", 1)[0]
    floors = [" | ".join(re.findall(r"`(\w+)`", re.split(r"(?<!\\)\|", row)[1])) for row in re.findall(r"^\| `.*$", table, re.MULTILINE)]
    assert floors == layers_of(container)


@pytest.mark.parametrize("path", sorted((ROOT / "webmap").rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_web_reads_editions_and_nothing_else_of_geo(path: Path) -> None:
    rooms = {name.split(".")[1] for name in imports_of(path) if name.startswith("geo.")}
    assert rooms <= READ_BY_THE_WEB


def test_every_address_stands_in_a_module_of_pages() -> None:
    route = re.compile(r"^@blueprint\.(?:get|post|route)\(")
    assert {name.rsplit("/", 1)[1] for name, _, line in text_of(tracked("webmap/*.py")) if route.match(line)} == {"pages.py"}


def modules() -> list[Path]:
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] in PACKAGES]


def test_no_folder_holds_more_modules_than_one_can_look_over() -> None:
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in modules() if path.name != "__init__.py")
    assert not {folder: count for folder, count in folders.items() if count > FULLEST}


def test_no_class_name_stands_in_two_modules() -> None:
    homes: dict[str, list[str]] = {}
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert not {name: where for name, where in homes.items() if len(where) > 1}


def test_no_module_imports_itself_by_a_circle() -> None:
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in modules()}
    graph = {name: {other for other in imports_of(path) if other in files and other != name} for name, path in files.items()}
    assert len([*TopologicalSorter(graph).static_order()]) == len(files)  # raises CycleError, with the circle, when there is one


def test_no_test_imports_another() -> None:
    assert not offences(
        re.compile(r"^\s*(?:from tests[\w.]*\.test_|import tests[\w.]*\.test_|from tests[\w.]* import .*\btest_)"), tracked("tests/*.py")
    )


def test_only_maps_imports_folium() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in tracked("*.py")
        if {name.split(".")[0] for name in imports_of(path)} & {"folium", "branca"}
    }
    assert {name for name in users if not name.startswith("tests/")} <= {"webmap/maps/scripts.py"}


def test_only_crs_reprojects() -> None:
    users = [
        name
        for name, _, line in text_of(tracked("geo/*.py", "webmap/*.py", "boundaries/*.py"))
        if ".to_crs(" in line or "Transformer" in line
    ]
    assert set(users) <= {"geo/spatial/crs.py"}


# --- provenance -------------------------------------------------------------------------------------------------------


def carried() -> list[Path]:
    """Files that need a sidecar: boundary layers and tables of observations."""
    return [path for path in tracked("boundaries/*", "data/*") if path.suffix in {".geojson", ".gpkg", ".csv", ".parquet", ".json"}]


def test_there_are_files_with_sidecars() -> None:
    assert len(carried()) >= 8


@pytest.mark.parametrize("path", carried(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_says_where_it_came_from(path: Path) -> None:
    beside = path.with_suffix(".toml")
    assert beside.is_file(), "no sidecar"
    sidecar = tomllib.loads(beside.read_text(encoding="utf-8"))
    assert {"title", "producer", "licence", "retrieved", "sha256", "changed"} <= sidecar.keys()
    assert sidecar["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest(), "the sidecar describes another file"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real layers beside the project")
def test_no_tracked_file_is_a_real_layer() -> None:
    real = {hashlib.sha256(path.read_bytes()).digest(): path.name for path in SHARED.glob("*.geojson")}
    copies = [path.name for path in tracked() if hashlib.sha256(path.read_bytes()).digest() in real]
    assert not copies


# --- names and words --------------------------------------------------------------------------------------------------


def test_no_module_hides_what_it_is_for() -> None:
    assert not [path.name for path in tracked("*.py") if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES]


def test_no_variable_hides_what_it_holds() -> None:
    named = {
        f"{path.name}:{node.lineno}"
        for path in tracked("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in {"data", "df"}
    }
    assert not named


@pytest.mark.parametrize(
    "path", tracked("geo/*.py", "webmap/*.py", "boundaries/*.py", "*.py"), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_no_module_is_too_long_to_read(path: Path) -> None:
    top = path.relative_to(ROOT).parts[0]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST.get(top, LONGEST[""])


def test_unknown_is_never_made_zero() -> None:
    assert not offences(re.compile(r"fillna\(\s*(?:value\s*=\s*)?0|nan_to_num"), tracked("geo/*.py", "webmap/*.py"))


def test_no_page_can_load_from_elsewhere() -> None:
    assert not offences(THIRD_PARTY, tracked("webmap"))


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    files = [path for path in tracked() if path.relative_to(ROOT).as_posix() != "tests/test_contracts.py"]
    assert not offences(MACHINE, files)


def test_the_locks_hold_hashes_and_no_address() -> None:
    for name in ("base", "test", "bench"):
        lock = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        assert "://" not in lock
        assert "--index" not in lock
        packages = re.split(r"\n(?=[a-z0-9])", lock.split("\n", 2)[2].strip(), flags=re.IGNORECASE)
        assert len(packages) > 40
        assert not [package.split()[0] for package in packages if "--hash=sha256:" not in package]


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    everything = {"base": project["dependencies"], "test": [*extras["test"], *extras["fast"], *extras["scale"]], "bench": extras["bench"]}
    for lock, wanted in everything.items():
        locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8"), re.MULTILINE))
        names = {re.split(r"[<>=\[ ]", entry)[0].lower().replace("_", "-") for entry in wanted} - {project["name"]}
        assert names <= {name.lower() for name in locked}, "run `make lock`"


# --- documents --------------------------------------------------------------------------------------------------------


def test_the_settings_page_is_the_list_of_settings() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    wanted = [
        (option.name, PREFIX + option.name.upper(), f"`{option.default}`" if option.default else "(empty)", option.about)
        for option in OPTIONS
    ]
    assert rows == wanted
    assert {option.name for option in OPTIONS} == set(Settings.__dataclass_fields__)


def test_the_page_about_access_holds_the_table() -> None:
    assert access_table.markdown() in (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for path in tracked("*.md"):
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert not broken


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = (
        "init",
        "demo",
        "check",
        "build",
        "serve",
        "pages",
        "editions",
        "trace",
        "audit",
        "import boundaries",
        "import observations",
        "users add",
        "log verify",
    )
    for command in commands:
        assert f"omraadekort {command}" in readme


def test_the_makefile_describes_each_of_its_targets() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: ([a-z-]+)", makefile, re.MULTILINE))
    assert phony == set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE))


def test_the_checks_before_a_commit_are_those_of_make_check() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    before = set(re.findall(r"entry: \.venv/bin/(.+)", hooks))
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ncheck: ")[1].split("\n.PHONY")[0]
    assert before == {command.strip().removesuffix(" .").strip() for command in re.findall(r"\$\(BIN\)/([\w ./-]+)", recipe)}


def test_the_version_stands_once() -> None:
    assert f"## {VERSION} (" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "dynamic = [" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    held = [path for path in tracked("*.py") if f'"{VERSION}"' in path.read_text(encoding="utf-8")]
    assert [path.name for path in held] == ["version.py"]
