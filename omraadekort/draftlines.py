"""A draft at a terminal: how it stands, and what is asked and wrong about its files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from geo.drafts.draft import BroughtFile, Draft, FileFault
from geo.errors import Problem

_SHOWN: Final = 12
"""Choices of a question that a line shows."""


def lines(draft: Draft) -> Iterator[str]:
    """Say how a draft stands: its files, what is asked and wrong about them, and its proposals, a line each."""
    yield f"{draft.id}  {state(draft)}  {draft.title}"
    for file in draft.files:
        yield from _of_file(file)
    for entry in draft.entries:
        became = entry.outcome.state if entry.outcome else "not read yet"
        yield f"  {entry.id}  {entry.proposal.kind} {entry.title}: {became}"


def _of_file(file: BroughtFile) -> Iterator[str]:
    seen = file.preview
    yield f"  {file.id}  {file.name}: {(seen.kind if seen else None) or 'not known'}{'' if file.taken else ', not taken yet'}"
    if seen is None:
        return
    for line in (*seen.notes, *seen.result):
        yield f"       {line}"
    for question in seen.questions:
        if question.required or not file.taken:
            words = " ".join(part for part in (question.asks.en, question.about) if part)
            choices = ", ".join(choice.value for choice in question.choices[:_SHOWN])
            yield f"     ? {question.name}={question.given or '?'}  {words}{f' [{choices}]' if choices else ''}"
    for fault in seen.faults:
        yield f"     ! {problem(fault)}"


def state(draft: Draft) -> str:
    """Return in a few words how a draft stands."""
    if draft.discarded:
        return "thrown away"
    if draft.published is not None:
        return "taken back" if draft.rolled_back is not None else f"published as number {draft.published}"
    if draft.working and draft.task is not None:
        return f"{draft.task.kind} {draft.task.state}"
    return "signed" if draft.valid_signatures else "rehearsed" if draft.ready else "open"


def problem(fault: FileFault) -> Problem:
    """Return a fault of a file as a problem, which says itself."""
    return Problem(fault.file, fault.what, fault.row, fault.column, fault.found, fault.expected, fault.more)
