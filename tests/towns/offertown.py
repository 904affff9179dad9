"""The toy town with a goal of three parts, day care, social offers and leisure, and figures of their use that a test writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import msgspec

from geo import pipeline
from geo.files.schema import HEADER
from geo.files.workspace import Workspace
from geo.model.goals import Baseline, Goal, Target
from geo.model.indicators import Indicator
from geo.model.sources import Cite
from geo.model.vocabulary import Text
from tests.towns import toytown

PARTS = {"dag": ("Brug af dagtilbud", "Use of day care"), "social": ("Brug af sociale tilbud", "Use of social offers"),
         "fritid": ("Brug af fritidstilbud", "Use of leisure")}  # fmt: skip
ROSE, FELL, SAME = (60, 90), (60, 30), (60, 62)
"""Users before and after, of a hundred in each of two squares."""
FILE = "data/use/2020-01-01/use.csv"


def indicators() -> list[Indicator]:
    """The toy town's, and a share of everybody in a register for each part."""
    plain = next(each for each in toytown.indicators() if each.id == "uden")
    more = {"direction": "up", "demo": False, "register": None, "basis": "register"}
    return toytown.indicators() + [
        msgspec.structs.replace(plain, id=name, name=Text(da=words[0], en=words[1]), **more) for name, words in PARTS.items()
    ]


def goal(**changes: object) -> Goal:
    """All three must rise from the second half of 2010 to the end of 2014."""
    cite = Cite(source="survey", locator="p. 1")
    plain = {
        "id": "M4", "policy": "2011-2014", "name": Text(da="Mål 4", en="Goal 4"), "direction": "up", "deadline": dt.date(2014, 12, 31),
        "question": Text(da="Bruger flere tilbuddene?", en="Do more use the offers?"), "wording": "Brugen skal stige.", "cite": cite,
        "targets": (Target(id="stige", name=Text(da="Brugen skal stige", en="Use must rise"), unit="direction", cite=cite),),
        "together": tuple(PARTS), "area_set": "square", "area_ids": ("0101", "0102"), "baseline": Baseline(period="2010H2"),
    }  # fmt: skip
    return Goal(**(plain | changes))


def rows(moved: Mapping[str, tuple[int, int]], *, areas: tuple[str, ...] = ("0101", "0102"), last: str = "2014H2") -> list[dict[str, str]]:
    """Figures of parts in two half-years, by the column of HEADER."""
    return [
        {"indicator": name, "area_set": "square", "area_id": area, "period": period, "value": f"{users}", "numerator": f"{users}",
         "denominator": "100", "status": "final", "source": "survey", "locator": "opdigtet til prøven"}
        for name, (before, after) in moved.items()
        for area in areas
        for period, users in (("2010H2", before), (last, after))
    ]  # fmt: skip


def table(figures: list[dict[str, str]], header: tuple[str, ...] = HEADER) -> str:
    """A CSV of figures."""
    return "\n".join([",".join(header), *(",".join(row.get(name, "") for name in header) for row in figures)]) + "\n"


def write(folder: Path, moved: Mapping[str, tuple[int, int]] | None = None, **changes: object) -> Workspace:
    """Write the town with its edition. moved: the parts that somebody has figures of; changes: of the goal."""
    place = toytown.write(folder)
    toytown.toml(place.data / "indicators.toml", indicator=indicators())
    toytown.toml(place.data / "goals.toml", goal=[toytown.goal(), goal(**changes)])
    if moved:
        path = place.folder / FILE
        path.parent.mkdir(parents=True)
        path.write_text(table(rows(moved)), encoding="utf-8")
        toytown.write_sidecar(path)
    pipeline.build(place)
    return place
