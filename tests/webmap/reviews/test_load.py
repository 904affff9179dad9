"""Nothing acknowledged is lost: twenty editors on one page behind two real processes; a server killed with -9 while it saves.

OMRAADEKORT_TEST_KILLS says how often the server is killed (20; `make kills` takes 200).
"""

from __future__ import annotations

import http.client
import os
import random
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.readers.roomserver import Editor, listening, start
from tests.readers.signed import staff
from tests.towns.reviewtown import PAGE, address, page_id, room
from webmap.reviews import writing
from webmap.reviews.store import database, saving
from webmap.reviews.store.records import Page

KILLS = int(os.environ.get("OMRAADEKORT_TEST_KILLS", "20"))
EDITORS, SAVES = 20, 10


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return room(tmp_path)


def everything(app: Flask) -> tuple[writing.Writing, str]:
    """The page as it is, and all that its history ever held."""
    with database.reading(address(app)) as session:
        page = session.scalar(sa.select(Page).where(Page.subject_id == "nord"))
        assert page is not None
        rows = saving.history(session, page.id)
        return writing.decode(page.content), "\n".join(row.after for row in rows)


def write(editor: Editor, number: int, kept: list[str], statuses: list[int]) -> None:
    """One person's work: a row of their own that grows, and the note that all want to write."""
    base, fields = 1, {"note": ""}
    row = f"actions/r{number}/text"
    for turn in range(SAVES):
        mine = {**fields, row: f"række {number} trin {turn}", "note": f"note af {number} trin {turn}"}
        status, answer = editor.save(base, mine)
        statuses.append(status)
        assert status in {200, 409}, answer
        kept += [mine[row], mine["note"]]
        if status == 200:
            base, fields = answer["version"], answer["fields"]
            assert fields[row] == mine[row]
            continue
        # In conflict on the note: keep the row, and take the note as the others have it next time.
        status, answer = editor.save(base, {**fields, row: mine[row]})
        statuses.append(status)
        assert status == 200, answer
        base, fields = answer["version"], answer["fields"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_twenty_editors_on_one_page_lose_nothing(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("fresh_postgresql") if kind == "postgresql" else ""
    app = room(tmp_path, url)
    editors = [Editor.of(staff(app, f"anna{n}"), PAGE, 0) for n in range(EDITORS)]
    database.engine(address(app)).dispose()  # no connection of ours goes with a fork
    kept: list[list[str]] = [[] for _ in editors]
    statuses: list[int] = []
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            write(editors[number], number, kept[number], statuses)
        except BaseException as error:
            failed.append(error)

    with listening() as place:
        servers = [start(app, place) for _ in range(2)]
        for editor in editors:
            editor.port = servers[0].port
        threads = [threading.Thread(target=work, args=(number,)) for number in range(EDITORS)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        for server in servers:
            server.kill()
    assert not failed
    page, past = everything(app)
    assert sorted(row.text for row in page.actions) == sorted(f"række {n} trin {SAVES - 1}" for n in range(EDITORS))
    lost = [words for own in kept for words in own if f'"{words}"' not in past]
    assert not lost
    assert page.note in {words for own in kept for words in own}
    assert statuses.count(409) > 0, "nobody met: the test shows nothing"
    print(f"{kind}: {len(statuses)} saves in {took:.1f} s, {statuses.count(409)} conflicts")


def test_a_server_killed_while_it_saves_loses_no_acknowledged_save(app: Flask) -> None:
    dice = random.Random(5)  # noqa: S311 - when to kill, the same each time
    editor = Editor.of(staff(app), PAGE, 0)
    database.engine(address(app)).dispose()
    version, count, kills, unanswered, took = 1, 0, 0, 0, 0.02
    with listening() as place:
        while kills < KILLS or unanswered <= KILLS // 4:  # on a machine that does much else it takes more kills to meet it at work
            kills += 1
            server = start(app, place)
            editor.port = server.port
            for _ in range(dice.randint(1, 3)):  # what is acknowledged must be there, whatever comes next
                count, began = count + 1, time.monotonic()
                version = saved(app, editor, version, f"gemt {count}")
                took = 0.8 * took + 0.2 * (time.monotonic() - began)
            killer = threading.Timer(dice.uniform(0, took), server.kill)
            killer.start()
            count, editor.patience = count + 1, took + 5.0  # killed before it took the connection, it leaves it to the next one
            try:
                version = saved(app, editor, version, f"gemt {count}")
            except (OSError, http.client.HTTPException):
                unanswered += 1
            killer.join()
            editor.patience = 300.0
    with database.engine(address(app)).connect() as connection:
        assert connection.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
    print(f"{kills} kills, {count} saves, {unanswered} without an answer")


def test_what_a_killed_server_left_in_the_queue_the_next_one_answers_and_nothing_is_lost(app: Flask) -> None:
    """Why the newest row may be older than what was acknowledged last: the connection outlives the server that it was made to."""
    editor = Editor.of(staff(app), PAGE, 0)
    database.engine(address(app)).dispose()
    with listening() as place:
        editor.port = place.getsockname()[1]
        waiting = editor.send(1, {"note": "gemt 1"})  # nobody serves, and the system takes the connection all the same
        server = start(app, place)
        saved(app, editor, 1, "gemt 2")
        answer = waiting.getresponse()
        assert answer.status in {200, 409}
        waiting.close()
        check(app, "gemt 1", 1)
        check(app, "gemt 2", 1)
        server.kill()


def saved(app: Flask, editor: Editor, version: int, words: str) -> int:
    """Save, and look in the history whether what was acknowledged is there; the version to go on from.

    A save whose answer was lost may be there: then the next one meets it and is set aside, which loses nothing either.
    """
    status, answer = editor.save(version, {"note": words})
    assert status in {200, 409}, answer
    return check(app, words, version)


def check(app: Flask, words: str, before: int) -> int:
    """Whether an acknowledged text is in the history, read by another process than the one that was killed; the version to go on from."""
    with database.reading(address(app)) as session:
        rows = saving.history(session, page_id(address(app)))
        # Not only the newest row: a request of the server that was killed may be answered by the next one, after this save.
        assert words in {writing.decode(row.after).note for row in rows}
        versions = [row.version for row in rows if row.version]
    database.engine(address(app)).dispose()
    assert versions == list(range(len(versions), 0, -1))
    assert versions[0] >= before
    return versions[0]
