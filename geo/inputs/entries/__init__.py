"""Entries of the catalogue from tables: plans, lists of areas and hotspots, a row each, appended to the TOML that people write."""
