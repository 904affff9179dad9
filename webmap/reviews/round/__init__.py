"""One round of reviews: opened, corrected, signed, taken away."""
