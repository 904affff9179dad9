"""The SSP room: perceived safety beside what is reported, and hotspots before and after they began."""
