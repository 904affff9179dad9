"""Words of two maps beside each other: what two figures say together, and the answer above the maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from geo.figures.multiple import Control
from geo.model.vocabulary import Reason, Status, Text
from webmap.edition import classes
from webmap.edition.compared import differences
from webmap.edition.compared.differences import Held
from webmap.language import wording

SAID: Final[Mapping[str, Text]] = {
    differences.MORE: Text(da="tydeligt højere", en="clearly higher"),
    differences.LESS: Text(da="tydeligt lavere", en="clearly lower"),
    differences.SAME: Text(da="ingen sikker ændring", en="cannot be told from noise"),
    differences.UNKNOWN: wording.REASON[Reason.NO_INTERVAL],
    differences.BROKEN: Text(da="definitionen skiftede", en="the definition changed"),
    differences.FELT: Text(
        da="mindre trygt end byen, og anmeldelserne skiller sig ikke ud", en="less safe than the city, and reports do not stand out"
    ),
    differences.REPORTED: Text(
        da="flere anmeldelser end byen, og trygheden er ikke lavere", en="more reports than the city, and safety is not lower"
    ),
    differences.BOTH: Text(da="både mindre trygt og flere anmeldelser end byen", en="both less safe and more reports than the city"),
    differences.NEITHER: Text(
        da="hverken tryghed eller anmeldelser er sikkert dårligere end i byen",
        en="neither safety nor reports are surely worse than the city's",
    ),
    classes.HIDDEN: wording.STATUS[Status.SUPPRESSED],
    classes.NOT_MEASURED: Text(da="ikke målt begge steder", en="not measured in both"),
}
"""Words for every look of what two figures say together."""

SIGNS: Final[Mapping[str, str]] = {
    differences.MORE: "▲", differences.LESS: "▼", differences.FELT: "●", differences.REPORTED: "■", differences.BOTH: "●■",
}  # fmt: skip
"""What stands on an area beside its colour: nothing is said by colour alone."""


def said(held: Held, language: str) -> str:
    """What two figures say together; and when it would be told from noise only if the area were looked at by itself."""
    if not held.alone:
        return SAID[held.look].in_(language)
    if held.look == differences.SAME:
        return Text(da="skiller sig ud set for sig selv, men ikke blandt alle", en="stands out by itself, but not among all").in_(language)
    more = Text(da="; set for sig selv skiller området sig mere ud", en="; by itself the area stands out more").in_(language)
    return SAID[held.look].in_(language) + more


def controlled(control: Control, what: Text, language: str) -> str:
    """How many were tested at once, how many stand out, and how many false ones to expect; "" when none was tested. what: their noun."""
    if not control.tested:
        return ""
    false, by_chance = (wording.number(count, decimals=1, language=language) for count in (control.false, control.by_chance))
    noun = what.in_(language)
    return Text(
        da=(
            f"{control.tested} {noun} er prøvet på én gang, og {control.told} skiller sig ud, når der tages højde for det; af dem må man "
            f"vente, at højst {false} er falske. Hver for sig ville {control.alone} skille sig ud; {by_chance} ville gøre det ved et "
            "tilfælde alene."
        ),
        en=(
            f"{control.tested} {noun} were tested at once, and {control.told} stand out when that is taken into account; of those one must "
            f"expect at most {false} to be false. One by one {control.alone} would stand out; {by_chance} would do so by chance alone."
        ),
    ).in_(language)


def label(look: str, language: str) -> str:
    """A line of the legend: the sign, where there is one, and the words."""
    words = SAID[look].in_(language)
    return f"{SIGNS[look]} {words}" if look in SIGNS else words


def beside(first: str, second: str, language: str) -> str:
    """Two maps that say nothing together."""
    return Text(da=f"{first} ved siden af {second}.", en=f"{first} beside {second}.").in_(language)


def changed(names: Sequence[str], counts: Mapping[str, int], language: str) -> str:
    """In how many areas the change can be told from noise. names: the two maps. told: how many areas have each look."""
    sure, areas, unknown = counts[differences.MORE] + counts[differences.LESS], sum(counts.values()), counts[differences.UNKNOWN]
    words = Text(
        da=f"{names[0]} til {names[1]}: tallet er sikkert ændret i {sure} af {wording.areas(areas, language)}",
        en=f"{names[0]} to {names[1]}: in {sure} of {wording.areas(areas, language)} the change can be told from noise",
    )
    beside = Text(da=f"; for {unknown} er usikkerheden ikke kendt", en=f"; for {unknown} the uncertainty is not known")
    return words.in_(language) + (beside.in_(language) if unknown else "") + "."


AREAS: Final = Text(da="områder", en="areas")
COMPARISONS: Final = Text(da="sammenligninger med byen", en="comparisons with the city")
FIGURES: Final = Text(da="ændringer", en="changes")
"""What is tested at once, as the sentence of `controlled` calls it."""


def of_when(names: Sequence[str], periods: Sequence[str]) -> str:
    """The period of two figures, or, when they are of two periods, each figure with its own."""
    if len(set(periods)) == 1:
        return periods[0]
    return "; ".join(f"{name}, {period}" for name, period in zip(names, periods, strict=True))


def apart_in_time(periods: Sequence[str], language: str) -> str:
    """That two figures are of two periods; "" when they are of one."""
    if len(set(periods)) == 1:
        return ""
    return Text(
        da=f"De to tal er fra hver sin periode, {periods[0]} og {periods[1]}: de er de nyeste, der kan sammenlignes med byens.",
        en=f"The two figures are of two periods, {periods[0]} and {periods[1]}: the newest that can be held against the city's.",
    ).in_(language)


def against_city(when: str, counts: Mapping[str, int], language: str) -> str:
    """In how many areas feeling and reports point different ways, and in how many both stand apart from the city. when: see `of_when`."""
    felt, reported, both, areas = counts[differences.FELT], counts[differences.REPORTED], counts[differences.BOTH], sum(counts.values())
    return Text(
        da=(
            f"{when}: af {wording.areas(areas, language)} opleves {felt} mindre trygge end byen, uden at der anmeldes mere; "
            f"{reported} har flere anmeldelser uden at opleves mindre trygge; {both} har begge dele."
        ),
        en=(
            f"{when}: of {wording.areas(areas, language)} {felt} feel less safe than the city without more being reported; "
            f"{reported} have more reports without feeling less safe; {both} have both."
        ),
    ).in_(language)
