"""Carry a figure over a break in its series, on the bridges that somebody entered with their source; without one it stays behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geo.figures.differences import Point
from geo.model.indicators import Bridge


def carry(point: Point, to: str, bridges: Sequence[Bridge]) -> tuple[Point, tuple[Bridge, ...]] | None:
    """Express a figure in the definition version `to`: the figure carried over and the bridges it went over, in order.

    None when no bridge leads there: then there is a break, and nothing may be said across it. A figure that already follows `to` is
    returned as it is. A bridge is walked only the way it was written, from the older definition to the newer.
    """
    walked: list[Bridge] = []
    while point.definition != to:
        bridge = next((candidate for candidate in bridges if candidate.before == point.definition and candidate not in walked), None)
        if bridge is None:
            return None
        point = _over(point, bridge)
        walked.append(bridge)
    return point, tuple(walked)


def _over(point: Point, bridge: Bridge) -> Point:
    """Make factor * figure + offset; the bridge's doubt joins the figure's own as independent errors do (root of the sum of squares).

    A bridge whose doubt its source does not tell leaves no interval. The counts behind the figure do not cross: they follow the
    definition before.
    """
    doubt = np.nan if bridge.doubt is None else bridge.doubt
    value = bridge.factor * point.value + bridge.offset
    down, up = (float(np.hypot(bridge.factor * side, doubt)) for side in (point.value - point.low, point.high - point.value))
    low, high = value - down, value + up
    return replace(point, value=value, low=low, high=high, definition=bridge.after, events=np.nan, exposure=np.nan)
