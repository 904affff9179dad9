"""Turns the safety survey's rows of `facts/public_figures.csv` into a CSV that `omraadekort import observations` takes.

    python tests/records/survey.py ../shared/facts/public_figures.csv > tryghed.csv

One row there holds several figures ("90; 85; 51"); here each is a row of its own, with the row's number as its locator.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from geo.files.schema import HEADER
from geo.inputs.areagroups import slug

TOPIC = "tryghed per bydel"
SOURCES = {"survey 2025; police 2024": ("kk-tryghed-2025", "2025", "2024"), "survey 2026; police 2025": ("kk-tryghed-2026", "2026", "2025")}
OTHER_NAMES = {"Kgs. Enghave": "Kongens Enghave"}


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The figures of the survey of 2025 and 2026, a dict of HEADER each."""
    with path.open(encoding="utf-8", newline="") as stream:
        for fact in csv.DictReader(stream):
            if fact["topic"] != TOPIC:
                continue
            source, survey, police = SOURCES[fact["period"]]
            figures = dict(zip((name.strip() for name in fact["measure"].split(";")), fact["value"].split("; "), strict=True))
            place = {"area_set": "kommune", "area_id": "0101"}
            if fact["area"] != "København":
                place = {"area_set": "tryghedsdistrikt", "area_id": slug(OTHER_NAMES.get(fact["area"], fact["area"]))}
            shared = dict.fromkeys(HEADER, "") | place | {"status": "final", "source": source, "locator": fact["id"]}
            yield shared | {"indicator": "tryg_nabolag", "period": survey, "value": figures["safe in the neighbourhood"]}
            if "safe evening/night" in figures:
                yield shared | {"indicator": "tryg_aften", "period": survey, "value": figures["safe evening/night"]}
            reported = figures.get("reports per 1,000") or figures["reported offences per 1,000"]
            yield shared | {"indicator": "anmeldelser", "period": police, "value": reported, "numerator": figures.get("reports", "")}


def write(path: Path) -> str:
    """The CSV, sorted as observations are."""
    lines = sorted(rows(path), key=lambda row: [row[name] for name in HEADER[:4]])
    return "\n".join([",".join(HEADER), *(",".join(row.values()) for row in lines)]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write(Path(sys.argv[1])))
