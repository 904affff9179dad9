"""How many people share each word of a column. A word that few share may tell who somebody is, and is printed nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.incoming.registerfiles import RegisterPart
from geo.model.areas import Register
from geo.registers import columns, persons
from geo.spatial import crs

MANY: Final = 50
"""People who share a word at least, for it to be printed: persons where a column names them, else homes."""
_MOST_WORDS: Final = 60
"""Words of a column that is declared; a column with more holds names, numbers or addresses."""
_DEGREES: Final = 180.0
_SQUARES_A_DEGREE, _SQUARES_A_METRE = 1e4, 0.1
_SPREAD: Final = np.uint64(0x9E37_79B9_7F4A_7C15)


@dataclass
class WordCounts:
    """The words of one column with their rows, and up to MANY hashes of the people who have each.

    empty: rows with an empty text, which is a word like others where it is declared. absent: rows with nothing. many: the column has
    too many words.
    """

    rows: dict[str, int] = field(default_factory=dict)
    who: dict[str, set[int]] = field(default_factory=dict)
    empty: int = 0
    absent: int = 0
    many: bool = False

    @property
    def shared(self) -> list[str]:
        """The words that many people have, sorted."""
        return sorted(word for word in self.rows if len(self.who[word]) >= MANY)

    @property
    def rare(self) -> dict[str, int]:
        """The other words, and the rows of each."""
        return {word: rows for word, rows in self.rows.items() if len(self.who[word]) < MANY}

    @property
    def every(self) -> list[str]:
        """All words, sorted."""
        return sorted(self.rows)

    @property
    def are_shared(self) -> bool:
        """Whether the column has few words, and most rows one that many people share."""
        return not self.many and sum(self.rows[word] for word in self.shared) > sum(self.rare.values())

    @property
    def described(self) -> str:
        """The words that many people have with their rows, and how many others there are."""
        if self.many:
            return f"more than {_MOST_WORDS} words"
        shared = [f"{word} ({self.rows[word]:,} rows)" for word in self.shared]
        rare = self.rare
        others = [f"{len(rare)} words that fewer than {MANY} have ({sum(rare.values()):,} rows)"] if rare else []
        blank = [f"{words} ({rows:,} rows)" for words, rows in (("an empty text", self.empty), ("nothing", self.absent)) if rows]
        return ", ".join([*shared, *others, *blank]) or "no words"


def count(parts: Sequence[RegisterPart], names: Sequence[str], who: Sequence[str], fields: Mapping[str, Any]) -> dict[str, WordCounts]:
    """Count the words of some columns in all rows, batch by batch.

    who: the columns that tell people apart; without any, no word is known to be shared. fields: `x` and `y` as in Register. Raises
    InputError when a file cannot be read to its end.
    """
    counts = {name: WordCounts() for name in names}
    register = Register(crs=crs.MEASURE, x=str(fields["x"]), y=str(fields["y"]))
    for part in parts:
        asked = [name for name in names if not counts[name].many and name in part.kinds]
        if not asked:
            continue
        for batch in part.batches(tuple(dict.fromkeys((*asked, *who))), register):
            with columns.in_words(part.path.name):
                people = _people(batch, who)
                for name in asked:
                    _add(counts[name], batch[name], people)
    return counts


def _people(batch: pa.RecordBatch, who: Sequence[str]) -> NDArray[np.uint64]:
    """A number for each row, the same for the same person or home; 0 where nobody is named."""
    if not who:
        return np.zeros(batch.num_rows, np.uint64)
    hashes = [persons.hashed(_told_apart(batch[name])) for name in who]
    return reduce(lambda first, second: first * _SPREAD ^ second, hashes)


def _told_apart(column: pa.Array) -> pa.Array:
    """A column as people or homes are told apart by it: texts without spaces around them, coordinates by squares of about ten metres."""
    kind = column.type.value_type if isinstance(column, pa.DictionaryArray) else column.type
    if pa.types.is_floating(kind):
        numbers = columns.floats(column)
        degrees = np.nanmax(np.abs(numbers), initial=0.0) <= _DEGREES
        return pa.array(np.round(numbers * (_SQUARES_A_DEGREE if degrees else _SQUARES_A_METRE)))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts = column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
        return pc.utf8_trim_whitespace(texts)
    return column


def _add(counts: WordCounts, column: pa.Array, people: NDArray[np.uint64]) -> None:
    if counts.many:
        return
    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    words, places = encoded.dictionary.to_pylist(), columns.indices(encoded)
    rows = np.bincount(places, minlength=len(words) + 1)
    counts.absent += int(rows[len(words)])
    for place in np.flatnonzero(rows[: len(words)]).tolist():
        word = str(words[place]).lower() if isinstance(words[place], bool) else str(words[place])
        if not word:
            counts.empty += int(rows[place])
            continue
        counts.rows[word] = counts.rows.get(word, 0) + int(rows[place])
        known = counts.who.setdefault(word, set())
        if len(known) < MANY:
            here = np.unique(people[places == place])
            known.update(here[here != 0][: 2 * MANY].tolist())
        if len(counts.rows) > _MOST_WORDS:
            counts.many, counts.rows, counts.who = True, {}, {}
            return
