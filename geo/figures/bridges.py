"""Carrying a figure over a break in its series, by bridges that somebody entered with their source. Without one it is not carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geo.figures.differences import Point
from geo.model.indicators import Bridge


def carry(point: Point, to: str, bridges: Sequence[Bridge]) -> tuple[Point, tuple[Bridge, ...]] | None:
    """Express a figure in the definition version `to`: returns the figure carried over, and the bridges that were used, in order.

    Returns None when no bridge leads there: there is a break then, and no conclusion may be drawn across it. A figure that already
    follows `to` is returned as it is. A bridge is used only in the direction it was written in, from the older definition to the
    newer.
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
    """Compute factor * figure + offset. The bridge's doubt and the figure's own are taken as independent (root of the sum of squares).

    Where a bridge's source does not state a doubt, the result has no interval. The counts behind the figure are left out: they follow
    the older definition.
    """
    doubt = np.nan if bridge.doubt is None else bridge.doubt
    value = bridge.factor * point.value + bridge.offset
    down, up = (float(np.hypot(bridge.factor * side, doubt)) for side in (point.value - point.low, point.high - point.value))
    low, high = value - down, value + up
    return replace(point, value=value, low=low, high=high, definition=bridge.after, events=np.nan, exposure=np.nan)
