"""Formats that a table of figures can be taken away in: one module a format, listed in `listed`."""
