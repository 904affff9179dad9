"""For `make sbom`: complete a CycloneDX list by the hashes of the lock, say its licences, and stop when one of either is missing."""

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


def hashes(lock: str) -> dict[str, list[str]]:
    """The SHA-256 of every file that a lock allows, by the package's name: what pip compares before it installs one."""
    pins = re.split(r"^(?=[A-Za-z0-9][\w.-]*==)", lock, flags=re.MULTILINE)[1:]
    return {plain(pin.partition("==")[0]): re.findall(r"--hash=sha256:([0-9a-f]{64})", pin) for pin in pins}


def completed(components: list[dict[str, Any]], lock: str) -> list[str]:
    """Add to each component what the list does not know: the hashes of its files, and a licence said elsewhere. Returns who has no hash."""
    allowed, without = hashes(lock), []
    for component in components:
        name = plain(component["name"])
        if name in SAID_ELSEWHERE and not licences(component):
            component["licenses"] = [{"license": {"id": SAID_ELSEWHERE[name].partition(" ")[0]}}]
        if allowed.get(name):
            files = [{"alg": "SHA-256", "content": content} for content in allowed[name]]
            component.setdefault("externalReferences", []).append({"type": "distribution", "url": component["purl"], "hashes": files})
        else:
            without.append(f"{name}: no hash in the lock")
    return without


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
    """Complete the list by the lock, print the licences, and stop with 1 when something is missing."""
    written, lock = Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8")
    document = json.loads(written.read_text(encoding="utf-8"))
    without = completed(document["components"], lock)
    written.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    lines, missing = report(document["components"], lock)
    missing += without
    print("\n".join(lines))
    if missing:
        print("\n".join(missing), file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
