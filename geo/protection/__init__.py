"""Disclosure control: nothing hidden can be solved for.

One joint model of all areas, its attackers, what is hidden from them, the proof of it, and the gate over all figures.
"""
