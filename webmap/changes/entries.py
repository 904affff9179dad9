"""What differs in the catalogue, in the area sets and in the classes of maps, in words: a line an entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from geo.editions.comparison import ChangedField, Changes, EntryChange, EntryKind, LayerChange, Part
from geo.editions.edition import Edition
from geo.model.catalogue import Catalogue
from geo.model.vocabulary import Text
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.terms import MEASURED

NAMED: Final = 10
"""Areas that a line names; the others are counted."""
_PARTS: Final[Mapping[Part, Text]] = {
    "list": Text(da="Listen", en="The list"),
    "plan": Text(da="Helhedsplanen", en="The area plan"),
    "plan_programme": Text(da="Programmet for helhedsplaner", en="The programme of area plans"),
    "hotspot": Text(da="Hotspottet", en="The hotspot"),
    "hotspot_programme": Text(da="Programmet for hotspots", en="The programme of hotspots"),
    "goal": Text(da="Målet", en="The goal"),
    "source": Text(da="Kilden", en="The source"),
    "indicator": Text(da="Indikatoren", en="The indicator"),
    "area_set": Text(da="Inddelingen", en="The kind of area"),
    "rule": Text(da="Reglen for, hvad der skjules:", en="The rule for what is hidden:"),
    "report": Text(da="Den faste rapport", en="The regular report"),
    "contradiction": Text(da="Uenigheden mellem kilder:", en="The disagreement of sources:"),
    "effort": Text(da="Indsatsen", en="The effort"),
    "economy": Text(da="Økonomioversigten", en="The economic overview"),
    "action_plan": Text(da="Handleplanen", en="The action plan"),
    "facility": Text(da="Tilbuddet", en="The offer"),
    "dimension": Text(da="Dimensionen i byindekset", en="The dimension of the city index"),
    "city_score": Text(da="Byen i byindekset", en="The city in the city index"),
    "cases": Text(da="Sager om diskrimination,", en="Cases of discrimination,"),
    "review": Text(da="Gennemgangen af", en="The review of"),
    "status_form": Text(da="Statusskemaet", en="The status form"),
}
"""The parts of the catalogue, in the order in which a page tells of them."""
_HOW: Final[Mapping[EntryKind, Text]] = {
    "new": Text(da="er kommet til", en="is new"),
    "gone": Text(da="er taget ud", en="is taken out"),
    "changed": Text(da="er ændret", en="has changed"),
}
_FIELDS: Final[Mapping[str, Text]] = {
    "name": Text(da="navn", en="name"),
    "title": Text(da="titel", en="title"),
    "note": Text(da="note", en="note"),
    "cite": Text(da="henvisning", en="reference"),
    "wording": Text(da="ordlyd", en="wording"),
    "question": Text(da="spørgsmål", en="question"),
    "deadline": Text(da="frist", en="deadline"),
    "targets": Text(da="hvad der skal nås", en="what is to be reached"),
    "baseline": Text(da="udgangspunkt", en="baseline"),
    "valid_from": Text(da="begynder", en="begins"),
    "valid_to": Text(da="slutter", en="ends"),
    "published": Text(da="udgivet", en="published"),
    "retrieved": Text(da="hentet", en="retrieved"),
    "figures": Text(da="tal", en="figures"),
    "residents": Text(da="beboere", en="residents"),
    "definition": Text(da="definition", en="definition"),
    "definitions": Text(da="definition", en="definition"),
    "thresholds": Text(da="grænser", en="limits"),
    "producer": Text(da="udgiver", en="publisher"),
    "licence": Text(da="licens", en="licence"),
    "url": Text(da="adresse", en="address"),
    "members": Text(da="områder", en="areas"),
    "areas": Text(da="områder", en="areas"),
    "statuses": Text(da="status", en="status"),
    "economy": Text(da="økonomi", en="economy"),
    "aim": Text(da="mål", en="aim"),
    "activities": Text(da="aktiviteter", en="activities"),
    "financed": Text(da="penge", en="money"),
    "outcome": Text(da="beslutning", en="decision"),
    "rows": Text(da="linjer", en="rows"),
    "point": Text(da="sted", en="place"),
    "values": Text(da="værdier", en="values"),
}
_OTHER: Final = Text(da="andre oplysninger", en="other information")
_DAYS: Final = frozenset({"valid_from", "valid_to", "deadline", "published", "retrieved"})
"""Fields that hold a day or a period, which are told from what to what."""
_NOW_WITH: Final = Text(da="nu med", en="now with")
_NO_LONGER: Final = Text(da="ikke mere med", en="no longer with")
_PLACES: Final = frozenset({"members", "areas"})
"""Fields whose parts are told one by one, as what came and what went."""


@dataclass(frozen=True)
class EntryLine:
    """What differs in one thing. text: what happened to it; details: what of it, each in words."""

    text: str
    details: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.text}: {'; '.join(self.details)}" if self.details else self.text


def lines(changes: Changes, old: Edition, reader: Reader) -> Iterator[tuple[Part, EntryLine]]:
    """Entries of the catalogue that differ, with their part. old: the older edition; the reader's is the newer one."""
    names = _area_names(old, reader)
    for part in _PARTS:
        for entry in changes.entries_of(part):
            called = _called(entry, (reader.edition.catalogue, old.catalogue), names, reader)
            words = (_PARTS[part].in_(reader.language), called, _HOW[entry.kind].in_(reader.language), _with(entry, names, reader))
            yield part, EntryLine(" ".join(word for word in words if word), tuple(_details(entry, names, reader)))


def said(changes: Changes, old: Edition, new: Edition) -> dict[tuple[Part, str], Text]:
    """What happened to entries of the catalogue, in both languages, by part and id."""
    both = [[line for _, line in lines(changes, old, Reader(new, language))] for language in Text.__struct_fields__]
    ordered = (entry for part in _PARTS for entry in changes.entries_of(part))
    return {
        (entry.part, entry.id): Text(**{name: line.sentence for name, line in zip(Text.__struct_fields__, two, strict=True)})
        for entry, two in zip(ordered, zip(*both, strict=True), strict=True)
    }


def layers(changes: Changes, old: Edition, reader: Reader) -> tuple[EntryLine, ...]:
    """Area sets that differ. old: the older edition; the reader's is the newer one."""
    catalogues = (reader.edition.catalogue, old.catalogue)
    kinds = {kind.id: kind.name.in_(reader.language) for catalogue in reversed(catalogues) for kind in catalogue.area_sets}
    names = _area_names(old, reader)
    return tuple(
        EntryLine(
            f"{kinds.get(layer.area_set, layer.area_set)} {_HOW[layer.kind].in_(reader.language)}", tuple(_moved(layer, names, reader))
        )
        for layer in changes.layers
    )


def reclassed(changes: Changes, old: Edition, reader: Reader) -> tuple[str, ...]:
    """Names of the indicators whose maps have other classes. old: the older edition; the reader's is the newer one."""
    known = {each.id: each.name.in_(reader.language) for edition in (old, reader.edition) for each in edition.catalogue.indicators}
    return tuple(known.get(each.indicator, each.indicator) for each in changes.breaks)


def _called(entry: EntryChange, catalogues: tuple[Catalogue, Catalogue], names: Mapping[str, str], reader: Reader) -> str:
    """What an entry is called where it is newest; an area's name for a hotspot, "" for what is the only one of its part."""
    if entry.part == "hotspot":
        area = next((each.area for known in catalogues for each in known.hotspots.areas if each.area.area_id == entry.id), None)
        return names.get(f"{area.area_set}/{area.area_id}", entry.id) if area else entry.id
    if entry.part == "city_score":
        scored = next((each for known in catalogues for each in known.city_scores if each.id == entry.id), None)
        return f"{scored.city} {scored.year}" if scored else entry.id
    if entry.part == "cases":
        counted = next((each for known in catalogues for each in known.shown_cases if each.id == entry.id), None)
        return f"{MEASURED[counted.measure].in_(reader.language)}, {counted.year}," if counted else entry.id
    for catalogue in catalogues:
        for known in _entries(entry.part, catalogue):
            if known.id == entry.id:
                said = next((getattr(known, name) for name in ("short", "name", "what") if hasattr(known, name)), entry.id)
                return said.in_(reader.language) if isinstance(said, Text) else str(said)
    return entry.id


def _entries(part: Part, catalogue: Catalogue) -> Iterable[Any]:
    of: Mapping[Part, Iterable[Any]] = {
        "list": catalogue.lists,
        "plan": catalogue.plans.plans,
        "goal": catalogue.goals,
        "source": catalogue.sources,
        "indicator": catalogue.indicators,
        "area_set": catalogue.area_sets,
        "rule": catalogue.rules,
        "report": catalogue.calendar,
        "contradiction": catalogue.contradictions,
        "effort": catalogue.efforts,
        "economy": catalogue.economy,
        "action_plan": catalogue.action_plans,
        "facility": catalogue.facilities,
        "dimension": catalogue.dimensions,
        "review": catalogue.reviews,
        "status_form": catalogue.status_forms,
    }
    return of.get(part, ())


def _with(entry: EntryChange, names: Mapping[str, str], reader: Reader) -> str:
    """The areas of an entry that came or went as a whole."""
    codes = entry.came or entry.went if entry.kind != "changed" else ()
    return f"({_listed([names.get(code, code) for code in codes], reader.language)})" if codes else ""


def _details(entry: EntryChange, names: Mapping[str, str], reader: Reader) -> Iterator[str]:
    """What differs in an entry that both have."""
    if entry.kind == "changed":
        yield from dict.fromkeys(_field(field, reader.language) for field in entry.fields if field.name not in _PLACES)
        for codes, words in ((entry.came, _NOW_WITH), (entry.went, _NO_LONGER)):
            if codes:
                yield f"{words.in_(reader.language)}: {_listed([names.get(code, code) for code in codes], reader.language)}"


def _field(field: ChangedField, language: str) -> str:
    words = _FIELDS.get(field.name, _OTHER).in_(language)
    if field.name not in _DAYS:
        return words
    none = Text(da="ikke angivet", en="not stated").in_(language)
    before, now = (wording.period(str(side), language) if side else none for side in (field.before, field.now))
    return f"{words}: {before} → {now}"


def _moved(layer: LayerChange, names: Mapping[str, str], reader: Reader) -> Iterator[str]:
    """What happened to the areas of a set that both editions have."""
    happened = (
        (layer.came, Text(da="nye områder", en="new areas")),
        (layer.went, Text(da="ikke mere med", en="no longer there")),
        (layer.redrawn, Text(da="tegnet om", en="redrawn")),
        (layer.renamed, Text(da="nyt navn", en="another name")),
    )
    for codes, words in happened if layer.kind == "changed" else ():
        if codes:
            called = [names.get(f"{layer.area_set}/{code}", code) for code in codes]
            yield f"{words.in_(reader.language)}: {_listed(called, reader.language)}"
    if layer.fields and layer.kind == "changed":
        yield Text(da="oplysninger om grænserne", en="information about the boundaries").in_(reader.language)


def _area_names(old: Edition, reader: Reader) -> dict[str, str]:
    """Names of areas by "<area set>/<area id>", those of the newer edition where it has them."""
    every = chain(old.layers.values(), reader.edition.layers.values())
    return {f"{layer.id}/{area.area_id}": area.name for layer in every for area in layer.areas}


def _listed(names: list[str], language: str) -> str:
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return shown + (Text(da=f" og {more} til", en=f" and {more} more").in_(language) if more > 0 else "")
