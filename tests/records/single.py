"""One indicator, one row of figures, one source, as little as each can be."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from geo.model.indicators import Definition, Indicator
from geo.model.results import OBSERVATION_COLUMNS
from geo.model.sources import CautiousDesign, Source
from geo.model.vocabulary import Text

WORDS = Text(da="x", en="x")


def indicator(**changes: object) -> Indicator:
    plain = {
        "id": "i", "name": WORDS, "kind": "share", "unit": WORDS, "population": WORDS, "direction": "up", "theme": "t",
        "area_sets": ("s",), "definitions": (Definition(version="1", text=WORDS),), "rule": "r",
        "basis": "register",
    }  # fmt: skip
    return Indicator(**(plain | changes))  # type: ignore[arg-type]


def row(**changes: object) -> pd.DataFrame:
    nan = float("nan")
    plain = dict.fromkeys(OBSERVATION_COLUMNS, "") | dict.fromkeys(("numerator", "denominator", "n", "low", "high"), nan)
    plain |= {"indicator": "i", "area_set": "s", "area_id": "a", "period": "2010", "value": 50.0, "status": "final", "interval": "none"}
    plain |= {"definition": "1"}
    return pd.DataFrame([plain | changes])


def source(effect: float | None, id: str = "src") -> Source:
    chosen = None if effect is None else CautiousDesign(value=effect, note=WORDS)
    return Source(id=id, title="t", short="t", producer="p", retrieved=dt.date(2020, 1, 1), quality="official", design_effect=chosen)
