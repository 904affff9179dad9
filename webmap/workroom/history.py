"""Who changed what in the catalogue: the lines that publications have added to the history of the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from geo.model.forms.proposed import RecordedProposal

FILE: Final = "catalogue-history.jsonl"
"""The history of a workspace, a line of JSON a change (`geo.inputs.entries.history` writes it)."""
MOST: Final = 500
"""Lines that a page shows."""


def lines(workspace: Path, *, kind: str = "", entry: str = "") -> tuple[RecordedProposal, ...]:
    """Return the newest lines, of all or of one kind or entry, newest first. A half line of a killed process is left out."""
    try:
        written = (workspace / FILE).read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    fitting: list[RecordedProposal] = []
    for line in reversed(written):
        try:
            each = msgspec.json.decode(line, type=RecordedProposal)
        except msgspec.DecodeError:
            continue
        if kind in ("", each.kind) and entry in ("", each.id):
            fitting.append(each)
        if len(fitting) >= MOST:
            break
    return tuple(fitting)
