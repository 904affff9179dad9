"""Charts, drawn on the server as inline SVG: trends, goals, strips, bars, small maps."""
