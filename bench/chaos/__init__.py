"""Attacks on a workspace and its server: each is a function `run(trials) -> Outcome` in a module of this folder. `make chaos` runs all."""
