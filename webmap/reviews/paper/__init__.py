"""A round to print: as one document, as a tagged PDF, as a spreadsheet."""
