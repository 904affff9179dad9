"""What the service shows to each audience: every address it answers, asked as a stranger would, and every figure that can be read there."""

from webmap.exposure.reading import Reading, read_as_stranger

__all__ = ["Reading", "read_as_stranger"]
