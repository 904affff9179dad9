"""Columns of Arrow as arrays of numpy; and errors about values that cannot be read, without quoting a value."""

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
    """Raise InputError in place of what a library raises about a value: its own message would quote the value, which is a person's.

    file: the name of the file in the message. Used as a context around reading.
    """
    try:
        yield
    except _UNCOUNTABLE:
        expected = "coordinates, whole numbers below 2**63 and text in UTF-8, as the sidecar declares"
        raise InputError(Problem(file, "a value that cannot be counted", expected=expected)) from None


def floats(column: pa.Array | pa.ChunkedArray) -> Floats:
    """Return a column as float64, shape (rows,), NaN where it is empty."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    values: Floats = np.ascontiguousarray(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))
    return values


def plain(column: pa.Array | pa.ChunkedArray) -> NDArray[Any]:
    """Return a column of keys as numpy, shape (rows,): whole numbers as int64 (the least of them where it is empty), text as objects.

    Raises ArrowException for unsigned whole numbers that are too large for int64; the caller turns it into words (`in_words`).
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
    """Return the position of each row's word in the dictionary, shape (rows,); one past its end where there is no word."""
    places = array.indices
    if places.null_count:
        places = places.cast(pa.int64()).fill_null(len(array.dictionary))
    numbers: NDArray[np.integer] = places.to_numpy()
    return numbers
