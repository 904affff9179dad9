"""Apportioned figures: worked out on paper in the toy town, from what is read alone, with ends that hold; and settings that are refused."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import msgspec
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import audit, pipeline
from geo.conclusions import estimates
from geo.editions import edition, verify
from geo.editions.edition import Edition
from geo.editions.trace import trace
from geo.errors import CatalogueError, GeoError, InputError
from geo.figures import agreement, parts
from geo.figures.differences import Point, apart
from geo.figures.parts import PartWeight
from geo.files.workspace import Workspace
from geo.inputs import apportioned, catalogue
from geo.model.indicators import Apportionment
from geo.model.results import OBSERVATION_COLUMNS, Overlap
from geo.model.vocabulary import Audience
from geo.spatial import weights
from tests.records.single import indicator, row
from tests.towns import toytown
from tests.towns.apportionedtown import COUNTED, FROM_SQUARES, asked, town


def part(made: Workspace, audience: Audience = Audience.PUBLIC) -> Edition:
    return edition.read(made.editions, edition.current(made.editions), audience)


def figure(read: Edition, name: str, period: str = "2010") -> dict[str, Any]:
    table = read.observations
    (found,) = table[(table["indicator"] == name) & (table["area_set"] == "patch") & (table["period"] == period)].to_dict("records")
    return {str(column): value for column, value in found.items()}


def attacked(made: Workspace) -> list[audit.Finding]:
    """What an audit finds, as every audience."""
    current = edition.current(made.editions)
    return [one for audience in Audience for one in audit.attack(made, current, audience).findings]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = town(tmp_path_factory.mktemp("toy") / "var")
    pipeline.build(made)
    return made


# --- on paper ---------------------------------------------------------------------------------------------------------


def test_a_count_on_paper(built: Workspace) -> None:
    """A quarter of 1,000; none of the squares lies in the patch whole, so it may be anything from nobody to all of them."""
    told = figure(part(built), "beboere")
    assert (round(told["value"], 9), told["low"], told["high"], told["interval"]) == (250, 0, 1000, "bounds")
    assert (told["status"], told["reason"], told["source"], told["file"]) == ("estimated", "", "survey", toytown.FIGURES)
    by, of = parts.read(told["weights"])
    assert by == "area"
    assert [(one.area_set, one.area_id, round(one.share, 7)) for one in of] == [("square", f"010{n}", 0.25) for n in (1, 2, 3, 4)]


def test_a_share_on_paper(built: Workspace) -> None:
    """50 of 250 are 20 percent, made of counts; a mean of the shares would be 17.5."""
    told = figure(part(built), "fattig")
    assert [round(told[name], 9) for name in ("value", "numerator", "denominator")] == [20, 50, 250]
    assert (told["low"], told["high"], told["interval"], told["status"]) == (0, 100, "bounds", "estimated")
    agreement.check(part(built).observations, part(built).catalogue.indicators)


def test_the_edition_is_whole_and_an_audit_finds_nothing(built: Workspace) -> None:
    read = part(built)
    traced = trace(read, "fattig", "patch", "midt", "2010")
    assert all(check.finding == "holds" for check in verify.verify(traced, read, built.folder))
    assert attacked(built) == []


def test_a_trace_names_every_part(built: Workspace) -> None:
    traced = trace(part(built), "fattig", "patch", "midt", "2010")
    told = [(one.figure.area_name, round(one.share, 7), one.figure.value, one.origin.row) for one in traced.parts]
    assert told == [("Sydvest", 0.25, 10, 13), ("Sydøst", 0.25, 20, 14), ("Nordvest", 0.25, 10, 15), ("Nordøst", 0.25, 30, 16)]


def test_what_a_source_tells_is_not_estimated(tmp_path: Path) -> None:
    made = town(tmp_path / "var", rows=(*COUNTED, "beboere,patch,midt,2010,333,,,,,,final,survey,,"))
    pipeline.build(made)
    told = figure(part(made), "beboere")
    assert (told["value"], told["status"], told["weights"]) == (333, "final", "")


# --- what is hidden ---------------------------------------------------------------------------------------------------


def test_a_hidden_part_hides_the_estimate_from_those_it_is_hidden_from(tmp_path: Path) -> None:
    """10 of 100 are few for the public: with them goes what a difference would tell, and the estimate; staff read both."""
    made = town(tmp_path / "var", least=20)
    pipeline.build(made)
    public = figure(part(made), "fattig")
    assert (public["status"], public["reason"], public["interval"]) == ("missing", "hidden", "none")
    assert all(math.isnan(public[name]) for name in ("value", "numerator", "denominator", "low", "high"))
    assert figure(part(made), "beboere")["status"] == "estimated"
    assert figure(part(made, Audience.STAFF), "fattig")["value"] == pytest.approx(20)
    assert attacked(made) == []


def test_an_estimate_follows_from_what_is_read(built: Workspace) -> None:
    """Whoever reads the parts and the weights can work it out: it tells nothing more."""
    table = part(built).observations
    told = figure(part(built), "beboere")
    read = table[(table["indicator"] == "beboere") & (table["area_set"] == "square")].set_index("area_id")["value"]
    assert sum(one.share * read[one.area_id] for one in parts.read(told["weights"])[1]) == pytest.approx(told["value"], rel=1e-6)


def test_no_verdict_comes_from_an_estimate(tmp_path: Path) -> None:
    indicators = asked()
    goal = msgspec.structs.replace(toytown.goal(), indicator="fattig", area_set="patch", area_ids=("midt",))
    made = town(tmp_path / "var", indicators=indicators)
    toytown.toml(made.data / "goals.toml", goal=[goal])
    pipeline.build(made)
    assert all(one.latest is None or one.area_set == "square" for one in part(made).judgements)
    assert len(estimates.measured(part(made).observations)) < len(part(made).observations)


def test_an_audit_makes_every_estimate_again(built: Workspace) -> None:
    table = part(built).observations
    assert estimates.unexplained(table) == 0
    estimated = (table["weights"] != "") & (table["indicator"] == "beboere")
    assert estimates.unexplained(table.assign(value=table["value"].mask(estimated, 251.0))) == 1
    assert estimates.unexplained(table.assign(value=table["value"].mask(table["area_id"] == "0101"))) == 1


def test_the_line_of_the_docs_is_one_of_the_catalogue() -> None:
    page = (Path(__file__).parents[3] / "docs" / "interpolation.md").read_text(encoding="utf-8")
    line = tomllib.loads(page.split("```toml\n", 1)[1].split("```", 1)[0])
    told = indicator(area_sets=tuple(line["area_sets"]), apportioned=msgspec.convert(line["apportioned"], Apportionment))
    assert list(apportioned.in_apportioned(told, row=1, file="x")) == []


# --- by people --------------------------------------------------------------------------------------------------------


def areas(name: str, layer: gpd.GeoDataFrame, *, partition: bool) -> Any:
    """As much of an AreaSet as weights ask for."""

    class _AreaSet:
        id = name
        areas = layer

        class edition:  # noqa: N801
            pass

    _AreaSet.edition.partition = partition  # type: ignore[attr-defined]
    return _AreaSet()


def shared(square: str, percent: int | None, across: int | None, status: str = "final") -> Overlap:
    return Overlap(
        area_set="square", area_id=square, other_set="patch", other_id="midt", percent_of_area=25.0, percent_of_other=25.0,
        percent_of_residents=percent, percent_of_other_residents=across, residents_status=status if percent is not None else "",
    )  # fmt: skip


def by_people(overlaps: Sequence[Overlap]) -> estimates.Weighting:
    squares, patch = areas("square", toytown.squares(), partition=True), areas("patch", toytown.patch(), partition=False)
    people = msgspec.structs.replace(FROM_SQUARES, by="people")
    known = type("Known", (), {"indicators": (indicator(apportioned=people),)})
    return estimates.weightings(known, {"square": squares, "patch": patch}, overlaps)["square", "patch", "people"]  # type: ignore[arg-type]


def test_people_divide_by_the_percent_that_the_edition_shows() -> None:
    found = by_people([shared("0101", 10, 20), shared("0102", 0, 0), shared("0103", 30, 50), shared("0104", 5, 29)])
    assert found.used.matrix.toarray().ravel().round(9).tolist() == [0.1, 0, 0.3, 0.05]
    assert (found.used.coverage.round(9).tolist(), found.invented) == ([0.99], frozenset())
    assert found.certain.matrix.toarray().ravel().round(9).tolist() == [0.25] * 4


def test_a_percent_that_is_not_told_leaves_the_target_unknown_and_made_up_people_make_it_up() -> None:
    assert np.isnan(by_people([shared("0101", None, None), shared("0102", 90, 100)]).used.coverage).all()
    assert by_people([shared("0101", 10, 100, "demo")]).invented == {"midt"}


# --- by law -----------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=4, max_size=4),
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
)
def test_the_ends_hold_whoever_lives_there(people: list[tuple[int, int]], east: list[float]) -> None:
    """Sources of poor and other people, one of them whole in the target: any part of each group may live there."""
    known = indicator()
    outlines = {f"s{n}": shapely.box(n, 0, n + 1, 1) for n in range(4)}
    sources = gpd.GeoSeries(outlines, crs="EPSG:25832")
    target = gpd.GeoSeries({"t": shapely.box(0, 0, 2.5, 1)}, crs="EPSG:25832")
    used = weights.by_area(sources, target)
    given_ = pd.DataFrame(
        {"numerator": [float(poor) for poor, _ in people], "denominator": [float(poor + other) for poor, other in people]},
        index=list(outlines),
    )
    told = estimates._figures(given_, known, estimates.Weighting(used, used)).loc["t"]
    poor = people[0][0] + people[1][0] + round(people[2][0] * east[0])
    others = people[0][1] + people[1][1] + round(people[2][1] * east[1])
    if not math.isnan(told["value"]) and poor + others:
        assert told["low"] - 1e-9 <= 100 * poor / (poor + others) <= told["high"] + 1e-9
        assert told["low"] <= told["value"] <= told["high"]


def test_ends_of_estimates_add_up() -> None:
    """They are no chances: two figures between 0 and 10 differ by up to 10 either way, not by the root of 50."""
    here = Point(5.0, 0.0, 10.0, float("nan"), "bounds", "1", None)
    assert apart(here, here).ends == (0.0, -10.0, 10.0)


def test_weights_are_read_as_they_were_written() -> None:
    of = (PartWeight("square", "0101", 0.25), PartWeight("square", "a-b.c", 1 / 3))
    by, again = parts.read(parts.write("people", of))
    assert (by, [one[:2] for one in again]) == ("people", [one[:2] for one in of])
    assert [one.share for one in again] == pytest.approx([one.share for one in of], rel=1e-7)
    assert parts.read("") == ("", ())
    assert parts.read(parts.write("area", ())) == ("area", ())


# --- refused ----------------------------------------------------------------------------------------------------------

REFUSED = (
    ({"apportioned": msgspec.structs.replace(FROM_SQUARES, to=("patch", "square"))}, "to the areas they come from"),
    ({"apportioned": msgspec.structs.replace(FROM_SQUARES, source="nowhere")}, "a name that leads nowhere"),
    ({"apportioned": msgspec.structs.replace(FROM_SQUARES, to=("nowhere",))}, "a name that leads nowhere"),
    ({"apportioned": msgspec.structs.replace(FROM_SQUARES, to=())}, "apportioned to nowhere"),
    ({"area_sets": ("square",)}, "not declared for this area set"),
    ({"kind": "index"}, "no counts make it"),
    ({"basis": "survey"}, "answers of a survey"),
    ({"register": toytown.indicators()[1].register}, "can be counted in every area set"),
)


@pytest.mark.parametrize(("changes", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    survey, counted, people, share = asked()
    wrong = msgspec.structs.replace(share, **changes)
    made = town(tmp_path / "var", indicators=[survey, counted, people, wrong])
    with pytest.raises(CatalogueError, match=words):
        catalogue.read(made.data, made.boundaries)


def test_a_share_without_counts_is_refused_with_its_row(tmp_path: Path) -> None:
    made = town(tmp_path / "var", rows=(*COUNTED[:-1], "fattig,square,0104,2010,30,,,,,,final,survey,,"))
    with pytest.raises(InputError, match="without its counts") as caught:
        pipeline.build(made)
    assert (caught.value.problems[0].file, caught.value.problems[0].row) == (toytown.FIGURES, 16)


def test_a_count_needs_no_other() -> None:
    of_count = indicator(kind="count", apportioned=msgspec.structs.replace(FROM_SQUARES, source="s"))
    apportioned.see_counts(row()[list(OBSERVATION_COLUMNS)], [of_count])


def test_areas_that_overlap_are_no_source(tmp_path: Path) -> None:
    made = town(tmp_path / "var")
    twice = pd.concat([toytown.squares(), toytown.patch()], ignore_index=True)
    toytown.write_areas(made, "square", gpd.GeoDataFrame(twice, crs="EPSG:25832"), partition=False)
    with pytest.raises(GeoError, match="overlap"):
        pipeline.build(made)
