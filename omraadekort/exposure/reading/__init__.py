"""What the service shows to each audience: every address it answers, asked as a stranger would, and every figure that can be read there."""
