"""Maps: what one shows, two beside each other, and the scripts that draw them."""
