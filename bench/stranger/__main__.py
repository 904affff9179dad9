"""Random cities, built by the real command line in several editions and attacked from outside: `python -m bench.stranger --cities 5`."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bench.stranger import attack as attacks
from bench.stranger import city as making
from bench.stranger import explain, plant, reading, summary, workspace
from bench.stranger.attack import Attacked, Narrowed
from bench.stranger.city import City
from bench.stranger.reading import Edition


@dataclass
class Built:
    """A city's states and what was read of each edition; refused: what the last build said when it published nothing."""

    states: list[City] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)
    refused: str = ""
    seconds: float = 0.0


STEPS: Final = {"corrected": making.corrected, "renamed": making.renamed, "redrawn": making.redrawn}


def built(seed: int, folder: Path, *, steps: Sequence[str] = ("corrected", "renamed")) -> Built:
    """Build a city's editions one after another, and read each."""
    made, start = Built(), time.monotonic()
    for city in accumulate(steps, lambda state, step: STEPS[step](state), initial=making.random_city(seed)):
        workspace.write(city, folder)
        code, words = workspace.build(folder)
        if code:
            made.refused = words
            break
        made.states.append(city)
        made.editions.append(reading.edition(folder))
    made.seconds = time.monotonic() - start
    return made


def main(  # noqa: PLR0913, PLR0917  # a switch for each thing that somebody may want of it
    cities: Annotated[int, typer.Option(min=1, help="How many cities.")] = 5,
    seed: Annotated[int, typer.Option(help="The first city's seed; the others follow.")] = 1,
    steps: Annotated[str, typer.Option(help="Editions after the first: corrected, renamed, redrawn.")] = "corrected,renamed",
    leaks: Annotated[int, typer.Option(min=0, help="Figures unhidden by hand in each city.")] = 2,
    out: Annotated[Path | None, typer.Option(help="A file with one line of JSON for each city.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the section of docs/benchmarks.md from all lines of that file.")] = False,
) -> None:
    """Attack cities and say what was narrowed, and of the first target of each city and audience from which figures."""
    for number in range(seed, seed + cities):
        named = [step for step in steps.split(",") if step]
        with tempfile.TemporaryDirectory(prefix="stranger-") as scratch:
            made = built(number, Path(scratch) / "city", steps=named)
        line = _line(number, made, leaks) | {"steps": named[: len(made.editions) - 1]}
        typer.echo(json.dumps(line, ensure_ascii=False))
        if out:
            with out.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(line, ensure_ascii=False) + "\n")
    if out and write:
        summary.write(out)


def _line(seed: int, made: Built, leaks: int) -> dict[str, Any]:
    """What there is to say of one city."""
    line: dict[str, Any] = {"seed": seed, "editions": len(made.editions), "build": round(made.seconds, 1), "refused": made.refused[:400]}
    if not made.editions:
        return line
    start = time.monotonic()
    try:
        attacked = Attacked(made.states, made.editions)
        found = attacks.attack(attacked)
        first = Attacked(made.states[:1], made.editions[:1])
        early = attacks.attack(first) if len(made.editions) > 1 else []
    except attacks.ContradictionError as error:
        return {**line, "contradiction": str(error)}
    line |= _sizes(attacked) | {"attack": round(time.monotonic() - start, 1)}
    line |= {"narrowed": [_said(each) for each in found], "first": [_said(each) for each in early]}
    of_all = [(first, each) for each in early] + [(attacked, each) for each in found]
    shown = {(each.attacker, "nobody" in each.target.words): (where, each) for where, each in of_all}
    line["measures"] = {each.id: f"where {dict(each.where)} having {dict(each.having)}" for each in made.states[0].measures}
    line["why"] = [{"target": _said(each), "from": explain.needed(where, each)} for where, each in shown.values()]
    line["planted"], line["planted_found"] = plant.planted(attacked, leaks)
    return line


def _sizes(attacked: Attacked) -> dict[str, Any]:
    newest, state = attacked.editions[-1].tables, attacked.states[-1]
    wanted = {name: sum(len(attacked.targets(state.limits[name], period)) for period in making.PERIODS) for name in newest}
    return {
        "atoms": attacked.people.shape[0],
        "classes": attacked.people.shape[1],
        "unknowns": len(attacked.truth),
        "figures": len(newest["public"]),
        "shown": {name: int(table["denominator"].notna().sum()) for name, table in newest.items()},
        "targets": wanted,
    }


def _said(each: Narrowed) -> str:
    what, left = each.target, each.range
    finished = "" if left.finished else ", unfinished"
    return (
        f"{each.audience}, {each.attacker} ({left.by}{finished}): {what.kind} {what.period} {what.words} is {what.truth}, "
        f"known to be {left.low}..{left.high}, asked width {each.asked} of {what.width}"
    )


if __name__ == "__main__":
    typer.run(main)
