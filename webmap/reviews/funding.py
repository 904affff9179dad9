"""What was promised to a plan and what was delivered, as a picture: one drawing for kroner, one for hours, for they share no scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from geo.model.vocabulary import Text
from webmap.charts.bars import Bar, NamedBars, bars
from webmap.language import wording
from webmap.reviews import checks, texts
from webmap.reviews.writing import Money, Writing

BOTH: Final = Text(da="Lovet og leveret", en="Promised and delivered")
MISSING: Final = Text(da="ikke oplyst", en="not stated")
UNREADABLE: Final = Text(da="kan ikke læses som et beløb", en="cannot be read as an amount")


@dataclass(frozen=True)
class Picture:
    """The amounts of one unit. drawing: "" when none of them can be read; sums: what they come to, or why that cannot be said."""

    unit: str
    rows: tuple[NamedBars, ...]
    drawing: Markup
    sums: tuple[str, ...]


@dataclass(frozen=True)
class Funding:
    """All that is typed in about money on one page. undrawn: rows without a unit, which have no place in either drawing."""

    pictures: tuple[Picture, ...]
    undrawn: int

    def __bool__(self) -> bool:
        return bool(self.pictures) or self.undrawn > 0


def funding(writing: Writing, language: str) -> Funding:
    """Put what is promised beside what is delivered. An amount that is missing or cannot be read is said to be, and is never zero."""
    by_unit = {code: [row for row in writing.money if row.unit == code] for code in checks.UNITS}
    pictures = tuple(_picture(code, rows, language) for code, rows in by_unit.items() if rows)
    return Funding(pictures, sum(row.unit not in checks.UNITS for row in writing.money))


def _picture(code: str, rows: Sequence[Money], language: str) -> Picture:
    unit = checks.UNITS[code].in_(language)
    groups = tuple(_group(row, unit, language) for row in rows)
    title = f"{BOTH.in_(language)}, {unit}"
    sums = tuple(_sum(name, [getattr(row, name) for row in rows], unit, language) for name in ("promised", "delivered"))
    return Picture(unit, groups, bars(groups, title=title), sums)


def _group(row: Money, unit: str, language: str) -> NamedBars:
    both = (("promised", "lovet"), ("delivered", "leveret"))
    return NamedBars(row.what.strip() or wording.NONE, [_bar(name, getattr(row, name), look, unit, language) for name, look in both])


def _bar(name: str, typed: str, look: str, unit: str, language: str) -> Bar:
    label, amount = texts.LABEL[f"money/{name}"].in_(language), checks.amount(typed)
    if amount is not None:
        return Bar(float(amount), f"{label}: {_written(amount, language)} {unit}", look)
    return Bar(math.nan, f"{label}: {(UNREADABLE if typed.strip() else MISSING).in_(language)}", look)


def _sum(name: str, typed: Sequence[str], unit: str, language: str) -> str:
    """The sum of all amounts, or how many of them are missing: a missing part makes a missing whole."""
    label, amounts = texts.LABEL[f"money/{name}"].in_(language), [checks.amount(text) for text in typed]
    known = [amount for amount in amounts if amount is not None]
    if len(known) == len(amounts):
        return Text(
            da=f"{label} i alt: {_written(sum(known, Decimal(0)), language)} {unit}",
            en=f"{label} in all: {_written(sum(known, Decimal(0)), language)} {unit}",
        ).in_(language)
    return Text(
        da=f"{label} i alt: kan ikke siges, for {len(amounts) - len(known)} af {len(amounts)} beløb mangler",
        en=f"{label} in all: cannot be said, for {len(amounts) - len(known)} of {len(amounts)} amounts are missing",
    ).in_(language)


def _written(amount: Decimal, language: str) -> str:
    return wording.number(float(amount), decimals=0 if amount == amount.to_integral_value() else 2, language=language)
