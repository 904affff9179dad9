"""What the templates of the room take: rounds and pages as values, without a database behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geo.model.vocabulary import Text
from webmap.maps.pairtexts import FIGURES, controlled
from webmap.reviews import agenda, checks, facts, texts, writing
from webmap.reviews.facts import Change, Facts
from webmap.reviews.store import signing
from webmap.reviews.store.records import Addendum, History, Page, Round, Signature
from webmap.reviews.store.rounds import carried
from webmap.reviews.writing import Writing

_WRITTEN: Final = frozenset({"opened", "saved", "merged", "set aside", "moved"})
"""Kinds of history of a page that hold its writing before and after."""


@dataclass(frozen=True)
class AgendaLine:
    """One subject on the agenda. state: `ready`, `begun` or `untouched`; faults: how much there is to mend; rests: it asks for nothing."""

    set: str
    id: str
    facts: Facts
    state: str
    faults: int
    changed_at: str
    changed_name: str
    rests: bool


@dataclass(frozen=True)
class AgendaPlace:
    """One place on the agenda with all the pages that are about it: as a housing area, as a hotspot, by its plans."""

    name: Text
    lines: tuple[AgendaLine, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Why it stands where it stands: what changed, said once though several of its pages say it."""
        return tuple({change.text.da: change for line in self.lines for change in line.facts.changes}.values())

    @property
    def newest(self) -> AgendaLine:
        """The page that was changed last."""
        return max((line for line in self.lines), key=lambda line: (line.state != "untouched", line.changed_at))


@dataclass(frozen=True)
class RoundView:
    """A round: its agenda, its signatures under it as it is now, and those that a later change made void.

    control: how many changes of figures were tested at once, and how many stand out, in words; "" in both languages when none was.
    """

    period: str
    edition: str
    opened_at: str
    opened_name: str
    signed_at: str
    digest: str
    is_signed: bool
    is_open: bool
    is_cancelled: bool
    is_first: bool
    lines: tuple[AgendaLine, ...]
    signatures: tuple[Signature, ...]
    lapsed: tuple[Signature, ...]
    addenda: tuple[Addendum, ...]
    names: Mapping[int, Text]
    control: Text

    @property
    def asked(self) -> tuple[AgendaLine, ...]:
        """The pages that ask for a word: all but those that rest."""
        return tuple(line for line in self.lines if not line.rests)

    @property
    def unready(self) -> int:
        """How many of them nobody has called ready."""
        return sum(line.state != "ready" for line in self.asked)

    @property
    def ready(self) -> int:
        """How many of them the team has called ready."""
        return len(self.asked) - self.unready

    @property
    def places(self) -> tuple[AgendaPlace, ...]:
        """The pages that ask for a word, those of one place together, in the order of the agenda."""
        return _places(self.asked)

    @property
    def resting(self) -> tuple[AgendaPlace, ...]:
        """The pages that ask for nothing, in the same way."""
        return _places(line for line in self.lines if line.rests)

    def beside(self, subject_set: str, subject_id: str) -> tuple[AgendaLine | None, AgendaLine | None]:
        """The pages before and after one of them, as they are listed; None at either end."""
        listed = [line for place in (*self.places, *self.resting) for line in place.lines]
        here = next(number for number, line in enumerate(listed) if (line.set, line.id) == (subject_set, subject_id))
        return listed[here - 1] if here else None, listed[here + 1] if here + 1 < len(listed) else None

    def signed_by(self, departments: Sequence[str]) -> list[tuple[str, Signature | None]]:
        """Every department that signs, with its signature if it has given one; then those that signed and are asked no longer."""
        given = {signature.department: signature for signature in self.signatures}
        return [(name, given.get(name)) for name in (*departments, *(name for name in given if name not in departments))]

    @property
    def unfit(self) -> tuple[AgendaLine, ...]:
        """Pages with something to mend."""
        return tuple(line for line in self.lines if line.faults)


@dataclass(frozen=True)
class PageView:
    """One page: what is known, what is written, and what is wrong with it, by path."""

    period: str
    id: int
    facts: Facts
    writing: Writing
    version: int
    changed_at: str
    changed_name: str
    faults: tuple[checks.Fault, ...]
    addenda: tuple[Addendum, ...]
    is_signed: bool
    is_open: bool


@dataclass(frozen=True)
class FieldChange:
    """What one field was and became."""

    label: Text
    before: str
    after: str


@dataclass(frozen=True)
class HistoryRow:
    """One row of the history."""

    at: str
    who: str
    kind: str
    what: Text
    version: int | None
    fields: tuple[FieldChange, ...]
    text: str = ""


def round_view(round_: Round, *, figures: bool) -> RoundView:
    """Read a round for its templates. figures: whether the reader may read what the staff's part of the edition says."""
    seal = round_.digest or signing.digest(round_)
    given = signing.standing(round_, seal)
    lines = tuple(_line(page, figures=figures) for page in round_.pages)
    return RoundView(
        period=round_.period, edition=round_.edition, opened_at=round_.opened_at, opened_name=round_.opened_name,
        signed_at=round_.signed_at, digest=seal, is_signed=round_.is_signed, is_open=round_.is_open,
        is_cancelled=round_.is_cancelled, is_first=round_.before_id is None, lines=lines,
        signatures=tuple(given), lapsed=tuple(signature for signature in round_.signatures if signature not in given),
        addenda=tuple(round_.addenda),
        names={page.id: line.facts.name for page, line in zip(round_.pages, lines, strict=True)},
        control=_control([line.facts for line in lines]),
    )  # fmt: skip


def _places(lines: Iterable[AgendaLine]) -> tuple[AgendaPlace, ...]:
    """Put pages of one place together: those about the one area of that name, and the one that has the name itself."""
    together: dict[str, list[AgendaLine]] = {}
    for line in lines:
        together.setdefault(_place_name(line.facts).da.casefold(), []).append(line)
    return tuple(AgendaPlace(_place_name(group[0].facts), tuple(group)) for group in together.values())


def _place_name(facts: Facts) -> Text:
    names = {name for _, _, name in facts.areas}
    return Text(da=next(iter(names)), en=next(iter(names))) if len(names) == 1 else facts.name


def _control(pages: Sequence[Facts]) -> Text:
    tested = agenda.control(pages)
    return Text(da=controlled(tested, FIGURES, "da"), en=controlled(tested, FIGURES, "en"))


def page_view(page: Page, *, figures: bool) -> PageView:
    """Read a page for its template. figures: as for a round."""
    content = writing.decode(page.content)
    return PageView(
        period=page.round.period, id=page.id, facts=_facts(page, figures=figures), writing=content, version=page.version,
        changed_at=page.changed_at, changed_name=page.changed_name, faults=checks.faults(content),
        addenda=tuple(addendum for addendum in page.round.addenda if addendum.page_id == page.id), is_signed=page.round.is_signed,
        is_open=page.round.is_open,
    )  # fmt: skip


def events(rows: Sequence[History]) -> tuple[HistoryRow, ...]:
    """Read a history for its template: each row with the fields that it changed."""
    return tuple(_event(row) for row in rows)


def _facts(page: Page, *, figures: bool) -> Facts:
    known = facts.decode(page.facts)
    return known if figures else facts.without_figures(known)


def _line(page: Page, *, figures: bool) -> AgendaLine:
    content = writing.decode(page.content)
    last = facts.decode(page.facts).last
    begun = page.version > 1 and content != carried(last.writing if last else Writing())  # a move to another edition is a version too
    state = "ready" if content.ready else "begun" if begun else "untouched"
    faults = len(checks.faults(content))
    return AgendaLine(
        page.subject_set, page.subject_id, _facts(page, figures=figures), state, faults, page.changed_at, page.changed_name,
        facts.rests(facts.decode(page.facts), content),
    )  # fmt: skip


def _event(row: History) -> HistoryRow:
    what = texts.HAPPENED[row.kind]
    if row.page_id is None or row.kind not in _WRITTEN:
        return HistoryRow(row.at, row.user_name, row.kind, what, row.version, (), row.after)
    old = writing.decode(row.before) if row.before else Writing()
    new = writing.decode(row.after)
    before, after = writing.flat(old), writing.flat(new)
    paths = [path for path in {**after, **before} if before.get(path, "") != after.get(path, "")]
    changed = tuple(
        FieldChange(texts.label(path, new if path in after else old), before.get(path, ""), after.get(path, "")) for path in paths
    )
    return HistoryRow(row.at, row.user_name, row.kind, what, row.version, changed)
