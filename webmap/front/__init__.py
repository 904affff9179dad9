"""The front page, and what stands around every page: the frame, sheets to print, what has changed, publishing."""
