"""Figures of an edition compared: with the city or a goal, with one another, and parts of a goal put together."""
