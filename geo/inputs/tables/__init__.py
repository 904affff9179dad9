"""Tables of figures from elsewhere: which column is what, what its marks mean, and what is odd enough to be asked about."""
