"""Status forms: an effort's nine fields for a half-year, written by its department, sent, approved by the secretariat."""
