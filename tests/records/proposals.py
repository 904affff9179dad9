"""Proposals for tests of forms, in a workspace with the embedded catalogue."""

from __future__ import annotations

import datetime as dt

from geo.files.workspace import Workspace
from geo.inputs.entries import listing, writing
from geo.model.forms.described import Typed, WrittenEntry
from geo.model.forms.proposed import EntryProposal, ProposalOutcome

NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
SOURCE: Typed = {
    "id": ("kk-ny",), "title": ("Ny rapport",), "short": ("Rapporten",), "producer": ("Københavns Kommune",),
    "retrieved": ("27.11.2026",), "quality": ("official",),
}  # fmt: skip


def write(city: Workspace, proposal: EntryProposal, who: str = "anna") -> ProposalOutcome:
    return writing.write(city, proposal, who=who, at=NOW, history_path=city.folder / "forms.jsonl", reason="prøve")


def entry(city: Workspace, kind: str, id: str) -> WrittenEntry:
    there = listing.read(city).entry(kind, id)
    assert there is not None
    return there


def changing(city: Workspace, kind: str, id: str, /, **changed: str) -> EntryProposal:
    """A form that was opened now, with some fields changed; `__` stands for a dot."""
    there = entry(city, kind, id)
    values = {**there.values, **{name.replace("__", "."): (text,) for name, text in changed.items()}}
    return EntryProposal(kind=kind, id=id, values=values, sha256=there.sha256, opened=there.values)


def text(city: Workspace, file: str) -> str:
    return (city.folder / file).read_text("utf-8")
