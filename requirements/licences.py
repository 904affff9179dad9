"""Say under which licences the packages of a CycloneDX list are, and stop when one of the lock is missing or says none. For `make sbom`."""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

SAID_ELSEWHERE: Final = {"xstatic-leaflet": "BSD-2-Clause (Leaflet's own, as the package says)"}
"""Licences of packages whose own words no list can read."""


def licences(component: Mapping[str, Any]) -> str:
    """The licences of one component as the package itself says them, "" when it says none."""
    said = component.get("licenses", ())
    names = (entry.get("expression") or entry["license"].get("id") or entry["license"].get("name", "") for entry in said)
    return "; ".join(sorted({name for name in names if name}))


def plain(name: str) -> str:
    """A package's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def report(components: list[Mapping[str, Any]], lock: str) -> tuple[list[str], list[str]]:
    """Lines of licences with their packages, and what is missing: pinned for this system but not listed, or without a licence."""
    listed = {name: licences(entry) or SAID_ELSEWHERE.get(name, "") for entry in components for name in [plain(entry["name"])]}
    by_licence: dict[str, list[str]] = defaultdict(list)
    for name, said in sorted(listed.items()):
        by_licence[said or "none stated"].append(name)
    pinned = [plain(name) for name, more in re.findall(r"^([A-Za-z0-9][\w.-]*)==\S+(.*)$", lock, re.MULTILINE) if ";" not in more]
    missing = [f"{name}: in the lock, not in the list" for name in pinned if name not in listed]
    missing += [f"{name}: says no licence" for name, said in listed.items() if not said]
    return [f"{said}: {', '.join(names)}" for said, names in sorted(by_licence.items())], missing


def main() -> None:
    """Read the list and the lock, print the licences, and stop with 1 when something is missing."""
    document = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines, missing = report(document["components"], Path(sys.argv[2]).read_text(encoding="utf-8"))
    print("\n".join(lines))
    if missing:
        print("\n".join(missing), file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
