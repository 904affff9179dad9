"""What a reader is told of an edition that was changed by hand, and of one that cannot be read though nobody changed it."""

from __future__ import annotations

from pathlib import Path

from geo.editions import edition as store
from tests.readers import resigned
from tests.towns import webtown
from webmap.app import create_app
from webmap.settings import Settings


def test_a_damaged_edition_is_not_shown_and_shows_no_inside(tmp_path: Path) -> None:
    editions = tmp_path / "editions"
    broken = webtown.publish(editions)
    (editions / broken.id / "public" / "judgements.json").write_text("[]")
    client = create_app(Settings(workspace=tmp_path)).test_client()
    for address, told in (("/", "Tallene er blevet ændret og vises ikke"), ("/en/", "have been changed and are not shown")):
        answer = client.get(address)
        assert answer.status_code == 503
        assert told in answer.get_data(as_text=True)
        assert str(tmp_path) not in answer.get_data(as_text=True)
    assert client.get("/api/v1/goals").get_json()["error"]["code"] == "edition_damaged"


def test_shapes_changed_by_hand_while_the_server_runs_are_not_shown(tmp_path: Path) -> None:
    editions = tmp_path / "editions"
    town = webtown.publish(editions)
    client = create_app(Settings(workspace=tmp_path)).test_client()
    assert client.get("/api/v1/areas.geojson?area_set=square").status_code == 200
    path = editions / town.id / "areas" / "square.geojson"
    path.write_bytes(path.read_bytes().replace(b"12.", b"13."))
    assert client.get("/api/v1/areas.geojson?area_set=square").status_code == 503


def test_an_edition_that_cannot_be_read_though_nobody_changed_it_is_our_fault(tmp_path: Path) -> None:
    editions = tmp_path / "editions"
    made = resigned.rewrite(editions / webtown.publish(editions).id, "public/judgements.json", lambda _: b"{")
    store.point(editions, made.name)
    answer = create_app(Settings(workspace=tmp_path)).test_client().get("/")
    assert answer.status_code == 500
    assert str(tmp_path) not in answer.get_data(as_text=True)
