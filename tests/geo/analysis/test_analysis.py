"""`import geo` in a notebook: what an analyst asks for, with errors that say what to mend, and nothing given away."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import geo
from geo.errors import CrsError, InputError

ROOT = Path(geo.__file__).parents[1]
WITH_EXAMPLES = sorted(path for path in (ROOT / "geo").rglob("*.py") if ">>>" in path.read_text(encoding="utf-8"))
EAST, NORTH = 720_000, 6_170_000


def grid(names: list[str], *, width: int = 100, height: int = 100) -> gpd.GeoDataFrame:
    """Rectangles side by side, west to east."""
    boxes = [shapely.box(EAST + n * width, NORTH, EAST + (n + 1) * width, NORTH + height) for n in range(len(names))]
    return gpd.GeoDataFrame({"area_id": names, "name": names}, geometry=boxes, crs="EPSG:25832")


def homes(x: list[float], **columns: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy([EAST + e for e in x], [NORTH + 50.0] * len(x)), crs="EPSG:25832")


def test_import_geo_reads_nothing_until_it_is_asked() -> None:
    assert {"read_areas", "join_points", "shares", "compare", "protect", "judge", "apportion"} <= set(dir(geo))
    with pytest.raises(AttributeError):
        _ = geo.nothing_of_the_kind  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_of_the_documentation_run(path: Path) -> None:
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    tried = doctest.testmod(module)
    assert tried.attempted
    assert not tried.failed


def test_every_function_of_geo_has_an_example() -> None:
    functions = {name: getattr(geo, name) for name in geo.__all__}
    assert len(functions) >= 12
    assert not [name for name, function in functions.items() if ">>>" not in (function.__doc__ or "")]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda layer: layer.drop(columns="area_id"), "a column is missing"),
        (lambda layer: layer.assign(area_id=["a", "a"]), "a code that stands twice"),
        (lambda layer: layer.assign(area_id=["a", None]), "an area without a code"),
        (lambda layer: layer.set_geometry([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])] * 2, crs=layer.crs), "not an area"),
        (lambda layer: layer.set_geometry(layer.geometry.centroid), "not an area"),
    ],
)
def test_a_layer_that_cannot_be_used_says_which_row_and_what_was_expected(tmp_path: Path, change: object, what: str) -> None:
    path = tmp_path / "areas.gpkg"
    change(grid(["a", "b"])).to_file(path)  # type: ignore[operator]
    with pytest.raises(InputError) as refused:
        geo.read_areas(path)
    assert what in str(refused.value)
    assert "areas.gpkg" in str(refused.value)


def test_a_file_that_is_no_layer_or_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.gpkg").write_text("no layer")
    for name in ("words.gpkg", "nowhere.gpkg"):
        with pytest.raises(InputError, match=name):
            geo.read_areas(tmp_path / name)


def test_points_without_coordinates_of_a_known_kind_are_refused() -> None:
    with pytest.raises(CrsError):
        geo.join_points(gpd.GeoDataFrame(geometry=gpd.points_from_xy([1], [2])), grid(["a"]))


def test_a_point_in_two_areas_has_two_rows_and_keeps_its_label() -> None:
    points = homes([50, 150, 500]).set_axis(["p", "q", "r"])
    both = pd.concat([grid(["a", "b"]), grid(["whole"], width=200)], ignore_index=True)
    joined = geo.join_points(points, gpd.GeoDataFrame(both, crs="EPSG:25832"))
    assert joined.values.tolist() == [["p", "a"], ["p", "whole"], ["q", "b"], ["q", "whole"]]


def test_counts_move_by_where_people_live_when_that_is_known() -> None:
    old, new = grid(["old"], width=200), grid(["near", "far"])
    people = homes([10.0] * 30 + [190.0] * 10)
    by_people = geo.apportion(pd.Series({"old": 80.0}), old, new, people=people)
    assert by_people["estimate"].to_dict() == {"near": 60.0, "far": 20.0}
    assert set(by_people["method"]) == {"points"}
    assert geo.apportion(pd.Series({"old": 80.0}), old, new)["estimate"].tolist() == [40.0, 40.0]


def test_compare_controls_how_many_of_many_stand_out_by_chance() -> None:
    rng = np.random.default_rng(1)
    before, after = (pd.Series(rng.binomial(200, 0.4, 300)) for _ in range(2))
    of = pd.Series([200] * 300)
    compared = geo.compare(geo.shares(after, of), geo.shares(before, of))
    alone = (compared["low"] > 0) | (compared["high"] < 0)
    assert alone.sum() >= 5
    assert compared["stands_out"].sum() <= 1


def test_shares_and_rates_refuse_counts_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="over its denominator"):
        geo.shares(pd.Series([5]), pd.Series([4]))
    with pytest.raises(ValueError, match="negative"):
        geo.rates(pd.Series([-1]), pd.Series([4]))
    assert geo.shares(pd.Series([0.0]), pd.Series([0.0])).isna().all(axis=None)


def test_a_verdict_is_only_as_sure_as_its_interval() -> None:
    figure = geo.shares(pd.Series([30]), pd.Series([100])).iloc[0]  # 21.9-39.6
    assert geo.judge(figure, 40, better="lower") == "reached"
    assert geo.judge(figure, 35, better="lower") == "undecided"
    assert geo.judge(figure, 20, better="lower", over=False) == "off_track"
    with pytest.raises(ValueError, match="without a value"):
        geo.judge(geo.shares(pd.Series([0]), pd.Series([0])).iloc[0], 40)


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_count_follows_from_the_table_by_elimination(seed: int) -> None:
    """Every linear equation that the table tells, solved: none fixes a count of 1 to 4 (an attack of its own, by matrix rank)."""
    rng = np.random.default_rng(seed)
    people = 1600
    register = homes(
        rng.uniform(0, 400, people).tolist(),
        work=rng.choice(["in", "out", "study"], people, p=[0.86, 0.115, 0.025]).tolist(),
        sex=rng.choice(["w", "m"], people).tolist(),
    )
    sets = {"city": grid(["all"], width=400), "quarter": grid(list("abcd")), "block": grid(list("stuvwxyz"), width=50)}
    figures = {word: geo.share_of({"work": [word]}) for word in ("in", "out", "study")}
    figures |= {f"out {sex}": geo.share_of({"work": ["out"]}, where={"sex": [sex]}) for sex in "wm"}
    table, whole = geo.protect(register, sets, figures), geo.count(register, sets, figures)
    assert (table["status"] == "suppressed").any()
    assert table["numerator"].notna().mean() > 0.3
    cells = pd.MultiIndex.from_product([list("stuvwxyz"), ["in", "out", "study"], ["w", "m"]])
    quarter = dict(zip("stuvwxyz", "aabbccdd", strict=True))

    def equation(row: pd.Series, *, having: bool) -> np.ndarray:
        figure, sex = str(row["figure"]).partition(" ")[::2]
        return np.array(
            [
                row["area_id"] in {"all", block, quarter[block]}
                and (not sex or sex == of)
                and (not having or word == figure)
                for block, word, of in cells
            ],
            dtype=float,
        )  # fmt: skip

    shown = table[table["numerator"].notna()]
    told = np.array([equation(row, having=side) for _, row in shown.iterrows() for side in (True, False)])
    rank = np.linalg.matrix_rank(told)
    hidden = whole[table["numerator"].isna().to_numpy() & whole["numerator"].between(1, 4).to_numpy()]
    assert len(hidden)
    for _, row in hidden.iterrows():
        assert np.linalg.matrix_rank(np.vstack([told, equation(row, having=True)])) > rank
