"""The resources of the API that are tables of figures: in every format of `FORMATS` that can hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd
from flask import request

from geo.editions.edition import Edition
from webmap.access import log_figures
from webmap.edition import rows as edition_rows
from webmap.edition import sources
from webmap.edition.reader import Reader
from webmap.figures import modelled, records
from webmap.figures.api.parameters import PARAMETERS, needed, one_of
from webmap.figures.formats import listed
from webmap.figures.formats.table import FigureTable, Format, boundaries
from webmap.urls import DEMO

Writer = Callable[[Reader], str | bytes]
"""Writes a resource for a reader."""


@dataclass(frozen=True)
class TableResource:
    """A resource that is a table. records: of the rows asked for."""

    columns: Sequence[str]
    records: Callable[[Reader, pd.DataFrame], Sequence[Mapping[str, Any]]]


def _observations(reader: Reader, asked: pd.DataFrame) -> Sequence[Mapping[str, Any]]:
    return tuple(records.records(reader, asked, root=request.script_root))


def _modelled(reader: Reader, asked: pd.DataFrame) -> Sequence[Mapping[str, Any]]:
    return modelled.records(reader, asked)


TABLES: Final[Mapping[str, TableResource]] = {
    "observations": TableResource(records.COLUMNS, _observations),
    "modelled": TableResource(modelled.COLUMNS, _modelled),
}
"""By the name of the resource."""


def writers(name: str) -> Mapping[str, Writer]:
    """The formats of a table and what writes it in each."""
    return {each.ending: partial(_written, name, each) for each in listed.holding(TABLES[name].columns, one_map=True)}


def _written(name: str, kind: Format, reader: Reader) -> bytes:
    """A table in a format. Raises ApiError when the format holds one map and the address asks for more."""
    if kind.one_map:
        needed(*PARAMETERS[name])
    return kind.write(_table(name, reader))


def _table(name: str, reader: Reader) -> FigureTable:
    """The table that the parameters ask for."""
    edition, asked = reader.edition, _asked(reader.edition)
    layers = [edition.layers[each] for each in edition_rows.drawable(edition) if each in {*asked["area_set"]}]
    kinds = {kind.id: kind.name.in_(reader.language) for kind in edition.catalogue.area_sets}
    figures = TABLES[name].records(reader, asked)
    kept = {key: request.args[key] for key in (*PARAMETERS[name], "audience", DEMO) if request.args.get(key)}
    return FigureTable(
        reader=reader,
        name=name,
        columns=TABLES[name].columns,
        records=figures,
        indicators=tuple(each for each in edition.catalogue.indicators if each.id in {*asked["indicator"]}),
        area_set=one_of("area_set", edition_rows.drawable(edition)),
        set_name=", ".join(kinds.get(layer.id, layer.title) for layer in layers),
        boundaries=boundaries(layers),
        sources=sources.named(reader, asked["source"]),
        demo=bool(figures) and all(record.get("demo") for record in figures),
        link=f"{request.script_root}/api/v1/{name}?{urlencode({**kept, 'lang': reader.language, 'edition': edition.id})}",
    )


def _asked(edition: Edition) -> pd.DataFrame:
    """The observations that the parameters ask for."""
    table = edition.observations
    wanted = {
        "indicator": one_of("indicator", tuple(indicator.id for indicator in edition.catalogue.indicators)),
        "area_set": one_of("area_set", edition_rows.drawable(edition)),
        "period": one_of("period", tuple(sorted(table["period"].unique()))),
    }
    for column, value in wanted.items():
        if value:
            table = table[table[column] == value]
    log_figures(area=wanted["area_set"], indicator=wanted["indicator"], figures=int(table["value"].notna().sum()))
    return table
