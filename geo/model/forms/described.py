"""What a form of the catalogue asks, as plain values that encode to JSON: its fields, and the entries that stand in the files."""

from __future__ import annotations

from typing import Literal

from geo.model.vocabulary import Text, Value

FieldKind = Literal["words", "texts", "number", "day", "period", "choice", "yes", "reference", "several", "group", "entries", "pairs"]
"""What a field takes.

words: one text. texts: one text in Danish and English, the fields `<name>.da` and `<name>.en`. number, day, period. choice: one of
`choices`. yes: a box to tick. reference: the id of something else. several: a list of words, numbers or ids. group: the fields of
something inside, `<name>.<field>`. entries: a list of such, `<name>[1].<field>`. pairs: a list of `<name>[1].key` and `<name>[1].value`.
"""

Typed = dict[str, tuple[str, ...]]
"""What stands in a form: by path of the field the texts in it. A field with nothing in it is left out; a ticked box is `yes`."""


class FieldChoice(Value, frozen=True, kw_only=True):
    """One of the values of a field, and what it is called. of: what it belongs to, for example the set of an area."""

    value: str
    label: Text
    of: str = ""


class FormField(Value, frozen=True, kw_only=True):
    """One field of a form.

    default: what holds when nothing is given. long: a text of several lines. whole: a number without decimals. loose: words that may
    also be a number. refers: the key of `FormsFile.choices` in which the ids are that may be given; ids of areas are proposals. fields: of
    a group, of each entry of a list, and of a pair. most: how many entries a list may have.
    """

    name: str
    kind: FieldKind
    label: Text
    help: Text | None = None
    required: bool = False
    default: str = ""
    long: bool = False
    whole: bool = False
    loose: bool = False
    choices: tuple[FieldChoice, ...] = ()
    refers: str = ""
    fields: tuple[FormField, ...] = ()
    most: int = 0


class EntryForm(Value, frozen=True, kw_only=True):
    """The form of one kind of entry. ends: the field that ends an entry without removing it, "" when there is none."""

    kind: str
    label: Text
    plural: Text
    file: str
    fields: tuple[FormField, ...]
    ends: str = ""


class WrittenEntry(Value, frozen=True, kw_only=True):
    """An entry as it stands in its file: what it is called, the SHA-256 of its content, and its form filled in."""

    id: str
    title: str
    sha256: str
    values: Typed


class FormsFile(Value, frozen=True, kw_only=True):
    """Everything that pages of the forms show: forms, entries by kind, and the choices of references by what they refer to.

    faulty: by kind, why the entries of a file that cannot be read are not here.
    """

    forms: tuple[EntryForm, ...]
    entries: dict[str, tuple[WrittenEntry, ...]]
    choices: dict[str, tuple[FieldChoice, ...]]
    faulty: dict[str, str] = {}

    def form(self, kind: str) -> EntryForm | None:
        """Return the form of a kind, or None when there is none."""
        return next((form for form in self.forms if form.kind == kind), None)

    def entry(self, kind: str, id: str) -> WrittenEntry | None:
        """Return an entry, or None when there is none."""
        return next((entry for entry in self.entries.get(kind, ()) if entry.id == id), None)
