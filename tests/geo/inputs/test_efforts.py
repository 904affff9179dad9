"""Efforts, money, plans of action and facilities that contradict themselves: each is one clear problem, and nothing is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import pipeline
from geo.editions import edition
from geo.errors import CatalogueError, Problem
from geo.inputs import catalogue
from geo.model.vocabulary import Audience
from tests.towns import toytown

NAME = 'name = { da = "Prøve", en = "Trial" }\n'
EFFORT = f'[[effort]]\nid = "e"\n{NAME}'
PROJECT = f'{EFFORT}kind = "project"\nareas = [{{ area_set = "square", area_id = "0101" }}]\n'
TABLE = f'[[table]]\nid = "t"\n{NAME}years = ["2009"]\ngrand = "I"\ncite = {{ source = "survey" }}\n[[table.rows]]\nno = "I"\n{NAME}'
PLAN = f'[[plan]]\nid = "p"\n{NAME}committee = "SUD"\nversion = "1"\ncite = {{ source = "survey" }}\n'
PLANS = 'figures = []\nevaluations = []\nnote = { da = "x", en = "x" }\n[[plans]]\nid = "p"\nname = "Planen"\n'
EVENT = (
    f'[[event]]\nid = "r"\n{NAME}sender = "a"\nrecipient = "b"\nrhythm = {{ da = "x", en = "x" }}\n'
    'content = { da = "x", en = "x" }\ncite = { source = "survey" }\n'
)
FACILITY = '[[facility]]\nid = "f"\nname = "Huset"\nkind = "day_care"\n'


def problems(tmp_path: Path, file: str, text: str) -> list[Problem]:
    town = toytown.write(tmp_path / "w")
    (town.data / file).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        pipeline.build(town)
    assert not list(town.editions.iterdir())
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("file", "text", "column", "what"),
    [
        ("efforts.toml", f'{EFFORT}valid_from = "2010"\nvalid_to = "2009"\n', "valid_to", "an end before its beginning"),
        ("efforts.toml", f'{EFFORT}valid_from = "i morgen"\n', "valid_from", "a period that cannot be read"),
        ("efforts.toml", f'{EFFORT}[[effort.statuses]]\nperiod = "nu"\ntext = "x"\n', "statuses[1].period", "a period that cannot be read"),
        ("efforts.toml", f'{EFFORT}financed = {{ "2009" = -1.0 }}\n', "financed", "an amount below zero"),
        ("efforts.toml", f'{EFFORT}cofinanced = {{ "09" = 1.0 }}\n', "cofinanced", "a year that cannot be read"),
        ("efforts.toml", f'{EFFORT}kind = "project"\n', "areas", "a project in no area"),
        ("efforts.toml", f'{EFFORT}committee = "XYZ"\n', "committee", "Invalid enum value"),
        ("efforts.toml", f'{EFFORT}goals = ["M9"]\n', "goals", "a name that leads nowhere"),
        ("efforts.toml", f'{EFFORT}areas = [{{ area_set = "nix", area_id = "1" }}]\n', "areas[1].area_set", "a name that leads nowhere"),
        ("efforts.toml", f"{EFFORT}points = [{{ lon = 55.7, lat = 12.5 }}]\n", "points[1]", "a point outside Denmark"),
        ("efforts.toml", f"{EFFORT}\n{EFFORT}", "id", "an id that stands twice"),
        (
            "efforts.toml", f'{PROJECT}valid_from = "2010"\noutcome = {{ decision = "ended", decided = 2009-12-31, reason = "x" }}\n',
            "outcome.decided", "a decision before the beginning",
        ),
        ("economy.toml", f'{TABLE}within = "9"\n', "rows[1].within", "a number of a row that leads nowhere"),
        ("economy.toml", f'{TABLE}amounts = {{ "2010" = 1.0 }}\n', "rows[1].amounts", "an amount of a year that the table does not have"),
        ("economy.toml", f'{TABLE}amounts = {{ "2009" = -1.0 }}\n', "rows[1].amounts", "an amount below zero"),
        ("economy.toml", f'{TABLE}[[table.rows]]\nno = "I"\n{NAME}', "rows", "a number of a row that stands twice"),
        ("economy.toml", TABLE.replace('grand = "I"', 'grand = "X"'), "grand", "a number of a row that leads nowhere"),
        ("economy.toml", f'{TABLE}effort = "nix"\n', "rows[1].effort", "a name that leads nowhere"),
        (
            "actionplans.toml", f'{PLAN}efforts = ["nix"]\n',
            "efforts", "a name that leads nowhere",
        ),
        ("plans.toml", f"{PLANS}grant = -1.0\n", "plans[1].grant", "an amount below zero"),
        ("plans.toml", f"{PLANS}cofinancing = {{ promised_kr = -1.0 }}\n", "plans[1].cofinancing.promised_kr", "an amount below zero"),
        ("plans.toml", f"{PLANS}approved = 2010-02-01\nstarted = 2010-01-31\n", "plans[1].started", "a start before the approval"),
        ("plans.toml", PLANS.replace('id = "p"', 'id = "a/b"'), "plans[1].id", "a code with other signs"),
        ("plans.toml", PLANS.replace("figures = []", f"figures = [{{ {NAME[:-1]}, value = nan }}]"), "figures[1].value", "a wrong value"),
        ("efforts.toml", EFFORT.replace('id = "e"', 'id = ".."'), "id", "a code with other signs"),
        ("efforts.toml", EFFORT.replace('id = "e"', 'id = "_ny"'), "id", "a code with other signs"),
        ("efforts.toml", EFFORT.replace('id = "e"', f'id = "{"e" * 61}"'), "id", "a code with other signs"),
        ("efforts.toml", EFFORT.replace("Prøve", "\\u200b "), "name.da", "a name that nobody can read"),
        ("efforts.toml", EFFORT.replace("Trial", "a\\nBEGIN:VEVENT"), "name.en", "a name that nobody can read"),
        ("efforts.toml", EFFORT.replace("Trial", "x" * 301), "name.en", "a name that nobody can read"),
        ("efforts.toml", f'{EFFORT}aim = "{"x" * 20_001}"\n', "aim", "a text that is too long"),
        ("efforts.toml", f'{EFFORT}financed = {{ "2009" = inf }}\n', "financed", "a wrong value"),
        ("efforts.toml", f'{EFFORT}financed = {{ "2009" = 1e-7 }}\n', "financed", "an amount that is none"),
        (
            "efforts.toml", f'{EFFORT}areas = [{{ area_set = "square", area_id = "1" }}, {{ area_set = "square", area_id = "1" }}]\n',

            "areas", "an entry of a list that stands twice",
        ),
        ("economy.toml", f"{TABLE}total = 2e6\n", "rows[1].total", "an amount that is none"),
        ("economy.toml", f"{TABLE}total = -1.0\n", "rows[1].total", "an amount below zero"),
        ("economy.toml", TABLE.replace('["2009"]', '["2009", "2009"]'), "years", "years that are not"),
        ("economy.toml", TABLE.replace('["2009"]', '["2010", "2009"]'), "years", "years that are not"),
        ("economy.toml", TABLE.replace('["2009"]', "[]"), "years", "years that are not"),
        ("economy.toml", TABLE.replace('["2009"]', '["2009 "]'), "years", "a year that cannot be read"),
        ("economy.toml", TABLE + f'[[table.rows]]\nno = "1"\n{NAME}' * 500, "rows", "a table of more rows"),
        ("calendar.toml", f'{EVENT}due = ["31-08"]\n', "due[1]", "a day that cannot be read"),
        ("calendar.toml", f'{EVENT}due = ["0999-01-01"]\n', "due[1]", "a day that cannot be read"),
        ("calendar.toml", f'{EVENT}due = ["08-31", "08-31"]\n', "due", "an entry of a list that stands twice"),
        ("calendar.toml", f'{EVENT}due = ["2010-02-30"]\n', "due[1]", "a day that cannot be read"),
        ("facilities.toml", f"{FACILITY}point = {{ lon = 55.7, lat = 12.5 }}\n", "point", "a point outside Denmark"),
        (
            "facilities.toml", f'{FACILITY}point = {{ lon = 12.5, lat = 55.7 }}\nvalid_from = "2010"\nvalid_to = "2009"\n', "valid_to",
            "an end before its beginning",
        ),
    ],
)  # fmt: skip
def test_it_is_one_clear_problem(tmp_path: Path, file: str, text: str, column: str, what: str) -> None:
    problem, *_ = problems(tmp_path, file, text)
    assert (problem.file, problem.column) == (f"data/{file}", column)
    assert problem.what.startswith(what)
    assert problem.expected
    assert problem.row == (None if file == "plans.toml" else 2 if what == "an id that stands twice" else 1)


@pytest.mark.parametrize("within", [["2", "1"], ["2", "3", "1"], ["2", "3", "2"], [*map(str, range(2, 9)), "I"]])
def test_rows_that_are_parts_of_each_other_or_of_too_many_are_refused(tmp_path: Path, within: list[str]) -> None:
    """A ring of rows has no sum of all, and no paper indents a row eight times."""
    rows = "".join(f'[[table.rows]]\nno = "{number}"\nwithin = "{other}"\n{NAME}' for number, other in enumerate(within, 1))
    problem, *_ = problems(tmp_path, "economy.toml", TABLE + rows)
    assert (problem.column, problem.what) == ("rows[2].within", "a row that is a part of itself, or of too many parts")
    assert "'1' within '2'" in problem.found


def test_a_workspace_without_the_files_is_whole_and_one_with_them_lists_them(tmp_path: Path) -> None:
    town = toytown.write(tmp_path / "w")
    made = edition.read(town.editions, pipeline.build(town).id, Audience.PUBLIC)
    assert made.catalogue.efforts == made.catalogue.economy == made.catalogue.action_plans == made.catalogue.facilities == ()
    (town.data / "efforts.toml").write_text(PROJECT, encoding="utf-8")
    listed = {
        source.path: source.rows for source in catalogue.inputs(town.data, town.boundaries, catalogue.read(town.data, town.boundaries))
    }
    assert listed["data/efforts.toml"] == 1
    assert "data/economy.toml" not in listed
