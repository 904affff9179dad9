"""Where a value goes: the rooms whose functions it is handed to, and how often it climbs back to a higher floor on the way."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
PACKAGES = ("omraadekort", "webmap", "geo")


def _floors(container: str) -> dict[str, int]:
    """Modules and rooms of a package by floor, 0 for the highest, as its contract has them; empty when it has none."""
    floors = next((contract["layers"] for contract in CONTRACTS if contract.get("containers") == [container]), [])
    return {name.strip(" ()"): number for number, floor in enumerate(floors) for name in floor.split("|")}


FLOORS = {name: _floors(name) for contract in CONTRACTS for name in contract.get("containers", ())}


def height(module: str) -> tuple[int, ...]:
    """On which floor a module stands: of the packages, of its package, and inside its room where that has a contract. Larger is lower."""
    parts = module.split(".")
    inside = [FLOORS.get(".".join(parts[:depth]), {}).get(parts[depth], 0) for depth in range(1, len(parts))]
    return (PACKAGES.index(parts[0]), *inside[:2])


def room(module: str) -> str:
    """The room of a module: a folder of `geo` or `webmap` (or a module beside them), and the program as a whole."""
    parts = module.split(".")
    return parts[0] if parts[0] == "omraadekort" else ".".join(parts[:2])


@dataclass
class Walk:
    """The way of a value. rooms: in the order in which it came there. climbs: calls that handed it to a floor above the caller's."""

    rooms: list[str] = field(default_factory=list)
    climbs: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def watched(carried: Callable[[Any], bool]) -> Iterator[Walk]:
    """Watch every call of our packages in this thread, and note those that are handed or give back a value for which `carried` is true."""
    walk, carrying = Walk(), set[int]()

    def look(frame: FrameType, event: str, given_back: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if module.split(".")[0] not in PACKAGES:
            return
        handed = event == "call" and any(carried(value) for value in frame.f_locals.values())
        if (handed or (event == "return" and carried(given_back))) and room(module) not in walk.rooms:
            walk.rooms.append(room(module))
        if event == "return":
            carrying.discard(id(frame))
        elif handed:
            carrying.add(id(frame))
            above = _caller(frame, carrying)
            if above is not None and height(module) < height(above):
                walk.climbs.append((above, module))

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield walk
    finally:
        sys.setprofile(before)


def _caller(frame: FrameType, carrying: set[int]) -> str | None:
    """The module of the nearest function below this one on the stack that the value was handed to as well."""
    up = frame.f_back
    while up is not None and id(up) not in carrying:
        up = up.f_back
    return str(up.f_globals["__name__"]) if up is not None else None
