"""Targets that were restated when the measuring method changed, with both methods in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo.model.goals import Goal
from geo.model.indicators import Definition
from geo.model.sources import Cite
from webmap.edition.reader import Reader
from webmap.language.quantities import Measure


@dataclass(frozen=True)
class MeasuringMethod:
    """One of the measuring methods of a target that was restated: the value that it gave, and what was measured."""

    value: str
    text: str
    cite: Cite | None


@dataclass(frozen=True)
class RestatedNote:
    """A target that was restated, with both methods, the older first."""

    name: str
    methods: tuple[MeasuringMethod, ...]


def notes(reader: Reader, goal: Goal) -> Iterator[RestatedNote]:
    """Return what is said of the targets of a goal that were restated; nothing where none was."""
    indicator = reader.edition.catalogue.indicator(goal.indicator or "")
    for target in goal.targets:
        if target.restated and indicator:
            measure = Measure.of(goal, indicator, reader.language)
            known = {definition.version: definition for definition in indicator.definitions}
            older, newer = known.get(target.restated.definition), indicator.definitions[-1]
            yield RestatedNote(
                name=goal.name.in_(reader.language),
                methods=(
                    _method(measure.exact(target.restated.value), older, target.restated.cite, reader.language),
                    _method(measure.exact(target.value), newer, target.cite, reader.language),
                ),
            )


def _method(value: str, definition: Definition | None, cite: Cite | None, language: str) -> MeasuringMethod:
    return MeasuringMethod(value, definition.text.in_(language) if definition else "", cite)
