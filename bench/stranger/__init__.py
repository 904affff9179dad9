"""An outside attacker of the published figures: random small cities built by the real command line, read as an audience reads them, solved.

It shares neither code nor assumptions with the gate or with `geo.attack`: what it promises to test is what docs/method.md says.
"""
