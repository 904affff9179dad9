"""Tell how old each locked package is: `python requirements/ages.py requirements/base.lock`. Part of `make lock`; asks the package index.

Advisories cannot be asked from where the locks are made, so age stands in for them: an old release is one that nobody mends any more, or
that nobody has updated here. What is older than --oldest days is told apart, so that somebody says why it stays.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OLDEST: Final = 1_095
"""Days after which a locked release is told apart: three years."""
_PIN: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_PATIENCE: Final = 30
_JSON: Final = "application/vnd.pypi.simple.v1+json"


@dataclass(frozen=True)
class Release:
    """A locked release and the day it was published; None when the index does not say."""

    name: str
    version: str
    day: dt.date | None

    def age(self, today: dt.date) -> int | None:
        """Days since it was published."""
        return (today - self.day).days if self.day else None


def pinned(lock: str) -> list[tuple[str, str]]:
    """Name and version of every package in a lock."""
    return _PIN.findall(lock)


def published(index: str, name: str, version: str) -> dt.date | None:
    """The day the first file of a release was published, as the index says (PEP 700); None when it does not."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    request = urllib.request.Request(f"{index.rstrip('/')}/{plain}/", headers={"Accept": _JSON})  # noqa: S310 - the index of pip's own settings
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
            listed = json.load(answer)["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    stems = tuple(f"{spelt}-{version}" for spelt in {plain, plain.replace("-", "_"), name, plain.replace("-", ".")})
    days = [file["upload-time"][:10] for file in listed if file.get("upload-time") and _is_of(file["filename"], stems)]
    return dt.date.fromisoformat(min(days)) if days else None


def _is_of(filename: str, stems: tuple[str, ...]) -> bool:
    lower = filename.lower()
    return any(lower.startswith(stem.lower()) and lower[len(stem) :].startswith(("-", ".tar", ".zip")) for stem in stems)


def told(releases: Sequence[Release], today: dt.date, oldest: int) -> str:
    """The releases as lines, the oldest first, and below them how many are older than `oldest` days."""
    ordered = sorted(releases, key=lambda release: (release.day or dt.date.min, release.name))
    lines = [f"{release.name:32} {release.version:14} {release.day or 'unknown'} {_days(release.age(today))}" for release in ordered]
    old = [release.name for release in ordered if (release.age(today) or 0) > oldest]
    unknown = [release.name for release in ordered if release.day is None]
    lines.append(f"older than {oldest} days: {', '.join(old) or 'none'}")
    return "\n".join([*lines, *([f"the index does not say when: {', '.join(unknown)}"] if unknown else [])])


def _days(age: int | None) -> str:
    return "" if age is None else f"{age:5} days"


def index() -> str:
    """The package index that pip asks."""
    if "PIP_INDEX_URL" in os.environ:
        return os.environ["PIP_INDEX_URL"]
    said = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False)
    if said.returncode == 0 and said.stdout.strip():
        return said.stdout.strip()
    from pip._internal.models.index import PyPI  # noqa: PLC0415 - the one place where pip says its default

    return str(PyPI.simple_url)


def main() -> None:
    """Read the locks that are named and print the ages of their packages, each once."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("locks", nargs="+", type=Path)
    arguments.add_argument("--oldest", type=int, default=OLDEST, help="days after which a release is told apart")
    given = arguments.parse_args()
    pins = sorted({pin for lock in given.locks for pin in pinned(lock.read_text(encoding="utf-8"))})
    asked = index()
    print(
        told(
            [Release(name, version, published(asked, name, version)) for name, version in pins],
            dt.datetime.now(dt.UTC).date(),
            given.oldest,
        )
    )


if __name__ == "__main__":
    main()
