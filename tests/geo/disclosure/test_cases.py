"""Cases of discrimination: nobody works out a hidden count by subtraction, over margins, over years or over editions."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from geo import pipeline
from geo.disclosure import cases
from geo.editions import edition
from geo.errors import CatalogueError, EditionError
from geo.files.workspace import Workspace
from geo.model.reported.discrimination import CaseYear, Ground, ShownCases
from geo.model.rules import Rule, Threshold
from geo.model.sources import Cite
from geo.model.vocabulary import Audience, Text
from tests.towns import toytown

CITE = Cite(source="survey")


def year(total: int, grounds: dict[Ground, int] | None = None, **more: int) -> CaseYear:
    return CaseYear(id="w", measure="website", year=2009, total=total, grounds=grounds or {}, places=more, cite=CITE)


# --- every table of a small size --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kinds", "limit", "highest"), [(2, 5, 30), (3, 5, 20), (3, 3, 20), (4, 3, 13), (5, 3, 7)])
def test_an_attacker_who_knows_the_rule_is_left_with_several_values(kinds: int, limit: int, highest: int) -> None:
    worlds: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for counts in itertools.product(range(highest + 1), repeat=kinds):
        if limit <= sum(counts) <= highest:
            gone = cases.hidden(counts, limit)
            read = (sum(counts), *(None if place in gone else count for place, count in enumerate(counts)))
            worlds.setdefault(read, []).append(counts)
    assert worlds
    for (_, *read), possible in worlds.items():
        assert all(count is None or count >= limit for count in read)
        for place, count in enumerate(read):
            if count is None:
                assert len({world[place] for world in possible}) >= limit - 1


def test_the_smallest_other_would_not_have_been_enough() -> None:
    """2, 5 and 40: with only the first hidden the total gives it away; the second goes with it, and what they have together is 7."""
    assert cases.hidden([2, 5, 40], 5) == {0, 1, 2}  # 7 is less than 5 + 4
    assert cases.hidden([2, 7, 40], 5) == {0, 1}
    assert cases.hidden([40, 2, 7], 5) == {0, 1}  # in the order of the kinds, whatever they count
    assert cases.hidden([9, 5, 40], 5) == frozenset()
    assert cases.hidden([0, 9, 40], 5) == {0, 1}  # that there were none is told of nobody either


def test_a_small_total_hides_all_under_it() -> None:
    made = cases.shown(year(4, {"age": 4}, work=4), limit=5)
    assert made.total is None
    assert {*made.grounds.values(), *made.places.values()} == {None}
    assert cases.shown(year(0), limit=5).total is None
    assert cases.shown(year(6), limit=5).total == 6


def test_two_tables_with_one_total_tell_each_nothing_of_the_other() -> None:
    """Any two tables of the same total are possible together, so the two margins are attacked one by one."""
    made = cases.shown(year(47, {"age": 2, "religion": 45}, work=30, street=17), limit=5)
    assert made.total == 47
    assert [count for count in made.grounds.values() if count is not None] == []  # both, since nothing else is there to hide with
    shown = {kind: count for kind, count in made.places.items() if count is not None}
    assert shown == {"street": 17}  # all the kinds of which there are none are small, and the first that is not goes with them


def test_the_strictest_limit_of_all_rules_holds() -> None:
    def rule(least: int) -> Rule:
        return Rule(id="r", name=Text(da="r", en="r"), thresholds={Audience.PUBLIC: Threshold(min_count=least)})

    assert cases.limit(()) == 3
    assert cases.limit((rule(0),)) == 3
    assert cases.limit((rule(0), rule(10), rule(5))) == 10


# --- over editions ----------------------------------------------------------------------------------------------------


def test_corrected_figures_of_a_year_that_is_out_are_a_total_alone() -> None:
    first = cases.shown(year(60, {"age": 20, "gender": 3, "religion": 37}), limit=5)
    again = cases.shown(year(60, {"age": 20, "gender": 3, "religion": 37}), limit=5, earlier=[first])
    assert again == first
    corrected = cases.shown(year(61, {"age": 20, "gender": 4, "religion": 37}), limit=5, earlier=[first])
    assert (corrected.total, corrected.grounds, corrected.withheld) == (61, {}, True)
    back = cases.shown(year(60, {"age": 20, "gender": 3, "religion": 37}), limit=5, earlier=[first, corrected])
    assert (back.grounds, back.withheld) == ({}, True)


def write(folder: Path, *entries: str) -> Workspace:
    town = toytown.write(folder)
    (town.data / "discrimination.toml").write_text("\n".join(entries), encoding="utf-8")
    return town


def entry(year: int, total: int, grounds: str, measure: str = "website") -> str:
    return (
        f'[[cases]]\nid = "{measure}-{year}"\nmeasure = "{measure}"\nyear = {year}\ntotal = {total}\n'
        f'grounds = {{ {grounds} }}\ncite = {{ source = "survey" }}\n'
    )


def read(town: Workspace) -> tuple[ShownCases, ...]:
    return edition.read(town.editions, pipeline.build(town).id, Audience.PUBLIC).catalogue.shown_cases


def test_an_edition_holds_no_count_that_is_hidden_and_no_hash_to_try_counts_with(tmp_path: Path) -> None:
    town = write(tmp_path / "w", entry(2008, 41, "age = 2, religion = 39"), entry(2009, 86, "age = 41, religion = 43, gender = 2"))
    made = pipeline.build(town)
    whole = edition.read(town.editions, made.id, Audience.PUBLIC)
    assert whole.catalogue.cases == ()
    assert [(each.year, each.total) for each in whole.catalogue.shown_cases] == [(2008, 41), (2009, 86)]
    assert [each.grounds["age"] for each in whole.catalogue.shown_cases] == [None, None]
    assert [each.grounds["religion"] for each in whole.catalogue.shown_cases] == [None, 43]
    assert "data/discrimination.toml" not in [file.path for file in made.inputs]
    # the same figures but another split of the hidden ones: not a byte of the edition differs
    other = write(tmp_path / "v", entry(2008, 41, "age = 1, religion = 40"), entry(2009, 86, "age = 42, religion = 43, gender = 1"))
    assert pipeline.build(other).id == made.id


def test_a_year_that_is_corrected_after_it_was_out_is_told_to_nobody_in_parts(tmp_path: Path) -> None:
    town = write(tmp_path / "w", entry(2009, 86, "age = 41, religion = 43, gender = 2"))
    assert read(town)[0].grounds["religion"] == 43
    (town.data / "discrimination.toml").write_text(entry(2009, 90, "age = 41, religion = 43, gender = 6"), encoding="utf-8")
    (now,) = read(town)
    assert (now.total, now.grounds, now.withheld) == (90, {}, True)


def test_an_unprotected_catalogue_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = write(tmp_path / "w", entry(2009, 6, "age = 6"))
    monkeypatch.setattr("geo.pipeline.reportedcases.protected", lambda known, _editions: known)
    with pytest.raises(EditionError, match="unprotected counts"):
        pipeline.build(town)
    assert not [path for path in town.editions.iterdir() if not path.name.startswith(".")]


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        (entry(2009, 7, "age = 3, religion = 3"), "grounds", "cases that do not add up to the total"),
        (entry(2009, -1, ""), "total", "a number of cases below zero"),
        (entry(2009, 3, "age = -3, religion = 6"), "grounds", "a number of cases below zero"),
        (entry(9, 7, ""), "year", "a year that cannot be read"),
        (entry(2009, 7, "") + entry(2009, 8, "").replace("website-2009", "igen"), "year", "a measure and year that stand twice"),
        (entry(2009, 7, "", measure="rygter"), "measure", "Invalid enum value"),
    ],
)
def test_it_is_one_clear_problem_without_the_counts(tmp_path: Path, text: str, column: str, what: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        pipeline.build(write(tmp_path / "w", text))
    (problem,) = caught.value.problems
    assert (problem.column, problem.what.split(" '")[0]) == (column, what)
