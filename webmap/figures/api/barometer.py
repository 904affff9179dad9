"""The integration barometer as a resource of the API, which the downloads of its page are too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from flask import request

from webmap.access import log_figures
from webmap.edition import sources
from webmap.edition.reader import Reader
from webmap.figures import barometer
from webmap.figures.api.parameters import PARAMETERS, one_of
from webmap.figures.api.tables import Writer
from webmap.figures.formats import listed
from webmap.figures.formats.table import FigureTable, Format
from webmap.urls import DEMO


def writers() -> Mapping[str, Writer]:
    """The formats that can hold the barometer, and what writes it in each."""
    return {each.ending: partial(_written, each) for each in listed.holding(barometer.COLUMNS, one_map=False)}


def _written(kind: Format, reader: Reader) -> bytes:
    policy, catalogue = one_of("policy", barometer.POLICIES), reader.edition.catalogue
    records = tuple(barometer.records(reader, policy, root=request.script_root))
    measured = {record["indicator"] for record in records}
    named = {record["area_set"] for record in records}
    log_figures(figures=sum(record["latest"] is not None for record in records))
    kept = {name: request.args[name] for name in (*PARAMETERS["barometer"], "audience", DEMO) if request.args.get(name)}
    link = {**kept, "lang": reader.language, "edition": reader.edition.id}
    return kind.write(
        FigureTable(
            reader=reader,
            name="barometer",
            columns=barometer.COLUMNS,
            records=records,
            indicators=tuple(indicator for indicator in catalogue.indicators if indicator.id in measured),
            area_set="",
            set_name=", ".join(area_set.name.in_(reader.language) for area_set in catalogue.area_sets if area_set.id in named),
            boundaries="",
            sources=sources.named(reader, (record["source"] for record in records)),
            demo=False,
            link=f"{request.script_root}/api/v1/barometer?{urlencode(link)}",
            headings=barometer.HEADINGS,
            heading=barometer.NAME.in_(reader.language),
        )
    )
