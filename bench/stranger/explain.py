"""Why a target is narrowed: the few rows without which it would not be, found by leaving out one after another."""

from __future__ import annotations

from bench.stranger.attack import Attacked, Narrowed, told
from bench.stranger.reading import OUTWARDS
from bench.stranger.worlds import Row, Worlds


def needed(attacked: Attacked, narrowed: Narrowed) -> list[str]:
    """The words of a least set of rows that narrows a target as much as all do."""
    readers = OUTWARDS[narrowed.audience]
    rules = [row for each in told(narrowed.attacker, narrowed.audience) for row in attacked.ruled(each)]
    rows = _oldest_last([*attacked.read(readers), *rules, *attacked.crowd()])
    size = max(1, len(rows) // 4)
    while size:
        at = 0
        while at < len(rows):
            fewer = rows[:at] + rows[at + size :]
            if _narrows(attacked, narrowed, fewer):
                rows = fewer
            else:
                at += size
        size //= 2
    return [row.words for row in rows]


def _oldest_last(rows: list[Row]) -> list[Row]:
    """Newer editions first to go, so that what one edition tells alone is said with it."""
    return sorted(rows, key=lambda row: -int(row.words.split()[1].rstrip(",")) if row.words.startswith("edition") else 0)


def _narrows(attacked: Attacked, narrowed: Narrowed, rows: list[Row]) -> bool:
    result = Worlds(rows, attacked.truth, seconds=5.0).narrowed([attacked.asked(narrowed.target)], [narrowed.asked])
    return bool(result)
