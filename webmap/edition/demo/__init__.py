"""What of an edition is invented, and the edition without it."""
