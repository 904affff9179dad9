"""Draws docs/pictures/cells.svg from a real cover of three small areas: `python docs/pictures/cells.py`."""

from pathlib import Path

import numpy as np
import shapely

from geo.spatial import cells

SIDE = 40
FILLS = ("#cfe0f5", "#d7ecd0", "#f6e3c5")
LINES = ("#1f5a9e", "#3b7d2b", "#a86a12")


def town() -> np.ndarray:
    """Three areas that share their winding borders, one of them with a hole."""
    west = [(0.3, 0.4), (4.2, 0.2), (4.9, 1.6), (4.3, 2.7), (5.4, 3.9), (5.0, 5.1), (0.5, 5.6), (0.9, 3.0)]
    north = [(5.4, 3.9), (7.1, 4.4), (8.3, 3.8), (10.5, 4.6), (10.2, 7.3), (4.0, 7.6), (0.5, 5.6), (5.0, 5.1)]
    east = [(4.2, 0.2), (10.3, 0.6), (10.5, 4.6), (8.3, 3.8), (7.1, 4.4), (5.4, 3.9), (4.3, 2.7), (4.9, 1.6)]
    pond = [(7.2, 1.3), (8.9, 1.5), (8.4, 2.7)]
    return np.array([shapely.Polygon(west), shapely.Polygon(north), shapely.Polygon(east, [pond])], dtype=object)


def draw() -> str:
    """The cells in the colour of the area that covers them, hatched where a border passes; two points and how they are answered."""
    areas = town()
    cover = cells.cover([areas], partition=[True], cells=220)
    grid, layer = cover.grid, cover.layers[0]

    def at(x: float, y: float) -> tuple[float, float]:
        return 20 + SIDE * (x - grid.left) / grid.size / 1.6, 20 + SIDE * (grid.rows - (y - grid.bottom) / grid.size) / 1.6

    shapes, side = [], SIDE / 1.6
    for number, code in enumerate(layer.code.tolist()):
        x, y = at(grid.left + number % grid.columns * grid.size, grid.bottom + (number // grid.columns + 1) * grid.size)
        fill = "#fff" if code < 0 else FILLS[code] if code < len(areas) else "url(#hatch)"
        shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}" fill="{fill}" stroke="#ccc" stroke-width="0.5"/>'
        )
    for area, line in zip(areas, LINES, strict=True):
        for ring in (area.exterior, *area.interiors):
            places = " ".join("{:.1f},{:.1f}".format(*at(*corner)) for corner in ring.coords)
            shapes.append(f'<polygon points="{places}" fill="none" stroke="{line}" stroke-width="2.5" stroke-linejoin="round"/>')
    width, height = 40 + side * grid.columns, 40 + side * grid.rows
    told = (((2.6, 2.2), "its cell lies in area 0: one look-up"), ((4.62, 2.42), "a border passes its cell: areas 0 and 2 are asked"))
    for number, (place, words) in enumerate(told):
        x, y = at(*place)
        below = height + 22 * number
        shapes += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="#111"/>',
            f'<text x="{x + 8:.1f}" y="{y - 7:.1f}" font-weight="bold">{"AB"[number]}</text>',
        ]
        shapes.append(f'<text x="24" y="{below:.1f}"><tspan font-weight="bold">{"AB"[number]}</tspan>  {words}</text>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height + 40:.0f}" font-family="sans-serif" font-size="15">'
        "<title>Three areas in a grid: plain cells answer by themselves, hatched ones hold a border</title>"
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#f4f4f4"/><path d="M0 0V6" stroke="#999" stroke-width="1.6"/></pattern></defs>'
        '<rect width="100%" height="100%" fill="#fff"/>'
    )
    return "\n".join([head, *shapes, "</svg>\n"])


if __name__ == "__main__":
    (Path(__file__).parent / "cells.svg").write_text(draw())
