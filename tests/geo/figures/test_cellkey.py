"""Noise by cell keys: the table by hand and by law, the same people the same noise, what is refused, and what an attacker is left with."""

from __future__ import annotations

import itertools
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.building import noiseseed
from geo.errors import WorkspaceError
from geo.figures import cellkey, differences, indicators
from geo.figures.differences import Point
from geo.model.indicators import Noise, RegisterMeasure
from geo.registers import cubefile, register
from geo.registers import keys as record_keys
from geo.registers.cube import Cube, CubeQuestion
from tests.records.noise import CHANGE, NOISE, OTHER, SEED
from tests.records.single import indicator, row
from tests.towns import registertown
from tests.towns.registertown import QUESTION, opened, save, town

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
    drawn = cellkey.draws(rng.integers(0, record_keys.RANGE, 40_000), seed=SEED)
    assert abs(drawn.mean() - 0.5) < 0.01
    table = cellkey.table(NOISE)
    for count in (0, 1, 3, 6, 40, 5_000):
        added = table.added(np.full(len(drawn), count), drawn)
        assert abs(added.mean()) < 0.05, count
        assert abs(added.var() - table.variance[min(count, len(table.variance) - 1)]) < 0.15, count
        assert np.abs(added).max() <= NOISE.most


# --- record keys: the same people, the same noise ---------------------------------------------------------------------


def counted(job: register.Opened) -> Cube:
    return register.count(job.job, job.shards)


def keyed(question: CubeQuestion = QUESTION, seed: str = SEED) -> CubeQuestion:
    return CubeQuestion(question.measures, question.areas, seed=seed)


def same_keys(one: Cube, other: Cube) -> bool:
    return {p: {s: a.tolist() for s, a in sets.items()} for p, sets in one.keys.items()} == {
        p: {s: a.tolist() for s, a in sets.items()} for p, sets in other.keys.items()
    }


@pytest.fixture(scope="module")
def cube(tmp_path_factory: pytest.TempPathFactory) -> Cube:
    return counted(opened(save(town(), tmp_path_factory.mktemp("town") / "town.parquet"), question=keyed()))


def test_a_counts_key_is_the_sum_of_its_peoples_keys(cube: Cube) -> None:
    rows = town()
    keys = record_keys.of_points(SEED, rows["x"].to_numpy(), rows["y"].to_numpy())
    asked = (rows["period"] == "2010H1") & (rows["age"] == "adult") & (rows["work"] == "no")
    for area, box in enumerate(registertown.SQUARES["zone"]):
        west, south, east, north = box.bounds
        inside = asked & rows["x"].between(west, east) & rows["y"].between(south, north)
        line = next(place for place, one in enumerate(cube.lines) if one[:2] == ("numerator", "jobless"))
        assert cube.counts["2010H1"]["zone"][area, line] == inside.sum() > 0
        assert cube.keys["2010H1"]["zone"][area, line] == keys[inside].sum() % record_keys.RANGE


def test_neither_shards_nor_their_order_change_a_key(cube: Cube, tmp_path: Path) -> None:
    parts = registertown.write_town(tmp_path, files=5)
    job = opened(tmp_path / "town", question=keyed())
    assert len(parts.shards) > 3
    one_by_one = [register.count(job.job, [shard]) for shard in reversed(job.shards)]
    assert same_keys(cube, sum(one_by_one, start=job.job.nothing))
    assert same_keys(cube, register.count(job.job, job.shards, workers=3))


def test_other_questions_give_the_same_people_the_same_key(cube: Cube, tmp_path: Path) -> None:
    # One indicator more, so that the kinds of people are others, and one area set less, so that the atoms are.
    more = {**QUESTION.measures, "old": RegisterMeasure(register="town", having={"age": ("old",)})}
    path = save(town(), tmp_path / "town.parquet")
    other = counted(opened(path, question=keyed(CubeQuestion(more, QUESTION.areas))))
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
        first, second, third = record_keys.of_addresses(SEED, addresses).tolist()
        assert first == third != second
        assert record_keys.of_addresses(OTHER, addresses).tolist() != [first, second, third]


def test_keys_are_spread_evenly() -> None:
    x, y = (part.ravel().astype(float) for part in np.meshgrid(np.arange(200), np.arange(200)))
    keys = record_keys.of_points(SEED, 720_000 + x, 6_170_000 + y)
    assert len(np.unique(keys)) > 39_900
    assert np.abs(np.bincount(keys >> 28, minlength=16) / len(keys) - 1 / 16).max() < 0.01


def test_keys_are_packed_with_the_cube(cube: Cube) -> None:
    back = cubefile.unpack(cubefile.pack(cube))
    assert same_keys(cube, back)
    assert back.keys


def test_the_seed_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = noiseseed.seed(tmp_path / "internal")
    assert noiseseed.seed(tmp_path / "internal", published=True) == made
    assert stat.S_IMODE((tmp_path / "internal" / noiseseed.NAME).stat().st_mode) == 0o600
    (tmp_path / "internal" / noiseseed.NAME).write_text("0f0f", encoding="ascii")
    with pytest.raises(WorkspaceError, match="damaged"):
        noiseseed.seed(tmp_path / "internal")
    (tmp_path / "internal" / noiseseed.NAME).unlink()
    with pytest.raises(WorkspaceError, match="is gone"):
        noiseseed.seed(tmp_path / "internal", published=True)


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
        span = differences.apart(after, before)
        assert span.low <= 0 <= span.high
