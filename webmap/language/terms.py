"""Words of the pages in both languages: verdicts with their shapes, intervals, extents, and joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geo.model.rules import Threshold
from geo.model.vocabulary import Reason, Text, Verdict
from webmap.language.wording import DEMO, REASON, STATUS


def limits(limit: Threshold, language: str) -> tuple[str, ...]:
    """What a rule hides from one audience, in words; empty when it hides nothing."""
    words = (
        (
            limit.min_count,
            Text(da="tal under {} (og rest under {}) skjules", en="counts below {} (and remainders below {}) are hidden"),
        ),
        (
            limit.min_denominator,
            Text(da="tal om færre end {} personer skjules", en="figures about fewer than {} persons are hidden"),
        ),
        (
            limit.min_residents,
            Text(da="intet vises om områder med færre end {} beboere", en="nothing is shown of areas with fewer than {} residents"),
        ),
        (limit.min_answers, Text(da="andele af færre end {} svar skjules", en="shares of fewer than {} answers are hidden")),
    )
    return tuple(text.in_(language).format(number, number) for number, text in words if number)


__all__ = ["DEMO", "EXTENT", "FILE_KIND", "INTERVAL", "NOT_MEASURED", "REASON", "SIDE", "STATUS", "VERDICT", "Said", "said"]


@dataclass(frozen=True)
class Said:
    """A verdict as the reader meets it. shape: "tick", "triangle", "ring" (dashed) or "break"; never a colour alone."""

    shape: str
    words: Text


VERDICT: Final[Mapping[Verdict, Said]] = {
    Verdict.REACHED: Said("tick", Text(da="Nået", en="Reached")),
    Verdict.ON_TRACK: Said("tick", Text(da="På vej", en="On track")),
    Verdict.NOT_REACHED: Said("triangle", Text(da="Ikke nået", en="Not reached")),
    Verdict.OFF_TRACK: Said("triangle", Text(da="Ikke på vej", en="Not on track")),
    Verdict.UNDECIDED: Said("ring", Text(da="Kan ikke afgøres", en="Cannot be decided")),
    Verdict.BREAK: Said("break", Text(da="Brud i serien", en="Break in the series")),
}
"""The six verdicts."""

MEANS: Final[Mapping[Verdict, Text]] = {
    Verdict.REACHED: Text(
        da="Det seneste tal når fristen, og hele intervallet ligger på den gode side af målet.",
        en="The latest figure reaches the deadline and the whole interval lies on the good side of the target.",
    ),
    Verdict.NOT_REACHED: Text(
        da="Det seneste tal når fristen, og hele intervallet ligger på den forkerte side af målet.",
        en="The latest figure reaches the deadline and the whole interval lies on the wrong side of the target.",
    ),
    Verdict.ON_TRACK: Text(
        da="Det seneste tal er fra før fristen; intervallet ligger på den gode side af den rette linje fra udgangspunkt til mål.",
        en="The latest figure is from before the deadline; the interval lies on the good side of the straight line to the target.",
    ),
    Verdict.OFF_TRACK: Text(
        da="Det seneste tal er fra før fristen; intervallet ligger på den forkerte side af linjen.",
        en="The latest figure is from before the deadline; the interval lies on the wrong side of the line.",
    ),
    Verdict.UNDECIDED: Text(
        da="Intervallet dækker begge muligheder, eller der mangler et udgangspunkt, dets dato, et interval eller et tal.",
        en="The interval covers both possibilities, or a baseline, its date, an interval or a figure is missing.",
    ),
    Verdict.BREAK: Text(
        da="Udgangspunktet og det seneste tal er opgjort efter hver sin definition og kan ikke sammenlignes.",
        en="The baseline and the latest figure follow different definitions and cannot be compared.",
    ),
}
"""What the verdicts mean."""

NOT_MEASURED: Final = Said("ring", Text(da="Ikke målt", en="Not measured"))


def said(verdict: Verdict | None) -> Said:
    """Words and shape of a verdict; none means that nobody measures the goal."""
    return NOT_MEASURED if verdict is None else VERDICT[verdict]


WHY: Final[Mapping[Reason, Text]] = {
    Reason.NO_INDICATOR: Text(da="vi har ikke fundet tal for målet", en="the sources have no figures for the goal"),
    Reason.NO_BASELINE: Text(da="der er ingen måling fra begyndelsen at sammenligne med", en="there is no baseline to compare with"),
    Reason.NO_LATEST: Text(
        da="der er ingen måling efter udgangspunktet og inden fristen", en="there is no figure after the baseline and before the deadline"
    ),
    Reason.NO_INTERVAL: Text(da="kilden siger ikke, hvor sikkert tallet er", en="the source does not say how certain the figure is"),
    Reason.COVERS_NO_CHANGE: Text(da="ændringen er mindre end usikkerheden", en="the change is smaller than the uncertainty"),
}
"""Reasons as the end of the sentence "cannot be decided: …" where that reads better than the short words."""


def why(reason: Reason | None, language: str) -> str:
    """The reason behind a verdict, in words; "" when it needs none."""
    return "" if reason is None else (WHY.get(reason) or REASON[reason]).in_(language)


INTERVAL: Final[Mapping[str, Text]] = {
    "wilson": Text(da="95 %-interval for udvalget af svar", en="95% interval for the sample of answers"),
    "wilson_design": Text(da="95 %-interval med effektivt antal svar", en="95% interval with the effective number of answers"),
    "wilson_cautious": Text(
        da="95 %-interval med en forsigtig designeffekt, som vi har valgt", en="95% interval with a cautious design effect of our choice"
    ),
    "assumed": Text(da="95 %-interval med antaget antal svar", en="95% interval with an assumed number of answers"),
    "chance": Text(
        da="alle er talt med; 95 %-interval for tilfældige udsving", en="everyone is counted; 95% interval for fluctuation by chance"
    ),
    "noise": Text(
        da="afrundet med støj for at beskytte; 95 %-interval for tilfældige udsving og støj",
        en="rounded with noise to protect; 95% interval for fluctuation by chance and noise",
    ),
    "poisson": Text(
        da="eksakt 95 %-interval for tilfældige udsving i antallet", en="exact 95% interval for fluctuation of the number by chance"
    ),
    "published": Text(da="usikkerhed efter kilden", en="uncertainty as the source gives it"),
    "count": Text(da="alle er talt med", en="everyone is counted"),
    "areas": Text(da="områder, der helt sikkert og måske tæller med", en="areas that surely and possibly count"),
    "bounds": Text(
        da="skønnet ud fra tal for andre områder; mindst og højst, hvordan folk end bor i dem",
        en="estimated from figures for other areas; the least and the most, however people live within them",
    ),
    "none": Text(da="usikkerheden er ikke kendt", en="the uncertainty is not known"),
}
"""How an interval came to be."""

DIVIDED: Final[Mapping[str, Text]] = {
    "people": Text(da="hvor beboerne bor, i hele procent", en="where the residents live, in whole percent"),
    "area": Text(da="areal, som om folk bor jævnt fordelt", en="ground, as if people lived evenly spread"),
}
"""How the people of an area are divided among the areas of another set."""

EXTENT: Final[Mapping[str, Text]] = {
    "whole": Text(da="hele området", en="the whole area"),
    "part": Text(da="dele af området", en="parts of the area"),
    "unknown": Text(da="omfanget er ikke oplyst", en="the extent is not stated"),
}
"""How much of an area a list means."""

DIRECTION: Final[Mapping[str, Text]] = {
    "up": Text(da="skal op", en="must rise"),
    "down": Text(da="skal ned", en="must fall"),
    "neither": Text(da="ingen retning", en="no direction"),
}
"""Which way a goal is to move."""

TARGET_UNIT: Final[Mapping[str, Text]] = {
    "level": Text(da="et niveau", en="a level"),
    "percent": Text(da="en ændring i procent", en="a change in percent"),
    "percentage_points": Text(da="en ændring i procentpoint", en="a change in percentage points"),
    "areas": Text(da="et antal områder", en="a number of areas"),
    "no_newcomers": Text(da="ingen nye navne på listen", en="no new names on the list"),
    "direction": Text(da="kun en retning", en="a direction only"),
    "parity": Text(da="ingen forskel", en="no gap"),
}
"""What the number of a target is, after geo.model.goals.Target."""

RHYTHM: Final[Mapping[str, Text]] = {
    "half_year": Text(da="hvert halve år", en="every half-year"),
    "year": Text(da="hvert år", en="every year"),
    "": Text(da="kilden siger ikke hvor tit", en="the source does not say how often"),
}
"""How often a goal is measured, by the papers."""

MEASURED: Final[Mapping[str, Text]] = {
    "website": Text(da="registreret på hjemmesiden", en="registered on the website"),
    "ombudsman": Text(da="borgerrådgiverens sager", en="the ombudsman's cases"),
}
"""Words for where cases of discrimination are counted."""
NEED: Final[Mapping[str, Text]] = {
    "markant": Text(da="markant indsats", en="a marked effort"),
    "intensiveret": Text(da="intensiveret indsats", en="an intensified effort"),
    "almindelig": Text(da="almindelig indsats", en="an ordinary effort"),
    "ingen": Text(da="ingen indsats", en="no effort"),
}
"""The effort that the safety index says a district needs, the most first: of the effort, not of the place."""

FILE_KIND: Final[Mapping[str, Text]] = {
    "boundaries": Text(da="Grænser", en="Boundaries"),
    "observations": Text(da="Tal", en="Figures"),
    "catalogue": Text(da="Katalog", en="Catalogue"),
    "register": Text(da="Register", en="Register"),
    "places": Text(da="Stednavne", en="Place names"),
}

PLACE_KIND: Final[Mapping[str, Text]] = {
    "square": Text(da="plads", en="square"),
    "station": Text(da="station", en="station"),
    "street": Text(da="gade", en="street"),
    "park": Text(da="park eller grønt område", en="park"),
    "place": Text(da="sted", en="place"),
    "address": Text(da="adresse", en="address"),
    "point": Text(da="punkt", en="point"),
}
"""What a name in the list of places is the name of (geo.spatial.gazetteer.KINDS), and a point without one."""

SIDE: Final[Mapping[str, Text]] = {
    "area": Text(da="områder uden tal", en="areas without a figure"),
    "row": Text(da="rækker uden område", en="rows without an area"),
}

QUALITY: Final[Mapping[str, Text]] = {
    "official": Text(da="udgiverens eget", en="the publisher's own"),
    "secondary": Text(da="gengivet af andre", en="quoted by others"),
    "demo": DEMO,
}
