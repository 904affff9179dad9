"""How the command line talks to a person at a terminal, and in plain lines to everything else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from geo.building.steps import FinishedStep, Progress
from geo.errors import Problem

if TYPE_CHECKING:
    from geo.audit import AuditReport
    from geo.editions.condition import EditionCondition
    from geo.editions.seen import Finding
    from geo.editions.verify import Check
    from webmap.figures.origins import OriginView

_PART: Final = ": "
"""What stands between the name of a step and that of a part of it."""
_SELDOM: Final = 5.0
"""Seconds between two lines about the parts of a step."""
_LONG: Final = 100.0
"""Seconds from which on minutes are told."""


def tell(problems: Sequence[Problem]) -> None:
    """List problems on stderr: a table for a person at a terminal, one line each for a script or a log."""
    console = Console(stderr=True)
    if not console.is_terminal:
        for problem in problems:
            print(_printable(str(problem).removeprefix(": ")), file=sys.stderr)
        return
    table = Table("where", "what is wrong", "found", "expected", title=f"{len(problems)} to mend", title_justify="left")
    for problem in problems:
        row = f", row {problem.row}" if problem.row is not None else ""
        column = f", {problem.column}" if problem.column else ""
        more = f" (and {problem.more} more)" if problem.more else ""
        parts = (f"{problem.file}{row}{column}", problem.what + more, problem.found, problem.expected)
        table.add_row(*(Text(_printable(part)) for part in parts))
    console.print(table)


def say(text: str) -> None:
    """Put lines on stdout in which texts of a stranger's file may stand; what is no letter, digit or sign in them is shown as its code."""
    for line in text.splitlines():
        print(_printable(line))


def remarks(asked: Sequence[Problem]) -> None:
    """Put questions on stdout, one line each: nothing is wrong before somebody has answered."""
    for remark in asked:
        if remark.row is None:
            print(_printable(f"remark: {remark}"))
            continue
        place = f"{remark.file}, row {remark.row}, column {remark.column}"
        print(_printable(f"remark: {place}: {remark.what} {remark.found}. Write {remark.expected}."))


def editions(listed: Sequence[EditionCondition], *, current: str) -> None:
    """List editions on stdout, the current one marked, and those that cannot be shown without what they say of themselves."""
    table = Table("", "edition", "figures as of", "files", "input files", box=None, pad_edge=False)
    for lying in listed:
        mark = "current" if lying.id == current else ""
        said = lying.manifest
        if said is None:
            table.add_row(mark, lying.id, "cannot be shown", "", "")
        else:
            table.add_row(mark, lying.id, said.as_of.isoformat(), str(len(said.files)), str(len(said.inputs)))
    Console().print(table)


def origin(view: OriginView) -> None:
    """Say where a figure came from on stdout: headed tables at a terminal, `part: name: words` lines to everything else."""
    console = Console()
    head = (f"{view.title}: {view.value} {view.unit}".strip() if view.value else f"{view.title}: {view.status}", view.sentence)
    if not console.is_terminal:
        lines = [f"{part.title}: {line.name}: {line.text}" for part in view.parts for line in part.lines]
        print("\n".join(_printable(text) for text in (*head, *lines) if text))
        return
    for text, style in zip(head, ("bold", ""), strict=True):
        console.print(Text(_printable(text), style=style))
    for part in view.parts:
        table = Table("", "", show_header=False, box=None, title=part.title, title_justify="left", title_style="bold")
        for line in part.lines:
            table.add_row(Text(_printable(line.name), style="dim"), Text(_printable(line.text), overflow="fold"))
        console.print()
        console.print(table)


def checks(checked: Sequence[Check]) -> None:
    """Say what was looked at again and what came of it, one line each on stdout."""
    for check in checked:
        more = f" (found {check.actual}, expected {check.expected})" if check.finding == "differs" and check.actual else ""
        print(_printable(f"{check.finding}: {check.what}{more}"))


def audit(report: AuditReport, more: Sequence[Finding]) -> None:
    """Say on stdout what an attack found and what hiding costs: tables at a terminal, one line each to everything else."""
    console = Console()
    columns = ("where", "what", "indicator", "period", "area", "from", "to")
    lines = [
        (finding.where, finding.what, finding.indicator, finding.period, finding.area, _count(finding.low), _count(finding.high))
        for finding in (*report.findings, *more)
    ]
    cost = [(area_set, reason, str(cells)) for (area_set, reason), cells in sorted(report.cost.items())]
    for title, head, rows in (("found", columns, lines), ("hidden", ("area set", "reason", "figures"), cost)):
        if not console.is_terminal:
            print(*(_printable(f"{title}: {' | '.join(part for part in row if part)}") for row in rows), sep="\n", end="\n" if rows else "")
        elif rows:
            table = Table(*head, title=title, title_justify="left")
            for row in rows:
                table.add_row(*(Text(_printable(part), overflow="fold") for part in row))
            console.print(table)
    attacked = "this machine keeps no proofs of it: its figures could not be attacked, only its files were looked into"
    if report.attacked is not None:
        attacked = f"joint models attacked: {report.attacked}"
    print(f"{report.edition}, {report.audience.value}: findings: {len(lines)}; figures shown: {report.figures}; {attacked}.")


def reading(documents: int, left_out: int, figures: int) -> None:
    """Say on stdout how much of what is served was read."""
    rest = f"{left_out} more of the same kinds left out (--all asks them too)" if left_out else "none left out"
    print(f"addresses read: {documents}, {rest}; figures read: {figures}.")


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def steps(taken: Sequence[FinishedStep], *, nothing: str = "") -> None:
    """Say on stdout what a build did: a table at a terminal, one line a step to everything else. nothing: why there was no step."""
    console = Console()
    head = ("step", "done", "why", "seconds", "peak memory, MB")
    rows = [(step.name, str(step.done), step.why, f"{step.seconds:.2f}", f"{step.peak / 1e6:.0f}") for step in taken]
    if nothing:
        rows = [("all", "kept", nothing, "0.00", "")]
    else:
        rows.append(("all", "", "", f"{sum(step.seconds for step in taken):.2f}", f"{max(step.peak for step in taken) / 1e6:.0f}"))
    if not console.is_terminal:
        print(*(_printable(" | ".join(row)) for row in (head, *rows)), sep="\n")
        return
    table = Table(*head, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(_printable(part), overflow="fold") for part in row))
    console.print(table)


class Pace:
    """Seconds left of something, at the pace since it was first told of. clock: seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: dict[str, tuple[float, int]] = {}

    def left(self, what: str, done: int, total: int) -> float | None:
        """How long the rest takes; None as long as nothing tells."""
        now = self._clock()
        start, before = self._first.setdefault(what, (now, done))
        if done <= before or now <= start:
            return None
        return max(total - done, 0) * (now - start) / (done - before)


@contextmanager
def bar() -> Iterator[Progress]:
    """How far something is, on stderr: a bar at a terminal, lines elsewhere; yields a function of (what, done, total).

    Of a part of a step (`step: part`) the time left is told, at the pace so far; of steps it is not, for no two are alike.
    """
    console = Console(stderr=True)
    named, timed = TextColumn("{task.description:<20}"), TextColumn("{task.fields[left]}")
    columns = (named, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), timed)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=None, left="")
        pace, lines = Pace(), _Lines()

        def progress(what: str, done: int, total: int) -> None:
            left = pace.left(what, done, total) if _PART in what else None
            shown.update(task, description=what, completed=done, total=total, left=_left(left))
            if not console.is_terminal:
                lines.tell(what, done, total, left)

        yield progress


@contextmanager
def countdown() -> Iterator[Callable[[str, int, int], None]]:
    """The same for hundreds of small steps: the time that is left at a terminal, and a line at each tenth part elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    begun = time.monotonic()
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=None)

        def progress(step: str, done: int, of: int) -> None:
            shown.update(task, description=step, completed=done, total=of)
            if not console.is_terminal and done and done * 10 // of > (done - 1) * 10 // of:
                left = (time.monotonic() - begun) / done * (of - done)
                print(f"{done}/{of} addresses read, about {left:.0f} s left", file=sys.stderr, flush=True)

        yield progress


def ended(step: FinishedStep) -> None:
    """Say on stderr that a step is over, and what it took."""
    print(f"{_printable(step.name)}: {step.seconds:.1f} s{'' if step.done == 'anew' else f', {step.done}'}", file=sys.stderr, flush=True)


class _Lines:
    """Progress for a log: a line when a step begins, and of its parts one now and then."""

    def __init__(self) -> None:
        self._last = 0.0

    def tell(self, what: str, done: int, total: int, left: float | None) -> None:
        now = time.monotonic()
        if _PART not in what and done < total:
            self._last = now
            print(f"{done + 1}/{total} {_printable(what)}", file=sys.stderr, flush=True)
        elif _PART in what and now - self._last > _SELDOM:
            self._last = now
            print(f"{_printable(what)}, {done:,} of {total:,}{', ' if left is not None else ''}{_left(left)}", file=sys.stderr, flush=True)


def _left(seconds: float | None) -> str:
    """The time left in words, no finer than can be known."""
    if seconds is None:
        return ""
    return f"about {seconds / 60:.0f} min left" if seconds >= _LONG else f"about {seconds:.0f} s left"


def _printable(text: str) -> str:
    """Text from a file with its control characters made harmless; markup is no markup in a rich Text."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
