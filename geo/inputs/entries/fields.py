"""Forms made from the types of the model: each field of a type as a description that a page can draw without knowing the type."""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import msgspec

from geo.inputs.entries import kinds
from geo.inputs.entries.labels import decided, done, measured, reported
from geo.inputs.entries.refusals import words_of
from geo.inputs.entries.typed import REMOVED
from geo.model.forms.described import EntryForm, FieldChoice, FormField
from geo.model.forms.proposed import FieldProblem
from geo.model.vocabulary import Text

LABELS: Final[Mapping[str, tuple[str, ...]]] = measured.LABELS | decided.LABELS | done.LABELS | reported.LABELS
_DEEPEST: Final = 5
"""Levels of types in types that a form shows; the model has four."""
_MOST: Final = 200
"""Entries that a list in a form may have."""
_HIGHEST: Final = 1_000
"""The highest number that an entry of a list has in a form; there may be gaps."""
_STEP: Final = re.compile(r"(?P<name>\w+)(?:\[(?P<number>[1-9][0-9]{0,9})\])?(?:\.(?P<rest>.+))?")

_REFERS: Final[Mapping[str, str]] = {
    "Cite.source": "sources",
    "Indicator.area_sets": "area_sets",
    "Indicator.rule": "rules",
    "Indicator.same_as": "indicators",
    "Indicator.differs_from": "indicators",
    "Apportionment.from": "area_sets",
    "Apportionment.to": "area_sets",
    "AssumedSample.n.key": "area_sets",
    "Rule.costs.key": "area_sets",
    "Goal.indicator": "indicators",
    "Goal.together": "indicators",
    "Goal.demo_indicators": "indicators",
    "Goal.area_set": "area_sets",
    "Goal.area_ids": "areas",
    "Goal.frozen_list": "lists",
    "Goal.part_of": "goals",
    "Member.area_set": "area_sets",
    "Member.area_id": "areas",
    "AreaRef.area_set": "area_sets",
    "AreaRef.area_id": "areas",
    "ProgrammeFigure.chart": "charts",
    "Effort.goals": "goals",
    "EconomyRow.effort": "efforts",
    "ActionPlan.efforts": "efforts",
    "CityScore.values.key": "dimensions",
}
_PERIODS: Final = frozenset(
    {
        "ListEdition.published", "Plan.valid_from", "Plan.valid_to", "HotspotArea.valid_from", "HotspotArea.valid_to", "Baseline.period",
        "Goal.demo_baseline", "Effort.valid_from", "Effort.valid_to", "EffortStatus.period", "Evaluation.period", "Facility.valid_from",
        "Facility.valid_to",
    }
)  # fmt: skip
_LONG: Final = frozenset(
    {
        "text", "note", "wording", "definition", "detail", "treatment", "content", "deliverer", "reason", "economy", "origin",
        "target_group", "activities", "aim", "contribution", "follow_up", "decision",
    }
)  # fmt: skip


@lru_cache(maxsize=1)
def forms() -> tuple[EntryForm, ...]:
    """Return the form of every kind of entry, in the order in which they are shown."""
    return tuple(
        EntryForm(kind=kind.id, label=kind.label, plural=kind.plural, file=kind.file, fields=described(kind.type), ends=kind.ends)
        for kind in kinds.KINDS
    )


def described(struct: type[msgspec.Struct], *, depth: int = 1) -> tuple[FormField, ...]:
    """Return the fields of a type's form. Raises TypeError for a type that no form can show, and KeyError for a field without a label."""
    if depth > _DEEPEST:
        raise TypeError(f"{struct.__name__}: types in types, deeper than a form shows")
    return tuple(_field(struct, field, depth) for field in msgspec.structs.fields(struct))


def _field(struct: type[msgspec.Struct], field: msgspec.structs.FieldInfo, depth: int) -> FormField:
    place = f"{struct.__name__}.{field.encode_name}"
    default = field.default if isinstance(field.default, (str, int, float)) else ""
    plain = _Plain(field.encode_name, place, field.required, default, depth)
    return _described(plain, *_options(field.type))


class _Plain(typing.NamedTuple):
    """What is known of a field before its type is looked at. place: under which its label stands."""

    name: str
    place: str
    required: bool
    default: str | int | float
    depth: int


def _options(kind: Any) -> tuple[Any, ...]:
    """The types that a value may have, None left out."""
    union = isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union
    return tuple(option for option in typing.get_args(kind) if option is not types.NoneType) if union else (kind,)


def _described(plain: _Plain, *options: Any) -> FormField:  # noqa: PLR0911 - one for each way of writing a type
    if set(options) == {float, str}:
        return _made(plain, "words", loose=True)
    if len(options) != 1:
        raise TypeError(f"{plain.place}: a form cannot show one of {options}")
    kind = options[0]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Text:
        return _made(plain, "texts", long=plain.name in _LONG)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _made(plain, "group", fields=described(kind, depth=plain.depth + 1))
    if origin is typing.Literal:
        return _made(plain, "choice", choices=_choices(plain.place, arguments))
    if origin is tuple:
        return _many(plain, arguments[0])
    if origin is dict:
        return _by_key(plain, *arguments)
    return _leaf(plain, kind)


def _leaf(plain: _Plain, kind: Any) -> FormField:
    if plain.place in _REFERS:
        return _made(plain, "reference", refers=_REFERS[plain.place])
    if kind is str:
        return _made(plain, "period" if plain.place in _PERIODS else "words", long=plain.name in _LONG)
    if kind in (int, float):
        return _made(plain, "number", whole=kind is int)
    if kind is dt.date:
        return _made(plain, "day")
    if kind is bool:
        return _made(plain, "yes")
    raise TypeError(f"{plain.place}: a form cannot show {kind}")


def _many(plain: _Plain, item: Any) -> FormField:
    if isinstance(item, type) and issubclass(item, msgspec.Struct):
        return _made(plain, "entries", fields=described(item, depth=plain.depth + 1), most=_MOST)
    if item not in (str, int):
        raise TypeError(f"{plain.place}: a form cannot show a list of {item}")
    return _made(plain, "several", whole=item is int, refers=_REFERS.get(plain.place, ""))


def _by_key(plain: _Plain, key: Any, item: Any) -> FormField:
    """A table by key: where the keys are known, a group with a group for each; else pairs of a key and a value."""
    if isinstance(key, type) and issubclass(key, StrEnum):
        inner = described(item, depth=plain.depth + 1)
        each = tuple(_made(_Plain(part.value, f"{plain.place}.{part.value}", True, "", plain.depth), "group", fields=inner) for part in key)
        return _made(plain, "group", fields=each)
    parts = [_Plain(name, f"{plain.place}.{name}", True, "", plain.depth) for name in ("key", "value")]
    return _made(plain, "pairs", fields=(_described(parts[0], key), _described(parts[1], item)), most=_MOST)


def _choices(place: str, values: tuple[Any, ...]) -> tuple[FieldChoice, ...]:
    return tuple(FieldChoice(value=value, label=_label(f"{place}={value}")) for value in values)


def _made(plain: _Plain, kind: Any, **more: Any) -> FormField:
    words = LABELS[plain.place]
    default = ("yes" if plain.default else "") if kind == "yes" else str(plain.default)
    return FormField(
        name=plain.name,
        kind=kind,
        label=_label(plain.place),
        help=Text(da=words[2], en=words[3]) if len(words) > 2 else None,
        required=plain.required,
        default=default,
        **more,
    )


def _label(place: str) -> Text:
    return Text(da=LABELS[place][0], en=LABELS[place][1])


# --- what a form has --------------------------------------------------------------------------------------------------


def misfits(values: Mapping[str, Sequence[str]], fields: Sequence[FormField]) -> Iterator[FieldProblem]:
    """Return what a form does not have: a field that is none of its own, an entry beyond the highest, or one text too many."""
    for name, texts in values.items():
        of = _led_to(name, fields)
        if of is None:
            yield FieldProblem(field=name[:80], what=words_of("unknown field"), given=" ".join(texts)[:80])
        elif of.kind not in ("several", "yes") and len(texts) > 1:
            yield FieldProblem(field=name, what=words_of("a field that stands twice"), given=" ".join(texts)[:80])


def _led_to(path: str, fields: Sequence[FormField]) -> FormField | None:
    """The field of a form that a path leads to, None when it leads to none."""
    step = _STEP.fullmatch(path)
    of = next((each for each in fields if step and each.name == step["name"]), None)
    if step is None or of is None or (step["number"] is not None) != (of.kind in ("entries", "pairs")):
        return None
    if of.kind in ("entries", "pairs"):
        if int(step["number"]) > _HIGHEST or not step["rest"]:
            return None
        return of if step["rest"] == REMOVED else _led_to(step["rest"], of.fields)
    if of.kind == "group":
        return _led_to(step["rest"], of.fields) if step["rest"] else None
    if of.kind == "texts":
        return of if step["rest"] in ("da", "en") else None
    return of if not step["rest"] else None
