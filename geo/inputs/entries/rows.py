"""Rows of a table as entries of the catalogue: which column is what, areas and sources by code or name, words in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from geo.errors import InputError, Problem
from geo.files.tables import layout
from geo.files.tables.grid import SourceTable, shown
from geo.files.tables.layout import folded
from geo.inputs.areagroups import slug
from geo.inputs.tables import areanames, needs
from geo.inputs.tables.areanames import AreaNames
from geo.model import periods
from geo.model.catalogue import Catalogue
from geo.model.sources import Source

_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("plan_id",),
    "name": ("navn", "plan", "helhedsplan", "område", "boligområde", "hotspot"),
    "area": ("areas", "area_id", "områder", "områdekode", "kode", "område", "boligområde", "hotspot"),
    "area_set": ("områdetype",),
    "valid_from": ("fra", "start", "gyldig fra", "startdato", "begynder"),
    "valid_to": ("til", "slut", "gyldig til", "slutdato", "ophører"),
    "residents": ("beboere", "antal beboere"),
    "source": ("kilde",),
    "locator": ("side", "sted", "page"),
    "note_da": ("bemærkning", "note (dansk)"),
    "note_en": ("note (engelsk)", "note (english)", "remark"),
    "extent": ("omfang",),
    "list_id": ("liste", "list"),
    "family": ("familie",),
    "list_name_da": ("listens navn",),
    "list_name_en": ("name of the list",),
    "published": ("offentliggjort", "udgivet"),
    "definition_da": ("definition (dansk)", "definition"),
    "definition_en": ("definition (engelsk)", "definition (english)"),
    "count": ("antal områder",),
    "criteria": ("kriterier",),
    "need": ("indsats", "kategori", "behov"),
    "districts": ("antal distrikter",),
}
"""Fields, and other names under which their columns are known; each is known by its own name too."""
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "plans": ("name",),
    "lists": ("list_id", "family", "list_name_da", "list_name_en", "published", "definition_da", "definition_en", "source", "name"),
    "hotspots": ("area", "valid_from", "residents", "source"),
}
_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "plans": ("id", "area", "area_set", "valid_from", "valid_to", "source", "locator", "note_da", "note_en"),
    "lists": ("area", "area_set", "extent", "locator", "note_da", "note_en", "count", "criteria", "need", "districts"),
    "hotspots": ("area_set", "valid_to", "locator", "note_da", "note_en"),
}
_SAME_FOR_ALL: Final[Mapping[str, tuple[str, ...]]] = {"plans": (), "lists": ("list_id", "source"), "hotspots": ("source",)}
KINDS: Final = tuple(_NEEDED)
_OF_LIST: Final = (*_NEEDED["lists"][:-1], "count", "criteria", "districts")
_DIFFERENT: Final = "a list of which two rows say different things"


@dataclass(frozen=True)
class EntryRow:
    """One entry as TOML would hold it, and the row of the table that it begins in."""

    row: int
    entry: dict[str, Any]


@dataclass
class _Rows:
    """What is known while rows are read, and the problems so far.

    columns: the user's own name of each field. usual: the set of an area whose row says none, "" where there is no usual one.
    """

    table: SourceTable
    columns: Mapping[str, str]
    fixed: Mapping[str, str]
    known: Catalogue
    areas: AreaNames
    usual: str
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, what: str, row: int, part: str, text: str, expected: str) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(Problem(self.table.file, what, row, self.columns.get(part, part), repr(text[:80]), expected))


def entries(kind: str, table: SourceTable, fixed: Mapping[str, str], known: Catalogue, areas: AreaNames) -> list[EntryRow]:
    """Make entries of a table. kind: one of KINDS. fixed: fields that are the same for every row and stand in no column.

    Raises InputError with all that is wrong, in the rows and columns of the user's file; what does not match comes with what is alike.
    """
    columns = _columns(kind, table, fixed)
    _check_below(table)
    rows = _Rows(table, columns, fixed, known, areas, "hotspot" if kind == "hotspots" else "")
    made = list(_lists(rows) if kind == "lists" else _single(kind, rows))
    made += [EntryRow(made[0].row, entry) for entry in needs.complete([row.entry for row in made])]
    if rows.problems:
        raise InputError(rows.problems)
    return made


def fits(kind: str, table: SourceTable) -> bool:
    """Return whether all columns of a table are fields of a kind, and those that it needs are there or may be the same for every row."""
    try:
        _columns(kind, table, dict.fromkeys(_SAME_FOR_ALL[kind], "?"))
    except InputError as error:
        return all(problem.file == "--fixed" for problem in error.problems)
    return True


def _columns(kind: str, table: SourceTable, fixed: Mapping[str, str]) -> dict[str, str]:
    """The user's name of each field's column. Raises InputError for what is missing, unknown, or there twice."""
    allowed = (*_NEEDED[kind], *_ALLOWED[kind])
    columns: dict[str, str] = {}
    for part in allowed:
        for name in (part, *_NAMED.get(part, ())):
            own = [column for column in table.columns if folded(column) == name and column not in columns.values()]
            if own:
                columns[part] = own[0]
                break
    named = [folded(column) for column in table.columns]
    twice = [column for column in table.columns if column and named.count(folded(column)) > 1]
    problems = [Problem("--fixed", "a field that a column says too", column=part, found=columns[part]) for part in fixed if part in columns]
    if twice:
        problems.append(Problem(table.file, "a column that stands twice", table.header or None, twice[0], expected="each column once"))
    problems += [Problem("--fixed", "an unknown field", column=part, expected=", ".join(allowed)) for part in fixed if part not in allowed]
    lost = [part for part in _NEEDED[kind] if part not in columns and part not in fixed and not (part == "name" and "area" in columns)]
    problems += [
        Problem(
            table.file, "a missing column", table.header or None, part, ", ".join(table.columns), f"{_words(part)}; or --fixed {part}=..."
        )
        for part in lost
    ]
    strange = [column for column in table.columns if column not in columns.values()]
    if strange:
        expected = ", ".join(f"{part} ({_words(part)})" if part in _NAMED else part for part in allowed)
        problems.append(Problem(table.file, "an unknown column", table.header or None, strange[0], "", expected, len(strange) - 1))
    if problems:
        raise InputError(problems)
    return columns


def _check_below(table: SourceTable) -> None:
    """Refuse lines below the rows: a plan or a member of which only the name is known looks the same as a footnote."""
    below = [note for note in table.notes if note.startswith(layout.BELOW)]
    if below:
        expected = "a text in a second column of each row, or the lines taken away"
        raise InputError(Problem(table.file, "rows with the first column alone: entries or footnotes", found=below[0], expected=expected))


def _words(part: str) -> str:
    return ", ".join((part, *_NAMED.get(part, ())))


def _texts(rows: _Rows) -> Iterator[tuple[int, dict[str, str]]]:
    """The number and the fields of each row that has any; an empty field is not there."""
    places = {part: rows.table.place(own) for part, own in rows.columns.items()}
    for row in rows.table.rows:
        own = {part: shown(row.cells[place]).strip() for part, place in places.items()}
        yield row.number, {part: text for part, text in {**rows.fixed, **own}.items() if text}


def _single(kind: str, rows: _Rows) -> Iterator[EntryRow]:
    """A plan or a hotspot a row."""
    for number, texts in _texts(rows):
        for part in _NEEDED[kind]:
            if part not in texts and not (part == "name" and "area" in texts and "name" not in rows.columns):
                rows.refuse("an empty field", number, part, "", f"a text in every row, or --fixed {part}=...")
        areas = _areas(number, texts, rows)
        if kind == "plans" and not slug(texts.get("id") or texts.get("name") or texts.get("area", "x")):
            rows.refuse("a name without letters a to z or digits", number, "name", texts.get("name", ""), "a column id with a code")
        entry = _plan(texts, areas) if kind == "plans" else _hotspot(number, texts, areas, rows)
        dates = {part: _day(number, part, texts[part], rows) for part in ("valid_from", "valid_to") if part in texts}
        first, last = (periods.read(dates.get(part, "")) for part in ("valid_from", "valid_to"))
        if first and last and last.last < first.first:
            rows.refuse("an end before its beginning", number, "valid_to", texts["valid_to"], f"a day after {first.first}")
        yield EntryRow(number, entry | dates | _cited(number, texts, rows) | _note(number, texts, rows))


def _plan(texts: Mapping[str, str], areas: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    name = texts.get("name") or texts.get("area", "")
    return {"id": texts.get("id") or slug(name), "name": name} | ({"areas": [dict(area) for area in areas]} if areas else {})


def _hotspot(number: int, texts: Mapping[str, str], areas: Sequence[Mapping[str, str]], rows: _Rows) -> dict[str, Any]:
    residents = texts.get("residents", "")
    if residents and not (residents.isascii() and residents.isdigit()):
        rows.refuse("a number of residents that is not whole", number, "residents", residents, "digits alone: 1300, not 1.300")
        residents = ""
    if len(areas) > 1:
        rows.refuse("a hotspot of several areas", number, "area", texts["area"], "a row for each")
    return {"area": dict(areas[0]) if areas else {}, "residents": int(residents or 0)}


def _lists(rows: _Rows) -> Iterator[EntryRow]:
    """A list of areas for each `list_id`; a row is a member. What is said of a list must be the same in all its rows."""
    of_list: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, texts in needs.split(_texts(rows), rows.refuse):
        for part in _NEEDED["lists"]:
            if part not in texts and not (part == "name" and "area" in texts):
                rows.refuse("an empty field", number, part, "", f"a text in every row, or --fixed {part}=...")
        of_list.setdefault(texts.get("list_id", ""), []).append((number, texts))
    for name, members in of_list.items():
        first, said = members[0]
        for number, texts in members[1:]:
            for part in _OF_LIST:
                if texts.get(part) != said.get(part):
                    rows.refuse(_DIFFERENT, number, part, texts.get(part, ""), repr(said.get(part, "")))
        entry: dict[str, Any] = {"id": slug(name), "family": said.get("family", "")}
        entry |= {"name": _both(said, "list_name"), "published": _day(first, "published", said.get("published", ""), rows)}
        entry |= {"definition": _both(said, "definition")} | _cited(first, said, rows)
        if count := said.get("count", ""):
            entry["count"] = int(count) if count.isdigit() else count
        entry |= {part: said[part] for part in ("criteria", "need", "districts") if part in said}
        yield EntryRow(first, entry | {"members": [_member(number, texts, rows) for number, texts in members]})


def _member(number: int, texts: Mapping[str, str], rows: _Rows) -> dict[str, Any]:
    areas = _areas(number, texts, rows)
    name = texts.get("name") or texts.get("area", "")
    if len(areas) > 1:
        rows.refuse("a member of several areas", number, "area", texts["area"], "a row for each")
    where = dict(areas[0]) if areas else {part: texts[part] for part in ("area_set",) if part in texts}
    return {"name": name} | where | ({"extent": texts["extent"]} if "extent" in texts else {}) | _note(number, texts, rows)


def _both(texts: Mapping[str, str], part: str) -> dict[str, str]:
    return {language: texts.get(f"{part}_{language}", "") for language in ("da", "en")}


def _note(number: int, texts: Mapping[str, str], rows: _Rows) -> dict[str, Any]:
    words = _both(texts, "note")
    if not any(words.values()):
        return {}
    for language, text in words.items():
        if not text:
            rows.refuse("words in one language alone", number, f"note_{language}", "", "Danish and English, or neither")
    return {"note": words}


def _day(number: int, part: str, text: str, rows: _Rows) -> str:
    span = periods.read(text)
    if span is None and text:
        rows.refuse("a day that cannot be read", number, part, text, periods.EXPECTED)
    return span.code if span else text


def _cited(number: int, texts: Mapping[str, str], rows: _Rows) -> dict[str, Any]:
    if "source" not in texts:
        return {}
    text = texts["source"]
    named = [source for source in rows.known.sources if folded(text) in (source.id, folded(source.short), folded(source.title))]
    if len(named) != 1:
        every = {name: source.id for source in rows.known.sources for name in _names(source)}
        expected = f"an id of data/sources.toml{areanames.alike(text, every)}"
        rows.refuse("an unknown source", number, "source", text, expected)
        return {}
    return {"cite": {"source": named[0].id} | ({"locator": texts["locator"]} if "locator" in texts else {})}


def _names(source: Source) -> tuple[str, ...]:
    return source.id, source.short, source.title


def _areas(number: int, texts: Mapping[str, str], rows: _Rows) -> list[dict[str, str]]:
    """The areas of a row, several divided by semicolons, by code or name: of the set that the row says, or of the only one they fit."""
    written = [text.strip() for text in texts.get("area", "").split(";") if text.strip()]
    said = texts.get("area_set", "" if rows.usual not in rows.areas.codes else rows.usual)
    if said and said not in {kind.id for kind in rows.known.area_sets}:
        rows.refuse("an unknown area set", number, "area_set", said, ", ".join(kind.id for kind in rows.known.area_sets))
        return []
    return [area for text in written if (area := _area(number, text, said, rows))]


def _area(number: int, text: str, said: str, rows: _Rows) -> dict[str, str]:
    sets = [said] if said else sorted(rows.areas.codes)
    fitting = {
        name: code for name in sets if name in rows.areas.codes and (code := areanames.find(text, name, rows.areas, by="either").code)
    }
    if len(fitting) == 1:
        ((area_set, code),) = fitting.items()
        return {"area_set": area_set, "area_id": code}
    if fitting:
        rows.refuse("an area that several sets have", number, "area", text, f"area_set: {', '.join(fitting)}; or --fixed area_set=...")
        return {}
    every = {
        name: f"{code} of {area_set}" for area_set in sets for name, codes in rows.areas.names.get(area_set, {}).items() for code in codes
    }
    rows.refuse("an unknown area", number, "area", text, f"an area by code or name{areanames.alike(text, every)}")
    return {}
