"""The database of who may come in: accounts, sessions, and how often somebody has tried."""
