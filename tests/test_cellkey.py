"""Noise by cell keys: the table by hand and by law, the same people the same noise, what is refused, and what an attacker is left with."""

from __future__ import annotations

import itertools
import stat
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import catalogue, changes, cubefile, edition, indicators, pipeline, recordkeys, registers
from geo.changes import Point
from geo.cube import Cube, Question
from geo.errors import CatalogueError, WorkspaceError
from geo.model import Accepted, Indicator, Noise, RegisterMeasure, Rule, Threshold
from geo.protection import cellkey
from geo.words import Audience, Reason, Status
from geo.workspace import Workspace
from tests import registertown, toytown
from tests.registertown import QUESTION, opened, save, town
from tests.test_indicators import indicator, row
from tests.toytown import X, Y, text

NOISE = Noise(variance=3.0, most=5, least=5)
CHANGE = np.arange(-NOISE.most, NOISE.most + 1)
SEED, OTHER = "0f" * 32, "f0" * 32


# --- the perturbation table -------------------------------------------------------------------------------------------


def test_a_small_count_goes_to_nobody_or_to_the_first_that_may_be_shown() -> None:
    # Of 1 to 4 with 5 the first: mean 0 leaves no choice, 2 goes to 0 with 3/5 and to 5 with 2/5; the variance is 4 * 3/5 + 9 * 2/5 = 6.
    table = cellkey.table(NOISE)
    for count in range(1, 5):
        shown = {
            count + int(change): round(float(chance), 12) for change, chance in zip(CHANGE, table.chances[count], strict=True) if chance
        }
        assert shown == {0: (5 - count) / 5, 5: count / 5}
    assert np.allclose(table.variance[:6], [0, 4, 6, 6, 4, 3])


def test_nobody_stays_nobody() -> None:
    assert cellkey.table(NOISE).chances[0].tolist() == [float(change == 0) for change in CHANGE]


def test_far_from_zero_the_table_is_symmetrical_and_the_largest_entropy_is_a_normal_curve() -> None:
    far = cellkey.table(Noise(variance=2.0, most=10, least=0)).chances[-1]
    change = np.arange(-10, 11)
    normal = np.exp(-(change**2) / 4.0)
    assert np.allclose(far, far[::-1])
    assert np.allclose(far, normal / normal.sum(), atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(most=st.integers(1, 20), share=st.floats(0.01, 1.0), below=st.integers(0, 20))
def test_every_row_has_the_mean_zero_the_variance_asked_for_and_no_count_that_may_not_be_shown(most: int, share: float, below: int) -> None:
    noise = Noise(variance=share * most, most=most, least=min(below, most))
    table, change = cellkey.table(noise), np.arange(-most, most + 1)
    assert np.allclose(table.chances.sum(axis=1), 1)
    assert np.abs(table.chances @ change).max() < 1e-6
    assert table.chances.min() >= 0
    least = max(1, noise.least)
    assert np.allclose(table.variance[least:], noise.variance, atol=1e-6)  # before that it may have to be larger
    for count, chances in enumerate(table.chances):
        after = count + change[chances > 0]
        assert ((after == 0) | (after >= least)).all()
        assert count == 0 or table.variance[count] > noise.variance - 1e-6


def test_what_is_drawn_follows_the_table() -> None:
    rng = np.random.default_rng(3)
    drawn = cellkey.draws(rng.integers(0, recordkeys.RANGE, 40_000), seed=SEED)
    assert abs(drawn.mean() - 0.5) < 0.01
    table = cellkey.table(NOISE)
    for count in (0, 1, 3, 6, 40, 5_000):
        added = table.added(np.full(len(drawn), count), drawn)
        assert abs(added.mean()) < 0.05, count
        assert abs(added.var() - table.variance[min(count, len(table.variance) - 1)]) < 0.15, count
        assert np.abs(added).max() <= NOISE.most


# --- record keys: the same people, the same noise ---------------------------------------------------------------------


def counted(job: registers.Opened) -> Cube:
    return registers.count(job.job, job.shards)


def keyed(question: Question = QUESTION, seed: str = SEED) -> Question:
    return Question(question.measures, question.areas, seed=seed)


def same_keys(one: Cube, other: Cube) -> bool:
    return {p: {s: a.tolist() for s, a in sets.items()} for p, sets in one.keys.items()} == {
        p: {s: a.tolist() for s, a in sets.items()} for p, sets in other.keys.items()
    }


@pytest.fixture(scope="module")
def cube(tmp_path_factory: pytest.TempPathFactory) -> Cube:
    return counted(opened(save(town(), tmp_path_factory.mktemp("town") / "town.parquet"), question=keyed()))


def test_a_counts_key_is_the_sum_of_its_peoples_keys(cube: Cube) -> None:
    rows = town()
    keys = recordkeys.of_points(SEED, rows["x"].to_numpy(), rows["y"].to_numpy())
    asked = (rows["period"] == "2010H1") & (rows["age"] == "adult") & (rows["work"] == "no")
    for area, box in enumerate(registertown.SQUARES["zone"]):
        west, south, east, north = box.bounds
        inside = asked & rows["x"].between(west, east) & rows["y"].between(south, north)
        line = next(place for place, one in enumerate(cube.lines) if one[:2] == ("numerator", "jobless"))
        assert cube.counts["2010H1"]["zone"][area, line] == inside.sum() > 0
        assert cube.keys["2010H1"]["zone"][area, line] == keys[inside].sum() % recordkeys.RANGE


def test_neither_shards_nor_their_order_change_a_key(cube: Cube, tmp_path: Path) -> None:
    parts = registertown.write_town(tmp_path, files=5)
    job = opened(tmp_path / "town", question=keyed())
    assert len(parts.shards) > 3
    one_by_one = [registers.count(job.job, [shard]) for shard in reversed(job.shards)]
    assert same_keys(cube, sum(one_by_one, start=job.job.nothing))
    assert same_keys(cube, registers.count(job.job, job.shards, workers=3))


def test_other_questions_give_the_same_people_the_same_key(cube: Cube, tmp_path: Path) -> None:
    # One indicator more, so that the kinds of people are others, and one area set less, so that the atoms are.
    more = {**QUESTION.measures, "old": RegisterMeasure(register="town", having={"age": ("old",)})}
    path = save(town(), tmp_path / "town.parquet")
    other = counted(opened(path, question=keyed(Question(more, QUESTION.areas))))
    for name in ("jobless", "children"):
        for what in ("numerator", "denominator"):
            line, beside = (next(p for p, one in enumerate(of.lines) if one[:2] == (what, name)) for of in (cube, other))
            assert (cube.keys["2010H1"]["square"][:, line] == other.keys["2010H1"]["square"][:, beside]).all()


def test_another_seed_is_another_noise_and_no_seed_is_no_key(cube: Cube, tmp_path: Path) -> None:
    path = save(town(), tmp_path / "town.parquet")
    other = counted(opened(path, question=keyed(seed=OTHER)))
    assert (cube.keys["2010H1"]["square"] != other.keys["2010H1"]["square"]).any()
    keys = np.arange(1000)
    assert np.corrcoef(cellkey.draws(keys, seed=SEED), cellkey.draws(keys, seed=OTHER))[0, 1] < 0.1
    assert counted(opened(path)).keys == {}
    assert SEED not in repr(keyed())


def test_addresses_have_keys_as_coordinates_have() -> None:
    for addresses in (np.array([1, 2, 1]), np.array(["Vej 1", "Vej 2", "Vej 1"], dtype=object)):
        first, second, third = recordkeys.of_addresses(SEED, addresses).tolist()
        assert first == third != second
        assert recordkeys.of_addresses(OTHER, addresses).tolist() != [first, second, third]


def test_keys_are_spread_evenly() -> None:
    x, y = (part.ravel().astype(float) for part in np.meshgrid(np.arange(200), np.arange(200)))
    keys = recordkeys.of_points(SEED, 720_000 + x, 6_170_000 + y)
    assert len(np.unique(keys)) > 39_900
    assert np.abs(np.bincount(keys >> 28, minlength=16) / len(keys) - 1 / 16).max() < 0.01


def test_keys_are_packed_with_the_cube(cube: Cube) -> None:
    back = cubefile.unpack(cubefile.pack(cube))
    assert same_keys(cube, back)
    assert back.keys


def test_the_seed_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = recordkeys.seed(tmp_path / "internal")
    assert recordkeys.seed(tmp_path / "internal", told=True) == made
    assert stat.S_IMODE((tmp_path / "internal" / recordkeys.NAME).stat().st_mode) == 0o600
    (tmp_path / "internal" / recordkeys.NAME).write_text("0f0f", encoding="ascii")
    with pytest.raises(WorkspaceError, match="damaged"):
        recordkeys.seed(tmp_path / "internal")
    (tmp_path / "internal" / recordkeys.NAME).unlink()
    with pytest.raises(WorkspaceError, match="is gone"):
        recordkeys.seed(tmp_path / "internal", told=True)


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(numerators: list[int], denominators: list[int]) -> pd.DataFrame:
    plain = {"indicator": "i", "area_set": "s", "area_id": [f"{n}" for n in range(len(numerators))], "period": "2010"}
    return pd.DataFrame(plain | {"numerator": numerators, "denominator": denominators})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 1 << 32), st.integers(0, 1 << 32)), min_size=1, max_size=40)
)
def test_a_numerator_is_never_larger_than_its_denominator(drawn: list[tuple[int, int, int, int]]) -> None:
    top, more, key, other = (list(column) for column in zip(*drawn, strict=True))
    exact = figures(top, [a + b for a, b in zip(top, more, strict=True)])
    keys = figures(key, other)
    told = cellkey.perturbed(exact, keys, indicators=[indicator(noise=NOISE)], seed=SEED)
    assert (told["numerator"] <= told["denominator"]).all()
    for side in ("numerator", "denominator"):
        assert ((told[side] == 0) | (told[side] >= 5)).all()
    assert (told.loc[exact["denominator"] == 0, "denominator"] == 0).all()
    plain = cellkey.perturbed(exact, keys, indicators=[indicator()], seed=SEED)
    assert plain.equals(exact)


def test_the_interval_holds_the_noise() -> None:
    # 30 of 200: Wilson 10.71 to 20.61; the noise has variance 3 on 30 and 3 on 200, so 100 * sqrt(3 + 0.15^2 * 3) / 200 = 0.8757 points.
    # A shown 30 was 25 to 35 and a shown 200 was 195 to 205: no count of 1 to 4, whose variance is larger.
    rows = row(value=15.0, numerator=30.0, denominator=200.0)
    chance = indicators.intervals(rows, indicators=[indicator()]).iloc[0]
    noisy = indicators.intervals(rows, indicators=[indicator(noise=NOISE)]).iloc[0]
    assert (chance["interval"], noisy["interval"]) == ("chance", "noise")
    width = 1.959964 * 0.875714
    assert noisy["low"] == pytest.approx(15 - np.hypot(15 - chance["low"], width), abs=1e-4)
    assert noisy["high"] == pytest.approx(15 + np.hypot(chance["high"] - 15, width), abs=1e-4)


def test_a_small_shown_count_is_as_doubtful_as_what_it_may_have_been() -> None:
    assert cellkey.table(NOISE).doubt(np.array([0, 5, 8, 9, 40])).tolist() == pytest.approx([6, 6, 6, 4, 3])


def test_intervals_hold_the_exact_share_as_often_as_they_say() -> None:
    # The noise alone, without chance: a share of 500 with 60 in the numerator, shown with noise; 95 percent by the noise's own part.
    rng = np.random.default_rng(5)
    top, bottom = np.full(20_000, 60), np.full(20_000, 500)
    table = cellkey.table(NOISE)
    shown = [part + table.added(part, rng.random(len(part))) for part in (top, bottom)]
    width = cellkey.Z * cellkey.deviation(NOISE, *(part.astype(float) for part in shown))
    assert 0.93 < (np.abs(100 * shown[0] / shown[1] - 12.0) <= width).mean() < 0.99


def test_a_difference_within_its_noise_is_never_told() -> None:
    # The same 40 of 300 in both periods, each with any noise that the table has: no change may be told from the noise alone.
    near = range(-NOISE.most, NOISE.most + 1)
    rows = pd.concat([row(value=100 * (40 + a) / (300 + b), numerator=40.0 + a, denominator=300.0 + b) for a in near for b in near])
    told = indicators.intervals(rows.reset_index(drop=True), indicators=[indicator(noise=NOISE)])
    points = [Point(one.value, one.low, one.high, one.denominator, one.interval, "1", None) for one in told.itertuples()]
    for after, before in itertools.product(points, points):
        span = changes.apart(after, before)
        assert span.low <= 0 <= span.high


# --- a town -----------------------------------------------------------------------------------------------------------

LIMITS = {
    Audience.PUBLIC: Threshold(min_count=5, min_denominator=20),
    Audience.STAFF: Threshold(min_count=3, min_denominator=10),
    Audience.SSP: Threshold(min_count=3, min_denominator=10),
}
RULE = Rule(id="people", name=text("folk"), thresholds=LIMITS)
UDEN = RegisterMeasure(register="people", where={"age_group": ("25-64",)}, having={"labour": ("uden",)})
CHILDREN = RegisterMeasure(register="people", having={"age_group": ("0-2",)})


def homes(x: int, y: int, people: int, outside: int, *, first: int) -> list[tuple[object, ...]]:
    """People, each at an address of their own in a row from (x, y), so many of them outside the labour market."""
    return [(first + n, X + x + n, Y + y, "25-64", "uden" if n < outside else "beskaeftiget") for n in range(people)]


PEOPLE = [
    *homes(100, 100, 100, 3, first=1000),
    *homes(600, 700, 50, 20, first=2000),  # in the patch
    *homes(1500, 100, 160, 42, first=3000),
    *homes(100, 1500, 90, 2, first=4000),
    *homes(1500, 1700, 110, 30, first=5000),
]


def declared(name: str = "uden", *, noise: Noise | None = NOISE, **more: object) -> Indicator:
    plain = {"id": name, "area_sets": ("square", "patch"), "rule": "people", "register": UDEN, "noise": noise}
    return indicator(**(plain | more))


def write(folder: Path, *asked: Indicator, rule: Rule = RULE) -> Workspace:
    """The toy town with these people, and indicators under a rule about people."""
    place = toytown.write(folder)
    toytown.write_register(place.registers / "people.parquet", people=PEOPLE)
    return declare(place, *asked, rule=rule)


def declare(place: Workspace, *asked: Indicator, rule: Rule = RULE) -> Workspace:
    open_ = Rule(id="open", name=text("Åben"), thresholds={audience: Threshold() for audience in Audience})
    toytown.toml(place.data / "disclosure.toml", rule=[open_, rule])
    others = [one for one in toytown.indicators() if one.id != "uden"]
    toytown.toml(place.data / "indicators.toml", indicator=[*others, *(asked or (declared(),))])
    return place


def shown(place: Workspace, made: str = "", audience: Audience = Audience.PUBLIC, name: str = "uden") -> pd.DataFrame:
    table = edition.read(place.editions, made or edition.current(place.editions), audience).observations
    return table[table["indicator"] == name].set_index(["area_set", "area_id", "period"]).sort_index()


def test_a_build_with_noise_hides_only_what_the_rule_hides_of_what_is_shown(tmp_path: Path) -> None:
    place = write(tmp_path / "w")
    pipeline.build(place)
    rows = shown(place)
    assert set(rows.loc[rows["value"].notna(), "interval"]) == {"noise"}
    told = rows[rows["status"] == Status.FINAL.value]
    assert ((told["numerator"] == 0) | (told["numerator"] >= 5)).all()
    assert np.allclose(told["value"], 100 * told["numerator"] / told["denominator"])
    rest = told["denominator"] - told["numerator"]
    assert ((rest == 0) | (rest >= 5)).all()
    assert set(rows.loc[rows["status"] == Status.SUPPRESSED.value, "reason"]) <= {Reason.PROTECTED.value}
    # 2 of 90 in the north-west, 3 of 100 beside the patch: suppression hides a square and another; here all five areas are read.
    assert rows.xs("2007H1", level="period")["value"].notna().all()
    exact = {("square", "0101"): 23, ("square", "0102"): 42, ("square", "0103"): 2, ("square", "0104"): 30, ("patch", "midt"): 20}
    for (area_set, area_id), count in exact.items():
        assert abs(rows.loc[(area_set, area_id, "2007H1"), "numerator"] - count) <= NOISE.most
    assert (rows.xs("2007H2", level="period")["numerator"].dropna() == 0).all()  # nobody stays nobody


def test_all_audiences_read_the_same_noise_and_so_does_the_next_edition(tmp_path: Path) -> None:
    place = write(tmp_path / "w")
    first = pipeline.build(place).id
    numbers = ["value", "numerator", "denominator"]
    for audience in (Audience.STAFF, Audience.SSP):
        both = shown(place, first)[numbers].join(shown(place, first, audience)[numbers], rsuffix="_in").dropna()
        assert (both["numerator"] == both["numerator_in"]).all()
    # Another indicator tells other kinds of people apart, and the patch is gone: the atoms and the kinds are others, the noise is not.
    declare(place, declared(area_sets=("square",)), declared("children", register=CHILDREN))
    second = pipeline.build(place).id
    assert second != first
    pd.testing.assert_frame_equal(shown(place, first)[numbers].loc[["square"]], shown(place, second)[numbers].loc[["square"]])


def test_what_noise_does_not_fit_is_refused_in_words(tmp_path: Path) -> None:
    everybody = {audience: Threshold() for audience in Audience}
    for asked, rule, words in (
        ([declared(register=None)], RULE, "no shares counted in a register"),
        ([declared(basis="survey")], RULE, "no shares counted in a register"),
        ([declared(kind="rate")], RULE, "no shares counted in a register"),
        ([declared(noise=Noise(variance=6.0, most=5, least=5))], RULE, "a noise that cannot be"),
        ([declared(noise=Noise(variance=1.0, most=4, least=5))], RULE, "a noise that cannot be"),
        ([declared(noise=Noise(variance=1.0, most=4, least=4))], RULE, "shows counts which the rule hides"),
        ([declared()], Rule(id="people", name=text("folk"), thresholds=everybody), "a rule that hides no counts"),
        ([declared(), declared("plain", noise=None)], RULE, "'plain' beside 'uden'"),
        ([declared(), declared("wider", noise=Noise(variance=4.0, most=5, least=5))], RULE, "'wider' beside 'uden'"),
    ):
        place = write(tmp_path / words.replace(" ", "") / f"{len(asked)}{id(asked)}", *asked, rule=rule)
        with pytest.raises(CatalogueError) as caught:
            catalogue.read(place.data, place.boundaries)
        assert words in str(caught.value)


def test_a_goal_of_noisy_figures_and_a_table_beside_them_are_refused(tmp_path: Path) -> None:
    place = write(tmp_path / "w")
    toytown.toml(place.data / "goals.toml", goal=[msgspec.structs.replace(toytown.goal(), indicator="uden")])
    with pytest.raises(CatalogueError, match="that a goal is measured by"):
        catalogue.read(place.data, place.boundaries)
    place = write(tmp_path / "beside")
    path = place.folder / toytown.FIGURES
    path.write_text(toytown.csv((*toytown.ROWS, "uden,square,0101,2011,15,30,200,,,,final,survey,,")), encoding="utf-8")
    toytown.write_sidecar(path)
    with pytest.raises(CatalogueError, match="that a table tells without"):
        pipeline.build(place)


@pytest.mark.parametrize(("before", "after"), [(None, NOISE), (NOISE, None), (NOISE, Noise(variance=4.0, most=5, least=5))])
def test_what_was_told_with_another_noise_is_not_told_again_unless_somebody_accepts_it(
    tmp_path: Path, before: Noise | None, after: Noise | None
) -> None:
    place = write(tmp_path / "w", declared(noise=before))
    first = pipeline.build(place).id
    declare(place, declared("another", noise=after, register=RegisterMeasure(register="people", having={"labour": ("uden",)})))
    with pytest.raises(CatalogueError, match=f"told with another noise, or without.*{first}"):
        pipeline.build(place)
    accepted = msgspec.structs.replace(RULE, accepted=(Accepted(edition=first, reason="prøve"),))
    declare(place, declared("another", noise=after, register=UDEN), rule=accepted)
    assert pipeline.build(place).id != first


def test_a_seed_that_is_gone_stops_the_build(tmp_path: Path) -> None:
    place = write(tmp_path / "w")
    pipeline.build(place)
    (place.internal / recordkeys.NAME).unlink()
    declare(place, declared(area_sets=("square",)))
    with pytest.raises(WorkspaceError, match="is gone"):
        pipeline.build(place)


# --- the attack -------------------------------------------------------------------------------------------------------


def chances(count: int) -> dict[int, float]:
    """What a count may be shown as. The attacker knows the whole table (but not the seed)."""
    table = cellkey.table(NOISE)
    row = table.chances[min(count, len(table.chances) - 1)]
    return {count + int(change): float(chance) for change, chance in zip(CHANGE, row, strict=True) if chance > 0}


def test_a_shown_count_leaves_every_count_of_few_open() -> None:
    # Who thought all counts from 0 to 40 equally likely: what they think of each once they have read 0, or 5.
    for figure, surest in ((0, 0.33), (5, 0.24)):
        told = {count: chances(count).get(figure, 0.0) for count in range(41)}
        believed = {count: weight / sum(told.values()) for count, weight in told.items()}
        assert max(believed.values()) < surest
        assert min(believed[count] for count in range(1, 5)) > 0.05


def test_an_area_less_one_inside_it_leaves_few_open_even_where_one_row_is_known() -> None:
    # 23 in the square, 20 in the patch: the 3 outside it. The attacker knows one of the three, the table, and any prior of 1 to 8.
    surest = []
    for square, patch in itertools.product(range(18, 29), range(15, 26)):
        told = {
            few: sum(chances(inside + few).get(square, 0.0) * chances(inside).get(patch, 0.0) for inside in range(10, 32))
            for few in range(1, 9)
        }
        if (total := sum(told.values())) > 0 and chances(23).get(square, 0) * chances(20).get(patch, 0) > 0.001:
            surest.append(max(told.values()) / total)
    assert max(surest) < 0.75  # only when both are shown at the far ends of what they can be
    assert np.mean(surest) < 0.35


def test_editions_cannot_be_averaged_and_many_different_areas_can() -> None:
    """The known limit: the same 3 people as the difference of many pairs of areas, each of other people, are found in the end."""
    rng, table = np.random.default_rng(11), cellkey.table(NOISE)
    draw = partial(cellkey.draws, seed=SEED)
    again = table.added(np.full(200, 23), draw(np.full(200, 123_456)))
    assert len(set(again.tolist())) == 1  # two hundred editions or tables of the same people: one noise
    right = {}
    for pairs in (1, 4, 16, 64):
        inside = rng.integers(40, 400, (500, pairs))
        keys = rng.integers(0, recordkeys.RANGE, (2, 500, pairs))
        square, patch = (
            part + table.added(part.ravel(), draw(of_part.ravel())).reshape(part.shape)
            for part, of_part in zip((inside + 3, inside), keys, strict=True)
        )
        right[pairs] = float((np.rint((square - patch).mean(axis=1)) == 3).mean())
    assert right[1] < 0.25
    assert right[16] > 0.5  # why the decision says: few area sets, and a person who thinks
