"""The review room: rounds, pages, drafts, signatures. Reads editions; keeps what people write in a database of its own."""
