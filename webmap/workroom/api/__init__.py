"""The workroom for programs."""
