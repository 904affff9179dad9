"""Questions about brought files that several kinds of files share, and the answers as the imports take them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from geo.drafts.draft import FilePreview, FileQuestion, fault_of
from geo.errors import InputError, Problem
from geo.inputs.tables.taking import TableChoices
from geo.model.forms.described import FieldChoice
from geo.model.vocabulary import Text

YES: Final = "yes"
CONFIRMED: Final = FieldChoice(value=YES, label=Text(da="ja", en="yes"))
_DECIMALS: Final = (
    FieldChoice(value=",", label=Text(da="komma", en="a comma")),
    FieldChoice(value=".", label=Text(da="punktum", en="a point")),
)
_ASKED: Final[Mapping[str, tuple[str, Text, tuple[FieldChoice, ...]]]] = {
    "--confirm": ("confirm", Text(da="Er det rigtigt, som det står?", en="Is it right as it stands?"), (CONFIRMED,)),
    "--decimal": ("decimal", Text(da="Hvad står foran decimalerne?", en="What stands before the decimals?"), _DECIMALS),
    "--retrieved": (
        "retrieved",
        Text(da="Hvilken dag er filen hentet? Skriv ÅÅÅÅ-MM-DD", en="On which day was the file fetched? Write YYYY-MM-DD"),
        (),
    ),
    "--sheet": ("sheet", Text(da="Hvilket ark i projektmappen?", en="Which sheet of the workbook?"), ()),
    "--layer": ("layer", Text(da="Hvilket lag i filen?", en="Which layer of the file?"), ()),
    "--valid-from": (
        "valid_from",
        Text(da="Fra hvilken dag gælder områderne? Skriv ÅÅÅÅ-MM-DD", en="From which day are the areas valid? Write YYYY-MM-DD"),
        (),
    ),
    "--crs": ("crs", Text(da="Hvilket koordinatsystem? For eksempel EPSG:25832", en="Which CRS? For example EPSG:25832"), ()),
    "--leave-out-empty": ("leave_out_empty", Text(da="Udelad dem uden omrids?", en="Leave out those without an outline?"), (CONFIRMED,)),
    "--replace": ("replace", Text(da="Erstat det, der står nu?", en="Replace what stands there?"), (CONFIRMED,)),
}
"""By the option of the command line that the mend of a problem names: the answer's name, the question and its choices."""


def asked_of(problems: Iterable[Problem], answers: Mapping[str, str]) -> Iterator[FileQuestion]:
    """Return the questions that the mends of problems ask, and those that were answered already."""
    mends = " ".join(problem.expected for problem in problems)
    for option, (name, asks, choices) in _ASKED.items():
        if option in mends or answers.get(name):
            yield FileQuestion(name=name, asks=asks, given=answers.get(name, ""), choices=choices)


def with_faults(seen: FilePreview, problems: Iterable[Problem], answers: Mapping[str, str]) -> FilePreview:
    """Return a preview with what is wrong with the file, and what is asked because of it."""
    every = tuple(problems)
    names = {question.name for question in seen.questions}
    more = [question for question in asked_of(every, answers) if question.name not in names]
    return replace(seen, faults=tuple(map(fault_of, every)), questions=(*seen.questions, *more))


def table_choices(answers: Mapping[str, str], *, profile: str = "") -> TableChoices:
    """Return the answers about a table as an import takes them. Raises InputError for a decimal sign that is none."""
    return TableChoices(profile, answers.get("decimal", ""), answers.get("sheet", ""), answers.get("confirm") == YES)


def day_of(answers: Mapping[str, str], name: str) -> dt.date | None:
    """Return the day that was answered, None for no answer. Raises InputError for a text that is no day."""
    text = answers.get(name, "")
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(Problem("", "a day that is none", column=name, found=repr(text[:40]), expected="YYYY-MM-DD")) from None
