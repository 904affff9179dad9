"""What comes in but registers: the catalogue, boundaries, published figures, lists of places, and other people's files."""
