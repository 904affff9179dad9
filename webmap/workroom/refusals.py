"""What is wrong with a file or a draft, in both languages: the words of `geo`, and their Danish by the table in `danish`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from geo.drafts.draft import FileFault
from geo.errors import DraftError, Problem
from geo.model.vocabulary import Text
from webmap.language.refusals import ErrorWords
from webmap.workroom import queue
from webmap.workroom.danish import DANISH, EXPECTED

_DISK: Final = re.compile(r"the disk does not take it \((.*)\)")
_QUEUE: Final = re.compile(rf"{re.escape(queue.UNWRITABLE)} \((.*)\)")


@dataclass(frozen=True)
class FaultWords:
    """A fault in the words of a reader.

    where: the file's own row and column, "" for all of it. given: what stands there. more: how many others there are.
    foreign, expected_foreign: the words are English in every language, because nobody has translated them.
    """

    what: str
    foreign: bool
    where: str
    given: str
    expected: str
    expected_foreign: bool
    more: int


def fault(of: FileFault, language: str) -> FaultWords:
    """Say what is wrong with a file."""
    what, expected = words(of.what), Text(da=EXPECTED.get(of.expected, of.expected), en=of.expected)
    row = Text(da=f"række {of.row}", en=f"row {of.row}").in_(language) if of.row is not None else ""
    column = Text(da=f"kolonnen {of.column}", en=f"column {of.column}").in_(language) if of.column else ""
    return FaultWords(
        what=what.in_(language),
        foreign=what.da == what.en,
        where=", ".join(part for part in (row, column) if part),
        given=_quoted(of.found),
        expected=expected.in_(language),
        expected_foreign=expected.da == expected.en,
        more=of.more,
    )


def _quoted(text: str) -> str:
    """What stands in a file, without the signs that a program writes around a text."""
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == "'" else text


def words(what: str) -> Text:
    """The words of a problem in both languages; English in both when nobody has translated them."""
    if match := _DISK.fullmatch(what):
        return Text(da=f"disken tager ikke imod det ({match[1]})", en=what)
    if match := _QUEUE.fullmatch(what):
        return Text(da=f"køen med arbejde kan ikke skrives lige nu ({match[1]}); prøv igen", en=what)
    return Text(da=DANISH.get(what, what), en=what)


def sentence(problem: Problem) -> Text:
    """A problem as a sentence or two in both languages."""
    what = words(problem.what)
    danish = _sentence(what.da, problem.found, "Der skal være", EXPECTED.get(problem.expected, problem.expected))
    return Text(da=danish, en=_sentence(what.en, problem.found, "Expected", problem.expected))


def _sentence(what: str, given: str, lead: str, expected: str) -> str:
    after = f" ({given})" if given else ""
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
