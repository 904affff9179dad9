"""JSON-stat, in which statistical offices hand out cubes: one row a cell, with code and words of each dimension."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from geo.errors import InputError, Problem
from geo.files.tables.grid import MOST_CELLS, Cell, CellGrid, GridRow
from geo.files.tables.letters import Letters

WORDS: Final = " (text)"
"""What the name of a column ends with that holds the words of a dimension, where the column before it holds the codes."""


def read(letters: Letters, *, file: str) -> CellGrid:
    """Read a dataset of JSON-stat 2, or of version 1 in its wrapper `dataset`. Raises InputError when it is none, or not whole.

    file: how messages name it. The first row of the grid is the names: each dimension's id, the same with WORDS where it has labels,
    then `value` and `status`. The other rows are the cells in the order of the file, the first being row 1.
    """
    dataset = _dataset(letters.text, file)
    dimensions = _of(dataset, "dimension", dict, file)
    names = [str(name) for name in _of(dataset if "id" in dataset else dimensions, "id", list, file)]
    sizes = _of(dataset if "size" in dataset else dimensions, "size", list, file)
    parts = [_categories(_of(dimensions, name, dict, file), name, file) for name in names]
    cells = 1
    for (codes, _), size, name in zip(parts, sizes, names, strict=False):
        if len(codes) != size:
            raise _broken(file, f"the dimension {name} has {len(codes)} categories, and size {size}")
        cells *= max(len(codes), 1)
    if len(sizes) != len(names) or cells * (2 * len(names) + 2) > MOST_CELLS:
        raise _broken(file, f"{len(names)} dimensions, {len(sizes)} sizes, {cells:,} cells")
    values = _listed(dataset.get("value"), cells, "value", file)
    statuses = _listed(dataset.get("status", [None] * cells), cells, "status", file)
    header = [name for name, (_, labels) in zip(names, parts, strict=True) for name in ([name, name + WORDS] if labels else [name])]
    rows = [GridRow(0, (*header, "value", "status"))]
    for number, keys in enumerate(itertools.product(*(codes for codes, _ in parts))):
        said = [text for key, (_, labels) in zip(keys, parts, strict=True) for text in ([key, labels.get(key, "")] if labels else [key])]
        rows.append(GridRow(number + 1, (*said, values[number], statuses[number])))
    return CellGrid("JSON-stat", tuple(rows))


def _dataset(text: str, file: str) -> dict[str, Any]:
    try:
        written = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise _broken(file, "lists in lists, deeper than any table") from None
    except json.JSONDecodeError as error:
        raise InputError(Problem(file, "not JSON", row=error.lineno, found=error.msg, expected="JSON-stat")) from None
    except ValueError:
        raise _broken(file, "a number that is none, or with too many digits") from None
    if isinstance(written, dict) and isinstance(written.get("dataset"), dict):
        written = written["dataset"]
    if not isinstance(written, dict) or not isinstance(written.get("dimension"), dict):
        described = f'"type": {written["type"]!r}' if isinstance(written, dict) and "type" in written else ""
        raise InputError(Problem(file, "JSON that is no dataset of JSON-stat", found=described[:80], expected='"class": "dataset"'))
    return written


def _no_number(name: str) -> float:
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(name)


def _categories(dimension: Mapping[str, Any], name: str, file: str) -> tuple[list[str], dict[str, str]]:
    """The codes of a dimension in their order, and the words of each."""
    category = _of(dimension, "category", dict, file)
    labels = {str(code): str(words) for code, words in _of({"label": {}, **category}, "label", dict, file).items()}
    index = category.get("index", list(labels))
    if isinstance(index, dict):
        places = sorted(index.items(), key=lambda pair: pair[1] if isinstance(pair[1], int) else -1)
        if [place for _, place in places] != list(range(len(places))):
            raise _broken(file, f"the categories of {name} are not numbered from 0")
        index = [code for code, _ in places]
    if not isinstance(index, list):
        raise _broken(file, f"the categories of {name} are no list")
    return [str(code) for code in index], labels


def _listed(given: object, cells: int, name: str, file: str) -> Sequence[Cell]:
    """One entry a cell, of a list or of an object of those that are there."""
    if isinstance(given, str):  # one status for all
        return [given] * cells
    if isinstance(given, dict):
        unknown = [key for key in given if not (key.isascii() and key.isdigit() and int(key) < cells)]
        if unknown:
            raise _broken(file, f"{name} of a cell that is not there: {unknown[0][:20]!r}")
        given = [given.get(str(number)) for number in range(cells)]
    if not isinstance(given, list) or len(given) != cells:
        raise _broken(file, f"{len(given) if isinstance(given, list) else 'no'} entries of {name} for {cells:,} cells")
    odd = next((part for part in given if isinstance(part, bool) or not isinstance(part, (str, int, float, type(None)))), None)
    if odd is not None:
        raise _broken(file, f"{name} {str(odd)[:20]!r}")
    return given


def _of(holder: Mapping[str, Any], name: str, kind: type, file: str) -> Any:
    part = holder.get(name)
    if not isinstance(part, kind):
        raise _broken(file, f"no {name}")
    return part


def _broken(file: str, described: str) -> InputError:
    return InputError(Problem(file, "a dataset of JSON-stat that is not whole", found=described, expected="JSON-stat 2.0, one dataset"))
