"""Tables from elsewhere, of figures and of addresses: which column is what, what marks mean, and what is odd enough to be asked about."""
