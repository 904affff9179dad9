"""A form of the catalogue that somebody sent: what stands in it, what it was opened with, and what was chosen where two people wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec
from werkzeug.datastructures import MultiDict

from geo.drafts.draft import ProposedEntry
from geo.errors import DraftError, Problem
from geo.model.forms.described import FormField, Typed
from geo.model.forms.proposed import EntryProposal
from webmap.serving import bodies

FIELD: Final = "felt:"
"""How the names of fields begin, before the path of the field."""
CHOICE: Final = "valg:"
"""How the names of choices between two texts begin; `deres` takes what the other wrote."""
LONGEST: Final = 100_000
"""Letters of one field."""


def stamp(entry: ProposedEntry) -> str:
    """A mark of a proposal as it is, so that whoever saves it again is known to have seen it."""
    return hashlib.sha256(msgspec.json.encode((entry.proposal, entry.by, entry.at), order="deterministic")).hexdigest()[:16]


def proposal(form: MultiDict[str, str], fields: tuple[FormField, ...], *, kind: str, id: str) -> EntryProposal:
    """Make the proposal that a form says. Raises DraftError for one that is not as our pages send it, and for too long a text."""
    values: dict[str, tuple[str, ...]] = {}
    lists = set(_lists(fields))
    for name, texts in form.lists():
        if not name.startswith(FIELD):
            continue
        path = name.removeprefix(FIELD)
        parts = [part for text in texts for part in (text.splitlines() if _plain(path) in lists else [text])]
        if max(map(len, texts), default=0) > LONGEST:
            raise DraftError(Problem("", "too long", column=path, found=str(len(max(texts, key=len))), expected=str(LONGEST)))
        if written := tuple(part for part in parts if part.strip()):
            values[path] = written
    theirs = _typed(form.get("deres", ""))
    for name, chosen in form.items():
        if name.startswith(CHOICE) and chosen == "deres":
            path = name.removeprefix(CHOICE)
            values.pop(path, None)
            values |= {path: theirs[path]} if theirs.get(path) else {}
    return EntryProposal(
        kind=kind,
        id=id,
        values=values,
        removed=form.get("fjern") == "ja",
        sha256=form.get("sha256", ""),
        opened=_typed(form.get("aabnet", "")),
    )


def encoded(values: Typed) -> str:
    """What a form was opened with, as it goes with the form."""
    return msgspec.json.encode(values).decode()


def _typed(text: str) -> Typed:
    try:
        return bodies.decoded(text, Typed) if text else {}
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise DraftError(Problem("", "a form that is not one of ours", expected="the page opened again")) from None


def _lists(fields: tuple[FormField, ...], before: str = "") -> Mapping[str, None]:
    """Paths, without numbers of rows, of the fields that hold a text a line."""
    paths: dict[str, None] = {}
    for each in fields:
        if each.kind == "several":
            paths[f"{before}{each.name}"] = None
        paths |= _lists(each.fields, f"{before}{each.name}.")
    return paths


def _plain(path: str) -> str:
    parts = [part.partition("[")[0] for part in path.split(".")]
    return ".".join(parts)
