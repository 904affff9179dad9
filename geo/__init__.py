"""Areas, joins, honest indicators, disclosure control, goals and editions. See docs/architecture.md."""
