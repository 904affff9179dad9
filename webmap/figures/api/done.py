"""Resources of the API about what the city does: efforts, what they cost, plans of action, and municipal offers at their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from geo.figures import printedsums
from geo.model.efforts.effort import Effort, Facility, StatusFields
from geo.model.efforts.money import EconomyTable
from webmap.edition import approved
from webmap.edition.reader import Reader
from webmap.figures.api.tables import Writer
from webmap.figures.formats import csv_text

EFFORT_COLUMNS: Final = (
    "id", "kind", "no", "name", "committee", "owner", "applicant", "valid_from", "valid_to", "title", "economy", "origin", "target_group",
    "activities", "aim", "contribution", "follow_up", "status_period", "status", "goals", "areas", "points", "theme", "financed",
    "unfinanced", "cofinanced", "decision", "decided", "source", "locator",
)  # fmt: skip
"""Columns of the efforts as CSV: areas are `set/id`, points `lon lat`, money `year=million kroner`, several with a space between."""
ECONOMY_COLUMNS: Final = (
    "table",
    "row",
    "name",
    "within",
    "effort",
    "year",
    "printed",
    "computed_parts",
    "computed_lines",
    "computed_years",
)
"""Columns of the economy as CSV: a row for each printed amount, `year` "" for the printed total; million kroner."""
FACILITY_COLUMNS: Final = ("id", "name", "kind", "lon", "lat", "address", "valid_from", "valid_to", "source", "locator")

_json = msgspec.json.encode


def resources() -> dict[str, dict[str, Writer]]:
    """Return the resources of this module, and what writes each of them in the formats that it has."""
    return {
        "efforts": {"json": _of("efforts", "status_forms"), "csv": _efforts_csv},
        "economy": {"json": _economy_json, "csv": _economy_csv},
        "action_plans": {"json": _of("action_plans")},
        "facilities": {"json": _of("facilities"), "csv": _facilities_csv, "geojson": _facilities_geojson},
    }


def _of(*fields: str) -> Writer:
    return lambda reader: _json({"edition": reader.edition.id, **{field: getattr(reader.edition.catalogue, field) for field in fields}})


def _efforts_csv(reader: Reader) -> str:
    return csv_text.text((_flat(effort, reader) for effort in reader.edition.catalogue.efforts), EFFORT_COLUMNS)


def _flat(effort: Effort, reader: Reader) -> dict[str, Any]:
    """A row as the effort's page says it: an approved form stands in the place of the catalogue's fields."""
    form = approved.form_of(reader.edition.catalogue, effort)
    statuses = approved.statuses(reader.edition.catalogue, effort)
    last = statuses[-1] if statuses else None
    plain: dict[str, Any] = {name: getattr(effort, name) for name in EFFORT_COLUMNS if name in effort.__struct_fields__}
    if form:
        plain |= {name: getattr(form, name) for name in StatusFields.__struct_fields__}
    return plain | {
        "name": effort.name.in_(reader.language),
        "status_period": last.period if last else "",
        "status": last.text if last else "",
        "goals": " ".join(effort.goals),
        "areas": " ".join(f"{area.area_set}/{area.area_id}" for area in effort.areas),
        "points": "; ".join(f"{point.lon:g} {point.lat:g}" for point in effort.points),
        **{name: " ".join(f"{year}={amount:g}" for year, amount in sorted(getattr(effort, name).items())) for name in _MONEY},
        "decision": effort.outcome.decision if effort.outcome else "",
        "decided": effort.outcome.decided.isoformat() if effort.outcome else "",
        "source": effort.cite.source if effort.cite else "",
        "locator": effort.cite.locator if effort.cite else "",
    }


_MONEY: Final = ("financed", "unfinanced", "cofinanced")


def _economy_json(reader: Reader) -> bytes:
    tables = [
        {**msgspec.to_builtins(table), "sums": [_check(check) for check in printedsums.checks(table)]}
        for table in reader.edition.catalogue.economy
    ]
    return _json({"edition": reader.edition.id, "economy": tables})


def _check(check: printedsums.SumCheck) -> dict[str, Any]:
    return {
        "kind": check.kind, "row": check.row, "year": check.year, "printed": float(check.printed), "computed": float(check.computed),
        "difference": float(check.difference), "holds": check.holds,
    }  # fmt: skip


def _economy_csv(reader: Reader) -> str:
    return csv_text.text((line for table in reader.edition.catalogue.economy for line in _lines(table, reader.language)), ECONOMY_COLUMNS)


def _lines(table: EconomyTable, language: str) -> Iterator[dict[str, Any]]:
    sums = {(check.kind, check.row, check.year): float(check.computed) for check in printedsums.checks(table)}
    for row in table.rows:
        printed = {**row.amounts, **({"": row.total} if row.total is not None else {})}
        for year, amount in printed.items():
            computed = {f"computed_{kind}": sums.get((kind, row.no, year)) for kind in ("parts", "lines", "years")}
            about = {"table": table.id, "row": row.no, "name": row.name.in_(language), "within": row.within, "effort": row.effort}
            yield about | {"year": year, "printed": amount} | computed


def _facilities_csv(reader: Reader) -> str:
    return csv_text.text((_place(facility) for facility in reader.edition.catalogue.facilities), FACILITY_COLUMNS)


def _place(facility: Facility) -> dict[str, Any]:
    plain = {name: getattr(facility, name) or "" for name in ("id", "name", "kind", "address", "valid_from", "valid_to")}
    cited = {name: getattr(facility.cite, name) if facility.cite else "" for name in ("source", "locator")}
    return plain | cited | {"lon": facility.point.lon, "lat": facility.point.lat}


def _facilities_geojson(reader: Reader) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {name: value for name, value in _place(facility).items() if name not in ("lon", "lat")},
            "geometry": {"type": "Point", "coordinates": [facility.point.lon, facility.point.lat]},
        }
        for facility in reader.edition.catalogue.facilities
    ]
    return _json({"type": "FeatureCollection", "edition": reader.edition.id, "features": features})
