"""Contradictions in what others count or score for the city as a whole: what no single field can show."""
