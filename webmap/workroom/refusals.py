"""What is wrong with a file or a draft, in Danish: the English words of `geo` by a table; what the table does not have stays English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geo.drafts.draft import FileFault
from geo.errors import DraftError, Problem
from geo.model.vocabulary import Text
from webmap.language.refusals import ErrorWords

DANISH: Final[Mapping[str, str]] = {
    # of drafts
    "a draft that nobody has signed": "ingen har skrevet under på kladden",
    "a draft that was not rehearsed": "kladden er ikke prøvet",
    "a draft whose rehearsal is not of what is in it": "kladden er ændret, siden den blev prøvet",
    "a draft without a title": "kladden mangler et navn",
    "a publication is not stopped half-way": "en udgivelse kan ikke stoppes midtvejs",
    "a reason is missing": "skriv hvorfor",
    "another edition is shown since": "en anden udgave vises siden",
    "files of this publication were written in since, and would be lost": "filer fra udgivelsen er rettet siden, og det ville gå tabt",
    "files or proposals with something wrong or open cannot be rehearsed": "filer eller forslag har fejl eller ubesvarede spørgsmål",
    "more files than a draft may have": "der er flere filer, end en kladde må have",
    "no such draft": "kladden findes ikke",
    "no such file in the draft": "filen er ikke i kladden",
    "no such file or proposal in the draft": "filen eller forslaget er ikke i kladden",
    "no such proposal in the draft": "forslaget er ikke i kladden",
    "no such publication": "udgivelsen findes ikke",
    "no work on the draft is going on": "der er ikke noget i gang med kladden",
    "the draft cannot be read": "kladden kan ikke læses",
    "the draft is published": "kladden er udgivet",
    "the draft was thrown away": "kladden er kasseret",
    "the file is larger than files may be": "filen er større, end filer må være",
    "the program failed; whoever runs it finds why in its log": "programmet fejlede; den, der driver det, kan se hvorfor i loggen",
    "the same file is in the draft already": "den samme fil er allerede i kladden",
    "the workspace has changed since the rehearsal": "andre har ændret noget, siden der blev prøvet",
    "there is no publication to take back": "der er ingen udgivelse at rulle tilbage",
    "there is no rehearsal to sign": "der er ingen prøve at skrive under på",
    "two pairs of eyes are asked for": "en anden end dig skal have skrevet under",
    "work on the draft is going on": "der arbejdes på kladden lige nu",
    # of tables
    "a code without its leading zeros": "en kode uden nullerne foran",
    "a column that stands twice": "en kolonne står to gange",
    "a count that cannot be": "et antal, der ikke kan passe",
    "a count that is no number": "et antal, der ikke er et tal",
    "a day that is none": "en dag, der ikke findes",
    "a field that a column says too": "det står også i en kolonne",
    "a field that is both in a column and fixed": "det står både i en kolonne og for hele filen",
    "a figure that is not as it was counted": "et tal passer ikke med det, der er talt",
    "a file without observations": "filen har ingen tal",
    "a format that is not read": "den slags filer læses ikke",
    "a format that is not read here": "den slags filer læses ikke her",
    "a mark that means nothing we know": "et tegn, vi ikke kender betydningen af",
    "a missing column": "en kolonne mangler",
    "a name that leads nowhere": "det findes ikke i kataloget",
    "a number in merged cells": "et tal i flettede celler",
    "a number that cannot be": "et tal, der ikke kan passe",
    "a page of HTML or XML, and no table": "det er en side i HTML eller XML og ingen tabel",
    "a period or value of its own beside periods across": "periode eller tal både på tværs og i sin egen kolonne",
    "a period that cannot be read": "en periode, der ikke kan læses",
    "a point outside Denmark": "et punkt uden for Danmark",
    "a profile that every table would fit": "en opskrift, som enhver tabel ville passe til",
    "a status that is none": "en status, der ikke findes",
    "a table that no profile knows": "en tabel, vi ikke har set før",
    "a table without rows": "tabellen har ingen rækker",
    "a value of the wrong type": "en værdi af en forkert slags",
    "a value that cannot be taken": "en værdi, der ikke kan bruges",
    "a workbook of the old form XLS, or one with a password": "en gammel XLS-fil, eller en fil med adgangskode",
    "a wrong number of fields": "et forkert antal felter i rækken",
    "a wrong value": "en forkert værdi",
    "a zip file that is not named as a workbook": "en zip-fil, der ikke hedder som et regneark",
    "a zip with a password": "en zip-fil med adgangskode",
    "an empty cell that would be zero": "en tom celle, der ville blive til nul",
    "an empty field": "et tomt felt",
    "an entry that is there with other content": "den findes allerede med et andet indhold",
    "an observation that another file of the same day gives otherwise": "en anden fil fra samme dag siger noget andet om det samme tal",
    "an unknown column": "en ukendt kolonne",
    "another file of that name and day is there, with other bytes, and nothing is written over it": (
        "der ligger en anden fil med samme navn og dag, og intet bliver skrevet over"
    ),
    "another header": "en anden overskrift",
    "columns in another order": "kolonnerne står i en anden rækkefølge",
    "fetched on a day after today": "hentet på en dag, der ikke er kommet endnu",
    "JSON that is no dataset of JSON-stat": "JSON, der ikke er et datasæt i JSON-stat",
    "a dataset of JSON-stat that is not whole": "et datasæt i JSON-stat, der ikke er helt",
    "letters of an encoding that is not known": "bogstaver i en tegnkodning, vi ikke kender",
    "letters that nobody knows": "bogstaver, der ikke kan læses",
    "more than one profile fits": "flere opskrifter passer",
    "no column of a period": "ingen kolonne med perioden",
    "no columns": "ingen kolonner",
    "no decimal sign": "intet decimaltegn",
    "no row with names of columns": "ingen række med navne på kolonner",
    "no such answer": "et svar, der ikke er en mulighed",
    "a form that is not one of ours": "formularen er ikke, som siden sendte den",
    "no such entry": "den findes ikke i kataloget",
    "the catalogue is not read into the draft yet": "kataloget er ikke læst ind i kladden endnu",
    "too long": "teksten er for lang",
    "no file was chosen": "vælg en fil først",
    "not confirmed": "sæt kryds ved, at kladden skal kasseres",
    "no such area set": "den slags områder findes ikke",
    "no such indicator": "indikatoren findes ikke",
    "no such profile": "opskriften findes ikke",
    "no such sheet": "arket findes ikke",
    "not CSV": "det er ikke CSV",
    "not CSV in UTF-8": "det er ikke CSV i UTF-8",
    "not JSON": "det er ikke JSON",
    "not UTF-8": "det er ikke UTF-8",
    "not a table": "det er ikke en tabel",
    "one group written in two ways": "den samme gruppe er skrevet på to måder",
    "rows with the first column alone: entries or footnotes": "rækker med kun den første kolonne: data eller fodnoter?",
    "semicolons between the fields": "der er semikolon mellem felterne",
    "several areas are called that": "flere områder hedder det",
    "the file cannot be read": "filen kan ikke læses",
    "the file cannot be read to its end": "filen kan ikke læses til ende",
    "the file is empty": "filen er tom",
    "the file is not text": "filen er ikke tekst",
    "the file is not what its name says": "filen er ikke det, navnet siger",
    "the file is too large": "filen er for stor",
    "the formats of the workbook cannot be read": "regnearkets formater kan ikke læses",
    "the indicator is not declared for this area set": "indikatoren måles ikke i den slags områder",
    "too many cells": "for mange celler",
    "too many columns": "for mange kolonner",
    "two files of this import would be the same file of the workspace": "to af filerne ville blive til den samme fil",
    # of layers
    "a layer of a part only, of a set that covers the city": "laget dækker kun en del, men inddelingen dækker hele byen",
    "a layer that no profile knows": "et lag, vi ikke har set før",
    "a layer without features": "laget er tomt",
    "a layer without geometries": "laget har ingen omrids",
    "an area outside Denmark": "et område uden for Danmark",
    "an area that stands twice": "et område står to gange",
    "an empty code": "en tom kode",
    "an empty geometry": "et område uden omrids",
    "areas cannot be measured in degrees": "områder kan ikke måles i grader",
    "areas that lie on each other in piles": "områder ligger oven på hinanden",
    "degrees in a layer whose CRS is in metres": "laget har grader, men siger, at det er i meter",
    "latitude stands before longitude": "bredde står før længde",
    "layers in different coordinate reference systems": "lagene har hvert sit koordinatsystem",
    "metres in a layer whose CRS is in degrees": "laget har meter, men siger, at det er i grader",
    "not a GeoJSON layer": "det er ikke et lag i GeoJSON",
    "not just one layer": "der er flere lag i filen",
    "the coordinates are not what is declared": "koordinaterne passer ikke med det, der er oplyst",
    "the layer cannot be read": "laget kan ikke læses",
    "the layer has no coordinate reference system": "laget siger ikke, hvilket koordinatsystem det har",
    "the names are not in the letters that the .cpg says": "navnene har ikke de bogstaver, som .cpg-filen siger",
    "two areas of a partition overlap": "to områder ligger over hinanden",
    "two areas overlap": "to områder ligger over hinanden",
    # of registers and addresses
    "a column of the wrong type": "en kolonne af en forkert slags",
    "a column that changes its type between files": "en kolonne skifter slags fra fil til fil",
    "a column that is no period": "kolonnen er ikke en periode",
    "a list without an address that has a point": "ingen adresse i listen har et punkt",
    "a person stands twice in a period": "en person står to gange i samme periode",
    "a point lies in two areas": "et punkt ligger i to områder",
    "a point or area that is not there": "et punkt eller område, der mangler",
    "a register in a workbook is not read": "et register i et regneark læses ikke",
    "a register without rows": "registeret har ingen rækker",
    "a source with people and without a point or block": "rækkerne har personer, men hverken punkt eller blok",
    "an address stands twice in the list of addresses": "en adresse står to gange i listen",
    "an address with two points that lie apart": "en adresse har to punkter langt fra hinanden",
    "the address has another type than in the list of addresses": "adressen er skrevet på en anden måde end i adresselisten",
    "the list of addresses is not there": "adresselisten mangler",
    "what is shown tells what must be hidden": "det, der vises, ville røbe det, der skal skjules",
}
"""By the English words of a problem. `tests/webmap/workroom/test_refusals.py` holds that `geo` still says them."""

_EXPECTED: Final[Mapping[str, str]] = {
    "a new draft": "en ny kladde",
    "a rehearsal without faults, of the workspace as it is": "en prøve uden fejl af det, der er i kladden nu",
    "a signature under the rehearsal": "en underskrift på prøven",
    "a smaller file": "en mindre fil",
    "another file, or none": "en anden fil, eller ingen",
    "another rehearsal": "en ny prøve",
    "it to end": "at det bliver færdigt",
    "it to end, and to be rolled back then": "at den bliver færdig og så bliver rullet tilbage",
    "it to end, or to be stopped": "at det bliver færdigt eller bliver stoppet",
    "the draft read": "at kladden bliver læst",
    "the page opened again": "at siden bliver åbnet igen",
    "the questions answered, or them taken out": "at der bliver svaret, eller at de bliver taget ud",
    "the signature of somebody else than who publishes": "en underskrift af en anden end den, der udgiver",
    "why it shall be published, in a sentence": "en sætning om, hvorfor det skal udgives",
    "what it is about, for example: 1. halvår 2027": "hvad det handler om, for eksempel: 1. halvår 2027",
}
"""By the English words of what was expected."""
_DISK: Final = re.compile(r"the disk does not take it \((.*)\)")


@dataclass(frozen=True)
class FaultWords:
    """A fault in the words of a reader. where: the file's own row and column, "" for all of it; more: how many others there are.

    foreign, expected_foreign: the words are English in every language, because nobody has translated them.
    """

    what: str
    foreign: bool
    where: str
    found: str
    expected: str
    expected_foreign: bool
    more: int


def fault(of: FileFault, language: str) -> FaultWords:
    """Say what is wrong with a file."""
    what, expected = words(of.what), Text(da=_EXPECTED.get(of.expected, of.expected), en=of.expected)
    row = Text(da=f"række {of.row}", en=f"row {of.row}").in_(language) if of.row is not None else ""
    column = Text(da=f"kolonnen {of.column}", en=f"column {of.column}").in_(language) if of.column else ""
    return FaultWords(
        what=what.in_(language),
        foreign=what.da == what.en,
        where=", ".join(part for part in (row, column) if part),
        found=of.found,
        expected=expected.in_(language),
        expected_foreign=expected.da == expected.en,
        more=of.more,
    )


def words(what: str) -> Text:
    """The words of a problem in both languages; English in both when nobody has translated them."""
    if match := _DISK.fullmatch(what):
        return Text(da=f"disken tager ikke imod det ({match[1]})", en=what)
    return Text(da=DANISH.get(what, what), en=what)


def sentence(problem: Problem) -> Text:
    """A problem as a sentence or two in both languages."""
    what = words(problem.what)
    danish = _sentence(what.da, problem.found, "Der skal være", _EXPECTED.get(problem.expected, problem.expected))
    return Text(da=danish, en=_sentence(what.en, problem.found, "Expected", problem.expected))


def _sentence(what: str, found: str, lead: str, expected: str) -> str:
    after = f" ({found})" if found else ""
    return f"{what[:1].upper()}{what[1:]}{after}." + (f" {lead}: {expected}." if expected else "")


def page(error: DraftError) -> ErrorWords:
    """The error page of what cannot be done with a draft as it stands (409)."""
    said = [sentence(problem) for problem in error.problems]
    title = Text(da="Det kan ikke lade sig gøre med kladden", en="That cannot be done with the draft")
    return ErrorWords(title, Text(da=" ".join(text.da for text in said), en=" ".join(text.en for text in said)))


def too_large(megabytes: int) -> ErrorWords:
    """The error page of a file that is larger than files may be (413). It is shown before anybody is asked who they are."""
    return ErrorWords(
        Text(da="Filen fylder for meget", en="The file is too large"),
        Text(
            da=f"En fil må højst fylde {megabytes} MB. Intet er hentet ind. Den, der driver tjenesten, kan ændre grænsen (upload_mb).",
            en=f"A file may have at most {megabytes} MB. Nothing was brought. Whoever runs the service can change the limit (upload_mb).",
        ),
    )
