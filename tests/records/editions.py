"""One edition of one area, and a rule."""

from __future__ import annotations

import datetime as dt

from geo.disclosure.protect import protect
from geo.editions.contents import AudiencePart, Contents, PublishedLayer
from geo.model.areas import AreaSetEdition
from geo.model.catalogue import Catalogue
from geo.model.results import AreaInfo, AreaLayer, InputFile
from geo.model.rules import Rule, Threshold
from geo.model.vocabulary import Audience, Text
from tests.records.policy import catalogue, goal
from tests.records.single import indicator, row

RULE = Rule(
    id="r",
    name=Text(da="r", en="r"),
    thresholds={
        Audience.PUBLIC: Threshold(min_count=5, min_denominator=20, min_answers=50),
        Audience.STAFF: Threshold(min_count=3, min_denominator=10),
    },
)


def contents(value: float = 50.0) -> Contents:
    area = AreaInfo(area_id="a", name="A", point=(12.5, 55.7), box=(12.4, 55.6, 12.6, 55.8), km2=1.0)
    about = AreaLayer(
        id="s",
        edition=AreaSetEdition(id="s", valid_from=dt.date(2010, 1, 1)),
        title="t",
        producer="p",
        licence="l",
        generalised=True,
        areas=(area,),
    )
    table = row(value=value, numerator=4.0, denominator=100.0)
    parts = [
        AudiencePart(protect(table, indicators=[indicator()], rules=[RULE], audience=who), (), {})
        for who in (Audience.PUBLIC, Audience.STAFF)
    ]
    known: Catalogue = catalogue(goal())
    return Contents(
        catalogue=known,
        layers=[PublishedLayer(about, b'{"type":"FeatureCollection","features":[]}')],
        overlaps=(),
        parts=parts,
        inputs=[InputFile(path="x.csv", kind="observations", sha256="0", rows=1, retrieved=dt.date(2026, 11, 21))],
        leftovers=(),
    )
