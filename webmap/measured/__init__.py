"""What others count or score for the whole city: the intercultural city index, and cases of discrimination by several measures."""
