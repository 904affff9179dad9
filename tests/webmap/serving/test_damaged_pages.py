"""What a reader is told of an edition that was changed by hand, and of one that cannot be read though nobody changed it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from geo.editions import edition as store
from geo.errors import DamagedError
from tests.readers import resigned
from tests.readers.signed import staff
from tests.towns import webtown
from webmap.app import ANOTHER_SHOWN, create_app
from webmap.edition import chosen
from webmap.settings import Settings


def test_a_damaged_edition_is_not_shown_and_shows_no_inside(tmp_path: Path) -> None:
    editions = tmp_path / "editions"
    broken = webtown.publish(editions)
    client = create_app(Settings(workspace=tmp_path)).test_client()
    (editions / broken.id / "public" / "judgements.json").write_text("[]")
    for address, told in (("/", "Tallene er blevet ændret og vises ikke"), ("/en/", "have been changed and are not shown")):
        answer = client.get(address)
        assert answer.status_code == 503
        assert told in answer.get_data(as_text=True)
        assert str(tmp_path) not in answer.get_data(as_text=True)
    assert client.get("/api/v1/goals").get_json()["error"]["code"] == "edition_damaged"


def test_a_server_does_not_start_on_damaged_editions_alone(tmp_path: Path) -> None:
    broken = webtown.publish(tmp_path / "editions")
    (tmp_path / "editions" / broken.id / "staff" / "judgements.json").write_text("[]")
    with pytest.raises(DamagedError, match=r"staff/judgements\.json is not as it was written"):
        create_app(Settings(workspace=tmp_path))


@pytest.mark.parametrize("when", ["before the server starts", "while it runs"])
def test_the_newest_whole_edition_is_shown_for_a_damaged_one_and_it_is_said(
    tmp_path: Path, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    editions, older, oldest = tmp_path / "editions", dt.date(2021, 5, 1), dt.date(2020, 5, 1)
    webtown.publish(editions, as_of=oldest)
    whole, broken = webtown.publish(editions, as_of=older), webtown.publish(editions)
    app = create_app(Settings(workspace=tmp_path)) if when == "while it runs" else None
    if app is not None:
        assert app.test_client().get("/healthz").get_json()["edition"] == broken.id
    path = editions / broken.id / "ssp" / "breaks.json"
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    if app is None:
        app = create_app(Settings(workspace=tmp_path))
    chosen.service(app).forget()  # else it is found within a second
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (
        200,
        {"status": ANOTHER_SHOWN, "edition": whole.id, "damaged": broken.id, "pages": "rendered"},
    )
    assert whole.id in (public := app.test_client().get("/").get_data(as_text=True))
    assert broken.id not in public
    assert f"Den udgave, der er gjort aktuel ({broken.id}), er beskadiget" in staff(app).get("/").get_data(as_text=True)
    assert f"The edition that was made current ({broken.id}) is damaged" in staff(app).get("/en/kort/tryg").get_data(as_text=True)
    assert [record.message for record in caplog.records if broken.id in record.message and whole.id in record.message]
    assert app.test_client().get(f"/?udgave={broken.id}").status_code == 503
    webtown.publish(editions)  # as a build does it: the edition is written anew
    chosen.service(app).forget()
    assert app.test_client().get("/healthz").get_json() == {"status": "ok", "edition": broken.id, "pages": "rendered"}
    assert "beskadiget" not in staff(app).get("/").get_data(as_text=True)


def test_shapes_changed_by_hand_while_the_server_runs_are_not_shown(tmp_path: Path) -> None:
    editions = tmp_path / "editions"
    town = webtown.publish(editions)
    app = create_app(Settings(workspace=tmp_path))
    client = app.test_client()
    assert client.get("/api/v1/areas.geojson?area_set=square").status_code == 200
    path = editions / town.id / "areas" / "square.geojson"
    path.write_bytes(path.read_bytes().replace(b"12.", b"13."))
    chosen.service(app).forget()  # else it is found within a second
    assert client.get("/api/v1/areas.geojson?area_set=square").status_code == 503


def test_an_edition_that_cannot_be_read_though_nobody_changed_it_is_our_fault(tmp_path: Path) -> None:
    editions = tmp_path / "editions"
    made = resigned.rewrite(editions / webtown.publish(editions).id, "public/judgements.json", lambda _: b"{")
    store.point(editions, made.name)
    answer = create_app(Settings(workspace=tmp_path)).test_client().get("/")
    assert answer.status_code == 500
    assert str(tmp_path) not in answer.get_data(as_text=True)
