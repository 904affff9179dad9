"""A register on its way in: which column is what, which words its columns have, which rows nothing counts; and into the workspace."""
