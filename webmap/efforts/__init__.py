"""What the city does to reach its goals: efforts, projects, what they cost, the committees' plans of action, and the status report."""
