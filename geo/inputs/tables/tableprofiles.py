"""What a person once said of a table from elsewhere, kept in `data/tables.toml`: the next table of that kind is read the same way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec
import tomli_w

from geo.errors import CatalogueError, InputError, Problem
from geo.files import tomlfile, transaction
from geo.files.schema import HEADER, STATUSES
from geo.files.tables.layout import folded
from geo.files.workspace import Workspace
from geo.model.vocabulary import Value

FILE: Final = "data/tables.toml"
OPEN: Final = "?"
"""What stands where a person has still to say what is meant; a table is refused as long as it is needed."""
ZERO: Final = "zero"
"""What a mark may mean beside a status: the number 0, as a dash does in the tables of Danmarks Statistik."""
MEANINGS: Final = (*(status for status in STATUSES if status not in ("final", "provisional", "estimated", "demo")), ZERO)
"""What a mark in place of a number may mean."""


class TableProfile(Value, frozen=True, kw_only=True):
    """How a table of figures from elsewhere is read. Names are those of the table's owner; the fields are those of `schema.HEADER`.

    header: names that a table must have for the profile to be used. columns: which field each column fills (field = name). fixed: the
    fields that are the same for every row, and stand in no column. across: the columns whose name is a period hold the values of that
    period. areas: whether the column of areas holds codes, names, or either. renamed: what the table writes for an area, and our code.
    only: rows are taken that have one of these texts in a column. skip: rows are left out whose area is one of these: totals, notes.
    marks: what stands in place of a number, and what it means (MEANINGS); "" is an empty cell. footnotes: signs behind a number, and the
    status or the note that they stand for. statuses: the table's words for a status. decimal: what stands before decimals, "" where the
    table shows it. times: what values and interval ends are multiplied by: 100 for shares that are written as 0.88. sheet: of a workbook.
    chosen_only: the profile is used when a person names it, never because a table has its header: OMRÅDE, TID, INDHOLD may be anything.
    """

    id: str
    header: tuple[str, ...]
    columns: dict[str, str] = {}
    fixed: dict[str, str] = {}
    across: bool = False
    areas: Literal["code", "name", "either"] = "code"
    renamed: dict[str, str] = {}
    only: dict[str, tuple[str, ...]] = {}
    skip: tuple[str, ...] = ()
    marks: dict[str, str] = {}
    footnotes: dict[str, str] = {}
    statuses: dict[str, str] = {}
    decimal: Literal["", ",", "."] = ""
    times: float = 1.0
    sheet: str = ""
    chosen_only: bool = False


def read(data: Path) -> tuple[TableProfile, ...]:
    """Read the profiles of a workspace; none when it has no `tables.toml`. Raises CatalogueError with every faulty entry.

    data: the workspace's folder `data`.
    """
    path = data / "tables.toml"
    if not path.is_file():
        return ()
    profiles, problems = tomlfile.entries(tomlfile.parse(path, file=FILE), "table", TableProfile, file=FILE)
    problems += [problem for number, profile in enumerate(profiles, 1) for problem in _problems(profile, number)]
    ids = [profile.id for profile in profiles]
    problems += [
        Problem(FILE, "an id that stands twice", number, "id", repr(name), "an id of its own")
        for number, name in enumerate(ids, 1)
        if name in ids[: number - 1]
    ]
    if problems:
        raise CatalogueError(problems)
    return profiles


def _problems(profile: TableProfile, row: int) -> Iterator[Problem]:
    """What cannot be in a profile. row: its number in the file."""
    for name in (*profile.columns, *profile.fixed):
        if name not in HEADER:
            yield Problem(FILE, "an unknown field", row, f"{profile.id}: {name}", repr(name), ", ".join(HEADER))
    for name in profile.columns:
        if name in profile.fixed:
            yield Problem(FILE, "a field that is both in a column and fixed", row, name, expected="columns or fixed")
    for mark, meaning in profile.marks.items():
        if meaning not in (*MEANINGS, OPEN):
            yield Problem(FILE, "a mark that means nothing we know", row, f"marks.{mark!r}", repr(meaning), ", ".join(MEANINGS))
        if not mark and meaning == ZERO:
            yield Problem(FILE, "an empty cell that would be zero", row, "marks", repr(mark), "missing, or another status")
    for word, status in profile.statuses.items():
        if status not in STATUSES:
            yield Problem(FILE, "a status that is none", row, f"statuses.{word!r}", repr(status), ", ".join(STATUSES))
    if not profile.header:
        yield Problem(FILE, "a profile that every table would fit", row, "header", expected="names of columns by which the table is known")
    if profile.across and {"period", "value"} & {*profile.columns, *profile.fixed}:
        yield Problem(FILE, "a period or value of its own beside periods across", row, "across", expected="across alone")
    if profile.times <= 0:
        yield Problem(FILE, "a factor that cannot be", row, "times", f"{profile.times:g}", "a number above 0")


def known_headers(profiles: Sequence[TableProfile]) -> tuple[frozenset[str], ...]:
    """Return the names by which the header of a table is known for certain, folded: those of each profile, and our own form."""
    return (*(frozenset(map(folded, profile.header)) for profile in profiles), frozenset(_NEEDED))


_NEEDED: Final = ("indicator", "area_set", "area_id", "period", "value", "status", "source")
"""The columns that a table in our own form must have; the others may be left out."""


def fitting(columns: Collection[str], profiles: Sequence[TableProfile], *, file: str, chosen: str = "") -> TableProfile | None:
    """Return the profile of a table: the chosen one, that whose names the table has, or our own form; None when nobody knows it.

    columns: the table's names. chosen: the id of a profile, "" for none. Of several that fit, that with the most names is taken; those
    that are used only when chosen are not among them.
    Raises InputError when there is no such profile, and when two fit equally well.
    """
    names = {folded(name) for name in columns}
    if chosen:
        named = next((profile for profile in profiles if profile.id == chosen), None)
        if named is None:
            raise InputError(Problem(file, "no such profile", found=repr(chosen), expected=_ids(profiles)))
        return named
    fits = [profile for profile in profiles if not profile.chosen_only and has(columns, profile)]
    most = max((len(profile.header) for profile in fits), default=0)
    best = [profile for profile in fits if len(profile.header) == most]
    if len(best) > 1:
        raise InputError(Problem(file, "more than one profile fits", found=_ids(best), expected="the option --profile with one of them"))
    if best:
        return best[0]
    own = {folded(name): name for name in columns}
    if not names >= set(_NEEDED):
        return None
    return TableProfile(id="", header=_NEEDED, columns={name: own[name] for name in HEADER if name in own})


def has(columns: Collection[str], profile: TableProfile) -> bool:
    """Return whether a table has the names by which a profile knows it."""
    return {folded(name) for name in columns} >= {folded(name) for name in profile.header}


def _ids(profiles: Sequence[TableProfile]) -> str:
    return ", ".join(repr(profile.id) for profile in profiles) or f"an entry of {FILE}"


def encode(profile: TableProfile) -> str:
    """Return a profile as an entry of `tables.toml`; what is as by default is left out."""
    written = msgspec.to_builtins(profile)
    if profile.times == 1:
        written.pop("times", None)
    return tomli_w.dumps({"table": [written]})


def is_open(profile: TableProfile) -> bool:
    """Return whether a profile has something that a person has still to say."""
    return OPEN in {*profile.fixed.values(), *profile.marks.values(), *profile.renamed.values(), *profile.columns.values()}


def remember(workspace: Workspace, profile: TableProfile) -> None:
    """Add a profile to the workspace's `data/tables.toml`; what stands there is left as it is.

    Raises CatalogueError when something in it is still open, when the id is taken, and when the file has a fault already.
    """
    if is_open(profile):
        what = f"a profile in which something is open ({OPEN!r})"
        raise CatalogueError(Problem(FILE, what, column=profile.id, expected="an answer in its place, written in the file by hand"))
    path = workspace.folder / FILE
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.is_file() else _ABOVE
    transaction.place(workspace.folder, {FILE: (before + encode(profile)).encode()}, check=lambda staged: read(staged / "data"))


_ABOVE: Final = "# Hvordan tabeller med tal fra andre læses; docs/tables.md siger, hvad felterne betyder.\n\n"
