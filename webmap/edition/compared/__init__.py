"""Figures of an edition compared with one another, and parts of a goal put together."""
