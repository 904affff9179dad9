"""The rehearsal of a draft: what would change for whom, in words, as a table and on a map."""
