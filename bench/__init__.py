"""Measurements beside peers; the peers are the extra `bench`. Results lie in docs/."""
