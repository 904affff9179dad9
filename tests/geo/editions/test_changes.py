"""What changed between two editions: every difference is worked out by hand from two small editions."""

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest

from geo.editions import edition, figurechanges
from geo.editions.changes import compare
from geo.editions.comparison import ChangedField, Changes, EntryChange, FigureChange, LayerChange, Told
from geo.editions.contents import PublishedLayer
from geo.editions.edition import Edition
from geo.model.catalogue import ListEdition, Member
from geo.model.programmes import AreaRef, HotspotArea, Plan
from geo.model.results import OBSERVATION_COLUMNS, Breaks, Judgement, Leftover
from geo.model.sources import Cite
from geo.model.vocabulary import Audience, Reason, Text, Verdict
from tests.records.editions import contents
from tests.records.single import indicator, row, source

CITE = Cite(source="src")
NAN = float("nan")


def base(folder: Path, audience: Audience = Audience.STAFF) -> Edition:
    return edition.read(folder, edition.publish(folder, contents()).id, audience)


def rows(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.concat([row(**change) for change in changes], ignore_index=True)


def kinds(old: pd.DataFrame, new: pd.DataFrame) -> dict[tuple[str, str], str]:
    return {(change.area_id, change.period): change.kind for change in figurechanges.figures(old, new)}


def suppressed(**changes: object) -> dict[str, object]:
    return {"value": NAN, "status": "suppressed", "reason": "few", **changes}


def missing(**changes: object) -> dict[str, object]:
    return {"value": NAN, "status": "missing", "reason": "no_row", **changes}


def test_an_edition_beside_itself_has_no_changes(tmp_path: Path) -> None:
    same = base(tmp_path)
    changes = compare(same, same)
    assert changes.nothing
    assert (changes.figures, changes.inputs, changes.areas) == ((), (), ())


def test_a_revised_figure_says_from_what_to_what_and_by_how_much() -> None:
    old = row(value=44.1, low=40.0, high=48.2, numerator=441.0, denominator=1000.0, n=900.0, interval="wilson")
    new = row(value=42.0, low=38.0, high=46.0, numerator=420.0, denominator=1000.0, n=900.0, interval="wilson", status="provisional")
    before = Told(
        value=44.1, low=40.0, high=48.2, numerator=441.0, denominator=1000.0, n=900.0, status="final", definition="1", interval="wilson"
    )
    now = msgspec.structs.replace(before, value=42.0, low=38.0, high=46.0, numerator=420.0, status="provisional")
    assert figurechanges.figures(old, new) == (
        FigureChange(indicator="i", area_set="s", area_id="a", period="2010", kind="revised", before=before, now=now, by=-2.1),
    )


def test_every_way_in_which_a_figure_can_differ() -> None:
    old = rows(
        {"area_id": "same"}, {"area_id": "revised"}, {"area_id": "lost"}, {"area_id": "gone"}, {"area_id": "hidden"},
        missing(area_id="new"), suppressed(area_id="shown"), missing(area_id="hidden_from_nothing"), suppressed(area_id="reason"),
        suppressed(area_id="uncovered"), missing(area_id="still"), {"area_id": "doubt", "low": 45.0, "high": 55.0},
    )  # fmt: skip
    new = rows(
        {"area_id": "same", "row": "7", "file": "other.csv"}, {"area_id": "revised", "value": 51.0}, missing(area_id="lost"),
        suppressed(area_id="hidden"), {"area_id": "new"}, {"area_id": "added"}, {"area_id": "shown"},
        suppressed(area_id="hidden_from_nothing"), suppressed(area_id="reason", reason="protected"), missing(area_id="uncovered"),
        missing(area_id="still"), missing(area_id="nothing"), suppressed(area_id="hidden_at_once"), {"area_id": "doubt"},
        {"area_id": "source", "value": NAN, "status": "hidden_by_source", "reason": "hidden_at_source"},
    )  # fmt: skip
    assert {area: kind for (area, _), kind in kinds(old, new).items()} == {
        "revised": "revised", "doubt": "revised", "lost": "lost", "gone": "lost", "new": "new", "added": "new",
        "hidden": "hidden", "hidden_from_nothing": "hidden", "hidden_at_once": "hidden", "source": "hidden", "shown": "shown",
        "reason": "other_reason", "uncovered": "other_reason",
    }  # fmt: skip


@pytest.mark.parametrize("field", ["source", "locator", "quality", "note"])
def test_where_a_figure_comes_from_is_told(field: str) -> None:
    (change,) = figurechanges.figures(rows({"area_id": "a"}), rows({"area_id": "a", field: "another"}))
    assert (change.kind, getattr(change.now, field)) == ("other_origin", "another")
    (change,) = figurechanges.figures(rows({"area_id": "a"}), rows({"area_id": "a", "value": 1.0, field: "another"}))
    assert (change.kind, getattr(change.now, field)) == ("revised", "another")


def test_figures_of_two_definitions_have_no_difference() -> None:
    (change,) = figurechanges.figures(row(value=40.0), row(value=50.0, definition="2"))
    assert (change.kind, change.by, change.before.definition, change.now.definition) == ("revised", None, "1", "2")


def test_order_of_rows_does_not_matter_and_changes_are_sorted() -> None:
    old, new = rows({"area_id": "b"}, {"area_id": "a"}), rows({"area_id": "a", "value": 1.0}, {"area_id": "b", "value": 2.0})
    assert [change.area_id for change in figurechanges.figures(old, new)] == ["a", "b"]
    assert figurechanges.figures(old, new) == figurechanges.figures(old[::-1], new[::-1])


def test_areas_that_gain_or_lose_an_indicator_altogether(tmp_path: Path) -> None:
    whole = base(tmp_path)
    old = replace(whole, observations=rows({"area_id": "a"}, {"area_id": "b"}, missing(area_id="c"), {"area_id": "d", "period": "2009"}))
    new = replace(whole, observations=rows({"area_id": "a"}, missing(area_id="b"), {"area_id": "c"}, {"area_id": "d", "period": "2011"}))
    assert [(area.area_id, area.gained, area.lost) for area in compare(old, new).areas] == [("b", (), ("i",)), ("c", ("i",), ())]


def judgement(target: str, **said: object) -> Judgement:
    return Judgement(**{"goal": "g", "indicator": "i", "area_set": "s", "target": target, **said})  # type: ignore[arg-type]  # `said` has fields of several types


def test_a_verdict_that_flips_says_both_with_their_reasons(tmp_path: Path) -> None:
    whole = base(tmp_path)
    undecided = judgement("t", verdict=Verdict.UNDECIDED, reason=Reason.COVERS_PATH, latest=5.0)
    reached = judgement("t", verdict=Verdict.REACHED, latest=9.0, latest_period="2011")
    kept, same = (judgement("kept", verdict=Verdict.ON_TRACK, latest=latest) for latest in (1.0, 2.0))
    old = replace(whole, judgements=(kept, undecided))
    new = replace(whole, judgements=(same, reached, judgement("u", reason=Reason.NO_LATEST)))
    flipped, added = compare(old, new).verdicts
    assert flipped.before is not None
    assert (flipped.target, flipped.before.verdict, flipped.before.reason) == ("t", Verdict.UNDECIDED, Reason.COVERS_PATH)
    assert flipped.now is not None
    assert (flipped.now.verdict, flipped.now.reason, flipped.now.latest_period) == (Verdict.REACHED, None, "2011")
    assert added.now is not None
    assert (added.target, added.before, added.now.reason) == ("u", None, Reason.NO_LATEST)


def entries(folder: Path, **parts: tuple[object, object]) -> tuple[EntryChange, ...]:
    whole = base(folder)
    old, new = (replace(whole, catalogue=msgspec.structs.replace(whole.catalogue, **{k: v[i] for k, v in parts.items()})) for i in (0, 1))
    return compare(old, new).entries


def test_entries_of_the_catalogue_come_go_and_change_by_field(tmp_path: Path) -> None:
    kept = source(None, "kept")
    changed = entries(
        tmp_path,
        sources=((kept, source(None, "old")), (msgspec.structs.replace(kept, retrieved=dt.date(2021, 1, 1)), source(None, "new"))),
        indicators=((indicator(decimals=0),), (indicator(decimals=1),)),
    )
    assert changed == (
        EntryChange(
            part="source", id="kept", kind="changed", fields=(ChangedField(name="retrieved", before="2020-01-01", now="2021-01-01"),)
        ),
        EntryChange(part="source", id="new", kind="new"),
        EntryChange(part="source", id="old", kind="gone"),
        EntryChange(part="indicator", id="i", kind="changed", fields=(ChangedField(name="decimals", before=0, now=1),)),
    )


def test_a_list_says_which_areas_came_and_went(tmp_path: Path) -> None:
    words = Text(da="x", en="x")

    def listed(*names: str) -> ListEdition:
        members = tuple(Member(name=name) for name in names)
        return ListEdition(id="l", family="f", name=words, published="2010", definition=words, cite=CITE, members=members)

    (changed,) = entries(tmp_path, lists=((listed("A", "B"),), (listed("B", "C"),)))
    assert (changed.part, changed.came, changed.went) == ("list", ("C",), ("A",))
    assert [field.name for field in changed.fields] == ["members"]


def test_plans_hotspots_and_what_stands_beside_them(tmp_path: Path) -> None:
    known = base(tmp_path).catalogue
    place = AreaRef(area_set="s", area_id="a")
    plans = msgspec.structs.replace(known.plans, plans=(*known.plans.plans, Plan(id="p", name="P", areas=(place,))))
    spot = HotspotArea(area=place, valid_from="2010", residents=100, cite=CITE)
    hotspots = msgspec.structs.replace(known.hotspots, areas=(spot,), note=Text(da="ny", en="new"))
    changed = entries(tmp_path, plans=(known.plans, plans), hotspots=(known.hotspots, hotspots))
    assert [(entry.part, entry.id, entry.kind, entry.came) for entry in changed] == [
        ("plan", "p", "new", ("s/a",)),
        ("hotspot", "a", "new", ()),
        ("hotspot_programme", "", "changed", ()),
    ]


def test_classes_leftovers_and_files(tmp_path: Path) -> None:
    old = base(tmp_path)
    left = Leftover(join="figures", area_set="s", side="row", count=2, names=("x", "y"))
    manifest = msgspec.structs.replace(old.manifest, leftovers=(left,), inputs=())
    new = replace(old, manifest=manifest, breaks={"i": Breaks(indicator="i", edges=(1.0, 2.0))})
    changes = compare(old, new)
    assert [(moved.indicator, moved.before, moved.now) for moved in changes.breaks] == [("i", None, (1.0, 2.0))]
    assert [(change.before, change.now) for change in changes.leftovers] == [(None, left)]
    assert [(change.before.path, change.now) for change in changes.inputs if change.before] == [("x.csv", None)]


def layered(folder: Path, features: dict[str, str], **about: object) -> Edition:
    """An edition of one area set: outlines by code."""
    made = contents()
    layer = made.layers[0].about
    areas = tuple(msgspec.structs.replace(layer.areas[0], area_id=code, name=code.upper()) for code in features)
    written = ",".join(f'{{"type":"Feature","properties":{{"area_id":"{code}"}},"geometry":{line}}}' for code, line in features.items())
    geojson = f'{{"type":"FeatureCollection","features":[{written}]}}'.encode()
    published = PublishedLayer(msgspec.structs.replace(layer, areas=areas, **about), geojson)
    return edition.read(folder, edition.publish(folder, replace(made, layers=[published])).id, Audience.PUBLIC)


def test_boundaries_name_the_areas_that_came_went_and_were_redrawn(tmp_path: Path) -> None:
    old = layered(tmp_path, {"a": '{"type":"Point","coordinates":[1,2]}', "b": "null", "c": "null"})
    new = layered(tmp_path, {"a": '{"type":"Point","coordinates":[1,3]}', "c": "null", "d": "null"}, title="anew")
    assert compare(old, new).layers == (
        LayerChange(area_set="s", kind="changed", came=("d",), went=("b",), redrawn=("a",), fields=("title",)),
    )
    assert compare(replace(old, layers={}), new).layers == (LayerChange(area_set="s", kind="new", came=("a", "c", "d")),)
    assert compare(old, replace(new, layers={})).layers == (LayerChange(area_set="s", kind="gone", went=("a", "b", "c")),)


def test_editions_of_two_audiences_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two audiences: public and staff"):
        compare(base(tmp_path, Audience.PUBLIC), base(tmp_path, Audience.STAFF))


def test_changes_are_written_to_json_and_read_back(tmp_path: Path) -> None:
    old = layered(tmp_path, {"a": "null", "b": "null"})
    changes = compare(old, replace(layered(tmp_path, {"a": "null", "c": "null"}), observations=row(area_id="c")))
    written = msgspec.json.encode(changes)
    assert msgspec.json.decode(written, type=Changes) == changes
    assert b"NaN" not in written


def test_a_hundred_thousand_figures_are_compared_in_seconds_at_most() -> None:
    """The reach is under one second (0.5 s were measured when every figure differs); the test allows for a loaded machine."""
    count = 100_000
    plain: dict[str, object] = {name: np.full(count, "", dtype=object) for name in OBSERVATION_COLUMNS}
    plain |= {"area_id": np.array([f"{number:06d}" for number in range(count)], dtype=object), "status": "final"}
    plain |= {name: np.arange(count, dtype=float) for name in ("value", "numerator", "denominator", "n", "low", "high")}
    old = pd.DataFrame(plain)
    began = time.process_time()
    changes = figurechanges.figures(old, old.assign(value=old["value"] + 1))
    assert time.process_time() - began < 5
    assert len(changes) == count
    assert {change.by for change in changes} == {1.0}
