"""The question whether two indicators tell of the same people: asked where words suggest it, answered in the catalogue, and kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from geo import check
from geo.files import workspace
from geo.inputs import catalogue, consistency, samepeople
from geo.model.catalogue import Catalogue
from geo.model.indicators import Definition, Indicator, Noise
from geo.model.vocabulary import Text
from omraadekort import cli
from tests.towns import gatetown, toytown
from tests.towns.gatetown import catalogue as catalogue_of
from tests.towns.gatetown import measured
from tests.towns.toytown import text

ROOT = Path(__file__).parent.parent.parent.parent

NEAR = [
    ("Uden for arbejdsmarkedet", "Borgere uden for arbejdsmarkedet (RAS)"),
    ("Registrerede ledige af alle beboere", "Ledige beboere"),
    ("Etniske minoriteters brug af dagtilbud", "Brug af dagtilbud blandt etniske minoriteter"),
    ("Andel i arbejde", "Antal personer i arbejde"),
    ("Outside the labour market and education", "Residents outside labour market and education (the law's criterion)"),
    ("Children's use of day care", "Use of day care by children"),
    ("Number of registered unemployed", "Registered unemployed persons"),
]
FAR = [
    ("Uden for arbejdsmarkedet", "På arbejdsmarkedet"),
    ("Trygge i nabolaget", "Utrygge i nabolaget"),
    ("Trygge i nabolaget", "Trygge om aftenen og natten"),
    ("Etniske minoriteters brug af dagtilbud", "Etniske minoriteters brug af fritidstilbud"),
    ("Etniske minoriteters brug af dagtilbud", "Etniske minoriteters brug af sociale tilbud"),
    ("Beboere", "Beboere uden dansk statsborgerskab"),
    ("Ansatte i kommunen", "Ansatte i kommunen med en erhvervsuddannelse"),
    ("Employed immigrants and descendants", "Employed immigrants and descendants, women"),
    ("Employed residents of the area", "Unemployed residents of the area"),
    ("Use of day care", "Not using day care"),
    ("Safe in the neighbourhood", "Unsafe in the neighbourhood"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), NEAR)
def test_names_that_say_nearly_the_same_are_near(one: str, other: str) -> None:
    assert samepeople.alike(one, other)
    assert samepeople.alike(other, one)


@pytest.mark.parametrize(("one", "other"), FAR)
def test_names_that_say_something_else_are_far(one: str, other: str) -> None:
    assert not samepeople.alike(one, other)
    assert not samepeople.alike(other, one)


def register(name: str = "Uden for arbejdsmarkedet", **changes: object) -> Indicator:
    plain = {"name": text(name), "population": text("beboere på 18-64 år"), "basis": "register"}
    return msgspec.structs.replace(measured("counted"), **(plain | changes))


def table(name: str = "Borgere uden for arbejdsmarkedet", **changes: object) -> Indicator:
    plain = {"name": text(name), "population": text("borgere på 18-64 år"), "basis": "unstated", "register": None}
    return msgspec.structs.replace(measured("printed"), **(plain | changes))


def asked(*indicators: Indicator) -> list[str]:
    return [one.found for one in samepeople.questions(catalogue_of(indicators, gatetown.RULE))]


def test_a_table_beside_a_register_is_asked_of_with_names_a_reason_and_what_to_write() -> None:
    (one,) = samepeople.questions(catalogue_of((register(), table()), gatetown.RULE))
    assert (one.file, one.row, one.what) == ("data/indicators.toml", 2, "do these two tell of the same people?")
    assert one.found.startswith("'printed' (from tables) and 'counted' (counted in the register people): their names say nearly the same")
    assert one.expected == 'same_as = "counted" in \'printed\' if they do, differs_from = ["counted"] if they do not'


def test_a_table_under_another_rule_is_asked_of_and_told_which_rule_to_take() -> None:
    (one,) = samepeople.questions(catalogue_of((register(), table(rule="open")), gatetown.RULE))
    assert 'same_as = "counted" and rule = "people"' in one.expected


@pytest.mark.parametrize(
    "changes",
    [
        {"population": text("borgere på 16-66 år")},
        {"population": text("kvinder på 18-64 år")},
        {"kind": "index"},
        {"basis": "survey"},
        {"demo": True},
        {"same_as": "counted"},
        {"differs_from": ("counted",)},
        {"name": "Med videregående uddannelse"},
    ],
)
def test_who_cannot_be_the_same_and_what_is_answered_is_not_asked_of(changes: dict[str, object]) -> None:
    assert len(asked(register(), table())) == 1
    assert asked(register(), table(**changes)) == []


def test_both_sexes_are_everybody() -> None:
    assert len(asked(register(), table(population=text("mænd og kvinder på 18-64 år")))) == 1


def test_other_names_and_the_same_definition_are_asked_of() -> None:
    said = (Definition(version="1", text=text("Beboere, der hverken er beskæftigede, ledige eller under uddannelse")),)
    found = asked(register("Uvirksomme", definitions=said), table("Gruppe 7", definitions=said))
    assert len(found) == 1
    assert "their definitions say nearly the same" in found[0]


def test_one_language_is_enough() -> None:
    english = Text(da="Noget helt andet", en="Residents outside the labour market")
    name = Text(da="Uden for arbejdsmarkedet", en="Outside the labour market")
    counted, printed = (msgspec.structs.replace(one, name=said) for one, said in ((register(), name), (table(), english)))
    assert len(asked(counted, printed)) == 1


def test_two_tables_are_asked_of_under_a_rule_on_people_alone() -> None:
    other = msgspec.structs.replace(table("Borgere uden for arbejdsmarkedet"), id="again")
    assert len(asked(table(), other)) == 1
    assert asked(msgspec.structs.replace(table(), rule="open"), other) == []


def test_two_indicators_of_registers_are_never_asked_of() -> None:
    assert asked(register(), msgspec.structs.replace(register(), id="again")) == []


def embedded() -> Catalogue:
    return catalogue.read(ROOT / "data", ROOT / "boundaries")


def test_the_embedded_catalogue_has_no_open_question() -> None:
    assert samepeople.questions(embedded()) == ()


def test_were_the_invented_people_real_one_pair_would_be_asked_of() -> None:
    known = embedded()
    real = tuple(msgspec.structs.replace(one, demo=False) for one in known.indicators)
    (one,) = samepeople.questions(msgspec.structs.replace(known, indicators=real))
    assert one.found.startswith(
        "'uden_arbejdsmarked_lov' (from tables) and 'demo_uden_arbejdsmarked' (counted in the register demo-register)"
    )


# --- answers ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "counted", "column", "what"),
    [
        ({"same_as": "printed"}, {}, "same_as", "an indicator held against itself"),
        ({"differs_from": ("printed",)}, {}, "differs_from", "an indicator held against itself"),
        ({"same_as": "counted", "differs_from": ("counted",)}, {}, "differs_from", "the same people and others at once"),
        ({"same_as": "counted", "rule": "open"}, {}, "rule", "the same people under two rules"),
        (
            {"same_as": "counted"},
            {"register": None, "same_as": "x"},
            "same_as",
            "the same people as one that is itself the same as a third",
        ),
        ({"same_as": "counted"}, {"noise": Noise(variance=3, most=5, least=5)}, "same_as", "figures without noise of the people whom"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(printed: dict[str, object], counted: dict[str, object], column: str, what: str) -> None:
    of_table = table(**printed)
    known = catalogue_of((register(**counted), of_table), gatetown.RULE)
    (problem,) = consistency.in_same_people(of_table, known, row=2, file="x")
    assert (problem.row, problem.column) == (2, column)
    assert problem.what.startswith(what)


def test_an_answer_in_an_indicator_of_a_register_is_refused() -> None:
    one = register(same_as="printed")
    (problem,) = consistency.in_same_people(one, catalogue_of((one, table()), gatetown.RULE), row=1, file="x")
    assert problem.what.startswith("figures counted in a register, said to be those of another")


# --- at the command line ------------------------------------------------------------------------------------------------------


def town_with_a_question(folder: Path, **changes: object) -> Path:
    town = gatetown.write(folder)
    counted = register(area_sets=("square",))
    others = [one for one in toytown.indicators() if one.id != "uden"]
    toytown.toml(town.data / "indicators.toml", indicator=[*others, counted, table(area_sets=("square",), **changes)])
    return folder


def test_check_puts_the_question_and_finds_no_fault(tmp_path: Path) -> None:
    answer = CliRunner().invoke(cli.app, ["check", "--workspace", str(town_with_a_question(tmp_path / "town"))])
    assert answer.exit_code == 0, answer.output
    assert "remark: data/indicators.toml, row 4, column same_as: do these two tell of the same people? 'printed'" in answer.stdout
    assert "Write same_as = \"counted\" in 'printed' if they do" in answer.stdout
    assert "No problems; questions to answer: 1." in answer.stdout


def test_check_asks_no_more_once_somebody_answered(tmp_path: Path) -> None:
    folder = town_with_a_question(tmp_path / "town", differs_from=("counted",))
    assert check.inspect(workspace.Workspace(folder)).remarks == ()


def test_an_answer_that_names_nobody_is_a_problem(tmp_path: Path) -> None:
    folder = town_with_a_question(tmp_path / "town", differs_from=("nobody",))
    (problem,) = check.inspect(workspace.Workspace(folder)).problems
    assert (problem.what, problem.column, problem.found) == ("a name that leads nowhere", "differs_from", "'nobody'")
