"""What people write down and what a build makes of it, as types and words. Nothing here reads a file."""
