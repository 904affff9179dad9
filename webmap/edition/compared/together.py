"""How the parts of a goal become one answer, in words: what each part did, and the rule that joins them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from geo.figures import multiple
from geo.model.goals import Goal, Target
from geo.model.results import Judgement, PartVerdict
from geo.model.vocabulary import Reason, Text, Verdict
from webmap.edition.reader import Reader
from webmap.language import wording
from webmap.language.terms import why

_NUMBERS: Final = {2: Text(da="to", en="two"), 3: Text(da="tre", en="three"), 4: Text(da="fire", en="four"), 5: Text(da="fem", en="five")}
_GOOD: Final = (Verdict.REACHED, Verdict.ON_TRACK)

_UNMEASURED: Final = Text(da="er ikke målt", en="was not measured")
_BROKEN: Final = Text(da="har et brud i serien", en="has a break in the series")
_SAME: Final = Text(da="er ikke sikkert ændret", en="cannot be told from before")
_HIDDEN: Final = Text(da="hviler på et tal, der er skjult", en="rests on a figure that is hidden")
_WRONG: Final = Text(
    da="gik den forkerte vej, men så lidt, at det kan være et tilfælde, når flere dele prøves på én gang",
    en="moved the wrong way, but so little that it may be chance when several parts are tested at once",
)
_PLURAL: Final = {"was": "were", "is": "are", "has": "have", "rests": "rest"}
_MOVED: Final = {"up": Text(da="steg", en="rose"), "down": Text(da="faldt", en="fell")}
_STANDS: Final = {
    Verdict.REACHED: Text(da="har nået målet", en="reached the target"),
    Verdict.ON_TRACK: Text(da="er på vej", en="is on track"),
    Verdict.NOT_REACHED: Text(da="har ikke nået målet", en="did not reach the target"),
    Verdict.OFF_TRACK: Text(da="er ikke på vej", en="is not on track"),
}


def why_joined(reader: Reader, goal: Goal, judgement: Judgement) -> str:
    """What each part did, as the end of a sentence that begins with the goal's verdict; parts that did the same stand together.

    `brug af daginstitutioner steg, brug af fritidsfaciliteter er ikke sikkert ændret, og brug af sociale tilbud er ikke målt`.
    """
    target = next(target for target in goal.targets if target.id == judgement.target)
    said: dict[str, list[str]] = {}
    for part in judgement.parts:
        said.setdefault(_did(part, goal, target, reader.language), []).append(_inside(name_of(reader, part.indicator)))
    last = Text(da=", og ", en=", and ").in_(reader.language)
    clauses = [f"{_listed(parts, reader.language)} {_agreeing(did, parts)}" for did, parts in said.items()]
    return last.join([", ".join(clauses[:-1]), clauses[-1]] if len(clauses) > 1 else clauses)


def name_of(reader: Reader, indicator: str) -> str:
    """The name of a part's indicator."""
    known = reader.edition.catalogue.indicator(indicator)
    return known.name.in_(reader.language) if known else indicator


def names(reader: Reader, goal: Goal) -> str:
    """The names of a goal's parts, as a list inside a sentence after the first: `Brug af a, brug af b og brug af c`."""
    parts = [name_of(reader, indicator) for indicator in goal.together]
    return wording.opening(_listed([_inside(part) for part in parts], reader.language)) if parts else ""


def rule(goal: Goal, language: str) -> str:
    """How the parts become one answer, and what that does to the chance of a false no; "" for a goal without parts."""
    count = len(goal.together)
    if not count:
        return ""
    number = _NUMBERS.get(count, Text(da=str(count), en=str(count))).in_(language)
    alone, many = (wording.number(100 * multiple.false_no(tests), decimals=1, language=language) for tests in (1, count))
    how = Text(
        da="Målet har {number} dele. Svaret er ja, når alle {number} har nået det, og nej, når blot én med sikkerhed ikke har. Ellers kan "
        "målet ikke afgøres: en del, der ikke er målt, springes ikke over.",
        en="The goal has {number} parts. The answer is yes when all {number} have reached it, and no when a single one surely has not. "
        "Otherwise the goal cannot be decided: a part that is not measured is not passed over.",
    )
    chance = Text(
        da="Med {number} dele ville mindst én ligne et nej ved et rent tilfælde op til {many} gange af hundrede, mod {alone} for et enkelt "
        "tal. En del skal derfor være mere sikker, før den alene giver et nej.",
        en="With {number} parts at least one would look like a no by pure chance up to {many} times in a hundred, against {alone} for a "
        "single figure. So a part must be surer before it alone makes a no.",
    )
    return f"{how.in_(language)} {chance.in_(language)}".format(number=number, many=many, alone=alone)


def _did(part: PartVerdict, goal: Goal, target: Target, language: str) -> str:
    if part.verdict is None:
        return _UNMEASURED.in_(language)
    if part.verdict is Verdict.BREAK:
        return _BROKEN.in_(language)
    if part.verdict is Verdict.UNDECIDED:
        open_because = {Reason.COVERS_NO_CHANGE: _SAME, Reason.HIDDEN: _HIDDEN}.get(part.reason or Reason.PART_OPEN)
        reason = why(part.reason, language)
        undecided = Text(da=f"kan ikke afgøres ({reason})", en=f"cannot be decided ({reason})")
        return (open_because or undecided).in_(language)
    if not part.decides:
        return _WRONG.in_(language)
    if target.unit != "direction":
        return _STANDS[part.verdict].in_(language)
    up = (goal.direction == "up") == (part.verdict in _GOOD)
    return _MOVED["up" if up else "down"].in_(language)


def _agreeing(did: str, parts: Sequence[str]) -> str:
    """English verbs after several names; Danish ones are the same for one and for many."""
    first, space, rest = did.partition(" ")
    return did if len(parts) == 1 else _PLURAL.get(first, first) + space + rest


def _listed(parts: Iterable[str], language: str) -> str:
    *first, last = parts
    return Text(da=" og ", en=" and ").in_(language).join([", ".join(first), last] if first else [last])


def _inside(name: str) -> str:
    """A name as it stands inside a sentence; one that begins with two capitals is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
