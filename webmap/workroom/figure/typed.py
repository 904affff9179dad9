"""A figure as a person types it, made into a table of one row in the form that every import reads, or said what is wrong with it."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo.model import periods
from geo.model.forms.described import FormsFile, Typed
from geo.model.ratios import PERCENT
from geo.model.vocabulary import Text

COLUMNS: Final = (
    "indicator", "area_set", "area_id", "period", "value", "numerator", "denominator", "n", "low", "high", "status", "source", "locator",
    "note",
)  # fmt: skip
"""The columns of a table of figures (geo.files.schema.HEADER)."""
STATUSES: Final[Mapping[str, Text]] = {
    "final": Text(da="endeligt", en="final"),
    "provisional": Text(da="foreløbigt", en="provisional"),
    "estimated": Text(da="skønnet", en="estimated"),
}
NUMBERS: Final = ("value", "numerator", "denominator", "n", "low", "high")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,10})?")
_TWO_READINGS: Final = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_NAME: Final = re.compile(r"[^a-z0-9]+")

_NO_NUMBER: Final = Text(da="det er ikke et tal: skriv for eksempel 61,3", en="this is no number: write for example 61.3")
_READ_TWICE: Final = Text(
    da="tallet kan læses på to måder: skriv det uden punktum og komma, eller med en decimal mere",
    en="the number can be read in two ways: write it without point and comma, or with another decimal",
)
_MISSING: Final = Text(da="skal udfyldes", en="must be filled in")
_UNKNOWN: Final = Text(da="vælg en fra listen", en="choose one of the list")
_NO_PERIOD: Final = Text(
    da="perioden kan ikke læses: skriv for eksempel 2026, 2026H1, 2026Q1 eller 2026-06",
    en="the period cannot be read: write for example 2026, 2026H1, 2026Q1 or 2026-06",
)
_NO_FIGURE: Final = Text(
    da="der mangler et tal: skriv værdien, eller tæller og nævner", en="a figure is missing: write the value, or numerator and denominator"
)
_HALF: Final = Text(da="skriv både tæller og nævner, eller ingen af dem", en="write both numerator and denominator, or neither")
_NOT_COUNTED: Final = Text(
    da="den indikator er ikke et antal, en andel eller en rate: skriv værdien",
    en="it is no count, share or rate: write the value",
)
_NO_DENOMINATOR: Final = Text(da="nævneren skal være over nul", en="the denominator must be above zero")


@dataclass(frozen=True)
class FigureFault:
    """What is wrong with a field of the form."""

    field: str
    words: Text


@dataclass(frozen=True)
class IndicatorChoice:
    """An indicator that a figure can be typed of. area_sets: those it is measured in; scale: what its share or rate is times, None."""

    id: str
    name: Text
    unit: Text
    kind: str
    scale: float | None
    area_sets: tuple[str, ...]


@dataclass(frozen=True)
class TypedFigure:
    """A row of a table of figures, and the name of the file that holds it."""

    row: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name of the file: what the figure is of."""
        said = "-".join(self.row[part] for part in ("indicator", "area_set", "area_id", "period"))
        return f"tal-{_NAME.sub('-', said.casefold()).strip('-')[:70]}.csv"

    def table(self) -> bytes:
        """The table of one row."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerow(dict(self.row))
        return out.getvalue().encode()


def indicators(forms: FormsFile) -> tuple[IndicatorChoice, ...]:
    """Return the indicators of a draft's catalogue that are not made up, in the order of their names in Danish."""
    made = (_choice(entry.values) for entry in forms.entries.get("indicator", ()) if entry.values.get("demo") != ("yes",))
    return tuple(sorted(made, key=lambda each: each.name.da))


def _choice(values: Typed) -> IndicatorChoice:
    def said(field: str) -> str:
        return next(iter(values.get(field, ())), "")

    kind, per = said("kind"), said("per").replace(",", ".")
    scale = float(PERCENT) if kind == "share" else float(per) if kind == "rate" and per else None
    name, unit = (Text(da=said(f"{field}.da"), en=said(f"{field}.en")) for field in ("name", "unit"))
    return IndicatorChoice(said("id"), name, unit, kind, scale, tuple(values.get("area_sets", ())))


def read(given: Mapping[str, str], indicator: IndicatorChoice, forms: FormsFile) -> TypedFigure | list[FigureFault]:
    """Return the figure that was typed, or everything that is wrong with it. given: what stands in each field of the form.

    `area` is a set and a code with a stroke between them. A value that is left out is made of the two counts.
    """
    area_set, _, area_id = given.get("area", "").partition("/")
    known = {(area.of, area.value) for area in forms.choices.get("areas", ()) if area.of in indicator.area_sets}
    sources = {source.value for source in forms.choices.get("sources", ())}
    numbers = {name: given.get(name, "").strip() for name in NUMBERS}
    faults = [FigureFault("area", _UNKNOWN)] if (area_set, area_id) not in known else []
    period = periods.read(given.get("period", "").strip())
    faults += [FigureFault("period", _NO_PERIOD)] if period is None else []
    faults += [FigureFault("source", _UNKNOWN)] if given.get("source") not in sources else []
    faults += [FigureFault("status", _UNKNOWN)] if given.get("status") not in STATUSES else []
    faults += _of_numbers(numbers)
    if not faults:
        faults += _of_value(numbers, indicator)
    if faults:
        return faults
    plain = {name: text.replace(",", ".") for name, text in numbers.items()}
    plain["value"] = plain["value"] or _value(plain, indicator)
    texts = {name: " ".join(given.get(name, "").split()) for name in ("source", "locator", "note", "status")}
    return TypedFigure(
        {"indicator": indicator.id, "area_set": area_set, "area_id": area_id, "period": given["period"].strip(), **plain, **texts}
    )


def _of_numbers(numbers: Mapping[str, str]) -> Iterator[FigureFault]:
    for name, text in numbers.items():
        if text and not _NUMBER.fullmatch(text):
            yield FigureFault(name, _NO_NUMBER)
        elif _TWO_READINGS.fullmatch(text):
            yield FigureFault(name, _READ_TWICE)


def _of_value(numbers: Mapping[str, str], indicator: IndicatorChoice) -> Sequence[FigureFault]:
    """What is missing for a value: nothing where it stands there itself."""
    top, bottom = numbers["numerator"], numbers["denominator"]
    if indicator.kind != "count" and bool(top) != bool(bottom):
        return [FigureFault("denominator" if top else "numerator", _HALF)]
    if bottom and not float(bottom.replace(",", ".")) > 0:
        return [FigureFault("denominator", _NO_DENOMINATOR)]
    if numbers["value"]:
        return []
    if not top:
        return [FigureFault("value", _NO_FIGURE)]
    return [] if indicator.kind == "count" or indicator.scale is not None else [FigureFault("value", _NOT_COUNTED)]


def _value(plain: Mapping[str, str], indicator: IndicatorChoice) -> str:
    """The value that two counts make, as exactly as a number can be written."""
    if indicator.kind == "count" or indicator.scale is None:
        return plain["numerator"]
    made = indicator.scale * float(plain["numerator"]) / float(plain["denominator"])
    return f"{made:.17g}" if math.isfinite(made) else ""
