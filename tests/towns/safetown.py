"""The map town with perceived safety, a rate of reports and a hotspot: what the SSP pages are tested with."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pandas as pd

from geo.disclosure.protect import Protected
from geo.editions import edition
from geo.editions.contents import AudiencePart, Contents
from geo.model.catalogue import Catalogue
from geo.model.programmes import AreaRef, HotspotArea
from geo.model.results import OBSERVATION_COLUMNS, Breaks, InputFile, Overlap
from geo.model.sources import Cite
from geo.model.vocabulary import Audience
from tests.towns import maptown, toytown
from tests.towns.maptown import NAN, absent, observation
from webmap.ssp import safety


def reported(**changes: object) -> dict[str, object]:
    """Reports per 1,000 residents in 2011, 40 (38-42) unless said otherwise."""
    plain = observation(indicator="anmeldt", definition="1", period="2011", value=40.0, low=38.0, high=42.0, interval="poisson")
    return plain | {"numerator": 1600.0, "n": NAN} | changes


ROWS = [
    *(observation(area_id="0101", area_set="kommune", period=period, value=66.0, low=64.0, high=68.0) for period in ("2010", "2011")),
    reported(area_id="0101", area_set="kommune"),
    observation(area_id="0101", value=70.0, low=65.0, high=75.0),
    observation(area_id="0101", period="2011", value=50.0, low=45.0, high=55.0),  # felt worse; fewer reports
    reported(area_id="0101", value=30.0, low=28.0, high=32.0),
    observation(area_id="0102", period="2011", value=80.0, low=75.0, high=85.0),  # felt better; more reports
    reported(area_id="0102", value=60.0, low=58.0, high=62.0),
    observation(area_id="0103", period="2011", value=50.0, low=45.0, high=55.0),  # felt worse; reports hidden
    absent(indicator="anmeldt", definition="1", area_id="0103", period="2011", status="suppressed", reason="few_answers"),
    observation(area_id="0104", period="2011", value=60.0, low=40.0, high=80.0),  # neither can be told
    reported(area_id="0104", value=41.0, low=37.0, high=45.0),
]
WORSE_IN_BOTH = [row for row in ROWS if row["area_id"] != "0104"] + [
    observation(area_id="0104", period="2011", value=40.0, low=35.0, high=45.0),
    reported(area_id="0104", value=80.0, low=77.0, high=83.0),
]


FELT_LATER = [
    *ROWS,  # 2012: a newer figure of what is felt, and none of what is reported; 0104 was not asked
    observation(area_id="0101", area_set="kommune", period="2012", value=66.0, low=64.0, high=68.0),
    observation(area_id="0101", period="2012", value=80.0, low=75.0, high=85.0),  # felt better than the city now
    observation(area_id="0102", period="2012", value=40.0, low=35.0, high=45.0),  # felt worse; more reports
    absent(area_id="0103", period="2012", status="suppressed", reason="few_answers"),
]
"""The two figures have 2011 in common, and what is felt is newer."""


OVERLAPS = tuple(
    Overlap(area_set="hotspot", area_id="plet", other_set="square", other_id=area, percent_of_area=of_spot, percent_of_other=of_square)
    for area, of_spot, of_square in (("0101", 90.0, 4.0), ("0102", 10.0, 0.4))
)


def catalogue(began: str = "2012-01-01") -> Catalogue:
    """The map town's catalogue with the survey and a rate in the theme of safety, and a hotspot."""
    plain = maptown.catalogue()
    tryg, uden, *others = plain.indicators
    tryg = msgspec.structs.replace(tryg, theme=safety.THEME)
    rate = msgspec.structs.replace(
        uden, id="anmeldt", name=toytown.text("Anmeldt"), kind="rate", per=1000, demo=False, register=None, theme=safety.THEME,
        unit=toytown.text("pr. 1.000"),
    )  # fmt: skip
    hot = HotspotArea(area=AreaRef(area_set="hotspot", area_id="plet"), valid_from=began, residents=9, cite=Cite(source="survey"))
    spots = msgspec.structs.replace(plain.hotspots, areas=(hot,))
    return msgspec.structs.replace(plain, indicators=(tryg, uden, rate, *others), hotspots=spots)


def publish(editions: Path, rows: list[dict[str, object]], began: str = "2012-01-01") -> str:
    """Write an edition with a public part, in which every figure is hidden, and an ssp part with these rows; returns its id.

    began: the day on which the hotspot began.
    """
    table = pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS)).sort_values(["indicator", "area_set", "area_id", "period"])
    gone = dict.fromkeys(("value", "n", "low", "high", "numerator", "denominator"), NAN) | {"interval": "none"}
    hidden = table.assign(**gone, status="suppressed", reason="few_answers")
    breaks = {"tryg": Breaks(indicator="tryg", edges=(50.0, 70.0)), "anmeldt": Breaks(indicator="anmeldt", edges=(40.0, 60.0))}
    parts = [AudiencePart(Protected(who, shown, ()), (), breaks) for who, shown in ((Audience.PUBLIC, hidden), (Audience.SSP, table))]
    whole = toytown.patch().assign(area_id="plet", name="Plet")
    layers = [*maptown.town_layers(), maptown.layer("hotspot", whole, partition=False)]
    made = Contents(
        catalogue=catalogue(began), layers=layers, overlaps=OVERLAPS, parts=parts, leftovers=(),
        inputs=[InputFile(path="x", kind="observations", sha256="0", rows=len(rows), retrieved=maptown.DAY)],
    )  # fmt: skip
    return edition.publish(editions, made).id
