"""Figures kept back from an audience because those further in could combine them with the rule that they know.

Whoever is further in reads what is read further out, and knows a rule of their own that hides fewer figures and so says more of each.
Three hidden counts of 1 to 4 whose sum of 6 is read outside tell the public little; to staff, whose rule hides 1 and 2 alone, they
would each be 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from geo.disclosure.block import Block, Stand
from geo.disclosure.proof import Proof
from geo.disclosure.solver import choose
from geo.disclosure.solver.tables import Bools, Ints, Targets


def owed(block: Block, stands: Mapping[str, Stand], proof: Proof) -> dict[str, Bools]:
    """Return which figures must be kept back further out so that a block can be proven as it was asked.

    block: as it was asked. stands: by period and mean, what was known of the figures before the block was closed. proof: what came of
    it. The result has shape (indicators, areas) for every period with such figures. Figures that earlier editions published cannot be
    kept back any more, and what follows from the rule alone cannot be kept from anybody.
    """
    labels, asked, proven = block.labels, block.problem.targets, proof.problem.targets
    weak = _short(asked, proven, proof.open)
    period, area = np.divmod(labels.region, len(labels.areas))
    place = period, labels.indicator, area
    read = np.stack([stands[code].shown for code in labels.every])[place]
    if not len(weak) or not read.any():
        return {}
    out = np.concatenate([stands[code].out for code in labels.every])
    hidden = np.stack([stands[code].hidden for code in labels.every])[place]
    alone = replace(block.problem, figures=replace(block.problem.figures, fixed=out, hidden=hidden))
    weak = weak[choose.provable(replace(alone, targets=asked.chosen(weak)))]
    if not len(weak):
        return {}
    answer = choose.close(replace(alone, targets=asked.chosen(weak)), also=proof.hidden)
    if len(_short(asked.chosen(weak), answer.targets, answer.open)) == len(weak):
        return {}
    back = np.zeros((len(labels.every), *stands[labels.every[0]].shown.shape), dtype=bool)
    back[tuple(part[answer.hidden & read] for part in place)] = True
    return {code: kept for code, kept in zip(labels.every, back, strict=True) if kept.any()}


def joined(parts: Iterable[Mapping[str, Bools]]) -> dict[str, Bools]:
    """Return what any of the parts keeps back, by period and mean."""
    every: dict[str, Bools] = {}
    for part in parts:
        every |= {code: every[code] | kept if code in every else kept for code, kept in part.items()}
    return every


def _short(asked: Targets, proven: Targets, open_: Ints) -> Ints:
    """The numbers of targets that were proven with a smaller width, only for readers who do not know the rule, or not at all."""
    first = slice(len(asked))
    short = (proven.width[first] < asked.width) | (asked.ruled & ~proven.ruled[first])
    short[open_[open_ < len(asked)]] = True
    return np.flatnonzero(short)
