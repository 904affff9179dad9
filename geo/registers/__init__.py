"""Registers, one row a person, address or incident: read in batches, counted by area, and forgotten."""
