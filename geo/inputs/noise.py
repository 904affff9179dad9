"""Contradictions between entries on noise, and between them and what earlier editions published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from geo.errors import Problem
from geo.model.catalogue import Catalogue
from geo.model.indicators import Indicator, Noise, RegisterMeasure

MOST_NOISE: Final = 50
"""The largest change, in persons, that a noise may make: with more, a figure would say nothing about an area."""


EarlierMeasures = Mapping[str, Sequence[tuple[RegisterMeasure, Noise | None, str]]]
"""What earlier editions published, by register: a measure, the noise on its counts, and the edition."""


def in_noise(indicator: Indicator, catalogue: Catalogue, *, row: int, file: str) -> Iterator[Problem]:
    """Return problems of an indicator's noise: impossible, on figures not counted here, under an unfit rule, or undone by others."""
    noise, name = indicator.noise, repr(indicator.id)
    if noise is None:
        return
    if indicator.register is None or indicator.basis != "register" or indicator.kind != "share":
        yield Problem(file, "noise on figures that are no shares counted in a register", row, "noise", name, "a share with [register]")
    if not (1 <= noise.most <= MOST_NOISE and 0 <= noise.least <= noise.most and 0 < noise.variance <= noise.most):
        described = f"variance {noise.variance:g}, most {noise.most}, least {noise.least}"
        expected = f"most from 1 to {MOST_NOISE} and at least least; variance above 0 and at most most"
        yield Problem(file, "a noise that cannot be", row, "noise", described, expected)
    thresholds = [threshold for rule in catalogue.rules if rule.id == indicator.rule for threshold in rule.thresholds.values()]
    if any(not threshold.min_count for threshold in thresholds):
        yield Problem(
            file, "noise under a rule that hides no counts", row, "rule", repr(indicator.rule), "a rule with min_count for everybody"
        )
    largest = max((threshold.min_count for threshold in thresholds), default=0)
    if noise.least < largest:
        yield Problem(file, "noise that shows counts which the rule hides", row, "noise.least", str(noise.least), f"at least {largest}")
    for goal in catalogue.goals:
        if indicator.id in goal.indicators:
            yield Problem(
                file, "noise on figures that a goal is measured by", row, "noise", f"{name}: {goal.id}", "a goal of exact figures"
            )


def undone(known: Catalogue) -> Iterator[tuple[Indicator, Indicator]]:
    """Return pairs of indicators of one register that use the same column: the first has noise, the second none, or another."""
    counted = [(indicator, indicator.register) for indicator in known.indicators if indicator.register]
    for indicator, measure in counted:
        for other, beside in counted:
            if (
                indicator.noise
                and indicator.noise != other.noise
                and measure.register == beside.register
                and _columns(measure) & _columns(beside)
            ):
                yield indicator, other


def _columns(measure: RegisterMeasure) -> set[str]:
    return {*measure.where, *measure.having}


def switched(known: Catalogue, earlier: EarlierMeasures) -> Iterator[Problem]:
    """Return problems of figures that earlier editions published with another noise, or without: both together disclose more.

    known: the catalogue as it is now. earlier: what earlier editions published. What somebody accepted by name in the indicator's
    rule is left out, and so are invented people.
    """
    for indicator in known.indicators:
        if indicator.register is None or indicator.demo:
            continue
        mine = _columns(indicator.register)
        accepted = {acceptance.edition for rule in known.rules if rule.id == indicator.rule for acceptance in rule.accepted}
        before = earlier.get(indicator.register.register, ())
        editions = {by for measure, noise, by in before if noise != indicator.noise and _columns(measure) & mine} - accepted
        if editions:
            yield Problem(
                "data/indicators.toml",
                f"the people whom {indicator.id} counts were told with another noise, or without",
                None,
                "noise",
                ", ".join(sorted(editions)),
                "the noise of that edition; [[rule.accepted]] with the edition and a reason; or the edition removed, if nobody read it",
            )
