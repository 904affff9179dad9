"""What an import changes of the figures that a workspace shows: new ones, changed ones, and those that another file says later."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

KEY: Final = ["indicator", "area_set", "area_id", "period"]
_SAID: Final = ["value", "status", "numerator", "denominator", "n", "low", "high"]
_MOST: Final = 10


@dataclass(frozen=True)
class FigureChanges:
    """How many figures of a file are new, change one that was shown, are as they were, or are older than the one shown.

    revised: the changed ones in words, up to ten.
    """

    new: int
    changed: int
    same: int
    superseded: int
    revised: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Give the lines in which a person is told."""
        parts = (
            (self.new, "new"),
            (self.changed, "changed"),
            (self.same, "as before"),
            (self.superseded, "superseded by a file that was fetched later"),
        )
        yield "  figures: " + ", ".join(f"{number} {words}" for number, words in parts if number or words in ("new", "changed"))
        yield from (f"    {line}" for line in self.revised)
        if self.changed > len(self.revised):
            yield f"    and {self.changed - len(self.revised)} more"


def changes(rows: pd.DataFrame, shown: pd.DataFrame) -> FigureChanges:
    """Compare the figures of a file with those that the workspace shows.

    rows, shown: OBSERVATION_COLUMNS and `retrieved`, the day of the file of each (YYYY-MM-DD).
    """
    both = rows.merge(shown, on=KEY, how="left", suffixes=("", "_shown"), indicator=True)
    there = both["_merge"] == "both"
    equal = pd.Series(True, index=both.index)
    for name in _SAID:
        equal &= (both[name] == both[f"{name}_shown"]) | (both[name].isna() & both[f"{name}_shown"].isna())
    older = there & ~equal & (both["retrieved"] < both["retrieved_shown"])
    changed = there & ~equal & ~older
    revised = tuple(_words(row) for row in both[changed].head(_MOST).to_dict("records"))
    return FigureChanges(int((~there).sum()), int(changed.sum()), int((there & equal).sum()), int(older.sum()), revised)


def _words(row: Mapping[Hashable, Any]) -> str:
    key = f"{row['indicator']}, {row['area_set']} {row['area_id']}, {row['period']}"
    return f"{key}: {_figure(row['value_shown'], row['status_shown'])} -> {_figure(row['value'], row['status'])}"


def _figure(value: float, status: str) -> str:
    return status if math.isnan(value) else f"{value:.10g}"
