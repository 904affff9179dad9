"""Indicators whose words suggest that they describe the same people, while the catalogue does not say whether they do.

Whoever knows a figure of one of them knows the other's, so a figure that is hidden in a register must not be shown in a table. The
words are compared in each language by itself: every word of the shorter name needs a similar one in the other (rapidfuzz), and the
ages, the sex and what is negated must be the same. An unnecessary question costs only one answer in the catalogue; pairs that cannot
be the same are not asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from rapidfuzz import fuzz

from geo.errors import Problem
from geo.model.catalogue import Catalogue
from geo.model.indicators import Indicator
from geo.model.vocabulary import Audience

FILE: Final = "data/indicators.toml"
QUESTION: Final = "do these two tell of the same people?"

_NEAR: Final = 75.0
"""The similarity of two words (rapidfuzz ratio, 0-100) from which they count as forms of one word: brug and bruger."""
_STEM: Final = 4
"""How many first letters similar words have in common: ledige and ledighed, but not tryg and utryg."""
_FEWEST: Final = 4
"""The number of words from which a definition says enough to be compared by itself."""

_ASIDE: Final = re.compile(r"\([^()]*\)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’]s)?")
_AGES: Final = re.compile(r"\d{1,3}\s*(?:[-–]|til|to)\s*\d{1,3}(?!\d)|\d{1,3}(?=\s+(?:år og|år eller|and over|or older|years and))")
_PART: Final = r"(?:\b(?:med|with|blandt|among)\s+|,\s*)(?:\w+\s+){0,2}"
"""The words that mark a part of a whole: with vocational training; Employed, women."""


def _set(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", words))


_SMALL: Final = _set(
    "af alle and andel antal at de den der deres det dem en er et for fra i in med number of og om on or over part people percent per "
    "persons personer pr procent pct på rate share som the their those to total ved who with år år's aged year years hele all "
    "invented opdigtede"
)
_NO: Final = _set("ikke ingen uden udenfor not no without non never aldrig outside")
_WOMEN: Final = _set("kvinder kvinde piger women woman girls female")
_MEN: Final = _set("mænd mand drenge men man boys male")


def questions(known: Catalogue) -> tuple[Problem, ...]:
    """Return a remark for every pair of indicators that may describe the same people and about which the catalogue is silent.

    A remark names both indicators, says why, and what to write. Rows are entry numbers, from 1.
    """
    row = {indicator.id: number for number, indicator in enumerate(known.indicators, 1)}
    guarded = {indicator.id for indicator in known.indicators if _protects(indicator, known)}
    asked = []
    for first, other in combinations(known.indicators, 2):
        table, beside = (first, other) if first.register is None and other.register is not None else (other, first)
        if not _comparable(table, beside, guarded) or _answered(table, beside):
            continue
        if why := _why(table, beside):
            asked.append(
                Problem(
                    FILE,
                    QUESTION,
                    row[table.id],
                    "same_as",
                    f"{_described(table)} and {_described(beside)}: {why}",
                    _answers(table, beside),
                )
            )
    return tuple(asked)


def _protects(indicator: Indicator, known: Catalogue) -> bool:
    """Whether the rule of an indicator protects people who are counted."""
    limits = [rule.thresholds.get(Audience.PUBLIC) for rule in known.rules if rule.id == indicator.rule]
    return any(limit is not None and (limit.min_count or limit.min_denominator or limit.min_residents) for limit in limits)


def _comparable(table: Indicator, beside: Indicator, guarded: set[str]) -> bool:
    """A table beside a register, or two tables under a rule that protects people; never an index, and never invented people."""
    if table.register is not None or "index" in {table.kind, beside.kind} or table.demo != beside.demo:
        return False
    if beside.register is not None:
        return beside.id in guarded and table.basis != "survey"
    return table.id in guarded and beside.id in guarded


def _answered(first: Indicator, other: Indicator) -> bool:
    return other.id in {first.same_as, *first.differs_from} or first.id in {other.same_as, *other.differs_from}


def _described(indicator: Indicator) -> str:
    return f"{indicator.id!r} ({f'counted in the register {indicator.register.register}' if indicator.register else 'from tables'})"


def _answers(table: Indicator, beside: Indicator) -> str:
    same = f'same_as = "{beside.id}"' + ("" if table.rule == beside.rule else f' and rule = "{beside.rule}"')
    return f'{same} in {table.id!r} if they do, differs_from = ["{beside.id}"] if they do not'


def _why(first: Indicator, other: Indicator) -> str:
    """Why two indicators may describe the same people, in words; "" where they cannot, or where nothing suggests it."""
    for language in ("da", "en"):
        names = first.name.in_(language), other.name.in_(language)
        about = tuple(f"{each.name.in_(language)} {each.population.in_(language)}" for each in (first, other))
        texts = tuple(each.definitions[-1].text.in_(language) if each.definitions else "" for each in (first, other))
        if _ages(about, texts) or _sexes(about[0]) != _sexes(about[1]):
            return ""
        if alike(*names):
            return f"their names say nearly the same, {names[0]!r} and {names[1]!r}"
        if len(_words(texts[0])) >= _FEWEST and alike(*texts, surplus=0):
            return f"their definitions say nearly the same, {texts[0]!r}"
    return ""


def _ages(about: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether two indicators name different ages, in their names and populations, or, where those name none, in their definitions."""
    first, other = (_numbers(said) or _numbers(text) for said, text in zip(about, texts, strict=True))
    return bool(first and other and first != other)


def _numbers(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(re.findall(r"\d+", ages)) for ages in _AGES.findall(text))


def _sexes(text: str) -> frozenset[str]:
    """Which sex is named; nothing where none is, or both are."""
    words = set(re.findall(r"\w+", text.casefold()))
    named = frozenset(name for name, of_sex in (("women", _WOMEN), ("men", _MEN)) if words & of_sex)
    return named if len(named) == 1 else frozenset()


def alike(first: str, other: str, *, surplus: int = 1) -> bool:
    """Return whether two texts of one language say nearly the same: each word of the shorter has a similar one in the longer.

    surplus: how many more words the longer text may have; none where the shorter has a single word. A word that negates, or that
    marks a part of a whole, may not be among them.
    """
    shorter, longer = sorted((_words(first), _words(other)), key=len)
    if not shorter or len(longer) - len(shorter) > (surplus if len(shorter) > 1 else 0):
        return False
    left = list(longer)
    for word in shorter:
        near = next(_nearest(word, left), "")
        if not near:
            return False
        left.remove(near)
    whole = max((first, other), key=lambda text: len(_words(text))).casefold()
    return not _NO & set(left) and not any(re.search(rf"{_PART}{re.escape(word)}", whole) for word in left)


def _nearest(word: str, words: Sequence[str]) -> Iterator[str]:
    """The words that are forms of a word, nearest first. A word that denies is near to others that deny."""
    if word in _NO:
        yield from (each for each in words if each in _NO)
        return
    forms = [each for each in words if each not in _NO and each[:_STEM] == word[:_STEM]]
    yield from sorted((each for each in forms if fuzz.ratio(word, each) >= _NEAR), key=lambda each: -fuzz.ratio(word, each))


def _words(text: str) -> list[str]:
    """The words that carry meaning, in order, each once; what stands in brackets is left out."""
    said = [word.removesuffix("'s").removesuffix("’s") for word in _WORD.findall(_ASIDE.sub(" ", text.casefold()))]
    return list(dict.fromkeys(word for word in said if word not in _SMALL))
