"""The city index: what cannot be is one clear problem, in Danish too, and nothing is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import pipeline
from geo.editions import edition
from geo.errors import CatalogueError
from geo.files.workspace import Workspace
from geo.inputs.entries import listing, refusals
from geo.model.forms.proposed import EntryProposal, ProposalOutcome
from geo.model.vocabulary import Audience
from tests.records.proposals import write
from tests.towns import toytown

CITED = 'cite = { source = "survey" }\n'
DIMENSION = f'[[dimension]]\nid = "velkomst"\nname = {{ da = "Velkomst", en = "Welcome" }}\n{CITED}'
SCALED = f"{DIMENSION}low = 0.0\nhigh = 100.0\n"
SCORE = f'[[score]]\nid = "by-2011"\ncity = "Byen"\nyear = 2011\n{CITED}'
VALUE = f"{SCORE}values = {{ velkomst = 55.5 }}\n"


@pytest.mark.parametrize(
    ("files", "column", "what", "expected"),
    [
        ((SCALED, VALUE.replace("velkomst", "nix")), "values", "a name that leads nowhere", "an id in data/dimensions.toml"),
        ((DIMENSION, VALUE), "values", "a value of a dimension without a scale", "a dimension that says its scale"),
        ((SCALED, VALUE.replace("55.5", "100.5")), "values", "a value outside the scale", "a number from 0 to 100"),
        ((SCALED, VALUE.replace("55.5", "-1")), "values", "a value outside the scale", "a number from 0 to 100"),
        ((SCALED, VALUE.replace("55.5", "nan")), "values", "a wrong value", "a number from -1000000000000000 to 1000000000000000"),
        ((SCALED, f"{SCORE}values = {{}}\n"), "values", "a city without values", "a dimension and its value"),
        ((SCALED, VALUE.replace("2011\n", "11\n")), "year", "a year that cannot be read", "four digits, for example 2009"),
        ((SCALED, VALUE.replace('"Byen"', '"  "')), "city", "a city without a name", "the name of the city"),
        (
            (SCALED, VALUE + VALUE.replace("by-2011", "igen").replace("Byen", " byen ")), "values",
            "a city, year and dimension that stand twice", "one value of each",
        ),
        ((f"{DIMENSION}low = 5.0\nhigh = 5.0\n", ""), "high", "a scale that cannot be", "two ends, the lowest first"),
        ((f"{DIMENSION}low = 5.0\n", ""), "high", "a scale that cannot be", "two ends, the lowest first"),
    ],
)  # fmt: skip
def test_it_is_one_clear_problem(tmp_path: Path, files: tuple[str, str], column: str, what: str, expected: str) -> None:
    town = toytown.write(tmp_path / "w")
    (town.data / "dimensions.toml").write_text(files[0], encoding="utf-8")
    (town.data / "cityindex.toml").write_text(files[1], encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        pipeline.build(town)
    assert not list(town.editions.iterdir())
    (problem,) = caught.value.problems
    assert (problem.column, problem.what, problem.expected) == (column, what, expected)
    danish = refusals.expected_of(problem.expected)
    assert refusals.words_of(problem.what).da != problem.what
    assert danish is not None
    assert danish.da != problem.expected


def propose(town: Workspace, values: dict[str, tuple[str, ...]]) -> ProposalOutcome:
    given = {"id": ("by-2011",), "city": ("Byen",), "year": ("2011",), "cite.source": ("survey",), "values[1].key": ("velkomst",)}
    proposal = EntryProposal(kind="city_score", id="", values=given | {"values[1].value": ("55,5",)} | values)
    return write(town, proposal)


def test_a_form_brings_an_invented_city_and_refuses_what_cannot_be(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    (town.data / "dimensions.toml").write_text(SCALED, encoding="utf-8")
    for changed, what in (
        ({"values[1].value": ("100,5",)}, "værdien ligger uden for skalaen"),
        ({"values[1].key": ("nix",)}, "den findes ikke"),
    ):
        refused = propose(town, changed)
        assert (refused.state, [problem.what.da for problem in refused.problems]) == ("refused", [what])
        assert refused.values["city"] == ("Byen",)  # nothing that was typed is lost
    assert propose(town, {}).state == "written"
    twice = propose(town, {"id": ("igen",), "city": ("byen",)})
    assert [problem.what.da for problem in twice.problems] == ["byen har allerede en værdi for den dimension det år"]
    assert [choice.value for choice in listing.read(town).choices["dimensions"]] == ["velkomst"]
    made = edition.read(town.editions, pipeline.build(town).id, Audience.PUBLIC)
    (score,) = made.catalogue.city_scores
    assert (score.city, score.year, score.values) == ("Byen", 2011, {"velkomst": 55.5})
