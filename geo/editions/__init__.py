"""Editions: written whole, named by their content, read by the web; what was released, and what proves it."""
