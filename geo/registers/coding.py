"""Which kinds of rows a question distinguishes: words that every measure treats alike become one number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError, Problem
from geo.registers.cube import Coding, CubeLine, CubeQuestion, Kinds

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MOST_PROFILES: Final = 1 << 18


def coding(question: CubeQuestion, codes: Mapping[str, Sequence[str]], *, file: str) -> Coding:
    """Work out which profiles of rows a question distinguishes: words that every measure treats alike share a number.

    codes: the declared words of each column. file: the register's name in messages. Raises InputError when a measure asks for a
    column or a word that is not declared: it would count nobody, and look like zero.
    """
    _check_asked(question, codes, file=file)
    words = {column: _numbered(question, column, codes[column]) for column in question.columns}
    sizes = [len(set(numbers.values())) + 1 for numbers in words.values()]
    strides = [int(np.prod(sizes[place + 1 :], dtype=np.int64)) for place in range(len(sizes))]
    if np.prod(sizes, dtype=float) > _MOST_PROFILES:
        raise InputError(Problem(file, "the indicators tell too many kinds of rows apart", expected=f"at most {_MOST_PROFILES} kinds"))
    numbers = dict(zip(words, np.indices(sizes).reshape(len(sizes), -1) if sizes else (), strict=True))
    lines, worth = zip(*_lines(question, words, numbers, codes), strict=True)
    parts = {
        column: {word: number * stride for word, number in words[column].items()} for column, stride in zip(words, strides, strict=True)
    }
    unknown = {column: (size - 1) * stride for column, size, stride in zip(words, sizes, strides, strict=True)}
    apart = [numbers[column] for column in question.known if column in numbers]
    kinds, kind = _kinds(lines, np.stack(worth, axis=1).astype(np.int64), apart)
    return Coding(kinds, parts, unknown, kind)


def _kinds(lines: tuple[CubeLine, ...], worth: Ints, apart: Sequence[Ints]) -> tuple[Kinds, Ints]:
    """The kinds of profiles, and the kind of each. apart: numbers of the profiles' words in the columns that an outsider may know."""
    known = np.stack(apart, axis=1) if apart else np.zeros((len(worth), 1), dtype=np.int64)
    _, group = np.unique(known, axis=0, return_inverse=True)
    rows, kind = np.unique(np.column_stack([group.ravel(), worth]), axis=0, return_inverse=True)
    return Kinds(lines, rows[:, 1:], rows[:, 0]), kind.ravel().astype(np.int64)


def _numbered(question: CubeQuestion, column: str, words: Sequence[str]) -> dict[str, int]:
    """A number for each word; words that every measure treats alike share one."""
    asked = [
        frozenset(side[column]) for measure in question.measures.values() for side in (measure.where, measure.having) if column in side
    ]
    kinds = [(word if column == question.by else "", *(word in some for some in asked)) for word in words]
    numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    return {word: numbers[kind] for word, kind in zip(words, kinds, strict=True)}


def _lines(
    question: CubeQuestion, words: Mapping[str, Mapping[str, int]], numbers: Mapping[str, Ints], codes: Mapping[str, Sequence[str]]
) -> Iterator[tuple[CubeLine, Bools]]:
    """Every line, and which profiles count for it. `numbers` are those of each profile's words, by column."""
    profiles = max((len(each) for each in numbers.values()), default=1)
    every = np.ones(profiles, dtype=bool)
    known = {column: each < len(set(words[column].values())) for column, each in numbers.items()}

    def hold(asked: Mapping[str, Sequence[str]]) -> Bools:
        held = every.copy()
        for column, wanted in asked.items():
            held &= np.isin(numbers[column], [words[column][word] for word in wanted])
        return held

    yield CubeLine("rows"), every
    for column in question.columns:
        yield CubeLine("unknown_code", column), ~known[column]
    for group in codes[question.by] if question.by else ("",):
        of_group = hold({question.by: (group,)}) if question.by else every
        for name, measure in question.measures.items():
            base = hold(measure.where) & of_group
            for column in measure.having:
                base &= known[column]
            yield CubeLine("denominator", name, group), base
            yield CubeLine("numerator", name, group), base & hold(measure.having)


def _check_asked(question: CubeQuestion, codes: Mapping[str, Sequence[str]], *, file: str) -> None:
    problems = []
    for column in question.columns:
        if column not in codes:
            problems.append(
                Problem(file, "an indicator asks for a column that is not declared", column=column, expected=_listed(codes) or "codes")
            )
    for name, measure in question.measures.items():
        for column, words in (*measure.where.items(), *measure.having.items()):
            problems += [
                Problem(
                    file, f"the indicator {name} asks for a word that is not declared", None, column, repr(word), _listed(codes[column])
                )
                for word in words
                if column in codes and word not in codes[column]
            ]
    if problems:
        raise InputError(problems)


def _listed(words: Iterator[str] | Sequence[str] | Mapping[str, object]) -> str:
    return ", ".join(repr(word) for word in words)
