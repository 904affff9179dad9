"""Where a figure comes from: an observation of an edition followed back to source, file, row, definition, outlines, rule and hashes.

The trace of a register's figure ends at the count: it names the register and what was counted, never a row. The hash of a file is
shown only when the reader may read all of it: somebody who knows a whole file except one hidden figure could try every value of it
against the hash.
"""

from __future__ import annotations

import math
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

import msgspec

from geo.editions.edition import Edition
from geo.errors import NotFoundError, Problem
from geo.figures import parts
from geo.figures.parts import PartWeight
from geo.model.areas import AreaSetEdition
from geo.model.indicators import Definition, Indicator, RegisterMeasure
from geo.model.results import AreaLayer, InputFile
from geo.model.rules import Threshold
from geo.model.sources import Cite, Source
from geo.model.vocabulary import HAS_VALUE, Audience, Reason, Status, Text

INDICATORS, RULES = "data/indicators.toml", "data/disclosure.toml"
_NUMBERS: Final = ("value", "low", "high", "numerator", "denominator", "n")


class TracedFigure(msgspec.Struct, frozen=True, kw_only=True):
    """The figure itself, as the audience reads it; numbers are None where they are absent or hidden."""

    indicator: str
    area_set: str
    area_id: str
    area_name: str
    period: str
    value: float | None
    low: float | None
    high: float | None
    interval: str
    numerator: float | None
    denominator: float | None
    n: float | None
    status: Status
    reason: Reason | None


class CountOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """The source and the file that the figure was read from or counted in.

    locator: page, line or figure number in the source. row: the row of the file, its header being row 1; None for a register, and
    where the figure comes from no row. sheet: None for a file without sheets, such as a CSV. measure: what was counted in a register.
    weights: those that a count was moved between area sets with, "" where it was not moved.
    """

    source: Source | None
    locator: str
    file: InputFile | None
    sheet: str | None
    row: int | None
    measure: RegisterMeasure | None
    weights: str


class TracedPart(msgspec.Struct, frozen=True, kw_only=True):
    """An area that an apportioned figure was made from: its figure, as the audience reads it, and which share (0-1) of it was taken."""

    share: float
    figure: TracedFigure
    origin: CountOrigin


class OutlineOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """The edition of the area set, and the file with its outlines."""

    edition: AreaSetEdition
    title: str
    producer: str
    licence: str
    generalised: bool
    file: InputFile | None


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of disclosure control with the thresholds of this audience, and the file that it stands in."""

    rule: str
    name: Text | None
    note: Text | None
    cite: Cite | None
    threshold: Threshold | None
    hide_zero: bool
    hidden: bool
    file: InputFile | None


class Built(msgspec.Struct, frozen=True, kw_only=True):
    """The edition that the figure was read in: what built it, and the SHA-256 of the table that holds it."""

    edition: str
    format: int
    program: str
    as_of: str
    audience: Audience
    table: str
    sha256: str


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with everything that it rests on."""

    figure: TracedFigure
    origin: CountOrigin
    version: str
    definition: Definition | None
    definition_file: InputFile | None
    outlines: OutlineOrigin
    protection: Protection
    built: Built
    parts: tuple[TracedPart, ...] = ()
    """Of an apportioned figure, what it was made from."""


def trace(edition: Edition, indicator: str, area_set: str, area_id: str, period: str) -> Trace:
    """Follow a figure back to its origins. Raises NotFoundError naming the part that the edition does not have.

    An area without a row, in a period that others have rows for, is traced too; the trace then says that nothing was measured there.
    """
    measured = _indicator(edition, indicator)
    layer = edition.layers.get(area_set)
    if layer is None or layer.role != "areas":
        raise NotFoundError(Problem(area_set, "no such area set in this edition", expected=", ".join(edition.layers)))
    name = next((area.name for area in layer.areas if area.area_id == area_id), None)
    if name is None:
        raise NotFoundError(Problem(area_id, f"no such area in {area_set}"))
    row = _row(edition, indicator, area_set, area_id, period)
    files = {file.path: file for file in inputs(edition)}
    return Trace(
        figure=_figure(row, name),
        origin=_origin(row, edition, measured, files),
        version=row["definition"],
        definition=next((definition for definition in measured.definitions if definition.version == row["definition"]), None),
        definition_file=files.get(INDICATORS),
        outlines=_outlines(layer, files),
        protection=_protection(row, edition, measured, files),
        built=_built(edition),
        parts=tuple(_part(edition, measured, period, part, files) for part in parts.read(row["weights"])[1]),
    )


def place(edition: Edition, area: str, indicator: str) -> tuple[str, str]:
    """Return the area set and code that a person means by a code, a name, or `set/code`.

    Where several sets have the area, the one that the indicator is declared for is taken. Raises NotFoundError, saying what there is.
    """
    measured = _indicator(edition, indicator)
    wanted_set, _, wanted = area.rpartition("/")
    layers = [layer for layer in edition.layers.values() if layer.role == "areas" and wanted_set in ("", layer.id)]
    alike = {wanted, wanted.casefold()}
    matches = [
        (layer.id, candidate.area_id)
        for layer in layers
        for candidate in layer.areas
        if candidate.area_id in alike or candidate.name.casefold() in alike
    ]
    declared = [pair for pair in matches if pair[0] in measured.area_sets]
    best = declared or matches
    if not best:
        near = get_close_matches(
            wanted, {name for layer in layers for candidate in layer.areas for name in (candidate.name, candidate.area_id)}, n=1
        )
        expected = f"a code or a name; did you mean {near[0]}?" if near else "a code or a name"
        raise NotFoundError(Problem(area, "no such area in this edition", expected=expected))
    if len(best) > 1:
        raise NotFoundError(Problem(area, "several areas are called that", expected=", ".join("/".join(pair) for pair in best)))
    return best[0]


@lru_cache(maxsize=8)
def inputs(edition: Edition) -> tuple[InputFile, ...]:
    """Return the files that went into an edition, as its audience may know them.

    The SHA-256 of a register, and of a file that holds a figure hidden from the audience, is "".
    """
    table = edition.observations
    holding = set(table.loc[table["status"] == Status.SUPPRESSED.value, "file"])
    return tuple(
        msgspec.structs.replace(file, sha256="") if file.kind == "register" or file.path in holding else file
        for file in edition.manifest.inputs
    )


def periods(edition: Edition, indicator: str) -> tuple[str, ...]:
    """Return the codes of the periods for which the edition has rows of the indicator."""
    table = edition.observations
    return tuple(sorted(table.loc[table["indicator"] == indicator, "period"].unique()))


def _indicator(edition: Edition, id: str) -> Indicator:
    indicator = edition.catalogue.indicator(id)
    if indicator is None:
        raise NotFoundError(Problem(id, "no such indicator", expected=", ".join(listed.id for listed in edition.catalogue.indicators)))
    return indicator


def _row(edition: Edition, indicator: str, area_set: str, area_id: str, period: str) -> dict[str, Any]:
    table = edition.observations
    same = (table["indicator"] == indicator) & (table["period"] == period)
    rows = table[same & (table["area_set"] == area_set) & (table["area_id"] == area_id)].to_dict("records")
    if rows:
        return {str(name): content for name, content in rows[0].items()}
    known = periods(edition, indicator)
    if period not in known:
        raise NotFoundError(Problem(period, f"no figures of {indicator} in this period", expected=", ".join(known)))
    blank: dict[str, Any] = dict.fromkeys(table.columns, "") | dict.fromkeys(_NUMBERS, math.nan)
    here = {"indicator": indicator, "area_set": area_set, "area_id": area_id, "period": period, "interval": "none"}
    return blank | here | {"status": Status.NOT_MEASURED.value, "reason": Reason.NO_ROW.value}


def _figure(row: dict[str, Any], name: str) -> TracedFigure:
    """The figure; only one that has a value shows its numbers, whatever else the row holds."""
    shown = row["status"] in HAS_VALUE
    numbers = {key: None if not shown or math.isnan(row[key]) else float(row[key]) for key in _NUMBERS}
    return TracedFigure(
        indicator=row["indicator"],
        area_set=row["area_set"],
        area_id=row["area_id"],
        area_name=name,
        period=row["period"],
        interval=row["interval"],
        status=Status(row["status"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        **numbers,
    )


def _origin(row: dict[str, Any], edition: Edition, indicator: Indicator, files: dict[str, InputFile]) -> CountOrigin:
    file = files.get(row["file"])
    return CountOrigin(
        source=edition.catalogue.source(row["source"]),
        locator=row["locator"],
        file=file,
        sheet=None,
        row=int(row["row"]) if row["row"] else None,
        measure=indicator.register if file is not None and file.kind == "register" else None,
        weights=row["weights"],
    )


def _part(edition: Edition, measured: Indicator, period: str, part: PartWeight, files: dict[str, InputFile]) -> TracedPart:
    row = _row(edition, measured.id, part.area_set, part.area_id, period)
    area = edition.area(part.area_set, part.area_id)
    return TracedPart(
        share=part.share, figure=_figure(row, area.name if area else part.area_id), origin=_origin(row, edition, measured, files)
    )


def _outlines(layer: AreaLayer, files: dict[str, InputFile]) -> OutlineOrigin:
    return OutlineOrigin(
        edition=layer.edition,
        title=layer.title,
        producer=layer.producer,
        licence=layer.licence,
        generalised=layer.generalised,
        file=files.get(f"boundaries/{layer.of or layer.id}/{layer.edition.valid_from}.geojson"),
    )


def _protection(row: dict[str, Any], edition: Edition, indicator: Indicator, files: dict[str, InputFile]) -> Protection:
    rule = next((rule for rule in edition.catalogue.rules if rule.id == indicator.rule), None)
    return Protection(
        rule=indicator.rule,
        name=rule.name if rule else None,
        note=rule.note if rule else None,
        cite=rule.cite if rule else None,
        threshold=rule.thresholds.get(edition.audience) if rule else None,
        hide_zero=indicator.hide_zero,
        hidden=row["status"] == Status.SUPPRESSED,
        file=files.get(RULES),
    )


def _built(edition: Edition) -> Built:
    """Only the hash of this audience's table is shown: that of another would make it possible to test guesses at what is hidden."""
    table = f"{edition.audience.value}/observations.parquet"
    return Built(
        edition=edition.id,
        format=edition.manifest.format,
        program=edition.manifest.program,
        as_of=edition.manifest.as_of.isoformat(),
        audience=edition.audience,
        table=table,
        sha256=edition.manifest.files.get(table, ""),
    )
