"""Four squares of a hundred people and a housing area across two of them, small enough for paper.

+-----+-----+     The housing area is the whole of A and a strip of B where 30 people live. Atoms: A, B's strip, the rest of B,
|  A  : B   |     C, D. Nine people in A have the trait, three in the strip, eleven in the rest of B, twelve in C, seven in D.
+-----+-----+     So A = 9, B = 14, C = 12, D = 7, city = 42, housing area = 12: nothing is below five, and all could be shown.
|  C  | D   |     But housing area - A = 12 - 9 = 3, the people in the strip.
+-----+-----+
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from geo.protection.jointmodel import Joint

CITY, A, B, C, D, HOUSING = range(6)
IN_A, STRIP, REST, IN_C, IN_D = range(5)
SUMS = [[1, 1, 1, 1, 1], [1, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 1, 0, 0, 0]]
COST = [100.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def squares(
    truth: tuple[int, ...] = (9, 3, 11, 12, 7),
    *,
    least: int = 5,
    primary: tuple[int, ...] = (),
    fixed: tuple[int, ...] = (),
    zero_hidden: bool = False,
    shown: dict[int, tuple[int, int]] | None = None,
) -> Joint:
    """The town with other counts, or with cells that a rule hides or an older edition showed, by number."""
    cells = sparse.csr_array(np.array(SUMS, dtype=np.int64))
    counts = cells @ np.array(truth)
    intervals = np.stack([counts, counts], axis=1)
    for cell, interval in (shown or {}).items():
        intervals[cell] = interval
    return Joint(
        cells,
        np.array([100, 30, 70, 100, 100]),
        np.array(truth),
        least,
        np.isin(np.arange(6), primary),
        np.isin(np.arange(6), fixed),
        np.array(COST),
        zero_hidden,
        None if shown is None else intervals,
    )


def flags(*cells: int) -> np.ndarray:
    return np.isin(np.arange(6), cells)
