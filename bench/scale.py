"""`omraadekort build` at the sizes of a city and beyond, each in a process of its own: seconds, peak memory, rows.

`python -m bench.scale` writes its part of docs/benchmarks.md; `--sizes` takes some of them, `--without-gate` leaves disclosure control
out, to see what the rest costs (its editions lie in a temporary folder and are made of invented people).
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bench import nation, report
from geo import demo, pipeline
from geo.disclosure.complementary import Closed
from geo.disclosure.protect import Withheld
from geo.editions import edition
from geo.files import workspace
from geo.files.workspace import Workspace
from geo.inputs import boundaries, catalogue
from geo.model.vocabulary import Audience

LAYERS: Final = report.ROOT.parent / "shared" / "boundaries"
"""The real layers, where somebody put them beside the project; without them the sizes that need them are left out."""

FILES: Final = (
    *("kommune_0101_2025", "bydele_2025", "kvarterer_2023", "tryghedsdistrikter_13_from_kvarter2023", "udsatte_byomraader_2023"),
    *("almene_boligafdelinger_2025", "hotspot_kandidater_fra_almene_2025", "vand_2025", "roder_2014_396"),
)
_OF_REGISTER: Final = re.compile(
    r'area_sets = \["udsat_boligomraade", (?:"demo_gammelt_omrids", )?"tryghedsdistrikt", "bydel", "kommune"\]'
)
SEVEN: Final = (
    *("almen_afdeling", "kvarter", "udsat_byomraade", "udsat_boligomraade", "demo_gammelt_omrids", "tryghedsdistrikt", "bydel", "kommune"),
)
HALF_YEARS: Final = tuple(f"{year}H{half}" for year in range(2005, 2015) for half in (1, 2))
OF_LAYERS: Final = ("real", "roder")
ANOTHER: Final = "demo_uden_minoriteter"


# --- the sizes: from an empty folder to a workspace ---------------------------------------------------------------------


def city(folder: Path, _layers: Path = LAYERS) -> Workspace:
    """The embedded default with the demo register."""
    made = workspace.create(folder, default=report.ROOT)
    demo.make(made)
    return made


def real_layers(folder: Path, layers: Path, *, sets: tuple[str, ...] = SEVEN, size: demo.Size = demo.CITY) -> Workspace:
    """The real layers (the embedded ones where they are not there), with register indicators on seven sets and the city."""
    made = workspace.create(folder, default=report.ROOT)
    if layers.is_dir():
        _command("import", "boundaries", "-w", str(folder), *(str(layers / f"{name}.geojson") for name in FILES))
    demo.make(made)
    if size != demo.CITY:
        _register(made, size)
    over(made, sets)
    return made


def roder(folder: Path, layers: Path) -> Workspace:
    """The real layers, and the 396 small statistical districts counted too."""
    return real_layers(folder, layers, sets=("rode", *SEVEN))


def people(folder: Path, layers: Path) -> Workspace:
    """600,000 people in 20 half-years, 11 indicators."""
    made = real_layers(folder, layers, size=demo.Size(600_000, 110_000, HALF_YEARS))
    path = made.data / "indicators.toml"
    text = path.read_text(encoding="utf-8")
    block = next(part for part in text.split("[[indicator]]\n") if part.startswith('id = "demo_uden_arbejdsmarked"'))
    more = block.replace("demo_uden_arbejdsmarked", ANOTHER).replace('"25-64"] }', '"25-64"], origin = ["ikke-vestlig-indvandrer"] }')
    path.write_text(f"{text}\n[[indicator]]\n{more}", encoding="utf-8")
    return made


def country(folder: Path, _layers: Path = LAYERS) -> Workspace:
    """10,000 invented areas in 100 larger ones, 6 million people in one half-year, 10 indicators."""
    made = workspace.create(folder, default=report.ROOT)
    for path in made.boundaries.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    sets = nation.areas()
    nation.write_areas(made.boundaries, sets)
    nation.write_register(made.registers / f"{demo.REGISTER}.parquet", sets, 6_000_000, 1_500_000)
    over(made, ("rode", "udsat_boligomraade", "demo_gammelt_omrids", "tryghedsdistrikt", "bydel", "kommune"))
    return made


SIZES: Final[dict[str, tuple[str, Callable[[Path, Path], Workspace]]]] = {
    "city": ("the embedded city", city),
    "real": ("the real layers", real_layers),
    "roder": ("the same, with 396 roder", roder),
    "people": ("600,000 people, 20 half-years", people),
    "country": ("10,000 areas, 6 million people", country),
}


def _register(made: Workspace, size: demo.Size) -> None:
    known = catalogue.read(made.data, made.boundaries)
    sets = boundaries.read(made.boundaries, known.area_sets)
    retrieved = next(source.retrieved for source in known.sources if source.id == demo.REGISTER)
    assert retrieved is not None  # noqa: S101
    demo.make_register(sets, made.registers / f"{demo.REGISTER}.parquet", retrieved=retrieved, size=size)


def over(made: Workspace, sets: tuple[str, ...]) -> None:
    """Have the indicators of the demo register counted over these area sets."""
    path = made.data / "indicators.toml"
    text, times = _OF_REGISTER.subn(f"area_sets = {json.dumps(sets)}", path.read_text(encoding="utf-8"))
    if not times:
        raise SystemExit("the indicators of the demo register have other area sets than they had")
    path.write_text(text, encoding="utf-8")


def _command(*words: str) -> None:
    """Run a command of the command line."""
    code = "from omraadekort.cli import app; app()"
    subprocess.run([sys.executable, "-c", code, *words], check=True, cwd=report.ROOT, stdout=subprocess.DEVNULL)  # noqa: S603


# --- one build in a process of its own ----------------------------------------------------------------------------------


def child(folder: Path, *, gate: bool) -> None:
    """Build, and print on stdout what it took as JSON."""
    if not gate:
        _leave_out_the_gate()
    taken: list[Any] = []
    place = Workspace(folder)
    manifest = pipeline.build(place, ended=taken.append)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    shown = edition.read(place.editions, manifest.id, Audience.PUBLIC)
    areas = sum(len(layer.areas) for layer in shown.layers.values() if layer.role == "areas")
    rows = sum(file.rows for file in manifest.inputs if file.kind == "register")
    steps = {step.name: step.seconds for step in taken}
    print(json.dumps({"peak": peak, "areas": areas, "rows": rows, "figures": len(shown.observations), "steps": steps, "id": manifest.id}))


def _leave_out_the_gate() -> None:
    pipeline._close = lambda *_given, **_named: {audience: Closed(Withheld(), ()) for audience in Audience}  # type: ignore[assignment]


def build(folder: Path, *, gate: bool, most: float) -> dict[str, Any] | None:
    """What a build took, its process included; None when it was not over after `most` seconds."""
    command = [sys.executable, "-m", "bench.scale", "child", str(folder), "gate" if gate else "no-gate"]
    start = time.perf_counter()
    try:
        answer = subprocess.run(command, check=True, cwd=report.ROOT, stdout=subprocess.PIPE, timeout=most)  # noqa: S603
    except subprocess.TimeoutExpired:
        return None
    took: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return took | {"seconds": time.perf_counter() - start}


def measure(name: str, layers: Path, *, gate: bool, most: float) -> tuple[dict[str, str], dict[str, str]]:
    """One row of each table: from nothing, after a changed row of a CSV, and with nothing changed; the seconds of the steps."""
    title, make = SIZES[name]
    with tempfile.TemporaryDirectory() as scratch:
        start = time.perf_counter()
        made = make(Path(scratch) / "var", layers)
        print(f"{name}: made in {time.perf_counter() - start:.0f} s", flush=True)
        first = build(made.folder, gate=gate, most=most)
        if first is None:
            return {"": title, "areas": "", "rows of the register": "", "figures": "", "from nothing, s": f"over {most:.0f}"}, {"": title}
        with (made.data / "calendar.toml").open("a", encoding="utf-8") as stream:
            stream.write("# a thought\n")
        changed = build(made.folder, gate=gate, most=most)
    row = {
        "": title,
        "areas": f"{first['areas']:,}",
        "rows of the register": f"{first['rows']:,}",
        "figures": f"{first['figures']:,}",
        "from nothing, s": f"{first['seconds']:.1f}",
        "peak memory, GB": f"{first['peak']:.2f}",
        "a changed file, s": f"{changed['seconds']:.1f}" if changed else f"over {most:.0f}",
    }
    print(row, first["steps"], flush=True)
    return row, {"": title, **{step: f"{seconds:.1f}" for step, seconds in first["steps"].items()}}


def main(
    sizes: Annotated[str, typer.Option(help="Only these, separated by commas.")] = ",".join(SIZES),
    gate: Annotated[bool, typer.Option("--gate/--without-gate", help="Leave disclosure control out, to see what the rest costs.")] = True,
    layers: Annotated[Path, typer.Option(help="Where the real layers lie.")] = LAYERS,
    most: Annotated[float, typer.Option(help="Seconds that one build may take.")] = 1800.0,
    keep: Annotated[bool, typer.Option("--write/--no-write", help="Write docs/benchmarks.md.")] = True,
) -> None:
    """Measure, and write docs/benchmarks.md."""
    names = [name for name in sizes.split(",") if layers.is_dir() or name not in OF_LAYERS]
    rows, steps = zip(*(measure(name, layers, gate=gate, most=most) for name in names), strict=True)
    heads = list(max(rows, key=len))
    whole = [{head: row.get(head, "") for head in heads} for row in rows]
    of_steps = list(max(steps, key=len))
    each = [{head: row.get(head, "") for head in of_steps} for row in steps]
    what = "disclosure control included" if gate else "without disclosure control"
    load = f"Load of the machine meanwhile: {os.getloadavg()[2]:.1f}."
    text = f"Whole process, {what}. {load}\n\n{report.table(whole)}\n\nSeconds by step, from nothing:\n\n{report.table(each)}"
    if keep:
        report.section("scale" if gate else "scale-without-gate", f"Builds by size{'' if gate else ', without disclosure control'}", text)
    else:
        print(text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(Path(sys.argv[2]), gate=sys.argv[3] == "gate")
    else:
        typer.run(main)
