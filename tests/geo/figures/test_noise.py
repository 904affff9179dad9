"""Noise in a whole build: what is read, what is refused, what later editions may tell, and what an attacker is left with."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest

from geo import pipeline
from geo.building import noiseseed
from geo.editions import edition, released
from geo.errors import CatalogueError, WorkspaceError
from geo.figures import cellkey
from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.model.indicators import Indicator, Noise, RegisterMeasure
from geo.model.rules import Accepted, Rule, Threshold
from geo.model.vocabulary import Audience, Reason, Status
from geo.registers import keys as record_keys
from tests.records.noise import CHANGE, NOISE, SEED
from tests.records.single import indicator
from tests.towns import toytown
from tests.towns.toytown import X, Y, text
from webmap.app import create_app
from webmap.settings import Settings

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
        both = shown(place, first)[numbers].join(shown(place, first, audience)[numbers].add_suffix("_in")).dropna()
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


def test_noisy_figures_are_no_facts_for_the_gate(tmp_path: Path) -> None:
    place = write(tmp_path / "w", declared(), declared("children", register=CHILDREN))
    made = pipeline.build(place).id
    told = released.read(place.editions, {})
    assert told.measures == {}
    assert not any(told.released.values())
    assert list(told.measured_with_noise["people"]) == [(UDEN, NOISE, made), (CHILDREN, NOISE, made)]


def test_readers_meet_the_noise_in_words(tmp_path: Path) -> None:
    place = write(tmp_path / "w")
    pipeline.build(place)
    client = create_app(Settings(workspace=place.folder)).test_client()
    for address, words in (
        ("/data", "giver delene ikke nøjagtigt det hele"),
        ("/data", "op til 5 personer fra eller til"),
        ("/en/data", "the parts do not add up exactly"),
        ("/om", "afrundet med støj for at beskytte"),
    ):
        assert words in client.get(address).text


def test_a_seed_that_is_gone_stops_the_build(tmp_path: Path) -> None:
    place = write(tmp_path / "w")
    pipeline.build(place)
    (place.internal / noiseseed.NAME).unlink()
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
        keys = rng.integers(0, record_keys.RANGE, (2, 500, pairs))
        square, patch = (
            part + table.added(part.ravel(), draw(of_part.ravel())).reshape(part.shape)
            for part, of_part in zip((inside + 3, inside), keys, strict=True)
        )
        right[pairs] = float((np.rint((square - patch).mean(axis=1)) == 3).mean())
    assert right[1] < 0.25
    assert right[16] > 0.5  # why the decision says: few area sets, and a person who thinks
