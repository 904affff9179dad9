"""Boundary layers with a sidecar each, and the hand-drawn outlines some of them are made from."""
