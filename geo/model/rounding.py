"""The only rounding of figures that are shown: halves away from zero, as Danmarks Statistik and spreadsheets do it.

A number is rounded as it is written in decimals: 0.145 becomes 0.15, although the binary number that represents it is slightly
smaller.
"""

from __future__ import annotations

import decimal
import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CONTEXT: Final = decimal.Context(prec=800)  # enough for every number of 64 bits, to the last decimal


def half_up(value: float, decimals: int) -> Decimal:
    """Round a finite number to a number of decimals, halves away from zero; a result of zero has no sign.

    Returns a Decimal with exactly that many decimals. Raises ValueError for NaN and infinity.

    >>> half_up(0.145, 2), half_up(-2.5, 0)
    (Decimal('0.15'), Decimal('-3'))
    """
    if not math.isfinite(value):
        raise ValueError("a number that is not finite cannot be rounded")
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_CONTEXT)
    return abs(rounded) if rounded.is_zero() else rounded
