"""Modelled shares for the API: for exploring, labelled as such in every row, and from what the reader may read alone."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from geo.figures import means
from geo.figures.smoothing import empirical_bayes
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader
from webmap.figures import records as figure_records

COLUMNS: Final = ("indicator", "area_set", "area_id", "area_name", "period", "value", "n", "modelled", "model", "demo", "edition")
MODEL: Final = Text(
    da="modelleret (empirisk Bayes): til at se efter mønstre, ikke til domme",
    en="modelled (empirical Bayes): for exploring, not for verdicts",
)
_GROUP: Final = ["indicator", "area_set", "period", "definition"]


def records(reader: Reader, asked: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of COLUMNS for those of the observations asked for that are shares and can be modelled.

    asked: rows of the edition's observations, whole sets of areas and periods; the common level is that of the readable areas of one
    set, period and definition. n is the number of answers or persons that the share rests on.
    """
    kinds = {indicator.id: indicator.kind for indicator in reader.edition.catalogue.indicators}
    # Means stand where half-years are hidden: they are no whole set of areas.
    halves = means.without(asked, reader.edition.catalogue.indicators)
    shares = halves[halves["indicator"].map(kinds) == "share"]
    size = shares["n"].fillna(shares["denominator"])
    numbers = pd.Series(index=shares.index, dtype=float)
    for _, rows in shares.groupby(_GROUP):
        numbers[rows.index] = empirical_bayes(rows["value"], size[rows.index])
    kept = numbers.notna()
    more = {"model": MODEL.in_(reader.language)}
    triples = zip(figure_records.records(reader, shares[kept]), size[kept].tolist(), numbers[kept].tolist(), strict=True)
    return [{name: record.get(name) for name in COLUMNS} | {"n": n, "modelled": modelled} | more for record, n, modelled in triples]
