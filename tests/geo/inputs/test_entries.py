"""Plans, lists and hotspots from tables: appended to the catalogue, whose other lines stay as they are."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from geo.errors import CatalogueError, GeoError, InputError
from geo.files import locks, workspace
from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.entries import taking
from omraadekort import cli

ROOT = Path(__file__).parent.parent.parent.parent
SET = {"area_set": "udsat_boligomraade"}
LIST = {
    "list_id": "ny-2027", "family": "ny", "list_name_da": "Ny", "list_name_en": "New", "published": "2027", "definition_da": "d",
    "definition_en": "e", "source": "kk-002", **SET,
}  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "w", default=ROOT)


def table(folder: Path, text: str, name: str = "plans.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def other_lines(city: Workspace, name: str) -> set[str]:
    before, after = ((folder / "data" / name).read_text(encoding="utf-8").splitlines() for folder in (ROOT, city.folder))
    return set(before) - set(after)


PLANS = (
    "Navn;Fra;Til;Område;Kilde;Side;note_da;note_en\n"
    + "Ny plan;01-01-2025;2028;tingbjerg;kk-002;l. 1;Ja;Yes\n"
    + "Uden område;2. halvår 2025;;;;;;\n"
)


def test_plans_are_appended(city: Workspace, tmp_path: Path) -> None:
    taken = taking.take(city, "plans", table(tmp_path, PLANS), fixed=SET)
    assert taken.added == ("ny-plan", "uden-omraade")
    assert not other_lines(city, "plans.toml")
    new, without = catalogue.read(city.data, city.boundaries).plans.plans[-2:]
    assert (new.name, new.valid_from, new.valid_to, new.areas[0].area_id) == ("Ny plan", "2025-01-01", "2028", "tingbjerg")
    assert new.note is not None
    assert (new.note.en, without.valid_from, without.areas) == ("Yes", "2025H2", ())
    assert taking.take(city, "plans", table(tmp_path, PLANS), fixed=SET).same == ("ny-plan", "uden-omraade")


def test_a_workbook_with_other_names(city: Workspace, tmp_path: Path) -> None:
    rows = pd.DataFrame({"Plan": ["Ny"], "Start": [2025], "Slut": [2028], "Boligområde": ["Tingbjerg/Utterslevhuse"]})
    rows.to_excel(tmp_path / "p.xlsx", index=False)
    taking.take(city, "plans", tmp_path / "p.xlsx")
    assert catalogue.read(city.data, city.boundaries).plans.plans[-1].areas[0].area_id == "tingbjerg"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Navn;Område\nNy;Tinbjerg\n", r"row 2, column Område.*did you mean tingbjerg/utterslevhuse \(tingbjerg of udsat"),
        ("Navn;Kilde\nNy;kk002\n", r"unknown source.*did you mean kk-002"),
        ("Navn;Fra\nNy;forår\n", "row 2, column Fra: a day that cannot be read"),
        ("Navn;note_da\nNy;Kun dansk\n", "words in one language alone"),
        ("Navn;Beløb\nNy;7\n", "column Beløb: an unknown column"),
        ("Navn;Fra\nNy;2025\nny!;2026\n", "row 3, column id: an id that stands twice"),
        ("Navn;Fra\nNy;2025\nKilde: os;\n", "entries or footnotes"),
        ("Navn;Fra;Til\nNy;2025;2024\n", "row 2, column Til: an end before its beginning"),
        ("Navn;Fra;Fra\nNy;2024;2026\n", "column Fra: a column that stands twice"),
        ("navn;NAVN\nNy;Anden\n", "a column that stands twice"),
        ("Navn;Fra\n!!!;2025\n", "row 2, column Navn: a name without letters"),
        ("Navn;Område\n;tingbjerg\n", "row 2, column Navn: an empty field"),
    ],
)
def test_what_does_not_match_is_told(city: Workspace, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(GeoError, match=words):
        taking.take(city, "plans", table(tmp_path, text))
    assert (city.data / "plans.toml").read_bytes() == (ROOT / "data" / "plans.toml").read_bytes()


def test_an_entry_with_other_content_is_asked_about(city: Workspace, tmp_path: Path) -> None:
    text = "hotspot;fra;beboere;kilde;locator\nakacieparken;2009-02-02;1301;kk-002;l. 253 og 258\n"
    with pytest.raises(InputError, match=r"residents: 1300 -> 1301.*--replace"):
        taking.take(city, "hotspots", table(tmp_path, text))
    taken = taking.take(city, "hotspots", table(tmp_path, text), replacing=True)
    assert "hotspot akacieparken, residents: 1300 -> 1301" in taken.replaced
    assert {line.split(" ")[0] for line in other_lines(city, "hotspots.toml")} == {"residents", "note"}
    assert catalogue.read(city.data, city.boundaries).hotspots.areas[0].residents == 1301


def test_a_fixed_field_is_never_left_out_in_silence(city: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--fixed, column valid_from: a field that a column says too; found Fra"):
        taking.take(city, "plans", table(tmp_path, "Navn;Fra\nNy;2025\n"), fixed={"valid_from": "2024"})
    for said in (["area_set=a", "area_set=b"], ["area_set"], ["area_set="], ["=b"]):
        with pytest.raises(InputError, match="--fixed"):
            taking.fixed_fields(said)
    assert taking.fixed_fields(["note_da = a=b"]) == {"note_da": "a=b"}


def test_a_list_is_made_of_its_members(city: Workspace, tmp_path: Path) -> None:
    text = "navn;kode;note_da;note_en\nTingbjerg;tingbjerg;;\nEt sted;;Ukendt;Unknown\n"
    taking.take(city, "lists", table(tmp_path, text), fixed=LIST)
    listed = catalogue.read(city.data, city.boundaries).list_edition("ny-2027")
    assert listed is not None
    assert [(member.name, member.area_id) for member in listed.members] == [("Tingbjerg", "tingbjerg"), ("Et sted", None)]
    assert not other_lines(city, "lists.toml")
    without_family = {part: text for part, text in LIST.items() if part != "family"}
    with pytest.raises(InputError, match="two rows say different things"):
        taking.take(city, "lists", table(tmp_path, "navn;kode;familie\nA;tingbjerg;x\nB;tingbjerg;y\n"), fixed=without_family)


def test_the_whole_catalogue_is_checked_before(city: Workspace, tmp_path: Path) -> None:
    path = city.data / "goals.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[[goal]]\nid = 7\n", encoding="utf-8")
    with pytest.raises(CatalogueError):
        taking.take(city, "plans", table(tmp_path, PLANS), fixed=SET)
    assert (city.data / "plans.toml").read_bytes() == (ROOT / "data" / "plans.toml").read_bytes()


def test_what_somebody_else_wrote_meanwhile_stays(city: Workspace, tmp_path: Path) -> None:
    """The file is read when nobody else can write: an import that waits for another loses nothing of it."""
    path, with_theirs = city.data / "plans.toml", tmp_path / "theirs"
    theirs = workspace.create(with_theirs, default=ROOT)
    taking.take(theirs, "plans", table(tmp_path, "Navn;Fra\nDeres;2024\n", "theirs.csv"))
    with ThreadPoolExecutor(1) as pool:
        with locks.held(city.folder):
            ours = pool.submit(taking.take, city, "plans", table(tmp_path, "Navn;Fra\nVores;2025\n", "ours.csv"))
            time.sleep(3)  # long enough to read the file, were it read before the lock
            path.write_bytes((theirs.data / "plans.toml").read_bytes())
        ours.result(30)
    assert [plan.name for plan in catalogue.read(city.data, city.boundaries).plans.plans[-2:]] == ["Deres", "Vores"]


def test_the_command(city: Workspace, tmp_path: Path) -> None:
    asked = ["import", "plans", str(table(tmp_path, PLANS)), "-w", str(city.folder), "--fixed", "area_set=udsat_boligomraade"]
    answer = CliRunner().invoke(cli.app, asked)
    assert answer.exit_code == 0, answer.output
    assert "added ny-plan" in answer.output
