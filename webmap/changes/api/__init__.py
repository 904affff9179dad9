"""The comparison of two editions for programs: its addresses in `pages`, what it says in `records`."""
