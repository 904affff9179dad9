"""What has changed since an older edition: figures, answers and boundaries, compared with the edition that is current: `/aendret`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pandas as pd

from geo.editions.edition import Edition
from geo.model.indicators import Indicator
from geo.model.vocabulary import Period, Text
from webmap import urls
from webmap.edition.reader import Reader
from webmap.goals.answers import AnswerLine, answers
from webmap.language import wording

_KEY: Final = ["indicator", "area_set", "area_id", "period"]
_SAID: Final = ["value", "low", "high", "status"]


@dataclass(frozen=True)
class ChangedFigures:
    """How the figures of one indicator differ. periods: those that only the newer edition has, in words."""

    name: str
    page: str
    periods: tuple[str, ...]
    added: int
    changed: int
    gone: int


@dataclass(frozen=True)
class NewerView:
    """The page. Nothing in `figures`, `answers` and `boundaries` means that what the pages show is the same."""

    figures: tuple[ChangedFigures, ...]
    answers: tuple[AnswerLine, ...]
    boundaries: tuple[str, ...]
    before: str
    now: str
    same: bool


def view(old: Edition, reader: Reader) -> NewerView:
    """Put the differences of two editions into words."""
    return NewerView(
        figures=tuple(_figures(old, reader)),
        answers=answers(old, reader),
        boundaries=tuple(_boundaries(old, reader)),
        before=wording.date(old.manifest.as_of, reader.language),
        now=wording.date(reader.edition.manifest.as_of, reader.language),
        same=old.id == reader.edition.id,
    )


def _figures(old: Edition, reader: Reader) -> Sequence[ChangedFigures]:
    counts = _compared(old, reader.edition)
    indicators = {indicator.id: indicator for indicator in (*old.catalogue.indicators, *reader.edition.catalogue.indicators)}
    order = sorted((name for name in counts["indicator"].unique()), key=lambda name: (indicators[name].order, name))
    return [_line(indicators[name], counts[counts["indicator"] == name], reader) for name in order]


@lru_cache(maxsize=4)
def _compared(old: Edition, new: Edition) -> pd.DataFrame:
    """Rows that differ, with `kind`: added, changed or gone. A value that is absent in both is no difference."""
    both = old.observations[[*_KEY, *_SAID]].merge(new.observations[[*_KEY, *_SAID]], on=_KEY, how="outer", suffixes=("_old", "_new"))
    had, has = both["value_old"].notna(), both["value_new"].notna()
    numbers = [name for name in _SAID if name != "status"]
    pairs = [(both[f"{name}_old"], both[f"{name}_new"]) for name in numbers]
    unlike = pd.concat([then.ne(now) & ~(then.isna() & now.isna()) for then, now in pairs], axis=1)
    moved = had & has & (unlike.any(axis=1) | both["status_old"].ne(both["status_new"]))
    kind = pd.Series("same", index=both.index).mask(moved, "changed").mask(has & ~had, "added").mask(had & ~has, "gone")
    return both[_KEY].assign(kind=kind)[kind.ne("same")]


def _line(indicator: Indicator, rows: pd.DataFrame, reader: Reader) -> ChangedFigures:
    added = rows[rows["kind"] == "added"]
    known = set(rows.loc[rows["kind"] != "added", "period"])
    codes = sorted(set(added["period"]) - known, key=Period.parse)
    page = urls.link("maps.page", indicator=indicator.id, udgave=None) if reader.edition.catalogue.indicator(indicator.id) else ""
    return ChangedFigures(
        name=indicator.name.in_(reader.language),
        page=page,
        periods=tuple(wording.period(code, reader.language) for code in codes),
        added=len(added),
        changed=int((rows["kind"] == "changed").sum()),
        gone=int((rows["kind"] == "gone").sum()),
    )


def _boundaries(old: Edition, reader: Reader) -> Sequence[str]:
    kinds = {kind.id: kind.name.in_(reader.language) for kind in (*old.catalogue.area_sets, *reader.edition.catalogue.area_sets)}
    lines = []
    for name in sorted(old.layers.keys() | reader.edition.layers.keys()):
        words = kinds.get(name, name)
        if name not in old.layers:
            lines.append(Text(da=f"{words}: er kommet til", en=f"{words}: new").in_(reader.language))
        elif name not in reader.edition.layers:
            lines.append(Text(da=f"{words}: er taget ud", en=f"{words}: removed").in_(reader.language))
        elif old.manifest.files.get(f"areas/{name}.geojson") != reader.edition.manifest.files.get(f"areas/{name}.geojson"):
            lines.append(Text(da=f"{words}: er tegnet om", en=f"{words}: redrawn").in_(reader.language))
    return lines
