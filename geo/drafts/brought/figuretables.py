"""A brought table of figures: the profile that fits or is proposed, what must be asked, and its import into the copy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from rapidfuzz import fuzz, process, utils

from geo.drafts.brought import recognising
from geo.drafts.brought.questions import day_of, table_choices, with_faults
from geo.drafts.draft import FilePreview, FileQuestion, PreviewColumn
from geo.errors import InputError
from geo.files.tables import reading
from geo.files.tables.grid import SourceTable, shown
from geo.files.workspace import Workspace
from geo.inputs import catalogue
from geo.inputs.tables import areanames, proposing, tableprofiles, taking
from geo.inputs.tables.areanames import AreaNames
from geo.inputs.tables.tableprofiles import MEANINGS, OPEN, TableProfile
from geo.inputs.tables.taking import TableChoices
from geo.model.catalogue import Catalogue
from geo.model.forms.described import FieldChoice
from geo.model.vocabulary import Text

ROWS: Final = 8
"""Rows of a table that a preview shows."""
_ALIKE: Final = 45
"""The least likeness (0-100, rapidfuzz) of an area that is proposed first."""
_FIXED: Final[Mapping[str, Text]] = {
    "indicator": Text(da="Hvilken indikator er tallene?", en="Which indicator are the figures of?"),
    "source": Text(da="Hvilken kilde kommer de fra?", en="Which source do they come from?"),
    "area_set": Text(da="Hvilken slags områder?", en="Which kind of areas?"),
    "period": Text(da="Hvilken periode? For eksempel 2026H1", en="Which period? For example 2026H1"),
    "status": Text(da="Er tallene endelige?", en="Are the figures final?"),
}
_STATUSES: Final = (
    FieldChoice(value="final", label=Text(da="endelige", en="final")),
    FieldChoice(value="provisional", label=Text(da="foreløbige", en="provisional")),
    FieldChoice(value="estimated", label=Text(da="skønnede", en="estimated")),
)
_MEANT: Final[Mapping[str, Text]] = {
    "missing": Text(da="mangler", en="missing"),
    "not_measured": Text(da="ikke målt", en="not measured"),
    "suppressed": Text(da="skjult af kilden", en="hidden by the source"),
    "uncertain": Text(da="for usikkert", en="too uncertain"),
    "zero": Text(da="nul", en="zero"),
}


def take(copy: Workspace, path: Path, answers: Mapping[str, str]) -> FilePreview:
    """Take a table of figures into the copy when nothing about it is open; else return what is asked.

    answers: to the questions of an earlier preview. Raises InputError when the table cannot be read, and with all that is wrong in it.
    """
    sheet = answers.get("sheet", "")
    known = catalogue.read(copy.data, copy.boundaries)
    profiles = tableprofiles.read(copy.data)
    table = reading.read(path, file=path.name, sheet=sheet, known=tableprofiles.known_headers(profiles))
    recognising.check_no_people(table)
    fitting = tableprofiles.fitting(table.columns, profiles, file=path.name, chosen=answers.get("profile", ""))
    if fitting is not None:
        seen = _seen(table, fitting.columns)
        return _taken(copy, path, seen, table_choices(answers, profile=fitting.id), answers)
    areas = areanames.read(copy.boundaries, known.area_sets)
    given = proposing.Given(*(answers.get(f"fixed.{name}", "") for name in ("indicator", "source", "area_set")))
    proposal = proposing.proposed(table, path.stem, given, areas, known.indicators)
    codes = areas.codes.get(proposal.profile.fixed.get("area_set", ""), frozenset())
    profile = _answered(proposal.profile, answers, codes)
    asked = tuple(_questions(proposal.profile, profile, table, known, areas))
    seen = replace(_seen(table, profile.columns, across=profile.across), questions=asked, notes=(*table.notes, *proposal.reasons))
    if tableprofiles.is_open(profile):
        return seen
    named = replace(profile, id=_free(profile.id, profiles))
    tableprofiles.remember(copy, named)
    return _taken(copy, path, seen, table_choices(answers, profile=named.id), answers)


def _taken(copy: Workspace, path: Path, seen: FilePreview, choices: TableChoices, answers: Mapping[str, str]) -> FilePreview:
    try:
        [imported] = taking.take(copy, [path], retrieved=day_of(answers, "retrieved"), choices=choices)
    except InputError as error:
        return with_faults(seen, error.problems, answers)
    lines = tuple(str(imported).splitlines())
    return replace(seen, result=lines, replaced=imported.changes.revised, notes=imported.notes or seen.notes)


def _free(id: str, profiles: Iterable[TableProfile]) -> str:
    """An id that no profile has: of the table's own name, with a number when that is taken."""
    ids = {profile.id for profile in profiles}
    return next(name for name in (id, *(f"{id}_{number}" for number in range(2, len(ids) + 3))) if name not in ids)


def _answered(profile: TableProfile, answers: Mapping[str, str], codes: Collection[str]) -> TableProfile:
    """The proposed profile with what a person has said in place of what was open or proposed; areas of another set are open again."""
    columns = {part: answers.get(f"columns.{part}", own) for part, own in profile.columns.items()}
    said = {text: answers.get(f"area.{text}", code) for text, code in profile.renamed.items()}
    renamed = {text: code if code in codes or code == LEAVE_OUT else OPEN for text, code in said.items()}
    left_out = tuple(text for text, code in renamed.items() if code == LEAVE_OUT)
    return replace(
        profile,
        columns=columns,
        fixed={part: answers.get(f"fixed.{part}", text) for part, text in profile.fixed.items()},
        marks={mark: answers.get(f"mark.{mark}", meaning) for mark, meaning in profile.marks.items()},
        renamed={text: code for text, code in renamed.items() if code != LEAVE_OUT},
        skip=(*profile.skip, *left_out),
    )


LEAVE_OUT: Final = "-"
"""The answer that a row is no area: a total, a note."""


def _questions(
    proposed: TableProfile, profile: TableProfile, table: SourceTable, known: Catalogue, areas: AreaNames
) -> Iterator[FileQuestion]:
    """What a person may say of a table that no profile fits; what is open is required."""
    choices = {
        "indicator": tuple(FieldChoice(value=each.id, label=each.name) for each in known.indicators),
        "source": tuple(FieldChoice(value=each.id, label=Text(da=each.title, en=each.title)) for each in known.sources),
        "area_set": tuple(FieldChoice(value=each.id, label=each.name) for each in known.area_sets if each.id in _sets(profile, known)),
        "status": _STATUSES,
    }
    for part, text in profile.fixed.items():
        asks = _FIXED.get(part, Text(da=part, en=part))
        yield FileQuestion(name=f"fixed.{part}", asks=asks, given=_said(text), choices=choices.get(part, ()), required=True)
    own = tuple(FieldChoice(value=name, label=Text(da=name, en=name)) for name in table.columns)
    for part, name in profile.columns.items():
        if proposed.columns[part] == OPEN:
            asks = Text(da="Hvilken kolonne har tallene?", en="Which column has the figures?")
            yield FileQuestion(name=f"columns.{part}", asks=asks, given=_said(name), choices=own, required=True)
    for text in proposed.renamed:
        code = profile.renamed.get(text, LEAVE_OUT if text in profile.skip else "")
        asks = Text(da="Hvilket område er det?", en="Which area is it?")
        among = _areas(text, profile.fixed.get("area_set", ""), areas)
        yield FileQuestion(name=f"area.{text}", asks=asks, about=text, given=_said(code), choices=among, required=True)
    meant = tuple(FieldChoice(value=name, label=_MEANT.get(name, Text(da=name, en=name))) for name in MEANINGS)
    for mark, meaning in profile.marks.items():
        asks = Text(da="Hvad betyder tegnet?", en="What does the sign mean?")
        yield FileQuestion(name=f"mark.{mark}", asks=asks, about=mark, given=_said(meaning), choices=meant, required=True)


def _sets(profile: TableProfile, known: Catalogue) -> Collection[str]:
    """The area sets that the figures may be of: those of their indicator, once it is said."""
    indicator = next((each for each in known.indicators if each.id == profile.fixed.get("indicator")), None)
    return indicator.area_sets if indicator else {each.id for each in known.area_sets}


def _said(text: str) -> str:
    return "" if text == OPEN else text


def _areas(text: str, area_set: str, areas: AreaNames) -> tuple[FieldChoice, ...]:
    """The areas of a set, those that are called alike first, and that the row is none."""
    names = {code: name for name, codes in areas.names.get(area_set, {}).items() for code in codes}
    names |= {code: code for code in areas.codes.get(area_set, ()) if code not in names}
    alike = process.extract(text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=5, score_cutoff=_ALIKE)
    first = [code for _, _, code in alike]
    ordered = [*first, *sorted((code for code in names if code not in first), key=lambda code: names[code])]
    none = FieldChoice(value=LEAVE_OUT, label=Text(da="intet område: rækken udelades", en="no area: the row is left out"))
    labels = {code: names[code].title() for code in ordered}
    return (*(FieldChoice(value=code, label=Text(da=f"{labels[code]} ({code})", en=f"{labels[code]} ({code})")) for code in ordered), none)


def _seen(table: SourceTable, columns: Mapping[str, str], *, across: bool = False) -> FilePreview:
    taken_for = {own: part for part, own in columns.items()}
    return FilePreview(
        kind="figures",
        columns=tuple(PreviewColumn(name=name, taken_for=taken_for.get(name, "period" if across else "")) for name in table.columns),
        rows=tuple(tuple(shown(cell) for cell in row.cells) for row in table.rows[:ROWS]),
        count=len(table.rows),
        notes=tuple(table.notes),
    )
