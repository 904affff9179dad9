"""Means over half-years: which there are, what they are worth, and that nobody learns a hidden half-year from one."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import msgspec
import numpy as np
import pandas as pd
import pytest

from geo.disclosure import complementary, tied
from geo.disclosure import counts as gatecounts
from geo.disclosure.complementary import Past
from geo.disclosure.counts import Area, Counted
from geo.disclosure.protect import KEY, protect
from geo.errors import InputError
from geo.figures import indicators, means
from geo.figures.indicators import wilson
from geo.figures.means import TiedPeriods, Window
from geo.inputs import consistency
from geo.model.indicators import Indicator, Noise
from geo.model.rules import Threshold
from geo.model.vocabulary import Audience, Period
from geo.registers import cube
from tests.towns.gatetown import AREAS, BESKAEFTIGET, CODES, MEASURE, PEOPLE, RULE, UDEN, catalogue, measured, register

HALVES = ("2010H1", "2010H2", "2011H1", "2011H2")
OUTSIDE = ("square/sw", "city/0")
People = Mapping[tuple[str, ...], tuple[int, int]]


def town(*periods: People, telling: tuple[int, ...] = (2,), areas: tuple[str, ...] = AREAS, codes: tuple[str, ...] = HALVES) -> Counted:
    """The town of squares in some half-years, by atom all people and how many of them are outside the labour market."""
    rows = {
        code: {inside: {UDEN: some, BESKAEFTIGET: every - some} for inside, (every, some) in of_period.items()}
        for code, of_period in zip(codes, periods, strict=False)
    }
    sets = tuple(dict.fromkeys(area.split("/")[0] for area in areas))
    return register(rows, indicators=(measured(means=telling, area_sets=sets),), areas=areas, codes=CODES)


def figures(asked: Counted) -> pd.DataFrame:
    """The figures as they would be published, with those of means."""
    ids: dict[str, list[str]] = {}
    for area in asked.areas:
        ids.setdefault(area.area_set, []).append(area.area_id)
    exact = cube.table(asked.cube, ids, sets={one.id: one.area_sets for one in asked.indicators})
    every = pd.concat([exact, means.of_counts(exact, asked.indicators)], ignore_index=True)
    shares = indicators.shares(every, indicators=asked.indicators, source="people")
    return indicators.intervals(shares, indicators=asked.indicators).sort_values(KEY, ignore_index=True)


def read_by(asked: Counted, audience: Audience = Audience.PUBLIC, *, past: Past | None = None, rule=RULE) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    """What an audience reads, by area and period; that the proofs hold of it is seen on the way."""
    table, known = figures(asked), catalogue(asked.indicators, rule)
    closed = complementary.close(table, known=known, registers=[asked], past=past)[audience]
    shown = protect(table, indicators=known.indicators, rules=known.rules, audience=audience, withheld=closed.withheld).table
    assert [problem for proof in closed.proofs for problem in complementary.check(proof, shown)] == []
    return shown.assign(area=shown["area_set"] + "/" + shown["area_id"]).set_index(["area", "period"])


# --- which there are ----------------------------------------------------------------------------------------------------------


def test_windows_begin_with_the_calendar_and_do_not_overlap() -> None:
    codes = ["2009H2", *HALVES, "2012H1", "2012H2", "2013H1"]
    assert [window.code for window in means.windows(codes, (2, 4))] == ["2010", "2011", "2012", "2010H1-2011H2"]
    assert means.windows(codes, (4,)) == (Window("2010H1-2011H2", HALVES),)
    assert means.windows(["2011H1", "2011H2", "2012H1", "2012H2"], (4,)) == ()  # two years that begin with an odd one


def test_periods_that_a_window_ties_are_one_group_and_the_others_are_alone() -> None:
    codes = [*HALVES, "2012H1"]
    year, two = Window("2010", HALVES[:2]), Window("2010H1-2011H2", HALVES)
    assert means.groups(codes, [year]) == (
        TiedPeriods(HALVES[:2], (year,)),
        TiedPeriods(("2011H1",)),
        TiedPeriods(("2011H2",)),
        TiedPeriods(("2012H1",)),
    )
    assert means.groups(codes, [year, two]) == (TiedPeriods(HALVES, (year, two)), TiedPeriods(("2012H1",)))


def test_the_code_of_two_years_is_a_period_that_sorts_among_the_others() -> None:
    found = sorted(Period.parse(code) for code in ("2011H1", "2010H1-2011H2", "2010", "2010H1"))
    assert [one.code for one in found] == ["2010H1", "2010", "2010H1-2011H2", "2011H1"]
    for wrong in ("2010H1-2012H2", "2010-2011", "2010H2-2011H1", "0000H1-0001H2"):
        with pytest.raises(InputError, match="a period that cannot be read"):
            Period.parse(wrong)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"means": (3,)}, "a mean that cannot be"),
        ({"means": (2, 2)}, "a mean that cannot be"),
        ({"means": (2,), "register": None}, "a mean of half-years that are not counted in a register"),
        ({"means": (2,), "noise": Noise(variance=3, most=5, least=5)}, "a mean of figures with noise: it would take the noise away"),
    ],
)
def test_a_mean_that_cannot_be_is_refused_in_words(changes: Mapping[str, object], what: str) -> None:
    asked = msgspec.structs.replace(measured(), **changes)
    assert [problem.what for problem in consistency.in_means(asked, row=1, file="x")] == [what]
    assert list(consistency.in_means(measured(means=(2, 4)), row=1, file="x")) == []


def test_no_mean_goes_over_a_change_of_definition() -> None:
    def told(*versions: str) -> Indicator:
        plain = measured(means=(2, 4))
        spans = [{"valid_to": Period.parse("2010").last}, {"valid_from": Period.parse("2011").first}]
        many = [msgspec.structs.replace(plain.definitions[0], version=v, **s) for v, s in zip(versions, spans, strict=False)]
        return msgspec.structs.replace(plain, definitions=tuple(many))

    assert [one.code for one in means.of_indicator(told("a", "b"), HALVES)] == ["2010", "2011"]


# --- what they are worth, and where they are told -----------------------------------------------------------------------------

FEW = PEOPLE | {OUTSIDE: (100, 3)}
REST_FEW = PEOPLE | {OUTSIDE: (100, 98)}


def test_a_mean_stands_where_both_half_years_are_hidden_and_it_gives_nobody_away() -> None:
    # 3 of 100 outside the patch, then all but 2: the square goes both times, and a neighbour with it. On average it is 50.5 of 100.
    read = read_by(town(FEW, REST_FEW))
    for area, some, every in (("square/sw", (23 + 118) / 2, 150), ("square/nw", 25, 90)):
        assert (read.loc[[(area, "2010H1"), (area, "2010H2")], "status"] == "suppressed").all()
        mean = read.loc[area, "2010"]
        assert (mean["status"], mean["numerator"], mean["denominator"]) == ("final", some, every)
        assert mean["value"] == pytest.approx(100 * some / every)
        low, high = wilson(pd.Series([mean["value"]]), pd.Series([float(every)]))  # as of the people there are, not of twice as many
        assert (mean["low"], mean["high"], mean["interval"]) == (low[0], high[0], "chance")


def test_a_mean_of_half_years_that_are_shown_is_not_told_besides() -> None:
    read = read_by(town(FEW, REST_FEW))
    for area in ("square/se", "square/ne", "city/0", "patch/p"):
        assert tuple(read.loc[(area, "2010"), ["status", "reason"]]) == ("not_measured", "half_years")
        assert np.isnan(read.loc[(area, "2010"), "value"])


def test_a_mean_beside_a_half_year_that_is_shown_would_tell_the_other() -> None:
    read = read_by(town(FEW, PEOPLE | {OUTSIDE: (100, 12)}))
    assert read.loc[("square/sw", "2010H1"), "status"] == "suppressed"
    assert read.loc[("square/sw", "2010H2"), "status"] == "final"
    assert tuple(read.loc[("square/sw", "2010"), ["status", "reason"]]) == ("suppressed", "protected")


def test_a_mean_that_tells_of_few_between_two_areas_is_not_told() -> None:
    # 3 of 100 both times: the square's mean less the patch's is 3 of 100 too.
    read = read_by(town(FEW, FEW))
    assert (read.xs("2010", level="period").loc[["square/sw", "square/nw"], "status"] == "suppressed").all()


def test_that_it_is_not_told_is_because_few_on_average_are_protected_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tied, "DIFFERENCES", False)
    read = read_by(town(FEW, FEW))
    assert (read.xs("2010", level="period").loc[["square/sw", "square/nw"], "status"] == "final").all()


def test_a_mean_of_less_than_one_person_is_few() -> None:
    calm = {inside: (every, every // 3) for inside, (every, _) in PEOPLE.items()}
    read = read_by(town(calm | {("square/se", "city/0"): (160, 1)}, calm | {("square/se", "city/0"): (160, 0)}))
    assert read.loc[("square/se", "2010"), "status"] == "suppressed"


def test_two_years_are_told_where_no_single_year_can_be() -> None:
    calm = {inside: (every, every // 2) for inside, (every, _) in PEOPLE.items()}
    read = read_by(town(FEW, calm, REST_FEW, calm, telling=(2, 4)))
    assert read.loc[("square/sw", "2010"), "status"] == "suppressed"
    assert read.loc[("square/sw", "2011"), "status"] == "suppressed"
    assert read.loc[("square/sw", "2010H1-2011H2"), "numerator"] == (23 + 75 + 118 + 75) / 4


def test_means_hide_no_half_year_from_the_public_and_without_them_nothing_changes() -> None:
    plain = read_by(town(FEW, REST_FEW, FEW, telling=()))
    both = read_by(town(FEW, REST_FEW, FEW))
    assert both.loc[both.index.get_level_values("period") != "2010", "status"].equals(plain["status"])


def test_whoever_is_further_in_reads_the_means_that_are_told_further_out() -> None:
    asked = town(FEW, REST_FEW)
    public, staff = (read_by(asked, audience).xs("2010", level="period") for audience in (Audience.PUBLIC, Audience.STAFF))
    told = public["value"].notna()
    assert told.any()
    assert staff.loc[told, "value"].equals(public.loc[told, "value"])


def test_what_an_earlier_edition_told_of_a_mean_is_closed_around() -> None:
    # The mean of the square is out: who reads its second half-year works out the first, and takes the patch from that.
    later = replace(town(FEW, PEOPLE | {OUTSIDE: (100, 12)}), released={gatecounts.measured(MEASURE): ("uden",)})
    told = {(gatecounts.measured(MEASURE), Area("square", "sw")): frozenset({"e1"})}
    past = Past({audience: {("people", "2010"): told} for audience in Audience})
    stopped = replace(later, indicators=(msgspec.structs.replace(later.indicators[0], means=()),))
    for asked in (later, stopped):  # whether means are told still or not
        hidden = read_by(asked, past=past)["status"] == "suppressed"
        assert hidden["patch/p", "2010H1"] or (hidden["square/sw", "2010H1"] and hidden["square/sw", "2010H2"])
    alone = read_by(stopped)["status"] == "suppressed"
    assert not alone["patch/p", "2010H1"]
    assert not alone["square/sw", "2010H2"]


def test_a_proof_of_means_is_taken_again() -> None:
    asked = town(FEW, REST_FEW)
    known, table = catalogue(asked.indicators), figures(asked)
    first = complementary.close(table, known=known, registers=[asked])[Audience.PUBLIC]
    kept = Past(proofs={proof.digest: proof for proof in first.proofs})
    again = complementary.close(table, known=known, registers=[asked], past=kept)[Audience.PUBLIC]
    assert again.withheld.hidden == first.withheld.hidden
    assert again.withheld.needless == first.withheld.needless
    assert all(one.worlds is other.worlds for one, other in zip(first.proofs, again.proofs, strict=True))


# --- all worlds tried ---------------------------------------------------------------------------------------------------------

TINY_AREAS = ("city/0", "patch/p", "square/a", "square/b", "square/c")
TINY = (("city/0", "square/a"), ("city/0", "patch/p", "square/a"), ("city/0", "patch/p", "square/b"), ("city/0", "square/c"))
TINY_RULE = msgspec.structs.replace(
    RULE, thresholds={audience: Threshold(min_count=4, min_denominator=5) for audience in Audience}, costs={"city": 9.0}
)


def tiny(seed: int) -> tuple[Counted, list[dict[tuple[str, ...], tuple[int, int]]]]:
    """Four atoms of up to twelve people in two half-years."""
    rng = np.random.default_rng(seed)
    size = [int(n) for n in rng.integers(5, 13, len(TINY))]
    people = [{tuple(inside): (n, int(rng.integers(0, n + 1))) for inside, n in zip(TINY, size, strict=True)} for _ in HALVES[:2]]
    return town(*people, areas=TINY_AREAS), people


def worlds(people: Mapping[tuple[str, ...], tuple[int, int]], told: Mapping[str, float]) -> Iterator[tuple[int, ...]]:
    """How many may be outside the labour market in each atom of a half-year, by what is told of its areas."""
    for world in itertools.product(*(range(every + 1) for every, _ in people.values())):
        sums = defaultdict(int)
        for inside, some in zip(people, world, strict=True):
            for area in inside:
                sums[area] += some
        if all(sums[area] == number for area, number in told.items()):
            yield world


def area_sum(people: Mapping[tuple[str, ...], tuple[int, int]], world: tuple[int, ...], area: str) -> int:
    return sum(some for inside, some in zip(people, world, strict=True) if area in inside)


@pytest.mark.parametrize("seed", range(24))
def test_no_mean_narrows_a_hidden_half_year_whichever_world_is_tried(seed: int) -> None:
    asked, people = tiny(seed)
    read = read_by(asked, rule=TINY_RULE)
    told = {code: read.xs(code, level="period")["numerator"].dropna().to_dict() for code in (*HALVES[:2], "2010")}
    possible = [list(worlds(of_one, told[code])) for of_one, code in zip(people, HALVES[:2], strict=True)]
    by_mean: list[dict[tuple[int, ...], list[tuple[int, ...]]]] = [defaultdict(list), defaultdict(list)]
    for side, (of_one, every) in enumerate(zip(people, possible, strict=True)):
        for world in every:
            by_mean[side][tuple(area_sum(of_one, world, area) for area in told["2010"])].append(world)
    sums = tuple(round(2 * number) for number in told["2010"].values())
    for side, of_one in enumerate(people):
        left = [
            world
            for key, every in by_mean[side].items()
            if tuple(whole - part for whole, part in zip(sums, key, strict=True)) in by_mean[1 - side]
            for world in every
        ]
        for inside, (every, some) in of_one.items():
            of_atom = {world[list(of_one).index(inside)] for world in left}
            if 0 < min(some, every - some) < 4:
                assert max(of_atom) - min(of_atom) >= 2, (inside, side)
        hidden = read.xs(HALVES[side], level="period")
        for area in hidden.index[hidden["status"] == "suppressed"]:
            truth, size = area_sum(of_one, tuple(s for _, s in of_one.values()), area), sum(e for i, (e, _) in of_one.items() if area in i)
            if 0 < min(truth, size - truth) < 4:
                of_area = {area_sum(of_one, world, area) for world in left}
                assert max(of_area) - min(of_area) >= 2, (area, side)


def test_some_of_those_tiny_towns_tell_a_mean() -> None:
    assert any(read_by(tiny(seed)[0], rule=TINY_RULE).xs("2010", level="period")["value"].notna().any() for seed in range(24))
