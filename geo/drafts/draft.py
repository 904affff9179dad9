"""What is known of a draft, as values that are kept as JSON: its files, proposed entries, work, rehearsal, signatures, publication."""

from __future__ import annotations

import hashlib
from typing import Final, Literal

import msgspec

from geo.errors import Problem
from geo.model.forms.described import FieldChoice
from geo.model.forms.proposed import EntryProposal, ProposalOutcome
from geo.model.vocabulary import Text

FileKind = Literal["figures", "areas", "addresses", "register", "plans", "lists", "hotspots"]
"""What a file holds: a table of figures, a layer of areas, a list of addresses, a register, or a table of catalogue entries."""
TaskKind = Literal["read", "rehearse", "publish", "roll_back"]
"""Work in the background.

read: files are recognised and taken into the copy. rehearse: that, and a build beside the current edition. roll_back: a publication is
taken back.
"""
TaskState = Literal["waiting", "running", "done", "failed", "cancelled"]
OPEN: Final = frozenset({"waiting", "running"})
"""States of work that has not ended."""


class KeptValue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Parent of what is kept of a draft. Fields that a later version adds are passed over, so that an older one can read the file."""


class Actor(KeptValue, frozen=True, kw_only=True):
    """Who did something. id: of the user, which never changes; `shell:` and a login for the command line. name: as it is shown."""

    id: str
    name: str

    @property
    def way(self) -> str:
        """How they came in: by a local account, a provider or a shell. Ids of two ways may be those of one person."""
        return self.id.rpartition(":")[0].partition(":")[0]


class FileFault(KeptValue, frozen=True, kw_only=True):
    """What is wrong with a file, with its own row and column, what was expected, and how many more places have the same fault."""

    file: str
    what: str
    row: int | None = None
    column: str = ""
    found: str = ""
    expected: str = ""
    more: int = 0


class FileQuestion(KeptValue, frozen=True, kw_only=True):
    """What a person must or may say of a file. name: by which the answer is kept. given: the answer now, or what is proposed.

    about: the text of the file that it is about, for example the name of an area that is not known.
    """

    name: str
    asks: Text
    given: str = ""
    choices: tuple[FieldChoice, ...] = ()
    required: bool = False
    about: str = ""


class PreviewColumn(KeptValue, frozen=True, kw_only=True):
    """A column of a file, and what it was taken for; "" when it is not used."""

    name: str
    taken_for: str = ""


class FilePreview(KeptValue, frozen=True, kw_only=True):
    """What was seen in a file. kind: None when nobody knows what it holds. rows: the first ones; never any of a register.

    count: of all its rows, None when they were not counted. notes: what was taken for what. result: what taking it did to the copy, a line
    each. replaced: figures that are shown now and would be others, the first ones, each as `indicator, area set and id, period: before ->
    now`. outlines: of a layer of areas, GeoJSON in EPSG:4326 that is coarse enough for a small map; "" for other files.
    """

    kind: FileKind | None
    columns: tuple[PreviewColumn, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    count: int | None = None
    notes: tuple[str, ...] = ()
    questions: tuple[FileQuestion, ...] = ()
    faults: tuple[FileFault, ...] = ()
    result: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    outlines: str = ""


class BroughtFile(KeptValue, frozen=True, kw_only=True):
    """A file that somebody brought. kind: as the person says, None to find out. answers: to questions, by their name.

    preview: None until it has been read.
    """

    id: str
    name: str
    bytes: int
    sha256: str
    by: Actor
    at: str
    kind: FileKind | None = None
    answers: dict[str, str] = {}
    preview: FilePreview | None = None

    @property
    def taken(self) -> bool:
        """Whether the copy has what is in it: nothing is wrong with it, and nothing is open."""
        return self.preview is not None and bool(self.preview.result)


class ProposedEntry(KeptValue, frozen=True, kw_only=True):
    """A proposed change of the catalogue. outcome: what came of it in the copy; None until it has been tried."""

    id: str
    proposal: EntryProposal
    by: Actor
    at: str
    outcome: ProposalOutcome | None = None

    @property
    def title(self) -> str:
        """By what a person knows the entry: its id, or the name that was typed."""
        outcome_id = self.outcome.id if self.outcome else ""
        return self.proposal.id or outcome_id or next(iter(self.proposal.values.get("name.da", ())), "")


class Task(KeptValue, frozen=True, kw_only=True):
    """Work in the background. what, done, total: how far it is, in the words of a build. cancelling: somebody asked to stop it."""

    kind: TaskKind
    state: TaskState
    by: Actor
    at: str
    ended: str = ""
    what: str = ""
    done: int = 0
    total: int = 0
    cancelling: bool = False
    faults: tuple[FileFault, ...] = ()
    reason: str = ""


class RehearsedDraft(KeptValue, frozen=True, kw_only=True):
    """A rehearsal. contents: the mark of what was rehearsed. workspace: the mark of the workspace's files then. seconds: its duration."""

    before: str
    now: str
    contents: str
    workspace: str
    at: str
    seconds: float


class DraftSignature(KeptValue, frozen=True, kw_only=True):
    """Somebody has seen the rehearsal of these contents and signs for it, with a reason."""

    by: Actor
    at: str
    reason: str
    contents: str


class PublishingDecision(KeptValue, frozen=True, kw_only=True):
    """Who decided that everybody shall see something else, when, and why."""

    by: Actor
    at: str
    reason: str


class Publication(KeptValue, frozen=True, kw_only=True):
    """A change of what everybody sees. number: from 1, in the order in which it happened.

    rolled_back: the number of the publication that this one took back, None for one that published a draft. files: paths below the
    workspace that were placed or taken away. signatures: who signed; reason: of whoever published.
    """

    number: int
    draft: str
    title: str
    before: str
    now: str
    by: Actor
    at: str
    reason: str
    files: tuple[str, ...] = ()
    signatures: tuple[DraftSignature, ...] = ()
    rolled_back: int | None = None


class Draft(KeptValue, frozen=True, kw_only=True):
    """A draft: what somebody brings and proposes, until it is published or thrown away.

    version: counts the changes of the file. next: the number that the next file or entry gets. read, workspace: the marks of its
    contents and of the workspace's files when it was read into its copy, "" before. published: the number of its publication, and
    rolled_back: of the one that took it back.
    discarded: when it was thrown away, "" when it was not. behind: the files of the workspace are no longer those it was read against.
    """

    id: str
    title: str
    by: Actor
    at: str
    version: int = 0
    next: int = 1
    files: tuple[BroughtFile, ...] = ()
    entries: tuple[ProposedEntry, ...] = ()
    task: Task | None = None
    read: str = ""
    workspace: str = ""
    rehearsed: RehearsedDraft | None = None
    signatures: tuple[DraftSignature, ...] = ()
    published: int | None = None
    rolled_back: int | None = None
    discarded: str = ""
    behind: bool = False

    @property
    def contents(self) -> str:
        """The mark of what is in the draft: SHA-256 over its files, what was said of them, and its proposals, in order."""
        every = (
            [(file.name, file.sha256, file.kind, sorted(file.answers.items())) for file in self.files],
            [entry.proposal for entry in self.entries],
        )
        return hashlib.sha256(msgspec.json.encode(every, order="deterministic")).hexdigest()

    @property
    def open(self) -> bool:
        """Whether it can still be changed."""
        return self.published is None and not self.discarded

    @property
    def working(self) -> bool:
        """Whether work on it waits or runs."""
        return self.task is not None and self.task.state in OPEN

    @property
    def faulty(self) -> tuple[str, ...]:
        """The ids of files and entries that cannot be taken as they are: something is wrong with them, or open."""
        files = [file.id for file in self.files if file.preview and not file.taken]
        return (*files, *(entry.id for entry in self.entries if entry.outcome and entry.outcome.state in ("refused", "differs")))

    @property
    def ready(self) -> bool:
        """Whether its rehearsal is of what is in it, and of the workspace as it is."""
        return self.rehearsed is not None and self.rehearsed.contents == self.contents and not self.behind and not self.faulty

    @property
    def valid_signatures(self) -> tuple[DraftSignature, ...]:
        """The signatures under what is in it now."""
        return tuple(signature for signature in self.signatures if signature.contents == self.contents) if self.ready else ()

    def signed_by_another(self, person: Actor) -> bool:
        """Whether somebody has signed who is surely somebody else: of another id, and come in by the same way."""
        return any(each.by.id != person.id and each.by.way == person.way for each in self.valid_signatures)


def fault_of(problem: Problem) -> FileFault:
    """Return a problem as a value that can be kept."""
    return FileFault(
        file=problem.file,
        what=problem.what,
        row=problem.row,
        column=problem.column,
        found=problem.found,
        expected=problem.expected,
        more=problem.more,
    )
