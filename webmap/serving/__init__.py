"""Pages that are kept: stored for everybody, remembered for people who have signed in."""
