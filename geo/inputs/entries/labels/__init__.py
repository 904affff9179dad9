"""What the fields of forms are called, and what helps to fill them in, in Danish and English."""
