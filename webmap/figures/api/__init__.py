"""The API: its addresses and errors in `pages`, what it may be asked for in `parameters`, what answers in `resources` and `tables`."""
