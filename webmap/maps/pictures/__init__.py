"""Maps and charts as pictures to take away."""
