"""A single figure that is typed: the form, what is wrong with it in words, and the row of a table that it becomes."""
