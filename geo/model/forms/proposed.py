"""What somebody proposes in a form, and what came of it, as values that encode to JSON."""

from __future__ import annotations

from typing import Literal

from geo.model.forms.described import Typed
from geo.model.vocabulary import Text, Value


class EntryProposal(Value, frozen=True, kw_only=True):
    """A proposal: an entry that is added, changed or removed.

    id: of the entry, "" for a new one. values: everything that stands in the form, or with `partial` only the fields that change.
    sha256 and opened: the content of the entry when the form was opened, and its form filled in then; they show what others did since.
    """

    kind: str
    id: str = ""
    values: Typed = {}
    removed: bool = False
    partial: bool = False
    sha256: str = ""
    opened: Typed = {}


class FieldProblem(Value, frozen=True, kw_only=True):
    """What is wrong with a field, in words. field: "" when it is no field of the form.

    given: what stands there. where: the other entry that it is about.
    """

    field: str
    what: Text
    given: str = ""
    expected: Text | None = None
    where: Text | None = None


class ProposedChange(Value, frozen=True, kw_only=True):
    """What a field said and says, as the form shows it."""

    field: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class FieldConflict(Value, frozen=True, kw_only=True):
    """A field that two people changed: what stood in it when the form was opened, what the other wrote since, and what this one wrote."""

    field: str
    before: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    yours: tuple[str, ...] = ()


class ProposalOutcome(Value, frozen=True, kw_only=True):
    """What came of a proposal.

    state: "fits" (it can be written), "written", "unchanged" (the entry says this already), "refused" (problems), "differs" (others
    wrote in the same fields meanwhile: nothing is written). id: of the entry afterwards. values: the form as it should be shown again, with
    all that was typed. sha256 and opened: of the entry as it stands in the file, for the next proposal. merged: fields in which the
    other's words were taken over. by, at: who wrote the entry last, and when, where that is known.
    """

    state: Literal["fits", "written", "unchanged", "refused", "differs"]
    kind: str
    id: str = ""
    file: str = ""
    problems: tuple[FieldProblem, ...] = ()
    changes: tuple[ProposedChange, ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()
    merged: tuple[str, ...] = ()
    values: Typed = {}
    sha256: str = ""
    opened: Typed = {}
    by: str = ""
    at: str = ""


class RecordedProposal(Value, frozen=True, kw_only=True):
    """One line of the history: who wrote what, when (UTC), and what stood there before and after; nothing for what was not there.

    sha256: of the entry after.
    """

    who: str
    at: str
    kind: str
    id: str
    action: Literal["added", "changed", "removed"]
    file: str
    before: Typed = {}
    after: Typed = {}
    sha256: str = ""
    reason: str = ""
