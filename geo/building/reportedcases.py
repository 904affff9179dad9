"""The year's cases of discrimination as an edition shows them, protected against the editions that are out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from geo.disclosure import cases
from geo.editions import edition, manifests
from geo.errors import EditionError, Problem
from geo.model.catalogue import Catalogue
from geo.model.reported.discrimination import ShownCases


class _Written(msgspec.Struct):
    """Of the catalogue of an edition, what it shows of cases; editions from before have none."""

    shown_cases: tuple[ShownCases, ...] = ()


def protected(known: Catalogue, editions: Path) -> Catalogue:
    """Return the catalogue with what everybody may see of the cases instead of the cases. Raises EditionError for an edition not read."""
    if not known.cases:
        return msgspec.structs.replace(known, cases=(), shown_cases=())
    out = _released(editions)
    limit = cases.limit(known.rules)
    shown = tuple(
        cases.shown(year, limit=limit, earlier=[each for each in out if (each.measure, each.year) == (year.measure, year.year)])
        for year in known.cases
    )
    return msgspec.structs.replace(known, cases=(), shown_cases=shown)


def _released(editions: Path) -> Sequence[ShownCases]:
    """What every edition that lies there shows of cases; a damaged one is refused or mended elsewhere (geo.editions.released)."""
    released: list[ShownCases] = []
    for folder in edition.folders(editions):
        if manifests.damage(folder):
            continue
        try:
            released += msgspec.json.decode((folder / "catalogue.json").read_bytes(), type=_Written).shown_cases
        except (OSError, msgspec.MsgspecError) as error:
            raise EditionError(Problem(folder.name, "what it shows of cases cannot be read", found=str(error)[:200])) from None
    return released
