"""Files that were brought to a draft: recognised, asked about, previewed, and taken into the copy of the workspace."""
