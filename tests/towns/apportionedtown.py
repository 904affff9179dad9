"""The toy town with figures of its squares, apportioned to the patch over the middle: a quarter of each, by area."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from geo.files.workspace import Workspace
from geo.model.indicators import Apportionment, Indicator
from geo.model.rules import Rule, Threshold
from geo.model.vocabulary import Audience
from tests.towns import toytown

FROM_SQUARES = Apportionment(source="square", to=("patch",), by="area")
COUNTED = (
    # the patch has a quarter of each square: residents 100, 200, 300, 400; poor 10 of 100, 40 of 200, 30 of 300, 120 of 400
    "beboere,square,0101,2010,100,,,,,,final,survey,,",
    "beboere,square,0102,2010,200,,,,,,final,survey,,",
    "beboere,square,0103,2010,300,,,,,,final,survey,,",
    "beboere,square,0104,2010,400,,,,,,final,survey,,",
    "fattig,square,0101,2010,10,10,100,,,,final,survey,,",
    "fattig,square,0102,2010,20,40,200,,,,final,survey,,",
    "fattig,square,0103,2010,10,30,300,,,,final,survey,,",
    "fattig,square,0104,2010,30,120,400,,,,final,survey,,",
)


def asked(**changes: object) -> list[Indicator]:
    """The toy town's indicators, the count and a new share of them apportioned to the patch."""
    sets = {"area_sets": ("square", "patch"), "apportioned": FROM_SQUARES, "basis": "register"} | changes
    survey, counted, people = toytown.indicators()
    share = msgspec.structs.replace(people, id="fattig", name=toytown.text("Fattige"), **({"kind": "share", "rule": "few"} | sets))
    return [survey, counted, msgspec.structs.replace(people, **sets), share]


def town(folder: Path, *, rows: Sequence[str] = COUNTED, indicators: Sequence[Indicator] = (), least: int = 0) -> Workspace:
    """The toy town with those indicators; staff read all, the public no count under `least`."""
    made = toytown.write(folder)
    toytown.toml(made.data / "indicators.toml", indicator=list(indicators or asked()))
    open_ = {audience: Threshold() for audience in Audience}
    few = open_ | {Audience.PUBLIC: Threshold(min_count=least, min_denominator=2 * least)}
    rules = [Rule(id=name, name=toytown.text(name), thresholds=limits) for name, limits in (("open", open_), ("few", few))]
    toytown.toml(made.data / "disclosure.toml", rule=rules)
    figures = made.folder / toytown.FIGURES
    figures.write_text(toytown.csv([*toytown.ROWS, *rows]), encoding="utf-8")
    toytown.write_sidecar(figures)
    return made
