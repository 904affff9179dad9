"""What the review room keeps: its database and tables, rounds, drafts and signatures."""
