"""What somebody writes in a form is in the file, and the rest of the file is as it was."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.entries import documents, fields, kinds, listing, typed
from geo.model.forms.described import Typed
from geo.model.forms.proposed import EntryProposal
from tests.geo.inputs.entries.conftest import HERE
from tests.records.proposals import SOURCE, changing, text, write

FACILITY = {
    "id": "huset", "name": "Huset", "kind": "day_care", "point": {"lon": 12.55, "lat": 55.69}, "address": "Gaden 1", "valid_from": "2009",
    "cite": {"source": "kk-002", "locator": "l. 1"}, "note": {"da": "x", "en": "y"},
}  # fmt: skip
SCORE = {
    "id": "by-2011", "city": "Byen", "year": 2011, "values": {"nyankomne": 55.5}, "cite": {"source": "kk-001", "locator": "l. 146"},
    "note": {"da": "x", "en": "y"},
}  # fmt: skip
INVENTED = {"facility": FACILITY, "city_score": SCORE}
"""Of these kinds nothing is embedded."""


def _rows(kind: kinds.EntryKind) -> list[dict[str, object]]:
    rows = tomllib.loads((HERE / kind.file).read_text("utf-8")).get(kind.key, [])
    return rows or [INVENTED[kind.id]]


# --- round trips ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.id)
def test_every_entry_of_the_embedded_catalogue_goes_through_its_form(kind: kinds.EntryKind) -> None:
    form = next(form for form in fields.forms() if form.kind == kind.id)
    for row in _rows(kind):
        values = typed.filled(row, form.fields)
        unchanged = typed.built(values, form.fields, row)
        assert (unchanged.entry, unchanged.problems) == (row, [])
        new = typed.built(values, form.fields, None)
        assert new.problems == []
        assert typed.filled(new.entry, form.fields) == values


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.id)
def test_a_form_that_nobody_changed_changes_nothing(city: Workspace, kind: kinds.EntryKind) -> None:
    before = text(city, kind.file)
    for there in listing.read(city).entries[kind.id][:4]:
        proposal = EntryProposal(kind=kind.id, id=there.id, values=there.values, sha256=there.sha256)
        assert write(city, proposal).state == "unchanged"
    assert text(city, kind.file) == before
    assert not (city.folder / "forms.jsonl").exists()


@pytest.mark.parametrize(
    "kind", [kind for kind in kinds.KINDS if kind.id not in INVENTED], ids=lambda kind: kind.id
)  # of which there are none
def test_an_entry_that_is_taken_out_and_added_again_says_the_same(kind: kinds.EntryKind) -> None:
    before = (HERE / kind.file).read_text("utf-8")
    rows = _rows(kind)
    without = documents.rewritten(before, kind.key, 0, None, file=kind.file)
    again = documents.rewritten(without, kind.key, None, rows[0], file=kind.file)
    assert tomllib.loads(again)[kind.key] == [*rows[1:], rows[0]]


# --- one field, one entry ---------------------------------------------------------------------------------------------


def test_one_field_changes_one_line(city: Workspace) -> None:
    before = text(city, "data/indicators.toml").splitlines()
    outcome = write(city, changing(city, "indicator", "tryg_nabolag", name__da="Trygge hjemme", order="12"))
    after = text(city, "data/indicators.toml").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new for _, new in changed] == ['name = { da = "Trygge hjemme", en = "Safe in the neighbourhood" }', "order = 12"]
    assert outcome.state == "written"
    assert [(change.field, change.before, change.after) for change in outcome.changes] == [
        ("name.da", ("Trygge i nabolaget",), ("Trygge hjemme",)),
        ("order", ("10",), ("12",)),
    ]


def test_a_new_entry_stands_at_the_end_and_a_build_reads_it(city: Workspace) -> None:
    before = text(city, "data/sources.toml")
    outcome = write(city, EntryProposal(kind="source", values=SOURCE))
    assert (outcome.state, outcome.id, outcome.problems) == ("written", "kk-ny", ())
    assert text(city, "data/sources.toml").startswith(before + '\n[[source]]\nid = "kk-ny"\n')
    source = catalogue.read(city.data, city.boundaries).source("kk-ny")
    assert source is not None
    assert source.retrieved == dt.date(2026, 11, 27)


def test_a_new_indicator_with_everything_inside_it(city: Workspace) -> None:
    values: Typed = {
        "id": ("ny_andel",), "name.da": ("Ny andel",), "name.en": ("New share",), "kind": ("share",), "unit.da": ("procent",),
        "unit.en": ("percent",), "population.da": ("beboere",), "population.en": ("residents",), "direction": ("up",), "theme": ("job",),
        "area_sets": ("bydel", "kommune"), "rule": ("published",), "decimals": ("1",),
        "definitions[1].version": ("1",), "definitions[1].text.da": ("gammel",), "definitions[1].text.en": ("old",),
        "definitions[1].valid_to": ("2019-12-31",), "definitions[2].version": ("2",), "definitions[2].text.da": ("ny",),
        "definitions[2].text.en": ("new",), "definitions[2].valid_from": ("2020-01-01",), "definitions[2].cite.source": ("kk-002",),
        "bridges[1].before": ("1",), "bridges[1].after": ("2",), "bridges[1].cite.source": ("kk-002",), "bridges[1].factor": ("0,95",),
    }  # fmt: skip
    assert write(city, EntryProposal(kind="indicator", values=values)).problems == ()
    indicator = catalogue.read(city.data, city.boundaries).indicator("ny_andel")
    assert indicator is not None
    assert (len(indicator.definitions), indicator.bridges[0].factor, indicator.area_sets) == (2, 0.95, ("bydel", "kommune"))


def test_a_plan_ends_by_one_field(city: Workspace) -> None:
    outcome = write(
        city, EntryProposal(kind="plan", id="forandring-aldersrogade", values={"valid_to": ("2027",)}, partial=True)
    )  # an API says only what changes
    assert [(change.field, change.after) for change in outcome.changes] == [("valid_to", ("2027",))]
    plan = next(plan for plan in catalogue.read(city.data, city.boundaries).plans.plans if plan.id == "forandring-aldersrogade")
    assert (plan.valid_to, plan.valid_from) == ("2027", "2021")


def test_a_hotspot_begins_in_a_file_with_other_tables_below(city: Workspace) -> None:
    values: Typed = {
        "area.area_set": ("udsat_boligomraade",), "area.area_id": ("tingbjerg",), "valid_from": ("2027",), "residents": ("6 400",),
        "cite.source": ("kk-002",),
    }  # fmt: skip
    before = catalogue.read(city.data, city.boundaries).hotspots
    assert write(city, EntryProposal(kind="hotspot", values=values)).state == "written"
    after = catalogue.read(city.data, city.boundaries).hotspots
    assert (after.areas[:-1], after.areas[-1].residents, after.themes) == (before.areas, 6400, before.themes)


def test_an_entry_of_a_list_goes_and_problems_name_the_rows_of_the_form(city: Workspace) -> None:
    proposal = changing(city, "list", "tryghedsindeks-2010")
    there = proposal.values
    first, second = "members[1].remove", "members[3].extent"
    outcome = write(city, EntryProposal(kind="list", id="tryghedsindeks-2010", values={**there, first: ("yes",), second: ("half",)}))
    assert [(problem.field, problem.what.da) for problem in outcome.problems] == [(second, "det er ikke en af mulighederne")]
    one_less = {**there, first: ("yes",)}
    outcome = write(city, EntryProposal(kind="list", id="tryghedsindeks-2010", values=one_less))
    assert [problem.what.da for problem in outcome.problems] == ["antallet passer ikke med navnene"]
    outcome = write(city, EntryProposal(kind="list", id="tryghedsindeks-2010", values={**one_less, "count": ("5",)}))
    assert outcome.state == "written"
    listed = catalogue.read(city.data, city.boundaries).list_edition("tryghedsindeks-2010")
    assert listed is not None
    assert [member.name for member in listed.members] == [there[f"members[{n}].name"][0] for n in range(2, len(listed.members) + 2)]


# --- odd signs, and nothing but text ------------------------------------------------------------------------------------

ODD = 'Ærø "én"\\n # \' ]] \U0001f600\n[[source]]\nid = "x"'


def test_odd_letters_come_back_as_they_were_in_both_languages(city: Workspace) -> None:
    write(city, EntryProposal(kind="source", values={**SOURCE, "title": (ODD,), "note": ("'''\n\"\"\"\r\nslut",)}))
    proposal = changing(city, "indicator", "tryg_nabolag", note__da=ODD, note__en="Æ \\u0041")
    assert write(city, proposal).state == "written"
    read = catalogue.read(city.data, city.boundaries)
    source, indicator = read.source("kk-ny"), read.indicator("tryg_nabolag")
    assert source is not None
    assert indicator is not None
    assert indicator.note is not None
    assert (source.title, source.note, indicator.note.da, indicator.note.en) == (ODD, "'''\n\"\"\"\nslut", ODD, "Æ \\u0041")
    assert read.source("x") is None


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"))), st.text(st.characters(blacklist_categories=("Cs", "Cc"))))
def test_what_a_person_types_is_text(first: str, second: str) -> None:
    row = {"id": "a", "title": first, "note": {"da": second, "en": first}}
    before = '# top\n[[source]]\nid = "x" # here\n\n# below\n'
    after = documents.rewritten(before, "source", None, row, file="f")
    assert tomllib.loads(after)["source"] == [{"id": "x"}, row]
    assert after.startswith(before.rstrip("\n"))


def test_controls_and_turns_of_direction_are_refused(city: Workspace) -> None:
    outcome = write(city, EntryProposal(kind="source", values={**SOURCE, "title": ("92 \u202e29",)}))
    assert [problem.field for problem in outcome.problems] == ["title"]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_ends_of_lines_and_a_mark_stay(city: Workspace, mark: str) -> None:
    path = city.data / "sources.toml"
    path.write_bytes((mark + path.read_text("utf-8").replace("\n", "\r\n")).encode())
    assert write(city, EntryProposal(kind="source", values=SOURCE)).state == "written"
    after = path.read_bytes().decode()
    assert after.startswith(mark + "# ")
    assert after.count("\n") == after.count("\r\n")
