"""Where things are: coordinates, which areas a point is in, how areas lie over each other, and names of places."""
