"""How the room's database came to be, step by step (alembic)."""
