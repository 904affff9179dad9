"""A draft of the toy town: begun, worked on by the test itself, and what lies in the workspace."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

from geo.drafts import desk, kept, working
from geo.drafts.draft import Actor, Draft
from geo.files.workspace import INPUTS, Workspace

ANNA, BO = Actor(id="1", name="Anna"), Actor(id="2", name="Bo")
NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
HEADER = "indicator,area_set,area_id,period,value,low,high,n,numerator,denominator,status,source,locator,note"
NEW = f"{HEADER}\ntryg,square,0104,2013,90,,,100,,,final,survey,,\n"


def drafts(place: Workspace) -> Path:
    """The folder of all drafts."""
    return place.folder / kept.FOLDER


def begun(place: Workspace, *files: tuple[str, str]) -> str:
    """Begin a draft with files; its id."""
    draft = desk.begin(drafts(place), "Ny måling", by=ANNA, at=NOON)
    for name, text in files:
        desk.bring(drafts(place), draft.id, name, io.BytesIO(text.encode()), by=ANNA, at=NOON)
    return draft.id


def worked(place: Workspace, id: str, kind: str, *, by: Actor = ANNA, reason: str = "", two_people: bool = False) -> Draft:
    """Ask for work on a draft and do it."""
    desk.ask(drafts(place), id, kind, by=by, at=NOON, reason=reason, two_people=two_people)
    return working.run(place, id, store=lambda _edition: None)


def inputs(place: Workspace) -> dict[str, bytes]:
    """The input files of a workspace with their bytes."""
    paths = [path for name in INPUTS for path in sorted((place.folder / name).rglob("*")) if path.is_file()]
    return {path.relative_to(place.folder).as_posix(): path.read_bytes() for path in paths}
