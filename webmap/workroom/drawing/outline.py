"""Corners as a person writes or clicks them, made into a layer of one area."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import msgspec

from geo.errors import DraftError, Problem

FEWEST: Final = 3
MOST: Final = 2_000
EAST: Final = (7.5, 15.5)
NORTH: Final = (54.4, 58.0)
"""Degrees between which Denmark lies; what lies outside is a slip, such as latitude first."""
_PAIR: Final = re.compile(r"\s*(-?[0-9]{1,3}(?:[.,][0-9]{1,12})?)\s*[;\s]\s*(-?[0-9]{1,3}(?:[.,][0-9]{1,12})?)\s*")
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True)
class DrawnArea:
    """An area that was drawn. corners: longitude and latitude (EPSG:4326), at least FEWEST, the first not said again."""

    area_id: str
    name: str
    corners: tuple[tuple[float, float], ...]

    def layer(self) -> bytes:
        """The area as a GeoJSON layer (RFC 7946)."""
        ring = [*self.corners, self.corners[0]]
        feature = {
            "type": "Feature",
            "properties": {"area_id": self.area_id, "name": self.name},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        return msgspec.json.encode({"type": "FeatureCollection", "features": [feature]})


def drawn(area_id: str, name: str, text: str) -> DrawnArea:
    """Make an area of what was typed. text: a corner a line, longitude first, with a point or a comma before decimals.

    Raises DraftError with every line that is no corner, and when code, name or corners are missing.
    """
    problems = []
    code, title = area_id.strip(), " ".join(name.split())
    if not _CODE.fullmatch(code):
        problems.append(
            Problem("", "a code with other signs than letters, digits and -_.", column="area_id", found=code[:60], expected=_CODE_SAID)
        )
    if not title:
        problems.append(Problem("", "a name is missing", column="name", expected="what people call the area"))
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    corners = []
    for number, line in lines[: MOST + 1]:
        corner = _corner(line)
        if corner is None:
            problems.append(
                Problem(
                    "",
                    "a line that is no corner",
                    number,
                    "omrids",
                    line.strip()[:60],
                    "longitude and latitude, for example 12.5412 55.6921",
                )
            )
        else:
            corners.append(corner)
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if not problems and not FEWEST <= len(corners) <= MOST:
        problems.append(
            Problem("", "too few or too many corners", column="omrids", found=str(len(corners)), expected=f"{FEWEST} to {MOST} corners")
        )
    if problems:
        raise DraftError(problems)
    return DrawnArea(code, title, tuple(corners))


_CODE_SAID: Final = "small letters, digits, - and _, for example gadehave-2026"


def _corner(line: str) -> tuple[float, float] | None:
    pair = _PAIR.fullmatch(line)
    if pair is None:
        return None
    east, north = (float(part.replace(",", ".")) for part in pair.groups())
    return (east, north) if EAST[0] <= east <= EAST[1] and NORTH[0] <= north <= NORTH[1] else None
