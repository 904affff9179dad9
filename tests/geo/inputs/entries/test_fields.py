"""Forms follow the types: every field has a label in both languages, and nothing of a type is left out."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from geo.inputs.entries import fields, kinds
from geo.model.forms.described import EntryForm, FormField
from geo.model.vocabulary import Text


def every(described: tuple[FormField, ...]) -> Iterator[FormField]:
    for field in described:
        yield field
        yield from every(field.fields)


@pytest.mark.parametrize("form", fields.forms(), ids=lambda form: form.kind)
def test_every_field_has_words_in_both_languages(form: EntryForm) -> None:
    assert [field.name for field in form.fields] == [field.encode_name for field in msgspec.structs.fields(kinds.of(form.kind).type)]
    for field in every(form.fields):
        for text in (field.label, field.help, *(choice.label for choice in field.choices)):
            assert text is None or (text.da.strip() and text.en.strip())


def test_no_label_is_of_a_field_that_is_not_there() -> None:
    used: set[str] = set()
    real = fields._label

    def seen(place: str) -> Text:
        used.add(place)
        return real(place)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fields, "_label", seen)
        for kind in kinds.KINDS:
            fields.described(kind.type)
    assert {place for place in fields.LABELS if place not in used} <= {"Reported.text", "Reported.cite"}


def test_a_form_goes_over_to_json_and_back() -> None:
    for form in fields.forms():
        assert msgspec.json.decode(msgspec.json.encode(form), type=EntryForm) == form


def test_types_in_types_without_end_are_refused() -> None:
    with pytest.raises(TypeError, match="deeper than a form shows"):
        fields.described(kinds.of("source").type, depth=6)


def test_what_fields_are() -> None:
    indicator = {field.name: field for field in next(form for form in fields.forms() if form.kind == "indicator").fields}
    assert (indicator["kind"].kind, [choice.value for choice in indicator["kind"].choices]) == (
        "choice",
        ["count", "share", "rate", "index"],
    )
    assert (indicator["rule"].kind, indicator["rule"].refers) == ("reference", "rules")
    assert (indicator["definitions"].kind, indicator["definitions"].fields[1].kind) == ("entries", "texts")
    rule = {field.name: field for field in next(form for form in fields.forms() if form.kind == "rule").fields}
    assert [part.name for part in rule["thresholds"].fields] == ["public", "staff", "ssp"]
    assert [part.name for part in rule["costs"].fields] == ["key", "value"]
    listed = {field.name: field for field in next(form for form in fields.forms() if form.kind == "list").fields}
    assert (listed["complete"].kind, listed["complete"].default, listed["published"].kind) == ("yes", "yes", "period")
