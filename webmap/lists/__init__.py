"""Editions of lists: exposed housing areas name by name, and the districts of the safety index by the effort that they need."""
