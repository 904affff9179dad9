"""Brought layers of areas, lists of addresses, registers and tables of catalogue entries: previewed, asked about, taken into the copy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import shapely
from msgspec.structs import replace

from geo.drafts.brought import drawing, recognising
from geo.drafts.brought.questions import CONFIRMED, YES, asked_of, day_of, table_choices, with_faults
from geo.drafts.draft import FileKind, FilePreview, FileQuestion, PreviewColumn
from geo.errors import InputError
from geo.files import apart
from geo.files.tables.grid import shown
from geo.files.workspace import Workspace
from geo.incoming import adding
from geo.incoming import taking as registers
from geo.incoming.describing import RegisterAnswers
from geo.inputs import addresses, catalogue
from geo.inputs.entries import taking as entries
from geo.inputs.layers import taking as layers
from geo.inputs.layers.profiles import LayerChoices
from geo.model.areas import AreaSetKind, ImportProfile
from geo.model.forms.described import FieldChoice
from geo.model.vocabulary import Text

ROWS: Final = 8
"""Rows of a file that a preview shows."""
_COARSE: Final = 0.0003
"""Degrees by which the outlines of a preview may differ: a pixel of a small map."""
_REGISTER_ASKS: Final[Mapping[str, Text]] = {
    "person": Text(da="Hvilken kolonne nævner personen?", en="Which column names the person?"),
    "period": Text(da="Hvilken kolonne har perioden?", en="Which column has the period?"),
    "x": Text(da="Hvilken kolonne har øst eller længde?", en="Which column has the easting or longitude?"),
    "y": Text(da="Hvilken kolonne har nord eller bredde?", en="Which column has the northing or latitude?"),
    "crs": Text(da="Hvilket koordinatsystem? For eksempel EPSG:25832", en="Which CRS? For example EPSG:25832"),
    "every": Text(da="Hvad samles dagene til?", en="What are the days gathered to?"),
    "producer": Text(da="Hvem har lavet det?", en="Who made it?"),
    "name": Text(
        da="Hvad skal registret hedde? Små bogstaver uden mellemrum", en="What shall the register be called? Small letters, no space"
    ),
}
_EVERY: Final = (
    FieldChoice(value="month", label=Text(da="måneder", en="months")),
    FieldChoice(value="quarter", label=Text(da="kvartaler", en="quarters")),
    FieldChoice(value="half", label=Text(da="halvår", en="half-years")),
    FieldChoice(value="year", label=Text(da="år", en="years")),
    FieldChoice(value="none", label=Text(da="de bliver dage", en="they stay days")),
)
_EVENTS: Final = "-"
"""The answer that a row is an event and names no person."""


def areas(copy: Workspace, path: Path, answers: Mapping[str, str]) -> FilePreview:
    """Take a layer of areas into the copy; of one that no profile knows, it is asked which areas they are and which columns name them."""
    seen = FilePreview(kind="areas")
    kinds = [kind for kind in catalogue.kinds(copy.boundaries) if not kind.groups]
    try:
        columns = _columns(path, answers)
        chosen = next((kind for kind in kinds if kind.id == answers.get("area_set")), None)
        seen = replace(seen, columns=tuple(PreviewColumn(name=name) for name in columns), questions=tuple(_layer(columns, kinds, answers)))
        profile = _profile(path, chosen, columns, answers)
        source = _with_others(copy, path, chosen, profile, answers)
        options = LayerChoices(
            answers.get("layer", ""),
            answers.get("leave_out_empty") == YES,
            day_of(answers, "valid_from"),
            answers.get("confirm") == YES,
            answers.get("crs", ""),
        )
        imported = layers.take(
            copy,
            [source],
            area_set=chosen.id if chosen else None,
            profile=profile,
            retrieved=day_of(answers, "retrieved"),
            choices=options,
        )
    except InputError as error:
        return with_faults(seen, error.problems, answers)
    known = replace(seen, questions=tuple(asked_of((), answers))) if profile is None else seen
    first = copy.folder / imported[0].path
    return replace(known, count=imported[0].rows, result=tuple(map(str, imported)), outlines=_outlines(first), rows=_names(first))


def _columns(path: Path, answers: Mapping[str, str]) -> list[str]:
    if path.suffix.lower() in (".csv", ".txt", ".tsv", ".xlsx", ".ods"):
        table = recognising.preview(path)
        return list(table.columns) if table else []
    layer = apart.read(path, file=path.name, layer=answers.get("layer", ""))
    return [str(name) for name in layer.columns if name != layer.geometry.name]


def _layer(columns: list[str], kinds: list[AreaSetKind], answers: Mapping[str, str]) -> Iterator[FileQuestion]:
    """What is asked of a layer that no profile knows."""
    own = tuple(FieldChoice(value=name, label=Text(da=name, en=name)) for name in columns)
    sets = tuple(FieldChoice(value=kind.id, label=kind.name) for kind in kinds)
    asks = (
        ("area_set", Text(da="Hvilken slags områder er det?", en="Which kind of areas is it?"), sets),
        ("id", Text(da="Hvilken kolonne har koden?", en="Which column has the code?"), own),
        ("name", Text(da="Hvilken kolonne har navnet?", en="Which column has the name?"), own),
    )
    for name, words, choices in asks:
        yield FileQuestion(name=name, asks=words, given=answers.get(name, ""), choices=choices)
    words = Text(da="Fra hvilken dag gælder områderne? Skriv ÅÅÅÅ-MM-DD", en="From which day are the areas valid? Write YYYY-MM-DD")
    yield FileQuestion(name="valid_from", asks=words, given=answers.get("valid_from", ""))
    words = Text(
        da="Føjes områderne til dem, der er? Ellers er de alle, der er", en="Are the areas added to those there are? Else they are all"
    )
    yield FileQuestion(name="add", asks=words, given=answers.get("add", ""), choices=(CONFIRMED,))
    words = Text(da="Hvem har lavet laget?", en="Who made the layer?")
    yield FileQuestion(name="producer", asks=words, given=answers.get("producer", ""))


def _profile(path: Path, kind: AreaSetKind | None, columns: list[str], answers: Mapping[str, str]) -> ImportProfile | None:
    """How a person says that a layer is read; None where they leave it to the profiles that are known."""
    day, code, name = day_of(answers, "valid_from"), answers.get("id", ""), answers.get("name", "")
    if kind is None or day is None or code not in columns or name not in columns:
        return None
    before = kind.profiles[-1] if kind.profiles else None
    return ImportProfile(
        columns=(code, name),
        id=code,
        name=name,
        valid_from=day,
        partition=before.partition if before else False,
        title=path.stem,
        producer=answers.get("producer", "") or (before.producer if before else "Ikke oplyst"),
        licence=before.licence if before else "Ikke oplyst",
    )


def _with_others(copy: Workspace, path: Path, kind: AreaSetKind | None, profile: ImportProfile | None, answers: Mapping[str, str]) -> Path:
    """The file itself, or where a person says that its areas are added to those that are there, one with both."""
    if kind is None or profile is None or answers.get("add") != YES:
        return path
    return drawing.joined(copy, kind.id, path, path.parent / "samlet" / path.name)


def _outlines(path: Path) -> str:
    """The outlines of a layer, coarse enough for a small map, as GeoJSON in EPSG:4326 with codes and names."""
    layer = json.loads(path.read_bytes())
    for feature in layer["features"]:
        shape = shapely.simplify(shapely.from_geojson(json.dumps(feature["geometry"])), _COARSE)
        feature["geometry"] = json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-5)))
    return json.dumps(layer, ensure_ascii=False, separators=(",", ":"))


def _names(path: Path) -> tuple[tuple[str, ...], ...]:
    layer = json.loads(path.read_bytes())
    return tuple((str(each["properties"]["area_id"]), str(each["properties"]["name"])) for each in layer["features"][:ROWS])


def address_list(copy: Workspace, path: Path, answers: Mapping[str, str]) -> FilePreview:
    """Take a list of addresses into the copy."""
    seen = _table(path, "addresses", answers)
    try:
        imported = addresses.take(copy, path, retrieved=day_of(answers, "retrieved"), choices=table_choices(answers))
    except InputError as error:
        return with_faults(seen, error.problems, answers)
    return replace(seen, count=imported.rows, result=tuple(str(imported).splitlines()))


def register(copy: Workspace, path: Path, answers: Mapping[str, str]) -> FilePreview:
    """Take a register into the copy when nothing about it is open. Columns and counts are seen; never a value of a row."""
    if add_to := answers.get("add_to", ""):
        return _added(copy, path, add_to, answers)
    person = answers.get("person")
    every = answers.get("every")
    said = RegisterAnswers(
        person="" if person == _EVENTS else person,
        period=answers.get("period"),
        x=answers.get("x"),
        y=answers.get("y"),
        crs=answers.get("crs"),
        address=answers.get("address"),
        every="" if every == "none" else every,
        rare=registers.rare(answers.get("rare", "")),
    )
    origin = registers.RegisterOrigin(answers.get("name", ""), producer=answers.get("producer", ""), retrieved=day_of(answers, "retrieved"))
    seen = FilePreview(kind="register")
    try:
        proposed = registers.look(copy, [path], said, origin)
        names = tuple(PreviewColumn(name=name, taken_for=kind) for name, kind in proposed.parts[0].kinds.items())
        seen = replace(seen, columns=names, count=proposed.parts[0].rows, notes=proposed.described.reasons)
        own = [column.name for column in names]
        seen = replace(seen, questions=(*_addable(copy, ""), *_register(proposed.open, own, answers)))
        if proposed.open:
            return seen
        imported = registers.take_proposed(copy, [path], proposed)
    except InputError as error:
        return with_faults(seen, error.problems, answers)
    return replace(seen, result=tuple(str(imported).splitlines()))


def _added(copy: Workspace, path: Path, add_to: str, answers: Mapping[str, str]) -> FilePreview:
    """Add a file to a register that is there."""
    seen = FilePreview(kind="register", questions=_addable(copy, add_to))
    try:
        added = adding.add(copy, add_to, path, retrieved=day_of(answers, "retrieved"))
    except InputError as error:
        return with_faults(seen, error.problems, answers)
    return replace(seen, count=added.rows, result=tuple(str(added).splitlines()))


def _addable(copy: Workspace, given: str) -> tuple[FileQuestion, ...]:
    """Whether a register is the new part of one that is there; nothing where there is none."""
    choices = tuple(FieldChoice(value=name, label=Text(da=name, en=name)) for name in adding.names(copy))
    asks = Text(
        da="Føjes filen til et register, der er her? Ellers bliver den et nyt",
        en="Is it added to a register that is here? Else it is a new one",
    )
    return (FileQuestion(name="add_to", asks=asks, given=given, choices=choices),) if choices else ()


def _register(open_parts: Mapping[str, str], columns: list[str], answers: Mapping[str, str]) -> Iterator[FileQuestion]:
    own = tuple(FieldChoice(value=name, label=Text(da=name, en=name)) for name in columns)
    none = FieldChoice(value=_EVENTS, label=Text(da="ingen: en række er en hændelse", en="none: a row is an event"))
    choices = {"person": (*own, none), "period": own, "x": own, "y": own, "address": own, "every": _EVERY}
    for name in (*open_parts, *(name for name in _REGISTER_ASKS if name in answers and name not in open_parts)):
        short = "rare" if name.startswith("codes") else name
        asks = _REGISTER_ASKS.get(name, Text(da=f"{name}?", en=f"{name}?"))
        if short == "rare":
            asks = Text(da="Hvad gøres ved ord, som få personer har?", en="What is done with words that few people have?")
            choices["rare"] = (
                FieldChoice(value="declare", label=Text(da="de tælles", en="they are counted")),
                FieldChoice(value="leave", label=Text(da="de tælles som uoplyst", en="they are counted as unknown")),
            )
        yield FileQuestion(
            name=short,
            asks=asks,
            given=answers.get(short, ""),
            choices=choices.get(short, ()),
            required=name in open_parts,
            about=open_parts.get(name, ""),
        )


def entry_table(copy: Workspace, path: Path, kind: FileKind, answers: Mapping[str, str]) -> FilePreview:
    """Take a table of plans, lists or hotspots into the catalogue of the copy."""
    seen = _table(path, kind, answers)
    fixed = {name.removeprefix("fixed."): text for name, text in answers.items() if name.startswith("fixed.")}
    try:
        imported = entries.take(copy, kind, path, fixed=fixed, sheet=answers.get("sheet", ""), replacing=answers.get("replace") == YES)
    except InputError as error:
        lost = [problem.column for problem in error.problems if problem.what == "a missing column"]
        asked = [_fixed(name, answers.get(f"fixed.{name}", ""), copy) for name in dict.fromkeys((*lost, *fixed))]
        return with_faults(replace(seen, questions=tuple(asked)), error.problems, answers)
    return replace(seen, result=tuple(str(imported).splitlines()))


def _fixed(name: str, given: str, copy: Workspace) -> FileQuestion:
    known = catalogue.read(copy.data, copy.boundaries)
    choices = {
        "source": tuple(FieldChoice(value=each.id, label=Text(da=each.title, en=each.title)) for each in known.sources),
        "area_set": tuple(FieldChoice(value=each.id, label=each.name) for each in known.area_sets),
    }
    asks = Text(da=f"Hvad er {name} i alle rækker?", en=f"What is {name} in all rows?")
    return FileQuestion(name=f"fixed.{name}", asks=asks, given=given, choices=choices.get(name, ()), required=True)


def _table(path: Path, kind: FileKind, answers: Mapping[str, str]) -> FilePreview:
    table = recognising.preview(path, sheet=answers.get("sheet", ""))
    if table is None:
        return FilePreview(kind=kind)
    rows = tuple(tuple(shown(cell) for cell in row.cells) for row in table.rows[:ROWS])
    return FilePreview(
        kind=kind,
        columns=tuple(PreviewColumn(name=name) for name in table.columns),
        rows=rows,
        count=len(table.rows),
        notes=tuple(table.notes),
    )
