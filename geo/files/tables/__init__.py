"""Tables as other programs write them, read into one plain value: names of columns, and cells with the row of the user's own file."""
