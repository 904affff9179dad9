"""Columns of Arrow as arrays of numpy, and what a library says of a value that it cannot take, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from geo.errors import InputError, Problem
from geo.spatial.crs import Floats

_UNCOUNTABLE: Final = (pa.ArrowException, ProjError, UnicodeError, OverflowError)


@contextmanager
def in_words(file: str) -> Iterator[None]:
    """Turn what a library says of values it cannot take into words: its own would quote them, and a value here is a person's."""
    try:
        yield
    except _UNCOUNTABLE:
        expected = "coordinates, whole numbers below 2**63 and text in UTF-8, as the sidecar declares"
        raise InputError(Problem(file, "a value that cannot be counted", expected=expected)) from None


def floats(column: pa.Array | pa.ChunkedArray) -> Floats:
    """A column as float64, NaN where it is empty."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    values: Floats = np.ascontiguousarray(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))
    return values


def plain(column: pa.Array | pa.ChunkedArray) -> NDArray[Any]:
    """A column of keys as numpy: whole numbers as int64 (the least of them where it is empty), text as objects.

    Raises ArrowException for whole numbers of 64 bits without a sign that are too large: to be turned into words (`in_words`).
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_integer(array.type):
        numbers: NDArray[np.int64] = array.cast(pa.int64()).fill_null(np.iinfo(np.int64).min).to_numpy()
        return numbers
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    texts: NDArray[np.object_] = array.cast(pa.string()).to_numpy(zero_copy_only=False).astype(object)
    return texts


def indices(array: pa.DictionaryArray) -> NDArray[np.integer]:
    """The place of each row's word in the dictionary; one past its end where there is no word."""
    places = array.indices
    if places.null_count:
        places = places.cast(pa.int64()).fill_null(len(array.dictionary))
    numbers: NDArray[np.integer] = places.to_numpy()
    return numbers
