"""The API: its addresses and errors in `pages`, what answers in `resources`."""
