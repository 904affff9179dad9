"""Forms of the catalogue as values: what a form asks, what somebody wrote in it, and what came of it. They cross as JSON."""
