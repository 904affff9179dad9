"""What is said to people, in Danish and English: figures, periods, terms, sentences."""
