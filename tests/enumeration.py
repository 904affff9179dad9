"""The attacker who needs no mathematics: every whole table there is, one by one. Only for overlays of a few people."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from geo.protection.jointmodel import Frame, Joint, Published, Targets, Told
from tests.cities import hidden_by_rule

MOST_TABLES = 20_000


def tables(frame: Frame) -> NDArray[np.int64]:
    """Every table within the populations, (tables, variables)."""
    return np.indices(tuple(frame.population + 1), dtype=np.int8).reshape(len(frame.population), -1).T.astype(np.int64)


def possible(frame: Frame, out: Published, rule: Told | None) -> NDArray[np.int64]:
    """Those that reproduce what is published and obey the rule."""
    every = tables(frame)
    counts = (frame.cells @ every.T).T
    fits = np.all(~out.shown | ((counts >= out.low) & (counts <= out.high)), axis=1)
    if rule is not None:
        fits &= np.all(out.shown | ((counts >= rule.low) & (counts <= rule.high)), axis=1)
    return every[fits]


def intervals(frame: Frame, held: NDArray[np.int64], aims: Targets) -> NDArray[np.int64]:
    """(targets, 2): from and to what these tables hold each target."""
    counts = (frame.cells @ held.T).T
    columns = [counts[:, cell] if cell >= 0 else held[:, variable] for cell, variable in zip(aims.cell, aims.variable, strict=True)]
    return np.array([(column.min(), column.max()) for column in columns], dtype=np.int64).reshape(-1, 2)


def widths(frame: Frame, aims: Targets, rule: Told) -> NDArray[np.int64]:
    """The widths that must be left: what the rule alone gives away is taken off."""
    nothing = np.full(frame.cells.shape[0], np.nan)
    low, high = intervals(frame, possible(frame, Published(nothing, nothing), rule), aims).T
    return np.minimum(aims.width, high - low)


@st.composite
def joints(draw: st.DrawFn, *, with_fixed: bool = False) -> Joint:
    """A small overlay: the whole, a partition, and areas that cross it anyhow; people, a trait, a rule."""
    variables = draw(st.integers(1, 12))
    people = draw(st.lists(st.integers(0, 7), min_size=variables, max_size=variables))
    while np.prod([n + 1 for n in people]) > MOST_TABLES:
        people[int(np.argmax(people))] -= 1
    truth = [draw(st.integers(0, n)) for n in people]
    owner = draw(st.lists(st.integers(0, 3), min_size=variables, max_size=variables))
    crossing = draw(st.lists(st.sets(st.integers(0, variables - 1), min_size=1), max_size=5))
    rows = [range(variables), *([v for v in range(variables) if owner[v] == o] for o in sorted(set(owner))), *map(sorted, crossing)]
    place = np.array([(r, v) for r, row in enumerate(rows) for v in row]).T
    cells = sparse.csr_array((np.ones(place.shape[1], dtype=np.int64), tuple(place)), (len(rows), variables))
    cost = np.array([100.0, *(draw(st.integers(1, 5)) for _ in rows[1:])], dtype=np.float64)
    least, zero = draw(st.integers(2, 5)), draw(st.booleans())
    population, counts = np.array(people, dtype=np.int64), np.array(truth, dtype=np.int64)
    rule = {"least": least, "smallest_group": draw(st.sampled_from([0, 4])), "zero_hidden": zero}
    primary = hidden_by_rule(cells @ counts, cells @ population, **rule)
    fixed = np.array([with_fixed and draw(st.booleans()) for _ in rows])
    return Joint(cells, population, counts, least, primary, fixed, cost, zero)
