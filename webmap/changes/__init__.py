"""What changed between two editions, for everybody: the page, the answers for programs, and the feeds."""
