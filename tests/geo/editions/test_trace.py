"""Where a figure came from: every figure leads to its row, hashes that prove it, and nothing of a person or of a hidden figure."""

from __future__ import annotations

import dataclasses
import importlib
import math
import tomllib
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from geo import pipeline
from geo.editions import edition, verify
from geo.editions.edition import PROGRAM, Edition
from geo.editions.trace import place, trace
from geo.errors import NotFoundError
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience, Reason, Status
from omraadekort import cli
from tests.towns import maptown, toytown
from webmap.edition.reader import Reader
from webmap.figures import origins

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The toy town, built from its files."""
    made = toytown.write(tmp_path_factory.mktemp("toy") / "var")
    pipeline.build(made)
    return made


@pytest.fixture(scope="module")
def public(town: Workspace) -> Edition:
    return edition.read(town.editions, edition.current(town.editions), Audience.PUBLIC)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The map town, which has a figure in every state."""
    return maptown.publish(tmp_path_factory.mktemp("maps") / "editions")


# --- what a trace holds -----------------------------------------------------------------------------------------------


def test_a_figure_leads_to_its_row_in_its_file(public: Edition) -> None:
    found = trace(public, "tryg", "square", "0102", "2011")
    assert (found.figure.value, found.figure.status) == (40.5, Status.PROVISIONAL)
    assert found.origin.file is not None
    assert (found.origin.file.path, found.origin.row, found.origin.locator) == (toytown.FIGURES, 5, "p. 3")  # the fourth row of ROWS
    assert found.origin.source is not None
    assert found.origin.source.id == "survey"
    assert (found.version, found.definition.text.da if found.definition else "") == ("old", "gammel")
    assert found.outlines.file is not None
    assert found.outlines.file.path == "boundaries/square/2010-01-01.geojson"
    assert (found.protection.rule, found.protection.hidden) == ("open", False)
    assert (found.built.edition, found.built.program) == (public.id, PROGRAM)


def test_every_figure_of_a_file_leads_to_the_row_that_says_it(public: Edition, town: Workspace) -> None:
    with_row = public.observations[public.observations["row"] != ""]
    assert len(with_row) == len(toytown.ROWS)
    for key in with_row[["indicator", "area_set", "area_id", "period"]].itertuples(index=False):
        checks = verify.verify(trace(public, *key), public, town.folder)
        assert {check.finding for check in checks} == {"holds"}, key
        assert any(", row " in check.what for check in checks)


def test_a_register_ends_at_the_count(public: Edition) -> None:
    found = trace(public, "uden", "square", "0102", "2007H1")
    assert found.figure.denominator is not None
    assert found.origin.file is not None
    assert (found.origin.file.kind, found.origin.file.sha256, found.origin.row) == ("register", "", None)
    assert found.origin.measure is not None
    assert dict(found.origin.measure.having) == {"labour": ("uden",)}
    text = msgspec.json.encode(found).decode()
    assert not [person for person in toytown.PEOPLE if str(person[1]) in text and person[1] is not None]


def test_an_area_that_no_file_has_a_row_for_says_so(public: Edition) -> None:
    found = trace(public, "tryg", "square", "0104", "2011")
    assert (found.figure.status, found.figure.reason, found.origin.file, found.origin.row) == (
        Status.NOT_MEASURED, Reason.NO_ROW, None, None,
    )  # fmt: skip


def test_nothing_of_a_hidden_figure_is_told_even_if_a_row_should_hold_it(drawn: Edition) -> None:
    table = drawn.observations.copy()
    hidden = table["status"] == "suppressed"
    table.loc[hidden, ["value", "numerator", "denominator", "n", "low", "high"]] = 77.123
    found = trace(dataclasses.replace(drawn, observations=table), "tryg", "square", "0103", "2010")
    assert found.protection.hidden
    assert "77.1" not in msgspec.json.encode(found).decode()
    for language in ("da", "en"):
        view = origins.view(Reader(drawn, language), found)
        assert (view.value, view.gap) == ("", "skjult")
        assert "77" not in " ".join(line.text for part in view.parts for line in part.lines if not line.code)


def test_a_file_with_a_hidden_figure_has_no_fingerprint_to_test_guesses_on(drawn: Edition) -> None:
    table = drawn.observations.assign(file="x", row="2")
    whole = drawn.manifest.inputs[0]
    assert whole.path == "x"
    assert whole.sha256
    hiding = trace(dataclasses.replace(drawn, observations=table), "tryg", "square", "0101", "2010")
    assert hiding.origin.file is not None
    assert (hiding.origin.file.sha256, hiding.origin.row) == ("", 2)
    open_ = trace(dataclasses.replace(drawn, observations=table[table["status"] != "suppressed"]), "tryg", "square", "0101", "2010")
    assert open_.origin.file == whole


def test_weights_are_named_where_a_count_was_moved(drawn: Edition) -> None:
    table = drawn.observations.copy()
    table["weights"] = "adresser, 2010"
    moved = trace(dataclasses.replace(drawn, observations=table), "tryg", "square", "0101", "2010")
    texts = {line.name: line.text for part in origins.view(Reader(drawn, "da"), moved).parts for line in part.lines}
    assert moved.origin.weights == "adresser, 2010"
    assert texts.get("Vægte", "") in ("", "adresser, 2010")


def test_only_this_audiences_table_is_proved(public: Edition) -> None:
    files = {name: f"{number:064d}" for number, name in enumerate(public.manifest.files, 1)}
    manifest = msgspec.structs.replace(public.manifest, files=files)
    text = msgspec.json.encode(trace(dataclasses.replace(public, manifest=manifest), "tryg", "square", "0101", "2010")).decode()
    assert [name for name, digest in files.items() if digest in text] == ["public/observations.parquet"]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        (("nope", "square", "0101", "2010"), "nope"),
        (("tryg", "nope", "0101", "2010"), "nope"),
        (("tryg", "square", "101", "2010"), "101"),
        (("tryg", "square", "0101", "1999"), "1999"),
    ],
)
def test_what_the_edition_does_not_have_is_named(public: Edition, key: tuple[str, str, str, str], wrong: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        trace(public, *key)
    assert caught.value.problems[0].file == wrong


@pytest.mark.parametrize("said", ["0102", "Sydøst", "sydøst", "square/0102"])
def test_an_area_is_found_by_code_by_name_and_with_its_set(public: Edition, said: str) -> None:
    assert place(public, said, "tryg") == ("square", "0102")


def test_an_area_of_two_sets_is_that_of_the_indicator_or_asked_for(drawn: Edition) -> None:
    assert place(drawn, "0101", "tryg") == ("square", "0101")
    assert place(drawn, "kommune/0101", "tryg") == ("kommune", "0101")
    with pytest.raises(NotFoundError, match="did you mean Sydvest"):
        place(drawn, "Sydvets", "tryg")


# --- proof ------------------------------------------------------------------------------------------------------------


def test_what_was_changed_afterwards_is_found_and_what_is_gone_is_said(tmp_path: Path) -> None:
    made = toytown.write(tmp_path / "var")
    pipeline.build(made)
    read = edition.read(made.editions, edition.current(made.editions), Audience.PUBLIC)
    found = trace(read, "tryg", "square", "0102", "2011")
    file = made.folder / toytown.FIGURES
    file.write_text(file.read_text(encoding="utf-8").replace("40.5", "60.5"), encoding="utf-8")
    (made.boundaries / "square" / "2010-01-01.geojson").unlink()
    checks = {check.what: check.finding for check in verify.verify(found, read, made.folder)}
    assert checks["manifest.json"] == "holds"
    assert (checks[toytown.FIGURES], checks[f"{toytown.FIGURES}, row 5"]) == ("differs", "differs")
    assert checks["boundaries/square/2010-01-01.geojson"] == "absent"
    (read.folder / "public" / "observations.parquet").write_bytes(b"other")
    assert "public/observations.parquet" in {c.what for c in verify.verify(found, read, made.folder) if c.finding == "differs"}


def test_a_register_that_was_changed_is_found(tmp_path: Path) -> None:
    made = toytown.write(tmp_path / "var")
    pipeline.build(made)
    read = edition.read(made.editions, edition.current(made.editions), Audience.PUBLIC)
    found = trace(read, "uden", "square", "0102", "2007H1")
    before = {check.what: check.finding for check in verify.verify(found, read, made.folder)}
    toytown.write_register(made.registers / "people.parquet", people=toytown.PEOPLE[:-1])
    after = {check.what: check.finding for check in verify.verify(found, read, made.folder)}
    assert (before["registers/people.parquet"], after["registers/people.parquet"]) == ("holds", "differs")


def test_a_manifest_that_was_changed_no_longer_has_its_id(public: Edition, town: Workspace) -> None:
    changed = msgspec.structs.replace(public.manifest, files=public.manifest.files | {"public/observations.parquet": "0" * 64})
    found = verify.verify(trace(public, "tryg", "square", "0101", "2010"), dataclasses.replace(public, manifest=changed), town.folder)
    assert found[0].finding == "differs"


def test_the_program_is_the_one_that_pyproject_names() -> None:
    kept = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["dynamic"]["version"]["attr"]
    module, _, name = kept.rpartition(".")
    assert f"omraadekort {getattr(importlib.import_module(module), name)}" == PROGRAM


# --- the command ------------------------------------------------------------------------------------------------------


def run(*words: str | Path) -> tuple[int, str]:
    answer = CliRunner().invoke(cli.app, [str(word) for word in words])
    return answer.exit_code, answer.output


def test_the_command_prints_plain_lines_to_a_pipe(town: Workspace) -> None:
    code, said = run("trace", "Sydøst", "tryg", "2011", "-w", town.folder, "--verify")
    assert code == 0
    assert f"The file: File: {toytown.FIGURES}" in said
    assert "The file: Row: 5 (the header is row 1)" in said
    assert f"holds: {toytown.FIGURES}, row 5" in said
    assert "\x1b" not in said


def test_the_command_says_what_it_does_not_know(town: Workspace) -> None:
    for words in (("Nordpolen", "tryg", "2011"), ("0102", "nope", "2011"), ("0102", "tryg", "2099"), ("0102", "tryg", "i fjor")):
        code, said = run("trace", *words, "-w", town.folder)
        assert code == 1, said
        assert "Traceback" not in said
    assert run("trace", "0102", "tryg", "2011", "-w", town.folder, "--edition", "0000")[0] == 4


def test_the_command_ends_with_one_when_a_file_is_another(tmp_path: Path) -> None:
    made = toytown.write(tmp_path / "var")
    pipeline.build(made)
    (made.data / "indicators.toml").write_text("# other\n", encoding="utf-8")
    code, said = run("trace", "0102", "tryg", "2011", "-w", made.folder, "--verify")
    assert code == 1
    assert "differs: data/indicators.toml" in said


def test_absent_numbers_are_null_in_json_and_never_nan(drawn: Edition) -> None:
    for row in drawn.observations.to_dict("records"):
        found = trace(drawn, row["indicator"], row["area_set"], row["area_id"], row["period"])
        assert found.figure.value is None or not math.isnan(found.figure.value)
        assert b"NaN" not in msgspec.json.encode(found)
