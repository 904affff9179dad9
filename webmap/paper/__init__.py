"""Paper: a document of headings, paragraphs and tables, written as a tagged PDF. The only room that knows typst."""
