"""Areas: everything about one, finding one, and the programmes that name them."""
