"""What many cities say together, as the section of docs/benchmarks.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench import report
from bench.stranger.attack import PLAIN, RULE, RULES
from bench.stranger.reading import OUTWARDS

NOBODY: Final = "(nobody in the city)"


def read(path: Path) -> list[dict[str, Any]]:
    """The lines that `python -m bench.stranger --out` wrote, of the cities that could be attacked."""
    lines = {line["seed"]: line for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    return [line for line in lines.values() if "targets" in line]


def write(path: Path) -> None:
    """Write the section from a file of lines."""
    report.section("stranger", "Disclosure control, attacked from outside", text(read(path)))


def text(lines: Sequence[dict[str, Any]]) -> str:
    """The section without its title."""
    seeds = [line["seed"] for line in lines]
    planted, caught = (sum(line[name] for line in lines) for name in ("planted", "planted_found"))
    figures, shown = sum(line["figures"] for line in lines), sum(line["shown"]["public"] for line in lines)
    unfinished = sum("unfinished" in each for line in lines for each in line["narrowed"])
    mended, named, moved = (sum(step in line["steps"] for line in lines) for step in ("corrected", "renamed", "redrawn"))
    stopped = sum(bool(line["refused"]) for line in lines)
    building, solving = (median(line[name] for line in lines) for name in ("build", "attack"))
    what = f"""{len(lines)} random cities (seeds from {min(seeds)} to {max(seeds)}), each a workspace of files built by `omraadekort build`
in up to three editions: one after a correction of a few rows in one district ({mended} cities), one after the register got another name or
a word was split ({named}), one after the line between two areas was moved ({moved}); {stopped} more builds were refused because of what an
edition before had said. Crossing area sets, categories, groups and their parts, shared denominators, missing words,
means over two half-years, known columns, limits of 4 or 5 for the public and 3 for staff and SSP. What is attacked is read from the API
by somebody signed in as the audience, with what those further out read, of all editions together, and with the
counts on the data page. The attacker (`bench.stranger`) was written from docs/method.md by somebody who had not read the gate; it shares
no code with it or with `geo.attack`.

In the newest editions {figures:,} figures, {shown:,} of them shown to the public. A target is *narrowed* when its range is less wide than
docs/method.md promises, and less wide than residents alone make it (for who knows a rule: with what is read further out, the rule, and
what earlier editions said). Each city's first edition was attacked alone, and all its editions together; the table has what either showed.
Whole numbers were stopped by the clock at {unfinished} of the narrowed targets. Builds take {building:.0f} s a city in the median,
attacks {solving:.0f} s."""
    rows = [_row(lines, audience) for audience in OUTWARDS]
    unlike = """*Nobody in the city*: the range is zero to zero, because a shown figure says that nobody in the whole city is of that kind,
and a small group's hidden figure rests on it. *Every rule*: who is told besides which figures the rules further out hide, and why."""
    leaks = f"A figure that the rule hides, unhidden by hand in the newest public table: {caught} of {planted} found."
    return f"{what}\n\n{report.table(rows)}\n\n{unlike}\n\n{leaks}"


def _row(lines: Sequence[dict[str, Any]], audience: str) -> dict[str, str]:
    row = {"audience": audience, "targets": f"{sum(line['targets'][audience] for line in lines):,}"}
    for attacker, head in ((PLAIN, "narrowed: by solving"), (RULE, "knows its rule"), (RULES, "knows every rule")):
        every = [each for line in lines for each in dict.fromkeys([*line["first"], *line["narrowed"]])]
        said = [each for each in every if each.startswith(f"{audience}, {attacker} (")]
        row[head] = f"{sum(NOBODY not in each for each in said)}"
        row[f"{head}, nobody in the city"] = f"{sum(NOBODY in each for each in said)}"
    return row
