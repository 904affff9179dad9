"""Files that mean harm at every door of the command line: refused in words, within 10 seconds and 1 GB, and nothing of them stays."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench.chaos.outcome import Outcome
from tests.records.hostile import FILES, Hostile
from tests.towns import toytown

SECONDS: Final = 10.0
"""Processor time that a refusal may take, all processes together: by the clock the machine's other work would be measured too."""
KILOBYTES: Final = 1_000_000


def run(trials: int) -> Outcome:
    """Send the files one after another, again and again, until there are so many trials."""
    names = list(FILES)
    chosen = [names[number % len(names)] for number in range(trials)]
    return Outcome("hostile files at the doors", trials, tuple(line for name in chosen for line in _sent(name, FILES[name])))


def _sent(name: str, file: Hostile) -> list[str]:
    """What went wrong with one file; nothing when it was refused as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        town, path = toytown.write(Path(folder) / "workspace"), Path(folder) / f"fil{file.ending}"
        file.make(path)
        before, used = toytown.tree(town.folder), _used()
        command = [sys.executable, "-m", "omraadekort", "import", file.door, str(path), "--workspace", str(town.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=os.environ)  # noqa: S603 - ours
        seconds = _used() - used
        wrong = {
            f"exit code {done.returncode}": done.returncode != 1,
            "a traceback": "Traceback" in done.stderr,
            "the file is not named": path.name not in done.stderr,
            f"{seconds:.1f} s": seconds > SECONDS,
            f"{_peak() / KILOBYTES:.1f} GB": _peak() > KILOBYTES,
            "the workspace has changed": toytown.tree(town.folder) != before,
        }
    return [f"{name}: {what}" for what, is_so in wrong.items() if is_so]


def _used() -> float:
    """Seconds of the processor that children have taken so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _peak() -> int:
    """Kilobytes of the largest child so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
