"""Attacks on a running server and on who may come in."""
