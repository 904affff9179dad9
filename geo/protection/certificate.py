"""The certificate: a handful of whole tables that prove, without a solver, that nothing hidden can be solved for.

Each table is one that *could* be the truth for all that anybody was told: whole numbers within the populations that reproduce every
published figure and obey the rule. Two of them that differ by d at a target prove that no attacker, however clever, can bound it to
an interval narrower than d. So the check is a matrix product. The tables are made so that the truth is not among them where
there are others; still they are close to it, and are kept where the register is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.errors import Problem
from geo.protection.jointmodel import PLACE, Flags, Frame, Published, Targets, Told, Whole


@dataclass(frozen=True)
class Certificate:
    """Tables (tables, variables) of whole numbers, and what they prove: each of the targets spread over its width, under the rule told.

    Widths are those that could be had: what the rule alone gives away (docs/method.md) is already taken off.
    """

    tables: Whole
    targets: Targets
    told: Told


def check(certificate: Certificate, frame: Frame, published: Published) -> tuple[Problem, ...]:
    """What the certificate does not prove of these published figures: empty is safe.

    frame: a Joint or its Frame alone (the truth is not looked at). published: the figures as they lie in an edition. No solver:
    one product of the tables with the cells. The problems name cells and targets by number, never a count.
    """
    tables, cells = certificate.tables, frame.cells
    shapes = tables.ndim == 2 and tables.shape[1:] == frame.population.shape
    if (
        not shapes
        or not len(published.low) == len(published.high) == len(certificate.told.low) == len(certificate.told.high) == cells.shape[0]
    ):
        return (Problem(PLACE, "the certificate is of another model", found=str(tables.shape), expected=f"(tables, {cells.shape[1]})"),)
    counts = np.asarray(cells @ tables.T)  # cells x tables
    told = certificate.told
    out = published.shown[:, None] & ~((counts >= published.low[:, None]) & (counts <= published.high[:, None]))
    against = (counts < told.low[:, None]) | (counts > told.high[:, None])
    beyond = (tables < 0) | (tables > frame.population)
    narrow = spread(certificate, frame) < certificate.targets.width
    found = [
        ("a table of the certificate does not reproduce a published cell", out.any(axis=1)),
        ("a table of the certificate breaks the rule in a hidden cell", against.any(axis=1)),
        ("a table of the certificate lies outside the population", beyond.any(axis=0)),
        ("the certificate does not spread a target far enough", narrow),
    ]
    return tuple(_problem(what, np.asarray(bad, dtype=bool)) for what, bad in found if bad.any())


def spread(certificate: Certificate, frame: Frame) -> Whole:
    """Shape (targets,): how far apart the tables hold each target; 0 without tables."""
    if not len(certificate.tables):
        return np.zeros(len(certificate.targets), dtype=np.int64)
    return np.asarray(np.ptp(certificate.targets.rows(frame) @ certificate.tables.T, axis=1), dtype=np.int64)


def _problem(what: str, bad: Flags) -> Problem:
    places = np.flatnonzero(bad)
    return Problem(PLACE, what, found=f"number {places[0]}", more=len(places) - 1)
