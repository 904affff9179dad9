"""The form of an entry as its page draws it: a tree of fields with what stands in them, what is wrong, and what others wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from geo.model.forms.described import EntryForm, FieldChoice, FormField, FormsFile, Typed
from geo.model.forms.proposed import FieldConflict, FieldProblem, ProposalOutcome
from geo.model.vocabulary import Text

Drawn = Literal["line", "long", "lines", "select", "boxes", "box", "two", "group", "rows"]
"""How a field is drawn.

line, long: one text in one or several lines. lines: a text a line. select, boxes: one or several of the choices. box: a box to tick. two:
Danish and English side by side. group: fields inside. rows: a list of such, with an empty one at its end.
"""
LANGUAGES: Final = tuple(zip(Text.__struct_fields__, (Text(da="dansk", en="Danish"), Text(da="engelsk", en="English")), strict=True))
"""The halves of a text, and what each is called."""
REMOVE: Final = "remove"
"""The box of a row that says that it shall go."""
_BOXES: Final = 14
"""Choices that are drawn as boxes; where there are more, the codes are written."""
_LISTED: Final = 400
"""Choices of a select; where there are more, they are proposals of a field to write in."""


@dataclass(frozen=True)
class FieldRow:
    """One entry of a list in a form. fresh: the empty one at the end."""

    number: int
    remove: str
    fields: tuple[FieldView, ...]
    fresh: bool
    title: str


@dataclass(frozen=True)
class FieldView:
    """One field. path: in the form; of `two` the two paths with their languages stand in `halves`.

    choices: value, words and whether it is chosen. proposals: the name of a list of proposals, "" for none. theirs: what somebody else
    wrote meanwhile, None where nobody did.
    """

    path: str
    drawn: Drawn
    label: str
    hint: str = ""
    required: bool = False
    long: bool = False
    value: str = ""
    numeric: bool = False
    choices: tuple[tuple[str, str, bool], ...] = ()
    proposals: str = ""
    halves: tuple[FieldView, ...] = ()
    language: str = ""
    fields: tuple[FieldView, ...] = ()
    rows: tuple[FieldRow, ...] = ()
    problems: tuple[str, ...] = ()
    theirs: str | None = None

    @property
    def filled(self) -> bool:
        """Whether something stands in it, or is said about it."""
        inner = (*self.halves, *self.fields)
        return bool(self.value or self.problems or self.theirs is not None or any(row for row in self.rows if not row.fresh)) or any(
            chosen for value, _, chosen in self.choices if value
        ) or any(each.filled for each in inner)  # fmt: skip


@dataclass(frozen=True)
class _Filling:
    """What a form is drawn from."""

    values: Typed
    forms: FormsFile
    language: str
    problems: Mapping[str, Sequence[FieldProblem]] = field(default_factory=dict)
    conflicts: Mapping[str, FieldConflict] = field(default_factory=dict)

    def said(self, path: str) -> tuple[str, ...]:
        """What is wrong with a field, in words."""
        return tuple(problem_words(problem, self.language) for problem in self.problems.get(path, ()))


def problem_words(problem: FieldProblem, language: str) -> str:
    """What is wrong with a field, with what stands there and what should."""
    given = f" ({problem.given})" if problem.given else ""
    where = f" – {problem.where.in_(language)}" if problem.where else ""
    expected = Text(da=" Der skal stå: ", en=" Expected: ").in_(language) + f"{problem.expected.in_(language)}." if problem.expected else ""
    what = problem.what.in_(language)
    return f"{what[:1].upper()}{what[1:]}{given}{where}.{expected}"


def drawn(form: EntryForm, values: Typed, forms: FormsFile, language: str, outcome: ProposalOutcome | None) -> tuple[FieldView, ...]:
    """Draw a form. values: what stands in it; outcome: what came of it when it was tried, None when it was not."""
    wrong: dict[str, list[FieldProblem]] = {}
    for problem in outcome.problems if outcome else ():
        wrong.setdefault(problem.field, []).append(problem)
    clashes = {conflict.field: conflict for conflict in outcome.conflicts} if outcome else {}
    filling = _Filling(values, forms, language, wrong, clashes)
    return tuple(_field(each, each.name, filling) for each in form.fields)


def _field(of: FormField, path: str, filling: _Filling) -> FieldView:
    shared = FieldView(
        path=path,
        drawn="line",
        label=of.label.in_(filling.language),
        hint=of.help.in_(filling.language) if of.help else "",
        required=of.required,
        long=of.long,
        problems=filling.said(path),
        theirs=_theirs(path, filling),
    )
    if of.kind == "texts":
        return replace(shared, drawn="two", halves=tuple(_half(of, path, name, called, filling) for name, called in LANGUAGES))
    if of.kind == "group":
        return replace(shared, drawn="group", fields=_inside(of.fields, f"{path}.", filling))
    if of.kind in ("entries", "pairs"):
        numbers = _numbers(filling.values, path)
        fresh = (numbers[-1] if numbers else 0) + 1
        rows = tuple(_row(of, path, number, filling, fresh=number == fresh) for number in (*numbers, fresh))
        return replace(shared, drawn="rows", rows=rows)
    return _leaf(of, shared, filling)


def _half(of: FormField, path: str, name: str, called: Text, filling: _Filling) -> FieldView:
    """One language of a text."""
    here = f"{path}.{name}"
    return FieldView(
        path=here,
        drawn="long" if of.long else "line",
        label=called.in_(filling.language),
        long=of.long,
        value="\n".join(filling.values.get(here, ())),
        language=name,
        problems=filling.said(here),
        theirs=_theirs(here, filling),
    )


def _theirs(path: str, filling: _Filling) -> str | None:
    clash = filling.conflicts.get(path)
    return None if clash is None else "\n".join(clash.theirs)


def _inside(fields: Sequence[FormField], before: str, filling: _Filling) -> tuple[FieldView, ...]:
    return tuple(_field(each, f"{before}{each.name}", filling) for each in fields)


def _row(of: FormField, path: str, number: int, filling: _Filling, *, fresh: bool) -> FieldRow:
    here = f"{path}[{number}]"
    inside = _inside(of.fields, f"{here}.", filling)
    title = next((words for each in inside for words in _titles(each)), "")
    return FieldRow(number, f"{here}.{REMOVE}", inside, fresh, title)


def _titles(view: FieldView) -> Iterator[str]:
    """What names a row: what stands in its first fields."""
    yield from (half.value for half in view.halves if half.value)
    if view.value:
        yield next((words for value, words, chosen in view.choices if chosen and value), view.value)


def _leaf(of: FormField, shared: FieldView, filling: _Filling) -> FieldView:
    given = filling.values.get(shared.path, ())
    known = of.choices or filling.forms.choices.get(of.refers, ())
    values = {choice.value for choice in known}
    written = replace(shared, value="\n".join(given), proposals=of.refers if known else "", numeric=of.kind == "number")
    if of.kind == "yes":
        return replace(written, drawn="box", choices=(("yes", shared.label, "yes" in given),))
    if of.kind == "several":
        if known and len(known) <= _BOXES and values.issuperset(given):
            return replace(written, drawn="boxes", choices=_options(known, given, filling.language))
        return replace(written, drawn="lines")
    if of.kind == "choice" or (of.kind == "reference" and of.refers != "areas" and len(known) <= _LISTED):
        there = known if values.issuperset(given[:1]) else (*known, _written(given[0]))
        return replace(written, drawn="select", choices=_options(there, given, filling.language))
    return replace(written, drawn="long" if of.long else "line")


def _written(text: str) -> FieldChoice:
    return FieldChoice(value=text, label=Text(da=text, en=text))


def _options(known: Sequence[FieldChoice], given: Sequence[str], language: str) -> tuple[tuple[str, str, bool], ...]:
    """The choices as value, words and whether they are chosen; those that are chosen keep the order in which they stand."""
    chosen = [next(choice for choice in known if choice.value == text) for text in given if any(text == choice.value for choice in known)]
    others = [choice for choice in known if choice not in chosen] if len(given) > 1 else []
    ordered = [*chosen, *others] if len(given) > 1 else list(known)
    return tuple((choice.value, choice.label.in_(language), choice.value in given) for choice in ordered)


def _numbers(values: Typed, path: str) -> list[int]:
    """The numbers of the entries that a list has in a form, in order."""
    inside = re.compile(rf"{re.escape(path)}\[([1-9][0-9]{{0,3}})\]\..+")
    return sorted({int(match[1]) for name in values if (match := inside.fullmatch(name))})


def labels(fields: Sequence[FormField], language: str, before: str = "") -> Iterator[tuple[str, str]]:
    """What every field of a form is called, by its path without the numbers of rows."""
    for each in fields:
        path = f"{before}{each.name}"
        yield path, each.label.in_(language)
        yield from labels(each.fields, language, f"{path}.")


def called(path: str, names: Mapping[str, str]) -> str:
    """What a field of a form is called in words, with the numbers of its rows: `Definitioner 2, Version`."""
    parts, words = path.split("."), []
    for place, part in enumerate(parts):
        name, _, number = part.rstrip("]").partition("[")
        known = names.get(".".join(re.sub(r"\[[0-9]+\]", "", each) for each in parts[: place + 1]), "")
        words.append(f"{known or name} {number}".strip())
    return ", ".join(words)
