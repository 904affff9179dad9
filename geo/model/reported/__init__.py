"""What others count or score for the city as a whole, as types: the index of intercultural cities, and cases of discrimination."""
