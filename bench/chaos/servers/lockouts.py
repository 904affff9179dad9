"""Wrong passwords from everywhere: who is known where they are comes in, nobody waits much more than a minute, right ones never count."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from bench.chaos.outcome import Outcome
from webmap.access.store import failures
from webmap.access.store.database import AccessDatabase

NAMES, ADDRESSES = ("anna", "bent", "cilla"), tuple(f"10.0.0.{number}" for number in range(40))
OFFICE = "192.0.2.1"


def run(trials: int) -> Outcome:
    """Fail at random that often, and try after each whether the right people come in."""
    wrong: list[str] = []
    dice = random.Random(7)  # noqa: S311 - which attempts, the same each time
    with tempfile.TemporaryDirectory() as folder:
        store, now = AccessDatabase(Path(folder)), 1_000_000.0
        for name in NAMES:
            failures.succeed(store, failures.begin(store, name, OFFICE, now=now), name, OFFICE, now=now)
        for number in range(trials):
            now += dice.choice((0.0, 0.1, 1.0, 5.0, 70.0, -3600.0 if number % 500 == 499 else 0.0))
            name, near = dice.choice((*NAMES, f"x{number}")), dice.choice((*ADDRESSES, OFFICE))
            if (name, near) not in {(known, OFFICE) for known in NAMES}:
                failures.begin(store, name, near, now=now)
            wrong += _tried(store, dice.choice(NAMES), now, number)
    return Outcome("wrong passwords beside right ones", trials, tuple(wrong))


def _tried(store: AccessDatabase, name: str, now: float, number: int) -> list[str]:
    attempt = failures.begin(store, name, OFFICE, now=now)
    if attempt.wait:
        return [f"attempt {number}: {name} has to wait {attempt.wait} s where they are known"]
    failures.succeed(store, attempt, name, OFFICE, now=now)
    elsewhere = failures.begin(store, name, "198.51.100.7", now=now)
    return [f"attempt {number}: a wait of {elsewhere.wait} s"] if elsewhere.wait > failures.LONGEST * 2 + 1 else []
