"""Disclosure control on random towns: what attackers that share nothing with the gate can narrow, and whether planted leaks are found.

`make audit-bench` writes the section into docs/benchmarks.md. The towns are those of tests/towns/towns.py: crossing area sets with slivers,
columns with two to four values, groups and their parts, shared denominators, missing values; two half-years and their mean, three
audiences, three editions: the first, one with a correction elsewhere, one of the register under another name.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Annotated

import pandas as pd
import typer

from bench import report
from geo.attack.findings import LP, RULED, WHOLE, Attacked, Narrowed, attack_tied
from geo.disclosure.complementary import Past
from geo.disclosure.counts import Area, measured
from geo.disclosure.protect import KEY, Protected, Withheld, protect
from geo.editions.released import ReleasedHistory, Telling
from geo.errors import GeoError
from geo.figures import means
from geo.model.vocabulary import Audience
from tests.towns import towns
from tests.towns.towns import INDICATORS, SETS, Town

KINDS = (*INDICATORS, "all")
EDITIONS = ("first", "corrected", "renamed")
SAMPLE = 12
"""Targets of a town that are asked of whole numbers, spread evenly: integer programs take long."""

Tables = dict[Audience, pd.DataFrame]


@dataclass
class Measured:
    """What came of a town.

    narrowed: by edition and audience, the targets narrowed by each attacker. planted: whether a figure unhidden by hand was found; None
    where no figure of few is hidden. refused: editions that the gate did not let out.
    """

    kind: str
    figures: int
    before: Counter[str]
    hidden: dict[Audience, int] = field(default_factory=dict)
    by_rule: dict[Audience, int] = field(default_factory=dict)
    narrowed: dict[tuple[str, Audience], Counter[str]] = field(default_factory=dict)
    planted: bool | None = None
    refused: int = 0
    gate: float = 0.0
    seconds: float = 0.0


def measure(seed: int, until: float) -> Measured | None:
    """Publish three editions of a town and attack what each audience has read after each; None after the time (seconds of the epoch)."""
    if time.time() > until:
        return None
    kind, start = KINDS[seed % len(KINDS)], time.perf_counter()
    town = towns.with_mean(towns.town(seed, kind=kind, periods=2))
    changed = len(town.atoms) - 1
    corrected = towns.corrected(town, changed, 3)
    naive = _by_rule(town)
    result = Measured(kind, len(naive), _count(_found(town, [naive], Audience.PUBLIC)))
    read: list[Tables] = []
    for name, now in zip(EDITIONS, (town, corrected, replace(corrected, register="people_new")), strict=True):
        begun = time.perf_counter()
        try:
            published = now.published(past(now, [*zip(EDITIONS, read, strict=False)]))
        except GeoError:  # what is few now was told when it was not: nothing is published beside it
            result.refused += 1
            break
        result.gate += time.perf_counter() - begun
        if name == "corrected":
            read = [{audience: _alone(table, town, changed) for audience, table in tables.items()} for tables in read]
        read.append({audience: published[audience].table for audience in Audience})
        for place, audience in enumerate(Audience):
            known = [tables[other] for tables in read for other in list(Audience)[: place + 1]]
            result.narrowed[name, audience] = _count(_found(now, known, audience))
        if name == "first":
            _note(result, town, published)
    result.seconds = time.perf_counter() - start
    return result


def past(now: Town, editions: Sequence[tuple[str, Tables]]) -> Past:
    """What the editions so far tell, as a build reads it: kept by who was counted, whatever the register is called now."""
    released: dict[Audience, Telling] = {audience: {} for audience in Audience}
    hidden: dict[Audience, frozenset[tuple[str, str, str, str]]] = {}
    for name, tables in editions:
        for place, audience in enumerate(Audience):
            for table in [tables[other] for other in list(Audience)[: place + 1]]:
                _add(released[audience], table, name, now)
            gone = tables[audience]["status"] == "suppressed"
            hidden[audience] = frozenset(tables[audience].loc[gone, KEY].itertuples(index=False, name=None))
    history = ReleasedHistory(released=released, hidden=hidden, measures={"people": tuple(now.measures.values())})
    history = history.of({now.register: tuple(now.codes)})
    return Past(history.released, history.hidden)


def _add(telling: Telling, table: pd.DataFrame, edition: str, town: Town) -> None:
    keys = {name: measured(measure) for name, measure in town.measures.items()}
    shown = table[table["denominator"].notna()]
    for indicator, area_set, area_id, period in shown[KEY].itertuples(index=False, name=None):
        mine = telling.setdefault(("people", period), {})
        key = keys[indicator], Area(area_set, area_id)
        mine[key] = mine.get(key, frozenset()) | {edition}


def _alone(table: pd.DataFrame, town: Town, atom: int) -> pd.DataFrame:
    """The figures of areas that a correction leaves as they were: there both editions tell of the same people."""
    touched = set(town.atoms[atom])
    return table[[area not in touched for area in zip(table["area_set"], table["area_id"], strict=True)]]


def _note(result: Measured, town: Town, published: Mapping[Audience, Protected]) -> None:
    """What the first edition hides, and whether a leak that is planted in it is found."""
    for audience in Audience:
        result.hidden[audience] = int((published[audience].table["status"] == "suppressed").sum())
        result.by_rule[audience] = sum(n for (_, _, why), n in published[audience].why.items() if why != "complementary")
    result.planted = _planted(town, published[Audience.PUBLIC].table)


def _by_rule(town: Town) -> pd.DataFrame:
    table = town.figures()
    covered = frozenset((name, period) for name in town.measures for period in table["period"].unique())
    withheld = Withheld(covered=covered)
    return protect(table, indicators=town.indicators, rules=[town.rule], audience=Audience.PUBLIC, withheld=withheld).table


def _found(town: Town, tables: Sequence[pd.DataFrame], audience: Audience) -> list[Narrowed]:
    """All targets asked of linear programs and of who knows the rule, some of whole numbers."""
    limits = dict.fromkeys(town.measures, town.rule.thresholds[audience])
    every, asked = list(town.people().values()), Attacked(limits, dict.fromkeys(town.measures, SETS), whole=False)
    over = {one.code: one.parts for one in means.windows([people.period for people in every], (2,))}
    plain = attack_tied(every, tables, asked, over)
    whole = attack_tied(every, tables, replace(asked, whole=True, most=SAMPLE), over)
    return [*plain, *(one for one in whole if one.attacker == WHOLE)]


def _count(narrowed: Sequence[Narrowed]) -> Counter[str]:
    return Counter(one.attacker for one in narrowed)


def _planted(town: Town, table: pd.DataFrame) -> bool | None:
    """Whether a figure that is unhidden by hand is found; None where no figure of few is hidden."""
    truth, opened = town.figures(), table.copy()
    half = truth["period"] != "2010"
    few = truth.index[half & (truth["numerator"] > 0) & (truth["numerator"] < 5) & (table["status"] == "suppressed")]
    if not len(few):
        return None
    columns = ["value", "numerator", "denominator"]
    opened.loc[few[0], columns], opened.loc[few[0], "status"] = truth.loc[few[0], columns], "final"
    return bool(_found(town, [opened], Audience.PUBLIC))


def main(
    *,
    number: Annotated[int, typer.Option("--towns", min=1, help="Towns.")] = 200,
    minutes: Annotated[float, typer.Option(min=0.1, help="Time after which no town is begun.")] = 600.0,
    processes: Annotated[int, typer.Option(min=1)] = 2,
) -> None:
    """Attack random towns, and write the section."""
    until = time.time() + 60 * minutes
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        made = [one for one in pool.map(partial(measure, until=until), range(1000, 1000 + number)) if one is not None]
    report.section("audit", "Disclosure control", text(made, number))


def text(made: Sequence[Measured], number: int) -> str:
    """The section of docs/benchmarks.md. number: towns that were asked for."""
    before = sum((one.before for one in made), Counter[str]())
    tried = [one.planted for one in made if one.planted is not None]
    rows = [_row(made, edition, audience) for edition in EDITIONS for audience in Audience]
    return f"""
{len(made)} of {number} random towns, as many as the time allowed: by turns the categories of a column, groups and their parts, shared
denominators, parts of parts, and all of these at once ({sum(one.kind == "all" for one in made)} of them); crossing area sets with slivers,
missing values, two half-years and the mean of both; k = 5 for the public, 3 for staff and SSP. Three editions: the first, one with
three people fewer in one atom, one of the register under another name. The attacker is `geo.attack`, which shares no code with the gate:
it counts the rows anew and asks how tightly each figure that a rule hides, each overlap with few people and each difference of areas
can be bounded, over both half-years and their mean together: by linear programs, by somebody who knows which figures the rule
itself hides, and (for {SAMPLE} targets of a town) by whole numbers. Each audience's attacker reads what is read further out too, and what
earlier editions tell of people who are the same. Load of the machine meanwhile: {os.getloadavg()[1]:.0f} on two cores.

Hidden by the rule alone, the public would narrow {before[LP]:,} targets ({before[RULED]:,} for who knows the rule). After the gate:

{report.table(rows)}

{report.table([_hidden(made, audience) for audience in Audience])}

A figure unhidden by hand was found in {sum(tried)} of {len(tried)} towns that hide one of few. {sum(one.refused for one in made)} editions
were refused: a correction makes few what an earlier edition tells. The gate takes {sum(one.gate for one in made) / max(1, len(made)):.0f} s
a town for three editions and three audiences.
"""


def _row(made: Sequence[Measured], edition: str, audience: Audience) -> dict[str, str]:
    mine = [one.narrowed[edition, audience] for one in made if (edition, audience) in one.narrowed]
    after = sum(mine, Counter[str]())
    return {
        "edition": edition,
        "audience": audience.value,
        "towns": f"{len(mine)}",
        "narrowed: linear": f"{after[LP]:,}",
        "who knows the rule": f"{after[RULED]:,}",
        "whole numbers": f"{after[WHOLE]:,}",
    }


def _hidden(made: Sequence[Measured], audience: Audience) -> dict[str, str]:
    figures, hidden = sum(one.figures for one in made), sum(one.hidden.get(audience, 0) for one in made)
    rule = sum(one.by_rule.get(audience, 0) for one in made)
    return {
        "first edition, audience": audience.value,
        "figures": f"{figures:,}",
        "hidden by the rule": f"{rule:,}",
        "hidden besides": f"{hidden - rule:,}",
        "besides, of what the rule leaves": f"{100 * (hidden - rule) / max(1, figures - rule):.0f} %",
    }


if __name__ == "__main__":
    typer.run(main)
