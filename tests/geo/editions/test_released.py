"""Editions that are out cannot be taken back: thresholds that change, areas that are redrawn, and the proofs that are kept."""

from __future__ import annotations

import shutil
import stat
from dataclasses import fields, is_dataclass
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import sparse

from geo import pipeline
from geo.disclosure.block import Block
from geo.editions import edition, proofs, released
from geo.editions.edition import Edition
from geo.errors import DamagedError, EditionError, GeoError
from geo.files.workspace import Workspace
from geo.model.results import OBSERVATION_COLUMNS
from geo.model.rules import Accepted, Threshold
from geo.model.vocabulary import Audience
from tests.readers import resigned
from tests.towns import gatetown, toytown

OPEN = msgspec.structs.replace(gatetown.RULE, thresholds={audience: Threshold() for audience in Audience})


def built(town: Workspace, audience: Audience = Audience.PUBLIC) -> Edition:
    return edition.read(town.editions, pipeline.build(town).id, audience)


def seen(found: Edition, period: str = "2007H1") -> dict[str, float]:
    """Numerators of the figures that this audience gets to see, by area; NaN where hidden."""
    rows = found.observations[(found.observations["indicator"] == "uden") & (found.observations["period"] == period)]
    return dict(zip(rows["area_id"], rows["numerator"], strict=True))


@pytest.fixture
def town(tmp_path: Path) -> Workspace:
    return gatetown.write(tmp_path / "town")


def with_patch(town: Workspace, *, west: int = 500) -> None:
    shutil.rmtree(town.boundaries / "patch", ignore_errors=True)
    toytown.write_areas(town, "patch", gatetown.patch(west=west), partition=False)


def test_a_set_that_comes_later_is_hidden_where_the_older_edition_would_tell(town: Workspace) -> None:
    first = seen(built(town))
    assert first == {"0101": 23, "0102": 42, "0103": 25, "0104": 30}
    with_patch(town)
    second = seen(built(town))
    # 23 of the square is out; the patch's 20 would leave 3 outside it.
    assert second | {"p": 0.0} == first | {"p": 0.0}
    assert np.isnan(second["p"])


def test_without_the_older_edition_the_patch_would_stay_and_the_squares_go(town: Workspace) -> None:
    with_patch(town)
    found = seen(built(town))
    assert found["p"] == 20
    assert np.isnan(found["0101"])


def test_a_redraw_is_closed_together_with_what_was_drawn_before(town: Workspace) -> None:
    # The patch moves 200 metres west and takes in 20 people, two of them outside the labour market: new less old tells of two.
    with_patch(town)
    before = seen(built(town))
    assert before["p"] == 20
    with_patch(town, west=300)
    after = seen(built(town))
    assert np.isnan(after["p"])


def test_a_redraw_that_nobody_can_subtract_stays(town: Workspace) -> None:
    with_patch(town)
    built(town)
    with_patch(town, west=650)  # nobody lives in what it loses
    assert seen(built(town))["p"] == 20


def test_a_rule_made_stricter_does_not_make_untold_what_was_told(town: Workspace) -> None:
    gatetown.declare(town, OPEN)
    with_patch(town)
    told = built(town)
    gatetown.declare(town)
    before = sorted(path.name for path in town.editions.iterdir()), edition.current(town.editions)
    with pytest.raises(GeoError, match=f"public of people 2007H1 is told already; .* by {told.id}"):
        pipeline.build(town)
    assert (sorted(path.name for path in town.editions.iterdir()), edition.current(town.editions)) == before
    gatetown.declare(town, accepted=[Accepted(edition=told.id, reason="Nobody but us has read it.")])
    new = built(town)
    assert new.id != told.id
    assert b"Nobody but us" not in (new.folder / "catalogue.json").read_bytes()


def test_invented_people_have_no_past(town: Workspace) -> None:
    gatetown.declare(town, OPEN)
    with_patch(town)
    told = built(town)
    assert any(released.read(town.editions, {}).released[Audience.PUBLIC].values())
    resigned.rewrite(told.folder, "catalogue.json", lambda text: text.replace(b'"id": "uden"', b'"id": "uden", "demo": true'))
    found = released.read(town.editions, {})
    assert not found.damaged
    assert not any(found.released[Audience.PUBLIC].values())
    assert not found.measures


def test_building_again_gives_the_same_edition(town: Workspace) -> None:
    with_patch(town)
    assert pipeline.build(town).id == pipeline.build(town).id


def test_an_older_edition_that_cannot_be_read_stops_the_build(town: Workspace) -> None:
    resigned.rewrite(built(town).folder, "layers.json", lambda _: b"[")
    with pytest.raises(EditionError, match="an earlier edition cannot be read"):
        pipeline.build(town)


@pytest.mark.parametrize("name", ["public/observations.parquet", "layers.json", "manifest.json", "cover.npz"])
def test_an_older_edition_that_is_damaged_stops_the_build_in_words(town: Workspace, name: str) -> None:
    older = built(town)
    with_patch(town)
    (older.folder / name).write_bytes(b"x" + (older.folder / name).read_bytes())
    before = sorted(path.name for path in town.editions.iterdir())
    with pytest.raises(DamagedError, match=f"{older.id}: the edition is damaged: {name} is not as it was written; expected .* backup"):
        pipeline.build(town)
    assert sorted(path.name for path in town.editions.iterdir()) == before


def test_an_edition_that_is_damaged_is_mended_by_the_build_that_makes_it(town: Workspace) -> None:
    with_patch(town)
    found = built(town)
    seen_before = seen(found)
    (found.folder / "public" / "observations.parquet").write_bytes(b"nothing")
    ended: list[str] = []
    assert pipeline.build(town, ended=lambda step: ended.append(step.why)).id == found.id
    assert [why for why in ended if pipeline.MENDED in why]  # nothing is replaced in silence
    again = edition.read(town.editions, found.id, Audience.PUBLIC)
    assert seen(again) == pytest.approx(seen_before, nan_ok=True)
    assert proofs.check(town.internal, again) == ()


# --- the vault --------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_for_its_owner_alone(town: Workspace) -> None:
    with_patch(town)
    found = built(town)
    paths = [town.internal, *town.internal.rglob("*")]
    assert {path.name for path in (town.internal / found.id).iterdir()} == {"public.npz", "staff.npz", "ssp.npz", "leftovers.json"}
    assert {path.name for path in town.internal.iterdir()} == {found.id, "build-cache"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert not [path for path in found.folder.rglob("*.npz") if path.name in {"public.npz", "staff.npz", "ssp.npz"}]


def test_proofs_come_back_as_they_were_kept(town: Workspace) -> None:
    with_patch(town)
    found = built(town)
    kept = proofs.read(town.internal, found.id, Audience.PUBLIC)
    assert kept is not None
    proofs.write(town.internal, "again", {Audience.PUBLIC: kept})
    again = proofs.read(town.internal, "again", Audience.PUBLIC)
    assert again is not None
    assert [one.digest for one in again.proofs] == [one.digest for one in kept.proofs]
    for one, other in zip(again.proofs, kept.proofs, strict=True):
        assert same(one, other)
        assert Block(one.labels, one.problem).digest == one.digest  # what was read back is the problem that was closed
    assert sum(kept.why.values()) == sum(one.cells for one in found.hidden)
    assert proofs.read(town.internal, "nosuch", Audience.PUBLIC) is None
    assert proofs.read(town.internal, "../again", Audience.PUBLIC) is None


def same(one: object, other: object) -> bool:
    """Whether two proofs, or parts of them, are equal in every array."""
    if is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    if isinstance(one, sparse.csr_array):
        return isinstance(other, sparse.csr_array) and one.shape == other.shape and not (one != other).nnz
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    return bool(one == other)


def test_a_vault_that_is_broken_says_so(town: Workspace) -> None:
    found = built(town)
    (town.internal / found.id / "public.npz").write_bytes(b"PK\x03\x04 no")
    with pytest.raises(EditionError, match="run: omraadekort build"):
        proofs.check(town.internal, found)
    assert proofs.check(town.internal, built(town)) == ()


def test_what_a_killed_build_left_is_in_nobodys_way_and_goes(town: Workspace) -> None:
    first = built(town)
    left = [town.editions / ".new-x", town.internal / ".new-x"]
    for path in left:
        shutil.copytree(first.folder, path)
        (path / "manifest.json").write_bytes((path / "manifest.json").read_bytes()[:100])
        (path / "catalogue.json").write_text("{")
    assert built(town).id == first.id
    assert not [path for path in left if path.exists()]


def unhide(found: Edition, truth: pd.DataFrame) -> Edition:
    """Write one hidden figure into the edition on disk, by hand."""
    table = found.observations.copy()
    number = table.index[table["status"] == "suppressed"][0]
    key = table.loc[number, ["indicator", "area_set", "area_id", "period"]].tolist()
    rows = truth.set_index(["indicator", "area_set", "area_id", "period"]).loc[[tuple(key)]]
    for name in ("value", "numerator", "denominator"):
        table.loc[number, name] = rows[name].iloc[0]
    path = found.folder / found.audience.value / "observations.parquet"
    schema = pq.read_schema(path)
    pq.write_table(pa.Table.from_pandas(table[list(OBSERVATION_COLUMNS)], schema=schema, preserve_index=False), path)
    return edition.as_it_lies(found.folder.parent, found.id, found.audience)


def test_a_figure_unhidden_by_hand_on_disk_is_not_read_and_not_proved(town: Workspace) -> None:
    with_patch(town)
    found = built(town)
    assert proofs.check(town.internal, found) == ()
    staff = edition.read(town.editions, found.id, Audience.STAFF)
    problems = proofs.check(town.internal, unhide(found, staff.observations))
    assert problems
    assert "what is shown tells what must be hidden" in str(problems[0])
    with pytest.raises(DamagedError, match=r"public/observations\.parquet is not as it was written"):
        edition.read(town.editions, found.id, Audience.PUBLIC)
    assert edition.read(town.editions, found.id, Audience.SSP).id == found.id  # its own files are whole


def test_an_edition_of_another_machine_is_not_known_here(town: Workspace) -> None:
    found = built(town)
    shutil.rmtree(town.internal)
    assert proofs.check(town.internal, found) is None
    assert len(found.observations)
