"""The attacker finds every leak that is planted, and nothing in what the gate lets out. It shares no code with the gate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.attack import facts, older
from geo.attack.bounds import Bounder
from geo.attack.findings import LP, Attacked, Narrowed, attack
from geo.attack.people import People
from geo.disclosure import complementary
from geo.disclosure import protect as disclosure
from geo.disclosure.counts import Area, measured
from geo.disclosure.protect import protect
from geo.errors import GeoError
from geo.figures.indicators import wilson
from geo.model.indicators import RegisterMeasure
from geo.model.rules import Threshold
from geo.model.vocabulary import Audience
from tests.records.single import indicator
from tests.towns import towns
from tests.towns.towns import SETS, Town

SEEDS = range(10)


def asked(town: Town, audience: Audience = Audience.PUBLIC, *, whole: bool = False) -> Attacked:
    limits = dict.fromkeys(town.measures, town.rule.thresholds[audience])
    return Attacked(limits, dict.fromkeys(town.measures, SETS), whole=whole)


def found(town: Town, *tables: pd.DataFrame, audience: Audience = Audience.PUBLIC, whole: bool = False) -> list[Narrowed]:
    return [one for people in town.people().values() for one in attack(people, tables, asked(town, audience, whole=whole))]


def by_rule(town: Town) -> pd.DataFrame:
    """What a naive protection would let out: what the rule hides is hidden, and nothing else."""
    table = town.figures()
    covered = frozenset((name, period) for name in town.measures for period in table["period"].unique())
    withheld = disclosure.Withheld(covered=covered)
    return protect(table, indicators=town.indicators, rules=[town.rule], audience=Audience.PUBLIC, withheld=withheld).table


# --- by hand ------------------------------------------------------------------------------------------------------------


def square(counts: dict[str, int]) -> People:
    """Four squares of 20 people and the city; who has the trait."""
    names = list(counts)
    inside = np.vstack([np.eye(4, dtype=np.int64), np.ones((1, 4), dtype=np.int64)])
    people = np.array([[20 - number, number] for number in counts.values()])
    mask = np.array([0, 1])
    return People("2010", (*(("square", name) for name in names), ("city", "0")), inside, people, {"t": mask}, {"t": np.array([1, 1])})


def figure(area: tuple[str, str], top: float, bottom: float = 20.0) -> dict[str, object]:
    return {"indicator": "t", "area_set": area[0], "area_id": area[1], "period": "2010", "numerator": top, "denominator": bottom,
            "value": np.nan, "low": np.nan, "high": np.nan, "interval": "none", "status": "final"}  # fmt: skip


def test_what_is_left_of_the_city_is_known() -> None:
    people = square({"a": 3, "b": 8, "c": 9, "d": 10})
    shown = pd.DataFrame(
        [figure(("square", name), top) for name, top in (("b", 8.0), ("c", 9.0), ("d", 10.0))] + [figure(("city", "0"), 30.0, 80.0)]
    )
    told = Bounder(*facts.known_sums(people, [shown], {}, {}).matrix())
    row = np.zeros((4, 2))
    row[0, 1] = 1
    assert told.ends(row.ravel()) == pytest.approx((3, 3))
    assert told.whole_ends(row.ravel()) == (3, 3)


def test_two_that_are_hidden_share_what_is_left() -> None:
    people = square({"a": 3, "b": 8, "c": 9, "d": 10})
    shown = pd.DataFrame([figure(("square", "c"), 9.0), figure(("square", "d"), 10.0), figure(("city", "0"), 30.0, 80.0)])
    told = Bounder(*facts.known_sums(people, [shown], {}, {}).matrix())
    row = np.zeros((4, 2))
    row[0, 1] = 1
    assert told.ends(row.ravel()) == pytest.approx((0, 11))


def test_an_interval_gives_both_counts_back() -> None:
    for top, bottom in ((3, 57), (20, 61), (500, 1200)):
        low, high = wilson(pd.Series([100 * top / bottom]), pd.Series([float(bottom)]))
        assert facts._from_wilson(low[0] / 100, high[0] / 100) == (top, bottom)


def test_a_rounded_share_with_its_denominator_bounds_the_count() -> None:
    people = square({"a": 3, "b": 8, "c": 9, "d": 10})
    row = figure(("square", "a"), np.nan) | {"value": 15.0}
    told = Bounder(*facts.known_sums(people, [pd.DataFrame([row])], {"t": 100}, {"t": 0}).matrix())
    counted = np.zeros((4, 2))
    counted[0, 1] = 1
    assert told.ends(counted.ravel()) == pytest.approx((2.9, 3.1))


def test_the_attacker_counts_as_the_publisher_does() -> None:
    town = towns.town(1)
    table = town.figures().set_index(["indicator", "area_set", "area_id"])
    people = town.people()["2010"]
    for name in town.measures:
        for area, top, bottom in zip(people.areas, *people.counts(name), strict=True):
            row = table.loc[(name, *area)]
            assert (bottom == 0 and np.isnan(row["denominator"])) or (row["numerator"], row["denominator"]) == (top, bottom)


# --- planted leaks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["categories", "parts", "shared", "chain"])
def test_hiding_by_the_rule_alone_is_found_wanting(kind: str, seed: int) -> None:
    town = towns.town(101 + seed, kind=kind)  # in 100 the chain has nobody few in it
    narrowed = found(town, by_rule(town))
    assert narrowed
    assert all(one.low - 1e-6 <= one.truth <= one.high + 1e-6 for one in narrowed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_second_district_of_the_same_category_helps_nobody(seed: int) -> None:
    # The old gate hid another area of the same indicator; the other categories still tell.
    town = towns.town(200 + seed, kind="categories")
    table = by_rule(town)
    last = table["indicator"] == f"group_{town.codes['group'][-1]}"
    table.loc[last, ["numerator", "denominator", "value"]] = np.nan
    table.loc[last, "status"] = "suppressed"
    exact = [one for one in found(town, table) if one.high - one.low < 1e-6]
    assert exact


@pytest.mark.parametrize("seed", SEEDS)
def test_missing_read_as_nobody_is_used(seed: int) -> None:
    # A figure that says that nobody is in the group is a zero that pins its neighbours.
    town = towns.town(400 + seed, kind="shared")
    people = town.people()["2010"]
    blank = pd.DataFrame([figure(("city", "0"), np.nan, np.nan) | {"indicator": name, "status": "missing"} for name in town.measures])
    ends = facts.known_sums(people, [blank], {}, {})
    assert {high for _, high in ends.ends.values()} == {0.0}


# --- the gate -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_gate_lets_out_tells_nothing_and_one_cell_more_is_found(seed: int) -> None:
    town = towns.town(500 + seed)
    published = town.published()
    outer: list[pd.DataFrame] = []
    for audience in Audience:
        outer.append(published[audience].table)
        assert found(town, *outer, audience=audience, whole=audience is Audience.PUBLIC) == []
    assert found(town, unhidden(town, published[Audience.PUBLIC].table))


def unhidden(town: Town, table: pd.DataFrame) -> pd.DataFrame:
    """The table with one small figure shown that the gate hides, as if somebody had put it back by hand."""
    truth = town.figures()
    few = truth.index[(truth["numerator"] > 0) & (truth["numerator"] < 5) & (table["status"] == "suppressed")]
    columns = ["value", "numerator", "denominator"]
    changed = table.copy()
    changed.loc[few[:1], columns] = truth.loc[few[:1], columns]
    changed.loc[few[:1], "status"] = "final"
    return changed


@pytest.mark.parametrize("seed", SEEDS)
def test_a_correction_elsewhere_tells_nothing_with_the_older_edition(seed: int) -> None:
    before = towns.town(600 + seed, kind="categories")
    first = before.published()[Audience.PUBLIC].table
    after = towns.corrected(before, len(before.atoms) - 1, 3)
    shown = first[first["status"] != "suppressed"]
    keys = {name: measured(measure) for name, measure in before.measures.items()}
    told: dict[tuple[object, Area], frozenset[str]] = {
        (keys[row.indicator], Area(row.area_set, row.area_id)): frozenset({"e1"}) for row in shown.itertuples()
    }
    hidden = frozenset(first.loc[first["status"] == "suppressed", disclosure.KEY].itertuples(index=False, name=None))
    past = complementary.Past({audience: {("people", "2010"): told} for audience in Audience}, {Audience.PUBLIC: hidden})
    ready = after.for_gate()
    ready = replace(ready, released={key: (name,) for name, key in keys.items()})
    table = after.figures()
    try:
        closed = complementary.close(table, known=after.catalogue, registers=[ready], past=past)
    except GeoError:  # what is few now was told when it was not: then nothing is published beside it
        return
    second = protect(
        table, indicators=after.indicators, rules=[after.rule], audience=Audience.PUBLIC, withheld=closed[Audience.PUBLIC].withheld
    ).table
    # Atoms that the correction left alone are the same people: there both editions are facts.
    touched = set(before.atoms[-1])
    alone = first[[(row.area_set, row.area_id) not in touched for row in first.itertuples()]]
    narrowed = found(after, second, alone)
    # What the older edition told cannot be taken back: who knows the rule too may be held off less far, a plain reader may not.
    assert [one for one in narrowed if one.attacker == LP] == []
    assert all(one.high - one.low > 1 - 1e-6 for one in narrowed)


# --- beside older editions ----------------------------------------------------------------------------------------------


def both_hidden() -> tuple[People, pd.DataFrame, Attacked]:
    """Three of a have the trait; a and b are hidden beside c, d and the city."""
    people = square({"a": 3, "b": 8, "c": 9, "d": 10})
    table = pd.DataFrame([figure(("square", "c"), 9.0), figure(("square", "d"), 10.0), figure(("city", "0"), 30.0, 80.0)])
    limits = {"t": Threshold(min_count=5, min_denominator=0)}
    return people, table, Attacked(limits, {"t": ("square", "city")}, whole=False)


def test_an_older_edition_that_told_what_is_hidden_now_is_used() -> None:
    people, table, asked_ = both_hidden()
    assert attack(people, [table], asked_) == ()
    before = pd.DataFrame([figure(("square", "b"), 8.0)])
    (one, *_) = attack(people, [table], replace(asked_, older=(before,)))
    assert (one.attacker, one.low, one.high) == (LP, pytest.approx(3), pytest.approx(3))


def test_what_a_correction_changed_is_no_fact_of_today() -> None:
    people, table, asked_ = both_hidden()
    before = pd.DataFrame([figure(("square", "b"), 7.0), figure(("square", "b"), 8.0, 19.0)])
    assert attack(people, [table], replace(asked_, older=(before,))) == ()


def test_measures_of_an_older_edition_are_known_by_whom_they_count() -> None:
    measure = RegisterMeasure(register="people", where={"age": ("25-64", "18-24")}, having={"labour": ("uden",)})
    turned = RegisterMeasure(register="people", where={"age": ("18-24", "25-64")}, having={"labour": ("uden",)})
    gone = RegisterMeasure(register="people", where={}, having={"labour": ("uden",)})
    before = [
        indicator(id="other_name", register=turned),
        indicator(id="gone", register=gone),
        indicator(id="demo", register=gone, demo=True),
        indicator(id="table"),
    ]
    names, more = older.measures(before, {"uden": measure}, "people", edition="e1")
    assert names == {"other_name": "uden", "gone": "gone of e1"}
    assert more == {"gone of e1": gone}
    assert older.measures(before, {"uden": measure}, "another", edition="e1") == ({}, {})
