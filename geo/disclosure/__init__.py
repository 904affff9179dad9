"""Disclosure control: nothing hidden can be solved for. `protect` is what everything goes through on its way to an edition."""
