"""Editions that stand for an event of the calendar in a year, whatever is published later."""
