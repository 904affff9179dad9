"""What is refused is said by its field, in Danish and English, and changes nothing."""

from __future__ import annotations

import ast

import pytest

from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.entries import history, refusals, typed, writing
from geo.model.forms.described import Typed
from geo.model.forms.proposed import EntryProposal
from tests.geo.inputs.entries.conftest import HERE
from tests.records.proposals import SOURCE, changing, entry, text, write

# --- what is refused ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field", "what"),
    [
        ({"title": ()}, "title", "skal udfyldes"),
        ({"quality": ("best",)}, "quality", "det er ikke en af mulighederne"),
        ({"retrieved": ("november",)}, "retrieved", "det er ikke en dag"),
        ({"url": ("javascript:alert(1)",)}, "url", "det er ikke en adresse på nettet"),
        ({"design_effect.value": ("1,5",)}, "design_effect.note", "skal udfyldes"),
        ({"design_effect.value": ("1.500",)}, "design_effect.value", "tallet kan læses på to måder"),
        ({"design_effect.value": ("mange",)}, "design_effect.value", "det er ikke et tal"),
        ({"id": ("kk-002",)}, "id", "der er allerede en med den kode"),
        ({"id": ("to ord",)}, "id", "koden må kun have bogstaver"),
    ],
)
def test_what_cannot_be_is_said_by_its_field_and_kept_as_typed(city: Workspace, changed: Typed, field: str, what: str) -> None:
    before = text(city, "data/sources.toml")
    outcome = write(city, EntryProposal(kind="source", values={**SOURCE, **changed}))
    assert outcome.state == "refused"
    assert [(p.field, p.what.da.startswith(what)) for p in outcome.problems] == [(field, True)]
    assert outcome.values == typed.cleaned({**SOURCE, **changed})
    assert text(city, "data/sources.toml") == before


def test_thresholds_that_contradict_each_other_are_said_by_their_field(city: Workspace) -> None:
    outcome = write(city, changing(city, "rule", "register", thresholds__public__min_denominator="6"))
    assert ("thresholds.public.min_denominator", "grænserne modsiger hinanden") in {(p.field, p.what.da) for p in outcome.problems}
    outcome = write(city, changing(city, "rule", "register", thresholds__staff__min_count="9"))
    assert "thresholds.staff.min_count" in {problem.field for problem in outcome.problems}
    assert {problem.what.da for problem in outcome.problems} >= {"strengere end for dem, der må se mindre"}


def test_an_unknown_source_is_said_beside_its_field(city: Workspace) -> None:
    outcome = write(city, changing(city, "goal", "M5", cite__source="nobody"))
    assert ("cite.source", "den findes ikke", "en kode i data/sources.toml") in {
        (p.field, p.what.da, p.expected.da if p.expected else "") for p in outcome.problems
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"valid_too": ("2030",)}, "unknown field"),
        ({"nope": ("",)}, "unknown field"),
        ({"areas[500000].area_id": ("x",)}, "unknown field"),
        ({"figures[99999999999].value": ("9",)}, "unknown field"),
        ({"figures[-1].value": ("9",)}, "unknown field"),
        ({"figures[1]": ("9",)}, "unknown field"),
        ({"name[1].da": ("x",)}, "unknown field"),
        ({"valid_to": ("2021", "2022")}, "a field that stands twice"),
    ],
)
def test_what_the_form_does_not_have_is_refused_and_nothing_goes(city: Workspace, values: dict[str, tuple[str, ...]], said: str) -> None:
    before = text(city, "data/plans.toml")
    outcome = write(city, EntryProposal(kind="plan", id="tingbjerg-2020", values=values, partial=True))
    assert (outcome.state, [problem.what.en for problem in outcome.problems]) == ("refused", [said])
    assert text(city, "data/plans.toml") == before


def test_an_end_before_the_beginning_is_refused(city: Workspace) -> None:
    outcome = write(city, EntryProposal(kind="plan", id="tingbjerg-2020", values={"valid_to": ("2019",)}, partial=True))
    assert [(problem.field, problem.what.da) for problem in outcome.problems] == [("valid_to", "slutter, før det begynder")]


def test_what_others_refer_to_does_not_go(city: Workspace) -> None:
    before = text(city, "data/lists.toml")
    outcome = write(city, EntryProposal(kind="list", id="tryghedsindeks-2010", removed=True))
    assert outcome.state == "refused"
    assert [(p.what.da, p.where.da if p.where else "") for p in outcome.problems] == [
        ("den bruges stadig", "Mål “Mål 5: Tryghed i de udpegede områder”"),
        ("den liste findes ikke", "Mål “Sikker By, effektmål 1”"),  # it is the only edition of the index, on which the goal is counted
    ]
    assert text(city, "data/lists.toml") == before
    renamed = write(city, changing(city, "list", "tryghedsindeks-2010", id="andet"))
    assert [p.what.da for p in renamed.problems] == ["den bruges stadig"]


def test_who_refers_is_said_once_however_often(city: Workspace) -> None:
    outcome = write(city, EntryProposal(kind="source", id="kk-000", removed=True))
    assert len(outcome.problems) == len({problem.where for problem in outcome.problems}) > 1


def test_an_indicator_that_tables_name_does_not_go(city: Workspace) -> None:
    outcome = write(city, EntryProposal(kind="indicator", id="tryg_nabolag", removed=True))
    assert [(p.what.da, p.where.da[:13] if p.where else "") for p in outcome.problems][:1] == [
        ("tabeller med tal bruger den stadig", "data/tryghed/")
    ]


def test_what_nobody_refers_to_goes(city: Workspace) -> None:
    write(city, EntryProposal(kind="source", values=SOURCE))
    there = entry(city, "source", "kk-ny")
    outcome = write(city, EntryProposal(kind="source", id="kk-ny", removed=True, sha256=there.sha256), who="bo")
    assert outcome.state == "written"
    assert catalogue.read(city.data, city.boundaries).source("kk-ny") is None
    assert [(line.who, line.action, line.id) for line in history.read(city.folder / "forms.jsonl")] == [
        ("anna", "added", "kk-ny"),
        ("bo", "removed", "kk-ny"),
    ]


def test_a_form_can_mend_a_catalogue_that_has_other_faults(city: Workspace) -> None:
    goals = city.data / "goals.toml"
    goals.write_text(goals.read_text("utf-8").replace('direction = "up"', 'direction = "sideways"', 2), "utf-8")
    good = write(city, EntryProposal(kind="source", values=SOURCE))
    assert (good.state, good.problems) == ("written", ())
    mended = write(city, changing(city, "goal", "M4", direction="up"))
    assert (mended.state, mended.problems) == ("written", ())
    assert write(city, changing(city, "goal", "M1", direction="down")).state == "written"


def test_a_rehearsal_writes_nothing(city: Workspace) -> None:
    before = text(city, "data/sources.toml")
    outcome = writing.preview(city, EntryProposal(kind="source", values=SOURCE))
    assert (outcome.state, len(outcome.changes)) == ("fits", len(SOURCE))
    assert text(city, "data/sources.toml") == before
    assert not (city.folder / "forms.jsonl").exists()


def test_every_fault_that_a_check_names_is_said_in_danish() -> None:
    spoken = set()
    for name in ("inputs/consistency.py", "inputs/noise.py", "inputs/apportioned.py", "inputs/samepeople.py", "model/rules.py"):
        for node in ast.walk(ast.parse((HERE / "geo" / name).read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem" and len(node.args) > 1:
                spoken |= {node.args[1].value} if isinstance(node.args[1], ast.Constant) else set()
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "what" and isinstance(node.value, ast.Constant):
                spoken.add(node.value.value)
            if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
                spoken |= {part.value for part in node.value.elts[:2] if isinstance(part, ast.Constant) and " " in str(part.value)}
    assert len(spoken) > 40
    later = {"a share or rate that is apportioned, without its counts"}  # of rows of tables, which no form writes
    assert {words for words in spoken - later if refusals.words_of(words).da == words} == set()
