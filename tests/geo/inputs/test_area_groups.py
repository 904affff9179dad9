"""Named groups of areas: read from a list or a column, refused in words where they cannot be, protected and shown as areas."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient

from geo import audit, pipeline
from geo.editions import edition
from geo.editions import trace as tracing
from geo.editions.edition import Edition
from geo.errors import CatalogueError, InputError, Problem
from geo.files.workspace import Workspace
from geo.inputs import areagroups, boundaries, catalogue, intake
from geo.model.areas import AreaSetKind, Frozen, Groups, ImportProfile, NamedGroup
from geo.model.vocabulary import Audience
from omraadekort.exposure.stranger import read_as_stranger
from tests.towns import toytown
from tests.towns.gatetown import BESKAEFTIGET, CODES, UDEN, measured, register, shown
from tests.towns.grouptown import WEST, group, kind, layer_with, write
from tests.towns.toytown import text
from webmap.app import create_app
from webmap.settings import Settings

# --- read ---------------------------------------------------------------------------------------------------------------------


def test_a_group_by_a_list_is_the_union_of_its_members_with_its_name_and_their_days(tmp_path: Path) -> None:
    town = write(tmp_path / "town")
    sets = boundaries.read(town.boundaries, catalogue.read(town.data, town.boundaries).area_sets)
    side = sets["side"]
    assert side.areas["area_id"].tolist() == ["oest", "vest"]
    assert side.areas["name"].tolist() == ["Øst", "Vest"]
    assert side.areas.geometry.area.tolist() == pytest.approx([2e6, 2e6])
    assert shapely.equals(side.areas.geometry.iat[1], shapely.union(toytown.square(0, 0), toytown.square(0, 1)))
    assert (side.edition.valid_from, side.edition.partition) == (dt.date(2010, 1, 1), True)
    assert side.members == {"vest": ("0101", "0103"), "oest": ("0102", "0104")}
    assert side.sidecar.licence == sets["square"].sidecar.licence
    assert [file.path for file in boundaries.inputs(town.boundaries, sets)] == [toytown.SQUARES]


def test_a_group_by_a_column_has_the_name_that_stands_there(tmp_path: Path) -> None:
    town = write(tmp_path / "town", Groups(area_set="square", column="owner"))
    toytown.write_areas(town, "square", layer_with(["Åens Boligforening", None, "Åens  Boligforening", ""]), partition=True)
    kinds = catalogue.read(town.data, town.boundaries).area_sets
    side = boundaries.read(town.boundaries, kinds)["side"]
    assert side.areas[["area_id", "name"]].to_numpy().tolist() == [["aaens-boligforening", "Åens Boligforening"]]
    assert side.members == {"aaens-boligforening": ("0101", "0103")}
    assert boundaries.codes(town.boundaries, kinds)["side"] == {"aaens-boligforening"}


def test_every_edition_of_the_set_has_its_groups_of_those_who_were_there(tmp_path: Path) -> None:
    town = write(tmp_path / "town")
    toytown.write_areas(town, "square", toytown.squares()[:3], partition=True, day=dt.date(2000, 1, 1))
    kinds = catalogue.read(town.data, town.boundaries).area_sets
    older, newer = boundaries.every(town.boundaries, kinds)["side"]
    assert older.members == {"vest": ("0101", "0103"), "oest": ("0102",)}
    assert newer.members["oest"] == ("0102", "0104")
    assert [one.id for one in boundaries.vintages(town.boundaries, kinds)] == ["square", "square", "side", "side"]


def test_a_set_whose_members_have_no_file_has_none_either(tmp_path: Path) -> None:
    town = write(tmp_path / "town", Groups(area_set="later", column="owner"))
    kinds = catalogue.read(town.data, town.boundaries).area_sets
    assert set(boundaries.read(town.boundaries, kinds)) == {"square"}
    assert set(boundaries.codes(town.boundaries, kinds)) == {"square"}


def test_an_import_keeps_the_column_that_groups_are_made_by(tmp_path: Path) -> None:
    town = write(tmp_path / "town", Groups(area_set="square", column="group"))
    profile = ImportProfile(
        columns=("area_id", "owner"), id="area_id", name="name", valid_from=dt.date(2015, 1, 1), partition=True, title="Kvadrater",
        producer="Byen", licence="CC0 1.0", group_from="owner",
    )  # fmt: skip
    path = tmp_path / "layer.geojson"
    path.write_text(toytown.geojson(layer_with(["A", "B", "A", "B"])), encoding="utf-8")
    intake.boundaries(town, [path], area_set="square", profile=profile)
    side = boundaries.read(town.boundaries, [toytown.kinds()[0], kind(Groups(area_set="square", column="group"))])
    with pytest.raises(InputError, match=r"boundaries/square/2010-01-01.geojson, column group: a missing column"):
        boundaries.every(town.boundaries, [toytown.kinds()[0], kind(Groups(area_set="square", column="group"))])
    assert side["side"].members == {"a": ("0101", "0103"), "b": ("0102", "0104")}


# --- refused ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "what", "column", "found"),
    [
        ((WEST, group("nord", "Nord", "0101")), "a member of two groups, or twice of one", "groups.group[2].members[1]", "'0101'"),
        ((group("nord", "Nord", "0103", "0103"),), "a member of two groups, or twice of one", "groups.group[1].members[2]", "'0103'"),
        ((WEST, group()), "a group without members", "groups.group[2].members", "'nord'"),
        ((WEST, group("vest", "Nord", "0104")), "a group that stands twice", "groups.group[2].id", "'vest'"),
        ((WEST, group("nord", "vest ", "0104")), "a group that stands twice", "groups.group[2].name", "'vest '"),
        (
            (WEST, group("../nord", "Nord", "0104")),
            "a code with other signs than letters, digits and -_.",
            "groups.group[2].id",
            "'../nord'",
        ),
        ((WEST, group("nord", " ", "0104")), "a name that nobody can read on one line", "groups.group[2].name", "' '"),
        ((), "groups by a list and a column, or by neither", "groups", "column '' and 0 groups"),
    ],
)
def test_a_list_that_cannot_be_is_refused_with_its_place(
    tmp_path: Path, groups: tuple[NamedGroup, ...], what: str, column: str, found: str
) -> None:
    town = write(tmp_path / "town", Groups(area_set="square", group=groups))
    with pytest.raises(CatalogueError) as caught:
        catalogue.read(town.data, town.boundaries)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.what, problem.column, problem.found) == ("boundaries/sets.toml", 4, what, column, found)
    assert problem.expected


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"groups": Groups(area_set="side", column="x")}, "groups of a set that cannot be grouped"),
        ({"groups": Groups(area_set="vand", column="x")}, "groups of a set that cannot be grouped"),
        ({"groups": Groups(area_set="square", column="x", group=(WEST,))}, "groups by a list and a column, or by neither"),
        ({"role": "context"}, "a set made of groups that is something else too"),
        ({"frozen": Frozen(area_set="square", until=dt.date(2011, 1, 1))}, "a set made of groups that is something else too"),
        ({"profiles": toytown.kinds()[0].profiles}, "a set made of groups that is something else too"),
    ],
)
def test_a_set_that_cannot_be_made_of_groups_is_refused(changes: Mapping[str, object], what: str) -> None:
    water = AreaSetKind(id="vand", name=text("Vand"), singular=text("vand"), role="context")
    mine = kind(**changes)  # type: ignore[arg-type]
    assert [one.what for one in areagroups.problems(mine, [toytown.kinds()[0], water, mine], row=3)] == [what]


def test_groups_of_a_set_that_is_not_there_lead_nowhere(tmp_path: Path) -> None:
    town = write(tmp_path / "town", Groups(area_set="kvadrat", column="x"))
    with pytest.raises(CatalogueError, match=r"row 4, column groups.area_set: a name that leads nowhere; found 'kvadrat'"):
        catalogue.read(town.data, town.boundaries)


def read_faults(town: Workspace) -> Sequence[Problem]:
    with pytest.raises(InputError) as caught:
        boundaries.read(town.boundaries, catalogue.read(town.data, town.boundaries).area_sets)
    return caught.value.problems


def test_a_member_that_is_no_area_is_told_with_its_place(tmp_path: Path) -> None:
    town = write(tmp_path / "town", Groups(area_set="square", group=(WEST, group("nord", "Nord", "0104", "0199"))))
    expected = "an area_id of square"
    assert read_faults(town) == (
        Problem("boundaries/sets.toml", "a member that is no area", 4, "groups.group[2].members[2]", "'0199'", expected),
    )


@pytest.mark.parametrize(
    ("texts", "row", "what", "found"),
    [
        (["AAB", "aab", "", ""], 2, "one group written in two ways", "'aab'"),
        (["AAB", "!!", "", ""], 2, "a group without letters or digits", "'!!'"),
        (["", None, "", ""], None, "a column that names no group", ""),
    ],
)
def test_a_column_that_cannot_be_is_refused_with_its_row(
    tmp_path: Path, texts: list[str | None], row: int | None, what: str, found: str
) -> None:
    town = write(tmp_path / "town", Groups(area_set="square", column="owner"))
    toytown.write_areas(town, "square", layer_with(texts), partition=True)
    (problem,) = read_faults(town)
    assert (problem.file, problem.row, problem.column, problem.what, problem.found) == (toytown.SQUARES, row, "owner", what, found)


def test_a_column_that_is_not_there_and_a_file_that_should_not_be_are_refused(tmp_path: Path) -> None:
    town = write(tmp_path / "town", Groups(area_set="square", column="owner"))
    (problem,) = read_faults(town)
    assert (problem.what, problem.column, problem.found) == ("a missing column", "owner", "area_id, name")
    toytown.write_areas(town, "side", toytown.patch(), partition=False)
    (problem,) = read_faults(town)
    assert (problem.file, problem.what) == ("boundaries/side/2010-01-01.geojson", "a file of a set that is made of groups")


# --- protected ----------------------------------------------------------------------------------------------------------------

SIZES = ((100, 3), (160, 42), (90, 25), (110, 30))


@pytest.mark.parametrize(("few", "other"), list(itertools.product(range(4), range(4))))
def test_a_group_of_which_all_but_one_are_shown_is_hidden_or_another_member_is(few: int, other: int) -> None:
    """Four departments in a group of all and in one of two; three people in one of them: no sum of what is shown gives them away."""
    sizes = list(SIZES)
    sizes[0], sizes[few] = sizes[few], sizes[0]
    pair = {few, other}
    people = {
        "2010": {
            (f"square/{place}", "side/all", *(("side/pair",) if place in pair else ())): {UDEN: some, BESKAEFTIGET: every - some}
            for place, (every, some) in enumerate(sizes)
        }
    }
    areas = (*(f"square/{place}" for place in range(4)), "side/all", "side/pair")
    asked = register(people, indicators=(measured(area_sets=("square", "side")),), areas=areas, codes=CODES)
    told = [area for area, is_told in shown(asked).items() if is_told]
    members = {f"square/{place}": [place] for place in range(4)} | {"side/all": [0, 1, 2, 3], "side/pair": sorted(pair)}
    sums = np.array([np.isin(range(4), members[area]) for area in told], dtype=float).reshape(-1, 4)
    alone = np.isin(range(4), [few]).astype(float)
    assert np.linalg.matrix_rank(np.vstack([sums, alone])) > np.linalg.matrix_rank(sums)  # the few are no combination of what is told
    assert told


# --- in a workspace -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    town = write(tmp_path_factory.mktemp("groups") / "town")
    pipeline.build(town)
    return town.folder


@pytest.fixture(scope="module")
def town(folder: Path) -> Workspace:
    return Workspace(folder)


@pytest.fixture(scope="module")
def read(town: Workspace) -> Edition:
    return edition.read(town.editions, edition.current(town.editions), Audience.PUBLIC)


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    return create_app(Settings(workspace=folder)).test_client()


def test_a_built_edition_tells_the_group_and_keeps_its_members(town: Workspace, read: Edition) -> None:
    rows = read.observations.set_index(["indicator", "area_id", "period"]).loc["uden"].xs("2007H1", level="period")
    assert rows.loc["vest", ["numerator", "denominator"]].tolist() == [28, 190]
    assert set(rows.loc[["0101", "0103"], "status"]) == {"suppressed"}
    assert read.layers["side"].of == "square"
    assert {area.area_id: area.members for area in read.layers["side"].areas} == {"oest": ("0102", "0104"), "vest": ("0101", "0103")}
    assert audit.attack(town, read.id, Audience.PUBLIC).findings == ()


def test_a_group_costs_no_square_its_figure_unless_the_rule_says_so(tmp_path: Path) -> None:
    town = write(tmp_path / "town", costs={})
    rows = edition.read(town.editions, pipeline.build(town).id, Audience.PUBLIC).observations
    mine = rows[(rows["indicator"] == "uden") & (rows["status"] == "suppressed")]
    assert set(mine["area_id"]) == {"0101", "vest"}


def test_a_figure_of_a_group_comes_from_the_file_of_its_members(read: Edition) -> None:
    traced = tracing.trace(read, "uden", "side", "vest", "2007H1")
    assert traced.outlines.file is not None
    assert traced.outlines.file.path == toytown.SQUARES


@pytest.mark.parametrize(
    ("language", "line", "heading"),
    [
        ("", ">Vest</a> (side af byen) er det 14,7 % (10,4–20,5 %).", "<h2>Gruppe</h2>"),
        ("/en", ">Vest</a> (side af byen) it is 14.7% (10.4–20.5%).", "<h2>Group</h2>"),
    ],
)
def test_the_page_of_a_member_tells_the_group_where_its_own_figure_is_hidden(
    client: FlaskClient, language: str, line: str, heading: str
) -> None:
    hidden, open_ = (client.get(f"{language}/omraade/square/{area}").get_data(as_text=True) for area in ("0101", "0102"))
    assert line in hidden.replace("\xa0", " ")
    assert f'<a href="{language}/omraade/side/vest">Vest</a>' in hidden
    assert heading in hidden
    assert heading in open_
    assert "Øst</a> (side af byen) er det" not in open_


def test_the_page_of_a_group_lists_its_members(client: FlaskClient) -> None:
    page = client.get("/omraade/side/vest").get_data(as_text=True)
    assert "<h2>Områder i gruppen</h2>" in page
    assert all(f'<a href="/omraade/square/{area}">' in page for area in ("0101", "0103"))
    assert "14,7" in page


def test_what_is_served_of_groups_says_no_more_than_the_table(read: Edition, folder: Path) -> None:
    pages = {"areas.area", "maps.page", "api.resource"}
    found = read_as_stranger(Settings(workspace=folder), read.id, Audience.PUBLIC, pages=sorted(pages))
    assert [each for each in found.findings if each.indicator == "uden"] == []
