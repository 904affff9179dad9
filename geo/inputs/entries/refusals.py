"""What is wrong with an entry, in Danish and English: the messages of the checks of the catalogue, said beside the field of a form."""

from __future__ import annotations

import re
from typing import Final

from geo.errors import Problem
from geo.inputs.entries import kinds
from geo.model import periods
from geo.model.forms.proposed import FieldProblem
from geo.model.vocabulary import Text

DANISH: Final[dict[str, str]] = {
    # of forms
    "not a number": "det er ikke et tal",
    "not a whole number": "det er ikke et helt tal",
    "a number with two readings": "tallet kan læses på to måder: skriv det uden punktum og komma, eller med en decimal mere",
    "not a day": "det er ikke en dag",
    "a day": "en dag, for eksempel 2014-06-30 eller 30.06.2014",
    "too many entries": "der er for mange",
    "half of a pair": "der mangler et navn eller en værdi",
    "a name that stands twice": "navnet står to gange",
    "an entry that is there": "der er allerede en med den kode",
    "an entry that is gone": "den er fjernet imens",
    "another refers to it": "den bruges stadig",
    "figures refer to it": "tabeller med tal bruger den stadig",
    "a code with other signs than letters, digits and -_.": "koden må kun have bogstaver, tal og -_.",
    "the file cannot be written this way": "filen er skrevet på en måde, som formularen ikke kan rette i; ret den som tekst",
    "the rest of the catalogue does not hold together": "kataloget hænger ikke sammen med det her",
    # of reading
    "missing field": "skal udfyldes",
    "unknown field": "et felt, som ingen kender",
    "a wrong value": "det kan ikke stå her",
    "Invalid enum value": "det er ikke en af mulighederne",
    "Invalid RFC3339 encoded date": "det er ikke en dag",
    "an unknown table": "en tabel, som ingen kender",
    "an id that stands twice": "koden står to gange",
    "a name that leads nowhere": "den findes ikke",
    "an address that is not of the web": "det er ikke en adresse på nettet",
    "a text with signs that cannot be seen": "der er usynlige tegn i teksten",
    "a name that nobody can read on one line": "navnet skal kunne læses på én linje",
    "a text that is too long": "teksten er for lang",
    "a period that cannot be read": "perioden kan ikke læses",
    "an end before its beginning": "slutter, før det begynder",
    "a field that stands twice": "feltet står to gange",
    "an empty code": "koden mangler",
    # of indicators and sources
    "a design effect that cannot be": "designeffekten kan ikke passe",
    "a survey that is counted in a register": "en spørgeundersøgelse kan ikke tælles i et register",
    "a design effect of no survey": "kun en spørgeundersøgelse har en designeffekt",
    "a design effect that is not cautious": "designeffekten er ikke forsigtig",
    "a mean that cannot be": "det gennemsnit findes ikke",
    "a mean of half-years that are not counted in a register": "gennemsnit kan kun tages af tal, der er talt i et register",
    "a mean of figures with noise: it would take the noise away": "et gennemsnit ville fjerne støjen",
    "an indicator held against itself": "indikatoren er sammenlignet med sig selv",
    "the same people and others at once": "den kan ikke både være de samme personer og andre",
    "figures counted in a register, said to be those of another: who is counted is known there": "hvem der er talt, ved man fra registeret",
    "the same people as one that is itself the same as a third": "den anden er selv de samme som en tredje",
    "the same people under two rules": "de samme personer skal have samme regel",
    "figures without noise of the people whom a figure with noise counts": "de samme personer kan ikke have støj ét sted og ikke et andet",
    "a rate per nothing": "en hyppighed pr. ingenting",
    "a share that is not in percent": "en andel er i procent",
    "an index that is counted in a register": "et indeks kan ikke tælles i et register",
    "an indicator without a definition": "der mangler en definition",
    "a definition version that stands twice": "to definitioner har samme version",
    "a definition that ends before it begins": "definitionen slutter, før den begynder",
    "two definitions that are valid on the same day": "to definitioner gælder samme dag",
    "a bridge that does not join two definitions": "overgangen forbinder ikke to definitioner",
    "a bridge without a source": "overgangen mangler en kilde",
    "a bridge that turns the figures around": "overgangen vender tallene om",
    "a doubt below zero": "usikkerheden er under nul",
    "two bridges from the same definition": "to overgange fra samme definition",
    "figures apportioned to the areas they come from": "tal kan ikke fordeles til de områder, de kommer fra",
    "the indicator is not declared for this area set": "indikatoren måles ikke i den slags områder",
    "figures apportioned to nowhere": "der mangler områder at fordele til",
    "an index that is apportioned: no counts make it": "et indeks kan ikke fordeles: det er ikke lavet af antal",
    "figures of a register that are apportioned: they can be counted in every area set": "tal fra et register kan tælles, ikke fordeles",
    "answers of a survey that are apportioned": "svar fra en spørgeundersøgelse kan ikke fordeles",
    "noise on figures that are no shares counted in a register": "kun andele fra et register kan have støj",
    "a noise that cannot be": "den støj kan ikke lade sig gøre",
    "noise under a rule that hides no counts": "reglen skjuler ingen antal, så der skal ikke støj til",
    "noise on figures that a goal is measured by": "et mål måles med tallet, så det kan ikke have støj",
    "noise that shows counts which the rule hides": "støjen viser antal, som reglen skjuler",
    "figures without the same noise, of a column that a figure with noise asks for": "tal af samme kolonne skal have samme støj",
    # of goals, plans and rules
    "a goal without a direction": "et mål skal have en retning",
    "a target without its number": "der mangler et tal",
    "a target on the wrong side of its baseline": "målet ligger på den forkerte side af udgangspunktet",
    "a baseline after the deadline": "udgangspunktet ligger efter fristen",
    "a baseline of an unknown definition": "den version af definitionen findes ikke",
    "a baseline that does not tell its definition": "udgangspunktet skal sige, hvilken definition det følger",
    "parts of a goal that are not several": "et mål med dele skal have mindst to, og hver kun én gang",
    "an invented part of a goal": "en del af et mål kan ikke være demodata",
    "a goal of several parts that has what one measure has": "det kan kun stå ved et mål med én indikator",
    "a goal that is a part of itself": "et mål kan ikke være delmål af sig selv",
    "a restated target of an unknown definition": "den version af definitionen findes ikke",
    "a category without one clear limit": "giv én grænse: under eller over",
    "new names on no list": "nye navne kan kun afgøres med lister og uden demodata",
    "a list that is not there": "den liste findes ikke",
    "an effort that is not there": "indsatsen er markant, intensiveret, almindelig eller ingen",
    "a goal from lists without an indicator to show it under": "målet mangler en indikator at stå under",
    "a goal from lists that begins with none": "sig, hvornår den første liste blev offentliggjort",
    "a name that stands twice on a list": "et navn står to gange på listen",
    "a list of other names than it is said to have": "antallet passer ikke med navnene",
    "an area that stands twice on a list": "et område står to gange på listen",
    "two lists of one publication": "udgaven har to lister med samme kriterier",
    "two lists of one effort": "udgaven har to lister for samme indsats",
    "a district with two efforts": "et distrikt står på to af udgavens lister",
    "a figure in no chart": "diagrammet findes ikke",
    "a figure that cannot be drawn": "tallet kan ikke tegnes",
    "a chart that is not of one unit": "diagrammets tal har ikke samme enhed",
    "hiding that costs nothing": "det skal koste noget at skjule",
    "accepted without a reason": "der mangler en grund",
    "a limit below zero": "en grænse kan ikke være under nul",
    "a limit that hides nothing": "en grænse på 1 skjuler ingenting",
    "thresholds that contradict each other": "grænserne modsiger hinanden",
    "stricter than for": "strengere end for dem, der må se mindre",
    # of efforts, money and facilities
    "a project in no area": "projektet ligger ingen steder",
    "a decision before the beginning": "beslutningen ligger før projektets begyndelse",
    "a start before the approval": "planen begynder, før den er godkendt",
    "a day that cannot be read": "dagen kan ikke læses",
    "a year that cannot be read": "året kan ikke læses",
    "an amount below zero": "beløbet er under nul",
    "an amount of a year that the table does not have": "tabellen har ikke det år",
    "a number of a row that stands twice": "linjens nummer står to gange",
    "a number of a row that leads nowhere": "der er ingen linje med det nummer",
    "an amount that is none of million kroner": "det er ikke et beløb i millioner kroner",
    "an entry of a list that stands twice": "det samme står to gange",
    "a table of more rows than a page holds": "tabellen har flere linjer, end en side kan vise",
    "a row that is a part of itself, or of too many parts": "linjen er en del af sig selv, eller der er for mange trin",
    "years that are not each once, oldest first": "årene skal stå én gang hver, det ældste først",
    "a point outside Denmark": "stedet ligger uden for Danmark",
    # of the city index and of cases
    "a number of cases below zero": "antallet er under nul",
    "cases that do not add up to the total": "tallene giver ikke antallet i alt",
    "a measure and year that stand twice": "året står der allerede",
    "a scale that cannot be": "skalaen kan ikke passe",
    "a city without a name": "byen har intet navn",
    "a city without values": "der mangler værdier",
    "a value of a dimension without a scale": "dimensionen har ingen skala endnu; skriv den først",
    "a value outside the scale": "værdien ligger uden for skalaen",
    "a city, year and dimension that stand twice": "byen har allerede en værdi for den dimension det år",
}
"""What checks say in English, and the same in Danish; a message may go on after these words."""
_EXPECTED: Final[dict[str, str]] = {
    periods.EXPECTED: periods.EXPECTED.replace(" or ", " eller "),
    "a number above 0": "et tal over 0",
    "0 or more": "0 eller mere",
    "a number, 0 or more": "et tal, 0 eller mere",
    "a number": "et tal",
    "float": "et tal",
    "int": "et helt tal",
    "str": "tekst",
    "bool": "ja eller nej",
    "at least one": "mindst en",
    "up or down": "højere eller lavere",
    "1 or more, for example 1.5": "1 eller mere, for eksempel 1,5",
    "1 or more, for example 1000": "1 eller mere, for eksempel 1000",
    "0 for no limit, or 2 and more": "0 for ingen grænse, eller 2 og mere",
    "valid_to after valid_from": "til efter fra",
    "valid_to before valid_from": "at den ene slutter, før den anden begynder",
    "below or above": "under eller over",
    "2 half-years, 4 half-years, or both": "2 halvår, 4 halvår eller begge",
    "an area, or a point on the map": "et område eller et sted på kortet",
    "a day after the approval": "en dag efter godkendelsen",
    "a day after the beginning": "en dag efter begyndelsen",
    "four digits, for example 2009": "fire cifre, for eksempel 2009",
    "million kroner, 0 or more": "millioner kroner, 0 eller mere",
    "08-31, or 2010-05-07": "08-31 eller 2010-05-07",
    "the number of a row": "nummeret på en linje",
    "the number of another row": "nummeret på en anden linje",
    "numbers of their own": "hver sit nummer",
    "at most 1000000, with 6 decimals": "højst 1000000, med 6 decimaler",
    "each once": "hver én gang",
    "at most 60 signs: a letter or digit first": "højst 60 tegn, først et bogstav eller tal",
    "at most 300 letters on one line": "højst 300 bogstaver på én linje",
    "at most 20000 letters": "højst 20000 bogstaver",
    "a number from -1000000000000000 to 1000000000000000": "et tal fra -1000000000000000 til 1000000000000000",
    "every case once, some as not stated": "hver sag én gang, også dem, hvor det ikke er oplyst",
    "one entry for each year": "én post for hvert år",
    "two ends, the lowest first": "to ender, den laveste først",
    "the name of the city": "byens navn",
    "a dimension and its value": "en dimension og dens værdi",
    "a dimension that says its scale": "en dimension med en skala",
    "one value of each": "én værdi af hver",
    "degrees: lon from 8 to 15.5, lat from 54.4 to 58": "grader: længde fra 8 til 15,5, bredde fra 54,4 til 58",
}
_AT_LEAST: Final = re.compile(r"at (least|most) ([0-9.]+)")
_BETWEEN: Final = re.compile(r"a number from (\S+) to (\S+)")
_IN_FILE: Final = re.compile(r"an id in (data/\w+\.toml|boundaries/sets\.toml)")


def words_of(english: str) -> Text:
    """Return words in both languages; words that stand in no list, such as a number, are the same in both."""
    danish = next((da for en, da in DANISH.items() if english == en or english.startswith((f"{en} ", f"{en}:"))), english)
    return Text(da=danish, en=english)


def expected_of(english: str) -> Text | None:
    """Return what was expected, in both languages; None where there is nothing to say in Danish."""
    if english in _EXPECTED:
        return Text(da=_EXPECTED[english], en=english)
    if match := _AT_LEAST.fullmatch(english):
        return Text(da=f"{'mindst' if match[1] == 'least' else 'højst'} {match[2]}", en=english)
    if match := _BETWEEN.fullmatch(english):
        return Text(da=f"et tal fra {match[1]} til {match[2]}".replace(".", ","), en=english)
    if match := _IN_FILE.fullmatch(english):
        return Text(da=f"en kode i {match[1]}", en=english)
    return None


def said(problem: Problem, *, field: str, where: Text | None = None) -> FieldProblem:
    """Return a problem of the catalogue as a form says it. where: the other entry that it stands in."""
    what = problem.what.split(" '", maxsplit=1)[0] if problem.what.startswith("Invalid") else problem.what
    return FieldProblem(field=field, what=words_of(what), given=problem.found[:200], expected=expected_of(problem.expected), where=where)


def place(kind: kinds.EntryKind, title: str) -> Text:
    """Return the words for another entry: its kind and what it is called."""
    return Text(da=f"{kind.label.da} “{title}”", en=f"{kind.label.en} “{title}”")
