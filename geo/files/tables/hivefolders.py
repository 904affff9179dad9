"""Folders named `period=2014H1`: what pandas, DuckDB and Spark write of a table that is divided by a column, which its files then lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

import pyarrow as pa

_NOTHING: Final = ("__HIVE_DEFAULT_PARTITION__", "")
_TEXT: Final = pa.dictionary(pa.int32(), pa.string())


def columns(file: str) -> dict[str, str | None]:
    """Return the columns that the folders of a file's path say, with their text, None where the folder stands for no value.

    >>> columns("people/period=2014H1/sex=__HIVE_DEFAULT_PARTITION__/part-0.parquet")
    {'period': '2014H1', 'sex': None}
    """
    pairs = [folder.partition("=") for folder in PurePosixPath(file).parts[:-1] if "=" in folder]
    return {unquote(name): None if text in _NOTHING else unquote(text) for name, _, text in pairs if name}


def described(schema: pa.Schema, said: Mapping[str, str | None]) -> pa.Schema:
    """Return the columns of a file with those that its folders say; a column of the file's own stays."""
    for name in said:
        if name not in schema.names:
            schema = schema.append(pa.field(name, _TEXT))
    return schema


def filled(batch: pa.RecordBatch, said: Mapping[str, str | None], names: Sequence[str]) -> pa.RecordBatch:
    """Return a batch with the columns `names` in their order, those that the folders say being the same in every row."""
    rows = batch.num_rows
    arrays = [batch[name] if name in batch.schema.names else _same(said[name], rows) for name in names]
    return pa.RecordBatch.from_arrays(arrays, names=list(names))


def _same(text: str | None, rows: int) -> pa.DictionaryArray:
    words = pa.array([] if text is None else [text], pa.string())
    places = pa.nulls(rows, pa.int32()) if text is None else pa.array([0] * rows, pa.int32())
    return pa.DictionaryArray.from_arrays(places, words)
