"""The commands of docs/real-data.md on the real layers and the survey's own figures, from an empty folder to pages over HTTP."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pytest

from geo.editions import edition
from geo.editions.edition import Edition
from geo.model.vocabulary import Audience
from tests.readers.served import served
from tests.records import survey

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared"
LAYERS = (
    "bydele_2025", "kvarterer_2023", "tryghedsdistrikter_13_from_kvarter2023", "udsatte_byomraader_2023", "almene_boligafdelinger_2025",
    "hotspot_kandidater_fra_almene_2025", "kommune_0101_2025", "vand_2025", "vejklasser_2014", "stationer_2024",
    "parker_2025",
)  # fmt: skip
AREAS = {"kommune": 1, "bydel": 10, "tryghedsdistrikt": 13, "kvarter": 67, "udsat_byomraade": 15, "almen_afdeling": 506, "hotspot": 2}
PAGES = (
    "/", "/kort/", "/kort/tryg_nabolag", "/kort/anmeldelser", "/maal/4", "/maal/5", "/arbejdsmarked", "/helhedsplaner", "/hotspots",
    "/omraade/kvarter/20101", "/omraade/bydel/1", "/omraade/tryghedsdistrikt/vesterbro", "/omraade/udsat_boligomraade/mjoelnerparken",
    "/data", "/om", "/en/", "/en/kort/tryg_nabolag", "/en/data",
)  # fmt: skip

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not (SHARED / "boundaries").is_dir(), reason="needs the real layers in ../shared/boundaries beside the project"),
]


@dataclass
class Journey:
    """A workspace of real input, and what each command on the way took: seconds, and peak memory in MB."""

    workspace: Path
    costs: dict[str, tuple[float, float]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def command(self, name: str, *words: str | Path) -> None:
        """Run one command of the command line as a process of its own."""
        start = time.perf_counter()
        log = self.workspace.parent / f"{name.replace(' ', '-')}.log"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "omraadekort", *name.split(), *map(str, words), "--workspace", str(self.workspace)]
            process = subprocess.Popen(command, cwd=ROOT, stdout=stream, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            memory = 0.0
            while process.poll() is None:
                memory = max(memory, peak(process.pid))
                time.sleep(0.02)
        self.costs[name] = (time.perf_counter() - start, memory)
        self.said[name] = log.read_text(encoding="utf-8")
        assert process.returncode == 0, self.said[name]


def peak(pid: int) -> float:
    """The most memory a process has held since its program began, in MB; 0 where the system does not tell. (What `wait4` tells would
    be the test's own, inherited over the fork.)"""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """init, import boundaries, import observations, check, build: without the demo, and without the embedded survey figures."""
    folder = tmp_path_factory.mktemp("real")
    figures = folder / "tryghed_2026.csv"
    figures.write_text(survey.write(SHARED / "facts" / "public_figures.csv"), encoding="utf-8")
    made = Journey(folder / "var")
    made.command("init")
    for path in (made.workspace / "data" / "tryghed").rglob("trygge.*"):
        path.unlink()
    made.command("import boundaries", *(SHARED / "boundaries" / f"{name}.geojson" for name in LAYERS))
    made.command("import observations", figures, "--retrieved", "2026-11-21")
    made.command("check")
    made.command("build")
    return made


@pytest.fixture(scope="module")
def shown(journey: Journey) -> Edition:
    editions = journey.workspace / "editions"
    return edition.read(editions, edition.current(editions), Audience.PUBLIC)


# --- the edition ------------------------------------------------------------------------------------------------------


def test_no_layer_that_was_imported_is_generalised(shown: Edition) -> None:
    assert {name: len(shown.layers[name].areas) for name in AREAS} == AREAS
    # For orientation only, and nobody imported any: the neighbours, names of places, railways.
    assert {layer.id for layer in shown.layers.values() if layer.generalised} == {"nabo", "stednavn", "bane"}
    assert {layer.licence for layer in shown.layers.values()} == {"CC BY 4.0"}


@pytest.mark.parametrize(("area_set", "layer", "key"), [("bydel", "bydele_2025", "bydel_nr"), ("kvarter", "kvarterer_2023", "kvarternr")])
def test_the_maps_draw_the_real_outlines(shown: Edition, area_set: str, layer: str, key: str) -> None:
    drawn = gpd.GeoDataFrame.from_features(json.loads(shown.geometry(area_set))["features"], crs=4326).set_index("area_id").to_crs(25832)
    real = gpd.read_file(SHARED / "boundaries" / f"{layer}.geojson").to_crs(25832)
    real = real.set_index(real[key].astype(int).astype(str))
    both = drawn.geometry.intersection(real.geometry.reindex(drawn.index)).area
    either = drawn.geometry.union(real.geometry.reindex(drawn.index)).area
    assert (both / either).min() > 0.98


def test_every_figure_of_the_survey_is_joined_to_its_district(shown: Edition) -> None:
    wanted = {tuple(row[name] for name in ("indicator", "area_set", "area_id", "period")): float(row["value"])
              for row in survey.rows(SHARED / "facts" / "public_figures.csv")}  # fmt: skip
    assert len(wanted) == 70
    table = shown.observations.set_index(["indicator", "area_set", "area_id", "period"])["value"]
    assert {key: table.get(key) for key in wanted} == wanted


def test_the_figures_of_the_kvarterer_are_joined(shown: Edition) -> None:
    rows = shown.observations[(shown.observations["area_set"] == "kvarter") & shown.observations["value"].notna()]
    assert len(rows) >= 40
    known = {area.area_id for area in shown.layers["kvarter"].areas}
    assert set(rows["area_id"]) <= known
    assert not [left for left in shown.manifest.leftovers if left.area_set == "kvarter" and left.side == "row"]


def test_the_manifest_names_the_files_that_were_brought(shown: Edition) -> None:
    paths = {file.path for file in shown.manifest.inputs}
    assert "data/tryghed-2026/2026-11-21/tryghed-2026.csv" in paths
    assert "boundaries/kvarter/2023-01-01.geojson" in paths


def test_the_same_input_gives_the_same_edition(journey: Journey, shown: Edition) -> None:
    journey.command("build")
    assert edition.current(journey.workspace / "editions") == shown.id


# --- the pages --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(journey: Journey, shown: Edition) -> Iterator[str]:
    assert shown.id
    start = time.perf_counter()
    with served(journey.workspace) as server:
        journey.costs["serve, until it answers"] = (time.perf_counter() - start, 0)
        yield f"127.0.0.1:{server.port}"


def fetch(address: str, path: str) -> tuple[int, str]:
    """Status and text of a page; status 0 while nobody answers."""
    connection = http.client.HTTPConnection(address, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, (gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body).decode("utf-8")
    except ConnectionError:
        return 0, ""
    finally:
        connection.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_and_none_says_generalised(address: str, path: str) -> None:
    status, text = fetch(address, path)
    assert status == 200
    said = re.findall("forenklede? grænser|generalised boundar", text, re.IGNORECASE)
    # The data page lists every layer, and says it of the neighbouring land alone.
    assert len(said) == (3 if path.endswith("/data") else 0)


def test_the_api_gives_the_real_outlines(address: str) -> None:
    status, text = fetch(address, "/api/v1/areas.geojson?area_set=kvarter")
    assert status == 200
    assert len(json.loads(text)["features"]) == AREAS["kvarter"]


def test_what_it_took(journey: Journey, address: str) -> None:
    """Prints the figures of docs/real-data.md: `pytest -s tests/omraadekort/test_real_data.py`."""
    assert address
    lines = [f"  {name:<25} {seconds:6.1f} s  {f'{memory:6.0f} MB' if memory else ''}" for name, (seconds, memory) in journey.costs.items()]
    print("\n" + "\n".join(lines))
    commands: Sequence[tuple[float, float]] = list(journey.costs.values())
    assert sum(seconds for seconds, _ in commands) < 120
    assert max(memory for _, memory in commands) < 2000
