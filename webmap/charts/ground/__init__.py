"""Small maps: how the city is projected, what lies around it, and areas drawn on it."""
