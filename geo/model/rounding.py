"""The one rounding of figures that are shown: halves away from zero, as Danmarks Statistik and spreadsheets do it.

A number is rounded as it is written, in decimals: 0.145 is 0.15, though the binary number that stands for it lies a little below.
"""

from __future__ import annotations

import decimal
import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CONTEXT: Final = decimal.Context(prec=800)  # enough for every number of 64 bits, to the last decimal


def half_up(value: float, decimals: int) -> Decimal:
    """Round a finite number to so many decimals, halves away from zero; zero has no sign. Raises ValueError for NaN and infinity."""
    if not math.isfinite(value):
        raise ValueError("a number that is not finite cannot be rounded")
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_CONTEXT)
    return abs(rounded) if rounded.is_zero() else rounded
