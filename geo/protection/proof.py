"""The few tables of a certificate: corners in random directions that hold as many targets as possible far apart, never the truth itself."""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.errors import GeoError
from geo.protection.attackers import Witnesses, weights
from geo.protection.certificate import Certificate, check
from geo.protection.jointmodel import Flags, Floats, Joint, Targets, Told, Whole, published, told
from geo.protection.polytope import Polytope, signs

ROUNDS: Final = 16
STRONG: Final = 1000.0
"""Weight of one target against the random rest of a direction, which keeps the table from being the truth; then without the rest."""


def prove(joint: Joint, hidden: Flags, aims: Targets) -> Certificate:
    """The certificate for the hidden cells; none of its tables is the truth where another table serves as well.

    Raises GeoError when the tables do not prove it, which the search before has ruled out.
    """
    rule, out = told(joint), published(joint, hidden)
    found, rows = Witnesses(joint, aims), aims.rows(joint)
    polytope = Polytope(joint, out, rule)
    for turn in range(ROUNDS):
        if not (narrow := found.narrow).any():
            break
        _add(polytope, found, narrow * _wanted(found, aims, rule, turn) @ rows, joint.truth)
    for number in np.flatnonzero(found.narrow):
        target = weights(rows, int(number))
        rest = signs([int(number)], len(joint.truth))
        for direction in (STRONG * target + rest, rest - STRONG * target, target, -target):
            if found.width[number] < aims.width[number]:
                _add(polytope, found, direction, None)
    certificate = Certificate(_few(found, aims), aims, rule)
    if problems := check(certificate, joint, out):
        raise GeoError(problems)
    return certificate


def _wanted(found: Witnesses, aims: Targets, rule: Told, turn: int) -> Floats:
    """Shape (targets,): up where a target has been at the foot of its rule, down at its head, else at random."""
    wanted = signs([turn, 7], len(aims))
    cells = aims.cell >= 0
    numbers = aims.cell[cells]
    at_foot, at_head = found.low[cells] <= rule.low[numbers], found.high[cells] >= rule.high[numbers]
    wanted[cells] = np.where(at_foot & ~at_head, 1.0, np.where(at_head & ~at_foot, -1.0, wanted[cells]))
    return wanted


def _add(polytope: Polytope, found: Witnesses, direction: Floats, unwanted: Whole | None) -> None:
    table = polytope.furthest(direction)
    if table is not None and (unwanted is None or not np.array_equal(table, unwanted)):
        found.add(table)


def _few(found: Witnesses, aims: Targets) -> Whole:
    """Tables without those that can be missed."""
    tables = np.array(found.tables, dtype=np.int64).reshape(len(found.tables), len(found.frame.population))
    held = np.asarray(aims.rows(found.frame) @ tables.T)
    keep = np.ones(len(tables), dtype=bool)
    for number in range(len(tables)):
        keep[number] = False
        if not keep.any() or np.any(np.ptp(held[:, keep], axis=1) < aims.width):
            keep[number] = len(aims) > 0
    return tables[keep]
