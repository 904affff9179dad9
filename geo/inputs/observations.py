"""Published figures from CSV files with sidecars: checked against the catalogue and the areas, and put into one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from geo.errors import InputError, Problem
from geo.figures import agreement
from geo.files import csvfile, provenance, schema
from geo.files.schema import NUMBERS, ColumnFault, offenders
from geo.files.workspace import PLACES
from geo.model.areas import Sidecar
from geo.model.catalogue import Catalogue
from geo.model.indicators import Indicator
from geo.model.results import OBSERVATION_COLUMNS, InputFile, Leftover
from geo.model.vocabulary import HAS_VALUE, Period, Reason, Status

KEY: Final = ("indicator", "area_set", "area_id", "period")
_WITHOUT: Final = {
    Status.MISSING: Reason.SOURCE_BLANK,
    Status.NOT_MEASURED: Reason.NOT_ASKED,
    Status.HIDDEN_BY_SOURCE: Reason.HIDDEN_AT_SOURCE,
}
"""The statuses of rows without a value, and why there is none."""
_WITH_VALUE: Final = frozenset(status.value for status in HAS_VALUE)


@dataclass(frozen=True)
class Observed:
    """The figures of all files, the rows whose area set the workspace lacks, and the files."""

    table: pd.DataFrame
    leftovers: tuple[Leftover, ...]
    inputs: tuple[InputFile, ...]


def read(folder: Path, catalogue: Catalogue, area_ids: Mapping[str, frozenset[str]], *, dated: bool = False) -> Observed:
    """Read every CSV under `data/` and return the observations (OBSERVATION_COLUMNS, sorted by KEY).

    dated: give the column `retrieved` too, the day that each figure's file was fetched (YYYY-MM-DD).

    area_ids: the codes of each area set that the workspace has. Rows of a set that the catalogue declares but the workspace does not
    have are returned as leftovers, counted and named. Where two files have a row with the same KEY, that of the file retrieved later
    is used; the other is a leftover too. Raises InputError with the problems of all files at once.
    """
    problems: list[Problem] = []
    tables: list[pd.DataFrame] = []
    inputs: list[InputFile] = []
    for path in sorted(folder.rglob("*.csv")):
        if path.relative_to(folder).parts[0] == PLACES:
            continue  # read by geo.inputs.places
        file = path.relative_to(folder.parent).as_posix()
        try:
            sidecar = provenance.check(path, file=file)
            table = read_file(path, catalogue, area_ids, file=file)
        except InputError as error:
            problems += error.problems
            continue
        tables.append(table.assign(retrieved=sidecar.retrieved.isoformat()))
        inputs.append(_input(path, sidecar, folder=folder, rows=len(table)))
    if problems:
        raise InputError(problems)
    every = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*OBSERVATION_COLUMNS, "retrieved"])
    kept, superseded = _newest(every)
    placed = kept["area_set"].isin(set(area_ids))
    leftovers = (*superseded, *_without_set(kept[~placed]))
    table = kept.loc[placed, [*OBSERVATION_COLUMNS, *(["retrieved"] if dated else [])]].sort_values(list(KEY), ignore_index=True)
    return Observed(table, leftovers, tuple(inputs))


def read_file(path: Path, catalogue: Catalogue, area_ids: Mapping[str, frozenset[str]], *, file: str) -> pd.DataFrame:
    """Read one CSV; the index holds the row numbers, the header being row 1. Raises InputError with everything that is wrong."""
    return checked(csvfile.read(path, file=file), catalogue, area_ids, file=file)


def checked(text: pd.DataFrame, catalogue: Catalogue, area_ids: Mapping[str, frozenset[str]], *, file: str) -> pd.DataFrame:
    """Check figures that are still text and return them as observations (OBSERVATION_COLUMNS) on the same index.

    text: the columns of `schema.HEADER`; its index holds the row numbers of messages. area_ids: the codes of each area set. Raises
    InputError with everything that is wrong.
    """
    problems = schema.problems(text, schema.OBSERVATIONS, file=file)
    problems += _unknown(text, catalogue, area_ids, file=file)
    if problems:
        raise InputError(problems)
    table = text.astype(dict.fromkeys(NUMBERS, object))
    for name in NUMBERS:
        table[name] = text[name].map(lambda typed: float(typed) if typed else np.nan).astype(float)
    table["period"] = text["period"].map({code: Period.parse(code).code for code in text["period"].unique()})
    kinds = {indicator.id: indicator for indicator in catalogue.indicators}
    table["definition"] = [kinds[i].version(Period.parse(p).first) for i, p in zip(table["indicator"], table["period"], strict=True)]
    problems = _contradictions(table, text, kinds, file=file)
    if problems:
        raise InputError(problems)
    return _finish(table.assign(file=file, row=table.index.astype(str), weights=""), catalogue, kinds)


def _unknown(text: pd.DataFrame, catalogue: Catalogue, area_ids: Mapping[str, frozenset[str]], *, file: str) -> list[Problem]:
    """Names that neither the catalogue nor the areas know. Empty fields are checked by the schema."""
    problems: list[Problem] = []
    for column, entries, home in (
        ("indicator", catalogue.indicators, "indicators.toml"),
        ("area_set", catalogue.area_sets, "sets.toml"),
        ("source", catalogue.sources, "sources.toml"),
    ):
        known = {entry.id for entry in entries}
        fault = ColumnFault(column, f"an unknown {column.replace('_', ' ')}", f"an id in {home}")
        problems += offenders(text, ~text[column].isin(known) & (text[column] != ""), fault, file=file, known=known)
    for area_set, codes in sorted(area_ids.items()):
        wrong = (text["area_set"] == area_set) & ~text["area_id"].isin(codes) & (text["area_id"] != "")
        problems += offenders(text, wrong, ColumnFault("area_id", "an unknown area code", f"a code of {area_set}"), file=file, known=codes)
    declared = {indicator.id: indicator.area_sets for indicator in catalogue.indicators}
    sets = {kind.id for kind in catalogue.area_sets}
    astray = [i in declared and s in sets and s not in declared[i] for i, s in zip(text["indicator"], text["area_set"], strict=True)]
    fault = ColumnFault("area_set", "the indicator is not declared for this area set", "one of its area_sets in indicators.toml")
    return problems + offenders(text, pd.Series(astray, text.index), fault, file=file)


def _contradictions(table: pd.DataFrame, text: pd.DataFrame, kinds: Mapping[str, Indicator], *, file: str) -> list[Problem]:
    """Numbers and statuses that cannot be true together; messages show the numbers as they were typed."""
    share = table["indicator"].map({name: indicator.kind == "share" for name, indicator in kinds.items()}).astype(bool)
    whole = table["indicator"].map({name: i.kind == "count" and not i.decimals for name, i in kinds.items()}).astype(bool)
    never_below = table["indicator"].map({name: indicator.kind in ("count", "rate") for name, indicator in kinds.items()}).astype(bool)
    has_value = table["status"].isin(_WITH_VALUE)
    any_number = table[list(NUMBERS)].notna().any(axis=1)
    rules = [
        *(
            (share & ((table[name] < 0) | (table[name] > 100)), ColumnFault(name, "a share outside 0-100", "percent, 0 to 100"))
            for name in _PERCENT
        ),
        (whole & (table["value"] % 1 > 0), ColumnFault("value", "a count that is not whole", _WHOLE)),
        (never_below & (table["value"] < 0), ColumnFault("value", "a count or rate below 0", "0 or more")),
        *(((table[name] < 0), ColumnFault(name, "a negative number of persons", "0 or more")) for name in _PERSONS),
        *(((table[name] % 1 > 0), ColumnFault(name, "a number of persons that is not whole", _WHOLE)) for name in _PERSONS),
        (
            share & (table["numerator"] > table["denominator"]),
            ColumnFault("numerator", "a numerator larger than its denominator", "a part of the denominator"),
        ),
        (
            has_value & table["value"].isna(),
            ColumnFault(
                "value", "a status that says there is a value, and none", "a value, or status missing, not_measured or hidden_by_source"
            ),
        ),
        (
            ~has_value & any_number,
            ColumnFault("status", "a status that says there is no value, and numbers", "empty numbers, or another status"),
        ),
        (
            table["definition"] == "",
            ColumnFault("period", "no definition of the indicator is valid then", "a period of one of its definitions"),
        ),
        (table.duplicated(list(KEY)), ColumnFault("period", "an observation that stands twice", "one row an indicator, area and period")),
    ]
    of_rows = [problem for wrong, fault in rules for problem in offenders(text, wrong, fault, file=file)]
    sound = ~pd.concat([wrong for wrong, _ in rules], axis=1).any(axis=1)  # a row is reported once
    rest = table[sound].assign(file=file, row=table.index[sound].astype(str))
    return of_rows + agreement.problems(rest, tuple(kinds.values()), printed=text.loc[sound, "value"])


_PERCENT: Final = ("value", "low", "high")
_PERSONS: Final = ("numerator", "denominator", "n")
_WHOLE: Final = "a whole number, without a point or comma between thousands"


def _finish(table: pd.DataFrame, catalogue: Catalogue, kinds: Mapping[str, Indicator]) -> pd.DataFrame:
    """Fill in the quality from the source, mark made-up rows as demo, and give absent values their reason."""
    table["quality"] = table["source"].map({source.id: source.quality for source in catalogue.sources})
    demo = (table["quality"] == "demo") | table["indicator"].map({name: indicator.demo for name, indicator in kinds.items()}).astype(bool)
    has_value = table["status"].isin(_WITH_VALUE)
    table["reason"] = np.select(
        [table["status"] == status.value for status in _WITHOUT],
        [reason.value for reason in _WITHOUT.values()],
        default="",
    )
    table.loc[demo & has_value, "status"] = Status.DEMO.value
    table.loc[demo, "quality"] = "demo"
    table["interval"] = "none"
    return table[list(OBSERVATION_COLUMNS)]


def _newest(every: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Leftover, ...]]:
    """Of rows with the same KEY, the one retrieved last. Raises InputError when two of the same day contradict each other."""
    ordered = every.sort_values([*KEY, "retrieved", "file"], ignore_index=True)
    after = ordered.shift(-1)
    same_key = (ordered[list(KEY)] == after[list(KEY)]).all(axis=1)
    said = ["value", "status", "numerator", "denominator", "n", "low", "high"]
    same = ((ordered[said] == after[said]) | (ordered[said].isna() & after[said].isna())).all(axis=1)
    clash = same_key & (ordered["retrieved"] == after["retrieved"]) & ~same
    if clash.any():
        first, other = ordered[clash].iloc[0], after[clash].iloc[0]
        problem = Problem(
            str(other["file"]),
            "an observation that another file of the same day gives otherwise",
            row=int(other["row"]),
            column="value",
            found=f"{other['value']}",
            expected=f"{first['value']}, as in {first['file']}, row {first['row']}",
            more=int(clash.sum()) - 1,
        )
        raise InputError(problem)
    older = ordered[same_key]
    leftovers = tuple(
        Leftover(join="superseded", area_set=str(s), side="row", count=len(rows), names=(str(file),), indicator=str(i))
        for (file, i, s), rows in older.groupby(["file", "indicator", "area_set"])
    )
    return ordered[~same_key], leftovers


def _without_set(rows: pd.DataFrame) -> tuple[Leftover, ...]:
    return tuple(
        Leftover(join="code", area_set=str(s), side="row", count=len(group), names=tuple(sorted(set(group["area_id"]))), indicator=str(i))
        for (i, s), group in rows.groupby(["indicator", "area_set"])
    )


def _input(path: Path, sidecar: Sidecar, *, folder: Path, rows: int) -> InputFile:
    return provenance.input_file(path, sidecar, root=folder.parent, kind="observations", rows=rows)
