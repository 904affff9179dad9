"""What the city does to reach its goals, as types: efforts, what they cost, plans of action, and municipal offers. Values only."""
