"""Means told beside half-years, attacked by somebody who shares nothing with the gate: random towns of two and of four half-years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec
import pandas as pd
import pytest

from geo.attack.findings import Attacked, Narrowed, attack_tied
from geo.disclosure import complementary
from geo.disclosure.protect import KEY, protect
from geo.figures import indicators, means
from geo.model.vocabulary import Audience
from geo.registers import cube
from tests.towns import towns
from tests.towns.towns import SETS, Town

HALVES = ("2010H1", "2010H2", "2011H1", "2011H2")


def town(seed: int, kind: str, periods: int) -> Town:
    """A random town in half-years, whose indicators tell all means that there can be."""
    plain = towns.town(seed, kind=kind, periods=periods)
    code = {str(2010 + number): HALVES[number] for number in range(periods)}
    telling = tuple(msgspec.structs.replace(one, means=(2, 4)) for one in plain.indicators)
    return replace(plain, rows=plain.rows.assign(period=plain.rows["period"].map(code)), indicators=telling)


def figures(made: Town) -> pd.DataFrame:
    sets = {one.id: one.area_sets for one in made.indicators}
    exact = cube.table(made.for_gate().cube, made.areas, sets=sets)
    every = pd.concat([exact, means.of_counts(exact, made.indicators)], ignore_index=True)
    return indicators.shares(every, indicators=made.indicators, source="people").sort_values(KEY, ignore_index=True)


def published(made: Town) -> dict[Audience, pd.DataFrame]:
    table = figures(made)
    closed = complementary.close(table, known=made.catalogue, registers=[made.for_gate()])
    return {
        audience: protect(table, indicators=made.indicators, rules=[made.rule], audience=audience, withheld=closed[audience].withheld).table
        for audience in Audience
    }


def narrowed(made: Town, tables: Sequence[pd.DataFrame], audience: Audience) -> tuple[Narrowed, ...]:
    asked = Attacked(dict.fromkeys(made.measures, made.rule.thresholds[audience]), dict.fromkeys(made.measures, SETS), whole=False)
    people = made.people()
    every = [people[code] for code in sorted(people)]
    over: Mapping[str, tuple[str, ...]] = {one.code: one.parts for one in means.windows(sorted(people), (2, 4))}
    return attack_tied(every, tables, asked, over)


@pytest.mark.parametrize(("seed", "kind", "periods"), [(1, "all", 2), *((2, kind, 4) for kind in towns.INDICATORS)])
def test_nobody_learns_of_few_from_means_and_one_told_by_hand_is_found(seed: int, kind: str, periods: int) -> None:
    made = town(seed, kind, periods)
    read = published(made)
    assert narrowed(made, [read[Audience.PUBLIC]], Audience.PUBLIC) == ()
    further_in = narrowed(made, [read[Audience.PUBLIC], read[Audience.STAFF]], Audience.STAFF)
    assert [one for one in further_in if one.attacker == "linear"] == []
    if kind == "all":
        assert read[Audience.PUBLIC].loc[read[Audience.PUBLIC]["period"] == "2010", "value"].notna().any()
        assert narrowed(made, [with_means(made, read[Audience.PUBLIC])], Audience.PUBLIC)


def with_means(made: Town, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the means of the year shown that the gate keeps back, as if somebody had put them back by hand."""
    truth, changed = figures(made), table.copy()
    tied = changed.index[(changed["period"] == "2010") & (changed["status"] == "suppressed")]
    columns = ["value", "numerator", "denominator"]
    changed.loc[tied, columns], changed.loc[tied, "status"] = truth.loc[tied, columns], "final"
    return changed
