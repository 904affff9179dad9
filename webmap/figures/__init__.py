"""Figures to take away: records, workbooks, the API, the data page, and where a figure came from."""
