"""Figures that only a table gives: counts that follow, and counts that add up, are closed with what they tell."""

from __future__ import annotations

import pandas as pd

from geo.disclosure import uncounted
from geo.disclosure.protect import Withheld, protect
from geo.model.indicators import Indicator
from geo.model.results import OBSERVATION_COLUMNS
from geo.model.rules import Rule, Threshold
from geo.model.vocabulary import Audience
from tests.records.single import indicator
from tests.towns.gatetown import MEASURE
from tests.towns.toytown import text

RULE = Rule(id="people", name=text("folk"), thresholds={audience: Threshold(min_count=5, min_denominator=20) for audience in Audience})
AREAS = ("a", "b", "c", "d")


def figures(name: str, counts: dict[str, tuple[float, float]], **changes: object) -> pd.DataFrame:
    """One indicator of a table: numerator and denominator by area, and the city."""
    rows = []
    for area, (top, bottom) in counts.items():
        place = ("city", "0") if area == "city" else ("square", area)
        row = dict.fromkeys(OBSERVATION_COLUMNS, "") | dict.fromkeys(("n", "low", "high"), float("nan"))
        row |= {"indicator": name, "area_set": place[0], "area_id": place[1], "period": "2010", "value": 100 * top / bottom}
        rows.append(row | {"numerator": top, "denominator": bottom, "interval": "none", "status": "final"} | changes)
    return pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS))


def of(name: str) -> Indicator:
    return indicator(id=name, area_sets=("square", "city"), rule="people")


def shown(table: pd.DataFrame, *names: str) -> set[tuple[str, str]]:
    kept = protect(table, indicators=[of(name) for name in names], rules=[RULE], audience=Audience.PUBLIC).table
    rows = kept[kept["status"] != "suppressed"]
    return set(zip(rows["indicator"], rows["area_id"], strict=True))


ALL = {"a": (43.0, 100.0), "b": (30.0, 90.0), "c": (52.0, 110.0), "d": (24.0, 70.0), "city": (149.0, 370.0)}
WOMEN = {"a": (40.0, 52.0), "b": (16.0, 44.0), "c": (30.0, 60.0), "d": (11.0, 33.0), "city": (97.0, 189.0)}
MEN = {area: (ALL[area][0] - WOMEN[area][0], ALL[area][1] - WOMEN[area][1]) for area in ALL}


def test_a_share_with_its_denominator_is_asked_for_its_count() -> None:
    # 3 of 100 is 3 percent of 100: whoever multiplies has the 3.
    counts = {"a": (3.0, 100.0), "b": (30.0, 90.0), "c": (52.0, 110.0), "city": (85.0, 300.0)}
    table = figures("share", counts, numerator=float("nan"))
    assert shown(table, "share") == {("share", "0")}


def test_a_share_with_its_count_is_asked_for_its_denominator() -> None:
    counts = {"a": (6.0, 12.0), "b": (30.0, 90.0), "c": (52.0, 110.0), "city": (88.0, 212.0)}
    table = figures("share", counts, denominator=float("nan"))
    assert ("share", "a") not in shown(table, "share")


def test_men_are_not_told_by_all_less_women() -> None:
    # Three men in a: without them, 43 of all less 40 women would tell.
    table = pd.concat([figures("all", ALL), figures("women", WOMEN), figures("men", MEN)], ignore_index=True)
    assert shown(table, "all", "women", "men") == {("all", "0"), ("women", "0"), ("men", "0")}


def test_counts_that_do_not_add_up_are_not_related() -> None:
    other = {area: (top + 7, bottom + 31) for area, (top, bottom) in WOMEN.items()}
    table = pd.concat([figures("all", ALL), figures("other", other), figures("men", MEN)], ignore_index=True)
    seen = shown(table, "all", "other", "men")
    assert {("all", area) for area in (*AREAS, "0")} <= seen
    assert {area for name, area in seen if name == "men"} == {"0"}


def test_the_same_counts_under_two_names_are_related() -> None:
    kin = uncounted.related(pd.concat([figures("one", MEN), figures("two", MEN), figures("all", ALL)], ignore_index=True))
    assert kin["one"] == {"one", "two"}
    assert kin["all"] == {"all"}


# --- that are said to tell of the same people ---------------------------------------------------------------------------------


def said(table: pd.DataFrame, *indicators: Indicator) -> set[tuple[str, str]]:
    kept = protect(table, indicators=indicators, rules=[RULE], audience=Audience.PUBLIC, withheld=COVERED).table
    rows = kept[kept["status"] != "suppressed"]
    return set(zip(rows["indicator"], rows["area_id"], strict=True))


COUNTED = {"a": (3.0, 100.0), "b": (30.0, 90.0), "c": (52.0, 110.0), "d": (24.0, 70.0), "city": (109.0, 370.0)}
COVERED = Withheld(hidden=frozenset({("counted", "square", "b", "2010")}), covered=frozenset({("counted", "2010")}))
COUNTS = indicator(id="counted", area_sets=("square", "city"), rule="people", register=MEASURE)


def test_a_table_of_the_same_people_tells_only_what_the_register_tells() -> None:
    # Of another day: 6 where the register has 3, so the counts do not give the two away as the same.
    printed = {"a": (6.0, 101.0), "b": (30.0, 91.0), "c": (53.0, 110.0), "d": (25.0, 70.0), "city": (114.0, 372.0)}
    table = pd.concat([figures("counted", COUNTED), figures("printed", printed)], ignore_index=True)
    plain = indicator(id="printed", area_sets=("square", "city"), rule="people")
    assert {("printed", "a"), ("printed", "b")} <= said(table, COUNTS, plain)
    tied = said(table, COUNTS, indicator(id="printed", area_sets=("square", "city"), rule="people", same_as="counted"))
    assert tied == {(name, area) for name in ("counted", "printed") for area in ("c", "d", "0")}


def test_a_table_of_the_same_people_stands_whole_where_the_register_hides_nothing() -> None:
    open_ = COUNTED | {"a": (13.0, 100.0)}
    table = pd.concat([figures("counted", {"a": open_["a"]}), figures("printed", open_)], ignore_index=True)
    tied = indicator(id="printed", area_sets=("square", "city"), rule="people", same_as="counted")
    assert {area for name, area in said(table, COUNTS, tied) if name == "printed"} == {*AREAS, "0"}


def test_two_tables_that_are_said_to_be_the_same_are_closed_together() -> None:
    printed = {area: (top + 1, bottom + 1) for area, (top, bottom) in ALL.items()}
    table = pd.concat([figures("first", ALL | {"a": (3.0, 100.0)}), figures("again", printed)], ignore_index=True)
    plain = (of("first"), of("again"))
    tied = (of("first"), indicator(id="again", area_sets=("square", "city"), rule="people", same_as="first"))
    assert ("again", "a") in said(table, *plain)
    assert said(table, *tied) == {("first", "0"), ("again", "0")}
