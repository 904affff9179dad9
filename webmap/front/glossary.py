"""The words of the pages in everyday words: what a neighbour would be told who asks what one of them means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.model.vocabulary import Text
from webmap.language.wording import by_name

INTERVAL: Final = Text(
    da="Tallet er et bedste bud, og i 19 af 20 tilfælde ligger det rigtige tal mellem de to tal i parentesen.",
    en="The figure is a best guess, and in 19 of 20 cases the true one lies between the two figures in brackets.",
)
"""What an interval says, in one sentence; it stands at every interval."""


@dataclass(frozen=True)
class Term:
    """A word and what it means. id: its place on the page."""

    id: str
    name: Text
    meaning: Text


def _term(id: str, da: str, en: str, meaning_da: str, meaning_en: str) -> Term:
    return Term(id, Text(da=da, en=en), Text(da=meaning_da, en=meaning_en))


_TERMS: Final = (
    _term(
        "andel", "Andel", "Share",
        "Hvor mange ud af hundrede. Er 30 af 60 beboere i arbejde, er andelen 50 %.",
        "How many out of a hundred. If 30 of 60 residents are in work, the share is 50%.",
    ),
    _term(
        "brud", "Brud", "Break",
        "Her begyndte man at måle på en ny måde. Tal før og efter et brud kan ikke sammenlignes.",
        "Here a new way of measuring began. Figures before and after a break cannot be compared.",
    ),
    _term(
        "demodata", "Demodata", "Demo data",
        "Opdigtede tal, der kun viser, hvordan siden virker. De siger intet om København.",
        "Invented figures that only show how the page works. They say nothing about Copenhagen.",
    ),
    _term(
        "frist", "Frist", "Deadline",
        "Dagen, målet skal være nået. Før den dag siger vi kun, om det er på vej.",
        "The day by which a goal is to be reached. Before that day we only say whether it is on track.",
    ),
    _term(
        "helhedsplan", "Helhedsplan", "Area plan",
        "En aftale mellem boligorganisationer og kommunen om, hvad der skal ske i et boligområde, og hvem der betaler.",
        "An agreement between housing associations and the city on what is to happen in a housing area, and who pays.",
    ),
    _term(
        "hotspot", "Hotspot", "Hotspot",
        "Et lille område, som kommunen har udpeget til en særlig indsats i nogle år.",
        "A small area that the city has chosen for a special effort over some years.",
    ),
    _term(
        "ikke-maalt", "Ikke målt", "Not measured",
        "Ingen har spurgt eller talt her i den periode. Det er ikke det samme som nul.",
        "Nobody has asked or counted here in that period. It is not the same as zero.",
    ),
    _term(
        "indeks", "Indeks", "Index",
        "Flere tal, der er lagt sammen til ét. Det viser retningen, men ikke et antal mennesker.",
        "Several figures put together into one. It shows the direction, not a number of people.",
    ),
    _term(
        "indikator", "Indikator", "Indicator",
        "Det, der er målt, og præcis hvordan: hvem der er spurgt eller talt, og hvad der er delt med hvad.",
        "What is measured, and exactly how: who was asked or counted, and what is divided by what.",
    ),
    _term(
        "indsats", "Indsats", "Effort",
        "Noget, kommunen gør eller betaler for at nå et mål: et projekt, et tilbud eller en aftale.",
        "Something the city does or pays for to reach a goal: a project, an offer or an agreement.",
    ),
    Term("interval", Text(da="Interval", en="Interval"), INTERVAL),
    _term(
        "kan-ikke-afgoeres", "Kan ikke afgøres endnu", "Cannot be decided yet",
        "Vi mangler et tal, eller tallene er for usikre til et ja eller nej. Der står altid, hvad der mangler.",
        "A figure is missing, or the figures are too uncertain for a yes or a no. What is missing is always said.",
    ),
    _term(
        "markant", "Markant indsats", "Marked effort",
        "Det højeste trin i Tryghedsindeks 2010: de områder, hvor der er mest brug for at øge trygheden.",
        "The highest step of the safety index of 2010: the areas with the greatest need of more safety.",
    ),
    _term(
        "overlap", "Overlap", "Overlap",
        "To områder af hver sin slags dækker noget af den samme jord. Vi skriver, hvor meget.",
        "Two areas of different kinds cover some of the same ground. We say how much.",
    ),
    _term(
        "procentpoint", "Procentpoint", "Percentage points",
        "Forskellen mellem to procenttal. Fra 40 % til 50 % er 10 procentpoint.",
        "The difference between two percentages. From 40% to 50% is 10 percentage points.",
    ),
    _term(
        "register", "Register", "Register",
        "En liste, hvor alle er talt med, ikke kun dem, der blev spurgt. Den vises aldrig; kun antallene i hvert område vises.",
        "A list in which everybody is counted, not only those who were asked. It is never shown; only the counts of each area are.",
    ),
    _term(
        "sikkert-aendret", "Sikkert steget, sikkert faldet", "Certainly rose, certainly fell",
        "Ændringen er større, end tilfældet kan forklare. Ellers siger vi, at det er for lidt til at afgøre.",
        "The change is greater than chance explains. Otherwise we say that it is too little to tell.",
    ),
    _term(
        "skjult", "Skjult", "Hidden",
        "Tallet findes, men det gælder så få, at det kunne fortælle noget om enkelte mennesker.",
        "The figure exists, but it is about so few that it could tell something about single persons.",
    ),
    _term(
        "startpunkt", "Startpunkt", "Starting point",
        "Tallet, som målet regnes fra.",
        "The figure from which the goal is counted.",
    ),
    _term(
        "tryghedsindeks", "Tryghedsindeks", "Safety index",
        "Kommunens måling af, hvor trygt der er i hvert distrikt, og hvor stor en indsats der er brug for.",
        "The city's measurement of how safe each district is, and how great an effort is needed.",
    ),
    _term(
        "udgave", "Udgave", "Edition",
        "Alle tal, som de stod på én dag. En udgave ændres aldrig, så et fast link viser det samme for altid.",
        "All figures as they stood on one day. An edition never changes, so a permanent link shows the same for ever.",
    ),
    _term(
        "udsat-boligomraade", "Udsat boligområde", "Exposed housing area",
        "Et boligområde, der står på en af statens lister. Hver liste har sine egne regler for, hvem der kommer med.",
        "A housing area that stands on one of the state's lists. Each list has its own rules for who is on it.",
    ),
    _term(
        "usikkert", "Usikkert", "Uncertain",
        "Tallet står der, men intervallet er så bredt, at farven på kortet kunne være en anden.",
        "The figure is there, but the interval is so wide that the colour on the map could be another.",
    ),
    _term(
        "oejemaal", "Aflæst på øjemål", "Read by eye",
        "Tallet er læst af en tegning, fordi kilden ikke skriver det. Det kan være lidt forkert.",
        "The figure was read off a drawing, because the source does not print it. It may be slightly wrong.",
    ),
)  # fmt: skip


def terms(language: str) -> tuple[Term, ...]:
    """Return all words in the order of the alphabet of a language."""
    return tuple(sorted(_TERMS, key=lambda term: by_name(term.name.in_(language))))
